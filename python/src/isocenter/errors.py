"""What can go wrong, each said with what would help."""

from __future__ import annotations


class IsocenterError(Exception):
    """Anything this package says about the server, a release or a package."""


class ServerError(IsocenterError):
    """The server refused or failed."""

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        #: The HTTP status; 0 where no answer came.
        self.status = status


class NotReadyError(IsocenterError):
    """There is no package yet: nobody asked, or somebody or something is waited for."""


class RefusedError(IsocenterError):
    """The request was refused, or taken back by whoever asked."""


class ExpiredError(IsocenterError):
    """The package's time is over."""


class RecalledError(IsocenterError):
    """The package was called back: it must not be used any more."""


class ChecksumError(IsocenterError):
    """Bytes are not those that were released."""


class MissingExtraError(IsocenterError):
    """An optional library is needed."""

    def __init__(self, library: str) -> None:
        super().__init__(f"reading this needs {library}: pip install 'isocenter[data]'")
