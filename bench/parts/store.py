"""C-STORE: how fast, and at what cost, beside Orthanc and DCMTK's storescp. Everything on tmpfs."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from measure import Used, median
from report import Report
from samples import Bench, Samples, send
from servers import Isocenter, Orthanc, Server, Storescp

PEERS: dict[str, Callable[[Path], Server]] = {"isocenter": Isocenter, "orthanc": Orthanc, "storescp": Storescp}


@dataclass
class Rates:
    per_second: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)


def run(bench: Bench, report: Report) -> None:
    report.part("C-STORE with the index on, tmpfs, fast sender (instances/s; server CPU until all is indexed)")
    # A fast server gets more, so that its processor time can be told by ticks of 10 ms.
    small = bench.files("small", bench.scaled(10_000), 64)
    large = bench.files("large", bench.scaled(500), 512, series=50, exam=2)
    for name, files, few, faster, cheaper in (("64²", small, 1500, 10.0, 0.1), ("512²", large, 300, 4.0, 0.2)):
        for associations in (1, 4, 16):
            rates = measured(bench, files, few, associations)
            told(report, f"{name}, {associations} associations", rates, faster, cheaper)
    nagle(bench, report, small)


def measured(bench: Bench, files: Samples, few: int, associations: int) -> dict[str, Rates]:
    found = {name: Rates() for name in PEERS}
    for _ in range(bench.rounds):
        for name, start in PEERS.items():
            paths = files.exams(bench.scaled(few) if name == "orthanc" else None)
            with start(bench.memory / "server") as server:
                with Used(server.pid) as used:
                    sent = send(server, paths, associations)
                    server.settled(sent["instances"])
                found[name].per_second.append(sent["instances"] / sent["seconds"])
                found[name].cpu_ms.append(used.cpu * 1000 / sent["instances"])
    return found


def told(report: Report, name: str, rates: dict[str, Rates], faster: float, cheaper: float) -> None:
    per_second = {peer: median(found.per_second) for peer, found in rates.items()}
    cpu = {peer: median(found.cpu_ms) for peer, found in rates.items()}
    ours, theirs = per_second["isocenter"], per_second["orthanc"]
    report.at_least(f"{name}: / Orthanc", ours / theirs, "x", faster, ours=ours, orthanc=theirs)
    report.at_most(
        f"{name}: CPU an instance / Orthanc",
        cpu["isocenter"] / cpu["orthanc"],
        "x",
        cheaper,
        ours_ms=cpu["isocenter"],
        orthanc_ms=cpu["orthanc"],
    )
    receiver = per_second["storescp"]
    # "Not slower", as far as a noisy machine can tell.
    report.at_least(
        f"{name}: / storescp +B", ours / receiver, "x", 0.95, storescp=receiver, storescp_ms=cpu["storescp"]
    )


def nagle(bench: Bench, report: Report, files: Samples) -> None:
    """An unmodified storescu, as Debian ships it."""
    environment = {key: value for key, value in os.environ.items() if key != "TCP_NODELAY"}
    exams = files.exams(bench.scaled(2000))
    count = sum(len(files.within(exam)) for exam in exams)
    rates = []
    for _ in range(bench.rounds):
        with Isocenter(bench.memory / "server") as server:
            to = ["127.0.0.1", str(server.port), *map(str, exams)]
            with Used(server.pid) as used:
                subprocess.run(["storescu", "-aec", "ISOCENTER", "+sd", "+r", *to], env=environment, check=True)
            rates.append(count / used.seconds)
    report.at_least("storescu with Nagle on, one association", median(rates), "/s", 500)
