"""DICOMweb with dicomweb-client and pydicom: STOW-RS, QIDO-RS, WADO-RS, WADO-URI, DELETE."""

from __future__ import annotations

import io
import json
import zipfile
from xml.etree import ElementTree

import numpy as np
import pydicom
import pytest
import requests
from dicomweb_client.api import DICOMwebClient
from PIL import Image
from pydicom.dataset import Dataset
from pydicom.pixels import pixel_array
from pydicom.sequence import Sequence
from pydicom.uid import generate_uid

from isocenter import Isocenter, multipart, parts, soon
from samples import encoded, exam, instance, shared

Exam = list[Dataset]


@pytest.fixture(scope="module")
def client(server: Isocenter) -> DICOMwebClient:
    server.http.headers.pop("accept", None)
    return DICOMwebClient(f"{server.url}/dicom-web", session=server.http)


@pytest.fixture(scope="module")
def chest(client: DICOMwebClient) -> Exam:
    """An exam stored by dicomweb-client: six slices with a private block and a sequence."""
    images = exam(6, patient="WEB1", name="Müller^Jörg")
    for image in images:
        block = image.private_block(0x0099, "E2E TEST", create=True)
        block.add_new(0x01, "LO", "private value")
        block.add_new(0x02, "OB", bytes(range(256)) * 8)
        image.RequestAttributesSequence = Sequence([Dataset()])
        image.RequestAttributesSequence[0].ScheduledProcedureStepID = "STEP9"
    answer = client.store_instances(images)
    assert len(answer.ReferencedSOPSequence) == 6 and "FailedSOPSequence" not in answer
    soon(lambda: client.search_for_instances(search_filters={"PatientID": "WEB1"}), lambda found: len(found) == 6)
    return images


def value(found: dict, tag: str) -> object:
    return found[tag]["Value"][0]


# QIDO-RS


def test_search_on_all_levels(client: DICOMwebClient, chest: Exam) -> None:
    study, series = chest[0].StudyInstanceUID, chest[0].SeriesInstanceUID
    filters = {"search_filters": {"PatientID": "WEB1"}}
    (one,) = client.search_for_studies(**filters)
    assert value(one, "0020000D") == study and value(one, "00100010") == {"Alphabetic": "Müller^Jörg"}
    assert value(one, "00201208") == 6 and one["00080061"]["Value"] == ["CT"]
    assert value(one, "00081190").endswith(f"/dicom-web/studies/{study}")
    assert len(client.search_for_series(**filters)) == len(client.search_for_series(study)) == 1
    assert len(client.search_for_instances(**filters)) == len(client.search_for_instances(study)) == 6
    assert len(client.search_for_instances(study, series)) == 6
    (seventh,) = client.search_for_instances(study, series, search_filters={"InstanceNumber": "3"})
    assert value(seventh, "00080018") == chest[2].SOPInstanceUID


@pytest.mark.parametrize(
    ("filters", "matches"),
    [
        ({"PatientName": "Müller^Jörg"}, 1),
        ({"PatientName": "m?ller*"}, 1),
        ({"00100020": "WEB1", "StudyDate": "20260101-20260131"}, 1),
        ({"00100020": "WEB1", "StudyDate": "20270101-"}, 0),
        ({"ModalitiesInStudy": "CT", "PatientID": "WEB1"}, 1),
        ({"PatientID": "WEB1", "AccessionNumber": "A1"}, 1),
        ({"PatientID": "WEB1", "ReferringPhysicianName": "Roe*"}, 1),
        ({"PatientID": "WEB1", "RequestAttributesSequence.ScheduledProcedureStepID": "STEP9"}, 1),
        ({"PatientID": "WEB1", "RequestAttributesSequence.ScheduledProcedureStepID": "STEP8"}, 0),
    ],
)
def test_every_kind_of_match(client: DICOMwebClient, chest: Exam, filters: dict[str, str], matches: int) -> None:
    assert len(client.search_for_studies(search_filters=filters)) == matches


def test_lists_of_uids_and_private_attributes(server: Isocenter, client: DICOMwebClient, chest: Exam) -> None:
    two = f"{chest[0].SOPInstanceUID},{chest[3].SOPInstanceUID}"
    assert len(client.search_for_instances(search_filters={"SOPInstanceUID": two})) == 2
    found = server.find("/instances", PatientID="WEB1", **{"00990010": "E2E TEST", "00991001": "private value"})
    assert len(found) == 6


