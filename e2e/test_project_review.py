"""The review queue: what the wall was in doubt about is decided by somebody who looked, and becomes a rule."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.uid import UltrasoundImageStorage, generate_uid

from backends import private_postgres
from isocenter import Isocenter, Json, running, soon
from projects import call, enrol, kind, member, project, settled, studies
from samples import encoded, exam, instance

ROWS, COLUMNS = 90, 120


def ultrasound(like: Dataset, model: str = "Sonar 1") -> Dataset:
    """An image of an exam with a bright bar where a device writes."""
    image = instance(name=str(like.PatientName), patient=like.PatientID, study=like.StudyInstanceUID, series=generate_uid())
    image.SOPClassUID, image.Modality = UltrasoundImageStorage, "US"
    image.Manufacturer, image.ManufacturerModelName = "Example", model
    image.Rows, image.Columns = ROWS, COLUMNS
    image.BitsAllocated = image.BitsStored = 8
    image.HighBit, image.PixelRepresentation = 7, 0
    pixels = np.tile(np.arange(COLUMNS, dtype=np.uint8), (ROWS, 1))
    pixels[5:15, 10:60] = 255
    image.PixelData = pixels.tobytes()
    return image


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def house(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[tuple[Isocenter, list[Dataset]]]:
    """A CT exam with three ultrasound images of one kind and one of another."""
    ct = exam(2, name="Hohenstaufen^Jane", patient="MRN-0815")
    images = [*ct, *(ultrasound(ct[0]) for _ in range(3)), ultrasound(ct[0], "Sonar 2")]
    with private_postgres() as postgres:
        stores = {} if request.param == "sqlite" else {"store.ledger": postgres.database("ledger"), "vault.ledger": postgres.database("vault")}
        with running(tmp_path_factory.mktemp("house"), stores) as server:
            server.stow(*map(encoded, images))
            yield server, images


def made(server: Isocenter, name: str, images: list[Dataset]) -> Json:
    project(server, name, policy="basic")
    enrol(server, name, studies(images))
    return call(server, "GET", f"/{name}/review")


def pixels(server: Isocenter, name: str) -> list[np.ndarray]:
    """Of the ultrasound images that a member sees."""
    rita = member(server, name)
    found = rita.find("/instances", Modality="US")
    files = [rita.files(f"/studies/{row['0020000D']['Value'][0]}/series/{row['0020000E']['Value'][0]}")[0] for row in found]
    return [file.pixel_array for file in files]


def test_what_is_in_doubt_waits_by_kind_and_a_mask_counts_for_all_alike(house: tuple[Isocenter, list[Dataset]]) -> None:
    server, images = house
    queue = made(server, "masked", images)
    assert [(group["reason"], group["instances"], group["kind"]["model"]) for group in queue["groups"]] == [
        ("burned-in-text", 3, "Sonar 1"),
        ("burned-in-text", 1, "Sonar 2"),
    ]
    assert pixels(server, "masked") == []
    sample = queue["groups"][0]["sample"]
    case = call(server, "GET", f"/masked/review/{sample}")
    assert (case["rows"], case["columns"], case["frames"]) == (ROWS, COLUMNS, 1)
    assert case["original"]["sopInstanceUid"] in {image.SOPInstanceUID for image in images[2:5]}
    decision = {"sopInstanceUid": sample, "allAlike": True, "action": "mask", "boxes": [[10, 5, 60, 15]], "note": "the name stands there"}
    call(server, "POST", "/masked/decisions", decision, 201)
    settled(server, "masked")
    seen = pixels(server, "masked")
    assert len(seen) == 3
    for shown in seen:
        assert len(np.unique(shown[5:15, 10:60])) == 1
        changed = np.argwhere(shown != np.frombuffer(images[2].PixelData, np.uint8).reshape(ROWS, COLUMNS))
        assert changed.min(axis=0).tolist() == [5, 10] and changed.max(axis=0).tolist() == [14, 59]
    later = ultrasound(images[0])
    server.stow(encoded(later))
    soon(lambda: len(pixels(server, "masked")), lambda count: count == 4, 60)
    queue = call(server, "GET", "/masked/review")
    assert [group["kind"]["model"] for group in queue["groups"]] == ["Sonar 2"]
    [kept] = queue["decisions"]
    assert (kept["action"], kept["boxes"], kept["note"]) == ("mask", [[10, 5, 60, 15]], "the name stands there")


def test_one_is_released_one_kept_back_and_taking_back_shows_nothing_of_it(house: tuple[Isocenter, list[Dataset]]) -> None:
    server, images = house
    queue = made(server, "single", images)
    other = queue["groups"][1]["sample"]
    call(server, "POST", "/single/decisions", {"sopInstanceUid": other, "action": "release"}, 201)
    call(server, "POST", "/single/decisions", {"sopInstanceUid": queue["groups"][0]["sample"], "allAlike": True, "action": "withhold"}, 201)
    settled(server, "single")
    [shown] = pixels(server, "single")
    assert shown.tobytes() == images[5].PixelData
    queue = call(server, "GET", "/single/review")
    assert queue["groups"] == []
    reasons = {one["reason"]: one["instances"] for one in call(server, "GET", "/single/coverage")["withheld"]}
    assert reasons["kept-back"] >= 3
    released = next(one for one in queue["decisions"] if one["action"] == "release")
    call(server, "DELETE", f"/single/decisions/{released['id']}", status=204)
    settled(server, "single")
    assert pixels(server, "single") == []
    assert [group["kind"]["model"] for group in call(server, "GET", "/single/review")["groups"]] == ["Sonar 2"]
    call(server, "DELETE", f"/single/decisions/{released['id']}", status=404)


def test_decisions_become_a_policy_that_files_go_by_too(house: tuple[Isocenter, list[Dataset]], tmp_path: Path) -> None:
    server, images = house
    queue = made(server, "ruled", images)
    sample = queue["groups"][0]["sample"]
    call(server, "POST", "/ruled/decisions", {"sopInstanceUid": sample, "allAlike": True, "action": "mask", "boxes": [[10, 5, 60, 15]]}, 201)
    policy = server.http.get(f"{server.url}/api/v1/projects/ruled/decisions/policy", timeout=60)
    assert policy.ok and 'model = "Sonar 1"' in policy.text
    assert server.post("/api/v1/policies", json={"text": policy.text}).status_code == 201
    (tmp_path / "ours.toml").write_text(policy.text)
    (tmp_path / "in").mkdir()
    for number, image in enumerate(images):
        (tmp_path / "in" / f"{number}.dcm").write_bytes(encoded(image))
    ran = server.run("deid", tmp_path / "in", tmp_path / "out", "--policy", tmp_path / "ours.toml", "--key-file", tmp_path / "k", "--make-key")
    assert len([*(tmp_path / "out").rglob("*.dcm")]) == 5, ran.stdout
    assert "1  withheld: text may be burned" in ran.stdout


def test_mistakes_are_told_and_members_decide_nothing(house: tuple[Isocenter, list[Dataset]]) -> None:
    server, images = house
    sample = made(server, "wrong", images)["groups"][0]["sample"]
    body = {"sopInstanceUid": sample, "action": "mask"}
    assert "boxes" in call(server, "POST", "/wrong/decisions", body, 400)["detail"]
    assert "boxes" in call(server, "POST", "/wrong/decisions", body | {"action": "release", "boxes": [[0, 0, 1, 1]]}, 400)["detail"]
    assert "left, top" in call(server, "POST", "/wrong/decisions", body | {"boxes": [[5, 5, 5, 6]]}, 400)["detail"]
    assert "release, mask or withhold" in call(server, "POST", "/wrong/decisions", body | {"action": "hide"}, 400)["detail"]
    call(server, "POST", "/wrong/decisions", {"sopInstanceUid": "1.2.3", "action": "release"}, 404)
    call(server, "GET", "/wrong/review/1.2.3", status=404)
    rita = member(server, "wrong")
    there = f"{server.url}/api/v1/projects/wrong"
    answers = [rita.http.get(f"{there}/review", timeout=60), rita.http.post(f"{there}/decisions", json=body, timeout=60)]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert kind(answers[0].json()) != ""
    log = server.log()
    assert "Hohenstaufen" not in log and "MRN-0815" not in log
