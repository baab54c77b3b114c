"""Isocenter from Python: count cohorts, freeze them, ask for their data, and read what was released.

Start with :class:`Client`; what is pulled is a :class:`Dataset`. What may be seen, the server decides.
"""

from .client import Client
from .cohort import Cohort, Count, Counts, Frozen
from .dataset import Dataset, Exam, Sample, Series
from .errors import (
    ChecksumError,
    ExpiredError,
    IsocenterError,
    MissingExtraError,
    NotReadyError,
    RecalledError,
    RefusedError,
    ServerError,
)
from .release import Release

__all__ = [
    "ChecksumError",
    "Client",
    "Cohort",
    "Count",
    "Counts",
    "Dataset",
    "Exam",
    "ExpiredError",
    "Frozen",
    "IsocenterError",
    "MissingExtraError",
    "NotReadyError",
    "RecalledError",
    "RefusedError",
    "Release",
    "Sample",
    "Series",
    "ServerError",
]
__version__ = "0.1.0"
