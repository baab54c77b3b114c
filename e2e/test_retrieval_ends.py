"""How C-GET and C-MOVE end: cancelled, in part, broken off by the peer; and that what is deleted is at no
door until it is restored."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian
from pynetdicom import AE, build_context, build_role, evt
from pynetdicom.sop_class import (
    CTImageStorage,
    MRImageStorage,
    StudyRootQueryRetrieveInformationModelFind,
    StudyRootQueryRetrieveInformationModelGet,
    StudyRootQueryRetrieveInformationModelMove,
)

from isocenter import Isocenter, soon
from samples import encoded, exam, instance, ready
from store import associate, association

SETTINGS = {"dimse.loopback_may_query": "true", "dimse.loopback_may_retrieve": "true"}
FIND, GET, MOVE = (
    StudyRootQueryRetrieveInformationModelFind,
    StudyRootQueryRetrieveInformationModelGet,
    StudyRootQueryRetrieveInformationModelMove,
)
PLAIN = [ExplicitVRLittleEndian, ImplicitVRLittleEndian]
MESSAGE = 77


@pytest.fixture(scope="module")
def held(server: Isocenter) -> list[Dataset]:
    """An exam of twenty slices."""
    images = exam(20, patient="ENDS")
    server.stow(*map(encoded, images))
    return images


def study(images: list[Dataset]) -> Dataset:
    asked = Dataset()
    asked.QueryRetrieveLevel, asked.StudyInstanceUID = "STUDY", images[0].StudyInstanceUID
    return asked


def uids(images: list[Dataset]) -> set[str]:
    return {str(image.SOPInstanceUID) for image in images}


def failed(answers: list[tuple[Dataset, Dataset | None]]) -> set[str]:
    """The Failed SOP Instance UID List of the final response (PS3.4 §C.4.2.1.4.2)."""
    listed = answers[-1][1]
    value = listed.get("FailedSOPInstanceUIDList") if listed is not None else None
    return set() if value is None else {str(value)} if isinstance(value, str) else set(map(str, value))


def get(server: Isocenter, asked: Dataset, take: Callable[[evt.Event], int]) -> list[tuple[Dataset, Dataset | None]]:
    contexts = [build_context(GET), build_context(CTImageStorage, PLAIN)]
    role = build_role(CTImageStorage, scp_role=True, scu_role=True)
    handlers = [(evt.EVT_C_STORE, take)]
    with association(server.dimse_port, contexts, ext_neg=[role], evt_handlers=handlers) as made:
        return list(made.send_c_get(asked, GET, msg_id=MESSAGE))


@contextmanager
def taker(
    server: Isocenter, title: str, take: Callable[[evt.Event], int], syntaxes: dict[str, list[str]] | None = None
) -> Iterator[None]:
    """A storage SCP that is entered as a peer."""
    ae = AE(ae_title=title)
    for sop_class, taken in (syntaxes or {CTImageStorage: PLAIN}).items():
        ae.add_supported_context(sop_class, taken)
    scp = ae.start_server(("127.0.0.1", 0), block=False, evt_handlers=[(evt.EVT_C_STORE, take)])
    port = str(scp.socket.getsockname()[1])
    server.add_peer(title.lower(), title, "--host", "127.0.0.1", "--port", port, may=("query", "retrieve"))
    try:
        yield
    finally:
        scp.shutdown()


def move(server: Isocenter, asked: Dataset, title: str) -> list[tuple[Dataset, Dataset | None]]:
    with association(server.dimse_port, [build_context(MOVE)]) as made:
        return list(made.send_c_move(asked, title, MOVE, msg_id=MESSAGE))


def test_a_get_is_cancelled_half_way(server: Isocenter, held: list[Dataset]) -> None:
    came: list[str] = []

    def take(event: evt.Event) -> int:
        came.append(event.request.AffectedSOPInstanceUID)
        if len(came) == 3:
            event.assoc.send_c_cancel(MESSAGE, query_model=GET)
        return 0

    last, _ = get(server, study(held), take)[-1]
    assert last.Status == 0xFE00
    assert last.NumberOfCompletedSuboperations == len(came)
    assert last.NumberOfRemainingSuboperations == len(held) - len(came) > 0


def test_a_move_is_cancelled_half_way(server: Isocenter, held: list[Dataset]) -> None:
    came: list[str] = []
    cancelled = threading.Event()

    def take(event: evt.Event) -> int:
        came.append(event.request.AffectedSOPInstanceUID)
        if len(came) == 3:
            assert cancelled.wait(30)
        return 0

    with taker(server, "LATE", take), association(server.dimse_port, [build_context(MOVE)]) as made:
        answers = []
        for status, _ in made.send_c_move(study(held), "LATE", MOVE, msg_id=MESSAGE):
            answers.append(status)
            if not cancelled.is_set():
                made.send_c_cancel(MESSAGE, query_model=MOVE)
                cancelled.set()
    last = answers[-1]
    assert last.Status == 0xFE00
    assert last.NumberOfCompletedSuboperations == len(came)
    assert last.NumberOfRemainingSuboperations == len(held) - len(came) > 0


def test_what_failed_is_listed_at_the_end(server: Isocenter, held: list[Dataset]) -> None:
    refused: set[str] = set()

    def take(event: evt.Event) -> int:
        uid = str(event.request.AffectedSOPInstanceUID)
        if uid in uids(held[:2]):
            refused.add(uid)
            return 0xA700
        return 0

    answers = get(server, study(held), take)
    assert answers[-1][0].Status == 0xB000 and failed(answers) == refused == uids(held[:2])
    with taker(server, "PICKY", take):
        answers = move(server, study(held), "PICKY")
    assert answers[-1][0].Status == 0xB000 and failed(answers) == uids(held[:2])
    assert answers[-1][0].NumberOfFailedSuboperations == 2


def test_a_destination_that_takes_only_some_kinds_gets_those(server: Isocenter) -> None:
    images = exam(3, patient="KINDS")
    images[2].SOPClassUID = images[2].file_meta.MediaStorageSOPClassUID = MRImageStorage
    server.stow(*map(encoded, images))
    came: list[tuple[str, str]] = []

    def take(event: evt.Event) -> int:
        came.append((str(event.request.AffectedSOPInstanceUID), str(event.context.transfer_syntax)))
        return 0

    # Explicit VR little endian is what is held; this one takes implicit alone, and no MR.
    with taker(server, "CHOOSY", take, {CTImageStorage: [ImplicitVRLittleEndian]}):
        answers = move(server, study(images), "CHOOSY")
    assert {uid for uid, _ in came} == uids(images[:2])
    assert {syntax for _, syntax in came} == {ImplicitVRLittleEndian}
    assert answers[-1][0].Status == 0xB000 and failed(answers) == uids(images[2:])


def test_a_destination_that_aborts_half_way_fails_the_rest(server: Isocenter, held: list[Dataset]) -> None:
    came: list[str] = []

    def take(event: evt.Event) -> int:
        if len(came) == 4:
            event.assoc.abort()
        else:
            came.append(str(event.request.AffectedSOPInstanceUID))
        return 0

    with taker(server, "RUDE", take):
        answers = move(server, study(held), "RUDE")
        last = answers[-1][0]
    assert last.Status == 0xB000
    assert (last.NumberOfCompletedSuboperations, last.NumberOfFailedSuboperations) == (4, len(held) - 4)
    assert failed(answers) == uids(held) - set(came)


def test_a_getter_that_aborts_half_way_leaves_the_server_well(server: Isocenter, held: list[Dataset]) -> None:
    came: list[str] = []

    def take(event: evt.Event) -> int:
        came.append(str(event.request.AffectedSOPInstanceUID))
        if len(came) == 2:
            event.assoc.abort()
        return 0

    contexts = [build_context(GET), build_context(CTImageStorage, PLAIN)]
    role = build_role(CTImageStorage, scp_role=True, scu_role=True)
    made = associate(server.dimse_port, contexts, ext_neg=[role], evt_handlers=[(evt.EVT_C_STORE, take)])
    assert made.is_established
    list(made.send_c_get(study(held), GET))
    made.join(30)
    assert made.is_aborted
    answers = get(server, study(held), lambda event: 0)
    assert answers[-1][0].Status == 0 and answers[-1][0].NumberOfCompletedSuboperations == len(held)


def test_a_throttled_send_brings_everything(server: Isocenter, held: list[Dataset]) -> None:
    came: set[str] = set()
    with taker(server, "SLOW", lambda event: came.add(str(event.request.AffectedSOPInstanceUID)) or 0):
        body = {"studyInstanceUid": held[0].StudyInstanceUID, "instancesPerSecond": 40}
        begun = server.post("/api/v1/peers/slow/send", json=body)
        assert begun.status_code == 202, begun.text
        number = begun.json()["id"]
        look = lambda: next(t for t in server.json("/api/v1/transfers")["transfers"] if t["id"] == number)  # noqa: E731
        ended = soon(look, lambda transfer: transfer["state"] in ("done", "failed"))
    assert (ended["state"], ended["completed"]) == ("done", len(held)) and came == uids(held)


def test_what_is_deleted_is_at_no_door_until_it_is_restored(server: Isocenter) -> None:
    image = instance(patient="GONE")
    server.stow(encoded(image))
    one = ready(image)
    number = itertools.count()
    path = f"/dicom-web/studies/{one.study}"
    below = f"{path}/series/{one.series}/instances/{one.sop_instance}"

    def doors() -> dict[str, bool]:
        """Where the exam can be seen."""
        seen = {
            f"QIDO {level}": bool(server.find(level, StudyInstanceUID=one.study))
            for level in ("/studies", "/series", "/instances")
        }
        for name in ("", "/metadata", "/thumbnail"):
            seen[f"WADO {name}"] = server.get(path + name).status_code == 200
        for name in ("", "/metadata", "/frames/1", "/rendered"):
            seen[f"WADO instance {name}"] = server.get(below + name).status_code == 200
        uri = {"requestType": "WADO", "studyUID": one.study, "seriesUID": one.series, "objectUID": one.sop_instance}
        seen["WADO-URI"] = server.get("/wado", params=uri).status_code == 200
        with association(server.dimse_port, [build_context(FIND)]) as made:
            seen["C-FIND"] = len(list(made.send_c_find(study([image]), FIND))) == 2
        got: list[str] = []
        get(server, study([image]), lambda event: got.append("") or 0)
        seen["C-GET"] = bool(got)
        came: list[str] = []
        title = f"TOMB{next(number)}"
        with taker(server, title, lambda event: came.append("") or 0):
            move(server, study([image]), title)
        seen["C-MOVE"] = bool(came)
        return seen

    assert all(doors().values())
    deleted = server.http.delete(server.url + path, timeout=60)
    assert deleted.ok, deleted.text
    soon(lambda: server.find("/studies", StudyInstanceUID=one.study), lambda found: not found)
    assert not any(doors().values()), {door for door, seen in doors().items() if seen}
    assert server.post(f"/api/v1/exams/{one.study}/restore").ok
    soon(lambda: server.find("/studies", StudyInstanceUID=one.study))
    assert all(doors().values()), {door for door, seen in doors().items() if not seen}
    original = server.original(one.study, one.series, one.sop_instance)
    assert original is not None and original.endswith(one.data_set)
