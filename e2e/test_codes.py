"""Tables that map codes: what is received stays, what it means stands beside it; units become UCUM."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from isocenter import Isocenter, running, soon

LABORATORY = (
    "MSH|^~\\&|LAB|NGH|ISO|RES|20240105101500||ORU^R01|C1|P|2.5.1||||||UNICODE UTF-8\r"
    "PID|1||M1^^^NGH^MR||Doe^Jane||19700101|F\r"
    "OBR|1||F1^LAB|PANEL^Panel^L|||20240105090000||||||||||||||||||LAB|F\r"
    "OBX|1|NM|GLU^Glucose^99LAB||5.4|MMOL/L|||||F\r"
    "OBX|2|NM|WBC^Leukocytes^99LAB||7|Tsd. je uL|||||F\r"
)
TABLE = (
    "source_system,source_code,target_system,target_code,display,valid_from,valid_to\n"
    "urn:hl7v2:99LAB,GLU,http://loinc.org,{code},Glucose,,\n"
    ",Tsd. je uL,http://unitsofmeasure.org,10*3/uL,,,\n"
)


def observations(s: Isocenter, **query: str) -> list[Any]:
    bundle = s.json("/fhir/Observation", params=query)
    return [entry["resource"] for entry in bundle.get("entry", [])]


def codes(one: Any) -> list[str]:
    return [coding["code"] for coding in one["code"]["coding"]]


def load(s: Isocenter, text: str, *more: str) -> str:
    (s.folder / "lab.csv").write_text(text)
    return s.printed("records", "codes", "load", "lab.csv", *more)


def test_codes_are_mapped_and_mapped_again_and_what_was_received_stays(tmp_path: Path) -> None:
    with running(tmp_path) as s:
        sent = s.post("/api/v1/records/sources", params={"format": "hl7v2"}, data=LABORATORY.encode())
        assert sent.status_code == 201
        soon(lambda: observations(s), lambda all_: len(all_) == 2)
        glucose, leukocytes = sorted(observations(s), key=codes)
        assert codes(glucose) == ["GLU"]
        quantity = {"value": 5.4, "unit": "MMOL/L", "system": "http://unitsofmeasure.org", "code": "mmol/L"}
        assert glucose["valueQuantity"] == quantity, "a common spelling needs no table"
        assert "code" not in leukocytes["valueQuantity"], "nobody can be sure"
        assert "lab: 2 codes, active" in load(s, TABLE.format(code="15074-8"))
        glucose, leukocytes = sorted(observations(s), key=codes)
        assert codes(glucose) == ["GLU", "15074-8"]
        assert (leukocytes["valueQuantity"]["unit"], leukocytes["valueQuantity"]["code"]) == ("Tsd. je uL", "10*3/uL")
        assert [codes(one) for one in observations(s, code="http://loinc.org|15074-8")] == [["GLU", "15074-8"]]
        record = s.json(f"/api/v1/records/{glucose['id']}")
        assert codes(record["record"]["content"]) == ["GLU"], "the record is as it was received"
        assert record["mapped"][0]["receivedCode"] == "GLU"
        assert (record["mapped"][0]["code"], record["mapped"][0]["table"]) == ("15074-8", "lab")
        assert record["units"] == [{"element": "valueQuantity", "received": "MMOL/L", "code": "mmol/L"}]
        # A newer table of the name holds instead, at once and for old records too.
        told = load(s, TABLE.format(code="2345-7"))
        assert "2 codes, active" in told and "2 codes, superseded" in told
        assert codes(sorted(observations(s), key=codes)[0]) == ["GLU", "2345-7"]
        assert observations(s, code="http://loinc.org|15074-8") == []
        found = s.post("/api/v1/records/codes/look-up", json={"system": "urn:hl7v2:99LAB", "code": "GLU"}).json()
        assert [one["code"] for one in found["meanings"]] == ["2345-7"]
        found = s.post("/api/v1/records/codes/look-up", json={"code": "mcg/dL"}).json()
        assert [one["code"] for one in found["meanings"]] == ["ug/dL"]


def test_a_concept_map_and_a_vocabulary_are_tables_too(tmp_path: Path) -> None:
    with running(tmp_path) as s:
        element = [{"code": "GLU", "target": [{"code": "2345-7", "equivalence": "equivalent"}]}, {"code": "X"}]
        group = [{"source": "urn:hl7v2:99LAB", "target": "http://loinc.org", "element": element}]
        (tmp_path / "map.json").write_text(json.dumps({"resourceType": "ConceptMap", "group": group}))
        assert "map: 1 codes, active" in s.printed("records", "codes", "load", "map.json")
        (tmp_path / "CONCEPT.csv").write_text(
            "concept_id\tconcept_name\tvocabulary_id\tconcept_code\n1\tDM\tICD10CM\tE11\n2\tDiabetes\tSNOMED\t44054006\n"
        )
        (tmp_path / "CONCEPT_RELATIONSHIP.csv").write_text(
            "concept_id_1\tconcept_id_2\trelationship_id\tvalid_start_date\tvalid_end_date\tinvalid_reason\n"
            "1\t2\tMaps to\t19700101\t20991231\t\n2\t1\tMapped from\t19700101\t20991231\t\n"
        )
        files = ("CONCEPT.csv", "CONCEPT_RELATIONSHIP.csv")
        assert "athena: 1 codes" in s.printed("records", "codes", "load", *files, "--name", "athena")
        asked = {"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "E11"}
        found = s.post("/api/v1/records/codes/look-up", json=asked).json()["meanings"]
        assert [(one["system"], one["code"]) for one in found] == [("http://snomed.info/sct", "44054006")]


def test_what_is_no_table_is_refused_in_words(tmp_path: Path) -> None:
    with running(tmp_path) as s:
        (tmp_path / "x.csv").write_text("a,b\n1,2\n")
        done = s.run("records", "codes", "load", "x.csv")
        assert done.returncode == 3 and "source_code and target_code" in done.stdout
        (tmp_path / "y.json").write_text('{"resourceType": "Patient"}')
        done = s.run("records", "codes", "load", "y.json")
        assert done.returncode == 3 and "neither a ConceptMap" in done.stdout, done.stdout + done.stderr


GLUCOSE = [("U1", "14749-6", "7.2", "MMOL/L"), ("U2", "2345-7", "131", "mg/dl"), ("U3", "2345-7", "0.9", "g/L"), ("U4", "2345-7", "9", "spoonful")]


def laboratory(patient: str, code: str, value: str, unit: str) -> str:
    sent = LABORATORY.split("\r")[:3] + [f"OBX|1|NM|{code}^Glucose^LN||{value}|{unit}|||||F", ""]
    return "\r".join(sent).replace("|C1|", f"|{patient}|").replace("M1^^^", f"{patient}^^^").replace("F1^LAB", f"{patient}^LAB")


def test_values_are_found_in_the_unit_a_criterion_names(tmp_path: Path) -> None:
    with running(tmp_path) as s:
        for one in GLUCOSE:
            assert s.post("/api/v1/records/sources", params={"format": "hl7v2"}, data=laboratory(*one).encode()).status_code == 201
        soon(lambda: s.json("/api/v1/cohort-language"), lambda told: not told["behind"] and told["facts"] > 0, seconds=60)

        def count(unit: str, least: float) -> int:
            code = {"field": "code", "anyOf": ["2345-7", "14749-6"]}
            tests = [code, {"field": "value", "min": least}, {"field": "unit", "anyOf": [unit]}]
            patients = {"has": {"of": "observation", "tests": tests}}
            answer = s.post("/api/v1/cohort-counts", json={"definition": {"language": 1, "patients": patients}})
            assert answer.status_code == 200, answer.text
            return answer.json()["patients"]["count"]

        soon(lambda: count("mg/dL", 1), lambda found: found == 3)
        assert (count("mg/dL", 126), count("mmol/L", 7.0), count("mmol/L", 7.25), count("g/L", 0.5)) == (2, 2, 1, 3)
        assert count("spoonful", 1) == 1, "a unit nobody knows finds what came in it"
        [record] = observations(s, code="http://loinc.org|14749-6")
        told = s.json(f"/api/v1/records/{record['id']}")
        assert told["record"]["content"]["valueQuantity"]["value"] == 7.2, "as it was received"
        assert (round(told["usual"]["value"], 2), told["usual"]["unit"]) == (129.71, "mg/dL")
        others = [s.json(f"/api/v1/records/{one['id']}").get("usual") for one in observations(s, code="http://loinc.org|2345-7")]
        assert sorted(one["value"] for one in others if one) == [90.0], "131 mg/dl is usual, of spoonfuls nothing is known"
