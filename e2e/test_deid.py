"""`isocenter deid`: what comes out is read by pydicom and highdicom, is valid, holds together, and names nobody."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import time
from collections import defaultdict
from pathlib import Path

import highdicom
import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes
from pydicom.uid import UID, SegmentationStorage

import deid_cases
from isocenter import BINARY
from samples import corpus, exam, shared, write

POLICY = "public-sharing"

# The tables that the types are made from do not have its module yet.
ANNOTATIONS = "1.2.840.10008.5.1.4.1.1.91.1"


def deid(*arguments: object, status: int | None = 0) -> subprocess.CompletedProcess[str]:
    command = [str(BINARY), "deid", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert status is None or done.returncode == status, f"{done.returncode}\n{done.stdout}\n{done.stderr}"
    return done


def cleaned(source: Path, folder: Path, policy: str = POLICY, status: int | None = 0) -> tuple[list[Dataset], dict]:
    """What came out, and the report."""
    out, report = folder / "clean", folder / "report.json"
    key = ["--key-file", folder / "project.key", "--make-key"]
    deid(source, out, "--policy", policy, *key, "--report", report, status=status)
    return [pydicom.dcmread(path) for path in sorted(out.rglob("*.dcm"))], json.loads(report.read_text())


def everything(data_set: Dataset):
    for element in data_set:
        yield element
        if element.VR == "SQ":
            for item in element.value:
                yield from everything(item)


def test_the_answer_key_is_met(tmp_path: Path) -> None:
    """Every check of the shared answer key, pixels included: nothing is withheld."""
    source = shared("data/deid/synthetic-phi")
    images, report = cleaned(source / "dicom", tmp_path, f"{POLICY}+clean-pixel-data")
    assert len(images) == 8 and report["outcomes"] == {"deidentified": 8}
    assert report["pixels"] == {"searched": 8, "gated": report["pixels"]["gated"], "masked": 2, "not_searched": 0}
    answers = ["--answers", source / "answer_key.tsv", "--key-file", tmp_path / "project.key"]
    deid("verify", tmp_path / "clean", *answers, "--report", tmp_path / "score.json")
    score = json.loads((tmp_path / "score.json").read_text())
    assert score["actions"]["pixels_hidden"] == {"passed": 4, "failed": 0, "withheld": 0}
    assert score["failures"] == [] and score["categories"]["HIPAA"]["passed"] > 60


def test_an_answer_key_of_many_kinds_and_character_sets_is_met(tmp_path: Path) -> None:
    """Images, reports, structure sets, presentation states and waveforms of eight people in seven character sets."""
    deid_cases.make(tmp_path / "in").write(tmp_path / "key.tsv")
    results, report = cleaned(tmp_path / "in", tmp_path)
    assert report["outcomes"] == {"deidentified": 72}
    answers = ["--answers", tmp_path / "key.tsv", "--key-file", tmp_path / "project.key"]
    deid("verify", tmp_path / "clean", *answers, "--report", tmp_path / "score.json", status=None)
    score = json.loads((tmp_path / "score.json").read_text())
    assert score["failures"] == []
    assert {name for name, count in score["categories"].items() if count["passed"] > 800} == {"DICOM", "HIPAA", "TCIA"}
    by_uid = {result.SOPInstanceUID: result for result in results}
    for structures in (result for result in results if result.Modality == "RTSTRUCT"):
        frame = structures.ReferencedFrameOfReferenceSequence[0]
        series = frame.RTReferencedStudySequence[0].RTReferencedSeriesSequence[0]
        images = [by_uid[image.ReferencedSOPInstanceUID] for image in series.ContourImageSequence]
        assert {image.SeriesInstanceUID for image in images} == {series.SeriesInstanceUID}
        assert {image.FrameOfReferenceUID for image in images} == {frame.FrameOfReferenceUID}


def test_two_runs_give_the_same_and_another_key_shares_nothing(tmp_path: Path) -> None:
    source = shared("data/deid/synthetic-phi/dicom")
    runs = []
    for name in ("one", "two", "other"):
        folder = tmp_path / name
        folder.mkdir()
        if name == "two":
            (folder / "project.key").write_bytes((tmp_path / "one/project.key").read_bytes())
            (folder / "project.key").chmod(0o600)
        cleaned(source, folder, status=3)
        files = sorted((folder / "clean").rglob("*.dcm"))
        runs.append({path.relative_to(folder): hashlib.sha256(path.read_bytes()).hexdigest() for path in files})
    assert runs[0] == runs[1]
    words = [{word for path in run for word in path.parts[1:]} for run in (runs[0], runs[2])]
    assert words[0].isdisjoint(words[1])


@pytest.mark.parametrize("policy", ["basic", POLICY, "hipaa-safe-harbor"])
def test_every_sample_comes_out_valid_and_without_its_identity(tmp_path: Path, policy: str, told: list[str]) -> None:
    """pydicom reads what comes out; no patient's name, ID or UID is left in its header."""
    source = tmp_path / "in"
    source.mkdir()
    originals = [path for path in corpus() if path.stat().st_size < 3_000_000]
    if not originals:
        pytest.skip("the sample data is not here")
    for number, path in enumerate(originals):
        os.link(path, source / f"{number:04}") if path.stat().st_dev == source.stat().st_dev else (
            source / f"{number:04}"
        ).write_bytes(path.read_bytes())
    images, report = cleaned(source, tmp_path, policy, status=None)
    told.append(f"deid {policy}: {report['outcomes']}")
    assert len(images) > 150
    before, masked = {}, set()
    for file in report["files"]:
        if file["outcome"] == "deidentified":
            before[file["output"]] = pydicom.dcmread(file["file"], force=True)
            if file["pixels"]["state"] == "masked":
                masked.add(file["output"])
    for output, original in before.items():
        image = pydicom.dcmread(tmp_path / "clean" / output)
        assert image.PatientIdentityRemoved == "YES"
        assert image.file_meta.MediaStorageSOPInstanceUID == image.SOPInstanceUID == Path(output).stem
        texts = "\n".join(str(element.value) for element in everything(image) if element.VR not in ("SQ", "OB", "OW"))
        identity = [original.get("PatientID"), original.get("SOPInstanceUID"), original.get("StudyInstanceUID")]
        identity.append(str(original.get("PatientName", "")))
        for text in identity:
            if text and len(text) > 7 and any(c.isalpha() for c in text):
                assert text not in texts, output
        if policy == "basic":
            assert not any(element.tag.is_private for element in everything(image))
        if "PixelData" in original and output not in masked:
            assert image.PixelData == original.PixelData or len(original.PixelData) % 2 == 1, output