def test_fuzzy_names(client: DICOMwebClient, chest: Exam) -> None:
    asked = {"search_filters": {"PatientName": "jorg mull"}}
    assert not client.search_for_studies(**asked)
    assert len(client.search_for_studies(fuzzymatching=True, **asked)) == 1


def test_fields_that_are_asked_for(client: DICOMwebClient, chest: Exam) -> None:
    (plain,) = client.search_for_studies(search_filters={"PatientID": "WEB1"})
    assert "00081030" not in plain or value(plain, "00081030") == "Chest"
    (more,) = client.search_for_studies(search_filters={"PatientID": "WEB1"}, fields=["StudyDescription", "00101010"])
    assert value(more, "00081030") == "Chest"
    one = client.search_for_instances(search_filters={"PatientID": "WEB1"}, fields=["all"], limit=1)[0]
    assert value(one, "00281053") == 1.0 and "7FE00010" not in one


def test_pages_are_told(server: Isocenter, client: DICOMwebClient, chest: Exam) -> None:
    filters = {"PatientID": "WEB1"}
    pages = [client.search_for_instances(search_filters=filters, limit=4, offset=offset) for offset in (0, 4, 8)]
    assert [len(page) for page in pages] == [4, 2, 0]
    assert len({value(one, "00080018") for page in pages for one in page}) == 6
    answer = server.get(
        "/dicom-web/instances", params=filters | {"limit": 4}, headers={"accept": "application/dicom+json"}
    )
    assert answer.headers["warning"].startswith("299 ") and 'rel="next"' in answer.headers["link"]
    everything = client.search_for_instances(search_filters=filters, limit=2, get_remaining=True)
    assert len(everything) == 6


def test_answers_in_xml(server: Isocenter, chest: Exam) -> None:
    accept = {"accept": 'multipart/related; type="application/dicom+xml"'}
    answer = server.get("/dicom-web/studies", params={"PatientID": "WEB1"}, headers=accept)
    ((_, content),) = parts(answer)
    root = ElementTree.fromstring(content)
    names = [node.text for node in root.iter() if node.tag.endswith("FamilyName")]
    assert "Müller" in names


# WADO-RS


def test_files_come_back_alone_by_series_and_by_exam(client: DICOMwebClient, chest: Exam) -> None:
    study, series = chest[0].StudyInstanceUID, chest[0].SeriesInstanceUID
    for found in (client.retrieve_study(study), client.retrieve_series(study, series)):
        assert {image.SOPInstanceUID for image in found} == {image.SOPInstanceUID for image in chest}
        assert all(image in chest for image in found)
    assert client.retrieve_instance(study, series, chest[1].SOPInstanceUID) == chest[1]
    assert len(list(client.iter_study(study))) == 6


def test_metadata(client: DICOMwebClient, chest: Exam) -> None:
    study, series = chest[0].StudyInstanceUID, chest[0].SeriesInstanceUID
    assert len(client.retrieve_study_metadata(study)) == len(client.retrieve_series_metadata(study, series)) == 6
    told = client.retrieve_instance_metadata(study, series, chest[0].SOPInstanceUID)
    assert "BulkDataURI" in told["7FE00010"] and "Value" not in told["7FE00010"]
    bulk = {tag: told.pop(tag) for tag in list(told) if "BulkDataURI" in told[tag]}
    assert "7FE00010" in bulk
    read = Dataset.from_json(told)
    for tag, element in bulk.items():
        read.add_new(int(tag, 16), element["vr"], bytes(client.retrieve_bulkdata(element["BulkDataURI"])[0]))
    assert read == chest[0], "with its bulk data fetched, metadata is the whole instance"


def test_frames(client: DICOMwebClient, chest: Exam) -> None:
    image = chest[4]
    names = (image.StudyInstanceUID, image.SeriesInstanceUID, image.SOPInstanceUID)
    (frame,) = client.retrieve_instance_frames(*names, frame_numbers=[1])
    assert frame == image.PixelData
    (coded,) = client.retrieve_instance_frames(
        *names, frame_numbers=[1], media_types=(("image/jls", "1.2.840.10008.1.2.4.80"),)
    )
    assert coded != image.PixelData and coded.startswith(b"\xff\xd8\xff")
    assert (jpeg_ls(image, coded) == pixel_array(image)).all()


