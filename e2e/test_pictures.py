"""Rendered pictures against those made from the same samples by pydicom, numpy and Pillow."""

from __future__ import annotations

import io
from copy import deepcopy

import numpy as np
import pydicom
import pytest
from PIL import Image
from pydicom.dataset import Dataset
from pydicom.pixels import apply_color_lut, apply_modality_lut, apply_windowing, pixel_array
from pydicom.uid import generate_uid

from isocenter import Isocenter
from samples import instance, ready, shared
from test_codecs import renamed

# Where a value lies between two shades, either may be taken.
ROUNDING = 1


def path_of(image: Dataset) -> str:
    return (
        f"/dicom-web/studies/{image.StudyInstanceUID}/series/{image.SeriesInstanceUID}/instances/{image.SOPInstanceUID}"
    )


def picture(server: Isocenter, path: str, accept: str = "image/png", **parameters: object) -> Image.Image:
    answer = server.get(path, headers={"accept": accept}, params=parameters)
    assert answer.status_code == 200, f"{answer.status_code} {answer.text[:300]}"
    assert answer.headers["content-type"] == accept
    return Image.open(io.BytesIO(answer.content))


def grey(made: Image.Image) -> np.ndarray:
    return np.asarray(made.convert("L")).astype(int)


def apart(ours: np.ndarray, theirs: np.ndarray) -> int:
    assert ours.shape == theirs.shape
    return int(np.abs(ours.astype(int) - theirs.astype(int)).max())


def windowed(image: Dataset, samples: np.ndarray, centre: float, width: float, function: str) -> np.ndarray:
    """The window by pydicom (PS3.3 §C.11.2), as eight bits."""
    asked = deepcopy(image)
    asked.WindowCenter, asked.WindowWidth, asked.VOILUTFunction = centre, width, function
    values = apply_modality_lut(samples, image)
    # Its range is that of all values after the Modality LUT.
    shaded = apply_windowing(values, asked)
    signed, bits = image.PixelRepresentation == 1, image.BitsStored
    low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)
    slope, intercept = float(image.get("RescaleSlope", 1)), float(image.get("RescaleIntercept", 0))
    low, high = low * slope + intercept, high * slope + intercept
    return np.round((shaded - low) / (high - low) * 255).astype(int)


@pytest.fixture(scope="module")
def slice_of_ct(server: Isocenter) -> Dataset:
    """A real CT image where there is one; a gradient otherwise."""
    one = None
    for path in sorted(shared("data/series").glob("crlm-ct-1004/*.dcm"))[:1]:
        one = renamed(path.read_bytes())
    image = pydicom.dcmread(io.BytesIO(one.content)) if one else instance(size=128)
    server.stow(ready(image).content)
    return image


@pytest.mark.parametrize(("name", "function"), [("linear", "LINEAR"), ("linear-exact", "LINEAR_EXACT"), ("sigmoid", "SIGMOID")])
@pytest.mark.parametrize(("centre", "width"), [(40, 400), (-600, 1500), (100.5, 1)])
def test_windows_are_those_of_pydicom(
    server: Isocenter, slice_of_ct: Dataset, name: str, function: str, centre: float, width: float
) -> None:
    theirs = windowed(slice_of_ct, pixel_array(slice_of_ct), centre, width, function)
    window = f"{centre},{width},{name}"
    ours = grey(picture(server, path_of(slice_of_ct) + "/rendered", window=window))
    assert apart(ours, theirs) <= ROUNDING, window
    if "WindowCenter" in slice_of_ct:
        own = windowed(
            slice_of_ct,
            pixel_array(slice_of_ct),
            float(np.atleast_1d(slice_of_ct.WindowCenter)[0]),
            float(np.atleast_1d(slice_of_ct.WindowWidth)[0]),
            slice_of_ct.get("VOILUTFunction", "LINEAR"),
        )
        assert apart(grey(picture(server, path_of(slice_of_ct) + "/rendered")), own) <= ROUNDING


def test_monochrome1_is_the_other_way_round(server: Isocenter) -> None:
    image = instance(size=64)
    other = deepcopy(image)
    other.PhotometricInterpretation, other.SOPInstanceUID = "MONOCHROME1", generate_uid()
    other.file_meta.MediaStorageSOPInstanceUID = other.SOPInstanceUID
    server.stow(ready(image).content, ready(other).content)
    dark, light = (grey(picture(server, path_of(one) + "/rendered", window="0,2000")) for one in (image, other))
    assert apart(dark, 255 - light) <= ROUNDING


