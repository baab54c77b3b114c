"""C-FIND, C-GET and C-MOVE with pynetdicom: every level, kind of match and character set."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from pydicom.dataset import Dataset
from pydicom.pixels import pixel_array
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian, RLELossless, generate_uid
from pynetdicom import AE, build_context, build_role, evt
from pynetdicom.pdu_primitives import SOPClassExtendedNegotiation
from pynetdicom.sop_class import (
    CTImageStorage,
    PatientRootQueryRetrieveInformationModelFind,
    PatientRootQueryRetrieveInformationModelGet,
    StudyRootQueryRetrieveInformationModelFind,
    StudyRootQueryRetrieveInformationModelGet,
    StudyRootQueryRetrieveInformationModelMove,
)

import dcmtk
from isocenter import Isocenter, soon
from samples import encoded, exam, instance, ready
from store import association, send_all

SETTINGS = {"dimse.loopback_may_query": "true", "dimse.loopback_may_retrieve": "true"}
PATIENT, STUDY = PatientRootQueryRetrieveInformationModelFind, StudyRootQueryRetrieveInformationModelFind

# Names as PS3.5 Annexes H, I, J and K give them, and others; each in the character set it is written in.
NAMES = {
    "ISO_IR 100": "Buc^Jérôme",
    "ISO_IR 144": "Люкceмбypг",
    "ISO_IR 126": "Διονυσιος",
    "ISO_IR 138": "שרון^דבורה",
    "ISO_IR 127": "قباني^لنزار",
    "ISO_IR 192": "Wang^XiaoDong=王^小东",
    "GB18030": "Wang^XiaoDong=王^小东",
    "\\ISO 2022 IR 87": "Yamada^Tarou=山田^太郎=やまだ^たろう",
    "ISO 2022 IR 13\\ISO 2022 IR 87": "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう",
    "\\ISO 2022 IR 149": "Hong^Gildong=洪^吉洞=홍^길동",
}


@pytest.fixture(scope="module")
def held(server: Isocenter) -> list[Dataset]:
    """Two exams of one patient, and one image for each character set."""
    images = exam(5, patient="Q1", name="Doe^Jane") + exam(2, patient="Q1", name="Doe^Jane")
    for image in images[5:]:
        image.StudyDate, image.StudyTime, image.Modality, image.AccessionNumber = "20270304", "231500", "MR", "B2"
        image.RequestAttributesSequence = Sequence([Dataset()])
        image.RequestAttributesSequence[0].ScheduledProcedureStepID = "STEP7"
    for number, (charset, name) in enumerate(NAMES.items()):
        image = instance(patient=f"CS{number}", name=name)
        image.SpecificCharacterSet = charset.split("\\")
        images.append(image)
    for _, answer in send_all(server.dimse_port, map(ready, images)):
        assert answer is not None and answer.status == 0
    server.indexed(len(images))
    return images


def identifier(level: str, **keys: object) -> Dataset:
    made = Dataset()
    made.QueryRetrieveLevel = level
    for keyword, value in keys.items():
        setattr(made, keyword, value)
    return made


def find(server: Isocenter, model: str, asked: Dataset, syntax: str = ExplicitVRLittleEndian, **more) -> list[Dataset]:
    with association(server.dimse_port, [build_context(model, syntax)], **more) as made:
        answers = list(made.send_c_find(asked, model))
    assert answers[-1][0].Status == 0, f"{answers[-1][0]}"
    assert all(status.Status in (0xFF00, 0xFF01) for status, _ in answers[:-1])
    return [match for _, match in answers[:-1]]


def test_every_level_of_both_roots(server: Isocenter, held: list[Dataset]) -> None:
    first, other = held[0], held[5]
    study = {"StudyInstanceUID": first.StudyInstanceUID}
    series = study | {"SeriesInstanceUID": first.SeriesInstanceUID}
    patient = {"PatientID": "Q1"}

    def count(model: str, level: str, **keys: object) -> int:
        return len(find(server, model, identifier(level, **keys)))

    assert count(PATIENT, "PATIENT", PatientID="Q1", PatientName="") == 1
    assert count(PATIENT, "STUDY", StudyInstanceUID="", **patient) == 2
    assert count(PATIENT, "SERIES", SeriesInstanceUID="", **patient, **study) == 1
    assert count(PATIENT, "IMAGE", SOPInstanceUID="", **patient, **series) == 5
    assert count(STUDY, "STUDY", StudyInstanceUID="", **patient) == 2
    assert count(STUDY, "SERIES", SeriesInstanceUID="", **study) == 1
    assert count(STUDY, "IMAGE", SOPInstanceUID="", **series) == 5
    assert count(STUDY, "IMAGE", SOPInstanceUID=[held[1].SOPInstanceUID, held[3].SOPInstanceUID], **series) == 2
    (one,) = find(
        server,
        STUDY,
        identifier(
            "STUDY",
            StudyInstanceUID=other.StudyInstanceUID,
            ModalitiesInStudy="",
            NumberOfStudyRelatedInstances="",
            NumberOfStudyRelatedSeries="",
        ),
    )
    assert (one.ModalitiesInStudy, one.NumberOfStudyRelatedInstances, one.NumberOfStudyRelatedSeries) == ("MR", 2, 1)
    assert one.RetrieveAETitle == "ISOCENTER"


@pytest.mark.parametrize(
    ("keys", "matches"),
    [
        ({"PatientName": "Doe^Jane"}, 2),
        ({"PatientName": "doe^j*"}, 2),
        ({"PatientName": "D?e^*"}, 2),
        ({"PatientName": "*ane"}, 2),
        ({"AccessionNumber": "B2"}, 1),
        ({"StudyDate": "20270304"}, 1),
        ({"StudyDate": "20260101-20261231"}, 1),
        ({"StudyDate": "20270101-"}, 1),
        ({"StudyDate": "-20251231"}, 0),
        ({"StudyTime": "2300-2359"}, 1),
        ({"StudyDate": "", "StudyTime": ""}, 2),
        ({"ModalitiesInStudy": ["MR", "PT"]}, 1),
    ],
)
def test_every_kind_of_match(server: Isocenter, held: list[Dataset], keys: dict[str, object], matches: int) -> None:
    found = find(server, STUDY, identifier("STUDY", StudyInstanceUID="", PatientID="Q1", **keys))
    assert len(found) == matches


def test_a_sequence_matches_by_its_item(server: Isocenter, held: list[Dataset]) -> None:
    for step, matches in (("STEP7", 1), ("STEP8", 0)):
        asked = identifier("SERIES", SeriesInstanceUID="", PatientID="Q1", Modality="")
        item = Dataset()
        item.ScheduledProcedureStepID = step
        asked.RequestAttributesSequence = Sequence([item])
        found = find(server, STUDY, asked, ext_neg=[relational()])
        assert len(found) == matches
        assert all(one.RequestAttributesSequence[0].ScheduledProcedureStepID == step for one in found)


def test_dates_and_times_are_combined_where_that_is_agreed(server: Isocenter, held: list[Dataset]) -> None:
    """One range of moments, or a range of days and one of times of day."""
    combined = SOPClassExtendedNegotiation()
    combined.sop_class_uid, combined.service_class_application_information = STUDY, bytes([1, 1, 0])
    asked = identifier(
        "STUDY", StudyInstanceUID="", PatientID="Q1", StudyDate="20260102-20270304", StudyTime="1000-2330"
    )
    assert len(find(server, STUDY, asked)) == 2, "each for itself"
    asked.StudyTime = "2330-1000"
    assert not find(server, STUDY, asked), "no time is after 23:30 and before 10:00"
    asked.StudyDate = "20260101-20270304"
    (match,) = find(server, STUDY, asked, ext_neg=[combined])
    assert match.StudyDate == "20260102", "the other one is at 23:15 of the last day"


def test_a_time_zone_is_not_used_and_that_is_told(server: Isocenter, held: list[Dataset]) -> None:
    asked = identifier("STUDY", StudyInstanceUID="", PatientID="Q1", TimezoneOffsetFromUTC="+0900")
    with association(server.dimse_port, [build_context(STUDY)]) as made:
        statuses = [status.Status for status, _ in made.send_c_find(asked, STUDY)]
    assert statuses == [0xFF01, 0xFF01, 0x0000]


def test_thousands_of_uids_in_one_key(server: Isocenter, held: list[Dataset]) -> None:
    uids = [generate_uid() for _ in range(3000)]
    uids[1234] = held[5].StudyInstanceUID
    (match,) = find(server, STUDY, identifier("STUDY", StudyInstanceUID=uids))
    assert match.StudyInstanceUID == held[5].StudyInstanceUID
    some = ",".join(map(str, uids[1000:1400]))
    assert [one["0020000D"]["Value"][0] for one in server.find("/studies", StudyInstanceUID=some)] == [uids[1234]]


def relational() -> SOPClassExtendedNegotiation:
    made = SOPClassExtendedNegotiation()
    made.sop_class_uid, made.service_class_application_information = STUDY, bytes([1, 0, 1])
    return made


def test_names_are_found_and_told_in_every_character_set(server: Isocenter, held: list[Dataset]) -> None:
    for number, (charset, name) in enumerate(NAMES.items()):
        asked = Dataset()
        asked.SpecificCharacterSet = charset.split("\\")
        asked.QueryRetrieveLevel, asked.StudyInstanceUID = "STUDY", ""
        asked.PatientID, asked.PatientName = f"CS{number}", name
        for syntax in (ImplicitVRLittleEndian, ExplicitVRLittleEndian):
            (match,) = find(server, STUDY, asked, syntax)
            assert str(match.PatientName) == name, charset
        # Whoever asks in ASCII is answered in UTF-8, which has every letter (or in ASCII, if that will do).
        (match,) = find(
            server, STUDY, identifier("STUDY", StudyInstanceUID="", PatientID=f"CS{number}", PatientName="")
        )
        assert str(match.PatientName) == name, charset


def test_fuzzy_names_after_negotiation(server: Isocenter, held: list[Dataset]) -> None:
    fuzzy = SOPClassExtendedNegotiation()
    fuzzy.sop_class_uid, fuzzy.service_class_application_information = STUDY, bytes([1, 0, 1])
    asked = identifier("STUDY", StudyInstanceUID="", PatientID="Q1", PatientName="jane doe")
    assert not find(server, STUDY, asked)
    assert len(find(server, STUDY, asked, ext_neg=[fuzzy])) == 2


def test_a_question_that_makes_no_sense_is_refused(server: Isocenter, held: list[Dataset]) -> None:
    with association(server.dimse_port, [build_context(STUDY)]) as made:
        for asked in (identifier("PATIENT", PatientID="Q1"), identifier("SHELF", PatientID="Q1"), Dataset()):
            asked.StudyInstanceUID = ""
            ((status, _),) = made.send_c_find(asked, STUDY)
            assert status.Status in (0xA900, 0xC000) or 0xC000 <= status.Status <= 0xCFFF, f"{status.Status:04X}"


def test_a_find_can_be_cancelled(server: Isocenter) -> None:
    """With many matches under way the answer ends in FE00; an answer that was quicker, in 0000."""
    server.stow(*map(encoded, exam(400, patient="MANY")))
    asked = identifier("IMAGE", PatientID="MANY", StudyInstanceUID="", SeriesInstanceUID="", SOPInstanceUID="")
    with association(server.dimse_port, [build_context(STUDY)], ext_neg=[relational()]) as made:
        statuses = []
        for number, (status, _) in enumerate(made.send_c_find(asked, STUDY, msg_id=7)):
            if number == 0:
                made.send_c_cancel(7, query_model=STUDY)
            statuses.append(status.Status)
        assert statuses[-1] in (0xFE00, 0x0000)
        assert made.is_established
    assert len(find(server, STUDY, asked)) == 400


# C-GET


def get(server: Isocenter, keys: Dataset, syntaxes: list[str], refuse: bool = False) -> tuple[Dataset, list[Dataset]]:
    """The last answer and what came."""
    received: list[Dataset] = []

    def take(event: evt.Event) -> int:
        image = event.dataset
        image.file_meta = event.file_meta
        received.append(image)
        return 0xA700 if refuse else 0x0000

    model = StudyRootQueryRetrieveInformationModelGet
    contexts = [build_context(model), build_context(CTImageStorage, syntaxes)]
    role = build_role(CTImageStorage, scp_role=True, scu_role=True)
    with association(server.dimse_port, contexts, ext_neg=[role], evt_handlers=[(evt.EVT_C_STORE, take)]) as made:
        answers = list(made.send_c_get(keys, model))
    return answers[-1][0], received


def test_get_by_exam_series_and_instance(server: Isocenter, held: list[Dataset]) -> None:
    one = held[0]
    study = {"StudyInstanceUID": one.StudyInstanceUID}
    series = study | {"SeriesInstanceUID": one.SeriesInstanceUID}
    for level, keys, number in (
        ("STUDY", study, 5),
        ("SERIES", series, 5),
        ("IMAGE", series | {"SOPInstanceUID": [held[1].SOPInstanceUID, held[2].SOPInstanceUID]}, 2),
    ):
        status, received = get(server, identifier(level, **keys), [ExplicitVRLittleEndian])
        assert (status.Status, status.NumberOfCompletedSuboperations) == (0, number), level
        by_uid = {image.SOPInstanceUID: image for image in received}
        assert len(by_uid) == number and all(
            by_uid[i.SOPInstanceUID] == i for i in held[:5] if i.SOPInstanceUID in by_uid
        )


def test_get_gives_what_the_peer_takes(server: Isocenter, held: list[Dataset]) -> None:
    """Transcoded without loss where it takes other transfer syntaxes."""
    keys = identifier(
        "IMAGE",
        StudyInstanceUID=held[0].StudyInstanceUID,
        SeriesInstanceUID=held[0].SeriesInstanceUID,
        SOPInstanceUID=held[0].SOPInstanceUID,
    )
    for syntax in (ImplicitVRLittleEndian, "1.2.840.10008.1.2.2", RLELossless, "1.2.840.10008.1.2.4.80"):
        status, (image,) = get(server, keys, [syntax])
        assert status.Status == 0 and image.file_meta.TransferSyntaxUID == syntax
        assert (pixel_array(image) == pixel_array(held[0])).all(), syntax
    status, received = get(server, keys, ["1.2.840.10008.1.2.4.100"])
    assert not received and status.Status in (0xB000, 0xA702) and status.NumberOfFailedSuboperations == 1


def test_what_the_peer_refuses_is_counted(server: Isocenter, held: list[Dataset]) -> None:
    status, received = get(
        server, identifier("STUDY", StudyInstanceUID=held[0].StudyInstanceUID), [ExplicitVRLittleEndian], refuse=True
    )
    assert len(received) == 5
    assert status.Status in (0xA702, 0xB000) and status.NumberOfFailedSuboperations == 5


def test_patient_root_gets_all_exams_of_a_patient(server: Isocenter, held: list[Dataset]) -> None:
    received: list[str] = []
    model = PatientRootQueryRetrieveInformationModelGet
    contexts = [build_context(model), build_context(CTImageStorage)]
    role = build_role(CTImageStorage, scp_role=True, scu_role=True)
    take = (evt.EVT_C_STORE, lambda event: received.append(event.request.AffectedSOPInstanceUID) or 0)
    with association(server.dimse_port, contexts, ext_neg=[role], evt_handlers=[take]) as made:
        *_, (status, _) = made.send_c_get(identifier("PATIENT", PatientID="Q1"), model)
    assert status.Status == 0 and set(received) == {image.SOPInstanceUID for image in held[:7]}


# C-MOVE


@contextmanager
def store_scp(server: Isocenter, title: str, take) -> Iterator[None]:
    """A storage SCP that is entered as a peer."""
    ae = AE(ae_title=title)
    ae.add_supported_context(CTImageStorage, [ExplicitVRLittleEndian, ImplicitVRLittleEndian])
    scp = ae.start_server(("127.0.0.1", 0), block=False, evt_handlers=[(evt.EVT_C_STORE, take)])
    port = scp.socket.getsockname()[1]
    server.add_peer(title.lower(), title, "--host", "127.0.0.1", "--port", str(port), may=("query", "retrieve"))
    try:
        yield
    finally:
        scp.shutdown()


def move(server: Isocenter, study: str, title: str) -> tuple[Dataset, list[Dataset]]:
    model = StudyRootQueryRetrieveInformationModelMove
    with association(server.dimse_port, [build_context(model)]) as made:
        answers = list(made.send_c_move(identifier("STUDY", StudyInstanceUID=study), title, model))
    return answers[-1][0], [status for status, _ in answers]


def test_move_to_a_known_peer(server: Isocenter, held: list[Dataset]) -> None:
    received: list[Dataset] = []

    def take(event: evt.Event) -> int:
        assert event.request.MoveOriginatorApplicationEntityTitle == "E2E"
        received.append(event.dataset)
        return 0

    with store_scp(server, "TAKER", take):
        status, steps = move(server, held[0].StudyInstanceUID, "TAKER")
    assert (status.Status, status.NumberOfCompletedSuboperations) == (0, 5)
    assert {image.SOPInstanceUID for image in received} == {image.SOPInstanceUID for image in held[:5]}
    assert all(step.Status in (0xFF00, 0) for step in steps)


def test_move_tells_what_failed(server: Isocenter, held: list[Dataset]) -> None:
    calls: list[int] = []
    with store_scp(server, "MOODY", lambda event: calls.append(1) or (0xA700 if len(calls) % 2 else 0)):
        status, _ = move(server, held[0].StudyInstanceUID, "MOODY")
    assert status.Status == 0xB000
    assert (status.NumberOfCompletedSuboperations, status.NumberOfFailedSuboperations) == (2, 3)


def test_move_to_nobody_or_of_nothing(server: Isocenter, held: list[Dataset]) -> None:
    status, _ = move(server, held[0].StudyInstanceUID, "NOBODY")
    assert status.Status == 0xA801
    server.add_peer("deaf", "DEAF", "--host", "127.0.0.1", "--port", str(dcmtk.free_port()), may=("retrieve",))
    status, _ = move(server, held[0].StudyInstanceUID, "DEAF")
    assert status.Status in (0xA702, 0xB000) and status.NumberOfFailedSuboperations == 5
    with store_scp(server, "IDLE", lambda event: 0):
        status, _ = move(server, generate_uid(), "IDLE")
    assert status.Status == 0 and not status.get("NumberOfCompletedSuboperations")


def test_who_may_not_ask_is_not_answered(server: Isocenter, held: list[Dataset]) -> None:
    server.add_peer("scanner", "SCANNER", may=("store",))
    contexts = [
        build_context(STUDY),
        build_context(CTImageStorage),
        build_context(StudyRootQueryRetrieveInformationModelMove),
    ]
    with association(server.dimse_port, contexts, title="SCANNER") as made:
        assert [str(c.abstract_syntax) for c in made.accepted_contexts] == [CTImageStorage]
    soon(lambda: server.find("/studies", PatientID="Q1"), lambda found: len(found) == 2)
