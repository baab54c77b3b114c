"""Projects: a researcher sees the enrolled patients through the wall, and nothing else."""

from __future__ import annotations

import contextlib
import io
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pydicom
import pytest
import requests
from pydicom.dataset import Dataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, SecondaryCaptureImageStorage
from pynetdicom import AE, evt
from pynetdicom.sop_class import StudyRootQueryRetrieveInformationModelFind as FIND
from pynetdicom.sop_class import StudyRootQueryRetrieveInformationModelMove as MOVE
from pynetdicom.sop_class import Verification as VERIFICATION

from backends import private_postgres
from isocenter import AS_RECEIVED, Isocenter, Json, parts, running, soon
from projects import POLICY, Member, call, enrol, identifiers, kind, member, names, project, settled, studies, value
from samples import corpus, encoded, exam, shared


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def stores(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """Settings: a laptop's files, or a PostgreSQL server that the vault and each project share."""
    if request.param == "sqlite":
        yield {}
        return
    with private_postgres() as postgres:
        yield {"store.ledger": postgres.database("ledger"), "vault.ledger": postgres.database("vault")}


@pytest.fixture(scope="module")
def house(
    tmp_path_factory: pytest.TempPathFactory, stores: dict[str, str]
) -> Iterator[tuple[Isocenter, list[Dataset]]]:
    """A server that holds two exams of Jane and one of John."""
    jane, john = "Hohenstaufen^Jane", "Barbarossa^John"
    images = [*exam(3, name=jane, patient="MRN-0815"), *exam(2, name=jane, patient="MRN-0815")]
    images += exam(2, name=john, patient="MRN-4711")
    for image in images[3:5]:
        image.StudyDate = "20260212"
        image.StudyDescription = "Control of Hohenstaufen, seen by Roe"
    with running(tmp_path_factory.mktemp("house"), stores) as server:
        server.stow(*map(encoded, images))
        yield server, images


def test_a_member_sees_the_enrolled_and_nobody_else(house: tuple[Isocenter, list[Dataset]]) -> None:
    server, images = house
    project(server, "lung")
    codes = enrol(server, "lung", studies(images[:3]))
    [code] = set(codes.values())
    rita = member(server, "lung")
    rows = rita.find("/studies")
    assert len(rows) == 2, "both exams of the patient"
    assert {value(row, "00100020") for row in rows} == {code}
    days = sorted(value(row, "00080020") for row in rows)
    assert "20260102" not in days and "20260212" not in days
    assert days_between(days) == days_between(["20260102", "20260212"])
    assert rita.find("/studies", PatientID=code) == rows and rita.find("/studies", PatientID="MRN-0815") == []
    for row in rows:
        uid = value(row, "0020000D")
        assert rita.find("/studies", StudyInstanceUID=uid) == [row]
        for file in rita.files(f"/studies/{uid}"):
            assert file.PatientID == code and file.PatientIdentityRemoved == "YES"
    for image in images:
        assert rita.get(f"/studies/{image.StudyInstanceUID}").status_code == 404
        assert rita.find("/studies", StudyInstanceUID=image.StudyInstanceUID) == []
    assert requests.get(f"{server.url}/dicom-web/studies", headers=rita.http.headers, timeout=60).status_code == 403


def days_between(days: list[str]) -> int:
    return (np.datetime64(iso(days[1])) - np.datetime64(iso(days[0]))).astype(int)


def iso(day: str) -> str:
    return f"{day[:4]}-{day[4:6]}-{day[6:]}"


def test_pixels_are_the_originals(house: tuple[Isocenter, list[Dataset]]) -> None:
    server, images = house
    rita = member(server, "lung")
    want = sorted(image.PixelData for image in images[:5])
    got = [file for row in rita.find("/studies") for file in rita.files(f"/studies/{value(row, '0020000D')}")]
    assert sorted(file.PixelData for file in got) == want
    [first, *_] = got
    frame = f"/studies/{first.StudyInstanceUID}/series/{first.SeriesInstanceUID}/instances/{first.SOPInstanceUID}"
    assert rita.get(f"{frame}/frames/1", "application/octet-stream").content == first.PixelData
    picture = rita.get(f"{frame}/rendered", "image/png")
    assert picture.status_code == 200 and picture.content.startswith(b"\x89PNG")
    metadata = rita.find(f"{frame}/metadata")
    assert value(metadata[0], "00100020") == first.PatientID


def test_strangers_see_nothing(house: tuple[Isocenter, list[Dataset]]) -> None:
    server, _ = house
    server.printed("user", "add", "sam", "--role", "researcher")
    sam = Member(server, "lung", "sam")
    refusals = [sam.get("/studies"), Member(server, "nowhere", "sam").get("/studies")]
    assert [answer.status_code for answer in refusals] == [403, 403]
    assert kind(refusals[0].json()) == kind(refusals[1].json()) == "members-only"
    listed = sam.http.get(f"{server.url}/api/v1/projects", timeout=60).json()["projects"]
    assert listed == []


def test_another_project_shares_no_code_uid_or_day(house: tuple[Isocenter, list[Dataset]]) -> None:
    server, images = house
    project(server, "heart")
    enrol(server, "heart", studies(images))
    rita = member(server, "heart")
    here, there = rita.find("/studies"), member(server, "lung").find("/studies")
    assert len(here) == 3
    for tag in ("00100020", "0020000D", "00080020"):
        assert not {value(row, tag) for row in here} & {value(row, tag) for row in there}, tag


def test_who_leaves_is_gone_at_once_and_an_exam_that_arrives_is_there(house: tuple[Isocenter, list[Dataset]]) -> None:
    server, images = house
    rita = member(server, "heart")
    code = next(iter(enrol(server, "heart", [images[-1].StudyInstanceUID]).values()))
    assert len(rita.find("/studies", PatientID=code)) == 1
    call(server, "PUT", f"/heart/subjects/{code}/consents/sharing", {"granted": False}, 204)
    assert len(rita.find("/studies", PatientID=code)) == 1, "the project is not for sharing"
    call(server, "DELETE", f"/heart/subjects/{code}", None, 204)
    assert rita.find("/studies", PatientID=code) == []
    assert enrol(server, "heart", [images[-1].StudyInstanceUID]) == {images[-1].StudyInstanceUID: code}
    server.stow(*map(encoded, exam(1, name="Barbarossa^John", patient="MRN-4711")))
    soon(lambda: rita.find("/studies", PatientID=code), lambda rows: len(rows) == 2)


def test_consent_counts_where_the_project_asks_for_it(house: tuple[Isocenter, list[Dataset]]) -> None:
    server, images = house
    project(server, "sharing", uses=["sharing"], needsConsent=True)
    code = next(iter(enrol(server, "sharing", studies(images[:1])).values()))
    rita = member(server, "sharing")
    assert rita.find("/studies") == []
    call(server, "PUT", f"/sharing/subjects/{code}/consents/sharing", {"granted": True}, 204)
    soon(lambda: rita.find("/studies"), lambda rows: len(rows) == 2)
    call(server, "PUT", f"/sharing/subjects/{code}/consents/sharing", {"granted": False}, 204)
    assert rita.find("/studies") == []


def test_another_policy_makes_everything_anew(house: tuple[Isocenter, list[Dataset]]) -> None:
    server, images = house
    project(server, "change")
    enrol(server, "change", studies(images[:1]))
    rita = member(server, "change")
    assert {value(row, "00081030") for row in rita.find("/studies")} == {"Chest", "Control of [name], seen by [name]"}
    now = call(server, "GET", "/change")
    terms = {key: now[key] for key in ("title", "version", "uses")} | {"policy": "basic"}
    call(server, "PUT", "/change", terms)
    settled(server, "change")
    rows = rita.find("/studies")
    assert {value(row, "00081030") for row in rows} == {""} and len(rows) == 2
    assert kind(call(server, "PUT", "/change", terms, 409)) == "changed"
    call(server, "PUT", "/change", terms | {"version": 2, "policy": "no-such"}, 400)


def test_a_deleted_original_is_gone_from_projects(house: tuple[Isocenter, list[Dataset]]) -> None:
    server, _ = house
    images = exam(2, name="Welf^Otto", patient="MRN-1198")
    server.stow(*map(encoded, images))
    project(server, "gone")
    enrol(server, "gone", studies(images))
    rita = member(server, "gone")
    [row] = rita.find("/studies")
    path = f"/studies/{value(row, '0020000D')}"
    assert len(rita.files(path)) == 2
    url = f"{server.url}/dicom-web/studies/{images[0].StudyInstanceUID}"
    assert server.http.delete(url, timeout=60).status_code == 204
    assert rita.get(path, AS_RECEIVED).status_code != 200, "not even before the project has heard of it"
    soon(lambda: rita.find("/studies"), lambda rows: rows == [])
    restored = f"/api/v1/exams/{images[0].StudyInstanceUID}/restore"
    assert server.post(restored).status_code == 204
    soon(lambda: rita.find("/studies"), lambda rows: len(rows) == 1)
    assert len(rita.files(path)) == 2


def test_going_back_takes_two_people(house: tuple[Isocenter, list[Dataset]]) -> None:
    server, images = house
    code = next(iter(enrol(server, "lung", studies(images[:1])).values()))
    asked = call(server, "POST", "/lung/identities", {"code": code, "reason": "an incidental finding"}, 201)
    number = asked["id"]
    assert kind(call(server, "POST", f"/lung/identities/{number}/answer", {"granted": True}, 403)) == "two-people"
    server.printed("user", "add", "eve", "--role", "broker")
    headers = {"authorization": f"Bearer {server.token('eve')}"}
    url = f"{server.url}/api/v1/projects/lung/identities/{number}"
    assert requests.post(f"{url}/answer", json={"granted": True}, headers=headers, timeout=60).status_code == 204
    assert requests.post(f"{url}/show", headers=headers, timeout=60).status_code == 409
    assert call(server, "POST", f"/lung/identities/{number}/show")["patientId"] == "MRN-0815"
    call(server, "POST", f"/lung/identities/{number}/show", None, 409)
    told = str(server.json("/api/v1/audit", params={"action": "reidentify"}))
    assert all(word in told for word in ("asked", "granted", "shown", code)) and "MRN-0815" not in told


def test_the_log_and_the_audit_name_nobody(house: tuple[Isocenter, list[Dataset]]) -> None:
    server, images = house
    told = server.log() + server.printed("audit", "list", "--number", "1000")
    assert "bob" in told
    assert not [text for image in images for text in (image.PatientID, *names(image)) if text in told]


def test_codes_stay_after_kill_and_restart_and_a_missing_key_locks_everything(tmp_path: Path) -> None:
    images = exam(2, name="Staufer^Konstanze", patient="MRN-1194")
    with running(tmp_path / "a") as server:
        server.stow(*map(encoded, images))
        project(server, "lung")
        codes = enrol(server, "lung", studies(images))
        rita = member(server, "lung")
        before = rita.find("/instances")
        server.kill()
        server.start()
        assert rita.find("/instances") == moved(before, server, rita)
        assert enrol(server, "lung", studies(images)) == codes
        server.stop()
        key = server.data / "vault.key"
        key.rename(server.folder / "elsewhere.key")
        server.start()
        answer = rita.get("/studies")
        assert answer.status_code == 503 and kind(answer.json()) == "vault-locked"
        assert not key.exists(), "no new key is made for a vault that has one"
        assert len(server.find("/studies")) == 1, "the archive goes on"
        server.stop()
        (server.folder / "elsewhere.key").rename(key)
        server.start()
        assert len(rita.find("/studies")) == 1


def moved(rows: list[Json], server: Isocenter, rita: Member) -> list[Json]:
    """The same rows at the address the server has now."""
    [now] = {value(row, "00081190").split("/lung/")[0] for row in rita.find("/instances")}
    assert now == server.url
    for row in rows:
        address = value(row, "00081190")
        row["00081190"]["Value"] = [server.url + address[address.index("/lung/") :]]
    return rows


def test_nothing_of_the_sample_data_is_named(tmp_path: Path) -> None:
    """Everything enrolled, everything that comes out searched byte by byte for what went in."""
    source = shared("data/deid/synthetic-phi/dicom")
    files = [*sorted(source.iterdir()), *corpus()]
    with running(tmp_path) as server:
        report = server.folder / "import.json"
        server.run("import", source, shared("data/dicom"), shared("data/series"), "--report", report)
        held = server.held()
        server.indexed(held)
        project(server, "all")
        exams = [value(row, "0020000D") for row in server.find("/studies")]
        for at in range(0, len(exams), 500):
            call(server, "POST", "/all/subjects", {"exams": exams[at : at + 500]})
        coverage = settled(server, "all", 500)
        withheld = sum(one["instances"] for one in coverage["withheld"])
        assert coverage["instances"] + withheld == held, coverage
        rita = member(server, "all")
        secrets = set()
        for path in files:
            try:
                image = pydicom.dcmread(path, stop_before_pixels=True)
                # Names of the other samples are words such as Test, of which headers are full.
                secrets |= identifiers(image) | (names(image) if path.parent == source else set())
            except Exception:  # what pydicom can't read names nobody here
                continue
        secrets = {text.encode() for text in secrets}
        seen = 0
        for row in rita.find("/studies"):
            for file in checked(rita, f"/studies/{value(row, '0020000D')}", secrets):
                seen += 1
                assert file.PatientIdentityRemoved == "YES"
        assert seen == coverage["instances"]


def checked(rita: Member, path: str, secrets: set[bytes]) -> Iterator[Dataset]:
    answer = rita.get(path, AS_RECEIVED)
    assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text[:500]}"
    for _, content in parts(answer):
        file = pydicom.dcmread(io.BytesIO(content), force=True)
        head = content[: len(content) - len(file.get("PixelData", b""))]
        found = [secret for secret in secrets if secret in head]
        assert not found, f"{path}: {len(found)} identifiers are left, such as one of {len(found[0])} bytes"
        yield file


