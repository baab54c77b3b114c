"""Quarantine, conflicts, attachments and uploads through the API."""

from __future__ import annotations

import io
from copy import deepcopy

import pydicom
import pytest
from pydicom.dataset import Dataset

from isocenter import Isocenter, soon
from samples import encoded, exam, instance, sha256, shared


def post(server: Isocenter, content: bytes) -> int:
    kind = {"content-type": "application/dicom", "accept": "application/dicom+json"}
    return server.post("/dicom-web/studies", data=content, headers=kind).status_code


def set_aside(server: Isocenter, content: bytes) -> dict:
    """The entry in quarantine of a file that was just sent."""
    (item,) = soon(lambda: [one for one in server.quarantine() if one["id"] == sha256(content)[:32]])
    return item


def nameless() -> Dataset:
    image = instance()
    del image.StudyInstanceUID
    return image


def test_quarantine_is_listed_read_tried_again_and_discarded(server: Isocenter) -> None:
    content = encoded(nameless())
    assert post(server, content) == 409
    item = set_aside(server, content)
    assert item["reason"] == "missing-study-instance-uid" and item["detail"] and item["size"] == len(content)
    assert "bob" in item["source"]
    path = f"/api/v1/quarantine/{item['id']}"
    assert server.get(f"{path}/content").content == content
    assert server.post(f"{path}/retry").json()["outcome"] == "quarantined"
    assert server.post(f"{path}/discard").status_code == 204
    soon(server.quarantine, lambda seen: item["id"] not in [one["id"] for one in seen])
    assert server.post(f"{path}/discard").status_code == 409, "it has left quarantine"


def test_nothing_of_a_patient_is_in_the_log(server: Isocenter) -> None:
    image = nameless()
    image.PatientName, image.PatientID = "Secret^Person", "SECRET-ID"
    content = encoded(image)
    assert post(server, content) == 409
    item = set_aside(server, content)
    assert "Secret" not in item["detail"]
    server.find("/studies", PatientName="Secret*")
    assert "Secret" not in server.log() and "SECRET-ID" not in server.log()


def test_a_conflict_is_visible_and_the_original_untouched(server: Isocenter) -> None:
    first = instance()
    second = deepcopy(first)
    second.PatientID = "OTHER"
    # Sent again, the other content is held already, beside the original.
    assert [post(server, encoded(image)) for image in (first, second, second)] == [200, 202, 202]
    held = soon(lambda: [one for one in server.conflicts() if one["sopInstanceUid"] == first.SOPInstanceUID])
    assert [one["sha256"] for one in held] == [sha256(encoded(second))]
    assert server.original(first.StudyInstanceUID, first.SeriesInstanceUID, first.SOPInstanceUID) == encoded(first)


@pytest.mark.parametrize("subject", ["patient", "exam", "project"])
def test_any_file_is_attached(server: Isocenter, subject: str) -> None:
    about = {"subject": subject, "id": "1.2.3.4" if subject == "exam" else "A 1/ü", "name": "Bericht ü.pdf"}
    content = b"%PDF-1.7\n" + bytes(range(256)) * 5000
    headers = {"content-type": "application/pdf", "x-content-sha256": sha256(content)}
    made = server.post("/api/v1/attachments", params=about, data=content, headers=headers)
    assert made.status_code == 201, made.text
    listed = soon(lambda: server.json("/api/v1/attachments", params=about)["items"])
    assert [(one["name"], one["size"]) for one in listed] == [("Bericht ü.pdf", len(content))]
    given = server.get(f"/api/v1/attachments/{listed[0]['id']}/content")
    assert given.content == content and given.headers["content-disposition"].startswith("attachment")
    wrong = headers | {"x-content-sha256": "0" * 64}
    assert server.post("/api/v1/attachments", params=about, data=content, headers=wrong).status_code == 400


def test_a_real_nifti_volume_is_attached(server: Isocenter) -> None:
    path = next(iter(sorted(shared("data/series/sts-002/nifti").glob("*.nii.gz"))))
    about = {"subject": "project", "id": "sts", "name": path.name}
    assert server.post("/api/v1/attachments", params=about, data=path.read_bytes()).status_code == 201
    (one,) = soon(lambda: server.json("/api/v1/attachments", params=about)["items"])
    assert server.get(f"/api/v1/attachments/{one['id']}/content").content == path.read_bytes()


def test_an_upload_is_taken_up_where_it_stopped(server: Isocenter) -> None:
    files = {f"cd/{number}": encoded(image) for number, image in enumerate(exam(4))}
    upload = server.post("/api/v1/uploads", json={"name": "cd"}).json()["id"]

    def put(path: str) -> str:
        url = f"{server.url}/api/v1/uploads/{upload}/files"
        answer = server.http.put(url, params={"path": path}, data=files[path], timeout=60)
        assert answer.status_code == 200, answer.text
        return answer.json()["outcome"]

    first, *rest = files
    assert put(first) == "stored"
    arrived = {one["path"] for one in server.json(f"/api/v1/uploads/{upload}")["files"]}
    assert arrived == {first}
    assert [put(path) for path in rest] == ["stored"] * 3
    assert put(first) == "alreadyHeld"
    done = server.post(f"/api/v1/uploads/{upload}/finish").json()
    assert (done["stored"], done["alreadyHeld"]) == (3, 1)


def test_what_came_without_preamble_can_be_opened(server: Isocenter) -> None:
    """pydicom alone writes such files when it isn't asked for more; others can't open them."""
    image = instance()
    buffer = io.BytesIO()
    pydicom.dcmwrite(buffer, image)
    content = buffer.getvalue()
    assert content[128:132] != b"DICM"
    server.stow(content)
    given = server.original(image.StudyInstanceUID, image.SeriesInstanceUID, image.SOPInstanceUID)
    assert given is not None and given.endswith(content)
    assert pydicom.dcmread(io.BytesIO(given)) == image
