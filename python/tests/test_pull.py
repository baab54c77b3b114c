"""Pulling: whole, cut off and taken up again, spoilt, refused."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from warehouse import Warehouse, summary

from isocenter import (
    ChecksumError,
    Client,
    Dataset,
    ExpiredError,
    Frozen,
    IsocenterError,
    NotReadyError,
    RecalledError,
    RefusedError,
    ServerError,
)

BIG = os.urandom(3_000_000)


@pytest.fixture(autouse=True)
def package(warehouse: Warehouse) -> None:
    warehouse.releases = [summary("old", "ready"), summary("newest", "ready"), summary("asked", "asked")]
    warehouse.pack({"README.md": b"read me", "dicom/S1/1.2/1.2.3/a b.dcm": BIG, "tables/lab.csv": b""})


def frozen(client: Client) -> Frozen:
    one = client.cohort("f00d")
    assert isinstance(one, Frozen)
    return one


def test_the_newest_that_is_ready_comes_whole(client: Client, warehouse: Warehouse, tmp_path: Path) -> None:
    dataset = frozen(client).pull(tmp_path / "here")
    assert (tmp_path / "here/dicom/S1/1.2/1.2.3/a b.dcm").read_bytes() == BIG
    assert dataset.verify() == 3
    assert not list(tmp_path.rglob("*.part"))
    assert {path.split("/")[2] for _, path, _ in warehouse.asked if "/files" in path} == {"newest"}
    assert "frozen cohort f00d" in dataset.citation and "a" * 64 in dataset.citation


def test_pulled_again_nothing_is_fetched_twice(client: Client, warehouse: Warehouse, tmp_path: Path) -> None:
    frozen(client).pull(tmp_path)
    frozen(client).pull(tmp_path)
    assert len(warehouse.fetched("README.md")) == 1


def test_a_broken_connection_is_taken_up_by_range(client: Client, warehouse: Warehouse, tmp_path: Path) -> None:
    warehouse.pack({"dicom/big.dcm": BIG})
    warehouse.cut_after = [1_100_000]
    client.release("newest").pull(tmp_path, threads=1)
    assert (tmp_path / "dicom/big.dcm").read_bytes() == BIG
    first, *again = warehouse.fetched("dicom/big.dcm")
    assert first is None
    assert len(again) == 1 and 1_000_000 <= int(str(again[0]).strip("bytes=-")) <= 1_100_000


def test_what_an_earlier_time_left_is_gone_on_with(client: Client, warehouse: Warehouse, tmp_path: Path) -> None:
    warehouse.pack({"dicom/big.dcm": BIG})
    (tmp_path / "dicom").mkdir()
    (tmp_path / "dicom/big.dcm.part").write_bytes(BIG[:2_000_000])
    client.release("newest").pull(tmp_path)
    assert warehouse.fetched("dicom/big.dcm") == ["bytes=2000000-"]
    assert (tmp_path / "dicom/big.dcm").read_bytes() == BIG


def test_a_rest_of_something_else_is_fetched_anew(client: Client, warehouse: Warehouse, tmp_path: Path) -> None:
    warehouse.pack({"dicom/big.dcm": BIG})
    (tmp_path / "dicom").mkdir()
    (tmp_path / "dicom/big.dcm.part").write_bytes(b"\0" * 2_000_000)
    client.release("newest").pull(tmp_path)
    assert warehouse.fetched("dicom/big.dcm") == ["bytes=2000000-", None]
    assert (tmp_path / "dicom/big.dcm").read_bytes() == BIG


def test_spoilt_bytes_are_not_kept(client: Client, warehouse: Warehouse, tmp_path: Path) -> None:
    warehouse.spoilt["README.md"] = b"read mE"
    with pytest.raises(ChecksumError, match=r"README\.md did not arrive as it was released"):
        client.release("newest").pull(tmp_path)
    assert not (tmp_path / "README.md").exists()


def test_a_connection_that_never_brings_anything_is_given_up(
    client: Client, warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("isocenter.download.PAUSE", 0.001)
    warehouse.pack({"dicom/big.dcm": BIG})
    warehouse.cut_after = [0] * 50
    with pytest.raises(ServerError, match=r"Pull again to go on"):
        client.release("newest").pull(tmp_path, threads=1)
    assert len(warehouse.cut_after) >= 40


@pytest.mark.parametrize("path", ["../out", "/etc/out", "a/../../out", "a\\out", "C:out", ".", "", "a//b"])
def test_no_file_is_written_outside_the_folder(client: Client, warehouse: Warehouse, tmp_path: Path, path: str) -> None:
    good = {"path": "ok", "size": 1, "sha256": "0" * 64, "form": ""}
    warehouse.told = [good, {**good, "path": path}]
    with pytest.raises(IsocenterError, match="no place inside the folder"):
        client.release("newest").pull(tmp_path / "in")
    assert list(tmp_path.iterdir()) == []


def test_what_is_changed_missing_or_added_is_named(client: Client, tmp_path: Path) -> None:
    frozen(client).pull(tmp_path)
    (tmp_path / "README.md").write_text("changed")
    (tmp_path / "tables/lab.csv").unlink()
    (tmp_path / "more.txt").write_text("x")
    with pytest.raises(ChecksumError) as error:
        Dataset(tmp_path).verify()
    said = str(error.value)
    assert "missing: tables/lab.csv; changed: README.md; not of the package: more.txt" in said


def test_a_list_of_checksums_that_is_not_the_packages_is_noticed(
    client: Client, warehouse: Warehouse, tmp_path: Path
) -> None:
    lines = f"{hashlib.sha256(b'other').hexdigest()}  README.md\n"
    warehouse.files = {"README.md": b"read me", "checksums.sha256": lines.encode()}
    with pytest.raises(ChecksumError, match=r"changed: README\.md"):
        frozen(client).pull(tmp_path)


def test_who_is_not_named_receives_nothing(client: Client, warehouse: Warehouse, tmp_path: Path) -> None:
    warehouse.releases = [summary("newest", "ready", mayReceive=False)]
    with pytest.raises(RefusedError, match="Ask ann to be named"):
        frozen(client).pull(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("state", "detail", "kind", "said"),
    [
        ("asked", {}, NotReadyError, "waits for somebody other than ann"),
        ("asked", {"needed": 2, "decisions": [{"approve": True, "by": "bo"}]}, NotReadyError, "2 people .*1 agreed"),
        ("refused", {"decisions": [{"by": "bo", "reason": "too much"}]}, RefusedError, "by bo: too much"),
        ("cancelled", {}, RefusedError, "taken back by ann"),
        ("making", {"progress": {"done": 3, "of": 9, "says": "images"}}, NotReadyError, "3 of 9, images"),
        ("failed", {"progress": {"says": "the disk is full"}}, NotReadyError, "could not be made: the disk is full"),
        ("expired", {}, ExpiredError, "expired on 2027-01-01"),
        ("recalled", {}, RecalledError, "delete every copy"),
    ],
)
def test_what_is_waited_for_is_said(
    client: Client, warehouse: Warehouse, state: str, detail: dict[str, object], kind: type[Exception], said: str
) -> None:
    warehouse.releases = [summary("one", state)]
    warehouse.details["one"] = detail
    with pytest.raises(kind, match=said):
        frozen(client).pull()


def test_nobody_asked_yet(client: Client, warehouse: Warehouse) -> None:
    warehouse.releases = []
    with pytest.raises(NotReadyError, match="nobody has asked for the data of f00d"):
        frozen(client).pull()
