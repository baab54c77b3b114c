"""A package on disk: its tables, its exams and series, and whether it is whole."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from .download import place, sha256_of
from .errors import ChecksumError, IsocenterError, MissingExtraError
from .release import NOTE

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    import pyarrow as pa
    import pydicom

CHECKSUMS = "checksums.sha256"


class Tables(Mapping[str, "pd.DataFrame"]):
    """The tables of a package by name; each is read when it is first looked at."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names = sorted(one.stem for one in folder.glob("*.parquet"))
        self._read: dict[str, pd.DataFrame] = {}

    def __repr__(self) -> str:
        return f"Tables({', '.join(self._names)})"

    def __len__(self) -> int:
        return len(self._names)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._read:
            table = self.arrow(name)
            try:
                self._read[name] = table.to_pandas()
            except ImportError:
                raise MissingExtraError("pandas") from None
        return self._read[name]

    def arrow(self, name: str) -> pa.Table:
        """A table as Arrow."""
        if name not in self._names:
            raise KeyError(f"no table {name!r}; there are: {', '.join(self._names) or 'none'}")
        try:
            from pyarrow import parquet
        except ImportError:
            raise MissingExtraError("pyarrow") from None
        return parquet.read_table(self._folder / f"{name}.parquet")


@dataclass(frozen=True)
class Series:
    """A series of images on disk."""

    #: The code of whose it is.
    subject: str
    #: The exam's Study Instance UID in this package.
    study: str
    #: Its Series Instance UID in this package.
    uid: str
    #: Its instances, one file each.
    files: tuple[Path, ...]

    def __len__(self) -> int:
        return len(self.files)

    @property
    def header(self) -> pydicom.Dataset:
        """The attributes of its first instance, without pixels."""
        try:
            import pydicom
        except ImportError:
            raise MissingExtraError("pydicom") from None
        return pydicom.dcmread(self.files[0], stop_before_pixels=True)

    def read(self) -> Sample:
        """Its pixels, in patient coordinates."""
        from .volume import read_volume

        return read_volume(self)


@dataclass(frozen=True)
class Exam:
    """An exam: the series of one visit to a device."""

    subject: str
    uid: str
    series: tuple[Series, ...]


@dataclass(frozen=True, eq=False)
class Sample:
    """The pixels of a series and what they mean."""

    #: ``[slice, row, column]``, rescaled (Hounsfield units in CT); ``[time, slice, row, column]``
    #: where every position was taken more than once; with a last axis for the samples of colour.
    volume: np.ndarray[Any, np.dtype[Any]]
    #: Distance between slices, rows and columns, in mm; NaN where the images don't say.
    spacing: tuple[float, float, float]
    #: From ``(column, row, slice, 1)`` to patient coordinates (left, posterior, superior), in mm, 4 by 4; ``None``
    #: where the images have no place in a patient.
    affine: np.ndarray[Any, np.dtype[np.float64]] | None
    #: Whether slices lie evenly: where they don't, ``spacing[0]`` is their median.
    even: bool
    #: The attributes of the first slice, without pixels.
    header: pydicom.Dataset
    series: Series


