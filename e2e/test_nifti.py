"""NIfTI volumes against those dcm2niix makes of the same files: the same values at the same places in
the patient, whatever order they are stored in."""

from __future__ import annotations

import gzip
import io
import json
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import nibabel as nib
import numpy as np
import pydicom
import pytest

from isocenter import Isocenter
from samples import instance, sha256, shared

DCM2NIIX = Path(sys.executable).parent / "dcm2niix"

# mm by which a voxel may be elsewhere than its header says.
APART = 1e-3
# The same from dcm2niix, which takes the distance of the first two slices for that of all; positions
# are rounded, so that its last of hundreds of slices is off.
APART_FROM_OTHERS = 1e-2


@dataclass
class Volume:
    """Values and where they are, with the axes turned towards right, front and head."""

    values: np.ndarray
    affine: np.ndarray

    @staticmethod
    def of(image: nib.Nifti1Image) -> Volume:
        turned = nib.as_closest_canonical(image)
        values = np.asanyarray(turned.dataobj)
        if values.dtype.fields:
            values = np.stack([values[channel] for channel in "RGB"], axis=-1)
        return Volume(np.atleast_3d(values), turned.affine)

    def corners(self) -> np.ndarray:
        """The eight corners in the patient, in mm."""
        ends = [(0, size - 1) for size in self.values.shape[:3]]
        places = np.array(np.meshgrid(*ends, indexing="ij")).reshape(3, -1)
        return self.affine[:3, :3] @ places + self.affine[:3, 3:]


def same(ours: Volume, theirs: Volume, within: float = 0) -> None:
    assert ours.values.shape == theirs.values.shape
    assert np.abs(ours.corners() - theirs.corners()).max() < APART_FROM_OTHERS
    apart = np.abs(ours.values.astype(np.float64) - theirs.values.astype(np.float64)).max()
    assert apart <= within, f"values differ by up to {apart}"


def files_of(path: str) -> list[Path]:
    folder = shared(f"data/{path}")
    found = [folder] if folder.is_file() else sorted(f for f in folder.rglob("*.dcm*") if f.is_file())
    assert found
    return found


def by_dcm2niix(files: list[Path], folder: Path) -> list[Volume]:
    given, out = folder / "in", folder / "out"
    given.mkdir()
    out.mkdir()
    for number, file in enumerate(files):
        target = given / f"{number}.dcm"
        if file.suffix == ".gz":
            target.write_bytes(gzip.decompress(file.read_bytes()))
        else:
            shutil.copy(file, target)
    # One maker has a scale of its own in private attributes; -p n takes the standard's.
    private = "n" if any("Philips" in str(file) for file in files) else "y"
    command = [DCM2NIIX, "-z", "n", "-b", "n", "-p", private, "-f", "%s_%p_%e_%t", "-o", out, given]
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=120, check=False)
    made = sorted(out.glob("*.nii"))
    assert made, done.stdout + done.stderr
    return [Volume.of(nib.load(file)) for file in made]


def sent(server: Isocenter, files: list[Path]) -> tuple[str, str]:
    """Takes files of one series in and gives its UIDs."""
    plain = [gzip.decompress(f.read_bytes()) if f.suffix == ".gz" else f.read_bytes() for f in files]
    headers = [pydicom.dcmread(io.BytesIO(data), stop_before_pixels=True) for data in plain]
    uids = {(str(header.StudyInstanceUID), str(header.SeriesInstanceUID)) for header in headers}
    server.stow(*plain)
    assert len(uids) == 1
    return uids.pop()


def ours(server: Isocenter, study: str, series: str) -> tuple[list[Volume], dict]:
    answer = server.get(f"/api/v1/exams/{study}/series/{series}/nifti")
    assert answer.status_code == 200, answer.text[:300]
    package = zipfile.ZipFile(io.BytesIO(answer.content))
    report = json.loads(package.read("conversion.json"))
    volumes = []
    for told in report["volumes"]:
        image = nib.Nifti1Image.from_bytes(gzip.decompress(package.read(told["file"])))
        assert list(image.header.get_data_shape()) == told["shape"][: image.ndim]
        if image.header["qform_code"]:
            assert np.abs(image.get_qform() - image.get_sform()).max() < APART
        volumes.append(Volume.of(image))
    return volumes, report


SERIES = {
    "CT, JPEG 2000": "series/crlm-ct-1004",
    "CT": "series/sts-002/CT/image",
    "MR": "series/sts-002/MR_T1/image",
    "PET, a scale for each slice": "series/sts-002/PET/image",
    "MR in time": "series/ge-epi-mr",
    "enhanced MR in time": "dicom/enhanced-mr/Siemens/XA10",
    "enhanced MR, 176 frames": "dicom/nibabel/philips_mprage.dcm.gz",
    "enhanced MR, magnitude and field map": "dicom/enhanced-mr/Philips/IM_0027_fMAP.dcm",
}


@pytest.mark.parametrize("path", SERIES.values(), ids=SERIES.keys())
def test_volumes_are_where_dcm2niix_has_them(server: Isocenter, tmp_path: Path, path: str) -> None:
    files = files_of(path)
    study, series = sent(server, files)
    theirs = by_dcm2niix(files, tmp_path)
    volumes, report = ours(server, study, series)
    assert report["notConverted"] == []
    assert len(volumes) == len(theirs), (report, [v.values.shape for v in theirs])
    for mine in volumes:
        nearest = min(theirs, key=lambda other: distance(mine, other))
        # Where both write 32-bit floats they may round another way.
        same(mine, nearest, within=1e-6 * float(np.abs(nearest.values).max()))


