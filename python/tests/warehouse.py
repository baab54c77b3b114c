"""A small server on this machine that answers as the warehouse does, and can be told to fail."""

from __future__ import annotations

import hashlib
import io
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

import pyarrow as pa

TOKEN = "iso_test"


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def counted(value: int) -> dict[str, Any]:
    return {"count": value, "protection": "exact"}


FROZEN = {
    "id": "f00d",
    "version": 2,
    "facts": 7,
    "digest": "d" * 64,
    "patients": counted(3),
    "exams": {"fewerThan": 5, "protection": "small"},
    "madeBy": "ann",
    "madeAt": "2026-11-01T10:00:00Z",
}
KEPT = {
    "id": "c0de",
    "name": "Nodules",
    "about": "",
    "owner": "ann",
    "shared": False,
    "version": 2,
    "changedAt": "2026-11-01T09:00:00Z",
}
DEFINITION = {"language": 1, "patients": {"all": []}}


def summary(id: str, state: str, **more: Any) -> dict[str, Any]:
    return {
        "id": id,
        "title": "Nodules for lung",
        "project": {"id": "lung", "name": "Lung"},
        "frozen": "f00d",
        "state": state,
        "askedBy": "ann",
        "askedAt": f"2026-11-0{len(id)}T10:00:00Z",
        "expires": "2027-01-01",
        "forms": ["dicom", "tables"],
        "patients": 3,
        "exams": 4,
        "mayDecide": False,
        "mayReceive": True,
        **more,
    }


class Warehouse:
    """What the server has, what it was asked, and how it shall misbehave."""

    def __init__(self) -> None:
        self.url = ""
        self.releases: list[dict[str, Any]] = []
        self.details: dict[str, dict[str, Any]] = {}
        self.files: dict[str, bytes] = {}
        #: Names and hashes that are told instead of the true ones.
        self.told: list[dict[str, Any]] | None = None
        self.asked: list[tuple[str, str, str | None]] = []
        self.bodies: list[Any] = []
        #: The next answers with bytes of a file end after so many.
        self.cut_after: list[int] = []
        #: Bytes that are sent instead of a file's.
        self.spoilt: dict[str, bytes] = {}

    def listing(self) -> dict[str, Any]:
        files = [
            {"path": path, "size": len(content), "sha256": sha256(content), "form": path.split("/")[0]}
            for path, content in self.files.items()
        ]
        return {"digest": "a" * 64, "files": files if self.told is None else self.told}

    def pack(self, files: dict[str, bytes]) -> None:
        """Puts files into the package, with their checksums."""
        lines = "".join(f"{sha256(content)}  {path}\n" for path, content in files.items())
        self.files = {**files, "checksums.sha256": lines.encode()}

    def fetched(self, path: str) -> list[str | None]:
        """The ranges by which a file was asked for."""
        return [range for method, asked, range in self.asked if method == "GET" and asked.endswith(f"/files/{path}")]


def rows() -> bytes:
    """Two rows, as the server answers a statement."""
    table = pa.table({"code": ["C34.1", None], "patients": [12, 3]})
    to = io.BytesIO()
    with pa.ipc.new_stream(to, table.schema) as writer:
        writer.write_table(table)
    return to.getvalue()


@contextmanager
def serving() -> Iterator[Warehouse]:
    warehouse = Warehouse()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def answer(
            self,
            status: int,
            content: bytes = b"",
            kind: str = "application/json",
            cut: int | None = None,
            **headers: str,
        ) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            if kind == "application/octet-stream" and warehouse.cut_after:
                cut = warehouse.cut_after.pop(0)
            self.wfile.write(content[:cut])
            if cut is not None:
                self.close_connection = True

        def tell(self, content: Any, status: int = 200) -> None:
            self.answer(status, json.dumps(content).encode())

        def refuse(self, status: int, detail: str) -> None:
            self.answer(
                status, json.dumps({"type": "x", "title": "Refused", "status": status, "detail": detail}).encode()
            )

        def begin(self, method: str) -> str | None:
            path = unquote(self.path.removeprefix("/api/v1"))
            warehouse.asked.append((method, path, self.headers.get("Range")))
            if self.headers.get("Authorization") != f"Bearer {TOKEN}":
                self.refuse(401, "Nobody is signed in.")
                return None
            return path

        def do_GET(self) -> None:
            path = self.begin("GET")
            if path is None:
                return
            release = path.split("/")[2] if path.startswith("/releases/") else ""
            if path == "/cohorts":
                self.tell({"cohorts": [KEPT]})
            elif path == "/cohorts/c0de":
                self.tell({"cohort": KEPT, "own": True, "versions": [{"definition": DEFINITION}], "frozen": [FROZEN]})
            elif path == "/releases":
                self.tell({"releases": warehouse.releases})
            elif path == "/moved":
                self.answer(302, Location="http://127.0.0.1:9/elsewhere")
            elif "/files/" in path:
                self.send_file(path.split("/files/", 1)[1])
            elif path.endswith("/files"):
                self.tell(warehouse.listing())
            elif release and any(one["id"] == release for one in warehouse.releases):
                known = next(one for one in warehouse.releases if one["id"] == release)
                self.tell({**known, "decisions": [], "needed": 1, **warehouse.details.get(release, {})})
            else:
                self.refuse(404, "There is no such thing here.")

        def send_file(self, name: str) -> None:
            content = warehouse.spoilt.get(name, warehouse.files.get(name))
            if content is None:
                self.refuse(404, "There is no such file.")
                return
            etag = f'"{sha256(warehouse.files[name])}"'
            asked = self.headers.get("Range")
            if asked is not None and self.headers.get("If-Range") == etag:
                start = int(asked.removeprefix("bytes=").rstrip("-"))
                told = f"bytes {start}-{len(content) - 1}/{len(content)}"
                self.answer(206, content[start:], "application/octet-stream", ETag=etag, Content_Range=told)
            else:
                self.answer(200, content, "application/octet-stream", ETag=etag)

        def body(self) -> bytes:
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))

        def do_POST(self) -> None:
            content = self.body()
            path = self.begin("POST")
            if path is None:
                return
            warehouse.bodies.append(json.loads(content) if content else None)
            if path == "/cohort-counts":
                self.tell({"patients": counted(3), "exams": {"fewerThan": 5, "protection": "small"}, "facts": 7})
            elif path == "/sql":
                cut = 20 if "cut" in warehouse.bodies[-1]["statement"] else None
                self.answer(200, rows(), "application/vnd.apache.arrow.stream", cut=cut)
            elif path == "/cohorts/c0de/frozen":
                self.tell(FROZEN, 201)
            elif path == "/releases":
                warehouse.releases.append(summary("new", "asked", mayReceive=True))
                self.tell({"id": "new"}, 201)
            else:
                self.refuse(404, "There is no such thing here.")

        def do_PUT(self) -> None:
            content = self.body()
            if self.begin("PUT") is None:
                return
            warehouse.bodies.append((self.headers["Content-Type"], content))
            self.answer(204)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    warehouse.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield warehouse
    finally:
        server.shutdown()
        server.server_close()
