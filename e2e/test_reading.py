"""Reports are read again after the site's words change, and whenever somebody asks; what was read before stays."""

from __future__ import annotations

import json
from pathlib import Path

from isocenter import Isocenter, running, soon
from onnx_models import VOCABULARY, text_model

MESSAGE = "\r".join(
    [
        "MSH|^~\\&|RIS|HILLSIDE|W|R|20260314120000||ORU^R01^ORU_R01|R1|P|2.5.1",
        "PID|1||R-1^^^HILLSIDE^MR||Example^Rita||19610507|F",
        "OBR|1|PR1^HILLSIDE|FR1^RIS|CT01^CT CHEST^L|||202603140930||||||||||R1||||20260314120000||CT|F",
        "OBX|1|FT|18748-4^Diagnostic Imaging Report^LN|1|FINDINGS: No pneumothorax. A noodle in the left lung.||||||F",
        "",
    ]
)
WORDS = '[[finding]]\nid = "noodle"\nterms = ["noodle"]\n'


def the_report(s: Isocenter) -> int:
    found = s.post("/api/v1/records/reports/search", json={"text": "pneumothorax:absent"}).json()["reports"]
    return found[0]["record"] if found else 0


def found_by(s: Isocenter, report: int) -> dict[str, list[str]]:
    readings = s.json(f"/api/v1/records/{report}")["readings"]
    return {one["lexicon"]: [finding["finding"] for finding in one["reading"]["findings"]] for one in readings}


def test_words_of_the_site_read_all_reports_again_and_earlier_readings_stay(tmp_path: Path) -> None:
    with running(tmp_path / "data") as s:
        assert s.post("/api/v1/records/sources", params={"format": "hl7v2"}, data=MESSAGE.encode()).status_code == 201
        report = soon(lambda: the_report(s))
        assert list(found_by(s, report).values()) == [["pneumothorax"]]
        words = tmp_path / "words.toml"
        words.write_text(WORDS)
        s.stop()
        s.settings["reading.lexicon"] = str(words)
        s.start()
        soon(lambda: s.json("/api/v1/records/readings")["done"])
        both = soon(lambda: found_by(s, report), lambda read: len(read) == 2)
        assert sorted(both.values()) == [["pneumothorax"], ["pneumothorax", "noodle"]]
        assert "1 of 1 reports read" in s.printed("read-reports", "--again")
        assert found_by(s, report) == both, "the same rules and words read the same"


def message(number: int, text: str) -> bytes:
    report = MESSAGE.replace("|R1|", f"|R{number}|").replace("PR1^", f"PR{number}^").replace("FR1^", f"FR{number}^")
    return report.replace("FINDINGS: No pneumothorax. A noodle in the left lung.", text).encode()


def send(s: Isocenter, number: int, text: str) -> None:
    sent = s.post("/api/v1/records/sources", params={"format": "hl7v2"}, data=message(number, text))
    assert sent.status_code == 201, sent.text


def found(s: Isocenter, words: str) -> list[int]:
    return [one["record"] for one in s.post("/api/v1/records/reports/search", json={"text": words}).json()["reports"]]


def model_check(s: Isocenter) -> dict:
    return next(one for one in s.json("/api/v1/health")["checks"] if one["area"] == "text-model")


def test_a_text_models_word_stands_beside_the_rules(tmp_path: Path) -> None:
    with running(tmp_path / "data") as s:
        send(s, 1, "FINDINGS: A nodule, ghostly. A large mass.")
        [ghost] = soon(lambda: found(s, "nodule:present"))
        assert model_check(s)["case"] == "none"
        s.stop()
        s.settings["reading.model"] = text_model(tmp_path / "model")
        assert "text model ghosts answers" in s.printed("config", "check")
        s.start()
        assert model_check(s)["case"] == "answers"
        [reading] = s.json(f"/api/v1/records/{ghost}")["readings"]
        assert reading["opinions"] == [], "reports that are there are asked about when somebody wants it"
        s.printed("read-reports", "--again")

        [reading] = s.json(f"/api/v1/records/{ghost}")["readings"]
        [told] = reading["opinions"]
        assert (told["model"], len(told["digest"])) == ("ghosts", 64)
        findings = [one["finding"] for one in reading["reading"]["findings"]]
        said = {findings[one["finding"]]: (one["assertion"], one["differs"]) for one in told["words"]}
        assert said == {"nodule": ("absent", True), "mass": ("present", False)}
        assert found(s, "nodule:present") == [ghost] and found(s, "nodule:absent") == [], "the rules' word is searched"
        [disputed] = s.json("/api/v1/records/readings/to-check")["disputed"]
        assert (disputed["record"], disputed["doubt"]) == (ghost, 1)

        check_as(s, ghost, reading, {"nodule": "absent", "mass": "present"})
        assert s.json("/api/v1/records/readings/to-check")["disputed"] == []
        rules, model = s.json("/api/v1/records/readings/quality")["by"]
        assert (rules["model"], rules["all"]["right"], rules["all"]["wrong"]) == (None, 1, 1)
        assert (model["all"]["right"], model["all"]["wrong"]) == (2, 0)
        figures = model["model"]
        assert (figures["name"], figures["differ"], figures["rulesRight"], figures["modelRight"]) == ("ghosts", 1, 0, 1)


def check_as(s: Isocenter, report: int, reading: dict, truth: dict[str, str]) -> None:
    """A person's word on each finding."""
    findings = [
        {
            "verdict": "confirmed" if truth[one["finding"]] == one["assertion"] else "corrected",
            "finding": one["finding"],
            **one["span"],
            "assertion": truth[one["finding"]],
            "temporality": one["temporality"],
            "laterality": one["laterality"],
        }
        for one in reading["reading"]["findings"]
    ]
    body = {"version": reading["version"], "engine": reading["engine"], "lexicon": reading["lexicon"]}
    kept = s.post(f"/api/v1/records/{report}/checks", json=body | {"findings": findings})
    assert kept.status_code == 204, kept.text


def test_a_broken_text_model_is_told_and_reports_are_read_by_rules(tmp_path: Path) -> None:
    with running(tmp_path / "data", {"reading.model": text_model(tmp_path / "model", VOCABULARY[:4])}) as s:
        done = s.run("config", "check")
        assert done.returncode != 0 and "reading.model" in done.stderr and "no line `[E]`" in done.stderr
        check = model_check(s)
        assert (check["state"], check["case"]) == ("attention", "failing") and "vocab.txt" in check["details"][0]
        send(s, 1, "FINDINGS: A nodule, ghostly.")
        [report] = soon(lambda: found(s, "nodule:present"))
        assert s.json(f"/api/v1/records/{report}")["readings"][0]["opinions"] == []
        assert "isocenter_text_model_failing 1" in s.get("/metrics").text
