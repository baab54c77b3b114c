"""Requests for data, and the packages made of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .door import Door, segment
from .download import Download, FileOf
from .errors import ExpiredError, IsocenterError, NotReadyError, RecalledError, RefusedError

if TYPE_CHECKING:
    from .dataset import Dataset

#: How data can be had.
FORMS = ("dicom", "nifti", "tables", "reports", "in-place")

#: What a folder that was pulled is remembered by.
NOTE = ".isocenter.json"


class Release:
    """One request: who wants what for what, what was decided, and its package."""

    def __init__(self, door: Door, answer: Mapping[str, Any]) -> None:
        self._door = door
        self._answer = answer
        self.id: str = answer["id"]
        self.title: str = answer["title"]
        #: The id of the frozen cohort.
        self.frozen: str = answer["frozen"]
        #: asked, refused, cancelled, making, waiting, failed, ready, expired or recalled.
        self.state: str = answer["state"]

    @staticmethod
    def all(door: Door) -> list[Release]:
        answers = door.json("/releases")["releases"]
        return [Release(door, one) for one in sorted(answers, key=lambda one: one["askedAt"], reverse=True)]

    def __repr__(self) -> str:
        return f"Release({self.id!r}, {self.title!r}, {self.state})"

    @property
    def may_receive(self) -> bool:
        """Whether this account is among those who get it."""
        return bool(self._answer.get("mayReceive"))

    def refresh(self) -> Release:
        """As it stands now."""
        return Release(self._door, self.detail())

    def detail(self) -> dict[str, Any]:
        """Everything the server says of it: purpose, decisions, checks, progress, what is missing and why."""
        detail: dict[str, Any] = self._door.json(f"/releases/{segment(self.id)}")
        return detail

    def files(self) -> list[FileOf]:
        """The files of its package."""
        return self._listing()[1]

    def pull(self, folder: str | PathLike[str] | None = None, *, threads: int = 4) -> Dataset:
        """Downloads the package into a folder, ``isocenter-ID`` here by default, and checks every byte.

        Called again, it goes on where it was cut off; complete files are not fetched twice.
        """
        from .dataset import Dataset

        now = self.refresh()
        now.must_be_ready()
        digest, files = now._listing()
        into = Path(folder) if folder is not None else Path.cwd() / f"isocenter-{self.id}"
        Download(self._door, self.id, into, threads).run(files)
        note = {
            "release": self.id,
            "title": self.title,
            "frozen": self.frozen,
            "digest": digest,
            "server": self._door.url,
        }
        (into / NOTE).write_text(json.dumps(note, indent=2) + "\n", encoding="utf-8")
        dataset = Dataset(into)
        dataset.verify()
        return dataset

    def must_be_ready(self) -> None:
        """Raises what stands in the way of receiving it, in words."""
        if self.state != "ready":
            raise self._why_not()
        if not self.may_receive:
            raise RefusedError(
                f"{self} is not for this account: only the people it names receive it. "
                f"Ask {self._answer.get('askedBy', 'whoever asked')} to be named in a request."
            )

    def _listing(self) -> tuple[str, list[FileOf]]:
        answer = self._door.json(f"/releases/{segment(self.id)}/files")
        return str(answer["digest"]), [FileOf.of(one) for one in answer["files"]]

    def _why_not(self) -> IsocenterError:
        detail = self._answer if "decisions" in self._answer else self.detail()
        what = f"release {self.id} ({self.title})"
        if self.state == "asked":
            return NotReadyError(f"{what} is not approved yet: it waits for {_waits_for(detail)}")
        if self.state == "refused":
            return RefusedError(f"{what} was refused{_last_decision(detail)}")
        if self.state == "cancelled":
            return RefusedError(f"{what} was taken back by {detail.get('askedBy', 'whoever asked')}")
        if self.state in ("making", "waiting"):
            return NotReadyError(f"{what} is being made: {_progress(detail)}")
        if self.state == "failed":
            return NotReadyError(f"{what} could not be made: {_progress(detail)}")
        if self.state == "expired":
            return ExpiredError(f"{what} expired on {detail.get('expires')}: ask again for the same frozen cohort")
        if self.state == "recalled":
            return RecalledError(f"{what} was called back{_last_decision(detail)}: delete every copy of it")
        return NotReadyError(f"{what} is {self.state}")


def newest_for(name: str, releases: Sequence[Release]) -> Release:
    """The newest that is ready and may be received; else the newest, which says what is waited for."""
    for one in releases:
        if one.state == "ready" and one.may_receive:
            return one
    if not releases:
        raise NotReadyError(f"nobody has asked for the data of {name} yet: see Frozen.ask()")
    releases[0].must_be_ready()
    return releases[0]


def _waits_for(detail: Mapping[str, Any]) -> str:
    needed = detail.get("needed")
    given = sum(bool(one.get("approve")) for one in detail.get("decisions", []))
    others = f"somebody other than {detail.get('askedBy', 'whoever asked')} who may decide on releases"
    if isinstance(needed, int) and needed > 1:
        return (
            f"{needed} people who may decide on releases, none of them {detail.get('askedBy')}; {given} agreed so far"
        )
    if isinstance(needed, list) and needed:
        return ", ".join(str(one) for one in needed)
    return others


def _last_decision(detail: Mapping[str, Any]) -> str:
    decisions = detail.get("decisions") or []
    if not decisions:
        return ""
    last = decisions[-1]
    return f" by {last.get('by')}: {last.get('reason') or 'no reason is given'}"


def _progress(detail: Mapping[str, Any]) -> str:
    progress = detail.get("progress") or {}
    said = str(progress.get("says") or "no more is known")
    if progress.get("of"):
        said = f"{progress.get('done', 0)} of {progress['of']}, {said}"
    return said
