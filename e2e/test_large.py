"""A multi-frame object far larger than the memory it may take: by C-STORE and back by frames.
E2E_LARGE_FRAMES=2047 makes it the largest there can be, 4 GB."""

from __future__ import annotations

import hashlib
import os
import socket
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

import wire
from isocenter import Isocenter
from samples import Sent, encoded, instance

FRAMES = int(os.environ.get("E2E_LARGE_FRAMES", "192"))
FRAME = 2 << 20
# What the issue allows for the largest of objects (4 GB), beyond what the server takes anyhow.
EXTRA = 64 << 20
FRAGMENT = 120_000


def header() -> tuple[Sent, bytes]:
    """The instance's names, and its data set up to the value of Pixel Data."""
    image = instance(size=1024, patient="LARGE")
    image.NumberOfFrames = FRAMES
    del image.PixelData
    one = Sent(Path("large"), encoded(image))
    return one, one.data_set + struct.pack("<HH2sHI", 0x7FE0, 0x0010, b"OW", 0, FRAMES * FRAME)


def frame(number: int) -> bytes:
    """Each frame has its number in every sample."""
    return struct.pack("<H", number) * (FRAME // 2)


def fragments(head: bytes) -> Iterator[bytes]:
    """The data set as P-DATA-TF PDUs of one fragment each."""
    whole = (piece for number in range(-1, FRAMES) for piece in cut(head if number < 0 else frame(number)))
    for piece in whole:
        yield struct.pack(">BxIIBB", 4, len(piece) + 6, len(piece) + 2, 1, 0) + piece
    yield struct.pack(">BxIIBB", 4, 6, 2, 1, 2)


def cut(content: bytes) -> Iterator[bytes]:
    return (content[at : at + FRAGMENT] for at in range(0, len(content), FRAGMENT))


def read_pdu(connection: socket.socket) -> tuple[int, bytes]:
    kind, length = struct.unpack(">BxI", connection.recv(6, socket.MSG_WAITALL))
    return kind, connection.recv(length, socket.MSG_WAITALL)


def send(port: int, one: Sent, head: bytes) -> int:
    """C-STORE of the large object; the status of the answer."""
    command = next(wire.store(one))
    with socket.create_connection(("127.0.0.1", port), 300) as connection:
        connection.sendall(wire.request(one.sop_class, one.syntax))
        assert read_pdu(connection)[0] == wire.ACCEPT
        connection.sendall(command)
        for pdu in fragments(head):
            connection.sendall(pdu)
        kind, content = read_pdu(connection)
    assert kind == wire.DATA
    return struct.unpack_from("<H", content, content.index(bytes.fromhex("00000009")) + 8)[0]


class Memory:
    """The most memory a process had at once, from now on."""

    def __init__(self, process: int) -> None:
        self.folder = Path("/proc", str(process))
        try:
            self.folder.joinpath("clear_refs").write_text("5")
        except OSError:
            pytest.skip("the kernel does not let the peak of a process be reset here")
        self.before = self.peak()

    def peak(self) -> int:
        (line,) = [one for one in (self.folder / "status").read_text().splitlines() if one.startswith("VmHWM")]
        return int(line.split()[1]) << 10

    def extra(self) -> int:
        return self.peak() - self.before


def test_a_large_object_takes_little_memory(server: Isocenter, told: list[str]) -> None:
    assert server.process
    one, head = header()
    memory = Memory(server.process.pid)
    assert send(server.dimse_port, one, head) == 0
    arriving = memory.extra()
    server.indexed(1)
    path = f"/dicom-web/studies/{one.study}/series/{one.series}/instances/{one.sop_instance}"
    for number in (0, FRAMES // 2, FRAMES - 1):
        got = server.get(f"{path}/frames/{number + 1}", headers={"accept": "application/octet-stream"})
        assert got.content == frame(number)
    whole, truth = hashlib.sha256(), hashlib.sha256(head)
    accept = {"accept": "application/dicom; transfer-syntax=*"}
    with server.get(path, headers=accept, stream=True) as answer:
        content = answer.iter_content(1 << 20)
        start = next(content)
        whole.update(start[start.index(head) :])
        for piece in content:
            whole.update(piece)
    for number in range(FRAMES):
        truth.update(frame(number))
    assert whole.digest() == truth.digest()
    megabytes = FRAMES * FRAME >> 20
    told.append(
        f"an object of {megabytes} MB: {arriving >> 20} MB of memory to take it, {memory.extra() >> 20} to give it"
    )
    assert memory.extra() < EXTRA
