"""The demo hospital's files in other people's hands."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import numpy as np
import pydicom
from pydicom.pixels import apply_modality_lut

from isocenter import Isocenter, environment, soon


def written(folder: Path, *patients: str) -> list[pydicom.FileDataset]:
    chosen = [word for patient in patients for word in ("--patient", patient)]
    Isocenter(folder).printed("demo", "--out", folder / "images", *chosen)
    return [pydicom.dcmread(path) for path in sorted((folder / "images").rglob("*.dcm"))]


def test_pydicom_reads_every_image_and_finds_anatomy(tmp_path: Path) -> None:
    images = written(tmp_path, "DEMO-0009", "DEMO-0011", "DEMO-0005")
    modalities = {image.Modality for image in images}
    assert modalities == {"CR", "US", "CT", "MR"}
    assert len({image.SOPInstanceUID for image in images}) == len(images)
    for image in images:
        pixels = image.pixel_array
        assert pixels.std() > 1, image.filename
        assert image.InstitutionName == "Isocenter Demo Hospital"
    head = next(image for image in images if image.Modality == "CT" and image.InstanceNumber == 13)
    units = apply_modality_lut(head.pixel_array, head)
    middle = units[200:312, 200:312]
    assert 10 < np.median(middle) < 60, "brain is 20 to 45 HU"
    assert (units > 600).sum() > 2000, "there is a skull"


def test_a_nodule_grows_between_visits(tmp_path: Path) -> None:
    """Soft tissue inside the right lung at the height of the nodule, by the dates of the exams."""
    by_date: dict[str, int] = {}
    for image in written(tmp_path, "DEMO-0001"):
        z = float(image.get("ImagePositionPatient", [0, 0, 1e6])[2])
        if image.Modality == "CT" and image.SliceThickness == 6 and abs(z - 58) < 3:
            units = apply_modality_lut(image.pixel_array, image)
            lung = units[200:300, 135:200]
            by_date[image.StudyDate] = int(((lung > -300) & (lung < 400)).sum())
    first, second, last = (by_date[date] for date in sorted(by_date))
    assert second > first > 0 and last < second, by_date


def test_a_start_that_was_interrupted_while_filling_is_resumed(tmp_path: Path) -> None:
    """Ctrl-C while `serve --demo` fills: it ends quietly and in order; the next start makes the rest, once."""
    house = Isocenter(tmp_path)
    filled = tmp_path / "data/demo-hospital"
    server = begin(house)
    soon(lambda: filled.exists() and len(filled.read_text().split()) >= 2, seconds=120)
    server.send_signal(signal.SIGINT)
    _, said = server.communicate(timeout=60)
    assert server.returncode == 0 and "ERROR" not in said and "panicked" not in said, said[-2000:]
    made = filled.read_text().split()
    server = begin(house)
    soon(lambda: len(filled.read_text().split()) > len(made), seconds=120)
    server.send_signal(signal.SIGINT)
    assert server.wait(60) == 0
    again = filled.read_text().split()
    assert again[: len(made)] == made and len(set(again)) == len(again), "none is made twice"
    recorded = [line for line in house.printed("audit", "list", "--number", "20").splitlines() if " store " in line]
    assert len(recorded) == 2, "each start recorded what it brought in"
    assert "everything is whole" in house.printed("verify")


def begin(house: Isocenter) -> subprocess.Popen[str]:
    command = [*house.command("serve"), "--demo"]
    log = subprocess.PIPE
    return subprocess.Popen(command, cwd=house.folder, env=environment(), stdout=log, stderr=log, text=True)
