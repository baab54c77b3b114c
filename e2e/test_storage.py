"""C-STORE with pynetdicom: any SOP class, any transfer syntax, many at once, rejected and cut off."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy
from pathlib import Path

import numpy as np
import pytest
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian, generate_uid
from pynetdicom import AE, _config, build_context, evt
from pynetdicom._globals import ALL_TRANSFER_SYNTAXES
from pynetdicom.pdu import A_ASSOCIATE_RJ
from pynetdicom.pdu_primitives import AsynchronousOperationsWindowNegotiation, SOPClassExtendedNegotiation
from pynetdicom.sop_class import (
    _STORAGE_CLASSES,
    CTImageStorage,
    PatientRootQueryRetrieveInformationModelFind,
    Verification,
)

import wire
from isocenter import Isocenter, running, soon
from samples import Sent, data_set_at, encoded, exam, instance, ready
from store import associate, association, send_all

DEFLATED = ("1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.4.95", "1.2.840.10008.1.2.4.205")
PRIVATE_SYNTAX = "1.2.826.0.1.3680043.10.1234.1"
SETTINGS = {"dimse.max_associations": "400"}


def sent_as(sop_class: str, syntax: str) -> Sent:
    """The same gradient under another class, said to be in another transfer syntax."""
    image = instance()
    image.SOPClassUID = image.file_meta.MediaStorageSOPClassUID = sop_class
    one = ready(image)
    one.syntax = syntax
    return one


def stored_and_given_back(server: Isocenter, files: list[Sent]) -> None:
    before = server.held()
    for one, answer in send_all(server.dimse_port, files):
        assert answer is not None and answer.status == 0, f"{one.sop_class} {one.syntax}: {answer}"
    server.indexed(before + len(files))
    for one in files:
        held = server.original(one.study, one.series, one.sop_instance)
        assert held is not None and held[data_set_at(held) :] == one.data_set, one.sop_class


def test_every_storage_class_and_those_nobody_knows(server: Isocenter) -> None:
    retired_unknown_and_private = [
        "1.2.840.10008.5.1.1.29",
        "1.2.840.10008.5.1.4.1.1.9999",
        "1.2.826.0.1.9.9",
        generate_uid(),
    ]
    known = list(_STORAGE_CLASSES.values())
    assert len(known) > 150
    stored_and_given_back(server, [sent_as(uid, ExplicitVRLittleEndian) for uid in known + retired_unknown_and_private])


def test_every_transfer_syntax_is_taken_as_it_comes(server: Isocenter) -> None:
    """What the data set holds is nobody's business while it passes: explicit little endian stands in."""
    readable = {"1.2.840.10008.1.2", "1.2.840.10008.1.2.2", *DEFLATED}
    syntaxes = [uid for uid in map(str, ALL_TRANSFER_SYNTAXES) if uid not in readable] + [PRIVATE_SYNTAX]
    assert len(syntaxes) > 35
    stored_and_given_back(server, [sent_as(CTImageStorage, uid) for uid in syntaxes])
    plain = [ready(instance(syntax=uid)) for uid in (ImplicitVRLittleEndian, "1.2.840.10008.1.2.1.99")]
    stored_and_given_back(server, plain)


def test_the_first_transfer_syntax_of_the_sender_is_taken(server: Isocenter) -> None:
    for offer in ([PRIVATE_SYNTAX, ExplicitVRLittleEndian], [ImplicitVRLittleEndian, PRIVATE_SYNTAX]):
        with association(server.dimse_port, [build_context(CTImageStorage, offer)]) as made:
            assert made.accepted_contexts[0].transfer_syntax == [offer[0]]


def test_a_set_preference_comes_first(tmp_path: Path) -> None:
    prefer = {"preferred_transfer_syntaxes": ExplicitVRLittleEndian, "storage_classes": CTImageStorage}
    with running(tmp_path, {f"dimse.{key}": f'["{value}"]' for key, value in prefer.items()}) as server:
        offer = [ImplicitVRLittleEndian, ExplicitVRLittleEndian]
        contexts = [build_context(CTImageStorage, offer), build_context("1.2.840.10008.5.1.4.1.1.4", offer)]
        with association(server.dimse_port, contexts) as made:
            assert [c.transfer_syntax for c in made.accepted_contexts] == [[ExplicitVRLittleEndian]]
            assert [c.abstract_syntax for c in made.rejected_contexts] == ["1.2.840.10008.5.1.4.1.1.4"]


