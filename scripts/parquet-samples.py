#!/usr/bin/env python3
"""Writes the Parquet files that the tests of `tables` read: every kind of column, as pyarrow writes them.

Run it again only to add a case: `python scripts/parquet-samples.py`.
"""

import datetime as dt
import decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

FOLDER = Path(__file__).parent.parent / "crates/tables/tests/data"
DAYS = [dt.date(2024, 2, 29), None, dt.date(1969, 12, 31)]
STAMPS = [dt.datetime(2024, 2, 29, 8, 1, 2), dt.datetime(2024, 2, 29), None]


def kinds() -> pa.Table:
    """Three rows with a column of each kind; the second and third have gaps."""
    return pa.table(
        {
            "MRN": pa.array(["P1", "P2", "P3"]),
            "test": pa.array(["2345-7"] * 3),
            "day": pa.array(DAYS, pa.date32()),
            "stamp_s": pa.array(STAMPS, pa.timestamp("s")),
            "stamp_ms": pa.array(STAMPS, pa.timestamp("ms")),
            "stamp_us": pa.array(STAMPS, pa.timestamp("us")),
            "stamp_ns": pa.array(STAMPS, pa.timestamp("ns")),
            "stamp_utc": pa.array(STAMPS, pa.timestamp("us", tz="UTC")),
            "small": pa.array([1, None, -3], pa.int8()),
            "large": pa.array([9007199254740993, None, -1], pa.int64()),
            "positive": pa.array([18446744073709551615, None, 0], pa.uint64()),
            "float_id": pa.array([12.0, None, float("nan")], pa.float64()),
            "value": pa.array([48.1, 0.5, None], pa.float64()),
            "single": pa.array([0.1, None, -2.5], pa.float32()),
            "exact": pa.array([decimal.Decimal("-12.05"), None, decimal.Decimal("0.30")], pa.decimal128(12, 2)),
            "word": pa.array(["mg/dL", "mg/dL", None]).dictionary_encode(),
            "flag": pa.array([True, None, False]),
            "note": pa.array(['a,"b"\nc', "", None], pa.large_string()),
            "raw": pa.array([b"text", b"\xff\xfe", None], pa.binary()),
            "several": pa.array([["a", "b"], [], None], pa.list_(pa.string())),
            "inner": pa.array([{"a": 1}, None, {"a": 2}], pa.struct([("a", pa.int32())])),
        }
    )


def labs(rows: int) -> pa.Table:
    """Results of as many rows, for what is true of long files."""
    first = dt.date(2024, 1, 1)
    return pa.table(
        {
            "MRN": [f"P{row % 7}" for row in range(rows)],
            "test": ["2345-7"] * rows,
            "taken": pa.array([first + dt.timedelta(days=row % 300) for row in range(rows)], pa.date32()),
            "value": pa.array([row / 4 for row in range(rows)], pa.float64()),
        }
    )


def measurements() -> pa.Table:
    """MEASUREMENT of an OMOP CDM; the second row is of nobody."""
    stamp = dt.datetime(2024, 2, 29, 8, 1, 2)
    return pa.table(
        {
            "measurement_id": pa.array([1, 2, 3], pa.int64()),
            # As pandas writes ids where one is missing.
            "person_id": pa.array([1.0, None, 1.0], pa.float64()),
            "measurement_concept_id": pa.array([0, 0, 0], pa.int32()),
            "measurement_source_value": pa.array(["GLU", "GLU", "GLU"]).dictionary_encode(),
            "measurement_date": pa.array([stamp.date()] * 3, pa.date32()),
            "measurement_datetime": pa.array([stamp, stamp, None], pa.timestamp("us")),
            "value_as_number": pa.array([7.5, 7.5, 6.0], pa.float64()),
            "unit_source_value": pa.array(["mmol/L"] * 3),
        }
    )


def main() -> None:
    """Writes them."""
    pq.write_table(kinds(), FOLDER / "kinds.parquet")
    for codec in ["none", "snappy", "gzip", "zstd", "lz4", "brotli"]:
        pq.write_table(labs(20), FOLDER / f"labs-{codec}.parquet", compression=codec, data_page_version="2.0")
    pq.write_table(measurements(), FOLDER / "measurement.parquet")
    pq.write_table(labs(3000), FOLDER / "groups.parquet", row_group_size=1000, compression="zstd")


if __name__ == "__main__":
    main()
