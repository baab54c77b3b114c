"""Cohorts: counting, freezing, asking."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from warehouse import DEFINITION, TOKEN, Warehouse

from isocenter import Client, Cohort, Frozen, IsocenterError, ServerError

RECIPIENT = {"name": "Rita", "email": "rita@example.org", "institution": "Example"}


def test_a_small_number_stays_hidden(client: Client, warehouse: Warehouse) -> None:
    counts = client.count(DEFINITION)
    assert warehouse.bodies == [{"definition": DEFINITION}]
    assert int(counts.patients) == 3
    assert str(counts) == "3 patients, fewer than 5 exams (facts 7)"
    with pytest.raises(ValueError, match="hidden: fewer than 5"):
        int(counts.exams)


def test_a_cohort_is_found_by_its_id_and_a_frozen_one_by_the_id_it_is_cited_by(client: Client) -> None:
    kept, frozen = client.cohort("c0de"), client.cohort("f00d")
    assert isinstance(kept, Cohort) and kept.name == "Nodules" and kept.definition == DEFINITION
    assert isinstance(frozen, Frozen) and frozen.cohort == "c0de"
    with pytest.raises(IsocenterError, match="no cohort 'nothing'"):
        client.cohort("nothing")


def test_freezing_and_asking_send_what_was_said(client: Client, warehouse: Warehouse, tmp_path: Path) -> None:
    vote = tmp_path / "vote.pdf"
    vote.write_bytes(b"%PDF-1.7 yes")
    release = client.cohort("c0de").freeze().ask(
        project="lung",
        purpose="Find nodules",
        expires=date(2027, 3, 1),
        recipients=[RECIPIENT],
        ethics="EK-2026-1",
        ethics_document=vote,
        forms=["dicom", "nifti"],
        accept_terms=True,
    )  # fmt: skip
    assert (release.id, release.state) == ("new", "asked")
    asked, document = warehouse.bodies[-2:]
    assert asked == {
        "frozen": "f00d",
        "project": "lung",
        "title": "Find nodules",
        "purpose": "Find nodules",
        "recipients": [RECIPIENT],
        "terms": True,
        "expires": "2027-03-01",
        "forms": ["dicom", "nifti"],
        "ethics": "EK-2026-1",
    }
    assert document == ("application/pdf", b"%PDF-1.7 yes")


def test_what_cannot_be_asked_is_said_before_anything_is_sent(client: Client, warehouse: Warehouse) -> None:
    frozen = client.cohort("f00d")
    assert isinstance(frozen, Frozen)
    request = {"project": "lung", "purpose": "x", "expires": "2027-03-01", "recipients": [RECIPIENT]}
    with pytest.raises(ValueError, match="choose among dicom, nifti, tables, reports, in-place"):
        frozen.ask(**request, forms=["zip"], accept_terms=True)
    with pytest.raises(ValueError, match="terms of use"):
        frozen.ask(**request)
    with pytest.raises(FileNotFoundError):
        frozen.ask(**request, accept_terms=True, ethics_document="/nowhere/vote.pdf")
    assert warehouse.bodies == []


def test_a_statement_gives_a_table_or_says_that_it_broke_off(client: Client, warehouse: Warehouse) -> None:
    table = client.sql("SELECT code, patients FROM told", facts=7)
    assert table.to_pydict() == {"code": ["C34.1", None], "patients": [12, 3]}
    asked = {"statement": "SELECT code, patients FROM told", "form": "arrow", "facts": 7, "release": None}
    assert warehouse.bodies == [asked]
    client.sql("SELECT 1", release="3f21")
    assert warehouse.bodies[-1]["release"] == "3f21"
    with pytest.raises(ServerError, match="broke off"):
        client.sql("cut")


def test_server_and_token_come_from_the_environment(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ISOCENTER_URL", raising=False)
    with pytest.raises(IsocenterError, match="ISOCENTER_URL"):
        Client()
    monkeypatch.setenv("ISOCENTER_URL", warehouse.url)
    monkeypatch.setenv("ISOCENTER_TOKEN", TOKEN)
    assert [one.id for one in Client().cohorts()] == ["c0de"]
    assert TOKEN not in repr(Client())


def test_troubles_with_the_server_say_what_would_help(client: Client, warehouse: Warehouse) -> None:
    with pytest.raises(ServerError, match="is the token right") as refused:
        Client(warehouse.url, "iso_wrong").cohorts()
    assert refused.value.status == 401
    with pytest.raises(ServerError, match="doesn't answer"):
        Client("http://127.0.0.1:9", TOKEN).cohorts()
    with pytest.raises(ServerError, match="no address of a server"):
        Client("isocenter.example.org", TOKEN)


def test_a_redirect_is_not_followed_with_the_token(client: Client) -> None:
    with pytest.raises(ServerError) as moved:
        client._door.json("/moved")
    assert moved.value.status == 302
