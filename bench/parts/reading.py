"""Reading reports, one thread: sentences a second of processor time, beside negspaCy and medspaCy over the same reports."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

from measure import median
from report import Report
from samples import Bench
from servers import HERE, ROOT

REPORTS = ROOT / "crates/reading/tests/data/reports.jsonl"
PEERS = {"negspacy": 20, "medspacy": 1}
# They pin older versions of what the rest of the bench uses, so they live apart.
READERS = HERE / "out/readers"
PACKAGES = ["negspacy==1.0.4", "medspacy==1.3.1", "spacy==3.7.5"]


def run(bench: Bench, report: Report) -> None:
    report.part("Reading reports, one thread (sentences a second of processor time)")
    ours, peers = program(), python()
    found: dict[str, list[float]] = {"ours": [], **{name: [] for name in PEERS}}
    rounds = bench.scaled(1000)
    files = {name: repeated(bench.memory, name, times) for name, times in PEERS.items()}
    for _ in range(bench.rounds):
        found["ours"].append(speed(ours, rounds))
        for name, file in files.items():
            found[name].append(peer(peers, name, file))
    figures = {name: median(values) for name, values in found.items()}
    report.at_least("isocenter", figures["ours"], "1/s", 50_000)
    for name in PEERS:
        report.told(f"ours / {name}", figures["ours"] / figures[name], "x", **{f"{name}_s": figures[name]})


def program() -> Path:
    built = ["cargo", "build", "--quiet", "--release", "--locked", "-p", "isocenter-reading", "--example", "reading_speed"]
    subprocess.run(built, cwd=ROOT, check=True)
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    return target / "release/examples/reading_speed"


def python() -> Path:
    """The Python of the peers, installed when it is missing."""
    inside = READERS / "bin/python"
    if not (READERS / "installed").exists():
        print(f"installing from PyPI into {READERS}: {', '.join(PACKAGES)}")
        venv.create(READERS, with_pip=True)
        subprocess.run([inside, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PACKAGES], check=True)
        (READERS / "installed").write_text("\n".join(PACKAGES))
    return inside


def repeated(folder: Path, name: str, times: int) -> Path:
    """The reports so often that starting counts for little."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"reports-{name}.jsonl"
    file.write_text(REPORTS.read_text(encoding="utf-8") * times, encoding="utf-8")
    return file


def speed(program: Path, rounds: int) -> float:
    """Ours with all a run costs, the lexicon read and compiled too."""
    running = subprocess.Popen([program, str(REPORTS), str(rounds)], stdout=subprocess.PIPE, text=True)
    assert running.stdout
    told = json.loads(running.stdout.read())
    _, status, usage = os.wait4(running.pid, 0)
    running.returncode = os.waitstatus_to_exitcode(status)
    if running.returncode or not told["findings"]:
        raise RuntimeError(f"reading ended with {running.returncode}")
    return told["sentences"] / (usage.ru_utime + usage.ru_stime)


def peer(python: Path, name: str, file: Path) -> float:
    """Theirs without starting and without compiling their rules."""
    done = subprocess.run([python, HERE / "readers.py", name, file], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"error: {name} can't be measured: {done.stderr[-400:]}")
    told = json.loads(done.stdout.splitlines()[-1])
    if not told["findings"]:
        raise RuntimeError(f"{name} found nothing")
    return told["sentences"] / told["seconds"]