def test_palettes_are_those_of_pydicom(server: Isocenter) -> None:
    tried = 0
    for path in sorted(shared("data/dicom").rglob("*.dcm")):
        if b"PALETTE COLOR" not in path.read_bytes()[:8192]:
            continue
        one = renamed(path.read_bytes())
        image = pydicom.dcmread(io.BytesIO(one.content))
        if image.get("PhotometricInterpretation") != "PALETTE COLOR":
            continue
        theirs = apply_color_lut(pixel_array(image, index=0), image)
        theirs = theirs >> 8 if theirs.dtype == np.uint16 else theirs
        server.stow(one.content)
        made = picture(server, path_of(image) + "/frames/1/rendered")
        assert apart(np.asarray(made.convert("RGB")), theirs[..., :3]) <= ROUNDING, path.name
        tried += 1
    assert tried > 0, "no sample has a palette"


def test_frames_and_thumbnails_of_many_frames(server: Isocenter) -> None:
    image = instance(size=64)
    image.NumberOfFrames = 7
    shades = np.stack([np.add.outer(np.arange(64) * n, np.arange(64) * 3) % 4096 for n in range(1, 8)])
    image.PixelData = shades.astype("<u2").tobytes()
    image.WindowCenter, image.WindowWidth = -824, 400
    server.stow(ready(image).content)
    path = path_of(image)
    for number in (1, 4, 7):
        theirs = windowed(image, shades[number - 1], -824, 400, "LINEAR")
        assert apart(grey(picture(server, f"{path}/frames/{number}/rendered")), theirs) <= ROUNDING, number
        small = picture(server, f"{path}/frames/{number}/thumbnail", viewport="64,64")
        assert apart(grey(small), theirs) <= ROUNDING, number
    # The middle frame stands for all of them, at every level.
    middle = windowed(image, shades[3], -824, 400, "LINEAR")
    for level in (path, path.rsplit("/instances", 1)[0], path.rsplit("/series", 1)[0]):
        assert apart(grey(picture(server, f"{level}/thumbnail", viewport="64,64")), middle) <= ROUNDING, level
        assert max(picture(server, f"{level}/thumbnail", "image/jpeg").size) <= 256, level


def test_viewports_scale_and_cut_as_pillow_does(server: Isocenter, slice_of_ct: Dataset) -> None:
    path = path_of(slice_of_ct) + "/rendered"
    window = "40,400"
    whole = picture(server, path, window=window).convert("L")
    width, height = whole.size
    for asked in ((width // 2, height // 2), (width // 2, height), (100, 37)):
        made = picture(server, path, window=window, viewport=f"{asked[0]},{asked[1]}")
        scale = min(asked[0] / width, asked[1] / height)
        assert made.size == pytest.approx((width * scale, height * scale), abs=1), "the shape stays"
        theirs = np.asarray(whole.resize(made.size, Image.Resampling.BOX)).astype(int)
        assert np.abs(grey(made) - theirs).mean() < 4, asked
    left, top, across, down = width // 4, height // 8, width // 2, height // 4
    made = picture(server, path, window=window, viewport=f"{across},{down},{left},{top},{across},{down}")
    assert made.size == (across, down)
    cut = np.asarray(whole.crop((left, top, left + across, top + down))).astype(int)
    assert apart(grey(made), cut) <= ROUNDING
    for wrong in ("0,10", "10", "10,10,0", "a,b", "99999,1"):
        answer = server.get(path, headers={"accept": "image/png"}, params={"viewport": wrong})
        assert answer.status_code == 400, wrong


def test_quality_is_that_of_the_file(server: Isocenter, slice_of_ct: Dataset) -> None:
    path = path_of(slice_of_ct) + "/rendered"
    plain = grey(picture(server, path, window="40,400"))
    sizes, errors = [], []
    for quality in (5, 50, 95):
        answer = server.get(path, headers={"accept": "image/jpeg"}, params={"window": "40,400", "quality": quality})
        sizes.append(len(answer.content))
        errors.append(np.abs(grey(Image.open(io.BytesIO(answer.content))) - plain).mean())
    assert sizes == sorted(sizes) and len(set(sizes)) == 3
    assert errors == sorted(errors, reverse=True) and errors[-1] < 2
