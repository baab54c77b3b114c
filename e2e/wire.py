"""Associations by hand: PDUs that pynetdicom encodes, over plain sockets, so that hundreds can be open at
once and any of them can stop half-way."""

from __future__ import annotations

import asyncio
import io
import struct
from collections.abc import Iterator

from pynetdicom.dimse_messages import C_STORE_RQ
from pynetdicom.dimse_primitives import C_STORE
from pynetdicom.pdu import A_ASSOCIATE_RQ, P_DATA_TF
from pynetdicom.pdu_primitives import (
    A_ASSOCIATE,
    ImplementationClassUIDNotification,
    MaximumLengthNotification,
)
from pynetdicom.presentation import build_context

from samples import Sent

ACCEPT, REJECT, DATA, RELEASE_REPLY, ABORT = 0x02, 0x03, 0x04, 0x06, 0x07
RELEASE = bytes.fromhex("05 00 00000004 00000000")
Pdu = tuple[int, bytes]


def request(sop_class: str, syntax: str, title: str = "E2E", application: str = "1.2.840.10008.3.1.1.1") -> bytes:
    """An A-ASSOCIATE-RQ with one presentation context, number 1."""
    asked = A_ASSOCIATE()
    asked.application_context_name = application
    asked.calling_ae_title, asked.called_ae_title = title, "ISOCENTER"
    context = build_context(sop_class, syntax)
    context.context_id = 1
    asked.presentation_context_definition_list = [context]
    length, implementation = MaximumLengthNotification(), ImplementationClassUIDNotification()
    length.maximum_length_received, implementation.implementation_class_uid = 16382, "1.2.3.4"
    asked.user_information = [length, implementation]
    pdu = A_ASSOCIATE_RQ()
    pdu.from_primitive(asked)
    return pdu.encode()


def store(file: Sent, pdu_length: int = 16382) -> Iterator[bytes]:
    """The P-DATA-TF PDUs of a C-STORE request on context 1."""
    asked = C_STORE()
    asked.MessageID, asked.Priority = 1, 2
    asked.AffectedSOPClassUID, asked.AffectedSOPInstanceUID = file.sop_class, file.sop_instance
    asked.DataSet = io.BytesIO(file.data_set)
    message = C_STORE_RQ()
    message.primitive_to_message(asked)
    for primitive in message.encode_msg(1, pdu_length):
        pdu = P_DATA_TF()
        pdu.from_primitive(primitive)
        yield pdu.encode()


async def receive(reader: asyncio.StreamReader) -> Pdu:
    """A whole PDU: its type and what follows its length."""
    kind, length = struct.unpack(">BxI", await reader.readexactly(6))
    return kind, await reader.readexactly(length)


async def status(reader: asyncio.StreamReader) -> int:
    """The status (0000,0900) of a response."""
    kind, content = await receive(reader)
    assert kind == DATA, f"PDU {kind:#x}: {content.hex()}"
    at = content.index(bytes.fromhex("0000 0009 02000000"))
    return struct.unpack_from("<H", content, at + 8)[0]


class Caller:
    """One association."""

    async def open(self, port: int, first: bytes) -> Pdu:
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", port)
        self.writer.write(first)
        return await receive(self.reader)

    async def store(self, file: Sent) -> int:
        for pdu in store(file):
            self.writer.write(pdu)
        await self.writer.drain()
        return await status(self.reader)

    async def release(self) -> None:
        self.writer.write(RELEASE)
        kind, _ = await receive(self.reader)
        assert kind == RELEASE_REPLY
        self.hang_up()

    def hang_up(self) -> None:
        self.writer.close()
