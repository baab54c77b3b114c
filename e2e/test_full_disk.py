"""A full disk, at every moment: senders hear of it, nothing half-written is served, and with room made
everything goes on by itself. A disk is a small tmpfs; filling it takes a file beside the data."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from pydicom.uid import generate_uid

from backends import private_postgres
from isocenter import Isocenter, multipart, running, soon
from samples import Sent, encoded, exam, instance, ready
from store import send_all


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A disk of its own; the test is skipped where it can't be made."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "e2e", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("a small disk can't be mounted here (that needs root)")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


class Ballast:
    """A file that takes all the room but some."""

    def __init__(self, disk: Path) -> None:
        self.file = disk / "ballast"

    def leave(self, kilobytes: int) -> None:
        """The server may take room at the same time, so it is tried until it fits."""
        self.file.unlink(missing_ok=True)
        with self.file.open("wb") as file:
            for _ in range(1000):
                room = os.statvfs(self.file.parent)
                taken = room.f_bavail * room.f_frsize - (kilobytes << 10)
                if taken <= 0:
                    return
                with suppress(OSError):
                    os.posix_fallocate(file.fileno(), os.fstat(file.fileno()).st_size, taken)

    def drop(self) -> None:
        self.file.unlink()


def troubles(server: Isocenter) -> set[str]:
    """What the health probe says is wrong."""
    told = server.get("/readyz").text.removeprefix("not ready").removeprefix("ready")
    return set(told.split())


def told_everywhere(server: Isocenter, area: str) -> bool:
    """The probe, the metrics and the system's own description say the same."""
    system = {one["area"]: one["what"] for one in server.json("/api/v1/system")["troubles"]}
    gauges = dict(line.rsplit(" ", 1) for line in server.get("/metrics").text.splitlines() if line[0] != "#")
    gauge = "isocenter_disk_full" if area == "disk" else f"isocenter_{area}_failing"
    return system.keys() == troubles(server) == {area} and gauges[gauge] == "1" and len(system[area]) > 20


def log_is_cut(ledger: Path) -> bool:
    with closing(sqlite3.connect(ledger, timeout=1)) as connection:
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return busy == 0


def test_a_full_disk_is_told_at_every_door(tmp_path: Path) -> None:
    """Senders hear that it is full; what was acknowledged stays; with room made, it goes on."""
    settings = {"archive.reserve_bytes": str(8 << 20), "data": str(tmp_path / "disk/data")}
    with small_disk(tmp_path / "disk", 64) as disk, running(tmp_path / "house", settings) as server:
        ballast = disk / "ballast"
        ballast.write_bytes(bytes(36 << 20))
        files = [ready(image) for image in exam(40, patient="FULL", size=1000)]
        answers = [(file, answer) for file, answer in send_all(server.dimse_port, files) if answer]
        statuses = [answer.status for _, answer in answers]
        assert statuses[0] == 0 and statuses[-1] == 0xA700 and set(statuses) == {0, 0xA700}
        kept = [file for file, answer in answers if answer.status == 0]
        refused = next(file for file, answer in answers if answer.status)
        assert stowed(server, refused) == 507
        attach = server.post(
            "/api/v1/attachments", params={"subject": "project", "id": "p", "name": "a"}, data=refused.content
        )
        assert attach.status_code == 507
        (server.folder / "more.dcm").write_bytes(refused.content)
        full = server.run("import", "more.dcm")
        assert full.returncode == 4 and "full" in full.stderr, full.stderr
        server.indexed(len(kept))
        assert len(server.find("/instances", PatientID="FULL")) == len(kept)
        for file in kept:
            held = server.original(file.study, file.series, file.sop_instance)
            assert held is not None and held.endswith(file.data_set)
        ballast.unlink()
        assert stowed(server, refused) == 200
        server.indexed(len(kept) + 1)


def stowed(server: Isocenter, file: Sent) -> int:
    kind, body = multipart([file.content])
    return server.post("/dicom-web/studies", data=body, headers={"content-type": kind}).status_code


