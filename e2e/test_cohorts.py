"""Cohorts: what is counted is what DuckDB counts over the raw tables, and over the facts; deltalake reads the log."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterator
from csv import DictReader
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.ipc
import pyarrow.parquet
import pytest
import requests
from deltalake import DeltaTable
from isocenter import Isocenter, running, soon
from samples import SHARED

OMOP = SHARED / "data/omop/synthea27nj"
SCENARIO = SHARED / "data/linked-scenario"
IMAGES = SHARED / "data/deid/synthetic-phi/dicom"
pytestmark = pytest.mark.skipif(not OMOP.is_dir(), reason=f"no samples in {OMOP}")
TABLES = ("PERSON", "VISIT_OCCURRENCE", "CONDITION_OCCURRENCE", "PROCEDURE_OCCURRENCE", "DRUG_EXPOSURE", "MEASUREMENT")

Json = dict[str, Any]


def has(of: str, *tests: Json, **more: Any) -> Json:
    return {"has": {"of": of, "tests": list(tests), **more}}


def asks(patients: Json, **more: Any) -> Json:
    return {"language": 1, "patients": patients, **more}


def caught_up(s: Isocenter) -> None:
    soon(lambda: s.json("/api/v1/records/summary")["busy"], lambda busy: not busy, seconds=300)
    soon(lambda: s.json("/api/v1/cohort-language"), lambda told: not told["behind"] and told["facts"] > 0, seconds=120)


@pytest.fixture(scope="module")
def s(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Isocenter]:
    with running(tmp_path_factory.mktemp("cohorts")) as s:
        folder = tmp_path_factory.mktemp("omop")
        for table in TABLES:
            shutil.copy(OMOP / f"{table}.csv", folder)
        s.printed("records", "import", "--system", "https://hospital.example/omop", folder)
        caught_up(s)
        yield s


def counted(s: Isocenter, definition: Json) -> Json:
    answer = s.post("/api/v1/cohort-counts", json={"definition": definition})
    assert answer.status_code == 200, answer.text
    return answer.json()


def raw(sql: str) -> int:
    for table in TABLES:
        sql = sql.replace(f"{{{table}}}", f"read_csv('{OMOP / table}.csv')")
    return duckdb.sql(sql).fetchall()[0][0]


def code(*codes: str) -> Json:
    return {"field": "code", "anyOf": list(codes)}


FREQUENT = "SELECT condition_source_value AS code FROM {CONDITION_OCCURRENCE} GROUP BY 1 ORDER BY COUNT(DISTINCT person_id) DESC, 1 LIMIT 2"


def frequent() -> list[str]:
    rows = duckdb.sql(FREQUENT.replace("{CONDITION_OCCURRENCE}", f"read_csv('{OMOP}/CONDITION_OCCURRENCE.csv', all_varchar=true)"))
    return [row[0] for row in rows.fetchall()]


def questions() -> list[tuple[Json, str]]:
    one, two = frequent()
    visits = "SELECT DISTINCT person_id, visit_start_date AS day, visit_occurrence_id AS id FROM {VISIT_OCCURRENCE}"
    conditions = "SELECT person_id, condition_start_date AS day, CAST(condition_source_value AS VARCHAR) AS code FROM {CONDITION_OCCURRENCE}"
    return [
        (asks({"all": []}), "SELECT COUNT(*) FROM {PERSON}"),
        (asks(has("patient", {"field": "sex", "anyOf": ["female"]})),
         "SELECT COUNT(*) FROM {PERSON} WHERE gender_concept_id = 8532"),
        (asks(has("patient", {"field": "birth_year", "min": 1960, "max": 1989})),
         "SELECT COUNT(*) FROM {PERSON} WHERE year_of_birth BETWEEN 1960 AND 1989"),
        (asks(has("condition", code(one))),
         f"SELECT COUNT(DISTINCT person_id) FROM ({conditions}) WHERE code = '{one}'"),
        (asks({"all": [has("condition", code(one)), {"not": has("condition", code(two))}]}),
         f"SELECT COUNT(DISTINCT person_id) FROM ({conditions}) WHERE code = '{one}' AND person_id NOT IN "
         f"(SELECT person_id FROM ({conditions}) WHERE code = '{two}')"),
        (asks(has("condition", code(one), atLeast=3)),
         f"SELECT COUNT(*) FROM (SELECT person_id FROM ({conditions}) WHERE code = '{one}' GROUP BY 1 HAVING COUNT(*) >= 3)"),
        (asks(has("condition", code(one), pick="first",
                  around=[{"near": {"days": {"from": 1, "to": 365}}, "has": {"of": "condition", "tests": [code(two)]}}])),
         f"SELECT COUNT(*) FROM (SELECT person_id, MIN(day) AS day FROM ({conditions}) WHERE code = '{one}' GROUP BY 1) f "
         f"WHERE EXISTS (SELECT 1 FROM ({conditions}) c WHERE c.person_id = f.person_id AND c.code = '{two}' "
         "AND c.day - f.day BETWEEN 1 AND 365)"),
        (asks(has("encounter", {"field": "day", "min": "2015-01-01", "max": "2015-12-31"})),
         f"SELECT COUNT(DISTINCT person_id) FROM ({visits}) WHERE day BETWEEN DATE '2015-01-01' AND DATE '2015-12-31'"),
        (asks(has("observation", code("29463-7"), {"field": "value", "min": 90})),
         "SELECT COUNT(DISTINCT person_id) FROM {MEASUREMENT} WHERE CAST(measurement_source_value AS VARCHAR) = '29463-7' "
         "AND value_as_number >= 90"),
        (asks(has("procedure", atLeast=20)),
         "SELECT COUNT(*) FROM (SELECT person_id FROM {PROCEDURE_OCCURRENCE} GROUP BY 1 HAVING COUNT(*) >= 20)"),
    ]


@pytest.mark.parametrize("number", range(10))
def test_a_count_is_what_duckdb_counts_over_the_raw_tables(s: Isocenter, number: int) -> None:
    definition, oracle = questions()[number]
    assert counted(s, definition)["patients"] == {"count": raw(oracle), "fewerThan": None, "protection": "none"}


def files(s: Isocenter, table: str) -> list[str]:
    return DeltaTable(str(s.data / "facts" / table)).file_uris()


@pytest.mark.parametrize("number", range(10))
def test_the_sql_that_is_shown_gives_the_same_in_duckdb_over_the_same_files(s: Isocenter, number: int) -> None:
    definition, _ = questions()[number]
    connection = duckdb.connect()
    for table in s.json("/api/v1/cohort-language")["tables"]:
        found = files(s, table["name"])
        if found:
            connection.execute(f'CREATE VIEW "{table["name"]}" AS SELECT * FROM read_parquet({found})')
    told = s.post("/api/v1/cohort-sql", json={"definition": definition, "dialect": "ansi"}).json()
    rows = connection.execute(told["patients"]).fetchall()
    assert len(rows) == counted(s, definition)["patients"]["count"]


def test_other_programs_read_the_tables_and_their_versions(s: Isocenter) -> None:
    table = DeltaTable(str(s.data / "facts/condition"))
    assert table.version() >= 1
    assert {field.name for field in table.schema().fields} >= {"patient", "day", "age", "code"}
    assert table.history()[-1]["operation"] == "CREATE TABLE"
    count = duckdb.sql(f"SELECT COUNT(*) FROM read_parquet({files(s, 'condition')})").fetchall()[0][0]
    assert count == raw("SELECT COUNT(*) FROM {CONDITION_OCCURRENCE}")
    # Nobody's name is in any of them.
    for name in ("patient", "encounter", "condition"):
        columns = duckdb.sql(f"DESCRIBE SELECT * FROM read_parquet({files(s, name)})").fetchall()
        assert not {"name", "mrn", "identifier"} & {column[0] for column in columns}


def test_a_count_is_kept_frozen_and_stays(s: Isocenter, tmp_path: Path) -> None:
    definition = asks(has("condition", code(frequent()[0])))
    file = tmp_path / "frequent.json"
    file.write_text(json.dumps(definition))
    told = s.printed("cohort", "count", file, "--facets")
    assert f"patients  {counted(s, definition)['patients']['count']}" in told
    kept = s.printed("cohort", "keep", file, "--name", "Frequent").strip()
    frozen = s.printed("cohort", "freeze", kept).split()[0]
    members = s.printed("cohort", "members", frozen)
    assert len(members.splitlines()) == counted(s, definition)["patients"]["count"]
    assert s.printed("cohort", "freeze", kept).split()[0] == frozen
    assert "SELECT" in s.printed("cohort", "sql", file, "--dialect", "spark")
    wrong = tmp_path / "wrong.json"
    wrong.write_text(json.dumps(asks(has("conditions"))))
    refused = s.run("cohort", "count", wrong)
    assert refused.returncode != 0 and 'there is no table "conditions"' in refused.stderr


CODES = "SELECT code, COUNT(DISTINCT patient) AS patients FROM condition GROUP BY code ORDER BY patients DESC, code"


def sql(s: Isocenter, statement: str, form: str = "json", **more: Any) -> requests.Response:
    return s.post("/api/v1/sql", json={"statement": statement, "form": form, **more})


def test_a_statement_gives_the_same_rows_in_every_form_and_in_duckdb(s: Isocenter) -> None:
    told = sql(s, CODES).json()
    assert len(told) > 20
    arrow = pyarrow.ipc.open_stream(sql(s, CODES, "arrow").content).read_all()
    parquet = pyarrow.parquet.read_table(io.BytesIO(sql(s, CODES, "parquet").content))
    csv = list(DictReader(io.StringIO(sql(s, CODES, "csv").text)))
    assert arrow.to_pylist() == parquet.to_pylist() == told
    assert csv == [{"code": row["code"] or "", "patients": str(row["patients"])} for row in told]
    beside = CODES.replace("FROM condition", f"FROM read_parquet({files(s, 'condition')})")
    assert duckdb.sql(beside).fetchall() == [(row["code"], row["patients"]) for row in told]
    none = sql(s, "SELECT code FROM condition WHERE FALSE", "csv")
    assert none.text == "code\n" and none.headers["isocenter-facts"].isdigit()
    lines = s.printed("cohort", "query", CODES).splitlines()
    assert lines[0] == "code,patients" and len(lines) == len(told) + 1


# A CASE whose branches are numbers of two widths, by columns and by constants; sums; a union of two types.
MIXED = [
    "SELECT CASE WHEN day > 0 THEN CAST(1 AS INT) ELSE patient END AS n FROM condition LIMIT 5",
    "SELECT SUM(CASE WHEN sex = 'female' THEN 1 ELSE CAST(0 AS SMALLINT) END) AS n FROM patient",
    "SELECT CAST(1 AS INT) AS n UNION ALL SELECT patient FROM (SELECT patient FROM patient ORDER BY patient LIMIT 2) p ORDER BY n",
    "SELECT COALESCE(CAST(NULL AS INT), 2.5) AS n",
]


@pytest.mark.parametrize("statement", MIXED)
def test_numbers_of_several_widths_have_one_in_every_form(s: Isocenter, statement: str) -> None:
    told = sql(s, statement).json()
    arrow = pyarrow.ipc.open_stream(sql(s, statement, "arrow").content).read_all()
    parquet = pyarrow.parquet.read_table(io.BytesIO(sql(s, statement, "parquet").content))
    assert told and arrow.to_pylist() == parquet.to_pylist() == told


def test_a_statement_reads_facts_and_does_nothing_else(s: Isocenter, tmp_path: Path) -> None:
    for statement in [
        "DROP TABLE condition",
        "INSERT INTO patient (patient) VALUES (1)",
        f"COPY (SELECT 1) TO '{tmp_path}/x.csv'",
        f"CREATE EXTERNAL TABLE x STORED AS CSV LOCATION '{OMOP}/person.csv'",
        f"SELECT * FROM '{OMOP}/person.csv'",
        "SET datafusion.execution.batch_size = 1",
        "SELECT nothing FROM patient",
        "SELECT 1; DROP TABLE patient",
        "no statement",
        "",
    ]:
        answer = sql(s, statement)
        assert answer.status_code == 400 and answer.json()["detail"], statement
    assert not list(tmp_path.iterdir())
    assert sql(s, "SELECT 1", facts=999_999).status_code == 410
    endless = "SELECT COUNT(*) FROM observation a, observation b, observation c WHERE a.value < b.value + c.value"
    late = sql(s, endless, seconds=1)
    assert late.status_code == 504 and "1s" in late.json()["detail"], late.text
    assert sql(s, "SELECT COUNT(*) AS n FROM information_schema.tables").json()[0]["n"] > 10


def test_statements_are_for_who_may_see_rows_and_stand_in_the_log(s: Isocenter) -> None:
    s.printed("user", "add", "counter", "--role", "researcher")
    bearer = {"authorization": f"Bearer {s.token('counter')}"}
    refused = requests.post(f"{s.url}/api/v1/sql", json={"statement": "SELECT 1"}, headers=bearer, timeout=60)
    assert refused.status_code == 403
    assert sql(s, "SELECT 4711").json() == [{"Int64(4711)": 4711}]
    log = s.json("/api/v1/audit", params={"action": "query"})
    assert any("SELECT 4711" in json.dumps(row) for row in log["rows"])


def test_a_researcher_learns_nothing_of_few(s: Isocenter) -> None:
    s.printed("user", "add", "rita", "--role", "researcher")
    bearer = {"authorization": f"Bearer {s.token('rita')}"}

    def post(path: str, body: Json) -> requests.Response:
        return requests.post(f"{s.url}/api/v1/{path}", json=body, headers=bearer, timeout=60)

    def ask(patients: Json, facets: bool = False) -> Json:
        answer = post("cohort-counts", {"definition": asks(patients), "facets": facets})
        assert answer.status_code == 200, answer.text
        return answer.json()

    everybody = ask({"all": []}, facets=True)
    assert everybody["patients"]["protection"] == "rounded" and everybody["patients"]["count"] % 10 == 0
    for facet in everybody["facets"]:
        assert all(value["patients"]["count"] is None or value["patients"]["count"] >= 11 for value in facet["values"])
    # One person, asked for by everything but one: the difference says nothing.
    for year in range(1990, 2024):
        one = ask(has("patient", {"field": "birth_year", "min": year, "max": year}))["patients"]
        assert one == {"count": None, "fewerThan": 11, "protection": "hidden"}
    again = {json.dumps(ask({"all": [{"all": []}] * n})["patients"]) for n in range(1, 6)}
    assert again == {json.dumps(everybody["patients"])}, "asked again in other words, it is told the same"
    assert post("cohort-members", {"definition": asks({"all": []})}).status_code == 403
    assert post("cohort-why", {"definition": asks({"all": []}), "patient": 1}).status_code == 403
    log = s.json("/api/v1/audit", params={"action": "count"})
    assert log["rows"], "questions are in the log"


@pytest.mark.skipif(not SCENARIO.is_dir(), reason=f"no samples in {SCENARIO}")
def test_images_reports_and_the_record_are_asked_together(tmp_path: Path) -> None:
    with running(tmp_path) as s:
        s.printed("import", IMAGES)
        for path in sorted([*SCENARIO.glob("*.hl7"), *SCENARIO.glob("*.json")]):
            kind = "fhir" if path.suffix == ".json" else "hl7v2"
            assert s.post("/api/v1/records/sources", params={"format": kind}, data=path.read_bytes()).status_code == 201
        caught_up(s)
        exams = s.find("/studies")
        everybody = counted(s, asks({"all": []}))
        assert everybody["exams"]["count"] == len(exams)
        reported = counted(s, asks(has("exam", around=[{"near": "sameExam", "has": {"of": "report"}}])))
        ordered = counted(s, asks(has("order", {"field": "state", "anyOf": ["reported"]})))
        assert reported["exams"]["count"] >= 1 and ordered["patients"]["count"] >= 1
        before = counted(s, asks(has("exam")))
        s.printed("rebuild")
        caught_up(s)
        after = counted(s, asks(has("exam")))
        assert (before["patients"], before["exams"]) == (after["patients"], after["exams"]), "made again from the archive"


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Isocenter]:
    if not SCENARIO.is_dir():
        pytest.skip(f"no samples in {SCENARIO}")
    with running(tmp_path_factory.mktemp("linked")) as s:
        s.printed("import", IMAGES)
        for path in sorted(SCENARIO.glob("*.hl7")):
            posted = s.post("/api/v1/records/sources", params={"format": "hl7v2"}, data=path.read_bytes())
            assert posted.status_code == 201, posted.text
        caught_up(s)
        yield s


def says(*words: str, **more: Any) -> Json:
    return {"of": "report", "tests": [{"field": "words", "says": list(words), **more}]}


def test_words_of_reports_are_asked_in_time_and_no_names(linked: Isocenter) -> None:
    s = linked
    ct = {"field": "modalities", "anyOf": ["CT"]}

    def patients(patients: Json) -> int:
        return counted(s, asks(patients))["patients"]["count"]

    soon(lambda: patients({"has": says("pulmonary arteries")}), lambda count: count == 1, seconds=60)
    assert patients({"has": says("arteries pulmonary")}) == 0
    near = [{"near": {"days": {"from": 0, "to": 1}}, "has": says("Pleural effusion", "filling defect*")}]
    assert patients(has("exam", ct, around=near)) == 1
    assert patients(has("exam", ct, around=[{"near": "sameExam", "has": says("filling defect*")}])) == 1
    # The lexicon knows what a phrase names, and finds it in other words.
    known = s.post("/api/v1/cohort-words", json={"text": "pulmonary embolus"}).json()
    assert known["known"] and known["findings"], known
    assert patients({"has": {"of": "report", "tests": [{"field": "words", "orFindings": known["findings"]}]}}) >= 1
    assert "in the lexicon" in s.printed("cohort", "words", "pleural effusion").splitlines()[0]
    # A name is refused, not repeated, and not there.
    for name in ("Quartermain", "Okonkwo", "effusion Quartermain", "Quarterm*", "4410927"):
        refused = s.post("/api/v1/cohort-counts", json={"definition": asks({"has": says(name)})})
        assert refused.status_code == 400 and "lexicon" in refused.json()["detail"], refused.text
        assert "uarterm" not in refused.text and "Okonkwo" not in refused.text and "4410927" not in refused.text
        assert not s.post("/api/v1/cohort-words", json={"text": name}).json()["known"]
    rows = duckdb.sql(f"SELECT words FROM read_parquet({files(s, 'report')}) WHERE words IS NOT NULL").fetchall()
    text = " ".join(row[0] for row in rows)
    assert "pulmonary" in text and not any(word in text for word in ("quartermain", "okonkwo", "example", "14"))
    values = s.post("/api/v1/cohort-values", json={"table": "report", "column": "words", "has": "effusion"})
    assert values.status_code == 400


def test_who_may_only_count_learns_nothing_of_few_by_words_or_controls(linked: Isocenter) -> None:
    s = linked
    s.printed("user", "add", "wanda", "--role", "researcher")
    bearer = {"authorization": f"Bearer {s.token('wanda')}"}

    def ask(definition: Json) -> Json:
        body = {"definition": definition, "facets": True}
        answer = requests.post(f"{s.url}/api/v1/cohort-counts", json=body, headers=bearer, timeout=60)
        assert answer.status_code == 200, answer.text
        return answer.json()

    hidden = {"count": None, "fewerThan": 11, "protection": "hidden"}
    assert ask(asks({"has": says("pleural effusion")}))["patients"] == hidden
    told = ask(scan_controls(ratio=20))
    assert [told["patients"], told["exams"], *told["pairs"].values()] == [hidden] * 6
    assert all(not facet["values"] for facet in told["facets"])


def scan_controls(**more: Any) -> Json:
    cases = has("exam", {"field": "modalities", "anyOf": ["CT"]}, {"field": "orders", "min": 1})
    controls = {"patients": has("exam"), "ratio": 1, "match": [{"on": "year", "within": 20}]}
    return asks(cases, controls={**controls, **more})


def test_controls_are_paired_counted_frozen_and_listed(linked: Isocenter, tmp_path: Path) -> None:
    s = linked
    definition = scan_controls(seed=3)
    told = counted(s, definition)
    cases = counted(s, {**definition, "controls": None})["patients"]["count"]
    pairs = {name: count["count"] for name, count in told["pairs"].items()}
    assert pairs["cases"] + pairs["withoutControl"] == cases and pairs["cases"] >= 1
    assert told["patients"]["count"] == pairs["cases"] + pairs["controls"]
    members = s.post("/api/v1/cohort-members", json={"definition": definition}).json()["members"]
    again = s.post("/api/v1/cohort-members", json={"definition": definition}).json()["members"]
    assert members == again and len(members) == told["exams"]["count"]
    by_role = {role: {row["patient"] for row in members if row["role"] == role} for role in ("case", "control")}
    assert len(by_role["case"]) == pairs["cases"] and len(by_role["control"]) == pairs["controls"]
    assert not by_role["case"] & by_role["control"]
    # The nearest in the year, by what the facts say: nobody who is nearer was free.
    years = {row["exam"]: row for row in sql(s, "SELECT study_uid AS exam, patient, year FROM exam").json()}
    for pair in {row["pair"] for row in members}:
        own = [row for row in members if row["pair"] == pair]
        first = min((row for row in own if row["role"] == "case"), key=lambda row: years[row["study"]]["year"])
        other = next(row for row in own if row["role"] == "control")
        year = years[first["study"]]["year"]
        apart = abs(year - years[other["study"]]["year"])
        free = [row["year"] for row in years.values() if row["patient"] not in by_role["case"] | by_role["control"]]
        assert apart <= 20 and all(abs(one - year) >= apart for one in free if one)
    file = tmp_path / "paired.json"
    file.write_text(json.dumps(definition))
    assert f"{pairs['cases']} cases with {pairs['controls']} controls" in s.printed("cohort", "count", file)
    kept = s.printed("cohort", "keep", file, "--name", "Paired", "--shared").strip()
    frozen = s.printed("cohort", "freeze", kept)
    assert f"{pairs['cases']} cases with {pairs['controls']} controls" in frozen
    lines = [line.split("\t") for line in s.printed("cohort", "members", frozen.split()[0]).splitlines()]
    assert lines == [[str(row["patient"]), row["study"], row["role"], str(row["pair"])] for row in members]
    detail = s.json(f"/api/v1/cohorts/{kept}")["frozen"][0]
    assert detail["pairs"]["cases"]["count"] == pairs["cases"] and "withoutControl" not in detail["pairs"]
    statement = s.post("/api/v1/cohort-sql", json={"definition": definition, "dialect": "ansi"}).json()
    assert "SELECT" in statement["controls"]
    wrong = s.post("/api/v1/cohort-counts", json={"definition": scan_controls(match=[])})
    assert wrong.status_code == 400 and "controls.match" in wrong.json()["detail"]
