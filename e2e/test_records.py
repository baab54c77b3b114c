"""The linked scenario: orders, reports, admissions and merges in any order, interleaved with their images."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path
from typing import Any

import pydicom
import pytest
from isocenter import Isocenter, running, soon
from projects import enrol, member, project, value
from samples import SHARED

SCENARIO = SHARED / "data/linked-scenario"
IMAGES = SHARED / "data/deid/synthetic-phi/dicom"
pytestmark = pytest.mark.skipif(not SCENARIO.is_dir(), reason=f"no samples in {SCENARIO}")


def truth() -> list[dict[str, str]]:
    with (SCENARIO / "truth.tsv").open() as file:
        return list(csv.DictReader(file, delimiter="\t"))


def bring(s: Isocenter, path: Path, **query: str) -> str:
    if path.suffix == ".dcm":
        s.printed("import", path)
        return path.name
    kind = "fhir" if path.suffix == ".json" else "hl7v2"
    answer = s.post("/api/v1/records/sources", params={"format": kind} | query, data=path.read_bytes())
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def settled(s: Isocenter) -> None:
    s.indexed(len(list(IMAGES.rglob("*.dcm"))))
    soon(lambda: not s.json("/api/v1/records/summary")["busy"], seconds=60)


def scenario() -> list[Path]:
    return [path for pattern in ("*.hl7", "*.json") for path in sorted(SCENARIO.glob(pattern))] + sorted(IMAGES.rglob("*.dcm"))


def linked(s: Isocenter, study: str) -> list[dict[str, Any]]:
    told = s.get(f"/api/v1/exams/{study}/records").json()
    return [one for one in told["links"] if one["link"]["state"] == "linked"]


def numbers(record: dict[str, Any]) -> set[str]:
    own = {one["value"] for one in record["content"].get("identifier", [])}
    based = {ref["identifier"]["value"] for ref in record["content"].get("basedOn", [])}
    return own | based


def check(s: Isocenter) -> None:
    for row in truth():
        links = linked(s, row["study_uid"])
        records = [s.json(f"/api/v1/records/{one['link']['record']}") for one in links]
        assert all(record["statements"] for record in records), "each says where it comes from"
        kinds = sorted(record["record"]["kind"] for record in records)
        # The report is told twice: by the RIS in full, by the EHR as a conclusion under an id of its own.
        assert kinds == ["DiagnosticReport", "DiagnosticReport", "ImagingStudy", "ServiceRequest"], kinds
        order = next(record["record"] for record in records if record["record"]["kind"] == "ServiceRequest")
        assert {row["placer_order"], row["filler_order"], row["accession"]} <= numbers(order)
        reports = [record["record"] for record in records if record["record"]["kind"] == "DiagnosticReport"]
        assert any(row["filler_order"] in numbers(report) for report in reports)
    persons = {
        mrn: s.post("/api/v1/records/people/search", json={"value": mrn, "system": "NORTHGATE"}).json()["persons"]
        for mrn in ("MRN4410927", "MRN5500381", "MRN7711042", "MRN9000001")
    }
    assert all(len(found) == 1 for found in persons.values())
    ids = {mrn: found[0]["id"] for mrn, found in persons.items()}
    assert ids["MRN7711042"] == ids["MRN9000001"], "merged by A40"
    assert len(set(ids.values())) == 3
    for row in truth():
        timeline = s.get(f"/api/v1/records/people/{ids[row['mrn']]}").json()
        kinds = [entry["kind"] for entry in timeline["entries"]]
        studies = {entry["study"] for entry in timeline["entries"] if entry["kind"] == "Exam"}
        assert row["study_uid"] in studies, kinds
        exams = len(studies)
        assert (kinds.count("ServiceRequest"), kinds.count("DiagnosticReport")) == (exams, 2 * exams), kinds
    assert not s.get("/api/v1/records/links/waiting").json()["links"]


@pytest.mark.parametrize("seed", range(3))
def test_whatever_comes_first_every_true_link_is_found_and_no_false_one(tmp_path: Path, seed: int) -> None:
    arrivals = scenario()
    random.Random(seed).shuffle(arrivals)
    with running(tmp_path) as s:
        for path in arrivals:
            bring(s, path)
        settled(s)
        check(s)
        before = s.get("/api/v1/records/summary").json()
        random.Random(seed + 100).shuffle(arrivals)
        for path in arrivals:
            bring(s, path)
        settled(s)
        check(s)
        assert s.get("/api/v1/records/summary").json() == before, "the same again changes nothing"
        refused = [one for one in before["sources"] if one["state"] in ("refused", "partly")]
        assert not refused, refused


def test_reports_are_read_with_their_findings(tmp_path: Path) -> None:
    with running(tmp_path) as s:
        for path in scenario():
            bring(s, path)
        settled(s)
        row = next(row for row in truth() if row["accession"] == "NG240377")
        report = next(one for one in linked(s, row["study_uid"]) if one["link"]["kind"] == "report-exam")
        told = soon(lambda: s.get(f"/api/v1/records/{report['link']['record']}").json(), lambda told: told["readings"])
        findings = {one["finding"]: one for one in told["readings"][0]["reading"]["findings"]}
        assert findings["nodule"]["assertion"] == "present" and findings["nodule"]["laterality"] == "left"
        assert findings["lymphadenopathy"]["assertion"] == "absent"
        assert told["record"]["text"].count("IMPRESSION") == 1


def test_reports_are_searched_by_what_they_say(tmp_path: Path) -> None:
    with running(tmp_path) as s:
        for path in scenario():
            bring(s, path)
        settled(s)

        def found(text: str) -> list[str]:
            answer = s.post("/api/v1/records/reports/search", json={"text": text})
            assert answer.ok, answer.text
            return sorted(report["title"] for report in answer.json()["reports"])

        soon(lambda: found("nodule:present"))
        assert found("nodule:present") == ["CT CHEST W CONTRAST FOLLOW UP"]
        assert found('"pleural effusion" modality:CT') == ["CT CHEST W CONTRAST"]
        assert found("effusion:absent") == found("pneumothorax:absent") == ["XR CHEST 2 VIEWS"]
        refused = s.post("/api/v1/records/reports/search", json={"text": "  "})
        assert refused.status_code == 400 and "finding:present" in refused.json()["detail"]


def test_all_of_it_is_made_again_from_the_archive(tmp_path: Path) -> None:
    with running(tmp_path) as s:
        for path in scenario():
            bring(s, path)
        settled(s)
        check(s)
        before = s.json("/api/v1/records/summary")
        s.printed("rebuild")
        settled(s)
        assert s.json("/api/v1/records/summary") == before
        check(s)
        s.kill()
        s.start()
        settled(s)
        assert s.json("/api/v1/records/summary") == before
        check(s)


def test_names_in_latin_1_are_read_by_msh_18(tmp_path: Path) -> None:
    with running(tmp_path) as s:
        bring(s, SCENARIO / "P3_ADT_A04.hl7")
        # It is indexed before it is taken: nothing is busy yet, or no more.
        look = lambda: s.post("/api/v1/records/people/search", json={"value": "MRN7711042"}).json()["persons"]  # noqa: E731
        found = soon(look)
        assert found[0]["patients"][0]["name"][0]["given"] == ["Märta"]


def test_pydicom_agrees_whose_the_images_are() -> None:
    studies = {str(pydicom.dcmread(path, stop_before_pixels=True).StudyInstanceUID) for path in IMAGES.rglob("*.dcm")}
    assert studies == {row["study_uid"] for row in truth()}


def test_a_project_reads_reports_without_people_and_with_its_images_dates(tmp_path: Path) -> None:
    with running(tmp_path) as s:
        for path in scenario():
            bring(s, path)
        settled(s)
        study = next(row["study_uid"] for row in truth() if row["accession"] == "NG240001")
        project(s, "lungs")
        enrol(s, "lungs", [study])
        rita = member(s, "lungs")
        reports = []
        for seen in rita.find("/studies"):
            uid = value(seen, "0020000D")
            answer = rita.http.get(f"{s.url}/api/v1/projects/lungs/exams/{uid}/reports")
            assert answer.status_code == 200, answer.text
            reports += answer.json()["reports"]
        assert any("Filling defects in the right main" in report["text"] for report in reports)
        assert {report["status"] for report in reports} == {"final"}
        for identifying in ("Quartermain", "Allison", "MRN4410927", "NG240001", "PO1000", "Example"):
            assert not any(identifying in json.dumps(report) for report in reports)
        # What is marked was read from the text as it is shown: its places are in it.
        said = {
            (finding["finding"], finding["assertion"], report["text"].encode()[at["start"] : at["end"]].decode().lower())
            for report in reports
            for finding in report["reading"]["findings"]
            for at in [finding["span"]]
        }
        assert ("filling_defect", "present", "filling defects") in said, said
        assert rita.http.get(f"{s.url}/api/v1/projects/lungs/exams/{study}/reports").status_code == 404
        assert rita.http.get(f"{s.url}/api/v1/exams/{study}/records").status_code in (403, 404)