def complaints(path: Path) -> set[str]:
    """What dciodvfy says is missing or empty that must be there, but for what the object said before."""
    done = subprocess.run(["dciodvfy", str(path)], capture_output=True, text=True, errors="replace", check=False)
    lines = (done.stdout + done.stderr).splitlines()
    asked = ("Missing attribute Type", "Missing attribute or value", "Empty attribute", "Attribute present but")
    return {line for line in lines if line.startswith("Error") and any(text in line for text in asked)}


@pytest.mark.parametrize("policy", ["basic", POLICY])
def test_what_the_object_must_have_is_still_there(tmp_path: Path, policy: str) -> None:
    """dciodvfy misses nothing of types 1 and 2 that was there before."""
    source = shared("data/dicom")
    _, report = cleaned(source, tmp_path, policy, status=None)
    looked_at, worse = 0, {}
    for file in report["files"]:
        if file["outcome"] != "deidentified" or Path(file["file"]).stat().st_size > 600_000:
            continue
        if pydicom.dcmread(file["file"], force=True, stop_before_pixels=True).SOPClassUID == ANNOTATIONS:
            continue
        looked_at += 1
        new = complaints(tmp_path / "clean" / file["output"]) - complaints(Path(file["file"]))
        if new:
            worse[file["file"]] = new
    assert looked_at > 60 and not worse


def test_a_segmentation_still_lies_over_its_images(tmp_path: Path) -> None:
    """References between objects hold: highdicom reads the segmentation and finds its source images."""
    source = tmp_path / "in"
    source.mkdir()
    images = exam(3)
    write(source, images)
    first = images[0]
    mask = np.zeros((len(images), first.Rows, first.Columns), dtype=np.uint8)
    mask[:, 1, 1] = 1
    segment = highdicom.seg.SegmentDescription(
        segment_number=1,
        segment_label="Lesion",
        segmented_property_category=codes.cid7150.Tissue,
        segmented_property_type=codes.cid7166.ConnectiveTissue,
        algorithm_type=highdicom.seg.SegmentAlgorithmTypeValues.MANUAL,
    )
    segmentation = highdicom.seg.Segmentation(
        source_images=images,
        pixel_array=mask,
        segmentation_type=highdicom.seg.SegmentationTypeValues.BINARY,
        segment_descriptions=[segment],
        series_instance_uid=highdicom.UID(),
        series_number=9,
        sop_instance_uid=highdicom.UID(),
        instance_number=1,
        manufacturer="x",
        manufacturer_model_name="x",
        software_versions="1",
        device_serial_number="SN 12345",
    )
    segmentation.save_as(source / "seg.dcm")
    results, _ = cleaned(source, tmp_path)
    by_class = defaultdict(list)
    for result in results:
        by_class[result.SOPClassUID].append(result)
    (clean,) = by_class.pop(SegmentationStorage)
    read = highdicom.seg.Segmentation.from_dataset(clean)
    sources = {UID(instance) for _, _, instance in read.get_source_image_uids()}
    slices = [image for images in by_class.values() for image in images]
    assert sources == {image.SOPInstanceUID for image in slices}
    assert clean.FrameOfReferenceUID == slices[0].FrameOfReferenceUID
    assert np.array_equal(read.pixel_array, segmentation.pixel_array)
    assert clean.PatientID == slices[0].PatientID


