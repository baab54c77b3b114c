"""Objects that highdicom makes, stored and read back: a segmentation and a structured report."""

from __future__ import annotations

import io

import highdicom as hd
import numpy as np
import pydicom
import pytest
from dicomweb_client.api import DICOMwebClient
from highdicom.sr import CodedConcept
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes
from pydicom.uid import generate_uid

from isocenter import Isocenter
from samples import encoded, exam

Exam = list[Dataset]
OBSERVER = {
    "manufacturer": "E2E",
    "manufacturer_model_name": "E2E",
    "software_versions": "1",
    "device_serial_number": "1",
}


@pytest.fixture(scope="module")
def slices(server: Isocenter) -> Exam:
    images = exam(4, patient="HIGH")
    server.stow(*map(encoded, images))
    return images


@pytest.fixture(scope="module")
def client(server: Isocenter) -> DICOMwebClient:
    return DICOMwebClient(f"{server.url}/dicom-web", session=server.http)


def mask(slices: Exam) -> np.ndarray:
    made = np.zeros((len(slices), slices[0].Rows, slices[0].Columns), np.uint8)
    made[1:3, 8:20, 5:17] = 1
    return made


def segmentation(slices: Exam, kind: hd.seg.SegmentationTypeValues, **more: object) -> hd.seg.Segmentation:
    described = hd.seg.SegmentDescription(
        segment_number=1,
        segment_label="lesion",
        segmented_property_category=codes.SCT.MorphologicallyAbnormalStructure,
        segmented_property_type=codes.SCT.Mass,
        algorithm_type=hd.seg.SegmentAlgorithmTypeValues.MANUAL,
    )
    return hd.seg.Segmentation(
        source_images=slices,
        pixel_array=mask(slices),
        segmentation_type=kind,
        segment_descriptions=[described],
        series_instance_uid=generate_uid(),
        series_number=2,
        sop_instance_uid=generate_uid(),
        instance_number=1,
        **OBSERVER,
        **more,
    )


@pytest.mark.parametrize("kind", ["BINARY", "FRACTIONAL"])
def test_a_segmentation_comes_back(server: Isocenter, client: DICOMwebClient, slices: Exam, kind: str) -> None:
    made = segmentation(slices, hd.seg.SegmentationTypeValues[kind])
    server.stow(encoded(made))
    file = client.retrieve_instance(made.StudyInstanceUID, made.SeriesInstanceUID, made.SOPInstanceUID)
    read = hd.seg.Segmentation.from_dataset(file)
    sources = [image.SOPInstanceUID for image in slices]
    seen = read.get_pixels_by_source_instance(sources, assert_missing_frames_are_empty=True)
    assert (seen[..., 0] == mask(slices)).all()
    assert read.get_segment_description(1).segment_label == "lesion"
    found = server.find("/series", StudyInstanceUID=made.StudyInstanceUID, Modality="SEG")
    assert made.SeriesInstanceUID in [one["0020000E"]["Value"][0] for one in found]


def test_its_frames_are_single_bits(server: Isocenter, client: DICOMwebClient, slices: Exam) -> None:
    made = segmentation(slices, hd.seg.SegmentationTypeValues.BINARY)
    server.stow(encoded(made))
    names = (made.StudyInstanceUID, made.SeriesInstanceUID, made.SOPInstanceUID)
    frames = client.retrieve_instance_frames(*names, frame_numbers=[1, 2])
    for frame, truth in zip(frames, made.pixel_array, strict=True):
        bits = np.unpackbits(np.frombuffer(frame, np.uint8), bitorder="little")[: truth.size]
        assert (bits.reshape(truth.shape) == truth).all()


def report(slices: Exam) -> hd.sr.ComprehensiveSR:
    group = hd.sr.MeasurementsAndQualitativeEvaluations(
        tracking_identifier=hd.sr.TrackingIdentifier(uid=generate_uid(), identifier="lesion 1"),
        measurements=[hd.sr.Measurement(name=codes.SCT.Length, value=12.5, unit=codes.UCUM.Millimeter)],
        finding_type=CodedConcept("4147007", "SCT", "Mass"),
    )
    device = hd.sr.DeviceObserverIdentifyingAttributes(uid=generate_uid())
    context = hd.sr.ObserverContext(observer_type=codes.DCM.Device, observer_identifying_attributes=device)
    content = hd.sr.MeasurementReport(
        observation_context=hd.sr.ObservationContext(observer_device_context=context),
        procedure_reported=codes.LN.CTUnspecifiedBodyRegion,
        imaging_measurements=[group],
    )
    return hd.sr.ComprehensiveSR(
        evidence=slices,
        content=content,
        series_instance_uid=generate_uid(),
        series_number=3,
        sop_instance_uid=generate_uid(),
        instance_number=1,
        manufacturer="E2E",
    )


def test_a_report_comes_back(server: Isocenter, client: DICOMwebClient, slices: Exam) -> None:
    made = report(slices)
    server.stow(encoded(made))
    file = client.retrieve_instance(made.StudyInstanceUID, made.SeriesInstanceUID, made.SOPInstanceUID)
    # What highdicom holds as dates is text once it was written.
    as_written = pydicom.dcmread(io.BytesIO(encoded(made)))
    assert file == as_written
    read = hd.sr.ComprehensiveSR.from_dataset(file)
    (group,) = read.content.get_image_measurement_groups()
    (length,) = group.get_measurements()
    assert (length.value, length.unit.value, group.finding_type.meaning) == (12.5, "mm", "Mass")
    told = client.retrieve_instance_metadata(made.StudyInstanceUID, made.SeriesInstanceUID, made.SOPInstanceUID)
    assert Dataset.from_json(told) == as_written, "its whole content tree is in the metadata"
