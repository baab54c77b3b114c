"""QIDO-RS over a million exams and five million series: inside the product, and through HTTP."""

from __future__ import annotations

import json
import re
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

from measure import percentile
from report import Report
from samples import Bench
from servers import ROOT, Isocenter

KINDS = {
    "patient id": "patient",
    "accession number": "accession",
    "study uid": "UID",
    "a month and modality": "date range + modality",
    "nine years and modality, deep page": "date range + modality, page at 83,000",
    "name prefix, 3 letters": "name prefix",
    "name prefix, deep page": "name prefix, page at 20,000",
    "inner wildcard, name": "inner wildcard",
    "inner wildcard, common": "inner wildcard, common piece",
    "inner wildcard, deep page": "inner wildcard, common piece, page at 20,000",
    "everything, first page": "everything",
    "everything, deep page": "everything, page at 500,000",
}

# Asked of no target, but worth knowing.
BEYOND = ["inner wildcard, two letters", "two letters, deep page", "name prefix, range and modality", "fuzzy name"]


def run(bench: Bench, report: Report) -> None:
    exams = 50_000 if bench.quick else 1_000_000
    data = bench.million or bench.disk / "million"
    data.mkdir(parents=True, exist_ok=True)
    report.part(f"Finding among {exams:,} exams, {exams * 5:,} series; SQLite on disk (ms, 50 rows a page)")
    example = ["cargo", "run", "--quiet", "--release", "--locked", "-p", "isocenter-catalog", "--example", "million_exams"]
    ledger = f"sqlite://{data}/ledger.db"
    done = subprocess.run([*example, "--", ledger, str(exams)], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"million_exams: {done.stderr[-2000:]}")
    for kind, p50, p99 in re.findall(r"^(.{38}) +([\d.]+) +([\d.]+) ", done.stdout, re.M):
        if name := KINDS.get(kind.strip()):
            report.at_most(f"{name}: p50", float(p50), "ms", 5)
            report.at_most(f"{name}: p99", float(p99), "ms", 25)
        elif kind.strip() in BEYOND:
            report.told(f"{kind.strip()}: p50", float(p50), "ms", p99=float(p99))
    by_http(bench, report, data)


def by_http(bench: Bench, report: Report, data: Path) -> None:
    """The same through the door, with everything a request costs."""
    with Isocenter(bench.memory / "server", data.resolve()) as server:
        connection = server.connection()
        first = json.loads(server.get(connection, "/studies?limit=200&offset=1000", "application/dicom+json"))
        asked = {
            "patient": [f"PatientID={value(exam, '00100020')}" for exam in first],
            "accession": [f"AccessionNumber={value(exam, '00080050')}" for exam in first],
            "UID": [f"StudyInstanceUID={value(exam, '0020000D')}" for exam in first],
            "name prefix": [f"PatientName={quote(name(exam)[:3])}*" for exam in first],
            "inner wildcard": [f"PatientName=*{quote(name(exam)[1:6])}*" for exam in first],
            "date range + modality": [f"StudyDate=20{year}0301-20{year}0331&ModalitiesInStudy=CT" for year in range(16, 26)] * 20,
        }
        for kind, queries in asked.items():
            times = []
            for query in queries:
                begun = time.perf_counter()
                server.get(connection, f"/studies?limit=50&{query}", "application/dicom+json")
                times.append((time.perf_counter() - begun) * 1000)
            report.at_most(f"{kind}, HTTP: p50", percentile(times, 0.5), "ms", 5)
            report.at_most(f"{kind}, HTTP: p99", percentile(times, 0.99), "ms", 25)
        connection.close()


def value(exam: dict[str, dict[str, list[str]]], tag: str) -> str:
    return exam[tag]["Value"][0]


def name(exam: dict[str, dict[str, list[dict[str, str]]]]) -> str:
    return exam["00100010"]["Value"][0]["Alphabetic"]