def test_killed_half_way_nothing_half_is_left(tmp_path: Path) -> None:
    """Files that bear a whole name are whole; a run afterwards completes them."""
    source = tmp_path / "in"
    source.mkdir()
    write(source, exam(400))
    key = ["--key-file", tmp_path / "project.key", "--make-key"]
    command = [str(BINARY), "deid", str(source), str(tmp_path / "clean"), "--policy", POLICY, *map(str, key)]
    whole = (tmp_path / "clean").rglob
    for written in (1, 40, 120, 250):
        running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while running.poll() is None and time.monotonic() < deadline and sum(1 for _ in whole("*.dcm")) < written:
            time.sleep(0.001)
        running.send_signal(signal.SIGKILL)
        running.wait()
        for path in whole("*"):
            assert not path.is_file() or b"Doe^Jane" not in path.read_bytes()
        for path in whole("*.dcm"):
            assert pydicom.dcmread(path).PatientIdentityRemoved == "YES"
    images, report = cleaned(source, tmp_path)
    assert len(images) == 400 and report["outcomes"] == {"deidentified": 400}
    assert not list((tmp_path / "clean").rglob("*.part"))


def test_evidence_is_kept_and_can_be_checked(tmp_path: Path) -> None:
    """Nothing that identifies is found in the result; the pack says so, is signed, and names nobody."""
    source, pack = tmp_path / "in", tmp_path / "pack"
    deid_cases.make(source).write(tmp_path / "key.tsv")
    cleaned(source, tmp_path)
    deid("evidence", "new-key", tmp_path / "signer")
    given = ["--originals", source, "--policy", POLICY, "--key-file", tmp_path / "project.key"]
    more = ["--answers", tmp_path / "key.tsv", "--mapping", tmp_path / "map", "--evidence", pack, "--sign", tmp_path / "signer"]
    deid("verify", tmp_path / "clean", *given, *more)
    told = json.loads((pack / "evidence.json").read_text())
    assert told["search"]["traces"] == [] and told["search"]["values"] > 5000
    assert {found["category"] for found in told["search"]["identifiers"] if found["looked_for"] > 10} >= {"names", "uids", "dates"}
    assert told["risk"]["bounds"][0]["upper_bound"] == pytest.approx(1 - 0.05 ** (1 / 72))
    assert set(told["inputs"]) == {hashlib.sha256(path.read_bytes()).hexdigest() for path in source.iterdir()}
    for file in told["outputs"]:
        assert hashlib.sha256((tmp_path / "clean" / file["file"]).read_bytes()).hexdigest() == file["sha256"]
    text = "".join(path.read_text() for path in pack.iterdir())
    for person in deid_cases.PEOPLE:
        assert person.id not in text and person.accession not in text and person.name.split("^")[0] + "^" not in text
    mapping = tmp_path / "map" / "uids.csv"
    assert mapping.stat().st_mode & 0o077 == 0 and mapping.read_text().startswith("id_old,id_new\n")
    public = ["--key", tmp_path / "signer.pub"]
    assert "signed and whole" in deid("evidence", "check", pack, *public).stdout
    (pack / "policy.toml").write_text((pack / "policy.toml").read_text() + "\n")
    assert "not the one that was signed" in deid("evidence", "check", pack, *public, status=1).stderr
    (pack / "evidence.json").write_text((pack / "evidence.json").read_text().replace("0.95", "0.99"))
    assert "does not fit" in deid("evidence", "check", pack, *public, status=1).stderr


def test_what_is_left_is_found(tmp_path: Path) -> None:
    """A file that was not cleaned is told, without what it says."""
    source, clean = tmp_path / "in", tmp_path / "clean"
    deid_cases.make(source)
    cleaned(source, tmp_path)
    (clean / "left.dcm").write_bytes((source / "0_CT_1.dcm").read_bytes())
    given = ["--originals", source, "--policy", POLICY, "--key-file", tmp_path / "project.key"]
    found = deid("verify", clean, *given, status=1)
    assert "found: names in" in found.stdout and "found: uids in" in found.stdout and "1 of 73 files leak" in found.stdout
    assert "Okonkwo" not in found.stdout and "MRN0082213" not in found.stdout