def jpeg_ls(like: Dataset, coded: bytes) -> np.ndarray:
    """Decodes JPEG-LS by pyjpegls."""
    made = Dataset()
    made.update({element.tag: element for element in like if element.tag.group == 0x0028})
    made.file_meta = pydicom.dataset.FileMetaDataset()
    made.file_meta.TransferSyntaxUID = pydicom.uid.JPEGLSLossless
    made.PixelData = pydicom.encaps.encapsulate([coded])
    return pixel_array(made)


def test_frames_of_a_real_multi_frame_image(server: Isocenter, client: DICOMwebClient) -> None:
    path = shared("data/dicom/pydicom-data/emri_small_jpeg_ls_lossless.dcm")
    server.stow(path.read_bytes())
    image = pydicom.dcmread(path)
    names = (image.StudyInstanceUID, image.SeriesInstanceUID, image.SOPInstanceUID)
    truth = pixel_array(image)
    frames = client.retrieve_instance_frames(*names, frame_numbers=[1, 3, 10])
    for frame, number in zip(frames, (1, 3, 10), strict=True):
        assert frame == truth[number - 1].astype("<u2").tobytes()
    past = server.get(f"/dicom-web/studies/{names[0]}/series/{names[1]}/instances/{names[2]}/frames/99")
    assert past.status_code == 404


def test_pictures(client: DICOMwebClient, chest: Exam) -> None:
    image = chest[0]
    names = (image.StudyInstanceUID, image.SeriesInstanceUID, image.SOPInstanceUID)
    png = Image.open(io.BytesIO(client.retrieve_instance_rendered(*names, media_types=("image/png",))))
    assert png.format == "PNG" and png.size == (image.Columns, image.Rows)
    jpeg = Image.open(
        io.BytesIO(
            client.retrieve_instance_rendered(*names, media_types=("image/jpeg",), params={"window": "-1000,60,linear"})
        )
    )
    assert jpeg.format == "JPEG"
    # The gradient rises from the first corner to the last.
    shades = np.asarray(png.convert("L")).astype(int)
    assert shades[0, 0] < shades[15, 15] < shades[31, 31]
    frame = client.retrieve_instance_frames_rendered(*names, frame_numbers=[1], media_types=("image/png",))
    assert Image.open(io.BytesIO(frame)).size == (image.Columns, image.Rows)


def test_thumbnails_and_zip(server: Isocenter, chest: Exam) -> None:
    study = f"/dicom-web/studies/{chest[0].StudyInstanceUID}"
    small = server.get(f"{study}/thumbnail", headers={"accept": "image/jpeg"})
    assert max(Image.open(io.BytesIO(small.content)).size) <= 256
    packed = server.get(study, headers={"accept": "application/zip"})
    with zipfile.ZipFile(io.BytesIO(packed.content)) as archive:
        images = [pydicom.dcmread(io.BytesIO(archive.read(name))) for name in archive.namelist()]
    assert len(images) == 6 and all(image in chest for image in images)


def test_transfer_syntaxes_are_negotiated(server: Isocenter, chest: Exam) -> None:
    image = chest[0]
    path = (
        f"/dicom-web/studies/{image.StudyInstanceUID}/series/{image.SeriesInstanceUID}/instances/{image.SOPInstanceUID}"
    )
    for syntax in ("1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.5", "1.2.840.10008.1.2"):
        accept = f'multipart/related; type="application/dicom"; transfer-syntax={syntax}'
        ((_, content),) = parts(server.get(path, headers={"accept": accept}))
        read = pydicom.dcmread(io.BytesIO(content))
        assert read.file_meta.TransferSyntaxUID == syntax and (pixel_array(read) == pixel_array(image)).all()
    video = 'multipart/related; type="application/dicom"; transfer-syntax=1.2.840.10008.1.2.4.100'
    assert server.get(path, headers={"accept": video}).status_code == 406


