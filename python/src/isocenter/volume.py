"""A series as an array in patient coordinates (PS3.3 §C.7.6.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .dataset import Sample, Series
from .errors import IsocenterError, MissingExtraError

if TYPE_CHECKING:
    import numpy as np
    import pydicom

    Array = np.ndarray[Any, np.dtype[Any]]

#: Slices nearer than this are at the same position, in mm.
SAME = 1e-3

#: By how much the distance between slices may differ from their median, as a part of it.
UNEVEN = 0.02


@dataclass(frozen=True, eq=False)
class Slice:
    """One frame and where it lies."""

    pixels: Array
    #: (0020,0032), in mm; ``None`` where the image has no place in a patient.
    position: Array | None
    #: (0020,0037); first along the row, then along the column.
    orientation: Array | None
    #: Between rows, between columns, in mm.
    spacing: tuple[float, float]
    #: What tells slices of the same position apart, and orders those without one.
    order: tuple[float, ...]


def read_volume(series: Series) -> Sample:
    """The pixels of a series, sorted by position and rescaled.

    Raises :class:`IsocenterError` where the images of the series don't make one volume.
    """
    try:
        import numpy as np
        import pydicom
    except ImportError as error:
        raise MissingExtraError(error.name or "numpy and pydicom") from None
    slices: list[Slice] = []
    for path in series.files:
        image = pydicom.dcmread(path)
        if "PixelData" in image or "FloatPixelData" in image or "DoubleFloatPixelData" in image:
            slices += _slices_of(image)
    if not slices:
        raise IsocenterError(f"series {series.uid} has no pixels: it is {series.header.get('Modality', 'no image')}")
    shapes = sorted({one.pixels.shape for one in slices})
    if len(shapes) > 1:
        raise IsocenterError(
            f"series {series.uid} is no volume: its images have the sizes {shapes}. Read its files one by one."
        )
    placed = all(one.position is not None and one.orientation is not None for one in slices)
    if not placed or not _parallel(slices):
        stack = sorted(slices, key=lambda one: one.order)
        spacing = (float("nan"), *stack[0].spacing)
        return Sample(np.stack([one.pixels for one in stack]), spacing, None, False, series.header, series)
    return _volume(series, slices)


def _volume(series: Series, slices: Sequence[Slice]) -> Sample:
    import numpy as np

    normal = _normal(slices[0])
    along = {id(one): float(normal @ one.position) for one in slices if one.position is not None}
    ordered = sorted(slices, key=lambda one: (along[id(one)], one.order))
    places: list[list[Slice]] = []
    for one in ordered:
        if places and abs(along[id(one)] - along[id(places[-1][0])]) < SAME:
            places[-1].append(one)
        else:
            places.append([one])
    times = len(places[0])
    if any(len(one) != times for one in places):
        raise IsocenterError(
            f"series {series.uid} is no volume: some of its positions were taken more often than others. "
            "Read its files one by one."
        )
    volumes = [np.stack([at[time].pixels for at in places]) for time in range(times)]
    steps = np.diff([along[id(at[0])] for at in places])
    between = float(np.median(steps)) if len(steps) else _thickness(series)
    even = bool(len(steps) == 0 or np.all(np.abs(steps - between) <= UNEVEN * between))
    spacing = (between, *places[0][0].spacing)
    first = places[0][0]
    return Sample(
        np.stack(volumes) if times > 1 else volumes[0],
        spacing,
        _affine(first, places[-1][0], len(places), spacing),
        even,
        series.header,
        series,
    )


def _affine(first: Slice, last: Slice, count: int, spacing: tuple[float, float, float]) -> Array:
    """Slices may lie askew to their normal (a tilted gantry): the step is from origin to origin."""
    import numpy as np

    assert first.orientation is not None and first.position is not None and last.position is not None
    rows, columns = first.orientation[:3], first.orientation[3:]
    affine = np.eye(4)
    affine[:3, 0] = rows * spacing[2]
    affine[:3, 1] = columns * spacing[1]
    step = (last.position - first.position) / (count - 1) if count > 1 else _normal(first) * spacing[0]
    affine[:3, 2] = step
    affine[:3, 3] = first.position
    return affine


def _normal(one: Slice) -> Array:
    import numpy as np

    assert one.orientation is not None
    normal: Array = np.cross(one.orientation[:3], one.orientation[3:])
    return normal


def _parallel(slices: Sequence[Slice]) -> bool:
    import numpy as np

    first = slices[0].orientation
    return all(
        first is not None and one.orientation is not None and np.allclose(first, one.orientation, atol=1e-3)
        for one in slices
    )


def _thickness(series: Series) -> float:
    return float(series.header.get("SpacingBetweenSlices") or series.header.get("SliceThickness") or "nan")


def _slices_of(image: pydicom.Dataset) -> list[Slice]:
    """The frames of an instance; an enhanced one says of each frame where it lies."""
    import numpy as np

    try:
        pixels = image.pixel_array
    except (NotImplementedError, RuntimeError, AttributeError) as error:
        raise IsocenterError(
            f"pixels in {image.file_meta.TransferSyntaxUID.name} could not be decoded: {error}. "
            "Perhaps a codec is missing: pip install pylibjpeg[all]"
        ) from error
    frames = int(image.get("NumberOfFrames") or 1)
    pixels = pixels if frames > 1 else pixels[np.newaxis]
    shared = _first(image, "SharedFunctionalGroupsSequence")
    per_frame = image.get("PerFrameFunctionalGroupsSequence") or []
    return [
        _slice(image, pixels[at], [per_frame[at] if at < len(per_frame) else None, shared], at) for at in range(frames)
    ]


def _slice(image: pydicom.Dataset, pixels: Array, groups: Sequence[pydicom.Dataset | None], at: int) -> Slice:
    import numpy as np

    def said(sequence: str, keyword: str) -> Any:
        for group in groups:
            value = None if group is None else _of(_first(group, sequence), keyword)
            if value is not None:
                return value
        return _of(image, keyword)

    position = said("PlanePositionSequence", "ImagePositionPatient")
    orientation = said("PlaneOrientationSequence", "ImageOrientationPatient")
    spacing = said("PixelMeasuresSequence", "PixelSpacing") or image.get("ImagerPixelSpacing") or (np.nan, np.nan)
    slope = said("PixelValueTransformationSequence", "RescaleSlope")
    intercept = said("PixelValueTransformationSequence", "RescaleIntercept")
    if slope is not None and intercept is not None and image.get("SamplesPerPixel", 1) == 1:
        pixels = pixels.astype(np.float32) * np.float32(slope) + np.float32(intercept)
    order = [
        image.get(keyword)
        for keyword in ("AcquisitionNumber", "EchoNumbers", "TemporalPositionIdentifier", "InstanceNumber")
    ]
    return Slice(
        pixels,
        None if position is None else np.array(position, dtype=float),
        None if orientation is None else np.array(orientation, dtype=float),
        (float(spacing[0]), float(spacing[1])),
        (*(_number(one) for one in order), float(at)),
    )


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return 0.0


def _first(image: pydicom.Dataset, keyword: str) -> pydicom.Dataset | None:
    sequence = image.get(keyword)
    return sequence[0] if sequence else None


def _of(image: pydicom.Dataset | None, keyword: str) -> Any:
    value = None if image is None else image.get(keyword)
    return None if value is None or value == "" else value
