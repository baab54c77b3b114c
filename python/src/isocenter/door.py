"""Requests to the server. The one place that knows HTTP and the token."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from http.client import HTTPException, HTTPResponse
from typing import Any
from urllib.parse import quote, urlsplit

from .errors import ServerError

#: Seconds without a byte after which a connection is given up.
PATIENCE = 120.0


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect could carry the token to another place; the API has none."""

    def redirect_request(self, *_: Any) -> None:
        return None


class Door:
    """The API under a server's address, with a token."""

    def __init__(self, url: str, token: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ServerError(f"{url!r} is no address of a server: give one like https://isocenter.example.org")
        self.url = url.rstrip("/")
        self._token = token
        self._opener = urllib.request.build_opener(_NoRedirect)

    def __repr__(self) -> str:
        return f"Door({self.url!r})"

    def open(
        self,
        path: str,
        *,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> HTTPResponse:
        """The answer to a request, to be read and closed by the caller.

        Raises :class:`ServerError` for every answer that isn't a success.
        """
        request = urllib.request.Request(f"{self.url}/api/v1{path}", data=body, method=method)
        request.add_header("Authorization", f"Bearer {self._token}")
        for name, value in (headers or {}).items():
            request.add_header(name, value)
        try:
            answer: HTTPResponse = self._opener.open(request, timeout=PATIENCE)
            return answer
        except urllib.error.HTTPError as error:
            with error:
                raise ServerError(_why(error), error.code) from None
        except (urllib.error.URLError, HTTPException, OSError) as error:
            reason = getattr(error, "reason", error)
            raise ServerError(f"{self.url} doesn't answer: {reason}") from error

    def json(self, path: str, *, method: str = "GET", body: object = None) -> Any:
        """The JSON of an answer; ``None`` where it has no body."""
        sent = None if body is None else json.dumps(body).encode()
        headers = {} if sent is None else {"Content-Type": "application/json"}
        with self.open(path, method=method, body=sent, headers=headers) as answer:
            content = answer.read()
        if not content:
            return None
        try:
            return json.loads(content)
        except ValueError:
            raise ServerError(f"{self.url} didn't answer with JSON: is it an Isocenter server?") from None


def _why(error: urllib.error.HTTPError) -> str:
    """The server's own words, where it has some."""
    try:
        problem = json.loads(error.read(100_000))
    except (ValueError, OSError, HTTPException):
        problem = None
    if not isinstance(problem, dict):
        return f"the server answered {error.code} {error.reason}"
    said = str(problem.get("detail") or problem.get("title") or error.reason)
    if error.code == 401:
        return f"{said} (is the token right, and still valid? Tokens are made on the page Access.)"
    return said


def segment(text: str) -> str:
    """A piece of a path, whatever is in it."""
    return quote(text, safe="")
