"""Cohorts: kept ones, which change, and frozen ones, which don't."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .door import Door, segment
from .release import FORMS, Release, newest_for

if TYPE_CHECKING:
    from .dataset import Dataset


@dataclass(frozen=True)
class Count:
    """A number as it is told: exact, or hidden because it is small."""

    #: How many; ``None`` where it is hidden.
    value: int | None
    #: Fewer than this, where it is hidden.
    fewer_than: int | None = None

    @staticmethod
    def of(answer: Mapping[str, Any]) -> Count:
        return Count(answer.get("count"), answer.get("fewerThan"))

    def __int__(self) -> int:
        if self.value is None:
            raise ValueError(f"the number is hidden: {self}")
        return self.value

    def __str__(self) -> str:
        return f"fewer than {self.fewer_than}" if self.value is None else str(self.value)


@dataclass(frozen=True)
class Counts:
    """How many patients and exams."""

    patients: Count
    exams: Count
    #: The version of the facts that were counted.
    facts: int

    @staticmethod
    def of(answer: Mapping[str, Any]) -> Counts:
        return Counts(Count.of(answer["patients"]), Count.of(answer["exams"]), int(answer["facts"]))

    def __str__(self) -> str:
        return f"{self.patients} patients, {self.exams} exams (facts {self.facts})"


class Frozen:
    """A cohort's members at one version of the facts, for ever, under an id to be cited."""

    def __init__(self, door: Door, cohort: str, answer: Mapping[str, Any]) -> None:
        self._door = door
        self._answer = answer
        #: The id to be cited.
        self.id: str = answer["id"]
        #: The id of the kept cohort it was frozen from.
        self.cohort = cohort

    def __repr__(self) -> str:
        return f"Frozen({self.id!r}, {self.count()})"

    @property
    def digest(self) -> str:
        """SHA-256 of the definition, the version of the facts, and the members."""
        return str(self._answer["digest"])

    def count(self) -> Counts:
        """How many it has; this never changes."""
        return Counts.of(self._answer)

    def freeze(self) -> Frozen:
        """Itself."""
        return self

    def ask(
        self,
        *,
        project: str,
        purpose: str,
        expires: date | str,
        recipients: Iterable[Mapping[str, str]],
        title: str = "",
        ethics: str = "",
        ethics_document: str | PathLike[str] | None = None,
        forms: Iterable[str] = ("dicom", "tables"),
        accept_terms: bool = False,
    ) -> Release:
        """Asks for the data of these members. Somebody else decides.

        ``recipients`` are ``{"name", "email", "institution"}`` each; ``forms`` any of ``dicom``, ``nifti``,
        ``tables``, ``reports`` and ``in-place``; ``accept_terms=True`` says that the project's terms of use are accepted.
        """
        wanted = list(forms)
        unknown = sorted(set(wanted) - set(FORMS))
        if unknown or not wanted:
            raise ValueError(f"forms {unknown or 'missing'}: choose among {', '.join(FORMS)}")
        if not accept_terms:
            raise ValueError("the terms of use must be accepted: read them in the project, then accept_terms=True")
        body = {
            "frozen": self.id,
            "project": project,
            "title": title or purpose[:80],
            "purpose": purpose,
            "recipients": [dict(one) for one in recipients],
            "terms": True,
            "expires": expires.isoformat() if isinstance(expires, date) else expires,
            "forms": wanted,
            **({"ethics": ethics} if ethics else {}),
        }
        # Read first: a document that can't be read must not leave half a request behind.
        document = None if ethics_document is None else Path(ethics_document).read_bytes()
        id = self._door.json("/releases", method="POST", body=body)["id"]
        if document is not None:
            kind = "application/pdf" if document.startswith(b"%PDF") else "text/plain"
            path = f"/releases/{segment(id)}/ethics"
            self._door.open(path, method="PUT", body=document, headers={"Content-Type": kind}).close()
        return Release(self._door, self._door.json(f"/releases/{segment(id)}"))

    def releases(self) -> list[Release]:
        """Every request for it that this account sees, the newest first."""
        return [one for one in Release.all(self._door) if one.frozen == self.id]

    def pull(self, folder: str | PathLike[str] | None = None, *, threads: int = 4) -> Dataset:
        """Downloads the newest package of it that this account may receive, and checks every byte.

        What is there already is kept: called again, it goes on where it was cut off. Says who or what is waited
        for when there is no package.
        """
        return newest_for(self.id, self.releases()).pull(folder, threads=threads)


class Cohort:
    """A kept cohort: a question with a name, in versions."""

    def __init__(self, door: Door, answer: Mapping[str, Any]) -> None:
        self._door = door
        self.id: str = answer["id"]
        self.name: str = answer["name"]
        self.about: str = answer["about"]
        self.owner: str = answer["owner"]
        #: Its newest version.
        self.version: int = answer["version"]

    def __repr__(self) -> str:
        return f"Cohort({self.id!r}, {self.name!r}, version {self.version})"

    @property
    def definition(self) -> dict[str, Any]:
        """What its newest version asks, in the cohort language."""
        newest: dict[str, Any] = self._detail()["versions"][0]["definition"]
        return newest

    def count(self) -> Counts:
        """How many its newest version means now."""
        answer = self._door.json("/cohort-counts", method="POST", body={"definition": self.definition})
        return Counts.of(answer)

    def freeze(self) -> Frozen:
        """Freezes its newest version at the newest facts. The same twice is one."""
        answer = self._door.json(f"/cohorts/{segment(self.id)}/frozen", method="POST")
        return Frozen(self._door, self.id, answer)

    def frozen(self) -> list[Frozen]:
        """What was frozen of it, the newest first."""
        return [Frozen(self._door, self.id, one) for one in self._detail()["frozen"]]

    def ask(self, **request: Any) -> Release:
        """Freezes it and asks for the data of that; takes what :meth:`Frozen.ask` takes."""
        return self.freeze().ask(**request)

    def pull(self, folder: str | PathLike[str] | None = None, *, threads: int = 4) -> Dataset:
        """As :meth:`Frozen.pull`, for the newest package of anything that was frozen of it."""
        own = {one.id for one in self.frozen()}
        releases = [one for one in Release.all(self._door) if one.frozen in own]
        return newest_for(self.id, releases).pull(folder, threads=threads)

    def _detail(self) -> dict[str, Any]:
        detail: dict[str, Any] = self._door.json(f"/cohorts/{segment(self.id)}")
        return detail
