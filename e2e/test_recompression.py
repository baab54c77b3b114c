"""Lossless recompression over the sample data: the ratio by modality, and what others make of the smaller form."""

from __future__ import annotations

import io
import json
import tarfile
from collections import defaultdict
from contextlib import suppress
from pathlib import Path

import pydicom
import pytest
from pydicom.pixels import pixel_array
from pydicom.uid import JPEGLSLossless, generate_uid

import dcmtk
from isocenter import running
from samples import Sent, corpus, encoded, sha256

MODALITIES = ("CT", "MR", "CR", "MG")
# Whose decoded samples are those of the scanner.
WITHOUT_LOSS = (
    "1.2.840.10008.1.2",
    "1.2.840.10008.1.2.1",
    "1.2.840.10008.1.2.2",
    "1.2.840.10008.1.2.5",
    "1.2.840.10008.1.2.4.57",
    "1.2.840.10008.1.2.4.70",
    "1.2.840.10008.1.2.4.80",
    "1.2.840.10008.1.2.4.90",
    "1.2.840.10008.1.2.4.201",
)
# Smaller ones are test patterns and icons, whose headers outweigh their pixels.
LEAST = 16 << 10


def uncompressed() -> dict[str, list[Sent]]:
    """The distinct images of each modality as a scanner would send them."""
    found: dict[str, list[Sent]] = defaultdict(list)
    seen: set[str] = set()
    for path in corpus():
        try:
            image = pydicom.dcmread(path, force=True)
            if image.get("Modality") not in MODALITIES or "SOPClassUID" not in image:
                continue
            if image.file_meta.TransferSyntaxUID not in WITHOUT_LOSS:
                continue
            if image.file_meta.TransferSyntaxUID.is_compressed:
                image.decompress()
            pixels = bytes(image.PixelData)
        except Exception:
            continue
        if len(pixels) < LEAST or sha256(pixels) in seen:
            continue
        seen.add(sha256(pixels))
        image.SOPInstanceUID = image.file_meta.MediaStorageSOPInstanceUID = generate_uid()
        image.StudyInstanceUID, image.SeriesInstanceUID = generate_uid(), generate_uid()
        with suppress(Exception):
            found[image.Modality].append(Sent(path, encoded(image)))
    return found


def test_the_ratio_and_what_others_read(tmp_path: Path, told: list[str]) -> None:
    images = uncompressed()
    if not images:
        pytest.skip("the sample data is not here (ISOCENTER_SHARED names its folder)")
    (tmp_path / "files").mkdir()
    originals: dict[str, Sent] = {}
    for modality, files in images.items():
        for file in files:
            originals[file.sop_instance] = file
            (tmp_path / f"files/{modality}-{file.sop_instance}.dcm").write_bytes(file.content)
    with running(tmp_path / "house") as server:
        assert server.run("import", tmp_path / "files").returncode == 0
        server.printed("recompress")
        kept, digests = on_the_shelves(server.data)
        assert kept.keys() == originals.keys()
        for uid, file in originals.items():
            assert digests[uid] == sha256(file.content), "the original's hash is kept"
            assert server.original(file.study, file.series, uid) == file.content
    total, smaller, ratios = [0, 0], 0, []
    for modality in MODALITIES:
        each = [(len(file.content), len(kept[file.sop_instance])) for file in images.get(modality, [])]
        if each:
            before, after = sum(one[0] for one in each), sum(one[1] for one in each)
            ratios += [one[0] / one[1] for one in each]
            total = [total[0] + before, total[1] + after]
            told.append(f"recompression: {modality} {before / after:.2f} : 1 ({len(each)} images, {before >> 10} KiB)")
    for uid, content in kept.items():
        smaller += read_by_others(originals[uid], content, tmp_path)
    mean = sum(ratios) / len(ratios)
    told.append(f"recompression: {total[0] / total[1]:.2f} : 1 by size, {mean:.2f} : 1 on average of images")
    told.append(f"recompression: {smaller} of {len(kept)} kept smaller, each read by pydicom twice and by DCMTK")
    assert total[0] / total[1] >= 2.5 and mean >= 2.5, (total, mean)


def on_the_shelves(data: Path) -> tuple[dict[str, bytes], dict[str, str]]:
    """What lies in the segments, by SOP Instance UID, and the hashes of the originals in their indexes."""
    kept, digests = {}, {}
    for segment in data.joinpath("archive/segments").rglob("*.tar"):
        with tarfile.open(segment) as archive:
            for member in archive:
                content = archive.extractfile(member).read() if member.isfile() else b""
                if member.name.endswith(".dcm"):
                    kept[Path(member.name).stem] = content
                elif member.name == "isocenter-index.jsonl":
                    for line in content.splitlines():
                        entry = json.loads(line) if line.strip() else {}
                        if "name" in entry:
                            digests[Path(entry["name"]).stem] = entry["sha256"]
    return kept, digests


def read_by_others(original: Sent, content: bytes, folder: Path) -> bool:
    """Whether it is in the smaller form; then pydicom with two decoders and DCMTK give the original's samples."""
    image = pydicom.dcmread(io.BytesIO(content), force=True)
    if image.file_meta.TransferSyntaxUID != JPEGLSLossless:
        assert content == original.content
        return False
    truth = pixel_array(pydicom.dcmread(io.BytesIO(original.content), force=True), raw=True)
    for decoder in ("pyjpegls", "pylibjpeg"):
        assert (pixel_array(image, raw=True, decoding_plugin=decoder) == truth).all(), f"{original.path} by {decoder}"
    coded, plain = folder / "coded.dcm", folder / "plain.dcm"
    coded.write_bytes(content)
    dcmtk.succeeds("dcmdjpls", coded, plain)
    decoded = pixel_array(pydicom.dcmread(plain), raw=True, correct_unused_bits=False)
    assert (decoded == truth).all(), f"{original.path} by dcmdjpls"
    return True
