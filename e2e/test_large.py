"""A multi-frame object far larger than the memory it may take: by C-STORE and back by frames.
E2E_LARGE_FRAMES=2047 makes it the largest there can be, 4 GB."""

from __future__ import annotations

import hashlib
import json
import os
import socket
import struct
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
from pydicom.uid import SecondaryCaptureImageStorage, generate_uid

import wire
from isocenter import Isocenter, soon
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
    soon(lambda: server.find("/instances", SOPInstanceUID=one.sop_instance))
    # What the facts take to hear of it is theirs, however large it is.
    soon(lambda: server.json("/api/v1/cohort-language"), lambda told: not told["behind"] and told["facts"] > 0, seconds=120)
    memory = Memory(server.process.pid)
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
    giving, megabytes = memory.extra(), FRAMES * FRAME >> 20
    told.append(f"an object of {megabytes} MB: {arriving >> 20} MB of memory to take it, {giving >> 20} to give it")
    assert max(arriving, giving) < EXTRA


# What instances made of metadata and bulk data may take together, with what reading requests takes besides.
ASSEMBLING = 256 << 20
REQUESTS, BULK = 12, 40 << 20


def test_many_large_requests_of_metadata_share_memory(server: Isocenter, told: list[str]) -> None:
    """Twelve at once, each of 40 MB of pixels beside its metadata: all are stored, a few at a time."""
    assert server.process
    memory = Memory(server.process.pid)
    study = generate_uid()[:50].rstrip(".")
    kind = 'multipart/related; type="application/dicom+json"; boundary=b0'

    def send(number: int) -> tuple[int, str]:
        metadata = {
            "00080016": {"vr": "UI", "Value": [SecondaryCaptureImageStorage]},
            "00080018": {"vr": "UI", "Value": [f"{study}.{number}"]},
            "0020000D": {"vr": "UI", "Value": [study]},
            "0020000E": {"vr": "UI", "Value": [f"{study}.0"]},
            "7FE00010": {"vr": "OW", "BulkDataURI": "pixels"},
        }
        head = b"--b0\r\nContent-Type: application/dicom+json\r\n\r\n" + json.dumps([metadata]).encode()
        bulk = b"\r\n--b0\r\nContent-Type: application/octet-stream\r\nContent-Location: pixels\r\n\r\n"
        body = head + bulk + bytes([number]) * BULK + b"\r\n--b0--\r\n"
        headers = {"content-type": kind, "accept": "application/dicom+json", **server.http.headers}
        answer = requests.post(f"{server.url}/dicom-web/studies", data=body, headers=headers, timeout=300)
        return answer.status_code, answer.text

    with ThreadPoolExecutor(REQUESTS) as pool:
        answers = list(pool.map(send, range(1, REQUESTS + 1)))
    assert [status for status, _ in answers] == [200] * REQUESTS, answers
    extra = memory.extra()
    told.append(f"{REQUESTS} requests at once of {BULK >> 20} MB of bulk data: {extra >> 20} MB of memory")
    assert extra < ASSEMBLING + (96 << 20) + EXTRA
    last = f"/dicom-web/studies/{study}/series/{study}.0/instances/{study}.{REQUESTS}"
    accept = {"accept": "application/dicom; transfer-syntax=*"}
    soon(lambda: server.get(last, headers=accept).status_code, lambda status: status == 200)
    assert server.get(last, headers=accept).content.endswith(bytes([REQUESTS]) * 1000)
