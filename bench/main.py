"""Isocenter beside other people's servers and the physical limit; see README.md."""

from __future__ import annotations

import argparse
import os
import platform
import signal
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from report import Report  # noqa: E402
from samples import Bench  # noqa: E402
from servers import BINARY, HERE, TREE  # noqa: E402

PARTS = ["store", "durable", "stow", "intake", "retrieve", "index", "memory", "find", "viewer", "deid", "deid-pixels", "projects", "reading", "hl7", "fhir", "search", "cohorts"]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench/run", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"what to measure: {', '.join(PARTS)} [all]")
    parser.add_argument("--rounds", type=int, default=3, help="rounds, taken in turns; the median counts [3]")
    parser.add_argument("--quick", action="store_true", help="a fifth of everything: to see that it runs")
    parser.add_argument("--disk", type=Path, default=Path(tempfile.gettempdir()), help="a folder on the disk to measure")
    parser.add_argument("--memory", type=Path, default=Path("/dev/shm"), help="a folder on a tmpfs")
    parser.add_argument("--million", type=Path, help="keep the catalog of a million exams here, or use the one there")
    asked = parser.parse_args()
    unknown = set(asked.parts) - set(PARTS)
    if unknown:
        parser.error(f"there is no part {', '.join(sorted(unknown))}")
    return asked


def main() -> int:
    asked = arguments()
    # Ended from outside, it still ends its servers.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    alone = set(asked.parts) <= {"deid", "deid-pixels", "reading", "hl7", "fhir", "search", "cohorts"} and asked.parts != []
    for needed in [BINARY] if alone else [BINARY, TREE / "usr/sbin/Orthanc"]:
        if not needed.exists():
            sys.exit(f"error: there is no {needed}; run `make bench`")
    name = f"isocenter-bench-{os.getpid()}"
    bench = Bench(asked.memory / name, asked.disk / name, asked.rounds, asked.quick, asked.million)
    report = Report(HERE / "out/figures.json", about(asked))
    try:
        for part in asked.parts or PARTS:
            import_module(f"parts.{part.replace('-', '_')}").run(bench, report)
    finally:
        bench.clean()
    missed = report.end()
    return 1 if missed else 0


def about(asked: argparse.Namespace) -> dict[str, object]:
    version = subprocess.run([str(BINARY), "--version"], capture_output=True, text=True, check=True).stdout.strip()
    return {
        "version": version,
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "processors": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "load": os.getloadavg(),
        "rounds": asked.rounds,
        "quick": asked.quick,
    }


if __name__ == "__main__":
    sys.exit(main())
