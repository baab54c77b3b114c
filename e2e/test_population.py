"""An invented population: it goes on after a kill, keeps away from real patients, and is the same everywhere."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from isocenter import Isocenter, environment, running, soon

# Three buckets of facts.
MANY = ("demo", "--patients", "12000", "--pictured", "2", "--seed", "5")
FEW = ("demo", "--patients", "50", "--pictured", "1")

Json = Any


def begin(house: Isocenter) -> subprocess.Popen[str]:
    log = subprocess.PIPE
    command = house.command(*MANY)
    return subprocess.Popen(command, cwd=house.folder, env=environment(), stdout=log, stderr=log, text=True)


def asked(s: Isocenter, statement: str) -> list[Json]:
    answer = s.post("/api/v1/sql", json={"statement": statement})
    assert answer.status_code == 200, answer.text
    return answer.json()


def sums(s: Isocenter) -> list[Json]:
    """What would differ if a row were missing, there twice, or another."""
    tables = {
        "patient": "SUM(birth_year)",
        "exam": "SUM(day)",
        "series": "SUM(slice_thickness)",
        "finding": "SUM(size)",
        "condition": "COUNT(DISTINCT code)",
        "medication": "COUNT(DISTINCT patient)",
        "observation": "SUM(value)",
    }
    return [asked(s, f"SELECT COUNT(*) AS rows, ROUND({sum}, 3) AS sum FROM {name}") for name, sum in tables.items()]


def test_a_population_goes_on_after_a_kill_and_is_the_same_as_elsewhere(tmp_path: Path) -> None:
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    for folder in (whole, broken):
        folder.mkdir()
    begun = time.monotonic()
    assert "a population of 12000 patients is ready, 2 of them with images" in Isocenter(whole).printed(*MANY)
    took = time.monotonic() - begun
    house = Isocenter(broken)
    for how, after in ((signal.SIGKILL, 0.3), (signal.SIGINT, 0.5)):
        making = begin(house)
        time.sleep(took * after)
        assert making.poll() is None, "it is still at it"
        making.send_signal(how)
        making.communicate(timeout=60)
    assert "a population of 12000 patients is ready" in house.printed(*MANY)
    assert "everything is whole" in house.printed("verify")
    with running(whole) as one, running(broken) as other:
        assert sums(one) == sums(other)
        [people] = asked(other, "SELECT COUNT(*) AS people FROM patient")
        assert people["people"] == 12000, "those with images, too, and nobody twice"


def test_real_patients_and_invented_ones_do_not_meet_unless_told(tmp_path: Path) -> None:
    house = Isocenter(tmp_path)
    house.printed("demo", "--patient", "DEMO-0009")
    with running(tmp_path) as s:
        soon(lambda: s.json("/api/v1/cohort-language"), lambda told: told["facts"] > 0 and not told["behind"])
        refused = house.run(*FEW)
        assert refused.returncode != 0 and "holds patients already" in refused.stderr, refused.stderr
        assert s.json("/api/v1/cohort-language")["invented"] == 0
        house.printed(*FEW, "--among-others")
        assert s.json("/api/v1/cohort-language")["invented"] == 50
        assert asked(s, "SELECT COUNT(*) AS n FROM patient") == [{"n": 51}]
        # The same again, fewer, more, nobody: who has images stays, the others go.
        house.printed(*FEW)
        house.printed("demo", "--patients", "80", "--pictured", "1")
        assert asked(s, "SELECT COUNT(*) AS n FROM patient") == [{"n": 81}]
        assert "no invented population any more" in house.printed("demo", "--patients", "0")
        assert asked(s, "SELECT COUNT(*) AS n FROM patient") == [{"n": 2}]
        refused = house.run(*FEW)
        assert refused.returncode != 0, "the others are still there"


@pytest.mark.parametrize(
    ("population", "says"),
    [
        ({"patients": 10, "pictured": 11, "seed": 0}, "no more with pictures than patients"),
        ({"patients": -1, "pictured": 0, "seed": 0}, "0 to 100000000 patients"),
        ({"patients": 1, "pictured": 0, "seed": 0, "size": 3}, "Something does not belong there"),
    ],
)
def test_a_recipe_that_makes_no_sense_is_refused(house: Isocenter, population: Json, says: str) -> None:
    answer = house.http.put(f"{house.url}/api/v1/invented-population", json={"population": population}, timeout=60)
    assert answer.status_code in (400, 422) and says in answer.text, answer.text
    assert house.json("/api/v1/invented-population")["population"] is None


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Isocenter]:
    with running(tmp_path_factory.mktemp("recipes")) as s:
        yield s
