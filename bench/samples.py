"""Files to measure with, made once a run by the product's own generator."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from servers import BINARY


@dataclass
class Bench:
    """Where to measure: `memory` is a tmpfs, `disk` what it says."""

    memory: Path
    disk: Path
    rounds: int
    quick: bool
    million: Path | None = None
    made: int = 0

    def scaled(self, count: int) -> int:
        return max(20, count // 5) if self.quick else count

    def files(self, name: str, instances: int, size: int, series: int = 100, exam: int = 5) -> Samples:
        folder = self.memory / "files" / name
        if not folder.exists():
            # Another round, other UIDs: sets that meet in one server don't collide.
            self.made += 1
            options = {"instances": instances, "size": size, "series": series, "exam": exam, "round": self.made}
            given = [word for key, value in options.items() for word in (f"--{key}", str(value))]
            tool("make", str(folder), *given)
        return Samples(folder)

    def clean(self) -> None:
        shutil.rmtree(self.memory, ignore_errors=True)
        shutil.rmtree(self.disk, ignore_errors=True)


@dataclass
class Samples:
    """A folder of exams, of series, of instances."""

    folder: Path

    def exams(self, instances: int | None = None) -> list[Path]:
        """Exam folders, up to about so many instances."""
        found, count = [], 0
        for exam in sorted(self.folder.iterdir()):
            if instances is not None and count >= instances:
                break
            found.append(exam)
            count += len(self.within(exam))
        return found

    @staticmethod
    def within(folder: Path) -> list[Path]:
        return sorted(path for path in folder.rglob("*") if path.is_file())

    def all(self, instances: int | None = None) -> list[Path]:
        return [path for exam in self.exams(instances) for path in self.within(exam)]


def tool(*arguments: str) -> Any:
    """A measuring command of the product; what it prints is JSON or nothing."""
    done = subprocess.run(
        [str(BINARY), "bench", *arguments], stdout=subprocess.PIPE, text=True, check=False, env=os.environ
    )
    if done.returncode:
        raise RuntimeError(f"isocenter bench {' '.join(arguments)[:200]} failed")
    return json.loads(done.stdout) if done.stdout.strip() else None


def send(server: Any, paths: list[Path], associations: int) -> dict[str, Any]:
    """C-STORE by the fast sender; every instance must be accepted."""
    where = ["--to", f"127.0.0.1:{server.port}", "--called", server.title]
    sent: dict[str, Any] = tool("send", *map(str, paths), *where, "--associations", str(associations))
    if sent["refused"]:
        raise RuntimeError(f"{server.name} refused {sent['refused']} instances")
    return sent
