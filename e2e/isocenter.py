"""The real binary `isocenter`: a server on free ports with a folder of its own, and its commands."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import requests

ROOT = Path(__file__).resolve().parent.parent
BINARY = Path(os.environ.get("ISOCENTER_BIN", ROOT / "target/debug/isocenter")).absolute()
AE_TITLE = "ISOCENTER"
AS_RECEIVED = 'multipart/related; type="application/dicom"; transfer-syntax=*'

Json = Any
T = TypeVar("T")


def soon(look: Callable[[], T], good: Callable[[T], bool] = bool, seconds: float = 30) -> T:
    """Looks until what is seen is good; fails with what was seen last."""
    end = time.monotonic() + seconds
    while True:
        seen = look()
        if good(seen):
            return seen
        assert time.monotonic() < end, f"still {str(seen)[:2000]} after {seconds} s"
        time.sleep(0.05)


def environment(settings: dict[str, str] | None = None) -> dict[str, str]:
    """Nothing of whoever runs the tests; listening on free ports of this machine."""
    clean = {"PATH": os.environ["PATH"], "USER": "tester", "HOME": "/nonexistent"}
    ports = {"ISOCENTER_HTTP__LISTEN": "127.0.0.1:0", "ISOCENTER_DIMSE__LISTEN": "127.0.0.1:0"}
    # One client is all of the clients here.
    limits = {"ISOCENTER_LIMITS__REQUESTS_PER_SECOND": "0"}
    given = {f"ISOCENTER_{key.upper().replace('.', '__')}": value for key, value in (settings or {}).items()}
    return clean | ports | limits | given


@dataclass
class Isocenter:
    """A data folder; a server runs on it between `start` and `stop` or `kill`."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    url: str = ""
    dimse_port: int = 0
    tls_port: int = 0
    hl7_port: int = 0
    hl7_tls_port: int = 0
    flight: str = ""
    sign_in_link: str | None = None
    process: subprocess.Popen[str] | None = None
    http: requests.Session = field(default_factory=requests.Session)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    # The command line

    def command(self, *arguments: str | Path) -> list[str]:
        return [str(BINARY), *map(str, arguments)]

    def run(self, *arguments: str | Path, text: str | None = None) -> subprocess.CompletedProcess[str]:
        """Runs a command whatever its exit status."""
        return subprocess.run(
            self.command(*arguments),
            cwd=self.folder,
            env=environment(self.settings),
            input=text if text is not None else "",
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def printed(self, *arguments: str | Path, text: str | None = None) -> str:
        """What a command prints when it succeeds."""
        done = self.run(*arguments, text=text)
        assert done.returncode == 0, f"{arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    # The server

    def start(self) -> Isocenter:
        log = (self.folder / "server.log").open("a")
        self.process = subprocess.Popen(
            self.command("serve"),
            cwd=self.folder,
            env=environment(self.settings),
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        log.close()
        self._read_announcement()
        return self

    def _read_announcement(self) -> None:
        assert self.process and self.process.stdout
        self.tls_port, self.sign_in_link = 0, None
        for line in self.process.stdout:
            if found := re.match(r"Isocenter is ready at (\S+)", line):
                self.url = found[1]
            elif found := re.match(r"DICOM peers call \S+ at \S+:(\d+)( with TLS)?", line):
                if found[2]:
                    self.tls_port = int(found[1])
                else:
                    self.dimse_port = int(found[1])
            elif found := re.match(r"HL7 messages are sent to \S+:(\d+)( with TLS)?", line):
                if found[2]:
                    self.hl7_tls_port = int(found[1])
                else:
                    self.hl7_port = int(found[1])
            elif found := re.match(r"Flight SQL is at (\S+)", line):
                self.flight = found[1]
            else:
                self.sign_in_link = line.split()[-1] if "/auth/link/" in line else None
                return
        raise AssertionError(f"it does not start: {self.log()[-3000:]}")

    def log(self) -> str:
        return (self.folder / "server.log").read_text()

    def kill(self) -> None:
        """Kills the server: no warning, nothing is finished."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        assert self._end(signal.SIGTERM) == 0, self.log()[-3000:]

    def _end(self, how: signal.Signals) -> int:
        process, self.process = self.process, None
        assert process and process.poll() is None, f"it has ended by itself: {self.log()[-3000:]}"
        process.send_signal(how)
        code = process.wait(60)
        assert process.stdout
        process.stdout.close()
        return code

    # Its doors

    def sign_in(self, account: str = "bob", *roles: str) -> Isocenter:
        """Makes an account and a token for it, which `http` presents from now on."""
        given = [word for role in roles or ("admin", "broker") for word in ("--role", role)]
        self.printed("user", "add", account, *given)
        self.http.headers["authorization"] = f"Bearer {self.token(account)}"
        return self

    def token(self, account: str) -> str:
        return self.printed("user", "token", account, "--label", "e2e").strip()

    def get(self, path: str, **more: Any) -> requests.Response:
        return self.http.get(self.url + path, timeout=120, **more)

    def post(self, path: str, **more: Any) -> requests.Response:
        return self.http.post(self.url + path, timeout=120, **more)

    def json(self, path: str, **more: Any) -> Json:
        """The JSON of a successful answer."""
        answer = self.get(path, headers={"accept": "application/json"}, **more)
        assert answer.ok, f"{path}: {answer.status_code} {answer.text[:500]}"
        return answer.json()

    def find(self, path: str, **parameters: Any) -> list[Json]:
        """A QIDO-RS search below /dicom-web; everything it finds."""
        accept = {"accept": "application/dicom+json"}
        found: list[Json] = []
        while True:
            page = self.get(f"/dicom-web{path}", params={"offset": len(found)} | parameters, headers=accept)
            assert page.ok, f"{path}: {page.status_code} {page.text[:500]}"
            items = page.json() if page.status_code == 200 else []
            found += items
            if not items or "limit" in parameters or "299" not in page.headers.get("warning", ""):
                return found

    def indexed(self, instances: int, seconds: float = 120) -> None:
        """Waits until so many instances can be found."""
        if instances:
            last = {"limit": 1, "offset": instances - 1}
            soon(lambda: self.find("/instances", **last), lambda found: len(found) == 1, seconds)

    def held(self) -> int:
        """How many instances can be found. The counts of /system may be half a minute old."""
        return len(self.find("/instances", includefield="SOPInstanceUID"))

    def quarantine(self) -> list[Json]:
        return list(self.pages("/api/v1/quarantine", "items"))

    def conflicts(self) -> list[Json]:
        return list(self.pages("/api/v1/conflicts", "conflicts"))

    def pages(self, path: str, key: str) -> Iterator[Json]:
        cursor: dict[str, Any] = {}
        while True:
            page = self.json(path, params=cursor)
            yield from page[key]
            if "nextCursor" not in page:
                return
            cursor = {"cursor": page["nextCursor"]}

    def original(self, study: str, series: str, instance: str) -> bytes | None:
        """A file as it was received; None where there is none."""
        path = f"/dicom-web/studies/{study}/series/{series}/instances/{instance}"
        answer = self.get(path, headers={"accept": "application/dicom; transfer-syntax=*"})
        if answer.status_code == 404:
            return None
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text[:500]}"
        return answer.content

    def stow(self, *files: bytes) -> None:
        """Stores files in one request, and waits until they are found."""
        kind, body = multipart(list(files))
        headers = {"content-type": kind, "accept": "application/dicom+json"}
        answer = self.post("/dicom-web/studies", data=body, headers=headers)
        assert answer.status_code == 200, f"{answer.status_code} {answer.text[:1000]}"
        stored = {item["00081155"]["Value"][0] for item in answer.json()["00081199"]["Value"]}
        for uids in batches(sorted(stored), 50):
            self._found(uids)

    def _found(self, uids: list[str]) -> None:
        named = {"SOPInstanceUID": ",".join(uids)}
        soon(lambda: self.find("/instances", **named), lambda found: len(found) == len(uids))

    def add_peer(self, name: str, title: str, *more: str, may: tuple[str, ...] = ()) -> None:
        """Enters a peer: one of this machine, if nothing else is said."""
        rights = [word for right in may for word in ("--may", right)]
        proof = () if {"--from", "--fingerprint"} & set(more) else ("--from", "127.0.0.0/8")
        self.printed("peer", "add", name, "--ae-title", title, *more, *proof, *rights)


def batches(items: list[str], size: int) -> list[list[str]]:
    return [items[at : at + size] for at in range(0, len(items), size)]


@contextmanager
def running(folder: Path, settings: dict[str, str] | None = None) -> Iterator[Isocenter]:
    """A server with the account bob signed in; killed at the end if it still runs."""
    folder.mkdir(parents=True, exist_ok=True)
    server = Isocenter(folder, settings or {}).start()
    try:
        yield server.sign_in()
        if server.process:
            server.stop()
    finally:
        if server.process:
            server.process.kill()
            server.process.wait()


def parts(answer: requests.Response) -> list[tuple[dict[str, str], bytes]]:
    """The parts of a multipart answer: headers and bytes."""
    found = re.search(r'boundary="?([^";]+)', answer.headers["content-type"])
    assert found, answer.headers["content-type"]
    mark = b"--" + found[1].encode()
    pieces = (b"\r\n" + answer.content).split(b"\r\n" + mark)
    assert pieces[-1].startswith(b"--"), "the last boundary is missing"
    return [part(piece) for piece in pieces[1:-1]]


def part(piece: bytes) -> tuple[dict[str, str], bytes]:
    head, content = piece.split(b"\r\n\r\n", 1)
    lines = (line.split(":", 1) for line in head.decode().strip().splitlines())
    return {name.strip().lower(): value.strip() for name, value in lines}, content


def multipart(files: list[bytes]) -> tuple[str, bytes]:
    """A STOW-RS body of files: its content type and bytes."""
    boundary = "e2e-5f0c7a"
    body = b"".join(
        b"--" + boundary.encode() + b"\r\nContent-Type: application/dicom\r\n\r\n" + one + b"\r\n" for one in files
    )
    kind = f'multipart/related; type="application/dicom"; boundary={boundary}'
    return kind, body + b"--" + boundary.encode() + b"--\r\n"
