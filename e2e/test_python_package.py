"""The Python package passes its own tests, in a process of its own: its name is that of a module here."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "python"


def test_the_python_package_passes_its_tests() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--no-header", PACKAGE / "tests", "-c", PACKAGE / "pyproject.toml"],
        cwd=PACKAGE,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert " passed" in run.stdout
