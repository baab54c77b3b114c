"""Notebooks connect: Apache's ADBC driver for Flight SQL reads the facts, under the rules of `POST /api/v1/sql`."""

from __future__ import annotations

import json
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import adbc_driver_flightsql.dbapi as flightsql
import pyarrow
import pytest
from adbc_driver_flightsql import DatabaseOptions
from adbc_driver_manager import Error

from certificates import Authority
from isocenter import Isocenter, running, soon
from samples import SHARED

OMOP = SHARED / "data/omop/synthea27nj"
pytestmark = pytest.mark.skipif(not OMOP.is_dir(), reason=f"no samples in {OMOP}")

CODES = "SELECT code, COUNT(DISTINCT patient) AS patients FROM condition GROUP BY code ORDER BY patients DESC, code"
ENDLESS = "SELECT COUNT(*) FROM observation a, observation b, observation c WHERE a.value < b.value + c.value"
SECONDS = f"{DatabaseOptions.RPC_CALL_HEADER_PREFIX.value}isocenter-seconds"
FACTS = f"{DatabaseOptions.RPC_CALL_HEADER_PREFIX.value}isocenter-facts"


@pytest.fixture(scope="module")
def s(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Isocenter]:
    with running(tmp_path_factory.mktemp("flight"), {"flight.listen": "127.0.0.1:0"}) as s:
        folder = tmp_path_factory.mktemp("omop")
        for table in ("PERSON", "CONDITION_OCCURRENCE", "MEASUREMENT"):
            shutil.copy(OMOP / f"{table}.csv", folder)
        s.printed("records", "import", "--system", "https://hospital.example/omop", folder)
        soon(lambda: s.json("/api/v1/records/summary")["busy"], lambda busy: not busy, seconds=300)
        ready = lambda told: not told["behind"] and told["facts"] > 0  # noqa: E731
        soon(lambda: s.json("/api/v1/cohort-language"), ready, seconds=120)
        yield s


def bearer(s: Isocenter) -> str:
    return str(s.http.headers["authorization"])


def connected(s: Isocenter, authorization: str | None = None, **more: str) -> flightsql.Connection:
    options = {DatabaseOptions.AUTHORIZATION_HEADER.value: authorization or bearer(s)} | more
    return flightsql.connect(s.flight, db_kwargs=options, autocommit=True)


def by_http(s: Isocenter, statement: str) -> list[dict[str, object]]:
    return s.post("/api/v1/sql", json={"statement": statement}).json()


def entries(s: Isocenter, words: str) -> list[dict[str, object]]:
    log = s.json("/api/v1/audit", params={"action": "query"})
    return [row for row in log["rows"] if words in json.dumps(row)]


def test_a_notebook_gets_the_rows_that_http_gives(s: Isocenter) -> None:
    with connected(s) as connection, connection.cursor() as cursor:
        cursor.execute(CODES)
        table = cursor.fetch_arrow_table()
        assert table.num_rows > 20 and table.to_pylist() == by_http(s, CODES)
        cursor.execute("SELECT * FROM observation")
        rows = sum(batch.num_rows for batch in cursor.fetch_record_batch())
        assert rows == by_http(s, "SELECT COUNT(*) AS n FROM observation")[0]["n"] > 5_000


