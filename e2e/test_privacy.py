"""Nothing that identifies a patient is written to the log, even when everything is logged."""

from __future__ import annotations

from pydicom.dataset import Dataset
from pynetdicom import AE
from pynetdicom.sop_class import StudyRootQueryRetrieveInformationModelFind

from isocenter import Isocenter, multipart
from samples import encoded, instance

SETTINGS = {"log.level": "trace", "dimse.loopback_may_query": "true"}
NAME, PATIENT, ACCESSION, BIRTH = "Unmistakable^Quentin", "PID-9F31-7730", "ACC-5521-88", "19331217"
SECRETS = ("Unmistakable", "Quentin", PATIENT, ACCESSION, BIRTH)


def identified(number: int) -> Dataset:
    image = instance(patient=PATIENT, name=NAME)
    image.AccessionNumber, image.PatientBirthDate, image.InstanceNumber = ACCESSION, BIRTH, number
    return image


def test_names_numbers_and_dates_stay_out_of_the_log(server: Isocenter) -> None:
    images = [identified(number) for number in range(3)]
    server.stow(*map(encoded, images[:2]))
    conflicting = identified(9)
    conflicting.SOPInstanceUID = images[0].SOPInstanceUID
    conflicting.file_meta.MediaStorageSOPInstanceUID = images[0].SOPInstanceUID
    broken = encoded(images[2])[:-100]
    kind, body = multipart([encoded(conflicting), broken])
    assert server.post("/dicom-web/studies", data=body, headers={"content-type": kind}).status_code in (202, 409)
    assert server.find("/studies", PatientName=NAME, PatientID=PATIENT, AccessionNumber=ACCESSION)
    assert server.get("/dicom-web/studies", params={"PatientBirthDate": "not-a-date", "PatientID": PATIENT})
    assert server.post("/api/v1/exams/search", json={"q": "Unmistakable Quentin"}).json()["total"]["value"] == 2
    assert server.post("/api/v1/exams/search", json={"q": NAME, "limit": NAME}).status_code >= 400
    asked(server)
    file = server.folder / f"{NAME}-{PATIENT}.dcm"
    file.write_bytes(encoded(identified(20)))
    server.run("import", file)
    server.run("import", server.folder / f"{NAME}-missing.dcm")
    server.stop()
    log = server.log()
    assert "TRACE" in log or "DEBUG" in log
    found = [line for line in log.splitlines() if any(secret in line for secret in SECRETS)]
    assert not found, "\n".join(found[:10])


def asked(server: Isocenter) -> None:
    """C-FIND by name."""
    entity = AE("ASKER")
    entity.add_requested_context(StudyRootQueryRetrieveInformationModelFind)
    association = entity.associate("127.0.0.1", server.dimse_port, ae_title="ISOCENTER")
    assert association.is_established
    keys = Dataset()
    keys.QueryRetrieveLevel, keys.PatientName, keys.PatientID, keys.StudyInstanceUID = "STUDY", NAME, PATIENT, ""
    answers = [status.Status for status, _ in association.send_c_find(keys, StudyRootQueryRetrieveInformationModelFind)]
    association.release()
    assert answers[-1] == 0 and len(answers) == 3