def test_wado_uri(server: Isocenter, chest: Exam) -> None:
    image = chest[0]
    asked = {
        "requestType": "WADO",
        "studyUID": image.StudyInstanceUID,
        "seriesUID": image.SeriesInstanceUID,
        "objectUID": image.SOPInstanceUID,
    }
    file = server.get("/wado", params=asked | {"contentType": "application/dicom"})
    assert pydicom.dcmread(io.BytesIO(file.content)) == image
    picture = server.get("/wado", params=asked | {"contentType": "image/jpeg"})
    assert Image.open(io.BytesIO(picture.content)).size == (32, 32)


def test_capabilities_and_refusals(server: Isocenter, chest: Exam) -> None:
    answer = server.get("/dicom-web/", headers={"accept": "application/json"})
    assert answer.status_code == 200 and "studies" in answer.text
    assert server.get(f"/dicom-web/studies/{generate_uid()}").status_code == 404
    assert server.get("/dicom-web/studies/not-a-uid").status_code == 400
    stranger = requests.get(f"{server.url}/dicom-web/studies", timeout=30)
    assert stranger.status_code == 401


# STOW-RS


def test_a_partial_failure_is_told(server: Isocenter) -> None:
    good, bad = instance(), instance()
    del bad.StudyInstanceUID
    kind, body = multipart([encoded(good), encoded(bad), b"no DICOM at all"])
    headers = {"content-type": kind, "accept": "application/dicom+json"}
    answer = server.post("/dicom-web/studies", data=body, headers=headers)
    assert answer.status_code == 202
    told = Dataset.from_json(answer.json())
    assert [item.ReferencedSOPInstanceUID for item in told.ReferencedSOPSequence] == [good.SOPInstanceUID]
    assert [item.ReferencedSOPInstanceUID for item in told.FailedSOPSequence] == [bad.SOPInstanceUID]
    assert all(item.FailureReason for item in told.FailedSOPSequence)
    assert len(told[0x0008119A].value) == 1
    xml = server.post("/dicom-web/studies", data=body, headers=headers | {"accept": "application/dicom+xml"})
    assert bad.SOPInstanceUID in xml.text and "FailedSOPSequence" in xml.text


def test_metadata_and_bulk_data_are_stored(server: Isocenter, client: DICOMwebClient) -> None:
    image = instance(patient="META")
    told = image.to_json_dict(bulk_data_threshold=100, bulk_data_element_handler=lambda element: "bulk/1")
    told["00020010"] = {"vr": "UI", "Value": ["1.2.840.10008.1.2.1"]}
    body = (
        b"--b0\r\nContent-Type: application/dicom+json\r\n\r\n" + json.dumps([told]).encode() + b"\r\n"
        b"--b0\r\nContent-Type: application/octet-stream\r\nContent-Location: bulk/1\r\n\r\n"
        + image.PixelData
        + b"\r\n--b0--\r\n"
    )
    kind = 'multipart/related; type="application/dicom+json"; boundary=b0'
    answer = server.post(
        "/dicom-web/studies", data=body, headers={"content-type": kind, "accept": "application/dicom+json"}
    )
    assert answer.status_code == 200, answer.text
    soon(lambda: server.find("/instances", PatientID="META"))
    read = client.retrieve_instance(image.StudyInstanceUID, image.SeriesInstanceUID, image.SOPInstanceUID)
    assert read == image


# DELETE


def test_what_is_deleted_is_gone_until_it_is_restored(server: Isocenter, client: DICOMwebClient) -> None:
    images = exam(3, patient="DEL")
    server.stow(*map(encoded, images))
    study, series = images[0].StudyInstanceUID, images[0].SeriesInstanceUID
    client.delete_instance(study, series, images[0].SOPInstanceUID)
    assert len(client.search_for_instances(study)) == 2
    client.delete_study(study)
    assert not client.search_for_studies(search_filters={"PatientID": "DEL"})
    assert server.get(f"/dicom-web/studies/{study}/metadata").status_code == 404
    (listed, *_) = server.json("/api/v1/deleted")["deleted"]
    assert listed["exam"]["studyInstanceUid"] == study
    assert server.post(f"/api/v1/exams/{study}/restore").status_code == 204
    assert len(client.search_for_instances(study)) == 3
