"""The command line from end to end: import, verify, rebuild, export, audit, accounts, settings."""

from __future__ import annotations

import io
import json
import signal
import sqlite3
import subprocess
import tarfile
import time
import zipfile
from pathlib import Path
from typing import Any

import pydicom
import pytest
import requests

from isocenter import Isocenter, environment, running, soon
from samples import encoded, exam, instance, shared, write

Json = Any


@pytest.fixture
def house(tmp_path: Path) -> Isocenter:
    """A data folder without a server."""
    return Isocenter(tmp_path)


def imported(house: Isocenter, *paths: Path, status: int = 0) -> dict[str, Json]:
    """The report's summary."""
    done = house.run("import", *paths, "--report", "report.json")
    assert done.returncode == status, f"{done.returncode}\n{done.stdout}\n{done.stderr}"
    return json.loads((house.folder / "report.json").read_text())["summary"]


# Import


def test_archives_and_dicomdirs(house: Isocenter, tmp_path: Path) -> None:
    """A zip, a tar.gz in it, loose files and rubbish: each file is counted once."""
    files = [encoded(image) for image in exam(12)]
    inner = io.BytesIO()
    with tarfile.open(fileobj=inner, mode="w:gz") as archive:
        for number, content in enumerate(files[4:8]):
            about = tarfile.TarInfo(f"deep/{number}")
            about.size = len(content)
            archive.addfile(about, io.BytesIO(content))
    source = tmp_path / "source"
    source.mkdir()
    with zipfile.ZipFile(source / "exams.zip", "w") as archive:
        for number, content in enumerate(files[:4]):
            archive.writestr(f"a/{number}.dcm", content)
    (source / "old.tar.gz").write_bytes(inner.getvalue())
    for number, content in enumerate(files[8:]):
        (source / f"{number}.dcm").write_bytes(content)
    (source / "notes.txt").write_text("nothing")
    summary = imported(house, source)
    assert summary["outcomes"] == {"stored": 12, "refused": 1}
    assert summary["reasons"] == {"refused": {"not-dicom": 1}}


def test_a_real_cd_with_its_dicomdir(house: Isocenter) -> None:
    """Every file of the folder is counted once, those its DICOMDIR names among them."""
    folder = shared("data/dicom/pydicom/dicomdirtests/TINY_ALPHA")
    summary = imported(house, folder)
    assert summary["outcomes"] == {"stored": 50, "ignored": 1, "refused": 1}


