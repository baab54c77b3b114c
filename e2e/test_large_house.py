"""The same binary as a large house runs it: its ledger in PostgreSQL, its originals in S3."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pydicom
import pytest
import requests
from pydicom.uid import generate_uid

from backends import S3, Postgres, private_postgres, private_s3
from isocenter import Isocenter, environment, running, soon
from samples import encoded, exam, instance, ready, sha256, shared, write
from test_crashes import Acknowledged, c_store, intact

Json = Any


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with private_postgres() as server:
        yield server


@pytest.fixture(scope="module")
def s3() -> Iterator[S3]:
    with private_s3() as endpoint:
        yield endpoint


def settings(ledger: str, objects: str) -> dict[str, str]:
    """Small segments that move as soon as they are sealed, so that both go on all the time."""
    return {
        "store.ledger": ledger,
        "store.objects": objects,
        "archive.segment_bytes": str(1 << 20),
        "archive.keep_local_bytes": "0",
        "archive.upkeep_seconds": "1",
    }


# What there is, in a form that doesn't depend on the order of indexing

LEVELS = ("/studies", "/series", "/instances")


def catalog(server: Isocenter, out: Path) -> dict[str, list[str]]:
    """What searches find at all levels with everything they can tell, and every row of the catalog's tables."""
    found = {path: sorted(plain(server, one) for one in server.find(path, includefield="all")) for path in LEVELS}
    server.printed("export", "--all", out)
    return found | rows(out / "catalog")


def plain(server: Isocenter, one: Json) -> str:
    return json.dumps(one, sort_keys=True).replace(server.url, "")


def rows(folder: Path) -> dict[str, list[str]]:
    """The exported tables; what only numbers rows is replaced by what it stands for."""
    names = json.loads((folder / "schema.json").read_text())["tables"]
    tables = {name: lines(folder / f"{name}.jsonl") for name in names}
    patients = {row["id"]: [row["patient_id"], row["issuer"], row["stray"]] for row in tables["patient"]}
    studies = {row["id"]: row["uid"] for row in tables["study"]}
    series = {row["id"]: [row["uid"], studies[row["study"]]] for row in tables["series"]}
    # A series' facts may come in more rows or fewer, as its instances came.
    tables["fact"] = [{**row, "facts": one} for row in tables["fact"] for one in row["facts"].splitlines()]
    deletions = {0: None} | {row["id"]: row["event"] for row in tables["tombstone"]}
    meant = {"patient": patients, "study": studies, "series": series, "deleted": deletions}

    def by_name(row: Json) -> str:
        if isinstance(row.get("id"), int):
            del row["id"]
        return json.dumps({key: meant[key][value] if key in meant else value for key, value in row.items()})

    return {name: sorted(map(by_name, table)) for name, table in tables.items()}


def lines(path: Path) -> list[Json]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def same(before: dict[str, list[str]], after: dict[str, list[str]]) -> None:
    assert before.keys() == after.keys()
    for name, rows_before in before.items():
        lost, made = Counter(rows_before) - Counter(after[name]), Counter(after[name]) - Counter(rows_before)
        assert not lost and not made, f"{name}:\n- {list(lost)[:2]}\n+ {list(made)[:2]}"


# Killed in the middle


def durable(server: Isocenter) -> int:
    """Bytes on the shelves."""
    told = dict(line.rsplit(" ", 1) for line in server.get("/metrics").text.splitlines() if line[0] != "#")
    return int(told["isocenter_archive_bytes"])


