"""The programs that are measured, each started empty in a folder of its own and ended by its process id."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
BINARY = Path(os.environ.get("ISOCENTER_BIN", ROOT / "target/release/isocenter"))
SHIM = HERE / "out/loopback.so"
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
TREE = Path(os.environ.get("BENCH_ORTHANC", CACHE / "isocenter-bench/debian-13"))
# Debian's DCMTK, which Orthanc is built on, leaves Nagle's algorithm on unless told; that would
# cost it two stalls of 40 ms for each instance. It is measured at its best.
PROMPT = {"TCP_NODELAY": "1"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def soon(good: Callable[[], bool], what: str, seconds: float = 120, pause: float = 0.02) -> None:
    end = time.monotonic() + seconds
    while not good():
        if time.monotonic() > end:
            raise RuntimeError(f"{what}: not within {seconds} s")
        time.sleep(pause)


class Server:
    """Something that takes C-STORE on `port`."""

    name = ""
    title = ""

    def __init__(self, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.folder = folder
        self.port = free_port()
        self.process = self._start()

    def _start(self) -> subprocess.Popen[Any]:
        raise NotImplementedError

    def _run(self, command: list[str], environment: dict[str, str] | None = None) -> subprocess.Popen[Any]:
        log = (self.folder / "log").open("a")
        return subprocess.Popen(
            command,
            cwd=self.folder,
            env=os.environ | (environment or {}),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )

    @property
    def pid(self) -> int:
        return self.process.pid

    def settled(self, instances: int) -> None:
        """Waits until everything sent is stored and indexed."""

    def listens(self, port: int) -> bool:
        if self.process.poll() is not None:
            raise RuntimeError(f"{self.name} has ended: {(self.folder / 'log').read_text()[-2000:]}")
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class WebServer(Server):
    """It also speaks DICOMweb below `base`."""

    base = ""
    web_port = 0
    headers: dict[str, str] = {}

    def connection(self) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection("127.0.0.1", self.web_port, timeout=600)
        connection.connect()
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def get(self, connection: http.client.HTTPConnection, path: str, accept: str) -> bytes:
        connection.request("GET", self.base + path, headers=self.headers | {"Accept": accept})
        answer = connection.getresponse()
        body = answer.read()
        if answer.status not in (200, 204):
            raise RuntimeError(f"{self.name} {path}: {answer.status} {body[:300]!r}")
        return body

    def json(self, path: str, accept: str = "application/json") -> Any:
        connection = self.connection()
        body = self.get(connection, path, accept)
        connection.close()
        return json.loads(body or b"[]")


class Isocenter(WebServer):
    name, title, base = "isocenter", "ISOCENTER", "/dicom-web"
    settings: dict[str, str] = {}

    def __init__(self, folder: Path, data: Path | None = None) -> None:
        self.data = data
        super().__init__(folder)

    def _environment(self) -> dict[str, str]:
        settings = {
            "http.listen": "127.0.0.1:0",
            "dimse.listen": f"127.0.0.1:{self.port}",
            "dimse.loopback_may_query": "true",
            "dimse.loopback_may_retrieve": "true",
            "limits.requests_per_second": "0",
            "log.level": "warn",
        }
        given = {f"ISOCENTER_{key.upper().replace('.', '__')}": value for key, value in settings.items()}
        return given | ({"ISOCENTER_DATA": str(self.data)} if self.data else {})

    def command(self, *arguments: str) -> str:
        """What a command on this server's data folder prints."""
        done = subprocess.run(
            [str(BINARY), *arguments],
            cwd=self.folder,
            env=os.environ | self._environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"isocenter {' '.join(arguments)}: {done.stderr[-2000:]}")
        return done.stdout

    def _start(self) -> subprocess.Popen[Any]:
        process = self._run([str(BINARY), "serve"], self._environment())
        self.process = process
        log = self.folder / "log"
        soon(lambda: self.listens(self.port), "isocenter starts", 300)
        soon(lambda: "Isocenter is ready at" in log.read_text(), "isocenter starts", 300)
        found = re.search(r"Isocenter is ready at http://[^:]+:(\d+)", log.read_text())
        assert found
        self.web_port = int(found[1])
        self.command("user", "add", "bench", "--role", "admin", "--role", "broker")
        self.headers = {"Authorization": "Bearer " + self.command("user", "token", "bench", "--label", "bench").strip()}
        return process

    def counted(self) -> int:
        connection = self.connection()
        connection.request("GET", "/api/v1/system", headers=self.headers)
        body = json.loads(connection.getresponse().read())
        connection.close()
        return int(body["counts"]["instances"])

    def settled(self, instances: int) -> None:
        soon(lambda: self.counted() >= instances, "isocenter indexes", 300)

    def know_receiver(self, port: int) -> None:
        rights = [word for right in ("store", "query", "retrieve") for word in ("--may", right)]
        self.command("peer", "add", "bench", "--ae-title", "BENCH", "--host", "127.0.0.1", "--port", str(port), *rights)


