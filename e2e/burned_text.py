"""Pictures with text drawn into them, and how much of it is left after pixels were searched.

Everything is drawn by a generator with a fixed seed, over grounds made here and real images of the sample data.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pydicom
from PIL import Image, ImageDraw, ImageFont
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, SecondaryCaptureImageStorage, UltrasoundImageStorage, generate_uid

WORDS = [
    "OKONKWO, ADAEZE", "DOB 12.04.1930", "MRN 0082213", "St. Brendan Medical Center", "Mueller-Luedenscheidt J.",
    "2019-11-03 14:22:51", "ID: K-553120", "Dr. Baker", "YAMADA TAROU", "Acc# R24-005512", "Klinikum Hohenfels",
    "born 07/29/1967", "Garcia Lorenzo, Maria", "F 072Y", "Parkinson^Ruth", "Lebedeva A.P.", "417-22-9087",
    "Room 4B Ruiz", "216-555-0177", "Hong Gildong",
]  # fmt: skip
SIZES = [8, 10, 12, 14, 18, 24, 32, 44, 60]
#: Of real images, these have no text of their own, and are of many kinds.
REAL = [
    "pydicom/CT_small.dcm", "pydicom/MR_small.dcm", "pydicom/693_J2KR.dcm", "pydicom/JPEG2000.dcm", "wg04/CT1_UNC.dcm",
    "wg04/CT2_UNC.dcm", "wg04/MR1_UNC.dcm", "wg04/MR2_UNC.dcm", "wg04/MR4_UNC.dcm", "wg04/RG1_UNC.dcm",
    "wg04/RG3_UNC.dcm", "wg04/XA1_UNC.dcm", "wg04/VL2_UNC.dcm", "wg04/VL4_UNC.dcm", "wg04/VL5_UNC.dcm",
]  # fmt: skip


@dataclass
class Written:
    """A string and the pixels it covers."""

    text: str
    size: int
    contrast: int
    ink: np.ndarray


@dataclass
class Case:
    """A picture, without text and with it."""

    name: str
    ground: np.ndarray
    drawn: np.ndarray
    written: list[Written] = field(default_factory=list)


def font(size: int, kind: int) -> ImageFont.FreeTypeFont:
    """The font that comes with Pillow, or one of Debian's where they are."""
    names = [None, "DejaVuSans", "DejaVuSansMono-Bold", "DejaVuSerif"]
    name = names[kind % len(names)]
    path = Path(f"/usr/share/fonts/truetype/dejavu/{name}.ttf")
    return ImageFont.truetype(path, size) if name and path.exists() else ImageFont.load_default(size)


def stencil(text: str, size: int, kind: int, sharp: bool) -> np.ndarray:
    """How much of each pixel is ink, from 0 to 1."""
    face = font(size, kind)
    left, top, right, bottom = (int(v) for v in face.getbbox(text))
    sheet = Image.new("1" if sharp else "L", (right - left + 2, bottom - top + 2))
    ImageDraw.Draw(sheet).text((1 - left, 1 - top), text, fill=1 if sharp else 255, font=face)
    return np.asarray(sheet, dtype=float) / (1 if sharp else 255)


def grounds(random: np.random.Generator, folder: Path) -> list[tuple[str, np.ndarray]]:
    """Pictures of 8 bits, grey or in colour."""
    rows, columns = 400, 560
    y, x = np.mgrid[:rows, :columns]
    blobs = sum(np.exp(-((x - a) ** 2 + (y - b) ** 2) / (2 * r**2)) * v for a, b, r, v in random.uniform((0, 0, 20, 20), (columns, rows, 120, 90), (14, 4)))
    speckle = np.abs(random.normal(size=(rows, columns))) * (20 + blobs * 0.6)
    flat = lambda value: np.full((rows, columns), value, float)  # noqa: E731
    made = {
        "black": flat(0),
        "grey": flat(90),
        "white": flat(245),
        "slope": x / columns * 255,
        "noise": 60 + random.normal(size=(rows, columns)) * 8,
        "coarse noise": 110 + random.normal(size=(rows, columns)) * 22,
        "speckle": speckle,
        "blobs": blobs,
        "blue": np.stack([flat(10), flat(30), flat(110)], -1),
        "skin": np.stack([190 + blobs * 0.2, 140 + blobs * 0.2, 120 + blobs * 0.1], -1),
    }
    found = [(name, value.clip(0, 255).astype(np.uint8)) for name, value in made.items()]
    for name in REAL:
        found += [(name, picture(folder / name))] if (folder / name).exists() else []
    return found


def picture(path: Path) -> np.ndarray:
    """The first frame, spread over 8 bits, at most 700 pixels on a side, at least 256."""
    data = pydicom.dcmread(path)
    values = data.pixel_array
    values = values[0] if values.ndim - (data.SamplesPerPixel > 1) > 2 else values
    if data.SamplesPerPixel == 1:
        low, high = np.percentile(values, [0.5, 99.5])
        values = ((values.astype(float) - low) / max(high - low, 1) * 255).clip(0, 255)
    image = Image.fromarray(values.astype(np.uint8))
    longest, shortest = max(image.size), min(image.size)
    factor = min(1.0, 700 / longest) if shortest > 256 else 256 / shortest
    return np.asarray(image.resize([round(side * factor) for side in image.size], Image.Resampling.BILINEAR))


