"""STOW-RS: requests of a hundred instances, one and four at a time. Everything on tmpfs."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path

from measure import Used, median, share_out
from report import Report
from samples import Bench
from servers import Isocenter, Orthanc, WebServer

BOUNDARY = "bench-7c1d"
KIND = f'multipart/related; type="application/dicom"; boundary={BOUNDARY}'


def run(bench: Bench, report: Report) -> None:
    report.part("STOW-RS, 100 instances a request, tmpfs (instances/s)")
    for name, size, many, few in (("64²", 64, 5000, 1000), ("512²", 512, 500, 200)):
        samples = bench.files("large" if size == 512 else "small", bench.scaled(10_000 if size == 64 else 500), size)
        bodies = requests(samples.all(bench.scaled(many)))
        fewer = bodies[: max(1, bench.scaled(few) // 100)]
        for senders in (1, 4):
            ours, theirs, cpu, peer_cpu = [], [], [], []
            for _ in range(bench.rounds):
                with Isocenter(bench.memory / "server") as server:
                    rate, used = stored(server, bodies, senders)
                    ours.append(rate)
                    cpu.append(used)
                with Orthanc(bench.memory / "server") as peer:
                    rate, used = stored(peer, fewer, senders)
                    theirs.append(rate)
                    peer_cpu.append(used)
            report.at_least(
                f"{name}, {senders} at a time: / Orthanc",
                median(ours) / median(theirs),
                "x",
                5,
                ours=median(ours),
                orthanc=median(theirs),
                ours_ms=median(cpu),
                orthanc_ms=median(peer_cpu),
            )


def requests(paths: list[Path], each: int = 100) -> list[tuple[int, bytes]]:
    groups = [paths[at : at + each] for at in range(0, len(paths), each)]
    return [(len(group), body(group)) for group in groups]


def body(paths: list[Path]) -> bytes:
    head = f"--{BOUNDARY}\r\nContent-Type: application/dicom\r\n\r\n".encode()
    parts = (head + path.read_bytes() + b"\r\n" for path in paths)
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def stored(server: WebServer, bodies: list[tuple[int, bytes]], senders: int) -> tuple[float, float]:
    """Instances a second until the last answer; CPU ms an instance until all are indexed."""
    instances = sum(count for count, _ in bodies)

    def post(jobs: Iterable[tuple[int, bytes]]) -> None:
        connection = server.connection()
        for _, content in jobs:
            headers = server.headers | {"Content-Type": KIND, "Accept": "application/dicom+json"}
            connection.request("POST", f"{server.base}/studies", body=content, headers=headers)
            answer = connection.getresponse()
            told = answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{server.name}: STOW-RS answered {answer.status}: {told[:300]!r}")

    with Used(server.pid) as used:
        begun = time.perf_counter()
        share_out(senders, bodies, post)
        seconds = time.perf_counter() - begun
        server.settled(instances)
    return instances / seconds, used.cpu * 1000 / instances
