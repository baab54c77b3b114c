"""DCMTK's programs against our doors: echoscu, storescu, dcmsend, findscu, getscu, movescu."""

from __future__ import annotations

from pathlib import Path

import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.pixels import pixel_array

import dcmtk
from isocenter import Isocenter
from samples import exam, instance, shared, write

SETTINGS = {"dimse.loopback_may_query": "true", "dimse.loopback_may_retrieve": "true"}

Exam = list[Dataset]


@pytest.fixture(scope="module")
def chest(server: Isocenter, tmp_path_factory: pytest.TempPathFactory) -> Exam:
    """An exam that storescu has sent."""
    slices = exam(12, patient="DCMTK1", name="Müller^Jörg")
    files = write(tmp_path_factory.mktemp("chest"), slices)
    dcmtk.succeeds("storescu", "-aec", "ISOCENTER", "localhost", server.dimse_port, *files)
    server.indexed(len(slices))
    return slices


def test_echo(server: Isocenter) -> None:
    dcmtk.succeeds("echoscu", "-aec", "ISOCENTER", "localhost", server.dimse_port)


def test_what_storescu_sends_is_there(server: Isocenter, chest: Exam) -> None:
    for sent in chest:
        held = server.original(sent.StudyInstanceUID, sent.SeriesInstanceUID, sent.SOPInstanceUID)
        assert held is not None
        read = pydicom.dcmread(pydicom.filebase.DicomBytesIO(held))
        assert read == sent and read.file_meta.SourceApplicationEntityTitle == "STORESCU"


def test_dcmsend_finds_its_own_contexts(server: Isocenter, tmp_path: Path) -> None:
    """Files of several classes and transfer syntaxes in one call."""
    classes = ("1.2.840.10008.5.1.4.1.1.4", "1.2.840.10008.5.1.4.1.1.7", "1.2.840.10008.5.1.4.1.1.2")
    images = [instance(), instance(syntax="1.2.840.10008.1.2"), instance()]
    for image, sop_class in zip(images, classes, strict=True):
        image.SOPClassUID = image.file_meta.MediaStorageSOPClassUID = sop_class
    write(tmp_path, images)
    report = tmp_path / "report.txt"
    dcmtk.succeeds("dcmsend", "-aec", "ISOCENTER", "+crf", report, "localhost", server.dimse_port, "+sd", tmp_path)
    assert report.read_text().count("0x0000") >= len(images)


@pytest.mark.parametrize(
    ("level", "asked", "matches"),
    [
        ("STUDY", {"PatientID": "DCMTK1"}, 1),
        ("STUDY", {"PatientName": "M*", "PatientID": "DCMTK?"}, 1),
        ("STUDY", {"StudyDate": "20260101-20260131", "PatientID": "DCMTK1"}, 1),
        ("STUDY", {"StudyDate": "-20251231", "PatientID": "DCMTK1"}, 0),
        ("STUDY", {"ModalitiesInStudy": "CT", "PatientID": "DCMTK1"}, 1),
        ("STUDY", {"ModalitiesInStudy": "MR", "PatientID": "DCMTK1"}, 0),
        ("SERIES", {"PatientID": "DCMTK1", "Modality": "CT"}, 1),
        ("IMAGE", {"PatientID": "DCMTK1", "InstanceNumber": ""}, 12),
        ("IMAGE", {"PatientID": "DCMTK1", "InstanceNumber": "7"}, 1),
    ],
)
def test_find(server: Isocenter, chest: Exam, tmp_path: Path, level: str, asked: dict[str, str], matches: int) -> None:
    uids = {"StudyInstanceUID": "", "SeriesInstanceUID": "", "SOPInstanceUID": ""}
    wanted = dict(list(uids.items())[: ("STUDY", "SERIES", "IMAGE").index(level) + 1])
    found = dcmtk.find(tmp_path / "found", server.dimse_port, "-S", QueryRetrieveLevel=level, **wanted, **asked)
    assert len(found) == matches
    assert all(one.StudyInstanceUID == chest[0].StudyInstanceUID for one in found)


