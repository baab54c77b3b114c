"""Fetching a package: several files at a time, each going on where it was cut off, each checked."""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from .door import Door, segment
from .errors import ChecksumError, IsocenterError, ServerError

#: Bytes read at a time.
PIECE = 1 << 20

#: A connection that breaks is taken up again so many times for each file, as long as bytes come.
TRIES = 5

#: Seconds before a connection that brought nothing is tried again; twice as long each time.
PAUSE = 0.5


@dataclass(frozen=True)
class FileOf:
    """A file of a package."""

    #: Where it stands in the package, with ``/`` between folders.
    path: str
    #: Bytes.
    size: int
    sha256: str
    #: The form it is part of; empty for what describes the package.
    form: str

    @staticmethod
    def of(answer: Mapping[str, Any]) -> FileOf:
        path, size, sha256 = answer["path"], answer["size"], answer["sha256"]
        return FileOf(str(path), int(size), str(sha256), str(answer.get("form") or ""))


class Download:
    """The download of one release into a folder."""

    def __init__(self, door: Door, release: str, folder: Path, threads: int) -> None:
        self._door = door
        self._release = release
        self._folder = folder
        self._threads = max(1, threads)

    def run(self, files: Sequence[FileOf]) -> None:
        """Fetches what isn't there; the first failure ends it, and what is there stays for the next time."""
        # Every path is looked at before the first byte is written.
        places = [(one, place(self._folder, one.path)) for one in files]
        self._folder.mkdir(parents=True, exist_ok=True)
        self._check_room(files)
        with ThreadPoolExecutor(self._threads) as pool:
            running = [pool.submit(self._fetch, one, to) for one, to in places]
            done, _ = wait(running, return_when=FIRST_EXCEPTION)
            failed = next((one for one in done if one.exception() is not None), None)
            if failed is not None:
                for one in running:
                    one.cancel()
                failed.result()

    def _check_room(self, files: Sequence[FileOf]) -> None:
        missing = sum(one.size for one in files if not place(self._folder, one.path).exists())
        free = shutil.disk_usage(self._folder).free
        if missing > free:
            raise IsocenterError(
                f"{self._folder} has room for {free / 1e9:.1f} GB, {missing / 1e9:.1f} GB are to come: free some, "
                "or choose another folder"
            )

    def _fetch(self, file: FileOf, to: Path) -> None:
        if to.exists() and to.stat().st_size == file.size and sha256_of(to) == file.sha256:
            return
        to.parent.mkdir(parents=True, exist_ok=True)
        part = to.with_name(to.name + ".part")
        resumed = part.exists() and part.stat().st_size > 0
        self._whole(file, part)
        if sha256_of(part) != file.sha256 and resumed:
            # What was left of an earlier time may have been of another file: once more from its first byte.
            part.unlink()
            self._whole(file, part)
        if sha256_of(part) != file.sha256:
            part.unlink()
            raise ChecksumError(f"{file.path} did not arrive as it was released: its SHA-256 differs. Pull again.")
        part.replace(to)

    def _whole(self, file: FileOf, part: Path) -> None:
        """Fetches until all bytes are there."""
        failures = 0
        while True:
            before = part.stat().st_size if part.exists() else 0
            if before > file.size:
                part.unlink()
                before = 0
            if before == file.size and part.exists():
                return
            try:
                self._some(file, part, before)
            except ServerError as error:
                if 0 < error.status < 500 and error.status != 429:
                    raise
                trouble: Exception = error
            except (OSError, HTTPException) as error:
                trouble = error
            else:
                trouble = ServerError(f"{file.path} ended too soon")
            after = part.stat().st_size if part.exists() else 0
            if after >= file.size:
                continue
            failures = 0 if after > before else failures + 1
            if failures >= TRIES:
                raise ServerError(
                    f"{file.path} could not be fetched whole: {trouble}. Pull again to go on."
                ) from trouble
            if failures > 0:
                time.sleep(PAUSE * 2 ** (failures - 1))

    def _some(self, file: FileOf, part: Path, start: int) -> None:
        path = f"/releases/{segment(self._release)}/files/{quote(file.path, safe='/')}"
        headers = {"Range": f"bytes={start}-", "If-Range": f'"{file.sha256}"'} if start > 0 else {}
        with (
            self._door.open(path, headers=headers) as answer,
            part.open("ab" if answer.status == 206 else "wb") as out,
        ):
            if answer.status == 206 and not _begins_at(answer.headers.get("Content-Range"), start):
                raise ServerError(f"{file.path}: the server sent another part than was asked for", 502)
            while piece := answer.read(PIECE):
                out.write(piece)


def _begins_at(told: str | None, start: int) -> bool:
    return told is not None and told.startswith(f"bytes {start}-")


def place(folder: Path, path: str) -> Path:
    """Where a file of a package stands; a path that leads out of the folder is refused."""
    pure = PurePosixPath(path)
    odd = not path or "\\" in path or ":" in path or "\0" in path
    if odd or pure.is_absolute() or ".." in pure.parts or str(pure) != path or path == ".":
        raise IsocenterError(
            f"the server named a file {path!r}, which is no place inside the folder; nothing was written"
        )
    return folder.joinpath(*pure.parts)


def sha256_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()
