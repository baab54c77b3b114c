"""What is marked here pixel by pixel, read by other people's programs."""

from __future__ import annotations

import base64
import io
import subprocess
import uuid
import zlib

import highdicom as hd
import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset

from isocenter import Isocenter, running
from samples import encoded, exam

LIVER, SPLEEN = 1, 2


def mask(image: Dataset, segment: int, pixels: np.ndarray) -> dict[str, object]:
    bits = np.packbits(pixels.astype(bool).ravel(), bitorder="little").tobytes()
    packed = base64.b64encode(zlib.compress(bits)).decode()
    return {"segment": segment, "sop": image.SOPInstanceUID, "bits": packed}


@pytest.fixture(scope="module", params=[(32, 32), (13, 11)], ids=["whole-bytes", "odd"])
def marked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory):
    """Two segments on slices, in two changes, and the file that keeps them."""
    rows, columns = request.param
    images = exam(4, patient="MARKED")
    random = np.random.default_rng(4)
    space = f"2.25.{uuid.uuid4().int}"
    for image in images:
        image.FrameOfReferenceUID = space
        image.Rows, image.Columns = rows, columns
        image.PixelData = random.integers(0, 500, (rows, columns), np.uint16).tobytes()
        image.PixelData += b"\0" * (len(image.PixelData) % 2)
    want = random.integers(0, 2, (2, 4, rows, columns)).astype(bool)
    want[0, 3] = False
    with running(tmp_path_factory.mktemp("marked")) as server:
        server.stow(*map(encoded, images))
        first = [mask(image, LIVER, want[0, at]) for at, image in enumerate(images)]
        second = [mask(image, SPLEEN, want[1, at]) for at, image in enumerate(images)]
        series = f"2.25.{uuid.uuid4().int}"
        put(server, images[0], series, first, None)
        put(server, images[0], series, second, 1)
        listed = server.json(f"/api/v1/exams/{images[0].StudyInstanceUID}/segmentations")["segmentations"]
        [found] = listed
        file = server.original(images[0].StudyInstanceUID, series, found["instance"])
    assert file is not None
    yield images, want, file


def put(server: Isocenter, image: Dataset, series: str, masks: list[dict[str, object]], seen: int | None) -> None:
    body = {
        "label": "Organs",
        "segments": [
            {"number": LIVER, "label": "Liver", "color": [200, 30, 30]},
            {"number": SPLEEN, "label": "Spleen", "color": [30, 200, 30]},
        ],
        "rows": image.Rows,
        "columns": image.Columns,
        "masks": masks,
    }
    url = f"{server.url}/api/v1/exams/{image.StudyInstanceUID}/segmentations/{series}"
    answer = server.http.put(url, json=body, headers={"if-match": f'"{seen}"'} if seen else {})
    assert answer.status_code == 200, answer.text


def test_highdicom_reads_segments_and_their_pixels_by_source_image(marked) -> None:
    images, want, file = marked
    read = hd.seg.segread(io.BytesIO(file))
    assert read.segmentation_type == hd.seg.SegmentationTypeValues.BINARY
    assert [read.get_segment_description(number).segment_label for number in (LIVER, SPLEEN)] == ["Liver", "Spleen"]
    pixels = read.get_pixels_by_source_instance(
        [image.SOPInstanceUID for image in images], assert_missing_frames_are_empty=True
    )
    assert np.array_equal(pixels.transpose(3, 0, 1, 2).astype(bool), want)


def test_highdicom_makes_a_volume_of_it_that_lies_on_its_images(marked) -> None:
    images, want, file = marked
    volume = hd.seg.segread(io.BytesIO(file)).get_volume(segment_numbers=[LIVER, SPLEEN])
    ours = volume.array.astype(bool)
    for at, image in enumerate(images):
        index = volume.map_reference_to_indices(np.array([image.ImagePositionPatient], float))[0].round().astype(int)
        assert np.array_equal(ours[index[0], ..., 1], want[1, at])


def test_pydicom_reads_the_frames(marked) -> None:
    _, want, file = marked
    read = pydicom.dcmread(io.BytesIO(file))
    assert read.file_meta.TransferSyntaxUID == pydicom.uid.DeflatedExplicitVRLittleEndian
    frames = read.pixel_array
    numbers = [group.SegmentIdentificationSequence[0].ReferencedSegmentNumber for group in read.PerFrameFunctionalGroupsSequence]
    assert numbers == [LIVER] * 3 + [SPLEEN] * 4
    assert np.array_equal(np.sort(frames[3:].sum((1, 2))), np.sort(want[1].sum((1, 2))))


def test_dicom3tools_finds_nothing_wrong(marked, tmp_path) -> None:
    _, _, file = marked
    path = tmp_path / "seg.dcm"
    plain = pydicom.dcmread(io.BytesIO(file))
    plain.file_meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
    plain.save_as(path)
    said = subprocess.run(["dciodvfy", "-new", str(path)], capture_output=True, text=True).stderr
    assert [line for line in said.splitlines() if line.startswith("Error")] == []