def test_extended_negotiation_is_answered(server: Isocenter) -> None:
    storage, find = SOPClassExtendedNegotiation(), SOPClassExtendedNegotiation()
    storage.sop_class_uid, storage.service_class_application_information = CTImageStorage, bytes([2, 0, 3, 0, 1, 0])
    find.sop_class_uid = PatientRootQueryRetrieveInformationModelFind
    find.service_class_application_information = bytes([1, 1, 1, 1])
    window = AsynchronousOperationsWindowNegotiation()
    window.maximum_number_operations_invoked = window.maximum_number_operations_performed = 8
    server.add_peer("asker", "ASKER", may=("store", "query"))
    contexts = [build_context(CTImageStorage), build_context(PatientRootQueryRetrieveInformationModelFind)]
    with association(server.dimse_port, contexts, title="ASKER", ext_neg=[storage, find, window]) as made:
        answers = {str(uid): info for uid, info in made.acceptor.sop_class_extended.items()}
        # PS3.4 §B.3.1: level 2, no element is coerced. PS3.4 §C.3.5: relational, dates with times, fuzzy names; not time zones.
        assert answers[CTImageStorage] == bytes([2, 0, 3, 0, 0, 0])
        assert answers[PatientRootQueryRetrieveInformationModelFind][:3] == bytes([1, 1, 1])
        assert made.acceptor.asynchronous_operations == (1, 1)


@pytest.mark.parametrize("largest", [4096, 16382, 131072, 0])
def test_pdus_of_any_size(server: Isocenter, largest: int) -> None:
    """An instance of 2 MB; 0 is a sender that takes PDUs of any length."""
    image = instance(size=1000)
    image.PixelData = np.random.default_rng(1).bytes(2_000_000)
    one = ready(image)
    before = server.held()
    with association(server.dimse_port, [build_context(CTImageStorage, one.syntax)], max_pdu=largest) as made:
        status = made.send_c_store(image)
        assert status.Status == 0
    server.indexed(before + 1)
    held = server.original(one.study, one.series, one.sop_instance)
    assert held is not None and held.endswith(image.PixelData)


def test_hundreds_of_associations_at_once(server: Isocenter) -> None:
    """300 are open before the first sends; each stores two instances; none is lost."""
    files = [ready(one) for one in exam(600, patient="CROWD")]
    before = server.held()

    async def crowd() -> None:
        callers = [wire.Caller() for _ in range(300)]
        first = wire.request(CTImageStorage, ExplicitVRLittleEndian)
        opened = await asyncio.gather(*(caller.open(server.dimse_port, first) for caller in callers))
        assert {kind for kind, _ in opened} == {wire.ACCEPT}

        async def send(caller: wire.Caller, mine: list[Sent]) -> list[int]:
            statuses = [await caller.store(one) for one in mine]
            await caller.release()
            return statuses

        pairs = zip(callers, zip(files[::2], files[1::2], strict=True), strict=True)
        statuses = await asyncio.gather(*(send(caller, list(mine)) for caller, mine in pairs))
        assert {status for each in statuses for status in each} == {0}

    asyncio.run(crowd())
    server.indexed(before + len(files))
    found = server.find("/instances", PatientID="CROWD", includefield="SOPInstanceUID")
    assert {one["00080018"]["Value"][0] for one in found} == {one.sop_instance for one in files}


def test_a_sender_that_hangs_up_half_way_leaves_nothing(server: Isocenter) -> None:
    image = instance(size=1000)
    one = ready(image)
    before = server.held()

    async def half() -> None:
        caller = wire.Caller()
        await caller.open(server.dimse_port, wire.request(CTImageStorage, one.syntax))
        pdus = list(wire.store(one))
        for pdu in pdus[: len(pdus) // 2]:
            caller.writer.write(pdu)
        await caller.writer.drain()
        caller.hang_up()

    for _ in range(3):
        asyncio.run(half())
    # Sent whole afterwards, it is new; nothing of the halves is there.
    stored_and_given_back(server, [one])
    after = server.held()
    assert after == before + 1
    assert not [item for item in server.quarantine() if item["size"] > 100_000]
    assert not any(server.data.joinpath("archive/incoming").iterdir())


# Who is not let in (PS3.8 §9.3.4)


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Isocenter]:
    settings = {
        "dimse.any_called_title": "false",
        "dimse.unknown_peers": "refuse",
        "dimse.max_associations": "3",
    }
    with running(tmp_path_factory.mktemp("strict"), settings) as server:
        server.add_peer("ct1", "CT1", "--from", "127.0.0.0/8", may=("store",))
        server.add_peer("far", "FAR", "--from", "192.0.2.0/24", may=("store",))
        yield server


@pytest.fixture(scope="module")
def impatient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Isocenter]:
    with running(tmp_path_factory.mktemp("impatient"), {"dimse.idle_seconds": "2"}) as server:
        yield server


def rejection(server: Isocenter, title: str, called: str = "ISOCENTER") -> tuple[int, int, int]:
    """Result, source and reason of the A-ASSOCIATE-RJ. As it came: pynetdicom itself may call an association
    aborted that is rejected within a millisecond."""
    told: list[A_ASSOCIATE_RJ] = []

    def note(event: evt.Event) -> None:
        if isinstance(event.pdu, A_ASSOCIATE_RJ):
            told.append(event.pdu)

    ae = AE(ae_title=title)
    ae.add_requested_context(Verification)
    made = ae.associate(
        "127.0.0.1", server.dimse_port, ae_title=called, evt_handlers=[(evt.EVT_PDU_RECV, note)]
    )
    assert not made.is_established and len(told) == 1, title
    return told[0].result, told[0].source, told[0].reason_diagnostic


