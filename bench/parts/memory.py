"""Processor time and memory under many senders and readers, and with one very large object."""

from __future__ import annotations

import json
import threading
import time

from measure import Used, forget_peak, memory
from report import Report
from samples import Bench, send, tool
from servers import Isocenter

DICOM = 'multipart/related; type="application/dicom"; transfer-syntax=*'


def run(bench: Bench, report: Report) -> None:
    report.part("16 senders and 16 readers, tmpfs")
    crowd(bench, report)
    report.part("One multi-frame object of 4 GB by C-STORE, on disk")
    large(bench, report)


def crowd(bench: Bench, report: Report) -> None:
    held = bench.files("exam", bench.scaled(200), 512, series=100, exam=2)
    small = bench.files("small", bench.scaled(10_000), 64)
    more = bench.files("large", bench.scaled(500), 512, series=50, exam=2)
    with Isocenter(bench.memory / "server") as server:
        server.settled(send(server, [held.folder], 4)["instances"])
        forget_peak(server.pid)
        stop = threading.Event()
        reads: list[int] = []
        failures: list[BaseException] = []
        readers = [threading.Thread(target=read, args=(server, stop, reads, failures)) for _ in range(16)]
        for reader in readers:
            reader.start()
        with Used(server.pid) as used:
            stored = 0
            for files in (small, more):
                stored += send(server, files.exams(), 16)["instances"]
            server.settled(stored)
        stop.set()
        for reader in readers:
            reader.join()
        if failures:
            raise failures[0]
        peak = memory(server.pid, "VmHWM")
    each = {"stored": stored, "read": len(reads), "cpu_s": used.cpu}
    report.at_most("peak memory", peak, "MB", 250, **each)


def read(server: Isocenter, stop: threading.Event, reads: list[int], failures: list[BaseException]) -> None:
    """Reads the exam that is there again and again, in the ways a viewer does."""
    try:
        connection = server.connection()
        listed = json.loads(server.get(connection, "/instances?limit=200", "application/dicom+json"))
        paths = [
            "/studies/{}/series/{}/instances/{}".format(
                *(one[tag]["Value"][0] for tag in ("0020000D", "0020000E", "00080018"))
            )
            for one in listed
        ]
        ways = [("", DICOM), ("/metadata", "application/dicom+json"), ("/rendered", "image/jpeg")]
        while not stop.is_set():
            for number, path in enumerate(paths):
                if stop.is_set():
                    break
                way, accept = ways[number % len(ways)]
                reads.append(len(server.get(connection, path + way, accept)))
        connection.close()
    except BaseException as failure:
        failures.append(failure)


def large(bench: Bench, report: Report) -> None:
    with Isocenter(bench.disk / "server") as server:
        # The first association and the first batch of the indexer are not what is measured.
        warm = bench.files("exam", bench.scaled(200), 512, series=100, exam=2).exams()[:1]
        count = send(server, warm, 1)["instances"]
        server.settled(count)
        time.sleep(1)
        before = memory(server.pid, "VmRSS")
        forget_peak(server.pid)
        frames = 400 if bench.quick else 2000
        sent = tool("large", "--to", f"127.0.0.1:{server.port}", "--frames", str(frames))
        assert not sent["refused"]
        server.settled(count + 1)
        extra = memory(server.pid, "VmHWM") - before
    speed = sent["bytes"] / sent["seconds"] / 1e6
    report.at_most("extra memory", extra, "MB", 64, before_mb=before, gb=sent["bytes"] / 1e9, mb_per_s=speed)