def test_a_large_object_that_does_not_fit(tmp_path: Path) -> None:
    """It goes to disk while it arrives; when the disk is full half-way its sender hears it, and nothing is left."""
    settings = {"archive.reserve_bytes": "0", "data": str(tmp_path / "disk/data"), "intake.memory_bytes": "16777216"}
    with small_disk(tmp_path / "disk", 64) as disk, running(tmp_path / "house", settings) as server:
        ballast = Ballast(disk)
        ballast.leave(20 << 10)
        large = ready(instance(patient="LARGE", size=3600))
        ((_, answer),) = send_all(server.dimse_port, [large])
        assert answer is not None and answer.status == 0xA700, answer
        assert stowed(server, large) == 507
        begun = server.post("/api/v1/uploads", json={}).json()["id"]
        where = f"{server.url}/api/v1/uploads/{begun}/files"
        assert server.http.put(where, params={"path": "a"}, data=large.content).status_code == 507
        to = {"subject": "project", "id": "p", "name": "a.bin"}
        assert server.post("/api/v1/attachments", params=to, data=large.content).status_code == 507
        assert told_everywhere(server, "disk")
        assert not list((disk / "data/archive/incoming").iterdir()), "what did not fit takes no room"
        assert not server.find("/instances", PatientID="LARGE")
        small = ready(instance(patient="SMALL"))
        assert stowed(server, small) == 200, "something small still fits"
        ballast.drop()
        assert stowed(server, large) == 200
        server.indexed(2)
        assert troubles(server) == set()


def test_sealing_and_keeping_on_a_full_disk(tmp_path: Path) -> None:
    """A segment that can't be sealed or copied is served as before, and is sealed and copied once there is room."""
    data, copy = tmp_path / "disk", tmp_path / "copy"
    settings = {
        "archive.reserve_bytes": "0",
        "archive.upkeep_seconds": "1",
        "archive.segment_bytes": str(1 << 20),
        "archive.second_copy": str(copy / "here"),
        "data": str(data / "data"),
        "store.ledger": f"sqlite://{tmp_path}/ledger.db",
    }
    with small_disk(data, 48) as disk, small_disk(copy, 48) as second, running(tmp_path / "house", settings) as server:
        here, there = Ballast(disk), Ballast(second)
        there.leave(0)
        images = exam(12, patient="SEAL", size=256)
        server.stow(*map(encoded, images))
        # One of them is sealed by then; a segment that has no room to be sealed would be told, too.
        soon(lambda: told_everywhere(server, "keeping"))
        here.leave(0)
        there.drop()
        soon(lambda: "keeping" not in troubles(server))
        served(server, images)
        assert stowed(server, ready(instance())) == 507
        here.drop()
        more = exam(12, patient="SEAL", size=256)
        server.stow(*map(encoded, more))
        soon(lambda: not troubles(server))
        assert '"done"' in server.post("/api/v1/archive/keep").text
        served(server, images + more)
        assert "everything is whole" in server.printed("verify", "--everywhere")


def served(server: Isocenter, images: list) -> None:
    for image in images:
        held = server.original(image.StudyInstanceUID, image.SeriesInstanceUID, image.SOPInstanceUID)
        assert held == encoded(image)


def test_recompressing_on_a_full_disk(tmp_path: Path) -> None:
    """There is no room for the smaller form: the original stays, and the attempt leaves nothing behind."""
    settings = {"archive.reserve_bytes": "0", "data": str(tmp_path / "disk/data")}
    with small_disk(tmp_path / "disk", 64) as disk, running(tmp_path / "house", settings) as server:
        images = exam(20, patient="SMALLER", size=512)
        server.stow(*map(encoded, images))
        assert '"done"' in server.post("/api/v1/archive/keep").text
        # Whoever follows writes to the same disk.
        soon(lambda: not server.json("/api/v1/records/summary")["busy"])
        soon(lambda: not server.json("/api/v1/cohort-language")["behind"])
        ballast = Ballast(disk)
        ballast.leave(300)
        failed = server.run("recompress")
        assert failed.returncode == 1 and "No space left" in failed.stderr, failed.stderr
        assert not list((disk / "data/archive/incoming").iterdir())
        served(server, images)
        ballast.drop()
        assert "20 files made smaller" in server.printed("recompress")
        served(server, images)


