"""Every sample file through every door: it comes back as it was sent, or is set aside or refused for
a reason that can be checked, and is never lost; its pixels are those other decoders give."""

from __future__ import annotations

import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pydicom
import pytest

import pixels
from isocenter import Isocenter, multipart, running, soon
from samples import SHARED, Sent, corpus, data_set_at, exam, same_file, sent, sha256, write
from store import Answer, send_all

AS_SENT, HELD, CONFLICT = "as sent", "held already", "conflict, both kept"


@dataclass(frozen=True)
class Fate:
    """What became of a file."""

    outcome: str
    reason: str = ""

    @property
    def kept(self) -> bool:
        return self.outcome in (AS_SENT, HELD, CONFLICT)


Fates = dict[Path, Fate]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory, told: list[str]) -> list[Path]:
    """The sample data; where it is absent, a small exam made here."""
    found = corpus()
    if not found:
        told.append(
            "the sample data is not here (ISOCENTER_SHARED names its folder): an exam made for the test instead"
        )
    return found or write(tmp_path_factory.mktemp("made"), exam(5))


@pytest.fixture(scope="module")
def by_store(files: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Isocenter]:
    with running(tmp_path_factory.mktemp("store")) as server:
        yield server


@pytest.fixture(scope="module")
def by_stow(files: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Isocenter]:
    with running(tmp_path_factory.mktemp("stow")) as server:
        yield server


def table(told: list[str], door: str, fates: Fates) -> None:
    """Counts every file once."""
    told.append(f"{door}: {len(fates)} files")
    for fate, count in sorted(Counter(fates.values()).items(), key=lambda row: (row[0].outcome, -row[1])):
        told.append(f"  {count:5}  {fate.outcome}{': ' if fate.reason else ''}{fate.reason}")


def exported(server: Isocenter, folder: Path) -> dict[str, dict[str, list[Path]]]:
    """Everything in the archive, written out by `export --all`: kind, SHA-256, paths."""
    server.printed("export", "--all", folder)
    found: dict[str, dict[str, list[Path]]] = defaultdict(lambda: defaultdict(list))
    for line in (folder / "provenance.jsonl").read_text().splitlines():
        row = json.loads(line)
        path = folder / row["path"]
        assert sha256(path.read_bytes()) == row["sha256"], row["path"]
        found[row["kind"]][row["sha256"]].append(path)
    return found


def quarantined(server: Isocenter, export: dict[str, dict[str, list[Path]]]) -> dict[str, str]:
    """The reasons of what is in quarantine, by its id: the first half of its SHA-256."""
    expected = {digest[:32] for digest in export["quarantine"]}
    look = lambda: {item["id"]: item["reason"] for item in server.quarantine()}  # noqa: E731
    return soon(look, lambda seen: seen.keys() == expected)


def readable(path: Path) -> bool:
    """Whether pydicom reads the file whole and finds the four UIDs that name an instance."""
    try:
        image = pydicom.dcmread(path)
        list(image.iterall())
    except Exception:
        return False
    names = ("SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID")
    return all(image.get(name) for name in names)


# pydicom reads these, and they are set aside all the same: what they are is in doubt.
DOUBTFUL = {
    "unreadable": "an element of the patient or study is there twice, with different values",
    "truncated": "the pixels or a sequence end before their length; pydicom pads or stops",
    "invalid-uid": "a UID with other characters than digits and dots names nothing safely",
}


def nothing_is_turned_away_without_a_cause(fates: Fates) -> None:
    turned_away = {path: fate for path, fate in fates.items() if not fate.kept and readable(path)}
    without = {path.name: fate for path, fate in turned_away.items() if fate.reason not in DOUBTFUL}
    assert not without, f"pydicom reads these: {without}"


# isocenter import


