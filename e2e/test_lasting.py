"""What is called by a number or a FHIR id is called so for ever: through a rebuild, and after the ledger was lost."""

import json
from pathlib import Path

from isocenter import Isocenter, running, soon
from test_records import bring, scenario, settled

TABLE = "MRN,test,result,taken\n"
MAPPING = """record = "Observation"
[columns]
MRN = { role = "patient", system = "urn:oid:1.2.3" }
test = { role = "code", system = "http://loinc.org" }
result = "value"
taken = "date"
"""


def called(s: Isocenter) -> dict[str, object]:
    """Everything by its FHIR id, with what it is, and the numbers of persons and records."""
    found: dict[str, object] = {}
    for kind in ("Patient", "ServiceRequest", "DiagnosticReport", "Encounter"):
        entries = s.http.get(f"{s.url}/fhir/{kind}?_count=1000").json().get("entry", [])
        for one in (entry["resource"] for entry in entries):
            found[f"{kind}/{one['id']}"] = sorted(each["value"] for each in one.get("identifier", []))
            subject = one.get("subject", {}).get("reference")
            if subject:
                found[f"{kind}/{one['id']} of"] = subject
    for value in ("MRN7711042", "MRN5530981"):
        persons = s.post("/api/v1/records/people/search", json={"value": value}).json()["persons"]
        found[value] = [person["id"] for person in persons]
    return found


def ids(found: dict[str, object]) -> dict[str, object]:
    return {name: what for name, what in found.items() if "/" in name}


def test_ids_and_numbers_are_the_same_after_a_rebuild_and_in_another_order(tmp_path: Path) -> None:
    with running(tmp_path / "one") as s:
        for path in scenario():
            bring(s, path)
        settled(s)
        before = called(s)
        assert len([name for name in before if name.startswith("Patient/")]) > 1
        person = next(what[0] for name, what in before.items() if name == "MRN7711042")
        name = s.http.get(f"{s.url}/fhir/Patient/{person}").json()["id"]
        assert f"Patient/{name}" in before, "a number that was an id is understood still"
        s.printed("rebuild")
        settled(s)
        assert called(s) == before
    with running(tmp_path / "other") as s:
        for path in reversed(list(scenario())):
            bring(s, path)
        settled(s)
        assert ids(called(s)) == ids(before)


def test_numbers_come_back_when_the_ledger_is_lost(tmp_path: Path) -> None:
    """They stand in the archive as soon as there are many; what is read in another order has them, too."""
    (tmp_path / "labs.toml").write_text(MAPPING)
    rows = "".join(f"P{number % 1500},2345-7,{number / 10},2024-01-{number % 28 + 1:02}\n" for number in range(6000))
    (tmp_path / "labs.csv").write_text(TABLE + rows)
    with running(tmp_path) as s:
        s.printed("records", "import", "labs.csv", "--mapping", "labs.toml", "--system", "https://lab.example")

        def numbers() -> list[list[int]]:
            found = []
            for number in (0, 7, 700, 1499):
                people = s.post("/api/v1/records/people/search", json={"value": f"P{number}"}).json()["persons"]
                found.append([person["id"] for person in people])
            return found

        before = numbers()
        assert all(len(one) == 1 for one in before)
        soon(lambda: written(s, tmp_path), seconds=30)
    for file in s.data.glob("ledger.db*"):
        file.unlink()
    with running(tmp_path) as s:
        soon(lambda: all(numbers()) and not s.json("/api/v1/records/summary")["busy"], seconds=60)
        assert numbers() == before


def written(s: Isocenter, folder: Path) -> bool:
    """Whether the archive has an entry of numbers."""
    out = folder / f"out-{len(list(folder.glob('out-*')))}"
    s.printed("export", "--all", out)
    rows = [json.loads(line) for line in (out / "provenance.jsonl").read_text().splitlines()]
    return any(row["details"].get("format") == "numbers" for row in rows)
