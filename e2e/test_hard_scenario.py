"""A bad day in a hospital group: whatever comes first and however often, every true link is found, and no false one."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from hard_scenario import Scenario, scenario
from isocenter import Isocenter, running, soon


def bring(s: Isocenter, folder: Path, arrivals: list[tuple[str, bytes]]) -> None:
    for number, (kind, content) in enumerate(arrivals):
        if kind == "dicom":
            file = folder / f"{number:04}.dcm"
            file.write_bytes(content)
        else:
            answer = s.post("/api/v1/records/sources", params={"format": kind}, data=content)
            assert answer.status_code == 201, answer.text
        if kind == "dicom" and number % 3 == 0:
            s.printed("import", folder)
    s.printed("import", folder)


def of_study(s: Isocenter, study: str) -> dict[str, set[str]]:
    """The numbers of what is linked to a study, by kind of record."""
    found: dict[str, set[str]] = {"ServiceRequest": set(), "DiagnosticReport": set()}
    for one in s.json(f"/api/v1/exams/{study}/records")["links"]:
        if one["link"]["state"] != "linked":
            continue
        record = s.json(f"/api/v1/records/{one['link']['record']}")["record"]
        wanted = "P" if record["kind"] == "ServiceRequest" else "F"
        numbers = {identifier["value"] for identifier in record["content"].get("identifier", [])}
        found.setdefault(record["kind"], set()).update(n for n in numbers if n.startswith(wanted))
    return found


def person(s: Isocenter, patient: str) -> dict[str, Any]:
    system = "HOSPB" if patient.startswith("B-") else "HOSPA"
    [found] = s.post("/api/v1/records/people/search", json={"value": patient, "system": system}).json()["persons"]
    return found


def wrong(s: Isocenter, made: Scenario) -> list[str]:
    """What is not as it is."""
    told = []
    for truth in made.truth:
        found = of_study(s, truth.study)
        for kind, wanted in (("ServiceRequest", truth.orders), ("DiagnosticReport", truth.reports)):
            if found[kind] != wanted:
                told.append(f"{truth.patient}: {kind} {sorted(found[kind])}, not {sorted(wanted)}")
        entries = s.json(f"/api/v1/records/people/{person(s, truth.patient)['id']}")["entries"]
        if truth.study not in {entry["study"] for entry in entries if entry["kind"] == "Exam"}:
            told.append(f"{truth.patient}: its exam is not in its record")
    return told


@pytest.mark.parametrize("seed", range(3))
def test_every_true_link_and_no_false_one(tmp_path: Path, seed: int) -> None:
    made = scenario()
    arrivals = made.arrivals + random.Random(seed).sample(made.arrivals, len(made.arrivals) // 3)
    if seed:
        random.Random(seed).shuffle(arrivals)
    (tmp_path / "images").mkdir()
    with running(tmp_path / "data") as s:
        bring(s, tmp_path / "images", arrivals)
        s.indexed(len(made.truth))
        soon(lambda: not s.json("/api/v1/records/summary")["busy"], seconds=60)
        assert wrong(s, made) == []
        waiting = s.json("/api/v1/records/links/waiting")["links"]
        asked = {truth.study for truth in made.truth if truth.asked}
        assert {one["exam"]["study"] for one in waiting} == asked, "nothing else of it is uncertain"
        for patient, name in made.names.items():
            assert name in str(person(s, patient)), patient
        ids = {patient: person(s, patient)["id"] for patient in ("A-101", "A-102", "A-401", "A-402", "A-301", "A-TMP1")}
        assert ids["A-301"] == ids["A-TMP1"], "one person by A40"
        assert len(set(ids.values())) == 5, "twins, and two who were taken for one, are two"
