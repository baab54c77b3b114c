"""A million reports: taken as messages are, read, and searched; inside the product."""

from __future__ import annotations

import os
import re
import subprocess

from report import Report
from samples import Bench
from servers import ROOT

EXAMPLE = ["cargo", "run", "--quiet", "--release", "--locked", "-p", "isocenter-records", "--example", "million_reports"]


def run(bench: Bench, report: Report) -> None:
    reports = 20_000 if bench.quick else 1_000_000
    data = bench.disk / "reports"
    data.mkdir(parents=True, exist_ok=True)
    ledgers = {"SQLite": f"sqlite://{data}/ledger.db"}
    # An empty database that may be filled.
    if postgres := os.environ.get("ISOCENTER_BENCH_POSTGRES"):
        ledgers["PostgreSQL"] = postgres
    for name, ledger in ledgers.items():
        report.part(f"Searching {reports:,} reports, {name} (50 on a page)")
        told = asked(ledger, reports)
        for what, rate in re.findall(r"^(.+?): (\d+)/s", told, re.M):
            report.told(what, float(rate), "/s")
        for question, p50, p95 in re.findall(r"^(.{44}) +([\d.]+) +([\d.]+) +\d+$", told, re.M):
            report.told(f"{question.strip()}: p95", float(p95), "ms", p50=float(p50))


def asked(ledger: str, reports: int) -> str:
    # How far it is goes to the terminal: a million take hours on a small machine.
    done = subprocess.run([*EXAMPLE, "--", ledger, str(reports)], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise RuntimeError("million_reports failed; what it says stands above. Run again, it goes on where it stopped")
    return done.stdout
