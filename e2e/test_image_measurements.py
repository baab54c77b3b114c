"""Measurements on images in the facts: what pydicom reads in the reports is what DuckDB finds in the table."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import highdicom as hd
import numpy as np
import pydicom
import pytest
from deltalake import DeltaTable
from highdicom.sr import CodedConcept
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes
from pydicom.uid import generate_uid

from isocenter import Isocenter, running, soon
from samples import encoded, exam, shared

Json = dict[str, Any]
Row = tuple[Any, ...]
# What DICOM coded before 2019, and the same today (PS3.16 annex D, CID 244).
TODAY = {"G-D705": "118565006", "R-00317": "373098007", "R-404FB": "255605001", "G-A437": "56851009"}


def caught_up(s: Isocenter) -> None:
    soon(lambda: s.json("/api/v1/records/summary")["busy"], lambda busy: not busy, seconds=300)
    soon(lambda: s.json("/api/v1/cohort-language"), lambda told: not told["behind"] and told["facts"] > 0, seconds=120)


def facts(s: Isocenter, columns: str, more: str = "") -> list[Row]:
    uris = DeltaTable(str(s.data / "facts" / "image_measurement")).file_uris()
    if not uris:
        return []
    return sorted(duckdb.sql(f"SELECT {columns} FROM read_parquet({uris!r}) {more}").fetchall(), key=str)


def coded(item: Dataset, name: str) -> str | None:
    """The value of the child with a name: by its words, whatever it is coded by."""
    for child in item.get("ContentSequence", []):
        concept = child.get("ConceptNameCodeSequence")
        if concept and concept[0].CodeMeaning.lower() == name.lower():
            if child.ValueType == "CODE":
                return child.ConceptCodeSequence[0].CodeValue
            return child.UID if child.ValueType == "UIDREF" else child.TextValue
    return None


def groups(item: Dataset) -> Iterator[Dataset]:
    for child in item.get("ContentSequence", []):
        concept = child.get("ConceptNameCodeSequence")
        if concept and concept[0].CodeValue == "125007":
            yield child
        elif child.ValueType == "CONTAINER":
            yield from groups(child)


def told(report: Dataset) -> Iterator[Row]:
    """The numbers of a report (TID 1500), as pydicom has them."""
    for group in groups(report):
        for number in group.ContentSequence:
            if number.ValueType != "NUM":
                continue
            code = number.ConceptNameCodeSequence[0].CodeValue
            value = number.MeasuredValueSequence[0]
            derivation = coded(number, "Derivation")
            yield (
                str(report.SOPInstanceUID),
                TODAY.get(code, code),
                round(float(value.get("FloatingPointValue", value.NumericValue)), 4),
                value.MeasurementUnitsCodeSequence[0].CodeValue,
                derivation is not None,
                coded(group, "Tracking Unique Identifier"),
                coded(group, "Finding"),
                coded(group, "Finding Site"),
            )


COLUMNS = "report_uid, code, round(value, 4), unit, derivation IS NOT NULL, tracking_uid, finding_code, site_code"


def test_reports_of_others_are_told_as_pydicom_reads_them(tmp_path: Path) -> None:
    folder = shared("data/dicom")
    files = [
        folder / "dcmqi/sr-example/sr.dcm",
        folder / "highdicom/sr_document.dcm",
        folder / "highdicom/sr_document_with_multiple_groups.dcm",
    ]
    reports = [pydicom.dcmread(file) for file in files]
    wanted = sorted((row for report in reports for row in told(report)), key=str)
    assert len(wanted) > 20
    with running(tmp_path) as s:
        s.stow(*[file.read_bytes() for file in files])
        caught_up(s)
        # Two samples may have one name: then the first that came is the report, the other a conflict.
        held = {row[0] for row in facts(s, "report_uid")}
        assert facts(s, COLUMNS) == sorted((row for row in wanted if row[0] in held), key=str)
        assert {str(report.SOPInstanceUID) for report in reports} == held
        mean = "WHERE code = '126401' AND derivation = 'Mean'"
        (tumour,) = facts(s, "usual_value, usual_unit, series_uid, made_by, finding_display, system", mean)
        assert tumour == (
            6.01529,
            "{SUVbw}g/ml",
            "1.3.6.1.4.1.14519.5.2.1.2744.7002.261560220703676715130542397405",
            "person",
            "Neoplasm, Primary",
            "http://dicom.nema.org/resources/ontology/DCM",
        )
        # ml is mL, and what was coded by SNOMED's earlier numbers is found by those of today.
        volumes = facts(s, "usual_value, usual_unit", "WHERE code = '118565006' ORDER BY 1")
        assert (33.5824, "mL") in volumes
        # The size of pixels, that stands in its image library, was not measured.
        assert facts(s, "code", "WHERE code IN ('110910', '110911')") == []


def report(images: list[Dataset], value: float, unit: Any, before: Dataset | None = None) -> Dataset:
    """A report of a device about a nodule in the left lung, drawn on the second image."""
    region = hd.sr.ImageRegion(
        graphic_type=hd.sr.GraphicTypeValues.POLYLINE,
        graphic_data=np.array([[1.0, 1.0], [9.0, 1.0], [9.0, 9.0], [1.0, 1.0]]),
        source_image=hd.sr.SourceImageForRegion(images[1].SOPClassUID, images[1].SOPInstanceUID),
    )
    group = hd.sr.PlanarROIMeasurementsAndQualitativeEvaluations(
        tracking_identifier=hd.sr.TrackingIdentifier(uid="1.2.826.0.1.3680043.10.511.9", identifier="Mrs. Doe, nodule"),
        referenced_region=region,
        finding_type=CodedConcept("27925004", "SCT", "Nodule"),
        finding_sites=[hd.sr.FindingSite(codes.SCT.Lung, laterality=codes.SCT.Left)],
        measurements=[hd.sr.Measurement(name=codes.SCT.Diameter, value=value, unit=unit)],
        algorithm_id=hd.sr.AlgorithmIdentification(name="NoduleFinder", version="2.1"),
    )
    device = hd.sr.DeviceObserverIdentifyingAttributes(uid=generate_uid(), name="CT-ROOM-3")
    context = hd.sr.ObserverContext(observer_type=codes.DCM.Device, observer_identifying_attributes=device)
    content = hd.sr.MeasurementReport(
        observation_context=hd.sr.ObservationContext(observer_device_context=context),
        procedure_reported=codes.LN.CTUnspecifiedBodyRegion,
        imaging_measurements=[group],
    )
    return hd.sr.Comprehensive3DSR(
        evidence=images,
        content=content,
        series_instance_uid=generate_uid(),
        series_number=3,
        sop_instance_uid=generate_uid(),
        instance_number=1,
        manufacturer="E2E",
        previous_versions=[before] if before else None,
    )


def counted(s: Isocenter, *tests: Json, **more: Any) -> int:
    patients = {"has": {"of": "image_measurement", "tests": list(tests), **more}}
    answer = s.post("/api/v1/cohort-counts", json={"definition": {"language": 1, "patients": patients}})
    assert answer.status_code == 200, answer.text
    return answer.json()["patients"]["count"]


def code(*values: str) -> Json:
    return {"field": "code", "anyOf": list(values)}


def test_only_the_newest_report_counts_and_units_are_compared(tmp_path: Path) -> None:
    images = exam(3, patient="NODULE")
    other = exam(1, patient="OTHER")
    first = report(images, 8.0, codes.UCUM.Millimeter)
    second = report(images, 1.3, codes.UCUM.Centimeter, before=first)
    with running(tmp_path) as s:
        s.stow(*map(encoded, [*images, *other]))
        s.stow(encoded(first))
        caught_up(s)
        assert facts(s, "usual_value") == [(8.0,)]
        s.stow(encoded(second))
        caught_up(s)
        about = "value, unit, usual_value, usual_unit, laterality, site_code, finding_code, made_by, algorithm"
        assert facts(s, about) == [
            (1.3, "cm", 13.0, "mm", "left", "39607008", "27925004", "device", "NoduleFinder 2.1")
        ]
        (row,) = facts(s, "series_uid, sop_uid, report_uid, tracking_uid, CAST(date AS VARCHAR), age")
        read = hd.sr.Comprehensive3DSR.from_dataset(pydicom.dcmread(pydicom.filebase.DicomBytesIO(encoded(second))))
        (group,) = read.content.get_planar_roi_measurement_groups()
        assert row == (
            images[1].SeriesInstanceUID,
            images[1].SOPInstanceUID,
            second.SOPInstanceUID,
            group.tracking_uid,
            "2026-01-02",
            75,
        )

        unit = {"field": "unit", "anyOf": ["mm"]}
        assert counted(s, code("81827009"), {"field": "value", "min": 12}, unit) == 1
        assert counted(s, code("81827009"), {"field": "value", "min": 14}, unit) == 0
        assert counted(s, code("410668003")) == 0
        lung = {"field": "site_code", "anyOf": ["39607008"]}
        assert counted(s, {"field": "laterality", "anyOf": ["left"]}, lung) == 1
        assert counted(s, {"field": "laterality", "anyOf": ["right"]}) == 0
        near = {"near": "sameExam", "has": {"of": "series", "tests": [{"field": "modality", "anyOf": ["CT"]}]}}
        assert counted(s, code("81827009"), around=[near]) == 1
        # Nothing of what somebody named it, nor of whose room the device stands in.
        everything = str(facts(s, "*"))
        assert "Doe" not in everything and "ROOM" not in everything

        # As OMOP: the feature of a series, and its value in measurement.
        asked = (
            "SELECT m.value_as_number AS value, m.unit_source_value AS unit, f.alg_system, "
            "o.image_series_uid AS series, f.image_feature_type_concept_id AS kind FROM omop.image_feature f "
            "JOIN omop.measurement m ON m.measurement_id = f.image_feature_event_id AND m.person_id = f.person_id "
            "JOIN omop.image_occurrence o ON o.image_occurrence_id = f.image_occurrence_id"
        )
        rows = s.post("/api/v1/sql", json={"statement": asked}).json()
        assert rows == [
            {
                "value": 1.3,
                "unit": "cm",
                "alg_system": "NoduleFinder 2.1",
                "series": images[1].SeriesInstanceUID,
                "kind": 32880,
            }
        ]


def drawing(image: Dataset, uid: str, length: float) -> Json:
    return {
        "trackingUid": uid,
        "tool": "Length",
        "label": "Mrs. Doe",
        "image": {"series": image.SeriesInstanceUID, "sop": image.SOPInstanceUID},
        "shapes": [{"graphic": "polyline", "points": [1, 1, 1 + length, 1]}],
        "values": [{"quantity": "length", "value": length, "unit": "mm"}],
    }


@pytest.fixture
def drawn(tmp_path: Path) -> Iterator[tuple[Isocenter, list[Dataset]]]:
    images = exam(2, patient="DRAWN")
    with running(tmp_path) as s:
        s.stow(*map(encoded, images))
        yield s, images


def test_drawings_follow_what_is_changed_and_removed(drawn: tuple[Isocenter, list[Dataset]]) -> None:
    s, images = drawn
    work = f"/api/v1/exams/{images[0].StudyInstanceUID}/work"
    uids = [generate_uid(), generate_uid()]

    def put(uid: str, length: float, seen: str | None = None) -> str:
        headers = {"if-match": seen} if seen else {}
        answer = s.http.put(f"{s.url}{work}/{uid}", json=drawing(images[0], uid, length), headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.headers["etag"]

    def lengths() -> list[Row]:
        caught_up(s)
        return facts(s, "tracking_uid, value, unit, code, made_by, series_uid, sop_uid")

    def row(uid: str, length: float) -> Row:
        place = (images[0].SeriesInstanceUID, images[0].SOPInstanceUID)
        return (uid, length, "mm", "410668003", "drawing", *place)

    first = put(uids[0], 5.0)
    put(uids[1], 9.0)
    soon(lengths, lambda found: len(found) == 2)
    assert lengths() == sorted([row(uids[0], 5.0), row(uids[1], 9.0)], key=str)
    again = put(uids[0], 6.5, first)
    soon(lengths, lambda found: any(one[1] == 6.5 for one in found))
    assert lengths() == sorted([row(uids[0], 6.5), row(uids[1], 9.0)], key=str)
    gone = s.http.delete(f"{s.url}{work}/{uids[0]}", headers={"if-match": again})
    assert gone.status_code == 200, gone.text
    soon(lengths, lambda found: len(found) == 1)
    assert lengths() == [row(uids[1], 9.0)]
    assert "bob" not in str(facts(s, "*")) and "Doe" not in str(facts(s, "*"))

    # The report of the drawings deleted: they are gone, and there again when it is.
    instance = facts(s, "report_uid")[0][0]
    (found,) = s.find("/instances", SOPInstanceUID=instance)
    series = found["0020000E"]["Value"][0]
    study = images[0].StudyInstanceUID
    deleted = s.http.delete(f"{s.url}/dicom-web/studies/{study}/series/{series}")
    assert deleted.ok, deleted.text
    soon(lengths, lambda found: found == [])
    assert s.post(f"/api/v1/exams/{study}/restore").ok
    soon(lengths, lambda found: found == [row(uids[1], 9.0)])