def test_patients_are_found_by_patient_root(server: Isocenter, chest: Exam, tmp_path: Path) -> None:
    (one,) = dcmtk.find(
        tmp_path / "found", server.dimse_port, "-P", QueryRetrieveLevel="PATIENT", PatientID="DCMTK1", PatientName=""
    )
    assert str(one.PatientName) == "Müller^Jörg"


def same_files(folder: Path, sent: Exam) -> None:
    received = {image.SOPInstanceUID: image for image in map(pydicom.dcmread, folder.iterdir())}
    assert received.keys() == {image.SOPInstanceUID for image in sent}
    for image in sent:
        assert received[image.SOPInstanceUID] == image


def study_keys(study: str) -> list[str]:
    return dcmtk.keys(QueryRetrieveLevel="STUDY", StudyInstanceUID=study)


@pytest.mark.parametrize("root", ["-S", "-P", "-O"])
def test_getscu_gets_the_exam(server: Isocenter, chest: Exam, tmp_path: Path, root: str) -> None:
    keys = study_keys(chest[0].StudyInstanceUID) + dcmtk.keys(PatientID="DCMTK1")
    dcmtk.succeeds("getscu", root, "-aec", "ISOCENTER", "-od", tmp_path, *keys, "localhost", server.dimse_port)
    same_files(tmp_path, chest)


def move(server: Isocenter, study: str, folder: Path, *options: str) -> None:
    """movescu asks us to send an exam to itself."""
    port = dcmtk.free_port()
    server.add_peer("mover", "MOVESCU", "--host", "127.0.0.1", "--port", str(port), may=("query", "retrieve"))
    where = ("-aec", "ISOCENTER", "-aem", "MOVESCU", "+P", port, "-od", folder)
    dcmtk.succeeds("movescu", "-S", *options, *where, *study_keys(study), "localhost", server.dimse_port)


def test_movescu_moves_the_exam_to_itself(server: Isocenter, chest: Exam, tmp_path: Path) -> None:
    move(server, chest[0].StudyInstanceUID, tmp_path)
    same_files(tmp_path, chest)


def test_an_unknown_destination_is_refused(server: Isocenter, chest: Exam, tmp_path: Path) -> None:
    keys = study_keys(chest[0].StudyInstanceUID)
    where = ("-v", "-aec", "ISOCENTER", "-aem", "NOWHERE", "+P", dcmtk.free_port(), "-od", tmp_path)
    done = dcmtk.run("movescu", "-S", *where, *keys, "localhost", server.dimse_port)
    assert "MoveDestinationUnknown" in done.stdout.replace(" ", ""), done.stdout
    assert not list(tmp_path.iterdir())


def test_a_compressed_exam_is_decoded_for_who_takes_no_other(server: Isocenter, tmp_path: Path) -> None:
    """A real CT exam in JPEG 2000, moved to a peer that takes implicit VR little endian alone."""
    files = sorted(shared("data/series/crlm-ct-1004").rglob("*.dcm"))[:5]
    store = ("-xv", "-aec", "ISOCENTER", "localhost", server.dimse_port)
    before = server.held()
    dcmtk.succeeds("storescu", *store, *files)
    server.indexed(before + len(files))
    sent = {image.SOPInstanceUID: image for image in map(pydicom.dcmread, files)}
    move(server, next(iter(sent.values())).StudyInstanceUID, tmp_path, "+xi")
    received = list(map(pydicom.dcmread, tmp_path.iterdir()))
    assert len(received) == len(sent)
    for image in received:
        assert image.file_meta.TransferSyntaxUID == pydicom.uid.ImplicitVRLittleEndian
        assert (pixel_array(image) == pixel_array(sent[image.SOPInstanceUID])).all()