def test_a_peer_finds_and_fetches_by_the_projects_title(tmp_path: Path) -> None:
    """pynetdicom, called a member of the project: C-FIND, C-GET and C-MOVE in the project's terms alone."""
    images = exam(3, name="Salier^Gisela", patient="MRN-1043")
    with running(tmp_path / "server") as server, Receiver("WORKSTATION") as receiver:
        server.stow(*map(encoded, images))
        project(server, "lung", aeTitle="LUNG")
        code = next(iter(enrol(server, "lung", studies(images)).values()))
        server.add_peer("ws", "WORKSTATION", "--host", "127.0.0.1", "--port", str(receiver.port), may=RIGHTS)
        assert find(server, "LUNG") == "refused", "not a member yet"
        call(server, "PUT", "/lung/members/peer:ws", {"role": "member"}, 204)
        [row] = find(server, "LUNG")
        assert row.PatientID == code and row.StudyInstanceUID != images[0].StudyInstanceUID
        assert find(server, "LUNG", PatientID="MRN-1043") == []
        assert move(server, "LUNG", images[0].StudyInstanceUID) == (0, 0)
        assert move(server, "LUNG", row.StudyInstanceUID) == (3, 0)
        assert len(receiver.got) == 3
        assert {file.PatientID for file in receiver.got} == {code}
        assert sorted(file.PixelData for file in receiver.got) == sorted(image.PixelData for image in images)
        server.add_peer("other", "ELSEWHERE", "--host", "127.0.0.1", "--port", str(receiver.port), may=())
        assert move(server, "LUNG", row.StudyInstanceUID, "ELSEWHERE") == "refused", "not a member"
        assert store(server, "LUNG", images[0]) == "refused", "nothing is brought into a project"
        [identified] = find(server, "ISOCENTER")
        assert identified.PatientID == "MRN-1043", "the same peer, as its entry says"


