"""What was measured, beside what it should be: a table for people, JSON for programs."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Line:
    """One thing measured. `value` is the figure the target is about, in `unit`."""

    name: str
    value: float
    unit: str
    target: str = ""
    met: bool | None = None
    others: dict[str, Any] = field(default_factory=dict)

    def print(self) -> None:
        verdict = {None: "", True: "met", False: "MISSED"}[self.met]
        beside = "  ".join(f"{key} {written(value)}" for key, value in self.others.items())
        print(f"{self.name:<46} {written(self.value):>9} {self.unit:<10} {self.target:<9} {verdict:<7} {beside}", flush=True)


@dataclass
class Report:
    path: Path
    about: dict[str, Any]
    lines: list[Line] = field(default_factory=list)

    def at_least(self, name: str, value: float, unit: str, bound: float, **others: Any) -> None:
        self._add(Line(name, value, unit, f">= {bound:g}", value >= bound, others))

    def at_most(self, name: str, value: float, unit: str, bound: float, **others: Any) -> None:
        self._add(Line(name, value, unit, f"<= {bound:g}", value <= bound, others))

    def told(self, name: str, value: float, unit: str, **others: Any) -> None:
        """A figure without a target."""
        self._add(Line(name, value, unit, others=others))

    def part(self, name: str) -> None:
        print(f"\n{name}", flush=True)

    def _add(self, line: Line) -> None:
        self.lines.append(line)
        line.print()
        self.save()

    def save(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        found = {"about": self.about, "lines": [asdict(line) for line in self.lines]}
        self.path.write_text(json.dumps(found, indent=1))

    def end(self) -> int:
        """Says how it went; gives the number of targets missed."""
        judged = [line for line in self.lines if line.met is not None]
        missed = [line for line in judged if not line.met]
        print(f"\n{len(judged) - len(missed)} of {len(judged)} targets met; figures in {self.path}")
        for line in missed:
            print(f"missed: {line.name}: {written(line.value)} {line.unit}, should be {line.target}")
        return len(missed)


def written(value: Any) -> str:
    if not isinstance(value, float):
        return str(value)
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 0.1 else f"{value:.4f}"
