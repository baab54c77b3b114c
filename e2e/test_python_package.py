"""The Python package, in processes of its own, because its name is that of a module here: its own tests, and a whole
trip against the real server."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from isocenter import running
from projects import call
from test_release import IMAGES, Person, filled, ready

PACKAGE = Path(__file__).parents[1] / "python"


def test_the_python_package_passes_its_tests() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--no-header", PACKAGE / "tests", "-c", PACKAGE / "pyproject.toml"],
        cwd=PACKAGE,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert " passed" in run.stdout


ASKING = """
import json, sys
from isocenter import Client, NotReadyError

client = Client()
definition = {"language": 1, "patients": {"has": {"of": "exam"}}}
told = {"patients": str(client.count(definition).patients)}
[kept] = client.cohorts()
frozen = kept.freeze()
release = frozen.ask(
    project="lung", purpose="To train a detector", expires="2099-12-31", ethics="EK 1", accept_terms=True,
    recipients=[{"name": "Nora", "email": "nora", "institution": "Uni"}], ethics_document=sys.argv[1],
)
try:
    client.cohort(frozen.id).pull("nothing")
except NotReadyError as error:
    told["waits"] = str(error)
print(json.dumps({**told, "release": release.id, "frozen": frozen.id}))
"""

PULLING = """
import json, sys
import pydicom
from isocenter import Client

dataset = Client().cohort(sys.argv[1]).pull(sys.argv[2])
again = Client().cohort(sys.argv[1]).pull(sys.argv[2])
image = next(one for one in dataset.series if len(one) > 1)
sample = dataset[dataset.series.index(image)]
print(json.dumps({
    "files": again.verify(), "series": len(dataset),
    "shape": sample.volume.shape, "slices": len(image), "subject": image.subject,
    "patient": str(sample.header.PatientID), "spacing": sample.spacing[0],
    "rows": len(dataset.tables["exam"]), "subjects": sorted(set(dataset.tables["exam"]["subject"])),
    "citation": dataset.citation,
}))
"""


def run_python(code: str, person: Person, *arguments: str | Path) -> dict[str, object]:
    token = person.http.headers["authorization"].removeprefix("Bearer ")
    run = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=PACKAGE,
        env={"PYTHONPATH": str(PACKAGE / "src"), "ISOCENTER_URL": person.s.url, "ISOCENTER_TOKEN": token},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return json.loads(run.stdout)


@pytest.mark.skipif(not IMAGES.is_dir(), reason=f"no samples in {IMAGES}")
def test_a_trip_from_python_ends_with_checked_volumes_and_tables(tmp_path: Path) -> None:
    vote = tmp_path / "vote.txt"
    vote.write_text("Approved.")
    with running(tmp_path / "server") as s:
        filled(s)
        rita, beate = Person(s, "rita", "researcher"), Person(s, "beate", "broker")
        call(s, "PUT", "/lung/members/rita", {"role": "member"}, 204)
        definition = {"language": 1, "patients": {"has": {"of": "exam"}}}
        rita.call("POST", "cohorts", {"name": "Everybody", "definition": definition}, 201)
        told = run_python(ASKING, rita, vote)
        assert "waits for somebody other than rita" in str(told["waits"])
        made = str(told["release"])
        assert rita.release(made)["ethics"] == {"reference": "EK 1", "document": True}
        beate.decide(made)
        package = ready(rita, made)["package"]
        pulled = run_python(PULLING, rita, str(told["frozen"]), tmp_path / "pulled")
        assert pulled["files"] == package["files"] - 1
        assert (pulled["series"], pulled["rows"]) == (package["series"], package["exams"])
        assert pulled["patient"] == pulled["subject"] and pulled["subject"] in pulled["subjects"]
        shape = pulled["shape"]
        assert isinstance(shape, list) and pulled["slices"] in shape
        assert made in str(pulled["citation"]) and package["digest"] in str(pulled["citation"])
