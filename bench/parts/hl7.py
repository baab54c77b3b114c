"""HL7 by MLLP: messages a second, each acknowledged once it is durable, beside C-STORE and the disk itself."""

from __future__ import annotations

import socket
import threading
import time

from measure import median
from parts.durable import flushed, one_exam
from report import Report
from samples import Bench, send
from servers import Isocenter, free_port

SENDERS = (1, 16, 32)


class Receiver(Isocenter):
    """Isocenter with its HL7 door open."""

    def _environment(self) -> dict[str, str]:
        self.hl7_port = getattr(self, "hl7_port", 0) or free_port()
        return super()._environment() | {"ISOCENTER_MLLP__LISTEN": f"127.0.0.1:{self.hl7_port}"}


def run(bench: Bench, report: Report) -> None:
    report.part("HL7 by MLLP, on disk (messages/s; AA means the bytes are flushed)")
    count = bench.scaled(4000)
    few = one_exam(bench.files("small", bench.scaled(2000), 64), bench.scaled(400))
    rates: dict[int, list[float]] = {senders: [] for senders in SENDERS}
    ahead, stored, flushes = [], [], []
    for _ in range(bench.rounds):
        flushes.append(flushed(bench.disk / "flushed", len(message(0, 0)), count // 10))
        for senders in SENDERS:
            # What came before is still being read: each begins with nothing.
            with Receiver(bench.disk / "server") as server:
                rates[senders].append(rate(server.hl7_port, senders, count // (10 if senders == 1 else 1), 1))
        with Receiver(bench.disk / "server") as server:
            ahead.append(rate(server.hl7_port, 1, count, 30))
        with Isocenter(bench.disk / "server") as server:
            sent = send(server, few, 1)
            stored.append(sent["instances"] / sent["seconds"])
    disk, store = median(flushes), median(stored)
    for senders in SENDERS:
        ours = median(rates[senders])
        report.told(f"senders: {senders}", ours, "/s", flushes=disk, to_flushes=ours / disk, to_c_store=ours / store)
    report.told("1 sender, 30 frames ahead", median(ahead), "/s", to_flushes=median(ahead) / disk)


def message(sender: int, number: int) -> bytes:
    """A report as radiologists send it, some 1.5 kB."""
    lines = [
        f"MSH|^~\\&|RIS|NGH|ISO|RES|20240105101500||ORU^R01|{sender}-{number}|P|2.5.1||||||UNICODE UTF-8",
        f"PID|1||MRN{number % 500}^^^NGH^MR||Doe^Jane^{sender}||19700101|F|||1 High St^^Town^ST^99",
        f"OBR|1|PO{sender}{number}^HIS|FO{sender}{number}^RIS|CT01^CT CHEST^L|||202401050900|||||||||||AC{sender}{number}||||202401051000||CT|F",
    ]
    text = "The lungs are clear. No pleural effusion or pneumothorax. The heart is of normal size."
    lines += [f"OBX|{at}|TX|18748-4^Diagnostic Imaging Report^LN|{at}|{text}||||||F" for at in range(1, 9)]
    return "\r".join(lines).encode() + b"\r"


def rate(port: int, senders: int, count: int, ahead: int) -> float:
    """Messages a second by so many connections, each with so many messages before it waits for their answers."""
    each = max(ahead, count // senders)
    wires = [
        [b"".join(framed(message(sender, at + one)) for one in range(ahead)) for at in range(0, each, ahead)]
        for sender in range(senders)
    ]
    failed: list[str] = []
    threads = [threading.Thread(target=talk, args=(port, wire, ahead, failed)) for wire in wires]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise RuntimeError(f"isocenter's answer was {failed[0]}")
    return sum(len(wire) for wire in wires) * ahead / (time.perf_counter() - begun)


def framed(content: bytes) -> bytes:
    return b"\x0b" + content + b"\x1c\r"


def talk(port: int, wires: list[bytes], ahead: int, failed: list[str]) -> None:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for wire in wires:
            connection.sendall(wire)
            got = b""
            while got.count(b"\x1c\r") < ahead:
                more = connection.recv(65536)
                if not more:
                    failed.append("the end")
                    return
                got += more
            if got.count(b"MSA|AA|") != ahead:
                failed.append(repr(got[:300]))
                return
