"""A project as its members see it, and how one is made."""

from __future__ import annotations

import io

import pydicom
import requests
from pydicom.dataset import Dataset

from isocenter import AS_RECEIVED, Isocenter, Json, parts, soon

POLICY = "public-sharing"


class Member:
    """Somebody's view of a project, through its own DICOMweb service."""

    def __init__(self, server: Isocenter, project: str, account: str) -> None:
        self.server, self.project = server, project
        self.http = requests.Session()
        self.http.headers["authorization"] = f"Bearer {server.token(account)}"

    def get(self, path: str, accept: str = "application/dicom+json", **parameters: str) -> requests.Response:
        url = f"{self.server.url}/{self.project}/dicomweb{path}"
        return self.http.get(url, params=parameters, headers={"accept": accept}, timeout=120)

    def find(self, path: str, **parameters: str) -> list[Json]:
        answer = self.get(path, **parameters)
        assert answer.ok, f"{path}: {answer.status_code} {answer.text[:500]}"
        return answer.json() if answer.content else []

    def files(self, path: str) -> list[Dataset]:
        answer = self.get(path, AS_RECEIVED)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text[:500]}"
        return [pydicom.dcmread(io.BytesIO(content)) for _, content in parts(answer)]


def value(row: Json, tag: str) -> str:
    first = (row.get(tag, {}).get("Value") or [""])[0]
    return first.get("Alphabetic", "") if isinstance(first, dict) else str(first)


def kind(problem: Json) -> str:
    return problem["type"].rsplit(":", 1)[1]


def call(server: Isocenter, method: str, path: str, body: Json = None, status: int = 200) -> Json:
    url = f"{server.url}/api/v1/projects{path}"
    answer = server.http.request(method, url, json=body, timeout=120)
    assert answer.status_code == status, f"{path}: {answer.status_code} {answer.text[:800]}"
    return answer.json() if answer.content else None


def project(server: Isocenter, name: str, **more: Json) -> None:
    call(server, "POST", "", {"id": name, "title": name.title(), "policy": POLICY} | more, 201)


def enrol(server: Isocenter, name: str, studies: list[str], **more: Json) -> dict[str, str]:
    """Enrols by exams; the code by Study Instance UID."""
    done = call(server, "POST", f"/{name}/subjects", {"exams": studies} | more)["enrolled"]
    assert all(one["code"] for one in done), done
    settled(server, name)
    return {one["exam"]: one["code"] for one in done}


def settled(server: Isocenter, name: str, seconds: float = 120) -> Json:
    look = lambda: call(server, "GET", f"/{name}/coverage")  # noqa: E731
    return soon(look, lambda coverage: coverage["waiting"] == 0, seconds)


def member(server: Isocenter, name: str, account: str = "rita") -> Member:
    if account not in server.printed("user", "list"):
        server.printed("user", "add", account, "--role", "researcher")
    call(server, "PUT", f"/{name}/members/{account}", {"role": "member"}, 204)
    return Member(server, name, account)


def identifiers(image: Dataset) -> set[str]:
    """What must not be found in anything that leaves."""
    found = {str(image.get(key, "")) for key in ("PatientID", "AccessionNumber", "StudyInstanceUID", "SOPInstanceUID")}
    return {text for text in found if len(text) >= 8 and any(sign.isdigit() for sign in text)}


def names(image: Dataset) -> set[str]:
    """Parts of the patient's name."""
    return {part for part in str(image.get("PatientName", "")).replace("^", " ").split() if len(part) > 3}


def studies(images: list[Dataset]) -> list[str]:
    return list(dict.fromkeys(str(image.StudyInstanceUID) for image in images))