def test_user_and_password_are_a_name_and_a_token(s: Isocenter) -> None:
    token = bearer(s).split()[1]
    options = {"username": "bob", "password": token}
    with flightsql.connect(s.flight, db_kwargs=options, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT 5")
        assert cursor.fetchall() == [(5,)]
    for wrong in [{"username": "bob", "password": "wrong"}, {DatabaseOptions.AUTHORIZATION_HEADER.value: "Bearer x"}, {}]:
        with pytest.raises(Error, match="(?i)unauthenticated"):
            with flightsql.connect(s.flight, db_kwargs=wrong, autocommit=True) as connection, connection.cursor() as cursor:
                cursor.execute("SELECT 5")


def test_what_tools_ask_when_they_connect(s: Isocenter) -> None:
    with connected(s) as connection:
        told = connection.adbc_get_info()
        assert told["vendor_name"] == "Isocenter" and told["vendor_version"]
        assert connection.adbc_get_table_types() == ["TABLE"]
        [catalog] = connection.adbc_get_objects(depth="columns").read_all().to_pylist()
        [schema] = catalog["catalog_db_schemas"]
        assert (catalog["catalog_name"], schema["db_schema_name"]) == ("isocenter", "facts")
        tables = {table["table_name"]: [column["column_name"] for column in table["table_columns"]] for table in schema["db_schema_tables"]}
        assert len(tables) == len(s.json("/api/v1/cohort-language")["tables"]) and {"patient", "code", "value"} <= set(tables["observation"])
        named = by_http(s, "SELECT table_name FROM information_schema.tables WHERE table_schema = 'facts'")
        assert {row["table_name"] for row in named} == set(tables)
        [some] = connection.adbc_get_objects(depth="tables", table_name_filter="cond%").read_all().to_pylist()
        assert [table["table_name"] for table in some["catalog_db_schemas"][0]["db_schema_tables"]] == ["condition"]
        columns = connection.adbc_get_table_schema("condition").names
        assert columns == tables["condition"]
        with connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM isocenter.facts.condition")
            assert cursor.fetchone()[0] > 0


def test_prepared_statements_take_one_row_of_parameters(s: Isocenter) -> None:
    code = str(by_http(s, CODES)[0]["code"])
    with connected(s) as connection, connection.cursor() as cursor:
        taken = cursor.adbc_prepare("SELECT COUNT(DISTINCT patient) FROM condition WHERE code = $1 AND day > $2")
        assert taken is not None and [field.name for field in taken] == ["$1", "$2"]
        for day, of in [("1900-01-01", code), ("2999-01-01", code), ("1900-01-01", "none")]:
            statement = "SELECT COUNT(DISTINCT patient) FROM condition WHERE code = $1 AND day > CAST($2 AS DATE)"
            cursor.execute(statement, (of, day))
            same = f"SELECT COUNT(DISTINCT patient) AS n FROM condition WHERE code = '{of}' AND day > DATE '{day}'"
            assert cursor.fetchone()[0] == by_http(s, same)[0]["n"]
        with pytest.raises(Error, match="one row of parameters"):
            cursor.execute("SELECT $1", pyarrow.record_batch({"$1": ["a", "b"]}))
    assert len(entries(s, '"2999-01-01"')) == 1, "parameters stand in the log"


def test_it_reads_and_does_nothing_else(s: Isocenter, tmp_path: Path) -> None:
    with connected(s) as connection, connection.cursor() as cursor:
        for statement in [
            "DROP TABLE condition",
            "INSERT INTO patient (patient) VALUES (1)",
            f"COPY (SELECT 1) TO '{tmp_path}/x.csv'",
            f"SELECT * FROM '{OMOP}/PERSON.csv'",
            "SET datafusion.execution.batch_size = 1",
            "SELECT nothing FROM patient",
        ]:
            with pytest.raises(Error, match="INVALID_ARGUMENT"):
                cursor.execute(statement)
                cursor.fetchall()
        with pytest.raises(Error, match="change nothing"):
            cursor.executemany("SELECT $1", [("a",), ("b",)])
    assert not list(tmp_path.iterdir())
    assert by_http(s, "SELECT COUNT(*) AS n FROM patient")[0]["n"] > 0


def test_a_statement_has_its_time_and_ends_with_its_caller(s: Isocenter) -> None:
    with connected(s, **{SECONDS: "1"}) as connection, connection.cursor() as cursor:
        begun = time.monotonic()
        with pytest.raises(Error, match="longer than 1s"):
            cursor.execute(ENDLESS)
            cursor.fetchall()
        assert time.monotonic() - begun < 20
    connection = connected(s)
    cursor = connection.cursor()
    threading.Timer(1, cursor.adbc_cancel).start()
    with pytest.raises(Error):
        cursor.execute(ENDLESS)
        cursor.fetchall()
    cursor.close()
    connection.close()
    assert s.process
    spent = lambda: sum(map(int, Path(f"/proc/{s.process.pid}/stat").read_text().rsplit(") ")[1].split()[11:13]))  # noqa: E731

    def idle() -> bool:
        before = spent()
        time.sleep(1)
        return spent() - before < 50

    soon(idle, seconds=30)


def test_each_statement_stands_in_the_log_once(s: Isocenter) -> None:
    with connected(s) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT 918273")
        assert cursor.fetchall() == [(918273,)]
    [entry] = entries(s, "SELECT 918273")
    assert entry["door"] == "flight" and entry["outcome"] == "done" and entry["actor"]


def test_who_may_only_count_gets_no_rows(s: Isocenter) -> None:
    s.printed("user", "add", "counter", "--role", "researcher")
    with connected(s, f"Bearer {s.token('counter')}") as connection, connection.cursor() as cursor:
        with pytest.raises(Error, match="(?i)permission"):
            cursor.execute("SELECT 1")
        with pytest.raises(Error, match="(?i)permission"):
            connection.adbc_get_objects(depth="tables").read_all()
    refused = [row for row in entries(s, '"flight"') if row["outcome"] == "refused"]
    assert refused, "refusals are in the log"


def test_a_version_is_asked_by_its_number(s: Isocenter) -> None:
    with connected(s, **{FACTS: "999999"}) as connection, connection.cursor() as cursor:
        with pytest.raises(Error, match="cleaned away"):
            cursor.execute("SELECT 1")
    now = str(s.json("/api/v1/cohort-language")["facts"])
    with connected(s, **{FACTS: now}) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM condition")
        assert cursor.fetchone()[0] > 0


def test_beyond_this_machine_it_speaks_tls(tmp_path: Path) -> None:
    own = Authority(tmp_path / "certificates")
    identity = own.issue("server")
    tls = {"flight.tls_certificate": str(identity.certificate), "flight.tls_key": str(identity.key)}
    (tmp_path / "plain").mkdir()
    plain = Isocenter(tmp_path / "plain", {"flight.listen": "0.0.0.0:0"}).run("serve")
    assert plain.returncode != 0 and "flight.tls_certificate" in plain.stderr
    (tmp_path / "tls").mkdir()
    with running(tmp_path / "tls", tls | {"flight.listen": "127.0.0.1:0"}) as s:
        assert s.flight.startswith("grpc+tls://")
        trusted = {DatabaseOptions.TLS_ROOT_CERTS.value: own.path.read_text()}
        address = s.flight.replace("127.0.0.1", "localhost")
        options = trusted | {DatabaseOptions.AUTHORIZATION_HEADER.value: bearer(s)}
        with flightsql.connect(address, db_kwargs=options, autocommit=True) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT 5")
            assert cursor.fetchall() == [(5,)]
