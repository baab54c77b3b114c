//! Fact rows of the instances that are new.

use super::batch::Batch;
use crate::Catalog;
use crate::facts::{NewFacts, Seen};
use serde_json::{Value, json};
use sqlx::Row;
use std::collections::BTreeMap;
use store::{Engine, Statement, WriteTx};

const KNOWN: Statement = Statement(
    "SELECT f.series, f.facts FROM {rows} CROSS JOIN fact f WHERE f.series = CAST(value->>0 AS BIGINT)",
);

const SQLITE: &str =
    "INSERT INTO fact (id, series, facts) SELECT value->>0, value->>1, value->>2 FROM {rows}";
const POSTGRES: &str = "INSERT INTO fact (id, series, facts, terms) SELECT CAST(value->>0 AS BIGINT), \
     CAST(value->>1 AS BIGINT), value->>2, string_to_array(value->>3, ' ') FROM {rows}";
const TEXT: Statement =
    Statement("INSERT INTO fact_text (rowid, terms) SELECT value->>0, value->>3 FROM {rows}");
const TERMS: Statement = Statement(
    "INSERT INTO fact_term (term) SELECT DISTINCT value->>0 FROM {rows} WHERE true \
     ORDER BY 1 ON CONFLICT (term) DO NOTHING",
);

/// Adds what the batch's new instances say that their series didn't yet.
pub(super) async fn write(
    catalog: &Catalog,
    tx: &mut WriteTx,
    batch: &mut Batch<'_>,
) -> Result<(), sqlx::Error> {
    let engine = catalog.engine();
    let mut by_series: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for at in &batch.added {
        if let Some(series) = batch.series_id(&batch.instances[*at]) {
            by_series.entry(series).or_default().push(*at);
        }
    }
    let mut seen = recall(catalog, tx, by_series.keys()).await?;
    let mut rows: Vec<(i64, NewFacts)> = Vec::new();
    for (series, instances) in &by_series {
        let seen = seen.entry(*series).or_default();
        let mut new = NewFacts::default();
        for header in instances.iter().filter_map(|at| batch.instances[*at].item.header.as_ref()) {
            seen.note(&header.data_set, &mut new);
        }
        if !new.lines.is_empty() {
            rows.push((*series, new));
        }
    }
    batch.seen = seen.into_iter().collect();
    insert(engine, tx, rows).await
}

/// What is remembered of the series, or else read from their rows.
async fn recall(
    catalog: &Catalog,
    tx: &mut WriteTx,
    series: impl Iterator<Item = &i64>,
) -> Result<BTreeMap<i64, Seen>, sqlx::Error> {
    let (mut known, mut unknown) = (BTreeMap::new(), Vec::new());
    if let Ok(mut remembered) = catalog.seen.lock() {
        for id in series {
            match remembered.take(*id) {
                Some(seen) => drop(known.insert(*id, seen)),
                None => unknown.push(json!([id])),
            }
        }
    }
    let mut rows: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    for row in KNOWN.fetch(catalog.engine(), tx, unknown).await? {
        rows.entry(row.try_get(0)?).or_default().push(row.try_get(1)?);
    }
    known.extend(rows.iter().map(|(id, facts)| (*id, Seen::from_rows(facts.iter().map(String::as_str)))));
    Ok(known)
}

async fn insert(engine: Engine, tx: &mut WriteTx, new: Vec<(i64, NewFacts)>) -> Result<(), sqlx::Error> {
    if new.is_empty() {
        return Ok(());
    }
    let last = sqlx::query("SELECT COALESCE(MAX(id), 0) FROM fact").fetch_one(&mut **tx).await?;
    let last: i64 = last.try_get(0)?;
    let terms: Vec<Value> =
        new.iter().flat_map(|(_, facts)| &facts.terms).map(|term| json!([term])).collect();
    let rows: Vec<Value> = (last + 1..)
        .zip(new)
        .map(|(id, (series, facts))| json!([id, series, facts.lines, facts.terms.join(" ")]))
        .collect();
    Statement(engine.pick(SQLITE, POSTGRES)).run(engine, tx, rows.clone()).await?;
    match engine {
        Engine::Sqlite => TEXT.run(engine, tx, rows).await,
        Engine::Postgres => TERMS.run(engine, tx, terms).await,
    }
    .map(drop)
}