def test_import(files: list[Path], tmp_path: Path, told: list[str]) -> None:
    """One run over everything, without a server; then each file is asked for by its UIDs."""
    house = Isocenter(tmp_path)
    done = house.run("import", *roots(files), "--report", "report.jsonl")
    assert done.returncode in (0, 3), done.stderr
    lines = [json.loads(line) for line in (tmp_path / "report.jsonl").read_text().splitlines()]
    summary = lines.pop()["summary"]
    rows = {Path(line["path"]): line for line in lines}
    assert summary["files"] == len(lines) and set(files) == set(rows)
    fates = {path: import_fate(row) for path, row in rows.items()}
    export = exported(house, tmp_path / "export")
    for path, row in rows.items():
        kept_as_reported(path, row, export)
    table(told, "isocenter import", fates)
    nothing_is_turned_away_without_a_cause({p: f for p, f in fates.items() if f.reason != "dicomdir"})
    house.start()
    try:
        house.sign_in()
        house.indexed(Counter(fates.values())[Fate(AS_SENT)])
        for path, row in rows.items():
            if row["outcome"] == "stored":
                content = unpacked(path)
                names = (row["studyInstanceUid"], row["seriesInstanceUid"], row["sopInstanceUid"])
                assert same_file(house.original(*names), content), path.name
        beside = {row["sha256"] for row in rows.values() if row["outcome"] == "conflict"}
        assert {one["sha256"] for one in house.conflicts()} == beside & export["instance"].keys()
    finally:
        house.stop()


def roots(files: list[Path]) -> list[Path]:
    """The folders that are imported: the sample data's two, or the one that was made."""
    top = [(SHARED / "data" / part).resolve() for part in ("dicom", "series")]
    return top if files[0].is_relative_to(top[0]) else [files[0].parent]


def import_fate(row: dict) -> Fate:
    words = {"stored": AS_SENT, "alreadyHeld": HELD, "conflict": CONFLICT}
    return Fate(words.get(row["outcome"], row["outcome"]), row.get("reason", ""))


def kept_as_reported(path: Path, row: dict, export: dict[str, dict[str, list[Path]]]) -> None:
    """The file is in the export, bit for bit, where the report says so."""
    digest = sha256(unpacked(path))
    match row["outcome"]:
        case "stored":
            assert row["sha256"] == digest and digest in export["instance"], path.name
        case "alreadyHeld" | "conflict":  # of two that differ in group 2 alone, one is kept
            assert row["sha256"] == digest, path.name
            assert digest in export["instance"] or same_data_set(path, row, export), path.name
        case "quarantined":
            assert digest in export["quarantine"], path.name
        case _:
            assert row["reason"] and row["detail"], path.name


def unpacked(path: Path) -> bytes:
    """What an import takes of a file: what is in it, if it is compressed."""
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def same_data_set(path: Path, row: dict, export: dict[str, dict[str, list[Path]]]) -> bool:
    """Held means: a file of this instance whose data set is the same is there."""
    data_set = data_set_of(unpacked(path))
    found = (one for paths in export["instance"].values() for one in paths if row["sopInstanceUid"] in one.name)
    return any(data_set_of(one.read_bytes()) == data_set for one in found)


def data_set_of(content: bytes) -> bytes:
    return content[data_set_at(content) :]


# STOW-RS

REFERENCED, FAILED, OTHER = "00081199", "00081198", "0008119A"


def test_stow(files: list[Path], by_stow: Isocenter, tmp_path: Path, told: list[str]) -> None:
    """A request for each file, so that its answer is about it alone."""
    fates = {path: stowed(by_stow, path) for path in files}
    export = exported(by_stow, tmp_path / "export")
    by_stow.indexed(len({Sent(path).sop_instance for path, fate in fates.items() if fate.outcome == AS_SENT}))
    in_quarantine = quarantined(by_stow, export)
    for path, fate in fates.items():
        digest = sha256(path.read_bytes())
        if fate.outcome == AS_SENT:
            fates[path] = told_true(by_stow, Sent(path), digest in export["instance"])
        elif fate.outcome == CONFLICT:
            assert digest in export["instance"], path.name
        else:
            fates[path] = set_aside(path, export, in_quarantine)
    table(told, "STOW-RS", fates)
    nothing_is_turned_away_without_a_cause(fates)
    assert len(by_stow.conflicts()) == sum(fate.outcome == CONFLICT for fate in fates.values())


