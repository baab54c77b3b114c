"""Every codec, both ways: what others coded is decoded by us as its uncompressed twin or as others decode
it; what we code, asked for or kept in a smaller form, is decoded by others to the same samples."""

from __future__ import annotations

import io
import tarfile
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.pixels import pixel_array
from pydicom.uid import (
    ExplicitVRLittleEndian,
    JPEGLSLossless,
    RLELossless,
    SecondaryCaptureImageStorage,
    generate_uid,
)

import dcmtk
import pixels
from isocenter import Isocenter
from samples import Sent, corpus, instance, ready, sent, shared

# A lossy coding of a picture is near it: steps of the whole range that it may be off on average.
LOSSY_MEAN = 0.01
LOSSLESS = {f"1.2.840.10008.1.2.4.{tail}" for tail in ("57", "70", "80", "90", "110", "201", "202")} | {RLELossless}
# Files of one transfer syntax that are converted.
EACH = 4
# Decoders of video are others' business.
VIDEO = "1.2.840.10008.1.2.4.10"


def renamed(content: bytes) -> Sent:
    """The same image as an instance, series and exam of its own: many samples share their UIDs."""
    image = pydicom.dcmread(io.BytesIO(content), force=True)
    for keyword in ("SOPInstanceUID", "SeriesInstanceUID", "StudyInstanceUID"):
        setattr(image, keyword, generate_uid())
    image.file_meta.MediaStorageSOPInstanceUID = image.SOPInstanceUID
    buffer = io.BytesIO()
    image.save_as(buffer, enforce_file_format=True)
    return Sent(Path(image.SOPInstanceUID), buffer.getvalue())


def converted(server: Isocenter, one: Sent, syntax: str) -> bytes | None:
    """The instance in this transfer syntax; None where it can't be had so."""
    path = f"/dicom-web/studies/{one.study}/series/{one.series}/instances/{one.sop_instance}"
    answer = server.get(path, headers={"accept": f"application/dicom; transfer-syntax={syntax}"})
    if answer.status_code == 406:
        return None
    assert answer.status_code == 200, f"{answer.status_code} {answer.text[:300]}"
    read = pydicom.dcmread(io.BytesIO(answer.content), stop_before_pixels=True)
    assert read.file_meta.TransferSyntaxUID == syntax and read.SOPInstanceUID == one.sop_instance
    return answer.content


@pytest.mark.parametrize("name", ["CT2", "MR4", "NM1", "US1"])
def test_the_forms_of_one_image_are_the_uncompressed_one(server: Isocenter, name: str) -> None:
    """NEMA's WG-04 images: each form beside the uncompressed one it was made from."""
    folder = shared("data/dicom/wg04")
    plain = pydicom.dcmread(folder / f"{name}_UNC.dcm")
    samples = pixel_array(plain, raw=True).astype(np.float64)
    scale = float(2**plain.BitsStored)
    forms = sorted(path for path in folder.glob(f"{name}_*.dcm") if "_UNC" not in path.name)
    assert forms
    for path in forms:
        one = renamed(path.read_bytes())
        server.stow(one.content)
        whole = converted(server, one, ExplicitVRLittleEndian)
        assert whole, path.name
        ours = pydicom.dcmread(io.BytesIO(whole))
        colours = samples if ours.PhotometricInterpretation == plain.PhotometricInterpretation else None
        theirs = colours if colours is not None else pixel_array(plain).astype(np.float64)
        apart = np.abs(pixel_array(ours, raw=colours is not None).astype(np.float64) - theirs)
        if one.syntax in LOSSLESS:
            assert apart.max() == 0, path.name
        else:
            assert apart.mean() / scale < LOSSY_MEAN, f"{path.name}: {apart.mean()} of {scale}"
        frames = pixels.frames(server, one, int(plain.get("NumberOfFrames") or 1))
        assert not isinstance(frames, str), frames
        assert b"".join(frames) == ours.PixelData[: sum(map(len, frames))], f"{path.name}: frames and whole differ"