def test_an_import_that_was_killed_goes_on(house: Isocenter, tmp_path: Path) -> None:
    """Killed three times at other moments; in the end everything is there once, and whole."""
    folder = tmp_path / "files"
    write(folder, [image for _ in range(4) for image in exam(500)])
    for pause in (0.15, 0.4, 0.7):
        command = house.command("import", folder)
        process = subprocess.Popen(
            command, cwd=house.folder, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(pause)
        process.kill()
        process.wait()
    outcomes = imported(house, folder)["outcomes"]
    assert outcomes.get("stored", 0) + outcomes.get("alreadyHeld", 0) == 2000
    assert set(imported(house, folder)["outcomes"]) == {"alreadyHeld"}
    checked = json.loads(house.printed("verify", "--json"))
    assert not checked["damage"] and checked["entries"] == 2000


def test_an_interrupted_import_says_how_to_go_on(house: Isocenter, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    write(folder, [image for _ in range(4) for image in exam(500)])
    process = subprocess.Popen(
        house.command("import", folder),
        cwd=house.folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    journal = house.data / "import-journal.jsonl"
    soon(lambda: journal.exists() and journal.stat().st_size > 0)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert (process.returncode, "run the same command again" in said) in ((130, True), (0, False)), said
    outcomes = imported(house, folder)["outcomes"]
    assert sum(outcomes.values()) == 2000 and set(outcomes) <= {"stored", "alreadyHeld"}


def test_files_that_are_no_dicom_are_attached(house: Isocenter, tmp_path: Path) -> None:
    """A NIfTI volume, a PDF and a table beside an exam, and back again."""
    images = exam(2)
    study = images[0].StudyInstanceUID
    write(tmp_path / "files", images)
    others = {
        "volume.nii.gz": b"\x1f\x8b" + bytes(300),
        "report.pdf": b"%PDF-1.7\n" + bytes(100),
        "table.csv": b"a,b\n1,2\n",
    }
    for name, content in others.items():
        (tmp_path / "files" / name).write_bytes(content)
    done = house.run("import", tmp_path / "files", "--attach-to", f"exam:{study}")
    assert done.returncode == 0 and "3 attached" in done.stdout, done.stdout + done.stderr
    house.start()
    try:
        house.sign_in().indexed(2)
        listed = house.json("/api/v1/attachments", params={"subject": "exam", "id": study})["items"]
        given = {one["name"]: house.get(f"/api/v1/attachments/{one['id']}/content").content for one in listed}
        assert given == others
    finally:
        house.stop()


# Verify, rebuild, export


def test_verify_finds_a_damaged_byte_and_repairs_it(tmp_path: Path) -> None:
    house = Isocenter(tmp_path, {"archive.second_copy": str(tmp_path / "copy")})
    write(tmp_path / "files", exam(20))
    house.printed("import", tmp_path / "files")
    with running(tmp_path, house.settings) as server:
        kept = server.post("/api/v1/archive/keep")
        assert kept.status_code == 200 and '"done"' in kept.text, kept.text
    assert "everything is whole" in house.printed("verify", "--everywhere")
    (segment,) = house.data.joinpath("archive/segments").rglob("*.tar")
    content = bytearray(segment.read_bytes())
    content[len(content) // 2] ^= 0xFF
    segment.chmod(0o600)
    segment.write_bytes(content)
    found = house.run("verify")
    assert found.returncode == 5 and "NOT repaired" in found.stdout, found.stdout + found.stderr
    assert "1 repaired" in house.printed("verify", "--repair")
    assert "everything is whole" in house.printed("verify", "--everywhere")


SEARCHES = (
    ("/studies", {"includefield": "all"}),
    ("/series", {"includefield": "all"}),
    ("/instances", {"includefield": "all"}),
    ("/studies", {"PatientName": "m*"}),
    ("/instances", {"RescaleIntercept": "-1024"}),
)


def answers(server: Isocenter) -> list[list[str]]:
    """What searches find, in one order; without the addresses, which name the port of the day."""
    found = [server.find(path, **keys) for path, keys in SEARCHES]
    text = ((json.dumps(one, sort_keys=True).replace(server.url, "") for one in each) for each in found)
    return [sorted(each) for each in text]


def test_the_catalog_is_made_again_from_the_archive_alone(tmp_path: Path) -> None:
    """The whole ledger is deleted: after a rebuild every search answers as before; what was deleted
    stays deleted, what is in quarantine, in conflict or attached is there."""
    with running(tmp_path) as server:
        images = exam(5, name="Müller^Jörg") + exam(3)
        server.stow(*map(encoded, images))
        other = pydicom.dcmread(io.BytesIO(encoded(images[0])))
        other.PatientID = "OTHER"
        nameless = instance()
        del nameless.StudyInstanceUID
        for image in (other, nameless):
            server.post("/dicom-web/studies", data=encoded(image), headers={"content-type": "application/dicom"})
        server.post("/api/v1/attachments", params={"subject": "project", "id": "p", "name": "a.txt"}, data=b"text")
        (extra,) = exam(1)
        server.stow(encoded(extra))
        assert server.http.delete(f"{server.url}/dicom-web/studies/{extra.StudyInstanceUID}").status_code == 204
        before = answers(server), state(server)
    for file in server.data.glob("ledger.db*"):
        file.unlink()
    assert "files indexed" in server.printed("rebuild")
    with running(tmp_path) as server:
        assert (answers(server), state(server)) == before
        assert all(before[0]) and all(before[1])


def state(server: Isocenter) -> tuple[list, ...]:
    attached = server.json("/api/v1/attachments", params={"subject": "project", "id": "p"})["items"]
    deleted = [one["exam"]["studyInstanceUid"] for one in server.json("/api/v1/deleted")["deleted"]]
    conflicts = [one["sha256"] for one in server.conflicts()]
    return [one["id"] for one in server.quarantine()], conflicts, [one["name"] for one in attached], deleted


def test_rebuild_while_the_server_runs(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        server.stow(*map(encoded, exam(6)))
        before = answers(server)
        assert "files indexed" in server.printed("rebuild")
        assert answers(server) == before


def test_export_is_read_by_others(tmp_path: Path) -> None:
    """The export by pydicom and sha256sum; the segments themselves by tar."""
    with running(tmp_path) as server:
        images = exam(10)
        server.stow(*map(encoded, images))
        server.printed("export", "--all", tmp_path / "out")
    rows = [json.loads(line) for line in (tmp_path / "out/provenance.jsonl").read_text().splitlines()]
    sums = "".join(f"{row['sha256']}  {row['path']}\n" for row in rows)
    checked = subprocess.run(
        ["sha256sum", "--check", "--quiet"], cwd=tmp_path / "out", input=sums, text=True, check=False
    )
    assert checked.returncode == 0
    read = [pydicom.dcmread(path) for path in (tmp_path / "out/dicom").rglob("*.dcm")]
    assert len(read) == 10 and all(image in images for image in read)
    schema = json.loads((tmp_path / "out/catalog/schema.json").read_text())
    assert schema and (tmp_path / "out/README.md").exists()
    assert server.run("export", "--all", tmp_path / "out").returncode != 0, "the folder is not empty"
    (segment,) = server.data.joinpath("archive/segments").rglob("*.tar")
    listed = subprocess.run(["tar", "--list", "--file", segment], capture_output=True, text=True, check=False)
    assert listed.returncode == 0, listed.stderr
    (tmp_path / "untarred").mkdir()
    subprocess.run(
        ["tar", "--extract", "--file", segment, "--directory", tmp_path / "untarred"], check=True, capture_output=True
    )
    untarred = [path.read_bytes() for path in (tmp_path / "untarred").rglob("*.dcm")]
    assert sorted(untarred) == sorted(map(encoded, images))


# Audit


def test_audit_verify_finds_an_edited_row(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        server.stow(*map(encoded, exam(2)))
        server.find("/studies", PatientID="P1")
        log = server.printed("audit", "list", "--number", "50")
        assert "bob store" in log and "P1" not in log, log
    head = server.printed("audit", "head").strip()
    assert "the chain is whole" in server.printed("audit", "verify", "--head", head)
    ledger = sqlite3.connect(server.data / "ledger.db")
    with pytest.raises(sqlite3.IntegrityError):
        ledger.execute("UPDATE audit SET actor = 'nobody' WHERE seq = 2")
    ledger.execute("DROP TRIGGER audit_no_update")
    ledger.execute("UPDATE audit SET actor = 'nobody' WHERE seq = 2")
    ledger.commit()
    ledger.close()
    verdict = server.run("audit", "verify")
    assert verdict.returncode == 1 and "the log was changed" in verdict.stdout and "2" in verdict.stdout


# Accounts


def test_a_link_signs_in_once(tmp_path: Path) -> None:
    server = Isocenter(tmp_path).start()
    try:
        assert server.sign_in_link, "a new house prints a one-time link"
        server.printed("user", "add", "ann", "--role", "broker")
        link = server.printed("user", "link", "ann").strip()
        browser = requests.Session()
        assert browser.get(link, timeout=30, allow_redirects=False).headers["location"] == "/"
        session = browser.get(f"{server.url}/api/v1/session", timeout=30).json()
        assert session["account"] == {"name": "ann", "roles": ["broker"]}
        again = requests.get(link, timeout=30, allow_redirects=False)
        assert "link-used" in again.headers["location"] and "set-cookie" not in again.headers
        forged = browser.delete(f"{server.url}/api/v1/session", timeout=30)
        assert forged.status_code == 403, "a change needs the CSRF token"
        token = {"x-csrf-token": session["csrfToken"]}
        assert browser.delete(f"{server.url}/api/v1/session", headers=token, timeout=30).status_code == 204
        assert browser.get(f"{server.url}/api/v1/session", timeout=30).status_code == 401
    finally:
        server.stop()


def test_a_password_and_a_token(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        server.printed("user", "add", "ann", "--role", "researcher")
        server.printed("user", "passwd", "ann", text="correct horse battery\n")
        signing_in = {"name": "ann", "password": "correct horse battery"}
        assert requests.post(f"{server.url}/api/v1/session", json=signing_in, timeout=30).status_code == 200
        wrong = signing_in | {"password": "wrong horse battery"}
        assert requests.post(f"{server.url}/api/v1/session", json=wrong, timeout=30).status_code == 401
        secret = server.token("ann")
        bearer = {"authorization": f"Bearer {secret}"}
        assert requests.get(f"{server.url}/api/v1/session", headers=bearer, timeout=30).status_code == 200
        basic = requests.get(f"{server.url}/api/v1/session", auth=("ann", secret), timeout=30)
        assert basic.status_code == 200
        refused = requests.get(f"{server.url}/dicom-web/studies", headers=bearer, timeout=30)
        assert refused.status_code == 403 and refused.json()["detail"], "a researcher sees nothing identified"
        server.printed("user", "disable", "ann")
        assert requests.get(f"{server.url}/api/v1/session", headers=bearer, timeout=30).status_code == 401


# Settings


def test_config_check_tells_where_the_mistake_is(house: Isocenter) -> None:
    settings = house.folder / "isocenter.toml"
    settings.write_text('data = "d"\n[dimse]\nae_titel = "X"\n')
    told = house.run("config", "check")
    assert told.returncode == 1
    assert told.stderr == "error: isocenter.toml:3: unknown key `ae_titel` in [dimse]; did you mean `ae_title`?\n"
    settings.write_text(house.printed("config", "example", "--config", "/dev/null"))
    house.printed("config", "check")
    house.settings = {"dimse.ae_titel": "X"}
    told = house.run("config", "check")
    assert told.returncode == 1 and "ISOCENTER_DIMSE__AE_TITEL" in told.stderr


def test_help_teaches(house: Isocenter) -> None:
    for command in ("serve", "import", "verify", "export", "user", "peer", "audit"):
        assert "Example" in house.printed(command, "--help"), command
