"""What is sent: the shared sample files where they are, and small images made by pydicom."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, ImplicitVRLittleEndian, generate_uid

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("ISOCENTER_SHARED", ROOT.parent / "shared"))


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def shared(path: str) -> Path:
    """A folder of the sample data; the test is skipped where it is absent."""
    found = SHARED / path
    if not found.exists():
        pytest.skip(f"the sample data is not here: {path} (ISOCENTER_SHARED names its folder)")
    return found


def corpus() -> list[Path]:
    """Every file under the sample data's `dicom` and `series`; generated ones where it is absent."""
    roots = [SHARED / "data" / part for part in ("dicom", "series")]
    files = sorted(path for root in roots if root.exists() for path in root.rglob("*") if path.is_file())
    return [path.resolve() for path in files]


def instance(
    name: str = "Doe^Jane",
    patient: str = "P1",
    study: str | None = None,
    series: str | None = None,
    number: int = 1,
    syntax: str = ExplicitVRLittleEndian,
    size: int = 32,
) -> Dataset:
    """A small CT image with a gradient in it."""
    image = Dataset()
    image.SpecificCharacterSet = "ISO_IR 192"
    image.SOPClassUID, image.SOPInstanceUID = CTImageStorage, generate_uid()
    image.StudyDate, image.StudyTime, image.Modality = "20260102", "101500", "CT"
    image.StudyID, image.AccessionNumber = "1", "A1"
    image.ReferringPhysicianName, image.StudyDescription = "Roe^Richard", "Chest"
    image.PatientName, image.PatientID = name, patient
    image.PatientBirthDate, image.PatientSex = "19500203", "F"
    image.StudyInstanceUID = study or generate_uid()
    image.SeriesInstanceUID = series or generate_uid()
    image.SeriesNumber, image.InstanceNumber = 1, number
    image.FrameOfReferenceUID = image.SeriesInstanceUID + ".1"
    image.ImagePositionPatient, image.ImageOrientationPatient = [0, 0, number], [1, 0, 0, 0, 1, 0]
    image.PixelSpacing, image.SliceThickness = [1, 1], 1
    image.SamplesPerPixel, image.PhotometricInterpretation = 1, "MONOCHROME2"
    image.Rows = image.Columns = size
    image.BitsAllocated, image.BitsStored, image.HighBit, image.PixelRepresentation = 16, 12, 11, 0
    image.RescaleIntercept, image.RescaleSlope = -1024, 1
    gradient = np.add.outer(np.arange(size) * number, np.arange(size)) % 4096
    image.PixelData = gradient.astype("<u2").tobytes()
    image["PixelData"].VR = "OW"
    image.file_meta = FileMetaDataset()
    image.file_meta.TransferSyntaxUID = syntax
    image.file_meta.MediaStorageSOPClassUID = image.SOPClassUID
    image.file_meta.MediaStorageSOPInstanceUID = image.SOPInstanceUID
    return image


def encoded(image: Dataset) -> bytes:
    """A DICOM file."""
    buffer = io.BytesIO()
    pydicom.dcmwrite(buffer, image, enforce_file_format=True)
    return buffer.getvalue()


def exam(slices: int, **about: str) -> list[Dataset]:
    """The slices of one series."""
    study, series = generate_uid(), generate_uid()
    return [instance(study=study, series=series, number=number + 1, **about) for number in range(slices)]


def write(folder: Path, images: list[Dataset]) -> list[Path]:
    """Writes files named by number."""
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"{number:05}.dcm" for number in range(len(images))]
    for file, image in zip(files, images, strict=True):
        file.write_bytes(encoded(image))
    return files


class Sent:
    """What a C-STORE sender needs to know of a file: its names and where its data set begins."""

    def __init__(self, path: Path, content: bytes | None = None) -> None:
        self.path, self.content = path, path.read_bytes() if content is None else content
        head = pydicom.dcmread(io.BytesIO(self.content), force=True, stop_before_pixels=True)
        self.data_set = self.content[data_set_at(self.content) :]
        meta = head.file_meta
        self.sop_class = str(head.get("SOPClassUID") or meta.get("MediaStorageSOPClassUID", ""))
        self.sop_instance = str(head.get("SOPInstanceUID") or meta.get("MediaStorageSOPInstanceUID", ""))
        self.study, self.series = str(head.get("StudyInstanceUID", "")), str(head.get("SeriesInstanceUID", ""))
        self.syntax = str(meta.get("TransferSyntaxUID") or guessed(head))


def ready(image: Dataset) -> Sent:
    """An image made here, to be sent as it is encoded."""
    return Sent(Path(image.SOPInstanceUID), encoded(image))


def guessed(head: Dataset) -> str:
    """The transfer syntax of a data set that comes without file meta information."""
    implicit, little = head.original_encoding
    if implicit:
        return ImplicitVRLittleEndian
    return ExplicitVRLittleEndian if little else "1.2.840.10008.1.2.2"


def data_set_at(content: bytes) -> int:
    """Where the data set begins: behind the preamble and group 2, if they are there."""
    stream = io.BytesIO(content)
    has_preamble = content[128:132] == b"DICM"
    stream.seek(132 if has_preamble else 0)
    pydicom.filereader._read_file_meta_info(stream)
    return stream.tell()


def same_file(given: bytes | None, original: bytes) -> bool:
    """Whether an original is given as it is; one that came without preamble, behind one."""
    if given is None or given == original:
        return given is not None
    return original[128:132] != b"DICM" and given[128:132] == b"DICM" and given.endswith(original)


@lru_cache
def sent(path: Path) -> Sent | None:
    """None for what no sender could send by C-STORE."""
    try:
        found = Sent(path)
    except Exception:
        return None
    return found if found.sop_class and found.sop_instance else None


def every_frame(image: Dataset) -> Iterator[np.ndarray]:
    """The frames as pydicom gives them: samples as they are stored, colours as they are coded."""
    frames = int(image.get("NumberOfFrames") or 1)
    yield from (pydicom.pixels.pixel_array(image, index=frame, raw=True) for frame in range(frames))