def chosen() -> list[Path]:
    """A few files of each compressed transfer syntax."""
    by_syntax: dict[str, list[Path]] = defaultdict(list)
    for path in corpus():
        if (one := sent(path)) and is_coded(one):
            by_syntax[one.syntax].append(path)
    # Spread over what there is: neighbours are much alike.
    spread = lambda found: found[:: max(1, len(found) // EACH)][:EACH]  # noqa: E731
    return [path for found in by_syntax.values() for path in spread(found)]


def is_coded(one: Sent) -> bool:
    syntax = pydicom.uid.UID(one.syntax)
    coded = one.syntax.startswith("1.2.840.10008.1.2.4.") or syntax in (RLELossless, "1.2.840.10008.1.2.8.1")
    return coded and not one.syntax.startswith(VIDEO) and pixels.has_pixels(one.content)


def shown(content: bytes) -> np.ndarray:
    """All frames as others decode them, colours as RGB."""
    try:
        return pixel_array(pydicom.dcmread(io.BytesIO(content), force=True))
    except Exception:
        return pixel_array(pixels.by_dcmtk(content), correct_unused_bits=False)


def test_whole_instances_convert_as_others_decode_them(server: Isocenter, told: list[str]) -> None:
    """Compressed as received; asked for uncompressed, in JPEG-LS and in RLE; decoded by pydicom's plug-ins and
    DCMTK. Not only the samples: what is said of them must lead to the same colours."""
    seen: Counter[str] = Counter()
    unread = []
    for path in chosen():
        try:
            one = renamed(path.read_bytes())
            theirs = shown(one.content).astype(np.float64)
        except Exception:
            unread.append(path.name)
            continue
        server.stow(one.content)
        whole = converted(server, one, ExplicitVRLittleEndian)
        assert whole, path.name
        ours = shown(whole).astype(np.float64)
        assert ours.shape == theirs.shape, path.name
        apart = np.abs(ours - theirs)
        near = pixels.is_lossy(one) or "YBR" in pydicom.dcmread(io.BytesIO(one.content)).PhotometricInterpretation
        assert apart.max() == 0 or (near and apart.max() <= 12 and apart.mean() <= 0.2), (
            f"{path.name}: {apart.max()}, {apart.mean():.3f}"
        )
        seen["uncompressed"] += 1
        for syntax, tool in ((JPEGLSLossless, "dcmdjpls"), (RLELossless, "dcmdrle")):
            coded = converted(server, one, syntax)
            if coded is None or one.syntax == syntax:
                continue
            assert (shown(coded) == ours).all(), f"{path.name} in {syntax}, by pydicom"
            assert (dcmtk_shows(coded, tool) == ours).all(), f"{path.name} in {syntax}, by {tool}"
            seen[pydicom.uid.UID(syntax).name] += 1
    if not seen:
        pytest.skip("the sample data is not here (ISOCENTER_SHARED names its folder)")
    told.append("whole instances decoded alike: " + ", ".join(f"{count} {name}" for name, count in seen.items()))
    told.extend(f"  not compared: {name}: neither pydicom nor DCMTK decodes it" for name in unread)
    assert len(unread) <= 8, unread
    assert min(seen.values()) > 20


def dcmtk_shows(content: bytes, tool: str) -> np.ndarray:
    plain = pixels.by_dcmtk(content)
    assert not plain.file_meta.TransferSyntaxUID.is_encapsulated, tool
    return pixel_array(plain, correct_unused_bits=False)


def pictures() -> list[Dataset]:
    """Uncompressed images of each layout that is made smaller: 8 and 16 bits, signed, colour, many frames."""
    noise = np.random.default_rng(7)
    grey = instance(size=128)
    signed = instance(size=128)
    signed.PixelRepresentation, signed.BitsStored, signed.HighBit = 1, 16, 15
    ramp = np.add.outer(np.arange(128), np.arange(128)) * 50 - 6000 + noise.integers(-3, 3, (128, 128))
    signed.PixelData = ramp.astype("<i2").tobytes()
    small = instance(size=128)
    small.BitsAllocated = small.BitsStored = 8
    small.HighBit = 7
    small.PixelData = (np.add.outer(np.arange(128), np.arange(128)) % 256).astype("u1").tobytes()
    colour = instance(size=128)
    colour.SOPClassUID = colour.file_meta.MediaStorageSOPClassUID = SecondaryCaptureImageStorage
    colour.SamplesPerPixel, colour.PhotometricInterpretation, colour.PlanarConfiguration = 3, "RGB", 0
    colour.BitsAllocated = colour.BitsStored = 8
    colour.HighBit = 7
    wave = np.add.outer(np.arange(128), np.arange(128))
    colour.PixelData = np.stack([wave % 256, wave // 2 % 256, 255 - wave % 256], -1).astype("u1").tobytes()
    many = instance(size=64)
    many.NumberOfFrames = 5
    many.PixelData = b"".join(
        (np.add.outer(np.arange(64), np.arange(64)) * (number + 1) % 4096).astype("<u2").tobytes() for number in range(5)
    )
    images = [grey, signed, small, colour, many]
    real = [path for path in corpus() if "series" in path.parts and path.suffix == ".dcm"]
    for path in real[:: max(1, len(real) // 6)][:6]:
        image = pydicom.dcmread(path)
        if not image.file_meta.TransferSyntaxUID.is_compressed and "PixelData" in image:
            images.append(pydicom.dcmread(io.BytesIO(renamed(path.read_bytes()).content)))
    return images


def test_smaller_forms_on_the_shelves_are_read_by_others(server: Isocenter, tmp_path: Path, told: list[str]) -> None:
    """`isocenter recompress`, then `tar`: what lies there decodes elsewhere to the original's samples, and our doors
    still give the original bytes."""
    images = {str(image.SOPInstanceUID): image for image in pictures()}
    files = {uid: ready(image) for uid, image in images.items()}
    server.stow(*(one.content for one in files.values()))
    assert "made smaller" in server.printed("recompress")
    smaller, saved = 0, 0
    for segment in server.data.joinpath("archive").rglob("*.tar"):
        with tarfile.open(segment) as archive:
            for member in archive:
                uid = Path(member.name).stem
                if not member.isfile() or uid not in images:
                    continue
                kept = archive.extractfile(member)
                assert kept
                content = kept.read()
                read = pydicom.dcmread(io.BytesIO(content), force=True)
                if read.file_meta.get("TransferSyntaxUID") != JPEGLSLossless:
                    continue
                truth = pixel_array(images[uid], raw=True)
                assert (pixel_array(read, raw=True) == truth).all(), member.name
                coded, plain = tmp_path / "coded.dcm", tmp_path / "plain.dcm"
                coded.write_bytes(content)
                dcmtk.succeeds("dcmdjpls", coded, plain)
                decoded = pixel_array(pydicom.dcmread(plain), raw=True, correct_unused_bits=False)
                assert (decoded == truth).all(), f"{member.name} by dcmdjpls"
                smaller, saved = smaller + 1, saved + len(files[uid].content) - len(content)
    told.append(f"{smaller} of {len(images)} images kept smaller are read by pydicom and DCMTK; {saved >> 10} KiB saved")
    assert smaller >= 5
    for uid, one in files.items():
        assert server.original(one.study, one.series, uid) == one.content


def test_samples_are_kept_whatever_is_asked_for(server: Isocenter) -> None:
    """Uncompressed as received, asked for in every form we make."""
    for image in pictures()[:5]:
        one = ready(image)
        server.stow(one.content)
        truth = pixel_array(image, raw=True)
        for syntax in (
            ExplicitVRLittleEndian,
            "1.2.840.10008.1.2",
            "1.2.840.10008.1.2.2",
            "1.2.840.10008.1.2.1.99",
            "1.2.840.10008.1.2.1.98",
            JPEGLSLossless,
            RLELossless,
        ):
            content = converted(server, one, syntax)
            assert content, syntax
            read = pydicom.dcmread(io.BytesIO(content))
            if syntax == "1.2.840.10008.1.2.1.98":
                frames = pydicom.encaps.generate_frames(read.PixelData, number_of_frames=read.get("NumberOfFrames", 1))
                assert b"".join(frames) == image.PixelData, syntax
                continue
            assert (pixel_array(read, raw=True) == truth).all(), syntax