def test_a_rejection_has_its_reason(strict: Isocenter) -> None:
    assert rejection(strict, "CT1", "OTHER") == (1, 1, 7), "called AE title not recognised"
    assert rejection(strict, "NOBODY") == (1, 1, 3), "calling AE title not recognised"
    assert rejection(strict, "FAR") == (1, 1, 3), "entered with another address"
    made = [associate(strict.dimse_port, [build_context(Verification)], "CT1") for _ in range(3)]
    assert all(one.is_established for one in made)
    assert rejection(strict, "CT1") == (2, 3, 2), "local limit exceeded"
    for one in made:
        one.release()


def test_another_application_context_is_rejected(strict: Isocenter) -> None:
    async def call() -> wire.Pdu:
        caller = wire.Caller()
        first = wire.request(Verification, ImplicitVRLittleEndian, "CT1", application="1.2.840.10008.3.1.1.2")
        answer = await caller.open(strict.dimse_port, first)
        caller.hang_up()
        return answer

    kind, content = asyncio.run(call())
    assert (kind, content[1:4]) == (wire.REJECT, bytes([1, 1, 2]))


def test_who_says_nothing_is_cut_off(impatient: Isocenter) -> None:
    """Both before an association (the ARTIM timer) and on one."""

    async def silent(first: bytes) -> list[int]:
        reader, writer = await asyncio.open_connection("127.0.0.1", impatient.dimse_port)
        writer.write(first)
        kinds = []
        with suppress(asyncio.IncompleteReadError):
            while wire.ABORT not in kinds:
                kinds.append((await asyncio.wait_for(wire.receive(reader), 60))[0])
        writer.close()
        return kinds

    assert asyncio.run(silent(wire.request(Verification, ImplicitVRLittleEndian, "CT1"))) == [wire.ACCEPT, wire.ABORT]
    assert asyncio.run(silent(b"")) in ([], [wire.ABORT])


def test_rubbish_ends_in_an_abort(strict: Isocenter) -> None:
    async def say(content: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", strict.dimse_port)
        writer.write(content)
        said = await asyncio.wait_for(reader.read(10), 60)
        writer.close()
        return said

    for content in (
        b"GET / HTTP/1.1\r\n\r\n",
        b"\x01\x00\xff\xff\xff\xff" + bytes(100),
        b"\x04\x00\x00\x00\x00\x04" + bytes(4),
    ):
        said = asyncio.run(say(content))
        assert said == b"" or said[0] == wire.ABORT, said
    assert asyncio.run(say(b"\x09" + bytes(9)))[0] == wire.ABORT, "an unknown PDU (PS3.8 §9.2, AA-1)"


def test_what_the_request_names_must_be_in_the_data_set(server: Isocenter) -> None:
    """A data set that is another instance is answered A900 and set aside."""
    one = ready(instance())
    one.sop_instance = generate_uid()
    ((_, answer),) = send_all(server.dimse_port, [one])
    assert answer is not None and answer.status == 0xA900
    nothing = ready(instance())
    nothing.data_set = b""
    ((_, answer),) = send_all(server.dimse_port, [nothing])
    assert answer is not None and answer.status == 0xC000


def test_other_content_under_a_known_uid_is_kept_beside_it(server: Isocenter) -> None:
    first = instance()
    second = deepcopy(first)
    second.PatientName = "Other^Person"
    files = [ready(first), ready(second)]
    # The later one is told each time it comes that it stands beside another.
    answers = send_all(server.dimse_port, [*files, files[1], files[0]])
    assert [answer and answer.status for _, answer in answers] == [0, 0xB007, 0xB007, 0]
    (conflict,) = soon(lambda: [one for one in server.conflicts() if one["sopInstanceUid"] == first.SOPInstanceUID])
    assert conflict["door"] == "c-store"
    original = server.original(files[0].study, files[0].series, files[0].sop_instance)
    assert original is not None and original.endswith(files[0].data_set)


def test_pynetdicom_sends_files_in_pieces(server: Isocenter, tmp_path: Path) -> None:
    """Its way for files too large for memory."""
    image = instance(size=600)
    path = tmp_path / "one.dcm"
    path.write_bytes(encoded(image))
    before = server.held()
    _config.STORE_SEND_CHUNKED_DATASET = True
    try:
        with association(server.dimse_port, [build_context(CTImageStorage, ExplicitVRLittleEndian)]) as made:
            assert made.send_c_store(path).Status == 0
    finally:
        _config.STORE_SEND_CHUNKED_DATASET = False
    server.indexed(before + 1)
