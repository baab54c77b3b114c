"""Exams that are still in a PACS: told, counted, frozen, asked for, approved, fetched in the hours its owner allows."""

from __future__ import annotations

import datetime
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.uid import generate_uid

import dcmtk
import orthanc
from isocenter import Isocenter, soon
from projects import call, project
from samples import encoded, exam, instance
from test_release import Person, asked, caught_up, frozen, ready

Json = dict[str, Any]
Exam = list[Dataset]

SOME = {"has": {"of": "exam", "tests": [{"field": "held", "anyOf": ["0"]}]}}


class House:
    """A server, a PACS beside it that can be switched off, and who asks and who approves."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.ports = folder, (dcmtk.free_port(), dcmtk.free_port())
        # The PACS sends to a port it was told once: it outlives the server.
        port = dcmtk.free_port()
        self.s = Isocenter(folder / "house", {"dimse.listen": f"127.0.0.1:{port}"})
        self.s.folder.mkdir(parents=True)
        self.s.start().sign_in()

    def pacs(self) -> Any:
        return orthanc.running(self.folder / "pacs", self.s, self.ports)


def terms(s: Isocenter, **more: Any) -> Json:
    body = {"indexFrom": "2025-12-30", "questionsPerMinute": 10_000, "instancesPerSecond": 1_000} | more
    answer = s.http.put(f"{s.url}/api/v1/peers/pacs/terms", json=body, timeout=60)
    assert answer.ok, answer.text
    return answer.json()


def told(s: Isocenter, exams: int) -> Json:
    """Waits until the PACS has told of so many exams, up to today, and the facts have them."""
    today = datetime.datetime.now().date().isoformat()
    good = lambda told: told["exams"] == exams and (told["toldTo"] or "") >= today  # noqa: E731
    found = soon(lambda: s.json("/api/v1/peers/pacs/terms"), good, seconds=120)
    caught_up(s)
    return found


def counted(s: Isocenter, patients: Json) -> tuple[int, int]:
    body = {"definition": {"language": 1, "patients": patients}}
    answer = s.post("/api/v1/cohort-counts", json=body)
    assert answer.ok, answer.text
    return answer.json()["patients"]["count"], answer.json()["exams"]["count"]


def held(number: int, **more: Any) -> Json:
    return {"has": {"of": "exam", "tests": [{"field": "held", "anyOf": [str(number)]}, *more.get("tests", [])]}}


def only(images: Exam) -> Json:
    """By how many images it has: a definition stands in the papers, where an original's UID is a finding."""
    return {"has": {"of": "exam", "tests": [{"field": "instance_count", "min": len(images), "max": len(images)}]}}


def package(who: Person, made: str) -> dict[str, bytes]:
    content = who.call("GET", f"releases/{made}/package.zip").content
    with zipfile.ZipFile(io.BytesIO(content)) as zipped:
        return {name.split("/", 1)[-1]: zipped.read(name) for name in zipped.namelist()}


def images_of(files: dict[str, bytes]) -> list[Dataset]:
    return [pydicom.dcmread(io.BytesIO(files[name])) for name in sorted(files) if name.endswith(".dcm")]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = House(tmp_path_factory.mktemp("elsewhere"))
    project(house.s, "lung", terms="For the study alone.", uses=["research"])
    yield house
    if house.s.process:
        house.s.kill()


@pytest.fixture(scope="module")
def rita(house: House) -> Person:
    rita = Person(house.s, "rita", "researcher")
    call(house.s, "PUT", "/lung/members/rita", {"role": "member"}, 204)
    return rita


@pytest.fixture(scope="module")
def beate(house: House) -> Person:
    return Person(house.s, "beate", "broker")