def test_rebuilding_on_a_full_disk(tmp_path: Path) -> None:
    """A rebuild that runs out of room says so; with room made, the indexer does the rest by itself."""
    settings = {"data": str(tmp_path / "data"), "store.ledger": f"sqlite://{tmp_path}/disk/ledger.db"}
    with small_disk(tmp_path / "disk", 24) as disk, running(tmp_path / "house", settings) as server:
        images = [instance(patient=f"R{number}", study=generate_uid(), size=8) for number in range(1500)]
        for at in range(0, len(images), 250):
            server.stow(*map(encoded, images[at : at + 250]))
        server.indexed(len(images))
        # SQLite writes its log over again; one as long as it once was would be room enough.
        soon(lambda: log_is_cut(disk / "ledger.db"))
        ballast = Ballast(disk)
        ballast.leave(200)
        failed = server.run("rebuild")
        assert failed.returncode == 1 and failed.stderr.startswith("error: "), (failed.stdout, failed.stderr)
        ballast.drop()
        server.indexed(len(images), 120)
        soon(lambda: not troubles(server))
        assert server.held() == len(images)


def test_the_ledgers_disk_is_full(tmp_path: Path) -> None:
    """SQLite on a disk of its own: what can't be audited is refused; with room made, all is found."""
    settings = {"data": str(tmp_path / "data"), "store.ledger": f"sqlite://{tmp_path}/disk/ledger.db"}
    with small_disk(tmp_path / "disk", 16) as disk, running(tmp_path / "house", settings) as server:
        the_ledger_fills_up(server, Ballast(disk))


def test_postgresqls_disk_is_full(tmp_path: Path) -> None:
    """The same with PostgreSQL, whose server refuses to write when its disk is full."""
    # PostgreSQL runs as another user, who may not look into the tests' own folder.
    with tempfile.TemporaryDirectory(prefix="isocenter-e2e-") as open_to_all:
        Path(open_to_all).chmod(0o755)
        with small_disk(Path(open_to_all) / "disk", 300) as disk, private_postgres(disk) as postgres:
            settings = {"store.ledger": postgres.database("full")}
            with running(tmp_path / "house", settings) as server:
                the_ledger_fills_up(server, Ballast(disk))


def the_ledger_fills_up(server: Isocenter, ballast: Ballast) -> None:
    acknowledged: list[Sent] = []

    def send(count: int) -> list[int]:
        files = [ready(image) for image in exam(count, patient="LEDGER", size=8)]
        statuses = []
        for file, answer in send_all(server.dimse_port, files):
            assert answer is not None
            statuses.append(answer.status)
            acknowledged.extend([file] if answer.status == 0 else [])
        return statuses

    assert set(send(5)) == {0}
    ballast.leave(0)
    # What is archived can be acknowledged; what can't be audited or indexed shows.
    for _ in range(20):
        statuses = set(send(40))
        assert statuses <= {0, 0xA700}
        if wrong := troubles(server):
            break
    else:
        pytest.fail("it never ran out of room")
    assert wrong <= {"audit", "indexing", "routing", "projects", "records"}, "whatever writes to the ledger"
    refused = ready(instance())
    if "audit" in wrong:
        assert set(send(5)) == {0xA700} and stowed(server, refused) >= 500
        assert server.get("/readyz").status_code == 503
    ballast.drop()
    soon(lambda: not troubles(server))
    assert server.get("/readyz").status_code == 200
    assert set(send(5)) == {0}
    assert stowed(server, refused) == 200
    server.indexed(len(acknowledged) + 1)
    found = {one["00080018"]["Value"][0] for one in server.find("/instances", PatientID="LEDGER")}
    assert {file.sop_instance for file in acknowledged} <= found
    assert "the chain is whole" in server.printed("audit", "verify")