def distance(a: Volume, b: Volume) -> float:
    if a.values.shape != b.values.shape:
        return np.inf
    return float(np.abs(a.corners() - b.corners()).max() + np.abs(a.values.astype(float) - b.values).mean())


@pytest.mark.parametrize("kind", ["CT", "MR_T1", "PET"])
def test_every_slice_is_where_its_header_says(server: Isocenter, kind: str) -> None:
    files = files_of(f"series/sts-002/{kind}/image")
    volumes, _ = ours(server, *sent(server, files))
    (volume,) = volumes
    back = np.linalg.inv(volume.affine)
    for header in map(pydicom.dcmread, files):
        row, column = np.array(header.ImageOrientationPatient, float).reshape(2, 3)
        between_rows, between_columns = map(float, header.PixelSpacing)
        for i, j in [(0, 0), (header.Columns - 1, header.Rows - 1), (header.Columns // 2, 0)]:
            place = np.array(header.ImagePositionPatient, float) + row * i * between_columns
            place += column * j * between_rows
            voxel = back @ [-place[0], -place[1], place[2], 1]
            nearest = np.round(voxel[:3]).astype(int)
            off = volume.affine[:3, :3] @ (voxel[:3] - nearest)
            assert np.abs(off).max() < APART
            stored = float(header.pixel_array[j, i])
            value = stored * float(header.get("RescaleSlope", 1)) + float(header.get("RescaleIntercept", 0))
            assert volume.values[tuple(nearest)] == pytest.approx(value, rel=1e-6, abs=1e-9)


def of_one_series(tmp_path: Path, images: list[pydicom.Dataset]) -> list[Path]:
    files = []
    for number, image in enumerate(images):
        file = tmp_path / f"{number}.dcm"
        image.save_as(file, enforce_file_format=True)
        files.append(file)
    return files


def test_a_mosaic_is_cut_as_dcm2niix_cuts_it(server: Isocenter, tmp_path: Path) -> None:
    """The sample is a real header without its pixels: these are given to it."""
    image = pydicom.dcmread(shared("data/dicom/nibabel/csa_slice_norm.dcm"))
    values = np.random.default_rng(1).integers(1, 4000, (image.Rows, image.Columns), np.uint16)
    image.set_pixel_data(values, "MONOCHROME2", 12)
    files = of_one_series(tmp_path, [image])
    (mine,), report = ours(server, *sent(server, files))
    assert report["volumes"][0]["shape"][2] > 1
    (theirs,) = by_dcm2niix(files, tmp_path)
    same(mine, theirs)


def slices(places: list[float], tilt: float = 0) -> list[pydicom.Dataset]:
    first = instance(size=16)
    images = []
    for number, z in enumerate(places):
        study, series = str(first.StudyInstanceUID), str(first.SeriesInstanceUID)
        image = instance(study=study, series=series, number=number + 1, size=16)
        image.ImagePositionPatient = [-8, -8 + tilt * number, z]
        image.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
        image.PixelSpacing, image.SliceThickness = [1, 1], 3
        images.append(image)
    return images


def converted(server: Isocenter, tmp_path: Path, images: list[pydicom.Dataset]) -> tuple[list[Volume], dict]:
    return ours(server, *sent(server, of_one_series(tmp_path, images)))


def test_missing_slices_are_told(server: Isocenter, tmp_path: Path) -> None:
    volumes, report = converted(server, tmp_path, slices([0, 3, 6, 15, 18]))
    assert [volume.values.shape[2] for volume in volumes] == [3, 2]
    assert all("missing" in volume["notes"][0] for volume in report["volumes"])


def test_uneven_slices_are_refused_with_the_reason(server: Isocenter, tmp_path: Path) -> None:
    volumes, report = converted(server, tmp_path, slices([0, 3, 7, 9, 14]))
    assert volumes == []
    assert "not at one distance" in report["notConverted"][0]["reason"]
    assert report["notConverted"][0]["images"] == 5


def test_a_tilted_gantry_gives_a_sheared_sform(server: Isocenter, tmp_path: Path) -> None:
    volumes, report = converted(server, tmp_path, slices([0, 3, 6], tilt=1))
    assert "tilted" in report["volumes"][0]["notes"][0]
    corner = volumes[0].affine @ [0, 15, 2, 1]
    assert corner[1] == pytest.approx(8 - 2, abs=APART)


def test_a_localizer_gives_a_volume_for_each_direction(server: Isocenter, tmp_path: Path) -> None:
    images = slices([0, 3, 6])
    images[1].ImageOrientationPatient = [0, 1, 0, 0, 0, -1]
    images[2].ImageOrientationPatient = [1, 0, 0, 0, 0, -1]
    volumes, _ = converted(server, tmp_path, images)
    assert [volume.values.shape for volume in volumes] == [(16, 16, 1), (1, 16, 16), (16, 1, 16)]


def test_nothing_of_the_patient_is_in_the_files(server: Isocenter, tmp_path: Path) -> None:
    images = slices([0, 3, 6])
    study, series = sent(server, of_one_series(tmp_path, images))
    content = server.get(f"/api/v1/exams/{study}/series/{series}/nifti").content
    package = zipfile.ZipFile(io.BytesIO(content))
    for name in package.namelist():
        data = package.read(name)
        data = gzip.decompress(data) if name.endswith(".gz") else data
        for secret in ["Doe", "Roe", "P1", "A1", "19500203", "20260102", study]:
            assert secret.encode() not in data, f"{secret} in {name}"
    # Asked again, it is the same to the byte.
    again = server.get(f"/api/v1/exams/{study}/series/{series}/nifti").content
    assert sha256(again) == sha256(content)
