"""What an acknowledgement costs on a real disk, beside the flushes it can't do without."""

from __future__ import annotations

import os
import re
import subprocess
import time
from pathlib import Path

from measure import median
from report import Report
from samples import Bench, Samples, send
from servers import ROOT, Isocenter


def run(bench: Bench, report: Report) -> None:
    report.part("Durable C-STORE, on disk (instances/s; a success means the bytes are flushed)")
    files = bench.files("small", bench.scaled(10_000), 64)
    many, single, flushes = [], [], []
    length = files.all(1)[0].stat().st_size
    few = one_exam(files, bench.scaled(400))
    for _ in range(bench.rounds):
        with Isocenter(bench.disk / "server") as server:
            sent = send(server, files.exams(), 32)
            many.append(sent["instances"] / sent["seconds"])
        flushes.append(flushed(bench.disk / "flushed", length, len(few)))
        with Isocenter(bench.disk / "server") as server:
            sent = send(server, few, 1)
            single.append(sent["instances"] / sent["seconds"])
        flushes.append(flushed(bench.disk / "flushed", length, len(few)))
    report.at_least("32 associations", median(many), "/s", 5000, flushes=median(flushes))
    report.at_most(
        "1 association: time / one fdatasync an instance",
        median(flushes) / median(single),
        "x",
        1.2,
        ours=median(single),
        flushes=median(flushes),
    )
    power_cuts(report)


def one_exam(files: Samples, count: int) -> list[Path]:
    return files.all(count)[:count]


def flushed(path: Path, length: int, times: int) -> float:
    """Appends of one instance's size, each flushed before the next: a second's worth."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = os.urandom(length)
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC)
    begun = time.perf_counter()
    for _ in range(times):
        os.write(descriptor, content)
        os.fdatasync(descriptor)
    seconds = time.perf_counter() - begun
    os.close(descriptor)
    path.unlink()
    return times / seconds


def power_cuts(report: Report) -> None:
    """The archive's own test: only flushed bytes survive, and a random part of the rest."""
    test = ["cargo", "nextest", "run", "--locked", "-p", "isocenter-archive", "--no-capture", "power"]
    done = subprocess.run(test, cwd=ROOT, capture_output=True, text=True, check=False)
    ran = re.search(r"(\d+) tests? run: (\d+) passed", done.stdout + done.stderr)
    if not ran:
        raise RuntimeError(f"the power cut test did not run: {(done.stdout + done.stderr)[-2000:]}")
    report.at_most("power cut tests that lost something, 20 cuts", float(int(ran[1]) - int(ran[2])), "", 0)
