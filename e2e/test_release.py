"""A release from asking to receiving: who may, what leaves, what stays, and that it is the same made again."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import adbc_driver_flightsql.dbapi as flightsql
import duckdb
import nibabel
import pyarrow
import pydicom
import pytest
import requests
from adbc_driver_flightsql import DatabaseOptions
from adbc_driver_manager import Error
from isocenter import Isocenter, running, soon
from projects import call, identifiers, project
from releases import Json, Person, asked, caught_up, frozen, ready
from samples import SHARED, encoded, exam, instance, write

IMAGES = SHARED / "data/deid/synthetic-phi/dicom"
SCENARIO = SHARED / "data/linked-scenario"
pytestmark = pytest.mark.skipif(not IMAGES.is_dir(), reason=f"no samples in {IMAGES}")

SLICES = 4
TERMS = "For the study alone. CC BY-NC 4.0."


def filled(s: Isocenter) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), exam(SLICES, name="Volume^Vera", patient="VERA-000117"))
        s.printed("import", IMAGES, folder)
    for path in sorted([*SCENARIO.glob("*.hl7"), *SCENARIO.glob("*.json")]):
        kind = "fhir" if path.suffix == ".json" else "hl7v2"
        assert s.post("/api/v1/records/sources", params={"format": kind}, data=path.read_bytes()).status_code == 201
    caught_up(s)
    project(s, "lung", terms=TERMS, uses=["research"])


@pytest.fixture(scope="module")
def s(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Isocenter]:
    with running(tmp_path_factory.mktemp("release"), {"flight.listen": "127.0.0.1:0"}) as s:
        filled(s)
        yield s


@pytest.fixture(scope="module")
def rita(s: Isocenter) -> Person:
    rita = Person(s, "rita", "researcher")
    call(s, "PUT", "/lung/members/rita", {"role": "member"}, 204)
    return rita


@pytest.fixture(scope="module")
def beate(s: Isocenter) -> Person:
    return Person(s, "beate", "broker")


@pytest.fixture(scope="module")
def made(rita: Person, beate: Person) -> str:
    made = asked(rita, frozen(rita))
    assert rita.decide(made, status=403).status_code == 403
    assert rita.release(made)["state"] == "asked" and not rita.release(made)["mayReceive"]
    rita.call("GET", f"releases/{made}/files", status=409)
    beate.decide(made)
    beate.decide(made, status=409)
    ready(rita, made)
    return made


@pytest.fixture(scope="module")
def package(made: str, s: Isocenter, rita: Person, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pulled")
    s.printed("release", "pull", made, folder)
    return folder


def originals() -> list[pydicom.Dataset]:
    return [pydicom.dcmread(path) for path in sorted(IMAGES.rglob("*.dcm"))]


def test_every_file_is_read_and_every_sum_is_right(made: str, package: Path, rita: Person) -> None:
    listed = rita.files(made)
    there = {str(path.relative_to(package)) for path in package.rglob("*") if path.is_file()}
    assert there == {file["path"] for file in listed}
    sums = dict(reversed(line.split("  ")) for line in (package / "checksums.sha256").read_text().splitlines())
    assert set(sums) == there - {"checksums.sha256"}
    for file in listed:
        content = (package / file["path"]).read_bytes()
        assert len(content) == file["size"] and hashlib.sha256(content).hexdigest() == file["sha256"]
        assert sums.get(file["path"], file["sha256"]) == file["sha256"]
    told = rita.release(made)["package"]
    assert told["digest"] == hashlib.sha256((package / "checksums.sha256").read_bytes()).hexdigest()
    images = list(package.glob("dicom/*/*/*/*.dcm"))
    assert images and told["instances"] == len(images)
    for path in images:
        image = pydicom.dcmread(path)
        assert path.parts[-4:] == (
            image.PatientID,
            image.StudyInstanceUID,
            image.SeriesInstanceUID,
            f"{image.SOPInstanceUID}.dcm",
        )
        assert image.PatientIdentityRemoved == "YES"


def test_what_is_missing_is_told_with_its_reason(made: str, beate: Person, package: Path) -> None:
    told = beate.release(made)
    missing = sum(one["count"] for one in told["missing"] if one["what"] == "instance")
    assert missing + told["package"]["instances"] == len(originals()) + SLICES
    assert all(one["why"] for one in told["missing"])
    assert json.loads((package / "manifest.json").read_text())["missing"] == told["missing"]


def test_nobody_is_named_in_any_byte(package: Path) -> None:
    known = set().union(*(identifiers(image) for image in originals()))
    keys = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID")
    uids = {str(image[key].value) for image in originals() for key in keys}
    assert len(known) > 5
    for path in package.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            left = [word for word in known | uids if len(word) >= 5 and word.encode() in content]
            assert not left, f"{path.relative_to(package)}: {left}"


def test_tables_are_of_the_members_and_in_the_terms_of_the_images(package: Path) -> None:
    manifest = json.loads((package / "manifest.json").read_text())
    members = {(one["subject"], one["study"]) for one in manifest["members"]}
    rows = duckdb.sql(f"SELECT subject, study_uid FROM '{package}/tables/exam.parquet'").fetchall()
    assert set(rows) == members and len(rows) == len(members)
    with (package / "tables/exam.csv").open() as lines:
        assert {(row["subject"], row["exam"]) for row in csv.DictReader(lines)} == members
    with (package / "tables/data-dictionary.csv").open() as lines:
        dictionary = {(row["table"], row["column"]) for row in csv.DictReader(lines)}
    for table in (package / "tables").glob("*.parquet"):
        columns = duckdb.sql(f"DESCRIBE SELECT * FROM '{table}'").fetchall()
        assert {(table.stem, column[0]) for column in columns} == {one for one in dictionary if one[0] == table.stem}
        assert not {"birth_day", "attributes"} & {column[0] for column in columns}
    # Days are those of the images: they moved together.
    sql = f"SELECT study_uid, strftime(date, '%Y%m%d') FROM '{package}/tables/exam.parquet'"
    days = dict(duckdb.sql(sql).fetchall())
    compared = 0
    for path in package.glob("dicom/*/*/*/*.dcm"):
        image = pydicom.dcmread(path, stop_before_pixels=True)
        if image.get("StudyDate") and days.get(image.StudyInstanceUID):
            assert days[image.StudyInstanceUID] == image.StudyDate
            compared += 1
    assert compared


def test_reports_leave_as_text_beside_their_rows(package: Path, s: Isocenter) -> None:
    with (package / "reports/report.csv").open() as lines:
        rows = {row["id"]: row for row in csv.DictReader(lines)}
    texts = {path.stem: path for path in package.glob("reports/*/*.txt")}
    assert texts and set(texts) == set(rows)
    for number, path in texts.items():
        assert path.parent.name == rows[number]["subject"]
    both = duckdb.sql(f"SELECT count(*) FROM (FROM '{package}/reports/report.parquet' EXCEPT ALL FROM '{package}/tables/report.parquet')")
    assert both.fetchall() == [(0,)]
    all_of_it = "\n".join(path.read_text() for path in texts.values())
    assert "Filling defects in the right main" in all_of_it
    whole = s.post("/api/v1/sql", json={"statement": "SELECT count(*) AS n FROM report WHERE exam IS NOT NULL"}).json()
    assert sum(row["exam"] != "" for row in rows.values()) == whole[0]["n"]


def test_statements_in_place_give_what_the_files_have(made: str, package: Path, rita: Person) -> None:
    sql = "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'facts' ORDER BY name"
    named = rita.rows(sql, made)["name"].to_pylist()
    files = {path.stem: path for path in (package / "tables").glob("*.parquet")}
    assert set(files) < set(named) and len(named) == 14, "those without rows are asked, too"
    for name in named:
        table = rita.rows(f'SELECT * FROM "{name}"', made)
        if name not in files:
            assert table.num_rows == 0 and "subject" in table.column_names
            continue
        same = duckdb.sql(f"SELECT count(*) FROM (SELECT * FROM '{files[name]}' EXCEPT ALL SELECT * FROM \"table\")")
        assert same.fetchall() == [(0,)] and table.num_rows == duckdb.sql(f"FROM '{files[name]}'").shape[0] > 0, name
    listed = [file["path"] for file in rita.files(made)]
    assert not any(path.startswith("in-place") for path in listed), "they are in no package"
    rita.call("GET", f"releases/{made}/files/in-place/patient.parquet", status=404)


def test_statements_in_place_reach_the_release_alone(made: str, s: Isocenter, rita: Person, beate: Person) -> None:
    endpoint = rita.release(made)["endpoint"]
    assert endpoint["sql"] == f"{s.url}/api/v1/sql"
    rita.call("POST", "sql", {"statement": "SELECT 1"}, 403)
    assert "birth_day" in rita.rows("SELECT birth_day FROM patient", made, 400)
    for there in ("omop.person", "pg_catalog.pg_class", f"'{s.data}/facts/patient'", "'written://tables/x.parquet'"):
        rita.rows(f"SELECT * FROM {there}", made, 400)
    for changes in ("CREATE TABLE mine AS SELECT * FROM exam", "COPY exam TO 'exam.csv'", "DROP TABLE exam"):
        rita.rows(changes, made, 400)
    # Real numbers of patients, and exams that are not in it, are nowhere.
    real = {row["study_uid"] for row in s.post("/api/v1/sql", json={"statement": "SELECT study_uid FROM exam"}).json()}
    assert not real & set(rita.rows("SELECT study_uid FROM exam", made)["study_uid"].to_pylist())
    ingrid = Person(s, "ingrid", "researcher")
    call(s, "PUT", "/lung/members/ingrid", {"role": "member"}, 204)
    ingrid.rows("SELECT * FROM exam", made, 404)
    Person(s, "otto", "auditor").rows("SELECT * FROM exam", made, 403)
    assert beate.rows("SELECT * FROM exam", made).num_rows
    files = asked(rita, frozen(rita), forms=["tables"])
    assert "cannot be received" in (said := rita.rows("SELECT 1", files, 409)) or "can be received" in said
    beate.decide(files)
    ready(rita, files)
    assert "in-place" in rita.rows("SELECT 1", files, 409)


def test_statements_in_place_are_written_down(made: str, s: Isocenter, rita: Person, beate: Person) -> None:
    told = lambda: sum(one["files"] for one in beate.release(made)["receipts"] if one["by"] == "rita")  # noqa: E731
    before = told()
    rita.rows("SELECT 'this one' AS told", made)
    assert told() == before + 1
    log = s.json("/api/v1/audit", params={"q": "this one"})["rows"]
    entry = next(row for row in log if "this one" in json.dumps(row["detail"]))
    assert entry["actor"] == "rita" and made in json.dumps(entry)


def test_notebooks_ask_in_place(made: str, s: Isocenter, rita: Person) -> None:
    header = f"{DatabaseOptions.RPC_CALL_HEADER_PREFIX.value}isocenter-release"
    options = {DatabaseOptions.AUTHORIZATION_HEADER.value: str(rita.http.headers["authorization"])}
    sql = "SELECT modality, COUNT(*) AS series FROM series GROUP BY modality ORDER BY modality"
    with flightsql.connect(s.flight, db_kwargs=options | {header: made}, autocommit=True) as connection:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            assert cursor.fetch_arrow_table().to_pylist() == rita.rows(sql, made).to_pylist() != []
            cursor.execute("SELECT COUNT(*) FROM exam WHERE age >= $1", (0,))
            assert cursor.fetchone()[0] > 0
        assert "subject" in connection.adbc_get_table_schema("exam").names
    with flightsql.connect(s.flight, db_kwargs=options, autocommit=True) as connection, connection.cursor() as cursor:
        with pytest.raises(Error, match="(?i)permission|may"):
            cursor.execute(sql)


def test_papers_say_what_it_is(package: Path, made: str) -> None:
    crate = json.loads((package / "ro-crate-metadata.json").read_text())
    by_id = {one["@id"]: one for one in crate["@graph"]}
    assert by_id["ro-crate-metadata.json"]["conformsTo"]["@id"] == "https://w3id.org/ro/crate/1.1"
    root = by_id["./"]
    assert by_id[root["license"]["@id"]]["text"] == TERMS
    for part in root["hasPart"]:
        assert (package / part["@id"]).is_file() and by_id[part["@id"]]["sha256"]
    assert made in (package / "README.md").read_text()


def test_volumes_are_named_by_bids(package: Path) -> None:
    people = list(csv.DictReader((package / "bids/participants.tsv").open(), delimiter="\t"))
    volumes = list(package.glob("bids/sub-*/ses-*/*/*.nii.gz"))
    assert volumes
    for volume in volumes:
        assert len(nibabel.load(volume).shape) in (3, 4)
        assert volume.with_name(volume.name.replace(".nii.gz", ".json")).is_file()
        assert volume.parts[-4] in {one["participant_id"] for one in people}
        assert volume.name.startswith(f"{volume.parts[-4]}_{volume.parts[-3]}_")


def test_parts_of_files_and_the_whole_are_received_and_written_down(made: str, rita: Person, beate: Person) -> None:
    file = max(rita.files(made), key=lambda file: file["size"])
    url = f"{rita.s.url}/api/v1/releases/{made}/files/{file['path']}"
    whole = rita.http.get(url, timeout=60)
    assert whole.headers["etag"] == f'"{file["sha256"]}"'
    part = rita.http.get(url, headers={"range": f"bytes=10-{file['size'] - 1}"}, timeout=60)
    assert part.status_code == 206 and part.content == whole.content[10:]
    zipped = zipfile.ZipFile(io.BytesIO(rita.call("GET", f"releases/{made}/package.zip").content))
    assert set(zipped.namelist()) == {file["path"] for file in rita.files(made)} and zipped.testzip() is None
    receipts = {one["by"]: one for one in beate.release(made)["receipts"]}
    assert receipts["rita"]["files"] >= 2 and receipts["rita"]["bytes"] > file["size"]
    uses = beate.call("GET", f"register?release={made}").json()["uses"]
    assert [one["purpose"] for one in uses] == ["To train a detector"] and uses[0]["receipts"]
    rita.call("GET", "register", status=403)
    assert rita.release(made)["endpoint"]["dicomweb"].endswith("/lung/dicomweb")


def test_pull_goes_on_where_it_broke_off(made: str, s: Isocenter, package: Path, tmp_path: Path) -> None:
    first = next(iter(sorted(package.glob("dicom/*/*/*/*.dcm"))))
    relative = first.relative_to(package)
    half = tmp_path / "again" / relative.with_name(relative.name + ".part")
    half.parent.mkdir(parents=True)
    half.write_bytes(first.read_bytes()[:1000])
    assert "are there and right" in s.printed("release", "pull", made, tmp_path / "again")
    assert (tmp_path / "again" / relative).read_bytes() == first.read_bytes()
    assert ", 0 received now" in s.printed("release", "pull", made, tmp_path / "again")


def test_others_see_and_receive_nothing(made: str, s: Isocenter) -> None:
    otto, hans = Person(s, "otto", "auditor"), Person(s, "hans", "researcher")
    call(s, "PUT", "/lung/members/hans", {"role": "member"}, 204)
    for path in ("", "/files", "/files/README.md", "/package.zip", "/ethics"):
        hans.call("GET", f"releases/{made}{path}", status=404)
        otto.call("GET", f"releases/{made}{path}", status=403)
    assert made not in [one["id"] for one in hans.call("GET", "releases").json()["releases"]]
    # Named as a recipient, and in the project: she receives it. Outside of it, not.
    nora = Person(s, "nora", "researcher")
    assert not nora.release(made)["mayReceive"]
    nora.call("GET", f"releases/{made}/files", status=403)
    call(s, "PUT", "/lung/members/nora", {"role": "member"}, 204)
    assert nora.files(made)
    # Who is in no project asks for nothing of it.
    clara = Person(s, "clara", "researcher")
    asked(clara, frozen(clara), status=403)
    assert otto.call("GET", "register").json()["uses"]


def test_made_again_after_many_writes_it_is_the_same(
    made: str, s: Isocenter, rita: Person, beate: Person, tmp_path: Path
) -> None:
    before = {file["path"]: file["sha256"] for file in rita.files(made)}
    digest = rita.release(made)["package"]["digest"]
    for number in range(3):
        image = instance(name=f"Other^{number}", patient=f"OTHER-{number}")
        (tmp_path / f"{number}.dcm").write_bytes(encoded(image))
    s.printed("import", tmp_path)
    caught_up(s)
    beate.call("POST", f"releases/{made}/again", status=202)
    ready(rita, made)
    assert {file["path"]: file["sha256"] for file in rita.files(made)} == before
    assert rita.release(made)["package"]["digest"] == digest


KEPT = ("title", "terms", "uses", "policy", "policyVersion", "needsConsent", "smallestGroup")


def change(s: Isocenter, **more: Any) -> None:
    told = call(s, "GET", "/lung")
    call(s, "PUT", "/lung", {"version": told["version"]} | {key: told[key] for key in KEPT} | more)


def test_two_approve_where_the_project_says_so(s: Isocenter, beate: Person, rita: Person) -> None:
    change(s, approvals=2)
    made = asked(rita, frozen(rita), forms=["tables"])
    beate.decide(made)
    assert beate.release(made)["state"] == "asked" and beate.release(made)["needed"] == 2
    beate.decide(made, status=409)
    Person(s, "berta", "broker").decide(made)
    ready(rita, made)
    own = asked(beate, frozen(beate), forms=["tables"])
    assert "asked for" in beate.decide(own, status=409).json()["detail"]
    beate.call("POST", f"releases/{own}/cancel", status=204)
    change(s, approvals=1)


def test_with_another_policy_than_the_approved_one_nothing_is_made(
    s: Isocenter, beate: Person, rita: Person, made: str
) -> None:
    other = asked(rita, frozen(rita), forms=["tables"])
    beate.decide(other)
    ready(rita, other)
    change(s, policy="limited-data-set")
    beate.call("POST", f"releases/{other}/again", status=202)
    told = soon(lambda: beate.release(other), lambda told: told["state"] != "making", seconds=120)
    assert told["state"] == "waiting"
    stop = next(check for check in told["checks"] if check["severity"] == "stop")
    assert stop["kind"] == "policy" and "public-sharing" in stop["says"]
    rita.call("GET", f"releases/{other}/files", status=409)
    change(s, policy="public-sharing")
    beate.call("POST", f"releases/{other}/again", status=202)
    ready(rita, other)


def test_what_names_a_patient_stops_all_of_it(beate: Person, rita: Person) -> None:
    made = asked(rita, frozen(rita), forms=["tables"], title="Nodules of Quartermain and Vera Volume")
    beate.decide(made)
    told = soon(lambda: beate.release(made), lambda told: told["state"] != "making", seconds=120)
    assert told["state"] == "waiting" and told["package"] is None
    stop = next(check for check in told["checks"] if check["kind"] == "residual")
    assert stop["severity"] == "stop" and "names" in stop["says"] and "Vera" not in stop["says"]
    rita.call("GET", f"releases/{made}/files", status=409)


def test_killed_in_the_middle_it_goes_on(s: Isocenter, rita: Person, beate: Person, made: str) -> None:
    other = asked(rita, frozen(rita), forms=["dicom", "tables"])
    beate.decide(other)
    soon(lambda: beate.release(other)["progress"], lambda told: told["done"] > 0 or told["says"], seconds=60)
    s.kill()
    s.start()
    ready(rita, other)
    images = {file["path"]: file["sha256"] for file in rita.files(other) if file["form"] == "dicom"}
    before = {file["path"]: file["sha256"] for file in rita.files(made) if file["form"] == "dicom"}
    assert before.items() <= images.items(), "who came since is in it, too"


def test_an_ethics_document_is_kept_as_it_was_given(rita: Person, beate: Person) -> None:
    made = asked(rita, frozen(rita), forms=["tables"])
    url = f"{rita.s.url}/api/v1/releases/{made}/ethics"
    given = rita.http.put(url, data=b"%PDF-1.7 vote", headers={"content-type": "application/pdf"}, timeout=60)
    assert given.status_code == 204, given.text
    assert beate.call("GET", f"releases/{made}/ethics").content == b"%PDF-1.7 vote"
    wrong = rita.http.put(url, data=b"<html>", headers={"content-type": "application/pdf"}, timeout=60)
    assert wrong.status_code == 400
    beate.decide(made, approve=False)
    assert rita.release(made)["state"] == "refused"


def test_nothing_is_received_after_it_is_recalled(rita: Person, beate: Person, s: Isocenter) -> None:
    made = asked(rita, frozen(rita), forms=["tables"])
    beate.decide(made)
    ready(rita, made)
    path = rita.files(made)[0]["path"]
    beate.call("POST", f"releases/{made}/recall", {"reason": "an error in the cohort"}, 204)
    rita.call("GET", f"releases/{made}/files", status=409)
    rita.call("GET", f"releases/{made}/files/{path}", status=409)
    rita.rows("SELECT 1", made, 409)
    assert not list((s.data / "releases" / made).rglob("*.csv"))
    log = s.json("/api/v1/audit", params={"action": "release"})["rows"]
    assert {"approved", "recalled"} <= {row["detail"].get("change") for row in log}


def test_nothing_is_received_after_its_last_day(rita: Person, beate: Person, s: Isocenter) -> None:
    asked(rita, frozen(rita), expires="2020-01-31", status=400)
    made = asked(rita, frozen(rita), forms=["tables"])
    beate.decide(made)
    ready(rita, made)
    # Its last day was yesterday: the ledger is told, as time would.
    with closing(sqlite3.connect(s.data / "ledger.db", timeout=30)) as ledger, ledger:
        day = "2020-01-31"
        put = ledger.execute(
            "UPDATE release SET expires = ?, asked = json_set(asked, '$.expires', ?) WHERE id = ?", (day, day, made)
        )
        assert put.rowcount == 1
    rita.call("GET", f"releases/{made}/files", status=409)
    beate.call("GET", f"releases/{made}/package.zip", status=409)
    told = soon(lambda: beate.release(made), lambda told: told["state"] == "expired", seconds=90)
    assert not told["mayReceive"]
    soon(lambda: not list((s.data / "releases" / made).rglob("*.csv")), seconds=30)


def test_a_patient_withdraws_in_one_act(made: str, s: Isocenter, rita: Person, beate: Person) -> None:
    study = originals()[0].StudyInstanceUID
    told = beate.call("POST", "register", {"study": study}).json()["uses"]
    assert made in [one["release"] for one in told]
    id_ = beate.call("POST", "withdrawals", {"study": study, "reason": "by letter"}, 201).json()["id"]
    steps = beate.call("GET", f"withdrawals/{id_}").json()["steps"]
    assert {"project", "consent", "facts", "frozen", "package", "recipient"} <= {step["place"] for step in steps}
    ready(rita, made)
    lacks = beate.release(made)["missing"]
    assert any(one["why"] == "withdrew from research" for one in lacks)
    gone = [step for step in steps if step["place"] == "project"]
    codes = {step["name"].split("/")[1] for step in gone}
    files = rita.files(made)
    content = b"".join(rita.bytes_of(made, file["path"]) for file in files if not file["path"].endswith(".dcm"))
    assert not any(code.encode() in content for code in codes)
    assert not any(code in file["path"] for code in codes for file in files)
    in_place = set(rita.rows("SELECT subject FROM patient", made)["subject"].to_pylist())
    assert in_place and not codes & in_place
    waits = next(step for step in steps if step["place"] == "recipient")
    beate.call("POST", f"withdrawals/{id_}/steps/{waits['n']}", {"note": "answered"}, 204)
    again = beate.call("GET", f"withdrawals/{id_}").json()["steps"][waits["n"] - 1]
    assert (again["state"], again["doneBy"]) == ("done", "beate") and "answered" in again["says"]
    caught_up(s)
    later = frozen(rita)
    shown = beate.call("GET", f"cohorts/frozen/{later}/members").json()["members"]
    assert study not in [member["study"] for member in shown], "new cohorts have them no more"
