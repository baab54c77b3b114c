"""DCMTK's programs."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pydicom
import pytest
from pydicom.dataset import Dataset


def program(tool: str) -> str:
    """Where a program of DCMTK is. pynetdicom brings some of the same name, beside our Python."""
    ours = {str(Path(sys.prefix, "bin").resolve())}
    folders = [one for one in os.environ["PATH"].split(os.pathsep) if one and str(Path(one).resolve()) not in ours]
    found = shutil.which(tool, path=os.pathsep.join(folders))
    return found or pytest.skip(f"{tool} (DCMTK) is not installed")


def run(tool: str, *arguments: str | int | Path, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Runs a program of DCMTK whatever its exit status; its default for Nagle's algorithm is kept."""
    clean = {key: value for key, value in os.environ.items() if key != "TCP_NODELAY"}
    return subprocess.run(
        [program(tool), *map(str, arguments)],
        cwd=folder,
        env=clean,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        timeout=120,
        check=False,
    )


def succeeds(tool: str, *arguments: str | int | Path, folder: Path | None = None) -> str:
    """What a program says when it succeeds."""
    done = run(tool, *arguments, folder=folder)
    assert done.returncode == 0, f"{tool} {arguments}: {done.returncode}\n{done.stdout}"
    return done.stdout


def keys(**values: str) -> list[str]:
    return [word for name, value in values.items() for word in ("-k", f"{name}={value}" if value else name)]


def find(folder: Path, port: int, *options: str | Path, **values: str) -> list[Dataset]:
    """What findscu finds."""
    folder.mkdir(parents=True)
    succeeds("findscu", "-X", "-od", folder, *options, *keys(**values), "-aec", "ISOCENTER", "localhost", port)
    return [pydicom.dcmread(path) for path in sorted(folder.iterdir())]


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def listens(port: int) -> bool:
    """Whether somebody listens. Looked up, not tried: a connection that says nothing upsets storescp."""
    rows = Path("/proc/net/tcp").read_text().splitlines() + Path("/proc/net/tcp6").read_text().splitlines()
    return any(row.split()[1].endswith(f":{port:04X}") and row.split()[3] == "0A" for row in rows)
