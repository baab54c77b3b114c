"""What was pulled, read: tables, and series as volumes in patient coordinates."""

from __future__ import annotations

import hashlib
import pickle
from pathlib import Path

import numpy as np
import pandas as pd
import pydicom
import pytest
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

from isocenter import Dataset, IsocenterError

SIZE = (4, 6)


def slice_of(path: Path, number: int, z: float | None, value: int, **more: object) -> None:
    """A CT image of 4 rows and 6 columns, all of one value but its first pixel."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = CTImageStorage
    meta.MediaStorageSOPInstanceUID = f"2.25.9.{number}"
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    image = FileDataset(str(path), {}, file_meta=meta, preamble=b"\0" * 128)
    image.SOPClassUID, image.SOPInstanceUID = CTImageStorage, meta.MediaStorageSOPInstanceUID
    image.Modality, image.InstanceNumber = "CT", number
    image.Rows, image.Columns = SIZE
    image.SamplesPerPixel, image.PhotometricInterpretation = 1, "MONOCHROME2"
    image.BitsAllocated, image.BitsStored, image.HighBit, image.PixelRepresentation = 16, 16, 15, 1
    image.PixelSpacing, image.SliceThickness = [0.5, 0.25], 3
    image.RescaleSlope, image.RescaleIntercept = 2, -1024
    if z is not None:
        image.ImagePositionPatient, image.ImageOrientationPatient = [-10, 20, z], [1, 0, 0, 0, 1, 0]
    pixels = np.full(SIZE, value, dtype=np.int16)
    pixels[0, 0] = 0
    image.PixelData = pixels.tobytes()
    for keyword, given in more.items():
        setattr(image, keyword, given)
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save_as(path, enforce_file_format=True)


def folder_of(root: Path, series: str = "1.2.3") -> Path:
    return root / "dicom/S1/1.2" / series


def packed(root: Path) -> Dataset:
    lines = [
        f"{hashlib.sha256(one.read_bytes()).hexdigest()}  {one.relative_to(root).as_posix()}\n"
        for one in root.rglob("*")
        if one.is_file()
    ]
    (root / "checksums.sha256").write_text("".join(lines))
    return Dataset(root)


def test_reports_go_by_the_number_of_their_row(tmp_path: Path) -> None:
    for subject, number, text in (("S2", 10, "No nodule."), ("S1", 9, "Rundherd 8 mm.")):
        file = tmp_path / "reports" / subject / f"{number}.txt"
        file.parent.mkdir(parents=True)
        file.write_text(text, encoding="utf-8")
    assert packed(tmp_path).reports == {9: "Rundherd 8 mm.", 10: "No nodule."}


def test_slices_are_sorted_by_place_and_rescaled(tmp_path: Path) -> None:
    for number, z in ((1, 6.0), (2, 0.0), (3, 3.0)):
        slice_of(folder_of(tmp_path) / f"{number}.dcm", number, z, value=100 + int(z))
    dataset = packed(tmp_path)
    assert (len(dataset), len(dataset.exams), dataset.verify()) == (1, 1, 3)
    sample = dataset[0]
    assert sample.volume.shape == (3, *SIZE)
    assert sample.volume[:, 1, 1].tolist() == [2 * 100 - 1024, 2 * 103 - 1024, 2 * 106 - 1024]
    assert sample.spacing == (3.0, 0.5, 0.25) and sample.even
    assert sample.header.Modality == "CT" and "PixelData" not in sample.header
    assert (sample.series.subject, sample.series.study) == ("S1", "1.2")


def test_the_affine_leads_to_where_the_image_says(tmp_path: Path) -> None:
    for number, z in ((1, 0.0), (2, 3.0)):
        slice_of(folder_of(tmp_path) / f"{number}.dcm", number, z, value=1)
    affine = packed(tmp_path)[0].affine
    assert affine is not None
    assert (affine @ [0, 0, 0, 1]).tolist() == [-10, 20, 0, 1]
    # Four columns and two rows on, one slice up: PS3.3 equation C.7.6.2.1-1.
    assert (affine @ [4, 2, 1, 1]).tolist() == [-10 + 4 * 0.25, 20 + 2 * 0.5, 3, 1]


def test_a_series_with_a_gap_says_so(tmp_path: Path) -> None:
    for number, z in ((1, 0.0), (2, 3.0), (3, 6.0), (4, 12.0)):
        slice_of(folder_of(tmp_path) / f"{number}.dcm", number, z, value=1)
    sample = packed(tmp_path)[0]
    assert not sample.even and sample.spacing[0] == 3.0


def test_positions_taken_twice_are_two_volumes(tmp_path: Path) -> None:
    for number, (z, time) in enumerate([(0.0, 1), (3.0, 1), (0.0, 2), (3.0, 2)], 1):
        slice_of(folder_of(tmp_path) / f"{number}.dcm", number, z, value=time, AcquisitionNumber=time)
    volume = packed(tmp_path)[0].volume
    assert volume.shape == (2, 2, *SIZE)
    assert volume[:, :, 1, 1].tolist() == [[-1022, -1022], [-1020, -1020]]


def test_images_without_a_place_are_a_stack_by_number(tmp_path: Path) -> None:
    for number in (2, 1):
        slice_of(folder_of(tmp_path) / f"{9 - number}.dcm", number, None, value=number)
    sample = packed(tmp_path)[0]
    assert sample.affine is None
    assert sample.volume[:, 1, 1].tolist() == [-1022, -1020]


def test_what_is_no_volume_says_why(tmp_path: Path) -> None:
    for number, z in ((1, 0.0), (2, 0.0), (3, 3.0)):
        slice_of(folder_of(tmp_path) / f"{number}.dcm", number, z, value=1)
    with pytest.raises(IsocenterError, match="positions were taken more often"):
        packed(tmp_path)[0]


def test_a_sample_is_what_pydicom_reads(tmp_path: Path) -> None:
    path = folder_of(tmp_path) / "1.dcm"
    slice_of(path, 1, 0.0, value=77)
    read = pydicom.dcmread(path)
    expected = pydicom.pixels.apply_rescale(read.pixel_array, read)
    assert np.array_equal(packed(tmp_path)[0].volume[0], expected)


def test_it_may_be_sent_to_workers_and_cut(tmp_path: Path) -> None:
    for series in ("1.2.3", "1.2.4"):
        slice_of(folder_of(tmp_path, series) / "1.dcm", 1, 0.0, value=1)
    dataset = pickle.loads(pickle.dumps(packed(tmp_path)))
    assert [one.series.uid for one in dataset] == ["1.2.3", "1.2.4"]
    assert [one.series.uid for one in dataset[1:]] == ["1.2.4"]
    with pytest.raises(IndexError):
        dataset[2]


def test_tables_are_read_when_they_are_looked_at(tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    lab = pd.DataFrame({"subject": ["S1", "S2"], "value": [0.9, None]})
    lab.to_parquet(tmp_path / "tables/lab.parquet")
    (tmp_path / "tables/broken.parquet").write_bytes(b"no table")
    dataset = packed(tmp_path)
    assert list(dataset.tables) == ["broken", "lab"]
    pd.testing.assert_frame_equal(dataset.tables["lab"], lab)
    assert dataset.arrow("lab").num_rows == 2
    with pytest.raises(KeyError, match="no table 'labs'; there are: broken, lab"):
        dataset.tables["labs"]


def test_tables_alone_are_a_package_without_series(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("x")
    dataset = packed(tmp_path)
    assert len(dataset) == 0
    with pytest.raises(IndexError, match="ask for the form dicom"):
        dataset[0]


def test_a_folder_without_a_package_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IsocenterError, match="holds no package"):
        Dataset(tmp_path)
