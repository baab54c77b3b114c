"""Any file, attached: huge, cut off half-way, sent twice, through a rebuild and in an export."""

from __future__ import annotations

import hashlib
import http.client
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from isocenter import Isocenter, running, soon
from samples import sha256

PIECE = bytes(range(256)) * 4096
PIECES = 256
SUBJECTS = {"patient": "P1", "exam": "1.2.3", "project": "trial-7"}


def about(kind: str, name: str) -> dict[str, str]:
    return {"subject": kind, "id": SUBJECTS[kind], "name": name}


def listed(server: Isocenter, kind: str) -> list[dict]:
    return server.json("/api/v1/attachments", params={"subject": kind, "id": SUBJECTS[kind]})["items"]


def memory(server: Isocenter) -> int:
    """The most bytes the server has held in memory so far."""
    assert server.process
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return next(int(line.split()[1]) << 10 for line in status.splitlines() if line.startswith("VmHWM"))


def test_a_huge_file_streams_in_and_out(tmp_path: Path) -> None:
    """256 MB take no more memory than a little; what is given back has the SHA-256 of what came."""
    with running(tmp_path, {"intake.memory_bytes": "16777216"}) as server:
        server.post("/api/v1/attachments", params=about("exam", "small"), data=b"small")
        before = memory(server)
        digest = hashlib.sha256()
        for _ in range(PIECES):
            digest.update(PIECE)
        headers = {"x-content-sha256": digest.hexdigest()}
        pieces = (PIECE for _ in range(PIECES))
        made = server.post("/api/v1/attachments", params=about("exam", "huge.bin"), data=pieces, headers=headers)
        assert made.status_code == 201 and made.json()["digest"] == digest.hexdigest()
        soon(lambda: len(listed(server, "exam")) == 2)
        given = hashlib.sha256()
        with server.get(f"/api/v1/attachments/{made.json()['id']}/content", stream=True) as answer:
            assert answer.status_code == 200
            for piece in answer.iter_content(1 << 20):
                given.update(piece)
        assert given.digest() == digest.digest()
        assert memory(server) - before < 64 << 20, f"{(memory(server) - before) >> 20} MiB more"
        audited = server.printed("audit", "list", "--number", "20")
        assert "attached" in audited and made.json()["id"] in audited


def test_one_cut_off_leaves_nothing(tmp_path: Path) -> None:
    """By its sender half-way, and by our own kill -9 half-way; what was attached before stays."""
    with running(tmp_path, {"intake.memory_bytes": "16777216"}) as server:
        kept = {kind: server.post("/api/v1/attachments", params=about(kind, "kept"), data=PIECE) for kind in SUBJECTS}
        assert all(made.status_code == 201 for made in kept.values())
        incoming = server.data / "archive/incoming"
        half_sent(server).close()
        soon(lambda: not list(incoming.iterdir()))
        hanging = half_sent(server)
        server.kill()
        hanging.close()
        server.start()
        assert not list(incoming.iterdir())
        for kind in SUBJECTS:
            (one,) = soon(lambda kind=kind: listed(server, kind))
            assert one["name"] == "kept" and one["digest"] == sha256(PIECE)
            assert server.get(f"/api/v1/attachments/{one['id']}/content").content == PIECE
        assert json.loads(server.printed("verify", "--json"))["entries"] == 3


def half_sent(server: Isocenter) -> http.client.HTTPConnection:
    """A request whose body has come half-way, to disk; it stays open."""
    where = urlsplit(server.url)
    connection = http.client.HTTPConnection(where.hostname, where.port, timeout=60)
    connection.putrequest("POST", f"/api/v1/attachments?{urlencode(about('project', 'half'))}")
    connection.putheader("content-length", str(len(PIECE) * PIECES))
    connection.putheader("authorization", str(server.http.headers["authorization"]))
    connection.endheaders()
    for _ in range(PIECES // 2):
        connection.send(PIECE)
    soon(lambda: any(path.stat().st_size > 32 << 20 for path in (server.data / "archive/incoming").iterdir()))
    return connection


def test_twice_at_once_and_again_is_one(tmp_path: Path) -> None:
    """The same file under the same name is one attachment; another content under it is another beside it."""
    with running(tmp_path) as server:

        def attach() -> None:
            made = server.post("/api/v1/attachments", params=about("patient", "a.pdf"), data=b"%PDF-1")
            assert made.status_code == 201

        both = [threading.Thread(target=attach) for _ in range(4)]
        for one in both:
            one.start()
        for one in both:
            one.join(60)
        attach()
        server.post("/api/v1/attachments", params=about("patient", "a.pdf"), data=b"%PDF-2")
        soon(lambda: len(listed(server, "patient")) >= 2)
        assert sorted(one["digest"] for one in listed(server, "patient")) == sorted(map(sha256, (b"%PDF-1", b"%PDF-2")))


def test_they_are_rebuilt_and_exported(tmp_path: Path) -> None:
    """On each kind of subject, in any type; byte for byte in the export, and listed after the catalog is lost."""
    with running(tmp_path) as server:
        files = dict(everything())
        for name, content in files.items():
            for kind in SUBJECTS:
                assert server.post("/api/v1/attachments", params=about(kind, name), data=content).status_code == 201
        soon(lambda: all(len(listed(server, kind)) == len(files) for kind in SUBJECTS))
        before = [listed(server, kind) for kind in SUBJECTS]
        server.printed("export", "--all", tmp_path / "out")
    rows = [json.loads(line) for line in (tmp_path / "out/provenance.jsonl").read_text().splitlines()]
    attached = [row for row in rows if row["kind"] == "attachment"]
    assert len(attached) == len(files) * len(SUBJECTS)
    for row in attached:
        content = (tmp_path / "out" / row["path"]).read_bytes()
        assert content == files[row["details"]["fileName"]] and sha256(content) == row["sha256"]
    for file in server.data.glob("ledger.db*"):
        file.unlink()
    server.printed("rebuild")
    with running(tmp_path) as server:
        assert [listed(server, kind) for kind in SUBJECTS] == before


def everything() -> Iterator[tuple[str, bytes]]:
    yield "volume.nii.gz", b"\x1f\x8b" + bytes(5000)
    yield "report.pdf", b"%PDF-1.7\n" + bytes(100)
    yield "table.csv", b"a,b\n1,2\n"
    yield "film.mp4", b"\x00\x00\x00\x18ftypmp42" + bytes(1 << 20)
    yield "raw.dat", bytes(range(256)) * 3000
    yield "nothing", b""