RIGHTS = ("store", "query", "retrieve")


class Receiver:
    """A storage SCP that keeps what it gets."""

    def __init__(self, title: str) -> None:
        self.got: list[Dataset] = []
        entity = AE(ae_title=title)
        entity.add_supported_context(CTImageStorage)
        handlers = [(evt.EVT_C_STORE, self._keep)]
        self._server = entity.start_server(("127.0.0.1", 0), block=False, evt_handlers=handlers)
        self.port = self._server.server_address[1]

    def _keep(self, event: evt.Event) -> int:
        self.got.append(event.dataset)
        return 0

    def __enter__(self) -> Receiver:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()


def associate(server: Isocenter, called: str, *classes: str):
    entity = AE(ae_title="WORKSTATION")
    for one in classes:
        entity.add_requested_context(one)
    association = entity.associate("127.0.0.1", server.dimse_port, ae_title=called)
    assert association.is_established, "the door itself is open"
    return association


def find(server: Isocenter, called: str, **keys: str) -> list[Dataset] | str:
    association = associate(server, called, VERIFICATION, FIND)
    if not any(context.abstract_syntax == FIND for context in association.accepted_contexts):
        association.release()
        return "refused"
    question = Dataset()
    question.QueryRetrieveLevel = "STUDY"
    question.StudyInstanceUID, question.StudyDate, question.PatientID = "", "", ""
    for key, text in keys.items():
        setattr(question, key, text)
    answers = [(status.Status, row) for status, row in association.send_c_find(question, FIND)]
    association.release()
    assert answers[-1][0] == 0
    return [row for status, row in answers[:-1]]


