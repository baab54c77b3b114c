"""The facts as an OMOP CDM: what was brought as one comes out as one, and DuckDB finds that its tables fit together."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import duckdb
import pytest
from isocenter import Isocenter, running, soon
from samples import SHARED

OMOP = SHARED / "data/omop/synthea27nj"

Json = dict[str, Any]

# Codes with their concepts, and days: of every row, whoever it is of. Kinds of records that OMOP keeps apart and FHIR does
# not are together.
HAPPENED = {
    "person": "SELECT gender_concept_id, year_of_birth, month_of_birth, day_of_birth FROM {person}",
    "death": "SELECT CAST(death_date AS DATE) FROM {death}",
    "conditions": "SELECT condition_concept_id, condition_source_concept_id, CAST(condition_source_value AS VARCHAR), "
    "CAST(condition_start_date AS DATE), CAST(condition_end_date AS DATE) FROM {condition_occurrence}",
    "procedures": "SELECT procedure_concept_id, CAST(procedure_source_value AS VARCHAR), CAST(procedure_date AS DATE) "
    "FROM {procedure_occurrence}",
    "drugs": "SELECT drug_concept_id, CAST(drug_source_value AS VARCHAR), CAST(drug_exposure_start_date AS DATE), "
    "CAST(drug_exposure_end_date AS DATE) FROM {drug_exposure}",
    "values": "SELECT measurement_concept_id, CAST(measurement_source_value AS VARCHAR), value_as_number, "
    "unit_concept_id, CAST(measurement_date AS DATE) FROM {measurement} WHERE value_as_number IS NOT NULL",
    "measured or observed": "SELECT measurement_concept_id, CAST(measurement_date AS DATE) FROM {measurement} "
    "UNION ALL SELECT observation_concept_id, CAST(observation_date AS DATE) FROM {observation}",
    "visits": "SELECT visit_concept_id, CAST(visit_start_date AS DATE), CAST(visit_end_date AS DATE) "
    "FROM {visit_occurrence}",
}


def rows(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    """What a question means over tables of CSV, whatever the case of their names."""
    paths = {path.stem.lower(): path for path in folder.glob("*.csv")}
    sql = re.sub(r"\{(\w+)\}", lambda name: f"read_csv('{paths[name[1]]}')", sql)
    return sorted(duckdb.sql(sql).fetchall(), key=str)


def caught_up(s: Isocenter) -> None:
    soon(lambda: s.json("/api/v1/records/summary")["busy"], lambda busy: not busy, seconds=300)
    soon(lambda: s.json("/api/v1/cohort-language"), lambda told: not told["behind"] and told["facts"] > 0, seconds=120)


@pytest.mark.skipif(not OMOP.is_dir(), reason=f"no samples in {OMOP}")
def test_what_came_as_omop_leaves_as_omop(tmp_path: Path) -> None:
    with running(tmp_path / "house", {"facts.vocabularies": str(OMOP)}) as s:
        brought = tmp_path / "brought"
        brought.mkdir()
        # Parts of visits are visits here: they are left out, so that the visits can be compared.
        for table in OMOP.glob("*.csv"):
            if table.stem != "VISIT_DETAIL":
                (brought / table.name).symlink_to(table)
        s.printed("records", "import", "--system", "https://hospital.example/omop", brought)
        caught_up(s)
        out = tmp_path / "out"
        assert "14 tables of facts version" in s.printed("cohort", "omop", out)
        for what, sql in HAPPENED.items():
            assert rows(out, sql) == rows(OMOP, sql), what
        assert rows(out, "SELECT vocabulary_version FROM {cdm_source}") == [("v5.0 09-APR-22*",)]
        assert "is not empty" in s.run("cohort", "omop", out).stderr

        parquet = tmp_path / "parquet"
        s.printed("cohort", "omop", "--form", "parquet", parquet)
        count = duckdb.sql(f"SELECT COUNT(*) FROM '{parquet}/measurement/*.parquet'").fetchall()
        assert count == rows(out, "SELECT COUNT(*) FROM {measurement}")


def test_its_tables_fit_together(tmp_path: Path) -> None:
    with running(tmp_path / "house") as s:
        s.printed("demo", "--patients", "300", "--pictured", "1", "--seed", "7")
        caught_up(s)
        out = tmp_path / "out"
        assert "Every concept is 0" in s.printed("cohort", "omop", out)
        # As Parquet, where columns have types, it is the same rows.
        parquet = tmp_path / "parquet"
        s.printed("cohort", "omop", "--form", "parquet", parquet)
        for name in sorted(path.stem.lower() for path in out.glob("*.csv")):
            counted = duckdb.sql(f"SELECT COUNT(*) FROM '{parquet}/{name}/*.parquet'").fetchall()
            assert counted == rows(out, f"SELECT COUNT(*) FROM {{{name}}}"), name
        none = {
            "a person": "SELECT person_id FROM {%s} WHERE person_id NOT IN (SELECT person_id FROM {person})",
            "a time": "SELECT person_id FROM {%s} t JOIN {observation_period} o USING (person_id) "
            "WHERE CAST({day} AS DATE) NOT BETWEEN observation_period_start_date AND observation_period_end_date",
        }
        days = {
            "condition_occurrence": "condition_start_date",
            "procedure_occurrence": "procedure_date",
            "drug_exposure": "drug_exposure_start_date",
            "measurement": "measurement_date",
            "visit_occurrence": "visit_start_date",
            "note": "note_date",
            "image_occurrence": "image_occurrence_date",
        }
        for table, day in days.items():
            own = f"SELECT COUNT(*) > 0, COUNT(*) = COUNT(DISTINCT {table}_id) FROM {{{table}}}"
            assert rows(out, own) == [(True, True)], table
            for what, sql in none.items():
                assert rows(out, sql.replace("%s", table).replace("{day}", day)) == [], (table, what)
        orphans = [
            "SELECT procedure_occurrence_id FROM {image_occurrence} WHERE procedure_occurrence_id NOT IN "
            "(SELECT procedure_occurrence_id FROM {procedure_occurrence})",
            "SELECT image_feature_id FROM {image_feature} WHERE image_occurrence_id NOT IN "
            "(SELECT image_occurrence_id FROM {image_occurrence})",
            "SELECT image_feature_id FROM {image_feature} f LEFT JOIN {measurement} m "
            "ON m.measurement_id = f.image_feature_event_id AND m.person_id = f.person_id "
            "WHERE m.value_as_number IS NULL",
            "SELECT note_id FROM {note_nlp} WHERE note_id NOT IN (SELECT note_id FROM {note})",
        ]
        assert [rows(out, sql) for sql in orphans] == [[], [], [], []]
        # Every size that a report of the invented tells was measured once; who has images has reports of words alone.
        sized = "SELECT COUNT(*) AS n FROM finding WHERE size IS NOT NULL AND assertion = 'present' "
        sized += f"AND patient > {1 << 36}"
        number = s.post("/api/v1/sql", json={"statement": sized}).json()[0]["n"]
        features = "SELECT COUNT(DISTINCT image_feature_id), COUNT(*) FROM {image_feature}"
        assert rows(out, features) == [(number, number)] and number > 0
        denied = {"statement": "SELECT COUNT(*) AS n FROM finding WHERE assertion = 'absent'"}
        number = s.post("/api/v1/sql", json=denied).json()[0]["n"]
        assert rows(out, "SELECT COUNT(*) FROM {note_nlp} WHERE term_exists = 'N'") == [(number,)]

        # The same tables are asked by the door for statements.
        asked = {"statement": "SELECT COUNT(*) AS n FROM omop.image_occurrence WHERE modality_source_value = 'CT'"}
        number = s.post("/api/v1/sql", json=asked).json()[0]["n"]
        assert rows(out, "SELECT COUNT(*) FROM {image_occurrence} WHERE modality_source_value = 'CT'") == [(number,)]
        assert number > 0
        assert s.get("/api/v1/omop/nothing").status_code == 404


def test_a_folder_without_vocabularies_is_told_at_the_start(tmp_path: Path) -> None:
    house = Isocenter(tmp_path, {"facts.vocabularies": str(tmp_path)})
    told = house.run("cohort", "tables")
    assert told.returncode != 0
    assert "see facts.vocabularies" in told.stderr and "there is no CONCEPT.csv in it" in told.stderr
