"""The way in: a server and a token."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from http.client import HTTPException
from typing import TYPE_CHECKING, Any

from .cohort import Cohort, Counts, Frozen
from .door import Door, segment
from .errors import IsocenterError, MissingExtraError, ServerError
from .release import Release

if TYPE_CHECKING:
    import pyarrow as pa


class Client:
    """An Isocenter server as one person sees it.

    Without arguments the address is that of ``ISOCENTER_URL`` and the token that of ``ISOCENTER_TOKEN``.
    """

    def __init__(self, url: str | None = None, token: str | None = None) -> None:
        url = url or os.environ.get("ISOCENTER_URL")
        token = token or os.environ.get("ISOCENTER_TOKEN")
        if not url:
            raise IsocenterError("no server: give its address, or set ISOCENTER_URL")
        if not token:
            raise IsocenterError("no token: make one on the page Access and set ISOCENTER_TOKEN")
        self._door = Door(url, token)

    def __repr__(self) -> str:
        return f"Client({self._door.url!r})"

    def count(self, definition: Mapping[str, Any]) -> Counts:
        """How many patients and exams a definition of the cohort language means now."""
        answer = self._door.json("/cohort-counts", method="POST", body={"definition": dict(definition)})
        return Counts.of(answer)

    def sql(self, statement: str, *, facts: int | None = None, release: str | None = None) -> pa.Table:
        """The rows of a statement over the tables of facts, as a ``pyarrow.Table``; ``.to_pandas()`` makes a frame.

        For accounts that may see rows. ``facts`` is the version that a frozen cohort pins; without it, the newest.
        With ``release``, the tables of a release that was asked for in place, for who may receive it.
        """
        try:
            from pyarrow import ipc
        except ImportError:
            raise MissingExtraError("pyarrow") from None
        asked = {"statement": statement, "form": "arrow", "facts": facts, "release": release}
        headers = {"Content-Type": "application/json"}
        with self._door.open("/sql", method="POST", body=json.dumps(asked).encode(), headers=headers) as answer:
            try:
                rows = answer.read()
            except (HTTPException, OSError) as error:
                raise ServerError("the rows broke off: ask for less at once, or again") from error
        return ipc.open_stream(rows).read_all()

    def cohorts(self) -> list[Cohort]:
        """The kept cohorts that this account sees."""
        return [Cohort(self._door, one) for one in self._door.json("/cohorts")["cohorts"]]

    def cohort(self, id: str) -> Cohort | Frozen:
        """A kept cohort by its id, or a frozen one by the id it is cited by."""
        try:
            return Cohort(self._door, self._door.json(f"/cohorts/{segment(id)}")["cohort"])
        except ServerError as error:
            if error.status not in (400, 404):
                raise
        for cohort in self.cohorts():
            for frozen in cohort.frozen():
                if frozen.id == id:
                    return frozen
        raise IsocenterError(f"no cohort {id!r}, kept or frozen, is seen by this account: see Client.cohorts()")

    def releases(self) -> list[Release]:
        """Requests for data that this account sees, the newest first."""
        return Release.all(self._door)

    def release(self, id: str) -> Release:
        """One request for data, with the package that was made of it."""
        return Release(self._door, self._door.json(f"/releases/{segment(id)}"))