def move(server: Isocenter, called: str, study: str, to: str = "WORKSTATION") -> tuple[int, int] | str:
    association = associate(server, called, MOVE)
    question = Dataset()
    question.QueryRetrieveLevel, question.StudyInstanceUID = "STUDY", study
    *_, (last, _) = association.send_c_move(question, to, MOVE)
    association.release()
    if last.Status == 0x0124:
        return "refused"
    return last.get("NumberOfCompletedSuboperations", 0), last.get("NumberOfFailedSuboperations", 0)


def store(server: Isocenter, called: str, image: Dataset) -> str:
    association = associate(server, called, VERIFICATION, CTImageStorage)
    try:
        answer = association.send_c_store(image)
    except ValueError:
        return "refused"  # no context for it was accepted
    finally:
        association.release()
    return "refused" if answer.get("Status") != 0 else "stored"


def test_a_rule_sends_only_what_the_project_shows(tmp_path: Path) -> None:
    """The gateway: what arrives and matches is enrolled and goes on de-identified, to a member alone."""
    images = exam(2, name="Salier^Gisela", patient="MRN-1043")
    secondary = exam(1, name="Salier^Gisela", patient="MRN-1043")[0]
    secondary.StudyInstanceUID, secondary.SOPClassUID = images[0].StudyInstanceUID, SecondaryCaptureImageStorage
    secondary.file_meta.MediaStorageSOPClassUID = SecondaryCaptureImageStorage
    secondary.ConversionType = "WSD"
    with running(tmp_path / "server") as server, Receiver("TRIAL") as receiver:
        project(server, "lung")
        server.add_peer("trial", "TRIAL", "--host", "127.0.0.1", "--port", str(receiver.port), may=())
        rule = {"name": "Gateway", "peers": ["trial"], "project": "lung", "quietSeconds": 1}
        refused = server.post("/api/v1/routing", json=rule)
        assert refused.status_code == 400 and "not a member" in refused.json()["detail"]
        call(server, "PUT", "/lung/members/peer:trial", {"role": "member"}, 204)
        kept = server.post("/api/v1/routing", json=rule).json()
        on = {"version": kept["version"], "isOn": True, "rule": rule}
        assert server.http.put(f"{server.url}/api/v1/routing/{kept['id']}", json=on, timeout=60).ok
        server.stow(*map(encoded, [*images, secondary]))
        soon(lambda: len(receiver.got), lambda count: count >= 2)
        transfers = lambda: server.json("/api/v1/transfers")["transfers"]  # noqa: E731
        [done] = soon(transfers, lambda found: [one["state"] for one in found] == ["done"])
        assert done["project"] == "lung" and done["studyInstanceUid"] != images[0].StudyInstanceUID
        assert [file.PatientIdentityRemoved for file in receiver.got] == ["YES"] * len(receiver.got)
        sent = b"".join(encoded_again(file) for file in receiver.got)
        for image in images:
            assert not any(text.encode() in sent for text in identifiers(image) | names(image))
        settled(server, "lung")
        [subject] = call(server, "GET", "/lung/subjects")["subjects"]
        assert subject["exams"] == 1 and {file.PatientID for file in receiver.got} == {subject["code"]}