def test_an_exam_in_a_pacs_is_told_counted_and_fetched_in_its_hours(house: House, rita: Person, beate: Person) -> None:
    s = house.s
    s.stow(*map(encoded, exam(2, patient="HERE", name="Here^Hanna")))
    theirs, known = exam(4, patient="AWAY", name="Away^Anna"), exam(3, patient="HERE", name="Here^Hanna")
    with house.pacs() as pacs:
        for image in theirs + known:
            pacs.store(encoded(image))
        where = ("--host", "127.0.0.1", "--port", str(pacs.dicom_port))
        s.add_peer("pacs", orthanc.TITLE, *where, may=("store",))
        assert s.json("/api/v1/peers/pacs/terms")["terms"]["indexFrom"] is None
        terms(s)
        assert told(s, 2)["notHere"] == 2

        # They are facts of their patients, and nothing that is shown as held.
        assert counted(s, held(0)) == (2, 2) and counted(s, held(1))[0] == 1
        both = {"all": [held(0), held(1)]}
        assert counted(s, both)[0] == 1, "the exam in the PACS and the one here are of one patient"
        assert (
            counted(
                s, held(0, tests=[{"field": "modalities", "anyOf": ["CT"]}, {"field": "instance_count", "min": 4}])
            )[0]
            == 1
        )
        assert s.find("/studies", PatientID="AWAY") == []
        assert len(s.find("/studies", PatientID="HERE")) == 1

        of = frozen(rita, SOME)
        closed = datetime.datetime.now() + datetime.timedelta(hours=2)
        until = closed + datetime.timedelta(hours=1)
        told_now = terms(s, hours=f"{closed:%H:%M}-{until:%H:%M}")
        assert told_now["opensAt"] is not None
        made = asked(rita, of, forms=["dicom", "tables"])
        beate.decide(made)
        waits = soon(lambda: beate.release(made), lambda told: (told["fetching"] or {}).get("missing"), seconds=60)
        (missing,) = waits["fetching"]["missing"]
        assert waits["state"] == "making" and (missing["peer"], missing["count"]) == ("pacs", 2), waits["fetching"]
        assert "hours" in missing["why"] and missing["until"] is not None and missing["waits"]
        assert "it goes on at" in waits["progress"]["says"], waits["progress"]
        # Who asked learns how many, not where from.
        assert rita.release(made)["fetching"]["missing"] == [] and rita.release(made)["fetching"]["wanted"] == 2
        rita.call("POST", f"releases/{made}/without", status=403)
        assert "2 exams in pacs" in s.printed("release", "show", made)

        # In its hours it is fetched, and the package made.
        s.printed("peer", "terms", "pacs", "--any-time")
        done = ready(rita, made)
    assert done["fetching"]["here"] == 2 and done["missing"] == [], done
    assert (done["package"]["exams"], done["package"]["instances"]) == (2, 7)
    files = package(rita, made)
    found = images_of(files)
    assert len(found) == 7 and not {"AWAY", "HERE"} & {str(image.PatientID) for image in found}
    plain = {bytes(image.PixelData) for image in theirs + known}
    assert {bytes(image.PixelData) for image in found} == plain
    tables = {name for name in files if name.endswith("exam.csv")}
    assert tables and "held" not in files[tables.pop()].decode().splitlines()[0].split(",")
    # What came is ours now, under our number; the PACS still says that it has it.
    caught_up(s)
    assert counted(s, held(0)) == (0, 0) and counted(s, held(1)) == (2, 3)
    assert s.json("/api/v1/peers/pacs/terms") | {"exams": 2, "notHere": 0} == s.json("/api/v1/peers/pacs/terms")


def test_when_the_hours_end_what_is_on_its_way_stops_and_goes_on_later(
    house: House, rita: Person, beate: Person
) -> None:
    s, study = house.s, generate_uid()
    wide = [
        instance(patient="WIDE", name="Wide^Wilma", study=study, series=series, number=number)
        for series in (generate_uid(), generate_uid(), generate_uid())
        for number in (1, 2, 3, 4)
    ]
    with house.pacs() as pacs:
        for image in wide:
            pacs.store(encoded(image))
        # A rate that leaves time: series by series, four seconds for each.
        terms(s, indexFrom="2025-12-29", instancesPerSecond=1)
        soon(lambda: counted(s, only(wide)), lambda found: found == (1, 1), seconds=60)
        made = asked(rita, frozen(rita, only(wide)), forms=["dicom"])
        beate.decide(made)
        mine = lambda: [one for one in s.json("/api/v1/transfers")["transfers"] if one["studyInstanceUid"] == study]  # noqa: E731
        soon(mine, lambda found: any(one["state"] == "running" and one["completed"] >= 4 for one in found), seconds=60)
        later = datetime.datetime.now() + datetime.timedelta(hours=2)
        hours = f"{later:%H:%M}-{later + datetime.timedelta(hours=1):%H:%M}"
        terms(s, indexFrom="2025-12-29", instancesPerSecond=1, hours=hours)
        (stopped,) = soon(mine, lambda found: [one["state"] for one in found] == ["cancelled"], seconds=60)
        assert 4 <= stopped["completed"] < 12, stopped
        closed = lambda told: any("hours" in one["why"] for one in told["fetching"]["missing"])  # noqa: E731
        soon(lambda: beate.release(made), closed, seconds=60)
        terms(s, indexFrom="2025-12-29")
        done = ready(rita, made)
    assert done["missing"] == [] and done["package"]["instances"] == 12, done
    again, first = mine()
    assert (first["state"], again["state"], again["failed"]) == ("cancelled", "done", 0), (first, again)