def told_true(server: Isocenter, one: Sent, is_kept: bool) -> Fate:
    """What was answered with 200 comes back as it was sent. The same data set under another file meta
    information was held already, and that comes back."""
    original = server.original(one.study, one.series, one.sop_instance)
    assert original is not None, one.path.name
    if is_kept and same_file(original, one.content):
        return Fate(AS_SENT)
    assert not is_kept and data_set_of(original) == one.data_set, one.path.name
    return Fate(HELD)


def stowed(server: Isocenter, path: Path) -> Fate:
    kind, body = multipart([path.read_bytes()])
    answer = server.post(
        "/dicom-web/studies", data=body, headers={"content-type": kind, "accept": "application/dicom+json"}
    )
    assert answer.status_code in (200, 202, 409), f"{path.name}: {answer.status_code} {answer.text[:300]}"
    told = answer.json()
    items = {key: told[key]["Value"] for key in (REFERENCED, FAILED, OTHER) if key in told}
    assert sum(map(len, items.values())) == 1, f"{path.name}: {told}"
    ((key, [item]),) = items.items()
    if key == REFERENCED:
        warning = item.get("00081196", {}).get("Value", [0])[0]
        assert warning in (0, 0xB007), path.name
        return Fate(CONFLICT if warning else AS_SENT)
    assert item["00081197"]["Value"][0], f"{path.name}: a failure without a reason"
    return Fate("refused")


def set_aside(path: Path, export: dict[str, dict[str, list[Path]]], in_quarantine: dict[str, str]) -> Fate:
    """Where a file that was not taken is: in quarantine, or with the sender alone."""
    digest = sha256(path.read_bytes())
    if digest in export["quarantine"]:
        return Fate("quarantined", in_quarantine[digest[:32]])
    return Fate("refused", "a DICOMDIR" if is_dicomdir(path) else "nothing in it looks like DICOM")


def is_dicomdir(path: Path) -> bool:
    return b"1.2.840.10008.1.3.10" in path.read_bytes()[:400]


# C-STORE


def test_store(files: list[Path], by_store: Isocenter, tmp_path: Path, told: list[str]) -> None:
    """Data sets as they are in the files; each that was acknowledged is kept byte for byte."""
    sendable = {path: one for path in files if (one := sent(path))}
    fates = {path: Fate("not sent", "no file a C-STORE sender could name") for path in files if path not in sendable}
    answers = {one.path: answer for one, answer in send_all(by_store.dimse_port, sendable.values())}
    export = exported(by_store, tmp_path / "export")
    kept = {kind: data_sets(export[kind]) for kind in ("instance", "quarantine")}
    by_store.indexed(len({one.sop_instance for one in sendable.values() if sha256(one.data_set) in kept["instance"]}))
    in_quarantine = quarantined(by_store, export)
    for path, answer in answers.items():
        fates[path] = stored_fate(by_store, sendable[path], answer, kept, in_quarantine)
    table(told, "C-STORE", fates)
    nothing_is_turned_away_without_a_cause({p: f for p, f in fates.items() if f.reason not in TOLD_THE_SENDER})
    lost = [path.name for path, fate in fates.items() if fate.outcome == "lost"]
    assert not lost
    refused = {sendable[path].sop_class for path, answer in answers.items() if answer is None}
    assert refused <= {"1.2.840.10008.1.3.10"}, "only a DICOMDIR's class is no storage class"


NO_CONTEXT = "its SOP class is not for C-STORE"
TOLD_THE_SENDER = (NO_CONTEXT,)


def data_sets(files: dict[str, list[Path]]) -> dict[str, str]:
    """The SHA-256 of each file's data set, with that of the file."""
    return {sha256(data_set_of(paths[0].read_bytes())): digest for digest, paths in files.items()}


def stored_fate(
    server: Isocenter, one: Sent, answer: Answer | None, kept: dict[str, dict[str, str]], in_quarantine: dict[str, str]
) -> Fate:
    if answer is None:
        return Fate("refused", NO_CONTEXT)
    digest = sha256(one.data_set)
    if digest in kept["quarantine"]:
        assert answer.status in (0xA900, 0xC000), f"{one.path.name}: set aside and told {answer.status:04X}"
        return Fate("quarantined", in_quarantine[kept["quarantine"][digest][:32]])
    if digest in kept["instance"]:
        original = server.original(one.study, one.series, one.sop_instance)
        same = original is not None and data_set_of(original) == one.data_set
        return Fate(AS_SENT) if same else Fate(CONFLICT)
    return Fate("refused", f"{answer.status:04X}: {answer.comment}") if answer.status else Fate("lost")