class Dataset(Sequence[Sample]):
    """A package that was pulled; also a PyTorch map-style data set over its series.

    Nothing is read before it is asked for, and it may be handed to a ``DataLoader`` with workers.
    """

    def __init__(self, folder: str | PathLike[str]) -> None:
        self.folder = Path(folder)
        if not (self.folder / CHECKSUMS).is_file():
            raise IsocenterError(f"{self.folder} holds no package: it has no {CHECKSUMS}")

    def __repr__(self) -> str:
        return f"Dataset({str(self.folder)!r}, {len(self.exams)} exams, {len(self)} series, {len(self.tables)} tables)"

    @cached_property
    def tables(self) -> Tables:
        """Tables of facts, as pandas by name."""
        return Tables(self.folder / "tables")

    def arrow(self, name: str) -> pa.Table:
        """A table as Arrow."""
        return self.tables.arrow(name)

    @cached_property
    def reports(self) -> dict[int, str]:
        """The text of every report by the ``id`` of its row in ``reports/report.csv`` and in the table ``report``."""
        files = sorted((self.folder / "reports").glob("*/*.txt"), key=lambda file: int(file.stem))
        return {int(file.stem): file.read_text(encoding="utf-8") for file in files}

    @cached_property
    def exams(self) -> list[Exam]:
        """Every exam with images, by subject."""
        by_exam: dict[tuple[str, str], list[Series]] = {}
        for one in self.series:
            by_exam.setdefault((one.subject, one.study), []).append(one)
        return [Exam(subject, uid, tuple(series)) for (subject, uid), series in by_exam.items()]

    @cached_property
    def series(self) -> list[Series]:
        """Every series, by subject and exam: ``dicom/<subject>/<study>/<series>/``."""
        found = []
        for folder in sorted((self.folder / "dicom").glob("*/*/*")):
            files = tuple(sorted(folder.glob("*.dcm")))
            if files:
                subject, study, uid = folder.parts[-3:]
                found.append(Series(subject, study, uid, files))
        return found

    def __len__(self) -> int:
        return len(self.series)

    @overload
    def __getitem__(self, at: int) -> Sample: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Sample]: ...
    def __getitem__(self, at: int | slice) -> Sample | Sequence[Sample]:
        if isinstance(at, slice):
            return [one.read() for one in self.series[at]]
        if not self.series:
            raise IndexError("this package has no DICOM images: ask for the form dicom")
        return self.series[at].read()

    def verify(self) -> int:
        """Compares every file with the checksums of the package.

        Returns how many there are. Raises :class:`ChecksumError`, which names what is missing, changed or added.
        """
        listed = self._checksums()
        missing = [path for path in listed if not place(self.folder, path).is_file()]
        there = [path for path in listed if path not in missing]
        changed = [path for path in there if sha256_of(place(self.folder, path)) != listed[path]]
        added = sorted(self._files() - set(listed))
        troubles = [("missing", missing), ("changed", changed), ("not of the package", added)]
        said = "; ".join(f"{word}: {_few(paths)}" for word, paths in troubles if paths)
        if said:
            raise ChecksumError(f"{self.folder} is not the package that was released. {said}")
        return len(listed)

    @property
    def manifest(self) -> dict[str, Any]:
        """What it is made of: definition, members, versions."""
        return self._json("manifest.json")

    @property
    def citation(self) -> str:
        """A line to cite it by, with the digest that pins its bytes."""
        crate = self._json("ro-crate-metadata.json")
        root: dict[str, Any] = next((one for one in crate.get("@graph", []) if one.get("@id") == "./"), {})
        title = root.get("name") or self.manifest.get("title") or "Data set"
        made = str(root.get("datePublished") or self.manifest.get("madeAt") or "")[:10]
        note = self.folder / NOTE
        pinned = json.loads(note.read_text("utf-8")) if note.is_file() else {}
        frozen = pinned.get("frozen")
        parts = [
            f"{title}{f' ({made})' if made else ''}",
            f"frozen cohort {frozen}" if frozen else "",
            f"release {pinned['release']}" if "release" in pinned else "",
            f"SHA-256 {pinned['digest']}"
            if "digest" in pinned
            else f"{CHECKSUMS} {sha256_of(self.folder / CHECKSUMS)}",
            "Isocenter imaging research warehouse",
        ]
        return ". ".join(part for part in parts if part) + "."

    def _json(self, name: str) -> dict[str, Any]:
        path = self.folder / name
        if not path.is_file():
            return {}
        content: dict[str, Any] = json.loads(path.read_text("utf-8"))
        return content

    def _checksums(self) -> dict[str, str]:
        listed = {}
        for number, line in enumerate((self.folder / CHECKSUMS).read_text("utf-8").splitlines(), 1):
            digest, _, path = line.partition(" ")
            if len(digest) != 64 or not path.strip():
                raise ChecksumError(f"{CHECKSUMS}, line {number}, is no checksum and path")
            # sha256sum writes two spaces, or one and a star.
            listed[path[1:] if path[:1] in (" ", "*") else path] = digest.lower()
        return listed

    def _files(self) -> set[str]:
        own = {CHECKSUMS, NOTE}
        every = (one.relative_to(self.folder).as_posix() for one in self.folder.rglob("*") if one.is_file())
        return {path for path in every if path not in own and not path.endswith(".part")}


def _few(paths: Sequence[str]) -> str:
    more = f" and {len(paths) - 5} more" if len(paths) > 5 else ""
    return ", ".join(paths[:5]) + more