def test_a_pacs_that_is_off_is_told_and_tried_again_or_left_out(house: House, rita: Person, beate: Person) -> None:
    s = house.s
    late, lost = exam(8, patient="LATE", name="Late^Laura"), exam(9, patient="LOST", name="Lost^Lisa")
    with house.pacs() as pacs:
        for image in late + lost:
            pacs.store(encoded(image))
        # An earlier day than before: it is asked again from there.
        terms(s, indexFrom="2025-12-28")
        assert told(s, 5)["notHere"] == 2
        of = frozen(rita, {"any": [only(late), only(lost)]})
    made = asked(rita, of, forms=["dicom"])
    beate.decide(made)

    def unreachable(told: Json) -> bool:
        missing = (told["fetching"] or {"missing": []})["missing"]
        return any("reached" in one["why"] for one in missing) and sum(one["count"] for one in missing) == 2

    soon(lambda: beate.release(made), unreachable, seconds=60)
    # Killed half-way, it goes on.
    s.kill()
    s.start()
    soon(lambda: beate.release(made), unreachable, seconds=60)
    with house.pacs() as pacs:
        for one in pacs.find("Instance", PatientID="LOST"):
            pacs.delete(one)
        # One comes; the other the PACS has no more: that is told, and not waited for.
        done = ready(rita, made)
    assert (done["fetching"]["here"], done["fetching"]["wanted"]) == (1, 2), done["fetching"]
    (missing,) = done["missing"]
    assert (missing["what"], missing["count"]) == ("exam", 1) and "still in a PACS" in missing["why"], missing
    assert "pacs" not in missing["why"]
    files = package(rita, made)
    assert len(images_of(files)) == len(late)
    assert missing["why"] in next(files[name].decode() for name in files if "README" in name)
    assert missing["why"] in json.dumps(
        json.loads(next(files[name] for name in files if name.endswith("manifest.json")))
    )


def test_who_decides_has_it_made_without(house: House, rita: Person, beate: Person) -> None:
    s = house.s
    gone = exam(10, patient="GONE", name="Gone^Gisela")
    here = s.find("/studies", PatientID="HERE")
    least = min(int(one["00201208"]["Value"][0]) for one in here)
    with house.pacs() as pacs:
        for image in gone:
            pacs.store(encoded(image))
        terms(s, indexFrom="2025-12-27")
        soon(lambda: counted(s, only(gone)), lambda found: found == (1, 1), seconds=60)
        known = held(1, tests=[{"field": "instance_count", "max": least}])
        of = frozen(rita, {"any": [only(gone), known]})
    made = asked(rita, of, forms=["dicom"])
    beate.call("POST", f"releases/{made}/without", status=409)
    beate.decide(made)
    look = lambda: (beate.release(made)["fetching"] or {"missing": []})["missing"]  # noqa: E731
    soon(look, lambda missing: any(one["waits"] for one in missing), seconds=60)
    s.printed("release", "without", made)
    done = ready(rita, made)
    assert done["package"]["exams"] == 1 and done["fetching"]["without"], done["fetching"]
    (missing,) = done["missing"]
    assert missing["what"] == "exam" and "without" in missing["why"], missing
    transfers = s.json("/api/v1/transfers")["transfers"]
    assert all(one["state"] in ("done", "failed", "cancelled") for one in transfers), transfers


def test_terms_are_refused_with_what_to_write(house: House) -> None:
    s = house.s
    for wrong, says in (
        ({"hours": "8-9"}, "20:00-06:00"),
        ({"indexFrom": "1.2.2020"}, "2020-01-31"),
        ({"instancesPerSecond": 0}, "1 to 10000"),
    ):
        answer = s.http.put(
            f"{s.url}/api/v1/peers/pacs/terms", json={"indexFrom": None, "hours": None} | wrong, timeout=60
        )
        assert answer.status_code == 400 and says in answer.json()["detail"], answer.text
    assert s.get("/api/v1/peers/nobody/terms").status_code == 404
    s.printed("peer", "terms", "pacs", "--no-index")
    caught_up(s)
    assert s.json("/api/v1/peers/pacs/terms")["exams"] == 0 and counted(s, held(0)) == (0, 0)
    assert s.post("/api/v1/peers/pacs/look").status_code == 409
