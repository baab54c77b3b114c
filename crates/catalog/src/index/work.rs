//! Rows of the versions of people's work. Only the newest one of each chain is listed with the exam;
//! whatever order they are indexed in, the ones before it are out of the way.

use super::batch::{Batch, Placed};
use super::events::recount;
use super::refresh::Touched;
use dicom::made::Note;
use model::Door;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use store::{Engine, Statement, WriteTx};

const VERSIONS: Statement = Statement(
    "INSERT INTO work_version (sop_uid, study_uid, series_uid, account, kind, number, replaces, changed, made_at) \
     SELECT value->>0, value->>1, value->>2, value->>3, value->>4, CAST(value->>5 AS BIGINT), value->>6, \
     value->>7, CAST(value->>8 AS BIGINT) FROM {rows} WHERE true ON CONFLICT (sop_uid) DO NOTHING",
);

/// A version takes the place of one of the same chain and person, of nothing else.
const REPLACED: Statement = Statement(
    "UPDATE instance SET deleted = -1 WHERE deleted = 0 AND sop_uid IN (SELECT w.replaces FROM {rows} \
     CROSS JOIN work_version w JOIN work_version o ON o.sop_uid = w.replaces AND o.study_uid = w.study_uid \
     AND o.series_uid = w.series_uid AND o.account = w.account WHERE w.study_uid = value->>0)",
);

/// Notes the versions a batch brought, and puts those they replace out of the way.
pub(super) async fn versions(
    engine: Engine,
    tx: &mut WriteTx,
    batch: &Batch<'_>,
    touched: &mut Touched,
) -> Result<(), sqlx::Error> {
    let added = batch.added.iter().map(|at| &batch.instances[*at]);
    let rows: Vec<Value> = added.filter_map(version).collect();
    VERSIONS.run(engine, tx, rows).await?;
    let exams: BTreeSet<&str> = batch.gained.keys().map(String::as_str).collect();
    for study in exams {
        if replaced(engine, tx, study).await? {
            recount(engine, tx, study, touched).await?;
        }
    }
    Ok(())
}

/// Puts the replaced versions of an exam out of the way; whether there were any to put.
pub(super) async fn replaced(engine: Engine, tx: &mut WriteTx, study: &str) -> Result<bool, sqlx::Error> {
    Ok(REPLACED.run(engine, tx, vec![json!([study])]).await? > 0)
}

/// What Isocenter made itself says so by the door it came by. The same note in a file from elsewhere
/// means nothing: it must not hide anything.
fn version(placed: &Placed<'_>) -> Option<Value> {
    let source = &placed.item.head.source;
    if source.door != Door::Made {
        return None;
    }
    let note: Note = Note::of(placed.data_set())?;
    Some(json!([
        placed.names.sop,
        placed.names.study,
        placed.names.series,
        source.account,
        note.kind,
        note.number,
        note.replaces.unwrap_or_default(),
        note.changed.join(" "),
        placed.received()
    ]))
}
