"""NDJSON of a FHIR server, resources a second: read alone, and until each is a record with its versions and links."""

from __future__ import annotations

import json
import random
import subprocess
import time
from pathlib import Path

from measure import median
from report import Report
from samples import Bench
from servers import BINARY, Isocenter

SYSTEM = "https://fhir.example/r4"
# Of each patient.
OBSERVATIONS, CONDITIONS, REPORTS = 40, 6, 3


def run(bench: Bench, report: Report) -> None:
    report.part("FHIR NDJSON (resources a second; the command's whole time)")
    file = bench.disk / "resources.ndjson"
    file.parent.mkdir(parents=True, exist_ok=True)
    count = write(file, bench.scaled(400))
    dry, whole = [], []
    for _ in range(bench.rounds):
        begun = time.perf_counter()
        subprocess.run([BINARY, *arguments(file), "--dry-run"], check=True, capture_output=True, cwd=bench.disk)
        dry.append(count / (time.perf_counter() - begun))
        with Isocenter(bench.disk / "server") as server:
            begun = time.perf_counter()
            server.command(*arguments(file))
            whole.append(count / (time.perf_counter() - begun))
    report.told("read and translated", median(dry), "1/s", resources=count, mb=file.stat().st_size / 1e6)
    report.told("durable, read, kept and linked", median(whole), "1/s")


def arguments(file: Path) -> list[str]:
    return ["records", "import", str(file), "--system", SYSTEM]


def write(file: Path, patients: int) -> int:
    """Patients with what is known of them, as a server exports them."""
    dice, count = random.Random(1), 0
    with file.open("w", encoding="utf-8") as out:
        for number in range(patients):
            for resource in person(number, dice):
                out.write(json.dumps(resource, separators=(",", ":")) + "\n")
                count += 1
    return count


def person(number: int, dice: random.Random) -> list[dict[str, object]]:
    subject = {"reference": f"Patient/p{number}"}
    born = f"{dice.randint(1930, 2010)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"
    found: list[dict[str, object]] = [
        {
            "resourceType": "Patient",
            "id": f"p{number}",
            "identifier": [{"system": "urn:oid:1.2.3", "value": f"MRN{number}"}],
            "name": [{"family": f"Bench{number}", "given": ["A"]}],
            "birthDate": born,
        }
    ]
    for at in range(OBSERVATIONS + CONDITIONS + REPORTS):
        when = f"{dice.randint(2011, 2024)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}T08:30:00Z"
        one: dict[str, object] = {"id": f"p{number}-{at}", "subject": subject}
        if at < OBSERVATIONS:
            code = dice.choice(["2345-7", "2160-0", "718-7", "8867-4"])
            value = {"value": round(dice.uniform(1, 200), 1), "unit": "mg/dL", "system": "http://unitsofmeasure.org", "code": "mg/dL"}
            one |= {"resourceType": "Observation", "status": "final", "effectiveDateTime": when, "valueQuantity": value}
            one["code"] = {"coding": [{"system": "http://loinc.org", "code": code}]}
        elif at < OBSERVATIONS + CONDITIONS:
            one |= {"resourceType": "Condition", "onsetDateTime": when, "code": {"text": "a condition"}}
        else:
            one |= {"resourceType": "DiagnosticReport", "status": "final", "effectiveDateTime": when}
            one |= {"code": {"text": "CT CHEST"}, "conclusion": "No pulmonary nodule. No effusion."}
        found.append(one)
    return found
