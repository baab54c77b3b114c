"""Ten cohort questions about an invented population, beside DuckDB with the same SQL over the same files.

A question is answered by two counts: patients, and the exams that are meant.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import time
from pathlib import Path

import duckdb
from measure import median
from report import Report
from samples import Bench
from servers import HERE, ROOT

QUESTIONS = HERE / "cohorts.json"
SIZES = (10_000, 100_000, 1_000_000)


def run(bench: Bench, report: Report) -> None:
    ours = program()
    for patients in SIZES[: 2 if bench.quick else 3]:
        report.part(f"Cohorts of {patients:,} invented patients (seconds a question)")
        folder = bench.disk / f"facts-{patients}"
        told = json.loads(subprocess.run(
            [ours, str(folder), str(patients), str(QUESTIONS), str(bench.rounds)], stdout=subprocess.PIPE, text=True, check=True
        ).stdout)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        report.told("made", told["madeSeconds"], "s")
        theirs = beside(folder, told["questions"], bench.rounds)
        last = patients == SIZES[-1]
        for question, seconds in zip(told["questions"], theirs, strict=True):
            others = {"patients": question["patients"], "longest_s": question["longest"], "duckdb_s": seconds}
            line = report.at_most if last else report.told
            line(question["name"][:46], question["median"], "s", *([1.0] if last else []), **others)
        together = sum(one["median"] for one in told["questions"]) / sum(theirs)
        ahead = sum(one["median"] <= seconds for one, seconds in zip(told["questions"], theirs, strict=True))
        if last:
            report.at_most("the ten together / DuckDB", together, "x", 1.0)
            report.at_least("questions ahead of DuckDB", float(ahead), "of 10", 5)
            report.at_most("peak memory", peak, "MB", 4096)
        else:
            report.told("the ten together / DuckDB", together, "x", ahead=ahead)


def program() -> Path:
    built = ["cargo", "build", "--quiet", "--release", "--locked", "-p", "isocenter-warehouse", "--example", "cohort_speed"]
    subprocess.run(built, cwd=ROOT, check=True)
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    return target / "release/examples/cohort_speed"


def beside(folder: Path, questions: list[dict[str, object]], rounds: int) -> list[float]:
    """The medians of DuckDB, which must count the same."""
    connection = duckdb.connect()
    for table in sorted(path for path in folder.iterdir() if path.is_dir()):
        files = [str(file) for file in sorted(table.glob("*.parquet"))]
        if files:
            connection.execute(f'CREATE VIEW "{table.name}" AS SELECT * FROM read_parquet({files})')
    medians = []
    for question in questions:
        ours = [question["patients"], question["examsFound"]]
        took = []
        for _ in range(rounds):
            begun = time.perf_counter()
            counts = [
                connection.execute(f"SELECT COUNT(*) FROM ({sql}) q").fetchall()[0][0]
                for sql in (question["sql"], question["exams"])
            ]
            took.append(time.perf_counter() - begun)
            if counts != ours:
                raise RuntimeError(f"{question['name']}: DuckDB counts {counts}, we {ours}")
        medians.append(median(took))
    return medians
