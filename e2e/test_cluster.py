"""A cluster of the real binary answers questions, and every question ends with the right answer while its executors are killed."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from isocenter import BINARY, Isocenter, environment, running, soon
from samples import SHARED

OMOP = SHARED / "data/omop/synthea27nj"
pytestmark = pytest.mark.skipif(not OMOP.is_dir(), reason=f"no samples in {OMOP}")
# One that is busy gives a sign every five seconds, later on a busy machine.
SILENCE = 8
KILLS = 20

# Long enough to be killed in the middle, in several steps.
LONG = """SELECT a.code, COUNT(*) AS n, MIN(b.day) AS day FROM observation a JOIN observation b ON a.patient = b.patient
AND a.day < b.day AND a.patient % 3 = 0 GROUP BY a.code ORDER BY n DESC, a.code LIMIT 20"""


def free() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@dataclass
class Cluster:
    """A scheduler and executors, processes of the real binary, beside the server whose facts they read."""

    folder: Path
    port: int = field(default_factory=free)
    processes: list[subprocess.Popen[str]] = field(default_factory=list)
    executors: list[subprocess.Popen[str]] = field(default_factory=list)

    def start(self, role: str) -> subprocess.Popen[str]:
        settings = {
            "cluster.listen": f"127.0.0.1:{self.port}",
            "cluster.scheduler": f"ballista://127.0.0.1:{self.port}",
            "cluster.executor_listen": f"127.0.0.1:{free()}",
            "cluster.executor_cores": "2",
            "cluster.silence_seconds": str(SILENCE),
        }
        log = (self.folder / f"{role}.log").open("a")
        command = [str(BINARY), "serve", "--roles", role]
        # Frames of debug builds are large, and executors have threads of their own making.
        deep = environment(settings) | {"RUST_MIN_STACK": str(16 << 20)}
        process = subprocess.Popen(
            command, cwd=self.folder, env=deep, stdout=subprocess.PIPE, stderr=log, text=True
        )
        log.close()
        assert process.stdout and process.stdout.readline(), (self.folder / f"{role}.log").read_text()
        self.processes.append(process)
        return process

    def executor(self) -> None:
        self.executors.append(self.start("executor"))

    def kill(self) -> None:
        """Kills the executor that has lived longest, without warning, and starts another."""
        gone = self.executors.pop(0)
        gone.send_signal(signal.SIGKILL)
        gone.wait(30)
        self.executor()

    def end(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.kill()
                process.wait(30)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Isocenter, Cluster]]:
    folder = tmp_path_factory.mktemp("cluster")
    cluster = Cluster(folder)
    with running(folder) as s:
        omop = tmp_path_factory.mktemp("omop")
        for table in ("PERSON", "CONDITION_OCCURRENCE", "MEASUREMENT"):
            shutil.copy(OMOP / f"{table}.csv", omop)
        s.printed("records", "import", "--system", "https://hospital.example/omop", omop)
        soon(lambda: s.json("/api/v1/records/summary")["busy"], lambda busy: not busy, seconds=300)
        soon(lambda: s.json("/api/v1/cohort-language"), lambda told: not told["behind"] and told["facts"] > 0, seconds=120)
        try:
            yield s, cluster
        finally:
            cluster.end()


def ask(s: Isocenter, statement: str) -> object:
    answer = s.post("/api/v1/sql", json={"statement": statement})
    assert answer.status_code == 200, answer.text
    return answer.json()


def count(s: Isocenter) -> object:
    code = {"field": "code", "anyOf": [CODES[0]]}
    definition = {"language": 1, "patients": {"has": {"of": "condition", "tests": [code]}}}
    answer = s.post("/api/v1/cohort-counts", json={"definition": definition, "facets": True})
    assert answer.status_code == 200, answer.text
    return {key: value for key, value in answer.json().items() if key != "tookMs"}


CODES: list[str] = []


# Each loss is a wait for its silence, and a question that is asked afresh.
@pytest.mark.timeout(900)
def test_every_question_ends_with_the_right_answer_while_executors_are_killed(both: tuple[Isocenter, Cluster]) -> None:
    s, cluster = both
    CODES[:] = [str(row["code"]) for row in ask(s, "SELECT code, COUNT(*) FROM condition GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1")]  # type: ignore[attr-defined]
    right, counted = ask(s, LONG), count(s)
    s.stop()
    s.settings["facts.engine"] = f"ballista://127.0.0.1:{cluster.port}"
    s.start()
    lost = s.post("/api/v1/sql", json={"statement": "SELECT COUNT(*) FROM patient"})
    assert lost.status_code == 503 and "--roles scheduler" in lost.json()["detail"]
    cluster.start("scheduler")
    for _ in range(3):
        cluster.executor()
    assert count(s) == counted, "cohorts and their facets"
    begun = time.monotonic()
    assert ask(s, LONG) == right
    long = time.monotonic() - begun
    kills = 0
    with ThreadPoolExecutor() as pool:
        while kills < KILLS:
            asked = [pool.submit(ask, s, LONG), pool.submit(count, s)]
            # All that began with it die, and one of those that came for them, at other moments of the question each time.
            for part in (0.2 + kills % 5 * 0.1, 0.2, 0.1, 0.1):
                time.sleep(long * part)
                cluster.kill()
                kills += 1
            assert asked[0].result() == right and asked[1].result() == counted
    assert not list((s.data / "facts/kept").glob("[0-9a-f]*.parquet")), "nothing that was kept for a question is left"


def test_roles_stay_on_this_machine(tmp_path: Path) -> None:
    for role, key in [("scheduler", "cluster.listen"), ("executor", "cluster.executor_listen")]:
        refused = Isocenter(tmp_path, {key: "0.0.0.0:0"}).run("serve", "--roles", role)
        assert refused.returncode != 0 and "no accounts" in refused.stderr
    refused = Isocenter(tmp_path, {"facts.engine": "ballista://10.1.2.3:50050"}).run("serve")
    assert refused.returncode != 0 and "loopback" in refused.stderr
