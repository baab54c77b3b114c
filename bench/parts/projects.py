"""Projects: the same exam through the privacy wall and from the archive, in turns. Everything on tmpfs."""

from __future__ import annotations

import json

from measure import median
from report import Report
from samples import Bench, send
from servers import Isocenter

from parts.retrieve import AS_STORED, JSON, bearer, exam_url, fetch

PROJECT = "bench"


class Project(Isocenter):
    """The server's other door: the same process, the project's DICOMweb service."""

    base = f"/{PROJECT}/dicomweb"

    def __init__(self, ours: Isocenter) -> None:
        self.web_port, self.headers = ours.web_port, ours.headers


def run(bench: Bench, report: Report) -> None:
    # More than is kept of what was made lately, so that every file passes the wall each time.
    sizes = {"64²": bench.files("many", bench.scaled(12_000), 64, series=1000, exam=12)}
    sizes["512²"] = bench.files("large", bench.scaled(500), 512, series=100, exam=5)
    with Isocenter(bench.memory / "server") as ours:
        sent = send(ours, [samples.folder for samples in sizes.values()], 4)
        ours.settled(sent["instances"])
        ours.command("project", "create", PROJECT, "--title", "Bench", "--policy", "public-sharing")
        ours.command("project", "enrol", PROJECT, "--all")
        print(ours.command("project", "show", PROJECT, "--wait").strip())
        report.part("WADO-RS of an exam, tmpfs (MB/s): a project's door and the archive's")
        project = Project(ours)
        for name, samples in sizes.items():
            count = len(samples.all())
            doors = [(door, exam_of(door, count)) for door in (ours, project)]
            rates: list[list[float]] = [[], []]
            for _ in range(bench.rounds + 1):
                for found, (door, exam) in zip(rates, doors, strict=True):
                    accept = [f"Accept: {AS_STORED}", *bearer(door)]
                    seconds, length = fetch(door, [exam_url(door, exam)], *accept)
                    found.append(length / seconds / 1e6)
            archive, wall = (median(found[1:]) for found in rates)
            report.at_least(f"{name}: project / archive", wall / archive, "x", 0.8, project=wall, archive=archive)


def exam_of(door: Isocenter, instances: int) -> str:
    """The Study Instance UID of the exam with so many instances, as a door names it."""
    connection = door.connection()
    found = json.loads(door.get(connection, "/studies?includefield=00201208", JSON))
    connection.close()
    return next(str(exam["0020000D"]["Value"][0]) for exam in found if exam["00201208"]["Value"][0] == instances)
