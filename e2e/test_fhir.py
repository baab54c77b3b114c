"""The FHIR door, asked by other people's client and checked by their models of the standard."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class
from fhirpy import AsyncFHIRClient, SyncFHIRClient
from isocenter import Isocenter, running, soon
from samples import SHARED

SYNTHEA = SHARED / "data/fhir/synthea"
EXAMPLES = SHARED / "data/fhir/spec-examples"
SCENARIO = SHARED / "data/linked-scenario"
IMAGES = SHARED / "data/deid/synthetic-phi/dicom"
pytestmark = pytest.mark.skipif(not SYNTHEA.is_dir(), reason=f"no samples in {SYNTHEA}")
BASE = "http://hl7.org/fhir"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Isocenter]:
    """A server with everything in it."""
    with running(tmp_path_factory.mktemp("fhir")) as server:
        server.run("records", "import", SYNTHEA)
        server.run("records", "import", EXAMPLES, "--system", BASE)
        server.run("records", "import", SCENARIO)
        server.run("import", IMAGES)
        server.indexed(len(list(IMAGES.rglob("*.dcm"))))
        soon(lambda: not server.json("/api/v1/records/summary")["busy"], seconds=60)
        yield server


@pytest.fixture(scope="module")
def client(house: Isocenter) -> SyncFHIRClient:
    return SyncFHIRClient(f"{house.url}/fhir", authorization=house.http.headers["Authorization"])


def check(resource: dict[str, Any]) -> None:
    """By the models of R4B, which differs from R4 in no type that is asked for here."""
    get_fhir_model_class(resource["resourceType"]).model_validate(resource)


def bundles(house: Isocenter, path: str) -> Iterator[dict[str, Any]]:
    url: str | None = f"{house.url}/fhir/{path}"
    while url:
        answer = house.http.get(url)
        assert answer.status_code == 200, answer.text
        bundle = answer.json()
        yield bundle
        url = next((link["url"] for link in bundle["link"] if link["relation"] == "next"), None)


def found(house: Isocenter, path: str) -> list[dict[str, Any]]:
    return [entry["resource"] for bundle in bundles(house, path) for entry in bundle.get("entry", [])]


def originals(folder: Path, kind: str) -> int:
    files = (json.loads(path.read_text()) for path in folder.glob("*.json"))
    entries = (entry["resource"] for file in files for entry in file.get("entry", [{"resource": file}]))
    return sum(one["resourceType"] == kind for one in entries)


def test_it_says_what_it_can(house: Isocenter) -> None:
    said = house.http.get(f"{house.url}/fhir/metadata").json()
    check(said)
    assert said["fhirVersion"] == "4.0.1"
    for resource in said["rest"][0]["resource"]:
        answer = house.http.get(f"{house.url}/fhir/{resource['type']}", params={"_count": 1})
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"].startswith("application/fhir+json")


@pytest.mark.parametrize(
    "kind",
    [
        "AllergyIntolerance",
        "CarePlan",
        "Condition",
        "Consent",
        "DiagnosticReport",
        "DocumentReference",
        "Encounter",
        "Immunization",
        "MedicationRequest",
        "Observation",
        "Organization",
        "Patient",
        "Practitioner",
        "Procedure",
        "ServiceRequest",
    ],
)
def test_every_resource_that_came_is_found_and_valid(house: Isocenter, kind: str) -> None:
    all_of_them = found(house, f"{kind}?_count=200")
    brought = sum(originals(folder, kind) for folder in (SYNTHEA, EXAMPLES, SCENARIO))
    if kind not in {"Patient", "Organization", "Practitioner"}:  # these are told of more than once
        assert len(all_of_them) >= brought  # HL7 told of some too
    assert len({one["id"] for one in all_of_them}) == len(all_of_them)
    for one in all_of_them:
        check(one)


def test_bundles_are_valid_and_page(house: Isocenter) -> None:
    pages = list(bundles(house, "Observation?_count=100"))
    assert len(pages) > 3
    assert all(len(page["entry"]) <= 100 for page in pages)
    check(pages[0])
    count = house.http.get(f"{house.url}/fhir/Observation?_summary=count").json()["total"]
    assert count == sum(len(page["entry"]) for page in pages)


def test_a_client_of_others_finds_reads_and_follows(client: SyncFHIRClient) -> None:
    observations = client.resources("Observation").search(category="vital-signs").limit(20).fetch()
    assert observations
    one = observations[0]
    assert client.reference("Observation", one.id).to_resource().serialize()["id"] == one.id
    patient = one["subject"].to_resource()
    assert patient.resource_type == "Patient"
    check(patient.serialize())
    of_patient = client.resources("Observation").search(patient=patient.id, code="8302-2").fetch_all()
    assert of_patient
    assert {each["subject"]["reference"] for each in of_patient} == {f"Patient/{patient.id}"}


def test_an_asynchronous_client_counts(house: Isocenter) -> None:
    async def count() -> int:
        client = AsyncFHIRClient(f"{house.url}/fhir", authorization=house.http.headers["Authorization"])
        return int(await client.resources("Encounter").search(status="finished").count())

    assert asyncio.run(count()) == len(found(house, "Encounter?status=finished&_count=500"))


def test_identifiers_travel_in_bodies_and_stay_out_of_links(house: Isocenter) -> None:
    url = f"{house.url}/fhir/Patient/_search"
    bundle = house.http.post(url, data={"identifier": "MRN4410927"}).json()
    assert "4410927" not in json.dumps(bundle["link"])
    [patient] = [entry["resource"] for entry in bundle["entry"]]
    check(patient)
    url = f"{house.url}/fhir/DiagnosticReport/_search"
    data = {"patient.identifier": "MRN4410927", "_count": "1"}
    bundle = house.http.post(url, data=data).json()
    assert "4410927" not in json.dumps(bundle["link"])
    following = next(link["url"] for link in bundle["link"] if link["relation"] == "next")
    assert house.http.get(following).json()["entry"][0]["resource"]["subject"]["reference"] == f"Patient/{patient['id']}"


def test_dates_have_prefixes(house: Isocenter) -> None:
    every = len(found(house, "Encounter?_count=500&date=ge1900"))
    before = len(found(house, "Encounter?_count=500&date=lt2015"))
    after = len(found(house, "Encounter?_count=500&date=ge2015"))
    assert before + after == every
    assert before > 0
    assert after > 0


def test_exams_are_imaging_studies_with_where_their_images_are(house: Isocenter) -> None:
    every = found(house, "ImagingStudy?_count=4")
    assert len(every) == len({one["id"] for one in every})
    assert len(every) == house.http.get(f"{house.url}/fhir/ImagingStudy?_summary=count").json()["total"]
    studies = [one for one in every if "." in one["id"]]
    assert studies
    assert len(studies) < len(every), "others were told of, and are not in the archive"
    for one in every:
        check(one)
    for study in studies:
        whole = house.http.get(f"{house.url}/fhir/ImagingStudy/{study['id']}").json()
        check(whole)
        [endpoint] = whole["contained"]
        assert endpoint["connectionType"]["code"] == "dicom-wado-rs"
        metadata = house.http.get(f"{endpoint['address']}/studies/{study['id']}/metadata")
        assert metadata.status_code == 200
        assert len(metadata.json()) == whole["numberOfInstances"]


def test_includes_and_everything(house: Isocenter) -> None:
    bundle = next(bundles(house, "DiagnosticReport?_include=DiagnosticReport:result&_include=DiagnosticReport:patient"))
    modes = {entry["search"]["mode"] for entry in bundle["entry"]}
    assert modes == {"match", "include"}
    patient = next(entry["resource"]["id"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == "Patient")
    everything = found(house, f"Patient/{patient}/$everything?_count=300")
    assert everything[0]["resourceType"] == "Patient"
    kinds = {one["resourceType"] for one in everything}
    assert {"Patient", "DiagnosticReport"} <= kinds
    only = found(house, f"Patient/{patient}/$everything?_type=DiagnosticReport")
    assert {one["resourceType"] for one in only} == {"DiagnosticReport"}


def test_versions(house: Isocenter) -> None:
    one = found(house, "DiagnosticReport?_count=1")[0]
    address = f"{house.url}/fhir/DiagnosticReport/{one['id']}"
    history = house.http.get(f"{address}/_history").json()
    check(history)
    version = one["meta"]["versionId"]
    answer = house.http.get(f"{address}/_history/{version}")
    assert answer.json() == one
    assert answer.headers["ETag"] == f'W/"{version}"'


def test_what_cannot_be_done_is_an_operation_outcome(house: Isocenter) -> None:
    for path, status in [
        ("Nothing", 404),
        ("Patient/999999", 404),
        ("Observation?shoe-size=42", 400),
        ("Observation?date=soon", 400),
        ("Observation?_format=xml", 406),
    ]:
        answer = house.http.get(f"{house.url}/fhir/{path}")
        assert answer.status_code == status, path
        check(answer.json())
        assert answer.json()["resourceType"] == "OperationOutcome"
    answer = house.http.get(f"{house.url}/fhir/Patient", headers={"Authorization": "Bearer nobody"})
    assert (answer.status_code, answer.json()["resourceType"]) == (401, "OperationOutcome")
