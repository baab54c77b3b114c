"""Folder import, on disk: beside copying and syncing the same files, and beside Orthanc."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

from measure import median, share_out
from report import Report
from samples import Bench
from servers import Isocenter, Orthanc


def run(bench: Bench, report: Report) -> None:
    report.part("Folder import, on disk (until all is durable and indexed; the command's whole time)")
    for name, size, count, few in (("64²", 64, 10_000, 1000), ("512²", 512, 1000, 200)):
        source = bench.disk / f"source-{size}"
        shutil.copytree(bench.files(f"import-{size}", bench.scaled(count), size).folder, source)
        fewer = [path for path in sorted(source.rglob("*.dcm"))][: bench.scaled(few)]
        copies, imports, peers = [], [], []
        for _ in range(bench.rounds):
            copies.append(copied(source, bench.disk / "copy"))
            imports.append(imported(source, bench.disk / "server", bench.scaled(count)))
            peers.append(uploaded(fewer, bench.disk / "server"))
        files = bench.scaled(count)
        ours, theirs = files / median(imports), len(fewer) / median(peers)
        report.at_least(
            f"{name}: / cp + sync", median(copies) / median(imports), "x", 0.7, ours=ours, copied=files / median(copies)
        )
        limit = files / median(copies) / theirs
        if max(limit, ours / theirs) >= 10:
            report.at_least(f"{name}: / Orthanc", ours / theirs, "x", 10, ours=ours, orthanc=theirs)
        else:  # the disk itself is not ten times as fast as Orthanc
            report.told(f"{name}: / Orthanc", ours / theirs, "x", ours=ours, orthanc=theirs, cp_and_sync_x=limit)
        shutil.rmtree(source)


def copied(source: Path, target: Path) -> float:
    """Seconds to copy a folder and have it on the disk."""
    subprocess.run(["sync", "-f", str(source)], check=True)
    begun = time.perf_counter()
    subprocess.run(["cp", "-r", "--reflink=never", str(source), str(target)], check=True)
    subprocess.run(["sync", "-f", str(target)], check=True)
    seconds = time.perf_counter() - begun
    shutil.rmtree(target)
    return seconds


def imported(source: Path, folder: Path, count: int) -> float:
    with Isocenter(folder) as server:
        begun = time.perf_counter()
        server.command("import", str(source))
        server.settled(count)
        return time.perf_counter() - begun


def uploaded(paths: list[Path], folder: Path) -> float:
    """Orthanc has no import; its own script posts file after file. Four at a time, it is faster."""
    with Orthanc(folder) as peer:

        def post(jobs: Iterable[Path]) -> None:
            connection = peer.connection()
            for path in jobs:
                connection.request("POST", "/instances", body=path.read_bytes())
                answer = connection.getresponse()
                answer.read()
                if answer.status != 200:
                    raise RuntimeError(f"orthanc answered {answer.status}")

        begun = time.perf_counter()
        share_out(4, paths, post)
        return time.perf_counter() - begun