# Pixels

# Files that no decoder here but ours reads, with the same image in a form that others do.
TWINS = {
    "liver_rle.dcm": "liver.dcm",
    "liver_deflate.dcm": "liver.dcm",
    "liver_nonbyte_aligned_rle.dcm": "liver_nonbyte_aligned.dcm",
    "liver_nonbyte_aligned_deflate.dcm": "liver_nonbyte_aligned.dcm",
    "jpegxl_lossless.dcm": "htj2k_lossless.dcm",
}
# What is not compared, and why.
NOT_COMPARED = {
    "mpeg4_h264.dcm": "video is given as received",
    "JPEG2000-embedded-sequence-delimiter.dcm": "neither pydicom's plug-ins nor DCMTK decode it",
    "badVR.dcm": "pydicom can't read its number of frames",
    "pixel_length_short.dcm": "it has fewer samples than its rows and columns need",
    "rows_65535.dcm": "it has fewer samples than its rows and columns need",
}
# Steps that a lossy decoder may be off: colours more than greys, at the edges of subsampled ones.
MOST, MEAN = 12, 0.2


def test_pixels(
    files: list[Path], by_stow: Isocenter, tmp_path_factory: pytest.TempPathFactory, told: list[str]
) -> None:
    """Frames decoded by us to Explicit VR Little Endian are those of pydicom's decoders, or DCMTK's.
    Files that share a SOP Instance UID go to servers of their own."""
    waves = by_turn([one for path in files if (one := sent(path)) and pixels.has_pixels(one.content)])
    found: dict[Path, pixels.Difference | str] = {}
    for number, wave in enumerate(waves):
        with running(tmp_path_factory.mktemp(f"wave{number}")) as server:
            found |= compared(server, wave)
    unread = {path.name: seen for path, seen in found.items() if isinstance(seen, str)}
    assert unread.keys() == NOT_COMPARED.keys() & {path.name for path in found}, unread
    told.append(f"pixels: {len(found)} files over WADO-RS as Explicit VR Little Endian")
    seen = [one for one in found.values() if isinstance(one, pixels.Difference)]
    told.append(f"  {sum(one.most == 0 for one in seen):5}  equal to the last bit")
    lossy = [one for one in seen if one.most > 0]
    worst, mean = max((one.most for one in lossy), default=0), max((one.mean for one in lossy), default=0)
    told.append(f"  {len(lossy):5}  lossy JPEG: at most {worst:.0f} steps apart, and {mean:.2f} on average in a file")
    told.extend(f"      1  not compared: {name}: {why}" for name, why in NOT_COMPARED.items() if name in unread)


def by_turn(files: list[Sent]) -> list[list[Sent]]:
    """The first file of each SOP Instance UID, the second of each, and so on."""
    groups: dict[str, dict[str, Sent]] = defaultdict(dict)
    for one in files:
        groups[one.sop_instance].setdefault(sha256(one.data_set), one)
    longest = max(map(len, groups.values()))
    return [[list(group.values())[turn] for group in groups.values() if len(group) > turn] for turn in range(longest)]


def compared(server: Isocenter, wave: list[Sent]) -> dict[Path, pixels.Difference | str]:
    held = [one for one in wave if stowed(server, one.path).outcome == AS_SENT]
    server.indexed(len(held))
    found = {}
    for one in held:
        twin = one.path.with_name(TWINS.get(one.path.name, one.path.name))
        seen = pixels.compare(server, one, twin.read_bytes())
        if isinstance(seen, pixels.Difference):
            near = seen.most <= MOST and seen.mean <= MEAN if pixels.is_lossy(one) else seen.most == 0
            assert near, f"{one.path.name}: {seen}"
        found[one.path] = seen
    return found