def encoded_again(file: Dataset) -> bytes:
    file.file_meta = pydicom.dataset.FileMetaDataset()
    file.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    file.file_meta.MediaStorageSOPClassUID, file.file_meta.MediaStorageSOPInstanceUID = "1.2", "1.3"
    return encoded(file)


def test_the_command_line_makes_a_project_and_changes_the_vaults_key(tmp_path: Path) -> None:
    images = exam(2, name="Staufer^Konstanze", patient="MRN-1194")
    with running(tmp_path) as server:
        server.stow(*map(encoded, images))
        server.printed("project", "create", "lung", "--title", "Lung nodules", "--policy", POLICY)
        server.printed("user", "add", "rita", "--role", "researcher")
        server.printed("project", "member", "lung", "rita")
        assert "1 patients are enrolled" in server.printed("project", "enrol", "lung", "--all")
        assert "instances 2;" in server.printed("project", "show", "lung", "--wait")
        rita = Member(server, "lung", "rita")
        before = rita.find("/studies")
        [code] = {value(row, "00100020") for row in before}
        assert code in server.printed("project", "subjects", "lung")
        busy = server.run("vault", "change-key", "new.key")
        assert busy.returncode != 0 and not (server.folder / "new.key").exists()
        server.stop()
        assert "entries were sealed again" in server.printed("vault", "change-key", "new.key", "--seal-again")
        server.start()
        assert rita.get("/studies").status_code == 503, "the old key opens nothing"
        server.stop()
        server.settings["vault.key_file"] = "new.key"
        server.start()
        assert {value(row, "00100020") for row in rita.find("/studies")} == {code}
        server.printed("project", "withdraw", "lung", code)
        assert rita.find("/studies") == []


