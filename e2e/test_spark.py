"""A site's own Spark reads the tables of facts, and answers the SQL that is shown for it as we answer the question."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from deltalake import DeltaTable
from isocenter import Isocenter, running

sql = pytest.importorskip("pyspark.sql", reason="no Spark: scripts/tools spark installs it")

Json = dict[str, Any]
QUESTIONS: dict[str, Json] = json.loads((Path(__file__).parents[1] / "bench/cohorts.json").read_text())
#: What the ten leave out: text with signs that dialects write differently, words of reports, a map's key, leaving out.
MORE: dict[str, Json] = {
    "signs in a text": {"has": {"of": "exam", "tests": [{"field": "description", "contains": "it's 100% \\ `odd`_"}]}},
    "words of reports": {"has": {"of": "report", "tests": [{"field": "words", "says": ["pulmonary embolism", "nodul*"]}]}},
    "another attribute": {"has": {"of": "series", "tests": [{"field": "attributes.PatientPosition", "anyOf": ["HFS"]}]}},
    "nobody's like that": {"not": {"has": {"of": "condition", "tests": [{"field": "code", "startsWith": ["C", "E1"]}]}}},
}


@pytest.fixture(scope="module")
def s(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Isocenter]:
    folder = tmp_path_factory.mktemp("spark")
    Isocenter(folder).printed("demo", "--patients", "6000", "--pictured", "2", "--seed", "7")
    with running(folder) as s:
        yield s


@pytest.fixture(scope="module")
def spark(s: Isocenter) -> Iterator[Any]:
    builder = sql.SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    session = builder.config("spark.sql.shuffle.partitions", "2").getOrCreate()
    for table in s.json("/api/v1/cohort-language")["tables"]:
        found = [Path(uri.removeprefix("file://")) for uri in DeltaTable(str(s.data / "facts" / table["name"])).file_uris()]
        if found:
            session.read.parquet(*map(str, found)).createOrReplaceTempView(table["name"])
    yield session
    session.stop()


@pytest.mark.parametrize("name", [*QUESTIONS, *MORE])
def test_the_sql_for_spark_gives_the_same_patients_and_exams(s: Isocenter, spark: Any, name: str) -> None:
    definition = QUESTIONS.get(name) or {"language": 1, "patients": MORE[name]}
    answer = s.post("/api/v1/cohort-sql", json={"definition": definition, "dialect": "spark"})
    assert answer.status_code == 200, answer.text
    told = s.post("/api/v1/cohort-counts", json={"definition": definition}).json()
    assert told["patients"]["count"] > 0 or name == "signs in a text", "it asks for somebody"
    for what in ("patients", "exams"):
        assert spark.sql(answer.json()[what]).count() == told[what]["count"], f"{what}: {answer.json()[what]}"
