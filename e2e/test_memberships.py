"""Who is in which project, in the facts: DuckDB finds who the projects name, and no code that would say who is who."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
from deltalake import DeltaTable

from isocenter import Isocenter, running, soon
from projects import call, enrol, project
from samples import encoded, exam

Json = dict[str, Any]
Row = tuple[Any, ...]


def caught_up(s: Isocenter) -> None:
    soon(lambda: s.json("/api/v1/records/summary")["busy"], lambda busy: not busy, seconds=300)
    soon(lambda: s.json("/api/v1/cohort-language"), lambda told: not told["behind"] and told["facts"] > 0, seconds=120)


def facts(s: Isocenter, columns: str) -> list[Row]:
    """Rows of memberships, each with an exam of the patient."""
    caught_up(s)
    of = {table: DeltaTable(str(s.data / "facts" / table)).file_uris() for table in ("membership", "exam")}
    if not of["membership"]:
        return []
    return sorted(
        duckdb.sql(
            f"SELECT {columns} FROM read_parquet({of['membership']!r}) m "
            f"JOIN read_parquet({of['exam']!r}) e ON e.patient = m.patient"
        ).fetchall(),
        key=str,
    )


def counted(s: Isocenter, patients: Json) -> int:
    answer = s.post("/api/v1/cohort-counts", json={"definition": {"language": 1, "patients": patients}})
    assert answer.status_code == 200, answer.text
    return answer.json()["patients"]["count"]


def within(project: str, *tests: Json) -> Json:
    own = [{"field": "project", "anyOf": [project]}, {"field": "state", "anyOf": ["in"]}, *tests]
    return {"has": {"of": "membership", "tests": own}}


def test_memberships_follow_the_projects(tmp_path: Path) -> None:
    anna, bert, carl = (exam(1, patient=name) for name in ("ANNA", "BERT", "CARL"))
    # Bert has two exams; one of them alone is enrolled.
    more = exam(1, patient="BERT")
    uid = {
        name: images[0].StudyInstanceUID
        for name, images in {"anna": anna, "bert": bert, "more": more, "carl": carl}.items()
    }
    with running(tmp_path) as s:
        s.stow(*map(encoded, [*anna, *bert, *more, *carl]))
        project(s, "lung", uses=["research"], needsConsent=True)
        project(s, "heart")
        caught_up(s)
        assert facts(s, "m.project") == []
        codes = enrol(s, "lung", [uid["anna"]])
        codes |= enrol(s, "lung", [uid["bert"]], onlyThese=True)
        enrol(s, "heart", [uid["anna"]])
        columns = "m.project, m.title, m.state, m.consent, m.study_uid, e.study_uid"
        expected = sorted(
            [
                ("lung", "Lung", "in", "unknown", None, uid["anna"]),
                ("heart", "Heart", "in", None, None, uid["anna"]),
                ("lung", "Lung", "in", "unknown", uid["bert"], uid["bert"]),
                ("lung", "Lung", "in", "unknown", uid["bert"], uid["more"]),
            ],
            key=str,
        )
        soon(lambda: facts(s, columns), lambda found: len(found) == 4)
        assert facts(s, columns) == expected
        today = str(datetime.now(UTC).date())
        assert {row for (row,) in facts(s, "CAST(m.date AS VARCHAR)")} == {today}
        # Whoever has these rows learns no code.
        everything = str(facts(s, "m.*"))
        assert not any(code in everything for code in codes.values())

        assert counted(s, within("lung")) == 2
        assert counted(s, {"not": within("lung")}) == 1
        assert counted(s, {"all": [within("lung"), within("heart")]}) == 1
        assert counted(s, {"all": [within("heart"), {"has": {"of": "exam"}}]}) == 1
        assert counted(s, within("nothing")) == 0

        # What they say, and that they leave and come back.
        said = f"/lung/subjects/{codes[uid['anna']]}/consents/research"
        call(s, "PUT", said, {"granted": True}, 204)
        soon(lambda: counted(s, within("lung", {"field": "consent", "anyOf": ["agreed"]})), lambda n: n == 1)
        call(s, "PUT", said, {"granted": False}, 204)
        soon(lambda: counted(s, within("lung", {"field": "consent", "anyOf": ["refused"]})), lambda n: n == 1)
        call(s, "DELETE", f"/lung/subjects/{codes[uid['anna']]}", status=204)
        soon(lambda: counted(s, within("lung")), lambda n: n == 1)
        left = [("left", (datetime.now(UTC).date() - datetime(1970, 1, 1, tzinfo=UTC).date()).days, uid["anna"])]
        found = facts(s, "m.state, m.end_day, e.study_uid")
        assert [row for row in found if row[0] == "left"] == left
        enrol(s, "lung", [uid["anna"]])
        soon(lambda: counted(s, within("lung")), lambda n: n == 2)
        assert {row[1] for row in facts(s, "m.state, m.end_day")} == {None}

        # The exam they were enrolled by goes: the patient's other one leads to them.
        enrol(s, "heart", [uid["more"]])
        soon(lambda: counted(s, within("heart")), lambda n: n == 2)
        assert s.http.delete(f"{s.url}/api/v1/exams/{uid['more']}").status_code == 204
        soon(lambda: [row for row in facts(s, columns) if uid["more"] in row], lambda found: found == [])
        assert counted(s, within("heart")) == 2

        # All of it can be made again.
        before = facts(s, columns)
        s.stop()
        s.start()
        assert facts(s, columns) == before

        # Withdrawn from all research, nothing is told of them any more.
        gone = s.post("/api/v1/withdrawals", json={"study": uid["anna"], "reason": "a letter"})
        assert gone.ok, gone.text
        soon(lambda: counted(s, within("lung")), lambda n: n == 1)
        soon(lambda: facts(s, columns), lambda found: uid["anna"] not in str(found))