def test_no_canary_comes_through(tmp_path: Path, told: list[str]) -> None:
    """Invented identifiers in copies of real objects."""
    done = deid("canary", shared("data/dicom"), "--policy", POLICY, "--files", 400)
    told.append(f"deid canary: {done.stdout.splitlines()[-1]}")
    assert done.stdout.splitlines()[-1].startswith("0 of ")


def test_links_are_not_followed_and_a_full_disk_leaves_nothing_half(tmp_path: Path) -> None:
    source, elsewhere = tmp_path / "in", tmp_path / "elsewhere"
    source.mkdir()
    elsewhere.mkdir()
    write(source, exam(2))
    write(elsewhere, exam(1))
    (source / "link").symlink_to(elsewhere)
    (source / "file-link.dcm").symlink_to(next(path for path in elsewhere.rglob("*") if path.is_file()))
    _, report = cleaned(source, tmp_path)
    assert report["outcomes"] == {"deidentified": 2}
    key = ["--key-file", tmp_path / "project.key"]
    command = f"trap '' XFSZ; ulimit -f 1; '{BINARY}' deid '{source}' '{tmp_path / 'full'}' --policy {POLICY} --key-file '{key[1]}'"
    full = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert full.returncode == 3 and "could not be read or written" in full.stdout, full.stderr
    assert not [path for path in (tmp_path / "full").rglob("*") if path.is_file()]
    deid(source, tmp_path / "full", "--policy", POLICY, *key)
    (tmp_path / "wrong.key").write_text("not a key")
    (tmp_path / "wrong.key").chmod(0o600)
    wrong = deid(source, tmp_path / "no", "--policy", POLICY, "--key-file", tmp_path / "wrong.key", status=1)
    assert "64 hexadecimal digits" in wrong.stderr and not (tmp_path / "no").exists()


def test_mistakes_are_told_and_do_nothing(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    write(source, exam(1))
    key = tmp_path / "project.key"
    wrong = deid(source, tmp_path / "out", "--policy", "basik", "--key-file", key, "--make-key", status=1)
    assert "ready-made: basic, hipaa-safe-harbor" in wrong.stderr and not key.exists()
    missing = deid(source, tmp_path / "out", "--policy", "basic", "--key-file", key, status=1)
    assert "--make-key" in missing.stderr
    inside = deid(source, source / "out", "--policy", "basic", "--key-file", key, "--make-key", status=1)
    assert "inside" in inside.stderr
    deid(source, tmp_path / "out", "--policy", "basic", "--key-file", key, "--make-key")
    assert key.stat().st_mode & 0o077 == 0
    key.chmod(0o644)
    opened = deid(source, tmp_path / "out2", "--policy", "basic", "--key-file", key, status=1)
    assert "chmod 600" in opened.stderr and not (tmp_path / "out2").exists()
    policy = tmp_path / "own.toml"
    policy.write_text('format = 1\nid = "own"\nversion = 1\ntitle = "x"\n[[rules]]\nattribute = "PatientNames"\naction = "keep"\n')
    assert "did you mean PatientName?" in deid("policy", "check", policy, status=1).stderr


def test_explain_names_the_rule(tmp_path: Path) -> None:
    (file,) = write(tmp_path, exam(1))
    told = deid("explain", file, "--policy", POLICY, "--attribute", "StudyDate").stdout
    assert "shifted" in told and "option retain-longitudinal-modified-dates: C" in told
    assert "policy public-sharing v2, sha256 " in told


def test_names_that_are_left_in_pixels_are_found_by_the_search_of_a_result(tmp_path: Path) -> None:
    """A policy that vouches for pixels lets burned-in text through: verify reads it there, and says what it did not read."""
    source = shared("data/deid/synthetic-phi") / "dicom"
    policy = tmp_path / "accepts.toml"
    policy.write_text(deid("policy", "show", POLICY).stdout + '\n[pixels]\nburned-in = "accept"\n')
    key = ["--key-file", tmp_path / "project.key"]
    deid(source, tmp_path / "clean", "--policy", policy, *key, "--make-key")
    search = ["verify", tmp_path / "clean", "--originals", source, "--policy", policy, *key]
    found = deid(*search, status=1).stdout
    assert "read 2 frames of 2 images; 0 could not be read, 6 of kinds without text were passed over" in found
    assert found.count("at pixels of frame 1") == 2 and "2 of 2 images leak" in found
    assert "2 frames" not in deid(*search, "--pixels", "none").stdout
    assert "2 could not be read" in deid(*search, "--ocr", "/no/such/program", status=1).stdout
    deid(source, tmp_path / "masked", "--policy", f"{POLICY}+clean-pixel-data", *key)
    masked = deid("verify", tmp_path / "masked", *search[2:4], "--policy", f"{POLICY}+clean-pixel-data", *key).stdout
    assert "0 of 2 images leak" in masked
