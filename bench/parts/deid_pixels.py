"""Search of pixels for text: the mix of the sample data on all cores, beside decoding the same images alone."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import warnings
from collections import Counter
from pathlib import Path

from measure import median
from report import Report
from samples import Bench
from servers import BINARY, ROOT

POLICY = "public-sharing+clean-pixel-data"
#: Decodes the files named on its input; tells the seconds that took.
DECODE = """
import sys, time, pydicom
taken = 0.0
for path in sys.stdin.read().splitlines():
    try:
        data = pydicom.dcmread(path)
        began = time.process_time()
        data.pixel_array
        taken += time.process_time() - began
    except Exception:
        pass
print(taken)
"""
SHARED = Path(os.environ.get("ISOCENTER_SHARED", ROOT.parent / "shared"))


def run(bench: Bench, report: Report) -> None:
    mix = SHARED / "data/dicom"
    if not mix.exists():
        print(f"pixels are not searched: the sample data is not here ({mix})")
        return
    report.part("Text in pixels: every image of the sample data once, all cores (wall time of the whole command)")
    work = bench.memory / "deid-pixels"
    folders = apart(mix, work / "in")
    rounds = [searched(folders, work) for _ in range(bench.rounds)]
    files = rounds[0][1]
    seconds = median([taken for taken, _ in rounds])
    seen = [file for file in files if file.get("pixels", {}).get("state") in ("clean", "masked")]
    looked = [file["pixels"] for file in seen]
    images = sum(1 for file in files if file["outcome"] == "deidentified" and str(file.get("output")).endswith(".dcm"))
    frames = sum(pixels["frames"] for pixels in looked)
    gated = sum(pixels["places"] == 0 for pixels in looked)
    masked = sum(pixels["state"] == "masked" for pixels in looked)
    report.at_least("images of the mix, searched or passed over", images / seconds, "images/s", 60, images=images, searched=len(looked), frames=frames)
    report.told("images searched, those passed over not counted", len(looked) / seconds, "images/s", frames_s=frames / seconds)
    report.told("of kinds without text, or without pixels", 1 - len(looked) / images, "share")
    report.told("searched, and nothing could be text (gated)", gated / len(looked), "share", masked=masked / len(looked))
    alone = decoded([Path(file["file"]) for file in seen])
    report.told("a search / decoding alone (pydicom, one core)", seconds * (os.cpu_count() or 1) / alone, "x", decoding_s=alone)
    shutil.rmtree(work)


def apart(mix: Path, into: Path) -> list[Path]:
    """Copies in folders in which no SOP Instance UID comes twice: the sample data has some images in many codings."""
    import pydicom

    warnings.simplefilter("ignore")
    seen: Counter[str] = Counter()
    for path in sorted(path for path in mix.rglob("*") if path.is_file()):
        try:
            uid = str(pydicom.dcmread(path, stop_before_pixels=True).SOPInstanceUID)
        except Exception:  # Damaged on purpose, or no DICOM: it comes along as it is.
            uid = str(path)
        copy = into / f"{seen[uid]:02}" / path.relative_to(mix)
        seen[uid] += 1
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    return sorted(into.iterdir())


def searched(folders: list[Path], work: Path) -> tuple[float, list[dict]]:
    """Seconds, and what became of each file."""
    out, report, seconds, files = work / "out", work / "report.json", 0.0, []
    for folder in folders:
        given = ["--policy", POLICY, "--key-file", str(work / "key"), "--make-key", "--report", str(report)]
        began = time.monotonic()
        done = subprocess.run([str(BINARY), "deid", str(folder), str(out), *given], capture_output=True, text=True, check=False)
        seconds += time.monotonic() - began
        if done.returncode not in (0, 3):
            raise RuntimeError(f"isocenter deid ended with {done.returncode}: {done.stderr}")
        files += json.loads(report.read_text())["files"]
        shutil.rmtree(out, ignore_errors=True)
    return seconds, files


def decoded(paths: list[Path]) -> float:
    """Seconds of one core to decode them; those that pydicom can't are left out."""
    given = "\n".join(map(str, paths))
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", DECODE], input=given, capture_output=True, text=True, check=True)
    return float(done.stdout)
