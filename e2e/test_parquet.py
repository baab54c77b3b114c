"""Tables as Parquet, written by pyarrow: what they say is what the same tables say as CSV."""

from __future__ import annotations

import csv
import datetime as dt
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq
import pytest

from isocenter import Isocenter, running, soon
from samples import SHARED

OMOP = SHARED / "data/omop/synthea27nj"
MAPPING = """record = "Observation"
dates = ["%d.%m.%Y"]
[columns]
MRN = { role = "patient", system = "urn:oid:1.2.3" }
test = { role = "code", system = "http://loinc.org" }
result = "value"
unit = "unit"
taken = "date"
"""


def labs(rows: int) -> pa.Table:
    taken = [dt.datetime(2024, 1, 1, 8) + dt.timedelta(days=row % 300, hours=row // 300) for row in range(rows)]
    return pa.table(
        {
            "MRN": pa.array([f"P{row % 50}" for row in range(rows)]).dictionary_encode(),
            "test": ["2345-7"] * rows,
            "result": pa.array([row / 8 if row % 10 else None for row in range(rows)], pa.float64()),
            "unit": ["mmol/L"] * rows,
            "taken": pa.array(taken, pa.timestamp("s")),
            "seen": pa.array([["a"]] * rows, pa.list_(pa.string())),
        }
    )


def imported(s: Isocenter, *words: object) -> dict:
    """What the command's report says of its one file."""
    s.run("records", "import", *words, "--report", "report.json")
    return json.loads((s.folder / "report.json").read_text())


def observations(s: Isocenter) -> list[tuple]:
    found = s.http.get(f"{s.url}/fhir/Observation?_count=1000").json().get("entry", [])
    one = lambda r: (r["effectiveDateTime"], r.get("valueQuantity", {}).get("value"), r["code"]["coding"][0]["code"])  # noqa: E731
    return sorted((one(entry["resource"]) for entry in found), key=str)


def test_a_parquet_table_says_what_its_csv_says(tmp_path: Path) -> None:
    table = labs(600)
    with running(tmp_path / "parquet") as s:
        (s.folder / "m.toml").write_text(MAPPING)
        pq.write_table(table, s.folder / "labs.parquet", row_group_size=100, compression="zstd")
        words = ("labs.parquet", "--mapping", "m.toml", "--system", "https://lab.example")
        assert "600" in s.printed("records", "import", *words, "--dry-run")
        assert not observations(s), "nothing is kept"
        s.printed("records", "import", *words)
        by_parquet = soon(lambda: observations(s))
    with running(tmp_path / "csv") as s:
        (s.folder / "m.toml").write_text(MAPPING.replace('dates = ["%d.%m.%Y"]\n', ""))
        plain = table.drop(["seen"]).set_column(0, "MRN", table["MRN"].cast(pa.string()))
        pc.write_csv(plain, s.folder / "labs.csv")
        s.printed("records", "import", "labs.csv", "--mapping", "m.toml", "--system", "https://lab.example")
        by_csv = soon(lambda: observations(s))
    assert by_parquet == by_csv
    assert len(by_csv) == 600


def test_damage_is_told_and_nothing_is_lost_silently(tmp_path: Path) -> None:
    with running(tmp_path) as s:
        (s.folder / "m.toml").write_text(MAPPING)
        pq.write_table(labs(500), s.folder / "whole.parquet", row_group_size=100, compression="none")
        whole = (s.folder / "whole.parquet").read_bytes()
        (s.folder / "cut.parquet").write_bytes(whole[: len(whole) // 2])
        answer = s.run("records", "import", "cut.parquet", "--mapping", "m.toml", "--system", "https://lab.example")
        assert answer.returncode == 3
        assert "copy it again" in answer.stdout + answer.stderr
        (s.folder / "list.toml").write_text(MAPPING + 'seen = "note"\n')
        answer = s.run(
            "records", "import", "whole.parquet", "--mapping", "list.toml", "--system", "https://lab.example"
        )
        assert answer.returncode == 3
        assert "`seen` holds lists or groups" in answer.stdout + answer.stderr
        answer = s.run("records", "import", "whole.parquet")
        assert "--mapping" in answer.stdout + answer.stderr


@pytest.mark.skipif(not OMOP.is_dir(), reason=f"no samples in {OMOP}")
def test_a_cdm_of_parquet_says_what_its_csv_files_say(tmp_path: Path) -> None:
    """As others make them: typed columns, ids with gaps as floating point numbers."""
    folders = {"csv": tmp_path / "csv", "parquet": tmp_path / "parquet"}
    for folder in folders.values():
        folder.mkdir()
    names = ["PERSON", "MEASUREMENT", "CONDITION_OCCURRENCE", "VISIT_OCCURRENCE", "CONCEPT"]
    for path in (path for path in OMOP.iterdir() if path.stem.upper() in names):
        with path.open(newline="") as file:
            rows = list(csv.reader(file))[:2000]
        with (folders["csv"] / path.name).open("w", newline="") as file:
            csv.writer(file).writerows(rows)
        table = pc.read_csv(folders["csv"] / path.name, convert_options=pc.ConvertOptions(strings_can_be_null=True))
        pq.write_table(table, folders["parquet"] / f"{path.stem}.parquet")
    with running(tmp_path / "house") as s:
        told = {}
        for kind, folder in folders.items():
            answer = s.run("records", "import", folder, "--system", "https://cdm.example", "--dry-run")
            told[kind] = [line for line in answer.stdout.splitlines() if str(folder) not in line]
        print(told)
        assert told["csv"] and [strip(line) for line in told["csv"]] == [strip(line) for line in told["parquet"]]


def strip(line: str) -> str:
    """Without how long it took."""
    return line.split(" in ")[0]