class Orthanc(WebServer):
    """Orthanc 1.12 from Debian 13, as it comes: SQLite, files synced, DICOMweb."""

    name, title, base = "orthanc", "ORTHANC", "/dicom-web"

    def __init__(self, folder: Path, receiver: int = 0) -> None:
        self.web_port = free_port()
        self.receiver = receiver or free_port()
        super().__init__(folder)

    def _configuration(self) -> dict[str, Any]:
        plugins = TREE / "usr/share/orthanc/plugins"
        return {
            "StorageDirectory": str(self.folder / "storage"),
            "IndexDirectory": str(self.folder / "index"),
            "TemporaryDirectory": str(self.folder / "tmp"),
            "HttpPort": self.web_port,
            "DicomPort": self.port,
            "DicomAet": self.title,
            "RemoteAccessAllowed": False,
            "AuthenticationEnabled": False,
            "DicomAlwaysAllowFind": True,
            "DicomAlwaysAllowGet": True,
            "DicomAlwaysAllowMove": True,
            "DicomModalities": {"bench": ["BENCH", "127.0.0.1", self.receiver]},
            "Plugins": [str(plugins / "libOrthancDicomWeb.so"), str(plugins / "libOrthancGdcm.so")],
        }

    def _start(self) -> subprocess.Popen[Any]:
        for name in ("storage", "index", "tmp"):
            (self.folder / name).mkdir()
        (self.folder / "orthanc.json").write_text(json.dumps(self._configuration()))
        libraries = TREE / "usr/lib/x86_64-linux-gnu"
        path = ":".join(str(libraries / part) for part in ("", "blas", "lapack"))
        loader = [str(TREE / "lib64/ld-linux-x86-64.so.2"), "--preload", str(SHIM), "--library-path", path]
        program = [str(TREE / "usr/sbin/Orthanc"), str(self.folder / "orthanc.json")]
        names = ("dicom.dic", "private.dic")
        dictionaries = {"DCMDICTPATH": ":".join(str(TREE / "usr/share/dcmtk" / name) for name in names)}
        self.process = self._run(loader + program, PROMPT | dictionaries)
        soon(lambda: self.listens(self.web_port), "orthanc starts")
        soon(lambda: self.listens(self.port), "orthanc starts")
        return self.process

    def json_of(self, path: str) -> Any:
        connection = self.connection()
        connection.request("GET", path)
        body = json.loads(connection.getresponse().read())
        connection.close()
        return body

    def version(self) -> str:
        return str(self.json_of("/system")["Version"])

    def settled(self, instances: int) -> None:
        soon(lambda: self.json_of("/statistics")["CountInstances"] >= instances, "orthanc stores", 300)


class Storescp(Server):
    """DCMTK's receiver that writes the bytes as they come and indexes nothing."""

    name, title = "storescp +B", "STORESCP"

    def _start(self) -> subprocess.Popen[Any]:
        (self.folder / "files").mkdir()
        options = ["+B", "--fork", "-od", str(self.folder / "files"), "-aet", self.title, str(self.port)]
        self.process = self._run(["storescp", *options], PROMPT | {"LD_PRELOAD": str(SHIM)})
        soon(lambda: self.listens(self.port), "storescp starts")
        return self.process


