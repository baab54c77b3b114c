"""Frames from our door against the samples that pydicom and its plug-ins decode."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pydicom
from pydicom.dataset import Dataset
from pydicom.pixels import pixel_array

import dcmtk
from isocenter import Isocenter, parts
from samples import Sent

EXPLICIT = 'multipart/related; type="application/octet-stream"; transfer-syntax=1.2.840.10008.1.2.1'
# The DCT of JPEG leaves decoders some freedom; the other lossy codecs leave none.
LOSSY = {f"1.2.840.10008.1.2.4.{tail}" for tail in ("50", "51", "53", "55")}
DCMTK_DECODERS = ("dcmdjpeg", "dcmdjpls", "dcmdrle")


@dataclass(frozen=True)
class Difference:
    """How far samples are apart, in steps."""

    most: float
    mean: float


def frames(server: Isocenter, one: Sent, count: int) -> list[bytes] | str:
    """All frames decoded, or why there are none."""
    path = f"/dicom-web/studies/{one.study}/series/{one.series}/instances/{one.sop_instance}/frames/"
    answer = server.get(path + ",".join(str(n + 1) for n in range(count)), headers={"accept": EXPLICIT})
    if answer.status_code != 200:
        return f"{answer.status_code} {answer.json().get('detail', answer.text)}"
    return [content for _, content in parts(answer)]


def truth(content: bytes) -> list[list[np.ndarray]] | str:
    """Each frame as others decode it: with colours as they are coded, and as RGB. Or why not."""
    image = pydicom.dcmread(io.BytesIO(content), force=True)
    try:
        return list(decoded(image))
    except Exception as error:
        why = f"pydicom: {str(error).splitlines()[0][:120]}"
    try:
        # What DCMTK gives is taken as it is: a lossy codec may go a step beyond Bits Stored.
        return list(decoded(by_dcmtk(content), correct_unused_bits=False))
    except Exception:
        return why


def decoded(image: Dataset, **options: bool) -> Iterator[list[np.ndarray]]:
    if is_subsampled(image):
        yield [np.frombuffer(image.PixelData, np.uint8)]
        return
    for frame in range(int(image.get("NumberOfFrames") or 1)):
        raw = pixel_array(image, index=frame, raw=True, **options)
        coloured = raw.ndim == 3 and "YBR" in image.PhotometricInterpretation
        yield [raw, pixel_array(image, index=frame, **options)] if coloured else [raw]


def is_subsampled(image: Dataset) -> bool:
    """Native colours that share chrominance: given as they are stored."""
    native = not image.file_meta.TransferSyntaxUID.is_encapsulated
    return native and image.PhotometricInterpretation == "YBR_FULL_422"


def by_dcmtk(content: bytes) -> Dataset:
    with tempfile.TemporaryDirectory() as folder:
        coded, plain = Path(folder, "coded"), Path(folder, "plain")
        coded.write_bytes(content)
        for tool in DCMTK_DECODERS:
            if dcmtk.run(tool, coded, plain).returncode == 0:
                return pydicom.dcmread(io.BytesIO(plain.read_bytes()))
    raise ValueError("DCMTK has no decoder")


def by_plane(image: Dataset) -> bool:
    """Whether native samples are stored plane by plane."""
    native = not image.file_meta.get("TransferSyntaxUID", pydicom.uid.ImplicitVRLittleEndian).is_encapsulated
    return native and image.get("PlanarConfiguration") == 1


def difference(ours: bytes, theirs: np.ndarray, image: Dataset) -> Difference | str:
    """Compares a frame's bytes with a frame's samples."""
    if image.BitsAllocated == 1:
        return packed_difference(ours, theirs)
    laid_out = np.moveaxis(theirs, -1, 0) if theirs.ndim == 3 and by_plane(image) else theirs
    kind = laid_out.dtype.newbyteorder("<")
    if len(ours) != laid_out.size * kind.itemsize:
        return f"{len(ours)} bytes, not {laid_out.size * kind.itemsize}"
    mine = np.frombuffer(ours, kind).astype(np.float64)
    apart = np.abs(mine - laid_out.astype(np.float64).ravel())
    return Difference(float(apart.max()), float(apart.mean()))


def packed_difference(ours: bytes, theirs: np.ndarray) -> Difference | str:
    """Single bits, the first in the lowest place."""
    mine = np.unpackbits(np.frombuffer(ours, np.uint8), bitorder="little")[: theirs.size]
    if mine.size != theirs.size:
        return f"{mine.size} bits, not {theirs.size}"
    return Difference(float((mine != theirs.ravel()).any()), float((mine != theirs.ravel()).mean()))


def nearest(ours: bytes, theirs: list[np.ndarray], image: Dataset) -> Difference | str:
    found = [difference(ours, one, image) for one in theirs]
    near = [one for one in found if isinstance(one, Difference)]
    return min(near, key=lambda one: one.mean) if near else found[0]


def has_pixels(content: bytes) -> bool:
    image = pydicom.dcmread(io.BytesIO(content), force=True)
    return any(keyword in image for keyword in ("PixelData", "FloatPixelData", "DoubleFloatPixelData"))


def is_lossy(one: Sent) -> bool:
    return one.syntax in LOSSY


def compare(server: Isocenter, one: Sent, plain: bytes) -> Difference | str:
    """The largest difference over all frames to those of `plain`, the same image in a form others
    decode; words where they can't be compared."""
    image = pydicom.dcmread(io.BytesIO(one.content), force=True)
    theirs = truth(plain)
    if isinstance(theirs, str):
        return theirs
    ours = frames(server, one, len(theirs))
    if isinstance(ours, str):
        return f"ours: {ours}"
    assert len(ours) == len(theirs)
    found = [nearest(mine, samples, image) for mine, samples in zip(ours, theirs, strict=True)]
    if words := [one for one in found if isinstance(one, str)]:
        return words[0]
    return max(found, key=lambda one: (one.most, one.mean))
