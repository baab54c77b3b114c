"""Two at once: commands and servers on one data folder, and senders of the same instance."""

from __future__ import annotations

import json
import subprocess
import threading
from pathlib import Path

import pytest

from isocenter import Isocenter, environment, running, soon
from samples import encoded, exam, instance, ready, write
from store import send_all
from test_full_disk import stowed


def begin(house: Isocenter, *arguments: str | Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        house.command(*arguments),
        cwd=house.folder,
        env=environment(house.settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(*processes: subprocess.Popen[str]) -> list[tuple[str, str]]:
    """What each said, all having succeeded."""
    said = [process.communicate(timeout=200) for process in processes]
    for process, (out, error) in zip(processes, said, strict=True):
        assert process.returncode == 0, f"{process.args}: {process.returncode}\n{out}\n{error}"
    return said


def test_a_second_server_is_refused(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        second = server.run("serve")
        assert second.returncode == 1 and "another Isocenter uses the data folder" in second.stderr, second.stderr
        assert server.json("/api/v1/system")["version"], "the first goes on"


def test_commands_without_a_server_take_turns(tmp_path: Path) -> None:
    """Two imports, a verification and a rebuild: the later ones say that they wait, and do all their work."""
    house = Isocenter(tmp_path)
    write(tmp_path / "a", exam(400, patient="A"))
    write(tmp_path / "b", exam(400, patient="B"))
    first = begin(house, "import", "a")
    soon(lambda: (house.data / "run/local.json").exists() or first.poll() is not None)
    others = [begin(house, *words) for words in (("import", "b"), ("verify",), ("rebuild",), ("import", "a"))]
    said = ended(first, *others)
    assert any("has the data folder" in error for _, error in said[1:])
    with running(tmp_path) as server:
        server.indexed(800)
        assert server.held() == 800 and not server.conflicts()
    assert json.loads(house.printed("verify", "--json"))["entries"] == 800


def test_a_server_is_refused_while_a_command_works(tmp_path: Path) -> None:
    house = Isocenter(tmp_path)
    write(tmp_path / "a", exam(1500))
    importing = begin(house, "import", "a")
    soon(lambda: (house.data / "run/local.json").exists())
    refused = house.run("serve")
    assert refused.returncode == 1 and "another Isocenter uses the data folder" in refused.stderr
    ended(importing)


def test_commands_work_beside_a_server(tmp_path: Path) -> None:
    """Imports of overlapping folders, verifications and rebuilds at once, all through the server."""
    with running(tmp_path) as server:
        write(tmp_path / "a", exam(200, patient="A"))
        write(tmp_path / "b", exam(200, patient="B"))
        both = ("import", "a", "b"), ("import", "b", "a")
        work = (*both, ("verify",), ("rebuild",), ("rebuild",), ("recompress",), ("verify", "--everywhere"))
        ended(*(begin(server, *words) for words in work))
        server.indexed(400)
        assert server.held() == 400 and not server.conflicts()
        assert "everything is whole" in server.printed("verify")


@pytest.mark.parametrize("times", range(3))
def test_the_same_instances_by_every_door_at_once(tmp_path: Path, times: int) -> None:
    """Each instance is stored once, whoever was first; the others hear that it is there. The C-STORE sender
    and the others send files that differ in nothing, since each is sent as it lies on disk."""
    with running(tmp_path) as server:
        images = exam(20, patient="SAME")
        write(tmp_path / "files", images)
        files = [ready(image) for image in images]
        wrong: list[str] = []

        def stow() -> None:
            wrong.extend(f"stow {status}" for file in files if (status := stowed(server, file)) != 200)

        def upload() -> None:
            begun = server.post("/api/v1/uploads", json={}).json()["id"]
            for file in files:
                where = f"{server.url}/api/v1/uploads/{begun}/files"
                answer = server.http.put(where, params={"path": file.sop_instance}, data=file.content, timeout=60)
                outcome = answer.json().get("outcome")
                wrong.extend([f"upload {outcome}"] if outcome not in ("stored", "alreadyHeld") else [])

        def imported() -> None:
            server.printed("import", "files", "--reread")

        doors = [threading.Thread(target=door) for door in (stow, upload, imported, stow, imported)]
        for door in doors:
            door.start()
        for door in doors:
            door.join(120)
        assert not wrong, wrong
        server.indexed(len(files))
        assert server.held() == len(files) and not server.conflicts()
        assert json.loads(server.printed("verify", "--json"))["entries"] == len(files)
        # By C-STORE the file meta information is ours, so the same data set is another file.
        for _, answer in send_all(server.dimse_port, files):
            assert answer is not None and answer.status in (0, 0xB007)
        server.stow(encoded(instance()))