class StaticFiles(Server):
    """nginx over a folder: what it costs to hand the same bytes out without looking at them."""

    name = "static files"

    def __init__(self, folder: Path, files: Path) -> None:
        self.files = files
        super().__init__(folder)

    def _start(self) -> subprocess.Popen[Any]:
        text = f"""
daemon off; worker_processes 2; pid {self.folder}/pid; error_log stderr;
user {os.environ.get("USER", "root")};
events {{ worker_connections 256; }}
http {{
  access_log off; sendfile on; tcp_nopush on; tcp_nodelay on; keepalive_requests 1000000;
  client_body_temp_path {self.folder}/t1; proxy_temp_path {self.folder}/t2; fastcgi_temp_path {self.folder}/t3;
  uwsgi_temp_path {self.folder}/t4; scgi_temp_path {self.folder}/t5;
  default_type application/dicom;
  server {{ listen 127.0.0.1:{self.port}; root {self.files}; }}
}}
"""
        if os.getuid():
            text = re.sub(r"^user .*\n", "", text, flags=re.M)
        (self.folder / "nginx.conf").write_text(text)
        nginx = shutil.which("nginx") or "/usr/sbin/nginx"
        self.process = self._run([nginx, "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")])
        soon(lambda: self.listens(self.port), "nginx starts")
        return self.process


class Postgres:
    """A private server with room to work in, ended with its block."""

    # A server that has a third of a machine like this one, and no waiting for the disk.
    OPTIONS = {
        "listen_addresses": "''",
        "shared_buffers": "2GB",
        "work_mem": "512MB",
        "maintenance_work_mem": "1GB",
        "effective_cache_size": "8GB",
        "max_parallel_workers_per_gather": "2",
        "random_page_cost": "1.1",
        "fsync": "off",
    }

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __enter__(self) -> Postgres:
        programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
        if not programs:
            raise RuntimeError("PostgreSQL is not installed: scripts/tools test")
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres")
        self._own(programs[-1], "initdb", "--no-sync", "--auth=trust", "--username=bench", "--locale=C", "--encoding=UTF8")
        options = " ".join(f"-c {key}={value}" for key, value in self.OPTIONS.items())
        self._own(programs[-1], "pg_ctl", "--wait", "--log", str(self.folder / "log"), "-o", f"-k {self.folder} {options}", "start")
        self.stop = lambda: self._own(programs[-1], "pg_ctl", "--mode=immediate", "stop")
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _own(self, programs: Path, program: str, *options: str) -> None:
        # PostgreSQL refuses to run as root.
        user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        command = [*user, str(programs / program), "-D", str(self.folder / "data"), *options]
        subprocess.run(command, cwd="/", check=True, stdout=subprocess.DEVNULL)

    def run(self, sql: str, source: IO[bytes] | None = None) -> str:
        """Runs a statement; gives its rows as text."""
        return self._psql([sql], source)

    def timed(self, statements: list[str]) -> tuple[list[int], float]:
        """Counts, and the seconds that the server took for them by its own word."""
        lines = self._psql([r"\timing on", *statements]).splitlines()
        times = [line for line in lines if line.startswith("Time: ")]
        return [int(line) for line in lines if line.isdigit()], sum(float(line.split()[1]) for line in times) / 1000

    def _psql(self, commands: list[str], source: IO[bytes] | None = None) -> str:
        given = [word for command in commands for word in ("-c", command)]
        client = ["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-h", str(self.folder), "-U", "bench", "-d", "postgres", *given]
        done = subprocess.run(client, stdin=source or subprocess.DEVNULL, capture_output=True)
        if done.returncode != 0:
            raise RuntimeError(done.stderr.decode()[-2000:])
        return done.stdout.decode()
