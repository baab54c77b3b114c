"""The same exams here and in Orthanc, the same questions to both by C-FIND: the same matches, but where
Orthanc is known to differ from PS3.4."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pydicom.dataset import Dataset
from pynetdicom import build_context
from pynetdicom.sop_class import (
    PatientRootQueryRetrieveInformationModelFind,
    StudyRootQueryRetrieveInformationModelFind,
)

import orthanc
from isocenter import Isocenter
from orthanc import Orthanc
from samples import encoded, exam
from store import associate

SETTINGS = {"dimse.loopback_may_query": "true"}
PATIENT, STUDY = PatientRootQueryRetrieveInformationModelFind, StudyRootQueryRetrieveInformationModelFind

EXAMS = [
    {"PatientID": "A-1", "PatientName": "Doe^Jane", "StudyDate": "20260102", "StudyTime": "081500", "Modality": "CT"},
    {"PatientID": "A-1", "PatientName": "Doe^Jane", "StudyDate": "20260305", "StudyTime": "235959", "Modality": "MR"},
    {"PatientID": "A-2", "PatientName": "DOE^JOHN", "StudyDate": "20260305", "StudyTime": "120000.5", "Modality": "CT"},
    {"PatientID": "B_1", "PatientName": "Müller^Jörg", "StudyDate": "20251231", "StudyTime": "0000", "Modality": "US"},
    {"PatientID": "B%1", "PatientName": "Yamada^Tarou=山田^太郎", "StudyDate": "20270101", "StudyTime": "12", "Modality": "CT"},
]


@pytest.fixture(scope="module")
def both(server: Isocenter, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Orthanc]:
    with orthanc.running(tmp_path_factory.mktemp("orthanc"), server) as pacs:
        for number, about in enumerate(EXAMS):
            images = exam(2)
            for image in images:
                for keyword, value in about.items():
                    setattr(image, keyword, value)
                image.AccessionNumber, image.StudyDescription = f"ACC{number}", f"Chest [{number}]"
            server.stow(*map(encoded, images))
            for image in images:
                pacs.store(encoded(image))
        yield pacs


def found(port: int, called: str, model: str, level: str, keys: dict[str, object]) -> list[tuple[str, ...]]:
    asked = Dataset()
    asked.SpecificCharacterSet = "ISO_IR 192"
    asked.QueryRetrieveLevel = level
    for keyword in {"PATIENT": ("PatientID",), "STUDY": ("StudyInstanceUID", "AccessionNumber")}.get(
        level, ("StudyInstanceUID", "SeriesInstanceUID")
    ):
        setattr(asked, keyword, "")
    for keyword, value in keys.items():
        setattr(asked, keyword, value)
    made = associate(port, [build_context(model)], called=called)
    assert made.is_established
    try:
        answers = list(made.send_c_find(asked, model))
    finally:
        made.release()
    assert answers[-1][0].Status == 0, f"{called}: {answers[-1][0]}"
    names = ("PatientID", "StudyInstanceUID", "SeriesInstanceUID")
    return sorted(tuple(str(match.get(name, "")) for name in names if name in asked) for _, match in answers[:-1])


@pytest.mark.parametrize(
    ("level", "keys", "matches"),
    [
        ("STUDY", {}, 5),
        ("STUDY", {"PatientID": "A-1"}, 2),
        ("STUDY", {"PatientID": "A-*"}, 3),
        ("STUDY", {"PatientID": "A-?"}, 3),
        ("STUDY", {"PatientID": "B_1"}, 1),
        ("STUDY", {"PatientID": "B%1"}, 1),
        ("STUDY", {"PatientID": "B?1"}, 2),
        ("STUDY", {"PatientName": "doe^*"}, 3),
        ("STUDY", {"PatientName": "DOE^J*"}, 3),
        ("STUDY", {"PatientName": "*oe^j?n*"}, 2),
        ("STUDY", {"StudyDate": "20260305"}, 2),
        ("STUDY", {"StudyDate": "20260101-20261231"}, 3),
        ("STUDY", {"StudyDate": "-20260102"}, 2),
        ("STUDY", {"StudyDate": "20260305-"}, 3),
        ("STUDY", {"StudyDate": "20260305-20260305"}, 2),
        ("STUDY", {"AccessionNumber": "ACC3"}, 1),
        ("STUDY", {"AccessionNumber": "ACC?"}, 5),
        ("STUDY", {"StudyDescription": "Chest [2]"}, 1),
        ("STUDY", {"StudyDescription": "Chest [*"}, 5),
        ("STUDY", {"ModalitiesInStudy": "CT"}, 3),
        ("STUDY", {"ModalitiesInStudy": ["MR", "US"]}, 2),
        ("STUDY", {"ModalitiesInStudy": "CT", "StudyDate": "20260305"}, 1),
        ("STUDY", {"PatientID": "", "PatientName": ""}, 5),
        ("STUDY", {"PatientID": "nobody"}, 0),
        ("SERIES", {"PatientID": "A-1", "Modality": "MR"}, 1),
        ("SERIES", {"Modality": "CT"}, 3),
        ("PATIENT", {}, 4),
        ("PATIENT", {"PatientName": "doe*"}, 2),
        ("PATIENT", {"PatientID": "A-1", "PatientName": "*"}, 1),
    ],
)
def test_both_find_the_same(
    server: Isocenter, both: Orthanc, level: str, keys: dict[str, object], matches: int
) -> None:
    model = PATIENT if level == "PATIENT" else STUDY
    ours = found(server.dimse_port, "ISOCENTER", model, level, keys)
    theirs = found(both.dicom_port, orthanc.TITLE, model, level, keys)
    assert len(ours) == matches, "what PS3.4 says"
    assert ours == theirs


def test_lists_of_uids_find_the_same(server: Isocenter, both: Orthanc) -> None:
    every = found(server.dimse_port, "ISOCENTER", STUDY, "STUDY", {"PatientID": "A-*"})
    uids = [row[-1] for row in every]
    for asked in (uids[:1], uids[1:], [*uids, "1.2.3"]):
        ours = found(server.dimse_port, "ISOCENTER", STUDY, "STUDY", {"StudyInstanceUID": asked})
        theirs = found(both.dicom_port, orthanc.TITLE, STUDY, "STUDY", {"StudyInstanceUID": asked})
        assert [row[-1] for row in ours] == [row[-1] for row in theirs] == sorted(set(asked) & set(uids))