def test_rows_that_another_release_made_heal(tmp_path: Path) -> None:
    """An engine that makes other bytes than its rows say gives nothing first, and makes the rows anew."""
    images = exam(2, name="Staufer^Konstanze", patient="MRN-1194")
    with running(tmp_path) as server:
        server.stow(*map(encoded, images))
        project(server, "lung")
        enrol(server, "lung", studies(images))
        rita = member(server, "lung")
        [row] = rita.find("/studies")
        server.stop()
        [catalog] = server.data.glob("*project_lung*.db")
        with contextlib.closing(sqlite3.connect(catalog)) as rows, rows:
            assert rows.execute("UPDATE instance SET length = length + 2").rowcount == 2
        server.start()
        path = f"/studies/{value(row, '0020000D')}"
        assert not came_whole(rita, path)
        assert soon(lambda: came_whole(rita, path), seconds=60)
        assert len(rita.files(path)) == 2


def came_whole(researcher: Member, path: str) -> bool:
    """An answer that is broken off may end before its head has left, or after."""
    try:
        return researcher.get(path, AS_RECEIVED).status_code == 200
    except (requests.exceptions.ChunkedEncodingError, requests.exceptions.ConnectionError):
        return False


def test_a_rule_writes_clean_files_into_a_folder(tmp_path: Path) -> None:
    """The gateway without a peer: what arrives is enrolled and written de-identified, whole or not at all."""
    images = exam(3, name="Staufer^Konstanze", patient="MRN-1194")
    outbox = tmp_path / "outbox"
    with running(tmp_path / "server", {"routing.folders": f'{{trial = "{outbox}"}}'}) as server:
        project(server, "lung")
        rule = {"name": "Gateway", "peers": ["folder:nowhere"], "project": "lung", "quietSeconds": 1}
        refused = server.post("/api/v1/routing", json=rule)
        assert refused.status_code == 400 and "routing.folders" in refused.json()["detail"]
        rule["peers"] = ["folder:trial"]
        kept = server.post("/api/v1/routing", json=rule).json()
        assert server.json("/api/v1/routing")["folders"] == ["folder:trial"]
        outbox.write_text("in the way")
        on = {"version": kept["version"], "isOn": True, "rule": rule}
        assert server.http.put(f"{server.url}/api/v1/routing/{kept['id']}", json=on, timeout=60).ok
        server.stow(*map(encoded, images))
        transfers = lambda: server.json("/api/v1/transfers")["transfers"]  # noqa: E731
        waits = soon(transfers, lambda found: found and found[0].get("reason"))
        assert "can't be written" in waits[0]["reason"]
        outbox.unlink()
        soon(transfers, lambda found: [one["state"] for one in found] == ["done"], 90)
        written = sorted(outbox.rglob("*"))
        files = [path for path in written if path.is_file()]
        assert len(files) == 3 and {path.suffix for path in files} == {".dcm"}
        for path in files:
            file = pydicom.dcmread(path)
            assert file.PatientIdentityRemoved == "YES" and path.stem == file.SOPInstanceUID
            assert path.parent.name == file.SeriesInstanceUID and path.parent.parent.name == file.StudyInstanceUID
            content = path.read_bytes()
            for image in images:
                assert not any(text.encode() in content for text in identifiers(image) | names(image))
