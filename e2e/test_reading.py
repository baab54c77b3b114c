"""Reports are read again after the site's words change, and whenever somebody asks; what was read before stays."""

from __future__ import annotations

from pathlib import Path

from isocenter import Isocenter, running, soon

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
