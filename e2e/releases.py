"""People who ask for data, decide about it and receive it."""

from __future__ import annotations

import json
from typing import Any

import pyarrow
import requests
from isocenter import Isocenter, soon

Json = dict[str, Any]


class Person:
    """Somebody with an account, and what they ask of releases."""

    def __init__(self, s: Isocenter, name: str, *roles: str) -> None:
        self.s, self.name = s, name
        if name not in s.printed("user", "list"):
            s.printed("user", "add", name, *[word for role in roles for word in ("--role", role)])
        self.http = requests.Session()
        self.http.headers["authorization"] = f"Bearer {s.token(name)}"

    def call(self, method: str, path: str, body: Any = None, status: int = 200, **more: Any) -> requests.Response:
        answer = self.http.request(method, f"{self.s.url}/api/v1/{path}", json=body, timeout=120, **more)
        assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text[:800]}"
        return answer

    def release(self, made: str) -> Json:
        return self.call("GET", f"releases/{made}").json()

    def decide(self, made: str, approve: bool = True, status: int = 204) -> requests.Response:
        return self.call("POST", f"releases/{made}/decisions", {"approve": approve, "reason": "looked at"}, status)

    def files(self, made: str) -> list[Json]:
        return self.call("GET", f"releases/{made}/files").json()["files"]

    def rows(self, sql: str, release: str | None, status: int = 200) -> pyarrow.Table | str:
        asked = {"statement": sql, "form": "arrow", "release": release}
        answer = self.call("POST", "sql", asked, status)
        return pyarrow.ipc.open_stream(answer.content).read_all() if status == 200 else answer.json()["detail"]

    def bytes_of(self, made: str, path: str) -> bytes:
        return self.call("GET", f"releases/{made}/files/{path}").content


def caught_up(s: Isocenter) -> None:
    soon(lambda: s.json("/api/v1/records/summary")["busy"], lambda busy: not busy, seconds=300)
    soon(lambda: s.json("/api/v1/cohort-language"), lambda told: not told["behind"] and told["facts"] > 0, seconds=120)


def frozen(who: Person, patients: Json | None = None) -> str:
    definition = {"language": 1, "patients": patients or {"has": {"of": "exam"}}}
    kept = who.call("POST", "cohorts", {"name": "Chests", "definition": definition}, 201).json()["id"]
    return who.call("POST", f"cohorts/{kept}/frozen", {}, 201).json()["id"]


def asked(who: Person, of: str, status: int = 201, **more: Any) -> str:
    body = {
        "frozen": of,
        "project": "lung",
        "title": "Nodules",
        "purpose": "To train a detector",
        "recipients": [{"name": "Nora", "email": "nora", "institution": "Uni"}],
        "terms": True,
        "expires": "2099-12-31",
        "ethics": "EK 12/2026",
        "forms": ["dicom", "nifti", "tables", "reports", "in-place"],
    }
    return who.call("POST", "releases", body | more, status).json().get("id", "")


def ready(who: Person, made: str) -> Json:
    told = soon(lambda: who.release(made), lambda told: told["state"] not in ("asked", "making"), seconds=300)
    assert told["state"] == "ready", json.dumps(told, indent=1)[:6000]
    return told
