"""Ten cohort questions about an invented population: beside DuckDB with the same SQL over the same files, PostgreSQL
over the same rows, and the time in which the columns that are touched are read alone. A question is answered by two
counts: patients, and the exams that are meant.

Where a cluster begins to pay is measured with cores as if they were machines: one core alone, and a cluster with an
executor on each of two.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
from measure import median
from report import Report
from samples import Bench
from servers import BINARY, HERE, ROOT, Postgres, free_port

QUESTIONS = HERE / "cohorts.json"
SIZES = (10_000, 100_000, 1_000_000)
# What the questions compare; the statements of a site's own tables would be indexed alike.
INDEXES = {
    "condition": ["code text_pattern_ops", "patient"],
    "encounter": ["patient"],
    "exam": ["patient", "exam"],
    "finding": ["exam"],
    "observation": ["code", "patient"],
    "patient": ["patient"],
    "series": ["exam"],
}
# Of every table that has them, whether they are touched or not.
ALWAYS_NAMED = {"patient", "id", "day", "exam"}

Answer = dict[str, Any]


def run(bench: Bench, report: Report) -> None:
    ours = program()
    for patients in SIZES[: 2 if bench.quick else 3]:
        folder = bench.disk / f"facts-{patients}"
        report.part(f"Cohorts of {patients:,} invented patients (seconds a question)")
        told = asked(ours, folder, patients, bench.rounds)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        report.told("made", told["madeSeconds"], "s")
        questions: list[Answer] = told["questions"]
        beside = in_duckdb(folder, questions, bench.rounds)
        postgres = in_postgres(bench, folder, questions)
        last = patients == SIZES[-1]
        for question, duck, postgre in zip(questions, beside, postgres, strict=True):
            others = {"p95": percentile(question["times"]), "duckdb_s": duck, "postgresql_s": postgre}
            others |= {"/scan": middle(question) / question["scan"], "patients": question["patients"]}
            line = report.at_most if last else report.told
            line(question["name"][:46], middle(question), "s", *([1.0] if last else []), **others)
        compared(report, questions, beside, postgres, peak, last)
        crossover(report, ours, folder, patients, bench.rounds)


def compared(report: Report, questions: list[Answer], duckdb_s: list[float], postgres_s: list[float], peak: float, last: bool) -> None:
    mine = [middle(question) for question in questions]
    together, times = sum(mine) / sum(duckdb_s), median([b / a for a, b in zip(mine, postgres_s, strict=True)])
    ahead = sum(a <= b for a, b in zip(mine, duckdb_s, strict=True))
    report.told("the ten together / reading their columns", sum(mine) / sum(one["scan"] for one in questions), "x")
    report.told("PostgreSQL / ours, the ten together", sum(postgres_s) / sum(mine), "x")
    if not last:
        report.told("the ten together / DuckDB", together, "x", ahead=ahead)
        report.told("PostgreSQL / ours, median of the ten", times, "x")
        return
    report.at_most("the ten together / DuckDB", together, "x", 1.0)
    report.at_least("questions ahead of DuckDB", float(ahead), "of 10", 5)
    report.at_least("PostgreSQL / ours, median of the ten", times, "x", 10)
    report.at_most("peak memory", peak, "MB", 4096)


def program() -> Path:
    built = ["cargo", "build", "--quiet", "--release", "--locked", "-p", "isocenter-warehouse", "--example", "cohort_speed"]
    subprocess.run(built, cwd=ROOT, check=True)
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    return target / "release/examples/cohort_speed"


def asked(ours: Path, folder: Path, patients: int, rounds: int, cores: str = "", engine: str = "local") -> Any:
    pinned = ["taskset", "-c", cores] if cores else []
    command = [*pinned, ours, folder, str(patients), QUESTIONS, str(rounds), engine]
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)


def middle(question: Answer) -> float:
    return median(question["times"])


def percentile(times: list[float]) -> float:
    return times[min(len(times) - 1, round(0.95 * (len(times) - 1)))]


def tables(folder: Path) -> dict[str, list[str]]:
    found = {path.name: [str(file) for file in sorted(path.glob("*.parquet"))] for path in folder.iterdir() if path.is_dir()}
    return {name: files for name, files in found.items() if files and name != "kept"}


def counted(question: Answer) -> list[int]:
    return [question["patients"], question["examsFound"]]


def in_duckdb(folder: Path, questions: list[Answer], rounds: int) -> list[float]:
    """The medians of DuckDB, which must count the same."""
    connection = duckdb.connect()
    for name, files in tables(folder).items():
        connection.execute(f'CREATE VIEW "{name}" AS SELECT * FROM read_parquet({files})')
    medians = []
    for question in questions:
        took = []
        for _ in range(rounds):
            begun = time.perf_counter()
            counts = [
                connection.execute(f"SELECT COUNT(*) FROM ({sql}) q").fetchall()[0][0]
                for sql in (question["sql"], question["exams"])
            ]
            took.append(time.perf_counter() - begun)
            if counts != counted(question):
                raise RuntimeError(f"{question['name']}: DuckDB counts {counts}, we {counted(question)}")
        medians.append(median(took))
    return medians


def in_postgres(bench: Bench, folder: Path, questions: list[Answer]) -> list[float]:
    """The medians of two rounds, after one that warms; it holds no other columns than those that are named."""
    touched: dict[str, set[str]] = {}
    for question in questions:
        for table, columns in question["touched"].items():
            touched.setdefault(table, set()).update(columns)
    with Postgres(bench.disk / "postgres") as server:
        for table, columns in touched.items():
            load(server, table, columns, tables(folder)[table])
        server.run("VACUUM ANALYZE")
        return [in_turn(server, question) for question in questions]


def load(server: Postgres, table: str, touched: set[str], files: list[str]) -> None:
    described = duckdb.connect().execute(f"DESCRIBE SELECT * FROM read_parquet({files})").fetchall()
    types = [line for line in described if line[0] in touched | ALWAYS_NAMED]
    columns = [line[0] for line in types]
    named = ", ".join(f'"{column}"' for column in columns)
    reader = f"SELECT {named} FROM read_parquet({files})"
    kinds = {"VARCHAR": "text", "DOUBLE": "float8", "FLOAT": "float4", "INTEGER": "int", "BIGINT": "bigint", "SMALLINT": "smallint"}
    declared = ", ".join(f'"{name}" {kinds.get(kind, kind)}' for name, kind, *_ in types)
    server.run(f'CREATE UNLOGGED TABLE "{table}" ({declared})')
    written = f"COPY ({reader}) TO '/dev/stdout' (FORMAT csv, HEADER false)"
    # A bar that shows progress would be among the rows.
    program = f"import duckdb; duckdb.execute('SET enable_progress_bar = false'); duckdb.execute({written!r})"
    source = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
    server.run(f'COPY "{table}" ({named}) FROM STDIN (FORMAT csv)', source.stdout)
    if source.wait() != 0:
        raise RuntimeError(f"{table} could not be read")
    for index in INDEXES.get(table, []):
        if index.split()[0] in columns:
            server.run(f'CREATE INDEX ON "{table}" ({index})')


def in_turn(server: Postgres, question: Answer) -> float:
    took = []
    for _ in range(3):
        counts, seconds = server.timed([f"SELECT COUNT(*) FROM ({sql}) q" for sql in (question["sql"], question["exams"])])
        took.append(seconds)
        if counts != counted(question):
            raise RuntimeError(f"{question['name']}: PostgreSQL counts {counts}, we {counted(question)}")
    return median(took[1:])


def crossover(report: Report, ours: Path, folder: Path, patients: int, rounds: int) -> None:
    alone = asked(ours, folder, patients, rounds, "0")["questions"]
    with cluster(folder) as engine:
        spread = asked(ours, folder, patients, rounds, "0", engine)["questions"]
    for one, two in zip(alone, spread, strict=True):
        if counted(one) != counted(two):
            raise RuntimeError(f"{one['name']}: the cluster counts {counted(two)}, one core {counted(one)}")
    one, two = sum(middle(question) for question in alone), sum(middle(question) for question in spread)
    slowest = max(zip(alone, spread, strict=True), key=lambda both: middle(both[0]))
    report.told("a cluster of two cores / one core", two / one, "x", one_core_s=one, cluster_s=two)
    report.told("the same, the longest question", middle(slowest[1]) / middle(slowest[0]), "x", one_core_s=middle(slowest[0]))


@contextmanager
def cluster(folder: Path) -> Iterator[str]:
    """A scheduler beside whoever asks, and an executor on each of two cores; gives the engine's name."""
    at = f"127.0.0.1:{free_port()}"
    processes = [role(folder, "scheduler", "0", at)]
    try:
        processes += [role(folder, "executor", core, at) for core in ("0", "1")]
        yield f"ballista://{at}"
    finally:
        for process in processes:
            process.kill()
            process.wait()


def role(folder: Path, name: str, core: str, at: str) -> subprocess.Popen[str]:
    settings = {
        "store.facts": str(folder),
        "cluster.listen": at,
        "cluster.scheduler": f"ballista://{at}",
        "cluster.executor_listen": f"127.0.0.1:{free_port()}",
        "cluster.executor_cores": "1",
    }
    given = {f"ISOCENTER_{key.upper().replace('.', '__')}": value for key, value in settings.items()}
    place = folder.parent / f"role-{name}-{core}"
    place.mkdir(exist_ok=True)
    command = ["taskset", "-c", core, str(BINARY), "serve", "--roles", name]
    process = subprocess.Popen(command, cwd=place, env=os.environ | given, stdout=subprocess.PIPE, text=True)
    if not process.stdout or not process.stdout.readline():
        raise RuntimeError(f"the {name} did not start")
    return process
