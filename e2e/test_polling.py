"""FHIR servers that are asked for what is new: SMART Backend Services, pages, trouble, resuming, Bulk Data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from fhir_server import MOMENT, FhirServer, Resource, fhir_server
from isocenter import Isocenter, running, soon


def resource(kind: str, number: int, updated: str = "2024-01-01T00:00:00Z", **more: Any) -> Resource:
    return {"resourceType": kind, "id": f"{kind.lower()}-{number}", "meta": {"lastUpdated": updated}} | more


def patient(number: int, **more: Any) -> Resource:
    identifier = [{"system": "urn:mrn", "value": f"M{number}", "type": {"coding": [{"code": "MR"}]}}]
    return resource("Patient", number, identifier=identifier, name=[{"family": f"Family{number}"}], **more)


def drug(number: int, of: int, **more: Any) -> Resource:
    medicine = {"coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "860975"}], "text": "Metformin"}
    subject = {"reference": f"Patient/patient-{of}"}
    given = {"status": "active", "intent": "order", "authoredOn": "2024-01-01"}
    return resource("MedicationRequest", number, medicationCodeableConcept=medicine, subject=subject, **given | more)


def hospital() -> FhirServer:
    held = FhirServer()
    held.add(*(patient(number) for number in range(5)), *(drug(number, number) for number in range(3)))
    return held


def settings(folder: Path, held: FhirServer, **more: Any) -> None:
    """The settings file of a server that asks this one."""
    keys = {"url": held.url, "types": ["Patient", "MedicationRequest"], "interval_minutes": 10_000} | more
    lines = [f"{name} = {json.dumps(value)}" for name, value in keys.items()]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "isocenter.toml").write_text("\n".join(["[records.fhir.ehr]", *lines, ""]))


def state(s: Isocenter) -> Any:
    return s.json("/api/v1/records/fhir-servers")["servers"][0]


def polled(s: Isocenter) -> Any:
    """Asks now, and waits until the round has ended."""
    answer = s.post("/api/v1/records/fhir-servers/ehr/poll")
    assert answer.status_code == 202, answer.text
    return soon(lambda: state(s), lambda told: told["rounds"] >= answer.json()["round"] and not told["running"], 60)


def counts(s: Isocenter) -> dict[str, int]:
    soon(lambda: not s.json("/api/v1/records/summary")["busy"])
    told: dict[str, int] = {}
    for one in s.json("/api/v1/records/summary")["records"]:
        told[one["kind"]] = told.get(one["kind"], 0) + one["count"]
    return told


def signed(folder: Path, held: FhirServer, **more: Any) -> None:
    """A key made by the command line, which the server gets to know by what was printed."""
    folder.mkdir(parents=True, exist_ok=True)
    held.keys = json.loads(Isocenter(folder).printed("records", "poll", "--make-key", "key.pem"))["keys"]
    settings(folder, held, client_id="isocenter", key_file=str(folder / "key.pem"), **more)


def test_everything_new_comes_page_by_page_and_once(tmp_path: Path) -> None:
    with fhir_server(hospital()) as held:
        signed(tmp_path / "a", held)
        with running(tmp_path / "a") as s:
            first = soon(lambda: state(s), lambda told: told["rounds"] == 1)
            assert (first["error"], first["resources"], first["pages"]) == ("", 8, 5), held.problems
            assert counts(s) == {"Patient": 5, "MedicationRequest": 3}
            assert s.http.get(f"{s.url}/.well-known/jwks.json").json()["keys"] == held.keys
            second = polled(s)
            assert (second["error"], second["resources"]) == ("", 8), "what was there is not asked for again"
            assert "_lastUpdated=ge20" in held.searches("Patient")[-1]
            later = {"meta": {"lastUpdated": "2099-01-01T00:00:00Z"}}
            held.add(patient(9) | later)
            assert polled(s)["resources"] == 9
            assert counts(s)["Patient"] == 6
            # The same again: the same records.
            polled(s)
            assert counts(s) == {"Patient": 6, "MedicationRequest": 3}
            person = s.post("/api/v1/records/people/search", json={"value": "M1"}).json()["persons"][0]["id"]
            taken = s.json(f"/api/v1/records/people/{person}/medications")
            assert [(one["name"], one["standing"]) for one in taken["medications"]] == [("Metformin", "active")]
            assert taken["medications"][0]["entries"][0]["source"]
            assert "Family" not in s.log() and "Metformin" not in s.log()


def test_an_rsa_key_signs_too(tmp_path: Path) -> None:
    folder = tmp_path / "a"
    folder.mkdir()
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "rsa.pem").write_bytes(key.private_bytes(*form))
    with fhir_server(hospital()) as held:
        settings(folder, held, client_id="isocenter", key_file="rsa.pem", key_id="ours")
        held.keys = [{"kid": "nobody"}]
        with running(folder) as s:
            soon(lambda: state(s), lambda told: told["rounds"] == 1)
            held.keys = s.http.get(f"{s.url}/.well-known/jwks.json").json()["keys"]
            assert [(one["kid"], one["alg"]) for one in held.keys] == [("ours", "RS384")]
            assert (polled(s)["error"], held.problems[1:]) == ("", [])


def test_a_token_that_is_refused_is_told_and_nothing_else(tmp_path: Path) -> None:
    with fhir_server(hospital()) as held:
        signed(tmp_path / "a", held)
        held.refuse_tokens = True
        with running(tmp_path / "a") as s:
            told = soon(lambda: state(s), lambda told: told["rounds"] == 1)
            assert told["error"] == "the token was refused (invalid_client, status 400)"
            assert "Jane" not in s.log(), "a server's own words may hold anything"
            assert counts(s) == {}
            done = s.run("records", "poll")
            assert done.returncode == 3 and "invalid_client" in done.stdout
            held.refuse_tokens = False
            assert s.printed("records", "poll", "ehr").startswith("ehr (")
            assert counts(s)["Patient"] == 5
            # A token that ended before its time is asked for anew.
            held.tokens = set()
            assert polled(s)["error"] == ""


def test_a_busy_server_is_waited_for_and_a_broken_page_is_asked_for_again(tmp_path: Path) -> None:
    with fhir_server(hospital()) as held:
        settings(tmp_path / "a", held)
        held.instead = [429, 503]
        with running(tmp_path / "a") as s:
            told = soon(lambda: state(s), lambda told: told["rounds"] == 1)
            assert (told["error"], told["resources"]) == ("", 8)
            held.add(*(patient(number, meta={"lastUpdated": "2099-01-01T00:00:00Z"}) for number in range(20, 25)))
            held.instead = [b'{"resourceType": "Bundle", "entry": [{"resou']
            told = polled(s)
            assert told["error"] == "the server's answer is no FHIR Bundle, or cut off"
            assert counts(s)["Patient"] == 5, "nothing of a page that is cut off"
            told = polled(s)
            assert (told["error"], counts(s)["Patient"]) == ("", 10)


def test_a_server_that_leads_elsewhere_is_not_followed(tmp_path: Path) -> None:
    bundle = {"resourceType": "Bundle", "link": [{"relation": "next", "url": "http://127.0.0.1:1/r4/Patient?page=2"}]}
    with fhir_server(hospital()) as held:
        settings(tmp_path / "a", held, types=["Patient"])
        held.instead = [json.dumps(bundle).encode()]
        with running(tmp_path / "a") as s:
            told = soon(lambda: state(s), lambda told: told["rounds"] == 1)
            assert "leads to another server" in told["error"]
            assert polled(s)["error"] == ""


def test_it_goes_on_at_the_page_it_was_at_after_being_killed(tmp_path: Path) -> None:
    with fhir_server(hospital()) as held:
        settings(tmp_path / "a", held, types=["Patient"])
        # One page comes, the next doesn't.
        held.instead = [None, 403]
        with running(tmp_path / "a") as s:
            told = soon(lambda: state(s), lambda told: told["rounds"] == 1)
            assert (told["error"], told["resources"]) == ("the server answered with status 403", 2)
            s.kill()
            before = len(held.searches("Patient"))
            s.start()
            assert polled(s)["error"] == ""
            assert "page=2" in held.searches("Patient")[before], "not from the start"
            assert (counts(s)["Patient"], state(s)["resources"]) == (5, 5)
            # A page that the server has forgotten: from the start, and nothing is doubled.
            held.add(*(patient(number, meta={"lastUpdated": "2099-01-01T00:00:00Z"}) for number in range(30, 35)))
            held.instead = [None, 403]
            assert polled(s)["error"] != ""
            held.instead = [410]
            assert polled(s)["error"] == ""
            assert counts(s)["Patient"] == 10


def test_a_server_that_is_away_is_told_and_asked_again(tmp_path: Path) -> None:
    held = hospital()
    with fhir_server(held):
        settings(tmp_path / "a", held)
    with running(tmp_path / "a") as s:
        told = soon(lambda: state(s), lambda told: told["rounds"] == 1, 60)
        assert told["error"].startswith("the server can't be reached")
        assert told["succeededAt"] is None
        with fhir_server(held):
            told = polled(s)
            assert (told["error"], counts(s)["Patient"]) == ("", 5)


def test_an_export_comes_first_where_it_is_wanted(tmp_path: Path) -> None:
    with fhir_server(hospital()) as held:
        signed(tmp_path / "a", held, bulk=True)
        with running(tmp_path / "a") as s:
            told = soon(lambda: state(s), lambda told: told["rounds"] == 1, 60)
            assert (told["error"], told["resources"], held.exports) == ("", 8, 1)
            assert counts(s) == {"Patient": 5, "MedicationRequest": 3}
            assert held.searches("Patient") == []
            assert polled(s)["error"] == ""
            assert held.exports == 1
            assert f"_lastUpdated=ge{MOMENT}" in held.searches("Patient")[-1]


def test_beyond_this_machine_only_https(tmp_path: Path) -> None:
    held = FhirServer()
    held.port = 1
    settings(tmp_path / "a", held, url="http://fhir.example.org/r4")
    with running(tmp_path / "a") as s:
        told = soon(lambda: state(s), lambda told: told["rounds"] == 1)
        assert "https://" in told["error"]
        assert s.post("/api/v1/records/fhir-servers/nobody/poll").status_code == 404
