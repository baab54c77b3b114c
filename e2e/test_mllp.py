"""HL7 by MLLP: python-hl7 sends, and judges our answers. What was acknowledged is there after `kill -9`."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import hl7
import pytest
from hl7.client import MLLPClient
from hl7.mllp import open_hl7_connection

from certificates import Authority
from isocenter import Isocenter, Json, running, soon

OPEN = {"mllp.listen": "127.0.0.1:0"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Isocenter]:
    with running(tmp_path_factory.mktemp("mllp"), OPEN) as server:
        yield server


def message(control: str, kind: str = "ADT^A08", *segments: str, at: str = "20240105101500") -> str:
    header = f"MSH|^~\\&|RIS|NGH|ISO|RES|{at}||{kind}|{control}|P|2.5.1||||||UNICODE UTF-8"
    return "\r".join([header, "PID|1||MRN1^^^NGH^MR||Doe^Jörg||19700101|M", *segments]) + "\r"


def answered(client: MLLPClient, text: str) -> hl7.Message:
    raw = client.send_message(text)
    assert raw[:1] == b"\x0b" and raw[-2:] == b"\x1c\r"
    return hl7.parse(raw[1:-2].decode())


def told(answer: hl7.Message) -> tuple[str, str]:
    return str(answer["MSA.F1"]), str(answer["MSA.F2"])


def sources(server: Isocenter, count: int = 0) -> list[Json]:
    """What came, once so much of it was read."""

    def look() -> list[Json]:
        return [one for one in server.pages("/api/v1/records/sources", "sources") if one["state"] != "reading"]

    return soon(look, lambda found: len(found) >= count, 60)


def test_python_hl7_understands_our_answers(server: Isocenter) -> None:
    with MLLPClient("127.0.0.1", server.hl7_port) as client:
        answer = answered(client, message("E1"))
        assert told(answer) == ("AA", "E1")
        header = answer.segment("MSH")
        assert [str(header[field]) for field in (3, 4, 5, 6, 12, 18)] == ["ISO", "RES", "RIS", "NGH", "2.5.1", "UNICODE UTF-8"]
        assert str(header[9]) == "ACK^A08^ACK"
        refused = answered(client, "MSH|^~\\&|RIS|NGH|||20240105||QRY^Q01|E2|P|2.5.1\rQRD|1\r")
        assert told(refused) == ("AR", "E2")
        assert str(refused["ERR.F3.R1.C1"]) == "200"
        # Refused is not lost, nor in the way.
        assert told(answered(client, message("E3"))) == ("AA", "E3")
    by_control = {one["control"]: one["state"] for one in sources(server, 3)}
    assert by_control["E1"] == "read" and by_control["E3"] == "read"
    assert len([one for one in sources(server) if one["refused"] or one["state"] == "refused"]) == 1


def test_frames_ahead_of_answers_and_twice(server: Isocenter) -> None:
    frames = [b"\x0b" + message(f"P{number}").encode() + b"\x1c\r" for number in range(100)]
    for _ in range(2):
        with socket.create_connection(("127.0.0.1", server.hl7_port)) as plain:
            plain.sendall(b"".join(frames))
            got = b""
            while got.count(b"\x1c\r") < 100:
                got += plain.recv(65536)
        controls = [str(hl7.parse(one.strip(b"\x0b\r").decode())["MSA.F2"]) for one in got.split(b"\x1c") if one.strip()]
        assert controls == [f"P{number}" for number in range(100)]
    found = soon(lambda: [one for one in sources(server) if one["control"] == "P99"], lambda all: all and all[0]["times"] == 2)
    assert len(found) == 1


def test_later_words_win_whatever_comes_first(server: Isocenter) -> None:
    order = "ORC|{control}|PO7^NGH|FO7^RIS||{status}", "OBR|1|PO7^NGH|FO7^RIS|CT01^CT CHEST^L||||||||||||||ACC7||||||CT"
    with MLLPClient("127.0.0.1", server.hl7_port) as client:
        for control, status, at in [("SC", "CM", "20240107"), ("NW", "SC", "20240105"), ("SC", "IP", "20240106")]:
            segments = [part.format(control=control, status=status) for part in order]
            assert told(answered(client, message(f"O{at}", "ORM^O01", *segments, at=at)))[0] == "AA"
    wanted = {"O20240105", "O20240106", "O20240107"}
    soon(lambda: wanted <= {one["control"] for one in sources(server)})
    person = server.post("/api/v1/records/people/search", json={"value": "MRN1", "system": "NGH"}).json()["persons"][0]

    def order() -> Json:
        entries = server.json(f"/api/v1/records/people/{person['id']}")["entries"]
        orders = [entry for entry in entries if entry["kind"] == "ServiceRequest"]
        assert len(orders) == 1, orders
        return orders[0]

    soon(order, lambda found: found["state"] == "performed")


def test_our_own_sender_tells_what_was_refused(server: Isocenter, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.hl7", tmp_path / "bad.hl7"
    good.write_text(message("S1") + message("S2"))
    bad.write_text("MSH|^~\\&|RIS|NGH|||20240105||QRY^Q01|S3|P|2.5.1\rQRD|1\r")
    there = f"127.0.0.1:{server.hl7_port}"
    assert "2 accepted, 0 refused" in server.printed("records", "send", there, good)
    both = server.run("records", "send", there, good, bad)
    assert both.returncode == 3 and "AR MSH-9: unsupported message type" in both.stdout, both.stdout + both.stderr


class Sending(threading.Thread):
    """Sends until the server is gone; remembers what was acknowledged."""

    def __init__(self, port: int, name: str, enough: threading.Event) -> None:
        super().__init__()
        self.port, self.sender, self.enough = port, name, enough
        self.acknowledged: list[str] = []

    def run(self) -> None:
        try:
            with MLLPClient("127.0.0.1", self.port) as client:
                for number in range(100_000):
                    control = f"{self.sender}{number}"
                    if told(answered(client, message(control)))[0] == "AA":
                        self.acknowledged.append(control)
                    if number == 60:
                        self.enough.set()
        except (OSError, AssertionError):
            return


def test_what_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    acknowledged: set[str] = set()
    server = Isocenter(tmp_path, OPEN).start().sign_in()
    for turn in range(3):
        enough = threading.Event()
        senders = [Sending(server.hl7_port, f"K{turn}{letter}", enough) for letter in "abcdef"]
        for sender in senders:
            sender.start()
        assert enough.wait(60)
        server.kill()
        for sender in senders:
            sender.join(60)
            acknowledged.update(sender.acknowledged)
        server.start()
    found = {one["control"] for one in sources(server, len(acknowledged))}
    assert acknowledged <= found, f"{len(acknowledged - found)} of {len(acknowledged)} are lost"
    server.stop()
    assert "everything is whole" in server.printed("verify")


def test_over_tls_with_a_certificate(tmp_path: Path) -> None:
    authority = Authority(tmp_path / "certificates")
    own, sender = authority.issue("server"), authority.issue("sender")
    files = {"tls_certificate": own.certificate, "tls_key": own.key, "tls_client_authorities": authority.path}
    settings = {f"mllp.{key}": str(value) for key, value in files.items()} | {"mllp.tls_listen": "127.0.0.1:0"}
    with running(tmp_path / "house", settings) as server:
        known = ssl.create_default_context(cafile=str(authority.path))
        known.load_cert_chain(sender.certificate, sender.key)

        async def send(context: ssl.SSLContext) -> tuple[str, str]:
            reader, writer = await open_hl7_connection(
                "localhost", server.hl7_tls_port, ssl=context, encoding="utf-8", family=socket.AF_INET
            )
            writer.writemessage(hl7.parse(message("T1")))
            await writer.drain()
            answer = await asyncio.wait_for(reader.readmessage(), 20)
            writer.close()
            return told(answer)

        assert asyncio.run(send(known)) == ("AA", "T1")
        with pytest.raises((OSError, EOFError, asyncio.IncompleteReadError)):
            asyncio.run(send(ssl.create_default_context(cafile=str(authority.path))))


def test_nobody_else_may_send(tmp_path: Path) -> None:
    far = OPEN | {"mllp.peers": '["192.0.2.0/24"]'}
    with (
        running(tmp_path / "house", far) as server,
        socket.create_connection(("127.0.0.1", server.hl7_port)) as plain,
        suppress(ConnectionResetError),
    ):
        plain.settimeout(20)
        assert plain.recv(10) == b""
    open_to_all = Isocenter(tmp_path, {"mllp.listen": "0.0.0.0:0"}).run("serve")
    assert open_to_all.returncode == 1 and "mllp.peers" in open_to_all.stderr
