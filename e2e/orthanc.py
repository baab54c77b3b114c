"""A private Orthanc, Debian's package, as somebody else's PACS; stopped by its process id."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

import dcmtk
from isocenter import Isocenter, soon

TITLE = "ORTHANC"
DICOMWEB = Path("/usr/share/orthanc/plugins/libOrthancDicomWeb.so")


@dataclass
class Orthanc:
    """Its REST API and its DICOM port."""

    url: str
    dicom_port: int

    def get(self, path: str) -> Any:
        answer = requests.get(self.url + path, timeout=60)
        assert answer.ok, f"{path}: {answer.status_code} {answer.text[:500]}"
        return answer.json()

    def post(self, path: str, body: Any) -> Any:
        data = body if isinstance(body, bytes) else json.dumps(body)
        answer = requests.post(self.url + path, data=data, timeout=60)
        assert answer.ok, f"{path}: {answer.status_code} {answer.text[:500]}"
        return answer.json()

    def store(self, content: bytes) -> None:
        self.post("/instances", content)

    def find(self, level: str, **keys: str) -> list[str]:
        """Its own ids of what matches."""
        return self.post("/tools/find", {"Level": level, "Query": keys})

    def delete(self, instance: str) -> None:
        assert requests.delete(f"{self.url}/instances/{instance}", timeout=60).ok

    def file(self, instance: str) -> bytes:
        return requests.get(f"{self.url}/instances/{instance}/file", timeout=60).content


def settings(folder: Path, http: int, dicom: int, server: Isocenter) -> dict[str, Any]:
    here = {name: str(folder / name) for name in ("StorageDirectory", "IndexDirectory", "TemporaryDirectory")}
    web = {"Url": f"{server.url}/dicom-web/", "HttpHeaders": {"Authorization": server.http.headers["authorization"]}}
    return here | {
        "Name": "e2e",
        "HttpPort": http,
        "DicomPort": dicom,
        "DicomAet": TITLE,
        "RemoteAccessAllowed": False,
        "AuthenticationEnabled": False,
        "DicomAlwaysAllowFind": True,
        "DicomAlwaysAllowMove": True,
        "DicomModalities": {"isocenter": ["ISOCENTER", "127.0.0.1", server.dimse_port]},
        "Plugins": [str(DICOMWEB)] if DICOMWEB.exists() else [],
        "DicomWeb": {"Enable": True, "Root": "/dicom-web/", "Servers": {"isocenter": web}},
    }


@contextmanager
def running(folder: Path, server: Isocenter, ports: tuple[int, int] | None = None) -> Iterator[Orthanc]:
    """Orthanc and a server that know each other; with ports and a folder it had before: the same again."""
    program = shutil.which("Orthanc") or pytest.skip("Orthanc (Debian's package orthanc) is not installed")
    http, dicom = ports or (dcmtk.free_port(), dcmtk.free_port())
    for name in ("StorageDirectory", "IndexDirectory", "TemporaryDirectory"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "orthanc.json").write_text(json.dumps(settings(folder, http, dicom, server)))
    with (folder / "orthanc.log").open("w") as log:
        process = subprocess.Popen([program, folder / "orthanc.json"], stdout=log, stderr=log)
    try:
        orthanc = Orthanc(f"http://127.0.0.1:{http}", dicom)
        soon(lambda: process.poll() is not None or is_up(orthanc), seconds=60)
        assert process.poll() is None, (folder / "orthanc.log").read_text()[-2000:]
        yield orthanc
    finally:
        process.terminate()
        process.wait(60)


def is_up(orthanc: Orthanc) -> bool:
    try:
        return requests.get(f"{orthanc.url}/system", timeout=5).ok
    except requests.ConnectionError:
        return False
