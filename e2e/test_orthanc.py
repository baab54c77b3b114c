"""Orthanc as peer PACS: what it asks of us, and what we ask of it from the command line."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import pydicom
import pytest
from pydicom.dataset import Dataset

import orthanc
from isocenter import Isocenter, soon
from orthanc import DICOMWEB, Orthanc
from samples import encoded, exam

Exam = list[Dataset]


@pytest.fixture(scope="module")
def pacs(server: Isocenter, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Orthanc]:
    with orthanc.running(tmp_path_factory.mktemp("orthanc"), server) as pacs:
        where = ("--host", "127.0.0.1", "--port", str(pacs.dicom_port))
        server.add_peer("pacs", orthanc.TITLE, *where, may=("store", "query", "retrieve"))
        yield pacs


@pytest.fixture(scope="module")
def theirs(pacs: Orthanc) -> Exam:
    """An exam that only Orthanc has."""
    images = exam(4, patient="THEIRS", name="Müller^Jörg")
    for image in images:
        pacs.store(encoded(image))
    return images


@pytest.fixture(scope="module")
def ours(server: Isocenter) -> Exam:
    """An exam that only we have."""
    images = exam(3, patient="OURS")
    server.stow(*map(encoded, images))
    return images


# We ask


def test_echo(server: Isocenter, pacs: Orthanc) -> None:
    assert "pacs answered in" in server.printed("peer", "echo", "pacs")


def test_a_peer_that_does_not_answer_is_told(server: Isocenter, pacs: Orthanc) -> None:
    server.add_peer("gone", "GONE", "--host", "127.0.0.1", "--port", "1", may=("store",))
    failed = server.run("peer", "echo", "gone")
    assert failed.returncode == 1 and failed.stderr.startswith("error: "), failed.stderr


def test_query(server: Isocenter, pacs: Orthanc, theirs: Exam) -> None:
    found = server.printed(
        "peer", "query", "pacs", "PatientID=THEIRS", "PatientName=", "StudyDate=", "StudyInstanceUID="
    )
    assert len(found.splitlines()) == 1
    assert "PatientName=Müller^Jörg" in found and f"StudyInstanceUID={theirs[0].StudyInstanceUID}" in found
    keys = (f"StudyInstanceUID={theirs[0].StudyInstanceUID}", f"SeriesInstanceUID={theirs[0].SeriesInstanceUID}")
    images = json.loads(server.printed("peer", "query", "pacs", "--level", "image", "--json", *keys, "SOPInstanceUID="))
    assert {one["00080018"]["Value"][0] for one in images} == {image.SOPInstanceUID for image in theirs}


def test_fetch(server: Isocenter, pacs: Orthanc, theirs: Exam) -> None:
    """By C-MOVE to us: the exam is here afterwards, with where it came from."""
    said = server.printed("peer", "fetch", "pacs", theirs[0].StudyInstanceUID)
    assert "done: 4 of 4 instances" in said, said
    found = soon(lambda: server.find("/instances", PatientID="THEIRS"), lambda found: len(found) == 4)
    for one in found:
        held = server.original(*(one[tag]["Value"][0] for tag in ("0020000D", "0020000E", "00080018")))
        assert held is not None and pydicom.dcmread(io.BytesIO(held)) in theirs
    sources = server.json(f"/api/v1/exams/{theirs[0].StudyInstanceUID}")["sources"]
    assert any("ORTHANC" in source.get("peer", "") for source in sources), sources


def test_send(server: Isocenter, pacs: Orthanc, ours: Exam) -> None:
    said = server.printed("peer", "send", "pacs", ours[0].StudyInstanceUID, "--rate", "50")
    assert "done: 3 of 3 instances" in said, said
    (study,) = pacs.find("Study", PatientID="OURS")
    instances = [one["ID"] for one in pacs.get(f"/studies/{study}/instances")]
    received = [pydicom.dcmread(io.BytesIO(pacs.file(one))) for one in instances]
    assert len(received) == 3 and all(image in ours for image in received)


def test_what_the_peer_does_not_have_is_told(server: Isocenter, pacs: Orthanc) -> None:
    said = server.run("peer", "send", "pacs", "1.2.3.4.5", "--background")
    assert said.returncode in (0, 1)
    assert "error" in said.stderr or "send pacs 1.2.3.4.5" in said.stdout


# Orthanc asks


def test_orthanc_echoes_and_stores(server: Isocenter, pacs: Orthanc) -> None:
    images = exam(5, patient="PUSHED")
    for image in images:
        pacs.store(encoded(image))
    pacs.post("/modalities/isocenter/echo", {})
    (study,) = pacs.find("Study", PatientID="PUSHED")
    done = pacs.post("/modalities/isocenter/store", study)
    assert done["FailedInstancesCount"] == 0 and done["InstancesCount"] == 5
    found = soon(lambda: server.find("/instances", PatientID="PUSHED"), lambda found: len(found) == 5)
    assert {one["00080018"]["Value"][0] for one in found} == {image.SOPInstanceUID for image in images}


def test_orthanc_queries_and_retrieves(server: Isocenter, pacs: Orthanc, ours: Exam) -> None:
    asked = {"Level": "Study", "Query": {"PatientID": "OURS", "StudyDescription": ""}}
    query = pacs.post("/modalities/isocenter/query", asked)["ID"]
    assert pacs.get(f"/queries/{query}/answers") == ["0"]
    content = pacs.get(f"/queries/{query}/answers/0/content?simplify")
    assert (content["StudyInstanceUID"], content["StudyDescription"]) == (ours[0].StudyInstanceUID, "Chest")
    before = set(pacs.find("Instance", PatientID="OURS"))
    for one in before:
        pacs.delete(one)
    pacs.post(f"/queries/{query}/answers/0/retrieve", {"TargetAet": orthanc.TITLE, "Synchronous": True})
    received = [pydicom.dcmread(io.BytesIO(pacs.file(one))) for one in pacs.find("Instance", PatientID="OURS")]
    assert len(received) == 3 and all(image in ours for image in received)


# Its DICOMweb client


@pytest.mark.skipif(not DICOMWEB.exists(), reason="Orthanc's DICOMweb plugin (orthanc-dicomweb) is not installed")
def test_orthanc_speaks_dicomweb_with_us(server: Isocenter, pacs: Orthanc, ours: Exam) -> None:
    images = exam(3, patient="WEB")
    for image in images:
        pacs.store(encoded(image))
    (study,) = pacs.find("Study", PatientID="WEB")
    pacs.post("/dicom-web/servers/isocenter/stow", {"Resources": [study], "Synchronous": True})
    soon(lambda: server.find("/instances", PatientID="WEB"), lambda found: len(found) == 3)
    answer = pacs.post("/dicom-web/servers/isocenter/qido", {"Uri": "/studies", "Arguments": {"PatientID": "WEB"}})
    assert len(answer) == 1
    pacs.post(
        "/dicom-web/servers/isocenter/retrieve",
        {"Resources": [{"Study": ours[0].StudyInstanceUID}], "Synchronous": True},
    )
    assert len(pacs.find("Instance", PatientID="OURS")) == 3