def import_killed(server: Isocenter, folder: Path, share: int) -> list[Json]:
    """Imports through the server, which is killed when so many bytes more are held; what was told of files."""
    report = server.folder / "told.jsonl"
    command = server.command("import", folder, "--report", report)
    held = durable(server)
    importing = subprocess.Popen(
        command,
        cwd=server.folder,
        env=environment(server.settings),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    soon(lambda: durable(server) >= held + share or importing.poll() is not None, seconds=120)
    server.kill()
    importing.wait(120)
    return [line for line in lines(report) if "summary" not in line]


def still_told(server: Isocenter, told: dict[str, Json]) -> None:
    """Every file of which was said that it is held is there, byte for byte."""
    for line in told.values():
        held = server.original(line["studyInstanceUid"], line["seriesInstanceUid"], line["sopInstanceUid"])
        assert held is not None and sha256(held) == line["sha256"], line["sopInstanceUid"]


@pytest.fixture
def series(tmp_path: Path) -> Path:
    """The shared series; one made here where they are absent."""
    try:
        return shared("data/series")
    except pytest.skip.Exception:
        write(tmp_path / "series", [image for _ in range(4) for image in exam(60, size=160)])
        return tmp_path / "series"


def test_killed_in_the_middle_of_intake_and_of_tiering(
    tmp_path: Path, postgres: Postgres, s3: S3, series: Path
) -> None:
    """Nothing acknowledged is lost; then everything but S3 is thrown away, and made again from it."""
    with running(tmp_path / "house", settings(postgres.database("before"), s3.uri("house"))) as server:
        kill_and_rebuild(server, tmp_path, postgres, s3, series)


def kill_and_rebuild(server: Isocenter, tmp_path: Path, postgres: Postgres, s3: S3, series: Path) -> None:
    told: dict[str, Json] = {}
    acknowledged, sent = [], []
    for share in (1 << 20, 3 << 20, 5 << 20):
        files = [ready(image) for image in exam(400, patient="CRASH", size=64)]
        senders = Acknowledged()
        sender = threading.Thread(target=c_store, args=(server, files, senders, 1))
        sender.start()
        for line in import_killed(server, series, share):
            if line["outcome"] in ("stored", "alreadyHeld"):
                told[line["sopInstanceUid"]] = line
        sender.join(60)
        acknowledged, sent = acknowledged + senders.files, sent + files
        server.start()
        intact(server, acknowledged, sent)
        still_told(server, told)
    assert told and acknowledged
    assert server.run("import", series).returncode in (0, 3)

    for images in (exam(24, patient="TIER", size=300) for _ in range(3)):
        server.stop()
        server.settings["archive.upkeep_seconds"] = "3600"
        server.start()
        server.stow(*map(encoded, images))
        moved = len(s3.names("house/segments"))
        keeping = threading.Thread(target=keep, args=(server,))
        keeping.start()
        soon(lambda before=moved: len(s3.names("house/segments")) > before)
        server.kill()
        keeping.join(60)
        server.start()
        still_told(server, told)
        for image in images:
            held = server.original(image.StudyInstanceUID, image.SeriesInstanceUID, image.SOPInstanceUID)
            assert held == encoded(image)

    everything_but_instances(server)
    assert keep(server) and '"failed"' not in keep(server)
    assert "everything is whole" in server.printed("verify", "--everywhere")
    before = catalog(server, tmp_path / "out-before")
    assert all(before.values()), [name for name, found in before.items() if not found]
    server.kill()
    shutil.rmtree(server.data)

    server.settings["store.ledger"] = postgres.database("after")
    assert "files indexed" in server.printed("rebuild")
    server.start().sign_in()
    same(before, catalog(server, tmp_path / "out-after"))
    still_told(server, told)
    server.stow(encoded(instance()))
    server.stop()
    assert "everything is whole" in server.printed("verify", "--everywhere")


def keep(server: Isocenter) -> str:
    """Has everything sealed and sent; what the server says, or nothing when it dies meanwhile."""
    try:
        return server.post("/api/v1/archive/keep").text
    except requests.RequestException:
        return ""


def everything_but_instances(server: Isocenter) -> None:
    """A conflict, something for quarantine, an attachment, a measurement and a deletion."""
    first, gone = exam(2), exam(2)
    server.stow(*map(encoded, first + gone))
    other = pydicom.dcmread(io.BytesIO(encoded(first[0])))
    other.PatientID = "OTHER"
    nameless = instance()
    del nameless.StudyInstanceUID
    for image in (other, nameless):
        server.post("/dicom-web/studies", data=encoded(image), headers={"content-type": "application/dicom"})
    where = {"subject": "exam", "id": first[0].StudyInstanceUID, "name": "a.txt"}
    assert server.post("/api/v1/attachments", params=where, data=b"text").status_code == 201
    measured(server, first[0])
    assert server.http.delete(f"{server.url}/dicom-web/studies/{gone[0].StudyInstanceUID}").status_code == 204
    soon(lambda: not server.find("/studies", StudyInstanceUID=gone[0].StudyInstanceUID))


def measured(server: Isocenter, image: pydicom.Dataset) -> None:
    uid = generate_uid()
    place = {"series": image.SeriesInstanceUID, "sop": image.SOPInstanceUID}
    line = {"graphic": "polyline", "points": [1.5, 1.5, 4.5, 5.5]}
    body = {"trackingUid": uid, "tool": "Length", "image": place, "shapes": [line]}
    body["values"] = [{"quantity": "length", "value": 5.0, "unit": "mm"}]
    answer = server.http.put(f"{server.url}/api/v1/exams/{image.StudyInstanceUID}/work/{uid}", json=body)
    assert answer.status_code == 200, answer.text


def test_an_export_goes_back_into_an_empty_house(tmp_path: Path, postgres: Postgres, s3: S3, series: Path) -> None:
    """Everything out of PostgreSQL and S3, byte for byte by its manifest, and into SQLite and a folder: the same
    is found there."""
    out, bare = tmp_path / "out", {"archive.upkeep_seconds": "3600"}
    # In one of the shared series the files of an exam contradict each other: there the first that came counts.
    consistent = [path for path in sorted(series.iterdir()) if path.name != "sts-002"]
    with running(tmp_path / "large", settings(postgres.database("export"), s3.uri("export"))) as server:
        assert server.run("import", *consistent).returncode in (0, 3)
        server.stow(*map(encoded, exam(5, name="Müller^Jörg")))
        assert '"done"' in keep(server)
        before = catalog(server, out)
    manifest = lines(out / "provenance.jsonl")
    assert all(sha256((out / row["path"]).read_bytes()) == row["sha256"] for row in manifest)
    written = {str(path.relative_to(out)) for path in out.rglob("*") if path.is_file()}
    tables = {f"catalog/{name}.jsonl" for name in json.loads((out / "catalog/schema.json").read_text())["tables"]}
    assert written == {row["path"] for row in manifest} | tables | {
        "catalog/schema.json",
        "provenance.jsonl",
        "README.md",
    }
    with running(tmp_path / "small", bare) as server:
        assert server.run("import", out / "dicom").returncode == 0
        server.indexed(len(before["/instances"]))
        after = catalog(server, tmp_path / "again")
    same({path: before[path] for path in LEVELS}, {path: after[path] for path in LEVELS})
    digests = [sorted(json.loads(row)["digest"] for row in one["instance"]) for one in (before, after)]
    assert digests[0] == digests[1]
