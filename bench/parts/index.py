"""Index extraction: what reading one file's header costs, from memory; and writing its rows, for comparison."""

from __future__ import annotations

import re
import subprocess

from measure import median
from report import Report
from samples import Bench
from servers import ROOT

EXAMPLE = ["cargo", "run", "--quiet", "--release", "--locked", "-p", "isocenter-catalog", "--example", "index_speed"]


def run(bench: Bench, report: Report) -> None:
    report.part("Index extraction: CPU a file, from memory (a CT header of 90 elements, private ones and sequences)")
    file = bench.files("small", bench.scaled(10_000), 64).all(1)[0]
    found: dict[str, list[float]] = {"header": [], "index": []}
    bench.memory.mkdir(parents=True, exist_ok=True)
    for round in range(bench.rounds):
        ledger = bench.memory / f"speed-{round}.db"
        asked = [f"sqlite://{ledger}", str(bench.scaled(20_000)), "100", str(file)]
        done = subprocess.run([*EXAMPLE, "--", *asked], cwd=ROOT, capture_output=True, text=True, check=True)
        for key, microseconds in re.findall(r"^(header|index) +([\d.]+) us", done.stdout, re.M):
            found[key].append(float(microseconds))
        ledger.unlink()
    report.at_most("reading everything the index needs", median(found["header"]), "µs", 10, rows_written=median(found["index"]))
