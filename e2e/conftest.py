"""One server for each module, a table of what became of the files at the end of the run."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from isocenter import BINARY, Isocenter, running

TABLES: list[str] = []


def pytest_sessionstart() -> None:
    if not BINARY.exists():
        pytest.exit(f"there is no {BINARY}; build it, or name it with ISOCENTER_BIN", returncode=4)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Isocenter]:
    """A server that the tests of a module share; SETTINGS in the module are its settings."""
    folder = tmp_path_factory.mktemp(request.module.__name__)
    with running(folder, getattr(request.module, "SETTINGS", {})) as server:
        yield server


@pytest.fixture(scope="session")
def told() -> list[str]:
    """Lines for the end of the run."""
    return TABLES


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for line in TABLES:
        terminalreporter.write_line(line)
