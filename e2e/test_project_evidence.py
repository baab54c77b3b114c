"""Evidence of what a project shows: gathered, scored, signed, and required before anybody sees anything."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydicom.dataset import Dataset

from backends import private_postgres
from isocenter import Isocenter, Json, running, soon
from projects import Member, call, enrol, kind, member, names, project, settled, studies
from samples import encoded, exam, shared

ENDED = {"passed", "failed", "given-up"}


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def house(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[tuple[Isocenter, list[Dataset]]]:
    images = [*exam(3, name="Hohenstaufen^Jane", patient="MRN-0815"), *exam(2, name="Barbarossa^John", patient="MRN-4711")]
    for image in images:
        image.StudyDescription = "Chest of " + str(image.PatientName).split("^")[0]
    with private_postgres() as postgres:
        stores = {} if request.param == "sqlite" else {"store.ledger": postgres.database("ledger"), "vault.ledger": postgres.database("vault")}
        with running(tmp_path_factory.mktemp("house"), stores) as server:
            server.stow(*map(encoded, images))
            yield server, images


def gathered(server: Isocenter, name: str, **asked: Json) -> Json:
    number = call(server, "POST", f"/{name}/evidence", asked, 202)["id"]
    look = lambda: call(server, "GET", f"/{name}/evidence/{number}")  # noqa: E731
    return soon(look, lambda one: one["state"] in ENDED, 120)


def unpacked(researcher: Member, name: str, number: int, folder: Path) -> Path:
    answer = researcher.http.get(f"{researcher.server.url}/api/v1/projects/{name}/evidence/{number}/pack", timeout=60)
    assert answer.status_code == 200 and answer.headers["content-type"] == "application/zip"
    zipfile.ZipFile(io.BytesIO(answer.content)).extractall(folder)
    return folder


def test_what_is_shown_is_searched_and_the_pack_is_signed(house: tuple[Isocenter, list[Dataset]], tmp_path: Path) -> None:
    server, images = house
    project(server, "lung")
    enrol(server, "lung", studies(images))
    evidence = gathered(server, "lung")
    assert evidence["state"] == "passed" and evidence["current"], evidence
    assert evidence["done"] == evidence["total"] == 5 and not evidence["scored"]
    found = evidence["found"]
    assert (found["inputs"], found["outputs"], found["project"]) == (5, 5, "lung")
    looked_for = {one["category"]: one["looked_for"] for one in found["search"]["identifiers"]}
    assert looked_for["names"] >= 4 and looked_for["uids"] >= 9
    assert not any(one["found"] for one in found["search"]["identifiers"])
    assert found["canaries"]["objects"] == 5 and not any(found["canaries"]["through"].values())
    assert {one["of"] for one in found["risk"]["bounds"]} == {"files", "values", "canaries"}

    pack = unpacked(member(server, "lung"), "lung", evidence["id"], tmp_path / "pack")
    key = tmp_path / "server.pub"
    key.write_text(call(server, "GET", "/lung/evidence")["publicKey"])
    assert "5 originals, 5 files" in server.printed("deid", "evidence", "check", pack, "--key", key)
    whole = b"".join(path.read_bytes() for path in pack.iterdir())
    for image in images:
        assert not any(text.encode() in whole for text in names(image) | {image.PatientID, image.SOPInstanceUID})
    document = pack / "evidence.json"
    document.write_text(document.read_text().replace('"outputs"', '"output"'))
    changed = server.run("deid", "evidence", "check", pack, "--key", key)
    assert changed.returncode != 0 and "does not fit" in changed.stderr


def test_members_read_it_and_strangers_do_not(house: tuple[Isocenter, list[Dataset]]) -> None:
    server, _ = house
    rita = member(server, "lung")
    there = f"{server.url}/api/v1/projects/lung/evidence"
    assert rita.http.get(there, timeout=60).status_code == 200
    assert rita.http.post(there, json={}, timeout=60).status_code == 403
    server.printed("user", "add", "sam", "--role", "researcher")
    sam = Member(server, "lung", "sam")
    assert [sam.http.get(f"{there}{path}", timeout=60).status_code for path in ("", "/1", "/1/pack")] == [403] * 3
    project(server, "other")
    assert call(server, "GET", "/other/evidence")["evidence"] == []
    call(server, "GET", "/other/evidence/1", status=404)
    empty = gathered(server, "other")
    assert empty["state"] == "given-up" and "shows nothing" in empty["reason"]


def test_a_project_can_show_nothing_before_its_evidence_has_passed(house: tuple[Isocenter, list[Dataset]]) -> None:
    server, images = house
    project(server, "gated", needsEvidence=True)
    enrol(server, "gated", studies(images))
    rita = member(server, "gated")
    refused = rita.get("/studies")
    assert refused.status_code == 409 and kind(refused.json()) == "unproved"
    assert call(server, "GET", "/gated/coverage")["instances"] == 5, "who manages it looks all the same"
    assert gathered(server, "gated")["state"] == "passed"
    assert len(rita.find("/studies")) == 2
    now = call(server, "GET", "/gated")
    terms = {key: now[key] for key in ("title", "version", "needsEvidence")} | {"policy": "basic"}
    call(server, "PUT", "/gated", terms)
    settled(server, "gated")
    assert rita.get("/studies").status_code == 409, "another policy has to be proved anew"
    assert not call(server, "GET", "/gated/evidence")["evidence"][0]["current"]
    assert gathered(server, "gated")["state"] == "passed"
    assert len(rita.find("/studies")) == 2


def test_evidence_that_failed_shuts_the_project_again(house: tuple[Isocenter, list[Dataset]]) -> None:
    server, images = house
    project(server, "shut", needsEvidence=True)
    enrol(server, "shut", studies(images))
    rita = member(server, "shut")
    assert gathered(server, "shut")["state"] == "passed" and rita.get("/studies").status_code == 200
    lines = ["file sop_instance_uid tag attribute value action action_text", f"a.dcm {images[0].SOPInstanceUID} (0008,0060) Modality CT text_removed CT"]
    answers = "".join(line.replace(" ", "\t") + "\n" for line in lines)
    failed = gathered(server, "shut", answers=answers)
    assert failed["state"] == "failed" and failed["found"]["score"]["categories"]["HIPAA"]["failed"] == 1
    assert rita.get("/studies").status_code == 409


def test_an_answer_key_is_scored(tmp_path: Path) -> None:
    folder = shared("data/deid/synthetic-phi")
    answers = (folder / "answer_key.tsv").read_text()
    with running(tmp_path) as server:
        server.printed("import", folder)
        project(server, "scored")
        server.printed("project", "enrol", "scored", "--all")
        settled(server, "scored")
        refused = call(server, "POST", "/scored/evidence", {"answers": answers.replace("\tnote\t", "\tshout\t")}, 400)
        assert "line" in refused["detail"]
        score = gathered(server, "scored", answers=answers)
        assert score["scored"] and score["state"] == "passed", score
        categories = score["found"]["score"]["categories"]
        assert {name for name, count in categories.items() if count["passed"]} == {"HIPAA", "DICOM", "TCIA"}
        assert not any(count["failed"] for count in categories.values())
        wrong = "\n".join(line.replace("\ttext_removed\t", "\ttext_retained\t") for line in answers.splitlines())
        assert gathered(server, "scored", answers=wrong)["state"] == "failed"


def test_evidence_goes_on_after_a_kill_and_a_lost_answer_key_is_told(tmp_path: Path) -> None:
    images = exam(3, name="Staufer^Konstanze", patient="MRN-1194")
    answers = "file\tsop_instance_uid\ttag\tattribute\tvalue\taction\taction_text\n"
    with running(tmp_path) as server:
        server.stow(*map(encoded, images))
        project(server, "lung")
        enrol(server, "lung", studies(images))
        asked = [call(server, "POST", "/lung/evidence", body, 202)["id"] for body in ({}, {}, {"answers": answers})]
        server.kill()
        server.start()
        look = lambda: call(server, "GET", "/lung/evidence")["evidence"]  # noqa: E731
        ended = soon(look, lambda rows: all(row["state"] in ENDED for row in rows), 120)
        assert [row["id"] for row in ended] == asked[::-1]
        assert [row["state"] for row in ended[1:]] == ["passed", "passed"]
        last = ended[0]
        assert last["state"] == "passed" or "answer key went" in last["reason"]


def test_the_command_line_verifies_and_explains(tmp_path: Path) -> None:
    images = exam(2, name="Staufer^Konstanze", patient="MRN-1194")
    with running(tmp_path) as server:
        server.stow(*map(encoded, images))
        project(server, "lung")
        enrol(server, "lung", studies(images))
        told = server.printed("project", "verify", "lung", "--pack", tmp_path / "lung.zip")
        assert told.startswith("passed") and "canaries leak" in told
        assert set(zipfile.ZipFile(tmp_path / "lung.zip").namelist()) == {"policy.toml", "evidence.json", "evidence.md", "evidence.sig"}
        rita = member(server, "lung")
        [row, _] = rita.find("/instances")
        sop = row["00080018"]["Value"][0]
        explained = server.printed("project", "explain", "lung", sop)
        assert "policy public-sharing v" in explained
        assert "(0010,0010) PatientName: coded, " in explained
        assert "Staufer" not in explained and "MRN-1194" not in explained
        one = server.printed("project", "explain", "lung", sop, "--attribute", "StudyDate")
        assert "StudyDate: shifted" in one and "PatientName" not in one
        shown = rita.http.get(f"{server.url}/api/v1/projects/lung/explanations/{sop}", timeout=60)
        assert shown.status_code == 200 and "MRN-1194" not in shown.text and "Konstanze" not in shown.text
        for unknown in (images[0].SOPInstanceUID, "1.2.3"):
            assert rita.http.get(f"{server.url}/api/v1/projects/lung/explanations/{unknown}", timeout=60).status_code == 404
