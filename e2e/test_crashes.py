"""Our own `kill -9`: nothing acknowledged is lost, nothing half-written is served."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest
import requests
from pydicom.uid import ExplicitVRLittleEndian
from pynetdicom.sop_class import CTImageStorage

import wire
from isocenter import Isocenter, multipart, running
from samples import Sent, exam, ready

SENDERS = 12


class Acknowledged:
    """What senders were told is safe."""

    def __init__(self) -> None:
        self.files: list[Sent] = []
        self.enough = threading.Event()

    def add(self, file: Sent, enough: int) -> None:
        self.files.append(file)
        if len(self.files) >= enough:
            self.enough.set()


async def send_until_it_dies(port: int, mine: list[Sent], told: Acknowledged, enough: int) -> None:
    caller = wire.Caller()
    try:
        await caller.open(port, wire.request(CTImageStorage, ExplicitVRLittleEndian))
        for file in mine:
            if await caller.store(file) == 0:
                told.add(file, enough)
    except (OSError, EOFError):
        pass


def c_store(server: Isocenter, files: list[Sent], told: Acknowledged, enough: int) -> None:
    async def all_of_them() -> None:
        parts = (files[number::SENDERS] for number in range(SENDERS))
        await asyncio.gather(*(send_until_it_dies(server.dimse_port, mine, told, enough) for mine in parts))

    asyncio.run(all_of_them())


def stow(server: Isocenter, files: list[Sent], told: Acknowledged, enough: int) -> None:
    for at in range(0, len(files), 5):
        few = files[at : at + 5]
        kind, body = multipart([file.content for file in few])
        try:
            answer = server.post("/dicom-web/studies", data=body, headers={"content-type": kind})
        except requests.RequestException:
            return
        if answer.status_code == 200:
            for file in few:
                told.add(file, enough)


def upload(server: Isocenter, files: list[Sent], told: Acknowledged, enough: int) -> None:
    try:
        where = f"{server.url}/api/v1/uploads/{server.post('/api/v1/uploads', json={}).json()['id']}/files"
        for file in files:
            answer = server.http.put(where, params={"path": file.sop_instance}, data=file.content, timeout=60)
            if answer.status_code == 200:
                told.add(file, enough)
    except requests.RequestException:
        return


@pytest.mark.parametrize("door", [c_store, stow, upload])
def test_nothing_acknowledged_is_lost(tmp_path: Path, door) -> None:
    """Killed while senders send, three times on one folder, after more and more of it."""
    acknowledged: list[Sent] = []
    sent: list[Sent] = []
    server = Isocenter(tmp_path).start().sign_in()
    for enough in (20, 60, 120):
        files = [ready(image) for image in exam(600, patient="CRASH")]
        told = Acknowledged()
        sender = threading.Thread(target=door, args=(server, files, told, enough))
        sender.start()
        assert told.enough.wait(60), f"only {len(told.files)} were acknowledged"
        server.kill()
        sender.join(60)
        acknowledged, sent = acknowledged + told.files, sent + files
        server.start()
        intact(server, acknowledged, sent)
    server.stop()
    assert "everything is whole" in server.printed("verify")


def intact(server: Isocenter, acknowledged: list[Sent], sent: list[Sent]) -> None:
    """Each acknowledged instance is there and whole; whatever else is there is whole too."""
    server.indexed(len(acknowledged))
    by_uid = {file.sop_instance: file for file in sent}
    found = {one["00080018"]["Value"][0] for one in server.find("/instances", PatientID="CRASH")}
    lost = {file.sop_instance for file in acknowledged} - found
    assert not lost, f"{len(lost)} of {len(acknowledged)} are lost"
    for uid in found:
        file = by_uid[uid]
        held = server.original(file.study, file.series, file.sop_instance)
        assert held is not None and held.endswith(file.data_set)
    assert not server.quarantine() and not server.conflicts()


def test_a_second_server_on_the_folder_is_refused(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        second = server.run("serve")
        assert second.returncode == 1 and second.stderr.startswith("error: "), second.stderr
