"""Whole slides in TIFF files against what OpenSlide and tifffile read of them: the same pixels on every level, the
same scale, the same label; levels a file lacks; files made to do harm."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from pathlib import Path

import highdicom
import numpy as np
import openslide
import pytest
import tifffile
from PIL import Image
from pydicom.dataset import Dataset
from pydicom.uid import VLWholeSlideMicroscopyImageStorage

from isocenter import Isocenter, Json, running, soon
from samples import instance, shared
from test_attachments import memory

STUDY = "2.25.4801"


def attach(server: Isocenter, content: bytes, name: str) -> str:
    """The address of an attached file as a slide."""
    about = {"subject": "exam", "id": STUDY, "name": name}
    made = server.post("/api/v1/attachments", params=about, data=content)
    assert made.status_code == 201, made.text
    address = f"/api/v1/exams/{STUDY}/files/{made.json()['id']}/slide"
    soon(lambda: server.get(address).status_code != 404)
    return address


def tile(server: Isocenter, address: str, level: int, column: int, row: int, path: int = 0) -> np.ndarray:
    answer = server.get(f"{address}/tiles/{level}/{column}/{row}", params={"path": path})
    assert answer.status_code == 200, answer.text
    return np.asarray(Image.open(io.BytesIO(answer.content)).convert("RGB")).astype(int)


def whole(server: Isocenter, address: str, slide: Json, level: int, path: int = 0) -> np.ndarray:
    """A level put together from its tiles, cut off where it ends."""
    size = slide["levels"][level]
    across = -(-size["columns"] // size["tileColumns"])
    down = -(-size["rows"] // size["tileRows"])
    rows = [
        np.concatenate([tile(server, address, level, x, y, path) for x in range(across)], axis=1)
        for y in range(down)
    ]
    return np.concatenate(rows, axis=0)[: size["rows"], : size["columns"]]


def halved(pixels: np.ndarray) -> np.ndarray:
    """Two by two pixels to one; the last row or column stands for the missing one."""
    rows, columns = pixels.shape[:2]
    padded = np.pad(pixels, ((0, rows % 2), (0, columns % 2), (0, 0)), mode="edge").astype(float)
    return (padded[::2, ::2] + padded[1::2, ::2] + padded[::2, 1::2] + padded[1::2, 1::2]) / 4


def close(ours: np.ndarray, theirs: np.ndarray, mean: float = 1.0, most: float = 24) -> None:
    assert ours.shape == theirs.shape
    apart = np.abs(ours - theirs.astype(float))
    assert apart.mean() < mean and apart.max() <= most, f"mean {apart.mean()}, most {apart.max()}"


def painting(rows: int, columns: int) -> np.ndarray:
    """Smooth colours, so that a coding that loses something loses little."""
    y, x = np.mgrid[0:rows, 0:columns]
    waves = [127 + 120 * np.sin(x / 37), 127 + 120 * np.cos(y / 23), 127 + 120 * np.sin((x + y) / 51)]
    return np.stack(waves, axis=-1).astype(np.uint8)


def made(path: Path, pixels: np.ndarray, levels: int, bigtiff: bool = False, byteorder: str = "<", **how) -> bytes:
    """A pyramid by tifffile, with its smaller levels below the first picture."""
    how = {"tile": (128, 128), "photometric": "rgb", "resolution": (40000, 40000), "resolutionunit": 3} | how
    with tifffile.TiffWriter(path, bigtiff=bigtiff, byteorder=byteorder) as out:
        out.write(pixels, subifds=levels, **how)
        for level in range(levels):
            out.write(pixels[:: 2 << level, :: 2 << level], subfiletype=1, **how)
    return path.read_bytes()


@pytest.mark.parametrize("name", ["authored/pyramid_with_label.svs", "openslide/small.svs", "openslide/boxes.tiff"])
def test_every_level_is_what_openslide_reads(server: Isocenter, name: str) -> None:
    path = shared("data/wsi") / name
    theirs = openslide.OpenSlide(path)
    address = attach(server, path.read_bytes(), path.name)
    slide = server.json(address)
    stored = [level for level in slide["levels"] if not level["made"]]
    assert [(level["columns"], level["rows"]) for level in stored] == list(reversed(theirs.level_dimensions))
    for nth, size in enumerate(reversed(theirs.level_dimensions)):
        level = theirs.level_count - 1 - nth
        region = np.asarray(theirs.read_region((0, 0), level, size).convert("RGB"))
        at = next(i for i, one in enumerate(slide["levels"]) if (one["columns"], one["rows"]) == size)
        # What is JPEG goes out as it is; anything else is coded anew, which shows most in noise.
        lossless = theirs.properties["openslide.vendor"] != "aperio"
        close(whole(server, address, slide, at), region, **({"mean": 3, "most": 40} if lossless else {}))
    if theirs.properties["openslide.vendor"] == "aperio":
        told = float(theirs.properties["openslide.mpp-x"])
        assert slide["micrometresPerPixel"] == pytest.approx([told, told])
    else:
        # 72 for an inch: what programs write when they know none.
        assert "micrometresPerPixel" not in slide


def test_the_label_is_apart_from_the_slide(server: Isocenter) -> None:
    path = shared("data/wsi") / "authored/pyramid_with_label.svs"
    theirs = openslide.OpenSlide(path)
    address = attach(server, path.read_bytes(), "label.svs")
    slide = server.json(address)
    assert slide["glass"] == ["label", "overview"]
    for nth, name in enumerate(["label", "macro"]):
        picture = Image.open(io.BytesIO(server.get(f"{address}/glass/{nth}").content)).convert("RGB")
        close(np.asarray(picture), np.asarray(theirs.associated_images[name].convert("RGB")), mean=3, most=255)


@pytest.mark.parametrize("bigtiff", [False, True])
@pytest.mark.parametrize("byteorder", ["<", ">"])
@pytest.mark.parametrize("compression", [None, "lzw", "deflate", "jpeg", "jpeg2000"])
def test_every_form_of_tiff_is_read(
    server: Isocenter, tmp_path: Path, bigtiff: bool, byteorder: str, compression: str | None
) -> None:
    pixels = painting(500, 700)
    predictor = compression in ("lzw", "deflate")
    how = {"compression": compression, "predictor": predictor}
    if compression == "jpeg2000":
        how = {"compression": "aperio_jp2000_rgb", "compressionargs": {"codecformat": "j2k", "reversible": True}}
    content = made(tmp_path / "made.tif", pixels, 2, bigtiff, byteorder, **how)
    address = attach(server, content, f"{compression}{bigtiff}{byteorder}.tif")
    slide = server.json(address)
    assert [level["columns"] for level in slide["levels"]] == [175, 350, 700]
    assert slide["micrometresPerPixel"] == pytest.approx([0.25, 0.25])
    with tifffile.TiffFile(tmp_path / "made.tif") as theirs:
        for level, stored in enumerate(reversed(theirs.series[0].levels)):
            close(whole(server, address, slide, level), stored.asarray(), mean=1.5)


def test_channels_of_16_bits_are_paths(server: Isocenter, tmp_path: Path) -> None:
    y, x = np.mgrid[0:300, 0:400]
    channels = np.stack([x * 100, y * 100]).astype(np.uint16)
    path = tmp_path / "cells.ome.tif"
    meta = {"axes": "CYX", "Channel": {"Name": ["DAPI", "FITC"]}, "PhysicalSizeX": 0.5, "PhysicalSizeY": 0.5}
    with tifffile.TiffWriter(path, ome=True) as out:
        out.write(channels, subifds=1, tile=(64, 64), photometric="minisblack", metadata=meta)
        out.write(channels[:, ::2, ::2], subfiletype=1, tile=(64, 64), photometric="minisblack")
    address = attach(server, path.read_bytes(), path.name)
    slide = server.json(address)
    assert [one["name"] for one in slide["paths"]] == ["DAPI", "FITC"]
    assert slide["micrometresPerPixel"] == pytest.approx([0.5, 0.5])
    finest = len(slide["levels"]) - 1
    for number in (0, 1):
        shown = whole(server, address, slide, finest, number)[..., 0]
        close(shown, channels[number] // 257, mean=1.5)


def test_missing_levels_are_made(server: Isocenter, tmp_path: Path) -> None:
    pixels = painting(1100, 1900)
    address = attach(server, made(tmp_path / "flat.tif", pixels, 0, compression="jpeg"), "flat.tif")
    slide = server.json(address)
    assert [(one["columns"], one["made"]) for one in slide["levels"]] == [(475, True), (950, True), (1900, False)]
    # JPEG smears where the slide ends inside a tile.
    close(whole(server, address, slide, 1), halved(pixels), mean=2, most=64)
    close(whole(server, address, slide, 0), halved(halved(pixels)), mean=2, most=64)


def test_one_opening_is_one_entry(server: Isocenter, tmp_path: Path) -> None:
    address = attach(server, made(tmp_path / "entry.tif", painting(300, 300), 0), "entry.tif")
    about = address.split("/")[-2]

    def opened() -> int:
        rows = server.json("/api/v1/audit", params={"limit": 200})["rows"]
        return sum("retrieved" in one["detail"] and one["detail"].get("attachment") == about for one in rows)

    before = soon(opened)
    slide = server.json(address)
    for level in range(len(slide["levels"])):
        whole(server, address, slide, level)
    # Entries of reading follow soon after it, in order: when the next one is there, all are.
    server.json(address)
    assert soon(opened, lambda count: count > before + 1) == before + 2


def harmful(tmp_path: Path) -> Iterator[tuple[str, bytes]]:
    good = made(tmp_path / "good.tif", painting(300, 300), 0)
    first = struct.unpack_from("<I", good, 4)[0]
    count = struct.unpack_from("<H", good, first)[0]
    yield "not tiff", b"GIF89a" * 100
    yield "damaged: its directories go round", good[: first + 2 + 12 * count] + struct.pack("<I", first) + good[first + 6 + 12 * count :]
    yield "damaged: something lies beyond", good[: first + 20]
    fields = {struct.unpack_from("<H", good, first + 2 + 12 * i)[0]: first + 2 + 12 * i for i in range(count)}
    for words, tag, value in [
        ("damaged: a picture or its tiles have no sound size", 256, 0),
        ("damaged: a picture or its tiles have no sound size", 322, 0),
        ("damaged: it has fewer tiles", 257, 16_000_000),
        ("not supported: a tile", 322, 65_000 * 16),
        ("not supported: compression 52479", 259, 52479),
    ]:
        bad = bytearray(good)
        struct.pack_into("<HII", bad, fields[tag] + 2, 4, 1, value)
        yield words, bytes(bad)
    flat = io.BytesIO()
    Image.fromarray(painting(300, 300)).save(flat, format="tiff")
    yield "no tiled picture", flat.getvalue()


def test_what_is_no_slide_is_said_to_be_none(server: Isocenter, tmp_path: Path) -> None:
    for number, (words, content) in enumerate(harmful(tmp_path)):
        answer = server.get(attach(server, content, f"bad{number}.tif"))
        assert answer.status_code == 422, (words, answer.status_code)
        told = answer.json()["detail"]
        assert words.removeprefix("damaged: ").removeprefix("not supported: ").replace("not tiff", "not TIFF") in told


def test_a_large_slide_takes_little_memory(tmp_path: Path) -> None:
    """60,000 by 40,000 pixels, with a coarse level only: what lies between is made where somebody looks."""
    path = tmp_path / "large.tif"
    one = painting(512, 512)
    columns, rows, small = 60_000, 40_000, painting(2_500, 3_750)
    across, down = -(-columns // 512), -(-rows // 512)
    how = {"tile": (512, 512), "photometric": "rgb", "compression": "jpeg", "resolution": (40000, 40000)}
    with tifffile.TiffWriter(path, bigtiff=True) as out:
        tiles = (one for _ in range(across * down))
        out.write(tiles, shape=(rows, columns, 3), dtype=np.uint8, resolutionunit=3, **how)
        out.write(small, subfiletype=1, **how)
    with running(tmp_path, {"intake.memory_bytes": "16777216"}) as server:
        address = attach(server, path.read_bytes(), "large.tif")
        before = memory(server)
        slide = server.json(address)
        assert [one["columns"] for one in slide["levels"]] == [469, 938, 1875, 3750, 15_000, 30_000, 60_000]
        close(tile(server, address, 6, 70, 40), one, mean=1.5)
        assert tile(server, address, 5, 10, 10).shape == (512, 512, 3)
        assert tile(server, address, 4, 3, 3).shape == (512, 512, 3)
        assert tile(server, address, 0, 0, 0).shape == (512, 512, 3)
        assert memory(server) - before < 150 << 20


def microscopy(series: str, columns: int, rows: int, tile: int, frames: list[np.ndarray]) -> Dataset:
    """A level of a slide; frames are added by whoever knows their order."""
    image = instance(patient="SLIDE", study=STUDY, series=series)
    for name in ("ImagePositionPatient", "ImageOrientationPatient", "RescaleSlope", "RescaleIntercept", "PixelSpacing"):
        if name in image:
            delattr(image, name)
    image.SOPClassUID = image.file_meta.MediaStorageSOPClassUID = VLWholeSlideMicroscopyImageStorage
    image.Modality, image.ImageType = "SM", ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"]
    image.FrameOfReferenceUID = f"{STUDY}.9"
    image.TotalPixelMatrixColumns, image.TotalPixelMatrixRows = columns, rows
    image.Rows = image.Columns = tile
    image.SamplesPerPixel, image.PhotometricInterpretation, image.PlanarConfiguration = 3, "RGB", 0
    image.BitsAllocated, image.BitsStored, image.HighBit, image.PixelRepresentation = 8, 8, 7, 0
    shared, measures = Dataset(), Dataset()
    measures.PixelSpacing, measures.SliceThickness = [0.0005, 0.0005], 0.001
    shared.PixelMeasuresSequence = [measures]
    image.SharedFunctionalGroupsSequence = [shared]
    image.ImagedVolumeWidth, image.ImagedVolumeHeight = columns * 0.0005, rows * 0.0005
    origin = Dataset()
    origin.XOffsetInSlideCoordinateSystem, origin.YOffsetInSlideCoordinateSystem = 20.0, 40.0
    image.TotalPixelMatrixOriginSequence = [origin]
    image.ImageOrientationSlide = [0, -1, 0, -1, 0, 0]
    image.NumberOfFrames = len(frames)
    image.PixelData = b"".join(frame.tobytes() for frame in frames)
    return image


def plain(value: int) -> np.ndarray:
    return np.full((64, 64, 3), value, np.uint8)


def file_of(image: Dataset) -> bytes:
    out = io.BytesIO()
    image.save_as(out, enforce_file_format=True)
    return out.getvalue()


def test_frames_of_a_slide_are_found_by_counting(server: Isocenter) -> None:
    """Columns run fastest, then rows, focal planes and optical paths (PS3.3 C.7.6.17.3)."""
    series = f"{STUDY}.1"
    full = microscopy(series, 100, 70, 64, [plain(10 * n) for n in range(16)])
    full.DimensionOrganizationType, full.TotalPixelMatrixFocalPlanes = "TILED_FULL", 2
    full.OpticalPathSequence = []
    for name in ("1", "2"):
        path = Dataset()
        path.OpticalPathIdentifier, path.OpticalPathDescription = name, f"stain {name}"
        full.OpticalPathSequence.append(path)
    server.stow(file_of(full))
    address = f"/api/v1/exams/{STUDY}/series/{series}/slide"
    slide = server.json(address)
    assert (slide["planes"], [path["name"] for path in slide["paths"]]) == (2, ["stain 1", "stain 2"])
    assert slide["micrometresPerPixel"] == pytest.approx([0.5, 0.5])
    for path in (0, 1):
        for plane in (0, 1):
            for row in (0, 1):
                for column in (0, 1):
                    answer = server.get(f"{address}/tiles/0/{column}/{row}?plane={plane}&path={path}")
                    shown = np.asarray(Image.open(io.BytesIO(answer.content)))[30, 30, 0]
                    assert abs(int(shown) - 10 * (((path * 2 + plane) * 2 + row) * 2 + column)) <= 2
    place = slide["place"]
    to_space = highdicom.spatial.ImageToReferenceTransformer.for_image(full, for_total_pixel_matrix=True)
    for x, y in [(0, 0), (100, 70), (12.5, 60)]:
        # Both count from the corner of the first pixel.
        theirs = to_space(np.array([[x, y]]))[0]
        ours = np.array(place["origin"]) + x * np.array(place["right"]) + y * np.array(place["down"])
        assert np.abs(ours - theirs).max() < 1e-9
    assert server.get(f"{address}/tiles/0/2/0").status_code == 404


def test_frames_that_state_their_place_are_found_there(server: Isocenter) -> None:
    series = f"{STUDY}.2"
    sparse = microscopy(series, 128, 128, 64, [plain(200), plain(90)])
    sparse.DimensionOrganizationType = "TILED_SPARSE"
    sparse.PerFrameFunctionalGroupsSequence = []
    for column, row in [(65, 65), (1, 65)]:
        position, frame = Dataset(), Dataset()
        position.ColumnPositionInTotalImagePixelMatrix, position.RowPositionInTotalImagePixelMatrix = column, row
        position.XOffsetInSlideCoordinateSystem = position.YOffsetInSlideCoordinateSystem = 0.0
        position.ZOffsetInSlideCoordinateSystem = 0.0
        frame.PlanePositionSlideSequence = [position]
        sparse.PerFrameFunctionalGroupsSequence.append(frame)
    server.stow(file_of(sparse))
    address = f"/api/v1/exams/{STUDY}/series/{series}/slide"
    assert abs(tile(server, address, 0, 1, 1)[5, 5, 0] - 200) <= 2
    assert abs(tile(server, address, 0, 0, 1)[5, 5, 0] - 90) <= 2
    nothing = Image.open(io.BytesIO(server.get(f"{address}/tiles/0/0/0").content))
    assert nothing.mode == "RGBA" and nothing.getpixel((0, 0))[3] == 0


def test_a_series_without_a_slide_has_none(server: Isocenter) -> None:
    image = instance(study=STUDY, series=f"{STUDY}.3")
    server.stow(file_of(image))
    assert server.get(f"/api/v1/exams/{STUDY}/series/{STUDY}.3/slide").status_code == 404


def test_what_is_drawn_is_read_by_others(server: Isocenter) -> None:
    """A polygon and a line in the slide's coordinates, as the page keeps them, are read back by highdicom."""
    series = f"{STUDY}.4"
    slide_image = microscopy(series, 64, 64, 64, [plain(128)])
    server.stow(file_of(slide_image))
    place = server.json(f"/api/v1/exams/{STUDY}/series/{series}/slide")["place"]

    def in_space(x: float, y: float) -> list[float]:
        return list(np.array(place["origin"]) + x * np.array(place["right"]) + y * np.array(place["down"]))

    corners = [(0, 0), (20, 0), (20, 10), (0, 10), (0, 0)]
    drawn = {
        "slide-polygon": ("polygon", corners, {"quantity": "area", "value": 0.00005, "unit": "mm2"}),
        "slide-line": ("polyline", [(0, 0), (40, 0)], {"quantity": "length", "value": 0.02, "unit": "mm"}),
    }
    kept = {}
    for tool, (graphic, spots, value) in drawn.items():
        uid = highdicom.UID()
        points = [number for spot in spots for number in in_space(*spot)]
        body = {
            "trackingUid": uid,
            "tool": tool,
            "label": "",
            "frameOfReferenceUid": place["frameOfReferenceUid"],
            "shapes": [{"graphic": graphic, "points": points}],
            "values": [value],
        }
        answer = server.http.put(f"{server.url}/api/v1/exams/{STUDY}/work/{uid}", json=body)
        assert answer.status_code == 200, answer.text
        kept[tool] = answer.json()["instance"]
    found = server.find(f"/studies/{STUDY}/instances", SOPInstanceUID=kept["slide-line"])
    report_series = found[0]["0020000E"]["Value"][0]
    content = server.original(STUDY, report_series, kept["slide-line"])
    assert content is not None
    report = highdicom.sr.srread(io.BytesIO(content))
    groups = report.content.get_planar_roi_measurement_groups()
    assert len(groups) == 2
    (polygon,) = [g for g in groups if g.roi.graphic_type.value == "POLYGON"]
    assert polygon.roi.frame_of_reference_uid == slide_image.FrameOfReferenceUID
    to_pixels = highdicom.spatial.ReferenceToImageTransformer.for_image(slide_image, for_total_pixel_matrix=True)
    assert np.abs(to_pixels(polygon.roi.value)[:, :2] - np.array(corners)).max() < 0.01
    (area,) = polygon.get_measurements()
    assert (area.name.meaning, area.value, area.unit.value) == ("Area", 0.00005, "mm2")