def ink_value(random: np.random.Generator, around: np.ndarray, contrast: int) -> np.ndarray:
    """Brighter or darker than the place it is written on by so much, in colour where the place is."""
    level = np.atleast_1d(np.median(around.reshape(-1, *around.shape[2:]), axis=0))
    bright = level.mean() < 128 if contrast > 100 else level.mean() + contrast < 250
    sign = 1 if bright else -1
    if level.size == 3 and contrast > 100 and random.random() < 0.6:
        hue = [[255, 255, 0], [0, 255, 0], [255, 160, 0], [0, 255, 255]] if bright else [[0, 0, 120], [110, 0, 0], [0, 70, 0]]
        return np.array(hue[random.integers(len(hue))], float)
    return (level + sign * contrast).clip(0, 255)


def write(random: np.random.Generator, case: Case, text: str, size: int, contrast: int) -> bool:
    """Draws a string where nothing is drawn yet; tells whether there was room."""
    shape = stencil(text, size, int(random.integers(4)), bool(random.random() < 0.3))
    rows, columns = case.drawn.shape[:2]
    if shape.shape[0] + 8 > rows or shape.shape[1] + 8 > columns:
        return False
    taken = np.zeros((rows, columns), bool)
    for other in case.written:
        y, x = np.nonzero(other.ink)
        taken[max(y.min() - 12, 0) : y.max() + 13, max(x.min() - 20, 0) : x.max() + 21] = True
    for _ in range(40):
        top, left = (int(random.integers(3, side - length - 3)) for side, length in zip((rows, columns), shape.shape))
        place = np.s_[top : top + shape.shape[0], left : left + shape.shape[1]]
        if taken[place].any():
            continue
        value = ink_value(random, case.drawn[place], contrast)
        noise = float(np.abs(np.diff(case.drawn[place].astype(float), axis=1)).mean())
        # What nobody could read is no text.
        if noise * 2.5 > contrast:
            continue
        alpha = shape if case.drawn.ndim == 2 else shape[..., None]
        mixed = case.drawn[place] * (1 - alpha) + (value if case.drawn.ndim == 3 else value.mean()) * alpha
        if abs(mixed - case.drawn[place]).max() < contrast * 0.6:
            continue
        case.drawn[place] = mixed.round().astype(np.uint8)
        ink = np.zeros((rows, columns), bool)
        ink[place] = shape > 0.5 if (shape > 0.5).any() else shape > 0
        case.written.append(Written(text, size, contrast, ink))
        return True
    return False


def cases(folder: Path, rounds: int = 5) -> list[Case]:
    """A few strings on every ground, `rounds` times."""
    random = np.random.default_rng(20240611)
    made = []
    turn = 0
    for number in range(rounds):
        for name, ground in grounds(random, folder):
            case = Case(f"{name} {number}", ground, ground.copy())
            for _ in range(3):
                contrast = int([200, 140, 90, 60, 40][turn % 5])
                write(random, case, WORDS[turn % len(WORDS)], SIZES[turn * 7 % len(SIZES)], contrast)
                turn += 1
            made.append(case)
    return made


def dataset(array: np.ndarray, modality: str = "US", number: int = 1) -> Dataset:
    """An image of it as secondary capture or ultrasound, 8 bits, native."""
    data = Dataset()
    data.file_meta = FileMetaDataset()
    data.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data.SOPClassUID = UltrasoundImageStorage if modality == "US" else SecondaryCaptureImageStorage
    data.SOPInstanceUID, data.Modality = generate_uid(), modality
    data.PatientName, data.PatientID = "Nobody^Known", "X-1"
    data.StudyInstanceUID, data.SeriesInstanceUID = generate_uid(), generate_uid()
    data.StudyDate, data.StudyTime, data.InstanceNumber = "20240102", "101500", number
    if modality != "US":
        data.ConversionType = "WSD"
    data.Rows, data.Columns = array.shape[:2]
    colours = array.ndim == 3
    data.SamplesPerPixel = 3 if colours else 1
    data.PhotometricInterpretation = "RGB" if colours else "MONOCHROME2"
    if colours:
        data.PlanarConfiguration = 0
    data.BitsAllocated = data.BitsStored = 8
    data.HighBit, data.PixelRepresentation = 7, 0
    content = array.astype(np.uint8).tobytes()
    data.PixelData = content + b"\0" * (len(content) % 2)
    return data


@dataclass
class Left:
    """What a search left of a case."""

    case: Case
    #: Of each string the covered share of its ink.
    covered: list[float]
    #: Masked pixels that are not within a string's box, as a share of the picture.
    beyond: float


def compare(case: Case, after: np.ndarray, boxes: list[dict]) -> Left:
    """Boxes as the report tells them: `left`, `top`, `right`, `bottom`."""
    masked = np.zeros(after.shape[:2], bool)
    for box in boxes:
        masked[box["top"] : box["bottom"], box["left"] : box["right"]] = True
    near = np.zeros_like(masked)
    for written in case.written:
        y, x = np.nonzero(written.ink)
        reach = max(6, written.size // 2)
        near[max(y.min() - reach, 0) : y.max() + reach + 1, max(x.min() - reach, 0) : x.max() + reach + 1] = True
    covered = [float(masked[written.ink].mean()) for written in case.written]
    return Left(case, covered, float((masked & ~near).mean()))
