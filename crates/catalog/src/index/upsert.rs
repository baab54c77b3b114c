//! Rows of patients, exams, series, instances and conflicts.

use super::batch::{Batch, Placed};
use super::refresh::{FORGET_NAMES, Touched};
use crate::extract;
use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::{Value, json};
use sqlx::Row;
use std::collections::BTreeMap;
use store::{Engine, Statement, WriteTx};

const PATIENTS: Statement = Statement(
    "INSERT INTO patient (patient_id, issuer, stray, name_key, name_other, birth_date, sex, head, head_at) \
     SELECT value->>0, value->>1, value->>2, value->>3, value->>4, CAST(value->>5 AS BIGINT), value->>6, \
     {unhex:value->>7}, CAST(value->>8 AS BIGINT) FROM {rows} WHERE true \
     ON CONFLICT (patient_id, issuer, stray) DO UPDATE SET name_key = excluded.name_key, \
     name_other = excluded.name_other, birth_date = excluded.birth_date, sex = excluded.sex, \
     head = excluded.head, head_at = excluded.head_at WHERE excluded.head_at < patient.head_at",
);

const STUDIES_BEFORE: Statement = Statement(
    "SELECT uid, s.head_at, s.name_key, s.name_other, s.patient, s.id FROM {rows} \
     CROSS JOIN study s WHERE s.uid = value->>0",
);

const STUDIES: Statement = Statement(
    "INSERT INTO study (uid, patient_id, issuer, name_key, name_other, birth_date, sex, study_date, \
     study_time, accession, study_id, description, referring_key, search, head, head_at, received_at, patient) \
     SELECT value->>0, value->>1, value->>2, value->>4, value->>5, CAST(value->>6 AS BIGINT), value->>7, \
     CAST(value->>8 AS BIGINT), CAST(value->>9 AS BIGINT), value->>10, value->>11, value->>12, value->>13, \
     value->>14, {unhex:value->>15}, CAST(value->>16 AS BIGINT), CAST(value->>16 AS BIGINT), p.id \
     FROM {rows} CROSS JOIN patient p \
     WHERE p.patient_id = value->>1 AND p.issuer = value->>2 AND p.stray = value->>3 \
     ON CONFLICT (uid) DO UPDATE SET patient_id = excluded.patient_id, issuer = excluded.issuer, \
     name_key = excluded.name_key, name_other = excluded.name_other, birth_date = excluded.birth_date, \
     sex = excluded.sex, study_date = excluded.study_date, study_time = excluded.study_time, \
     accession = excluded.accession, study_id = excluded.study_id, description = excluded.description, \
     referring_key = excluded.referring_key, search = excluded.search, head = excluded.head, \
     head_at = excluded.head_at, received_at = excluded.received_at, patient = excluded.patient \
     WHERE excluded.head_at < study.head_at",
);

const STUDIES_AFTER: Statement = Statement(
    "SELECT s.uid, s.id, s.patient, s.head_at, value->>1 FROM {rows} CROSS JOIN study s WHERE s.uid = value->>0",
);

const FORGET_TOKENS: Statement = Statement(
    "DELETE FROM study_token WHERE (token, study) IN \
     (SELECT value->>0, CAST(value->>1 AS BIGINT) FROM {rows})",
);

const TOKENS: Statement = Statement(
    "INSERT INTO study_token (token, study) SELECT value->>0, CAST(value->>1 AS BIGINT) FROM {rows} \
     WHERE true ON CONFLICT (token, study) DO NOTHING",
);

const FORGET_TEXT: Statement =
    Statement("DELETE FROM study_text WHERE rowid IN (SELECT value->>0 FROM {rows})");

const TEXT: Statement = Statement(
    "INSERT INTO study_text (rowid, text) SELECT s.id, s.search FROM {rows} CROSS JOIN study s \
     WHERE s.id = value->>0",
);

/// An exam whose name changed; those that are new get theirs when they become live.
const NAMES: Statement = Statement(
    "INSERT INTO study_name (rowid, name) SELECT s.id, s.name_key FROM {rows} CROSS JOIN study s \
     WHERE s.id = value->>0 AND s.live = 1",
);

const SERIES: Statement = Statement(
    "INSERT INTO series (uid, study, modality, number, description, body_part, pps_date, pps_time, head, \
     head_at, received_at) SELECT value->>0, CAST(value->>1 AS BIGINT), value->>2, \
     CAST(value->>3 AS BIGINT), value->>4, value->>5, CAST(value->>6 AS BIGINT), \
     CAST(value->>7 AS BIGINT), {unhex:value->>8}, CAST(value->>9 AS BIGINT), CAST(value->>9 AS BIGINT) \
     FROM {rows} WHERE true ON CONFLICT (uid, study) DO UPDATE SET modality = excluded.modality, \
     number = excluded.number, description = excluded.description, body_part = excluded.body_part, \
     pps_date = excluded.pps_date, pps_time = excluded.pps_time, head = excluded.head, \
     head_at = excluded.head_at, received_at = excluded.received_at \
     WHERE excluded.head_at < series.head_at",
);

const SERIES_AFTER: Statement = Statement(
    "SELECT r.uid, r.study, r.id FROM {rows} CROSS JOIN series r \
     WHERE r.uid = value->>0 AND r.study = CAST(value->>1 AS BIGINT)",
);

/// What was deleted and is sent again is there again: its sender was told so.
const INSTANCES: Statement = Statement(
    "INSERT INTO instance (sop_uid, series, sop_class, transfer_syntax, number, frames, height, width, \
     bits, digest, segment, position, length, data_set_at, pixel_data_at, received_at) \
     SELECT value->>0, CAST(value->>1 AS BIGINT), value->>2, value->>3, CAST(value->>4 AS BIGINT), \
     CAST(value->>5 AS BIGINT), CAST(value->>6 AS BIGINT), CAST(value->>7 AS BIGINT), \
     CAST(value->>8 AS BIGINT), value->>9, value->>10, CAST(value->>11 AS BIGINT), \
     CAST(value->>12 AS BIGINT), CAST(value->>13 AS BIGINT), CAST(value->>14 AS BIGINT), \
     CAST(value->>15 AS BIGINT) FROM {rows} WHERE true \
     ON CONFLICT (sop_uid) DO UPDATE SET deleted = 0, segment = excluded.segment, \
     position = excluded.position, length = excluded.length, received_at = excluded.received_at \
     WHERE instance.deleted <> 0 AND instance.digest = excluded.digest AND excluded.received_at > \
     (SELECT t.deleted_at FROM tombstone t WHERE t.id = instance.deleted) RETURNING sop_uid",
);

const COUNTS: Statement = Statement(
    "UPDATE series SET instance_count = series.instance_count + CAST(value->>1 AS BIGINT), live = 1 \
     FROM {rows} WHERE series.id = CAST(value->>0 AS BIGINT)",
);

const SOURCES: Statement = Statement(
    "INSERT INTO exam_source (study, door, account, peer, first_at, last_at, instances) \
     SELECT CAST(value->>0 AS BIGINT), value->>1, value->>2, value->>3, CAST(value->>4 AS BIGINT), \
     CAST(value->>5 AS BIGINT), CAST(value->>6 AS BIGINT) FROM {rows} WHERE true \
     ON CONFLICT (study, door, account, peer) DO UPDATE SET \
     instances = exam_source.instances + excluded.instances, \
     first_at = CASE WHEN excluded.first_at < exam_source.first_at THEN excluded.first_at \
     ELSE exam_source.first_at END, \
     last_at = CASE WHEN excluded.last_at > exam_source.last_at THEN excluded.last_at \
     ELSE exam_source.last_at END",
);

const HELD: Statement =
    Statement("SELECT i.sop_uid, i.digest FROM {rows} CROSS JOIN instance i WHERE i.sop_uid = value->>0");

const CONFLICTS: Statement = Statement(
    "INSERT INTO conflict (sop_uid, digest, series_uid, study_uid, segment, position, length, door, \
     account, peer, received_at) SELECT value->>0, value->>1, value->>2, value->>3, value->>4, \
     CAST(value->>5 AS BIGINT), CAST(value->>6 AS BIGINT), value->>7, value->>8, value->>9, \
     CAST(value->>10 AS BIGINT) FROM {rows} WHERE true ON CONFLICT (sop_uid, digest) DO NOTHING",
);

/// The rows of patients and exams, with the words they are found by.
pub(crate) async fn patients_and_exams(
    engine: Engine,
    tx: &mut WriteTx,
    batch: &mut Batch<'_>,
    touched: &mut Touched,
) -> Result<(), sqlx::Error> {
    let patients = batch.leaders(|placed: &Placed<'_>| placed.patient_key());
    let rows = patients.values().map(|p| extract::patient(p.data_set(), &p.names.study, p.received()));
    PATIENTS.run(engine, tx, rows.collect()).await?;

    let leaders = batch.leaders(|p| p.names.study.clone());
    let rows: Vec<Value> =
        leaders.values().map(|p| extract::study(p.data_set(), &p.names.study, p.received())).collect();
    let names: Vec<Value> = rows.iter().map(|row| json!([row[0], row[17]])).collect();
    let before = STUDIES_BEFORE.fetch(engine, tx, names.clone()).await?;
    STUDIES.run(engine, tx, rows).await?;
    let after = STUDIES_AFTER.fetch(engine, tx, names).await?;

    let mut known = FxHashMap::default();
    for row in &before {
        known.insert(row.try_get::<String, _>(0)?, row);
    }
    let (mut forgotten, mut found, mut ids) = (Vec::new(), Vec::new(), Vec::new());
    for row in &after {
        let (uid, id): (String, i64) = (row.try_get(0)?, row.try_get(1)?);
        touched.exams.insert(id);
        touched.patients.insert(row.try_get(2)?);
        let old = known.get(&uid);
        batch.study_ids.insert(uid, id);
        if let Some(old) = old {
            if old.try_get::<i64, _>(1)? == row.try_get::<i64, _>(3)? {
                continue;
            }
            touched.patients.insert(old.try_get(4)?);
            let words = extract::tokens(&old.try_get::<String, _>(2)?, &old.try_get::<String, _>(3)?);
            forgotten.extend(words.into_iter().map(|word| json!([word, id])));
        }
        let words: String = row.try_get(4)?;
        found.extend(words.split(' ').filter(|word| !word.is_empty()).map(|word| json!([word, id])));
        ids.push(json!([id]));
    }
    FORGET_TOKENS.run(engine, tx, forgotten).await?;
    TOKENS.run(engine, tx, found).await?;
    if engine == Engine::Sqlite {
        FORGET_TEXT.run(engine, tx, ids.clone()).await?;
        TEXT.run(engine, tx, ids.clone()).await?;
        FORGET_NAMES.run(engine, tx, ids.clone()).await?;
        NAMES.run(engine, tx, ids).await?;
    }
    Ok(())
}

/// The rows of series.
pub(crate) async fn series(
    engine: Engine,
    tx: &mut WriteTx,
    batch: &mut Batch<'_>,
) -> Result<(), sqlx::Error> {
    let leaders = batch.leaders(|p| (p.names.study.clone(), p.names.series.clone()));
    let rows: Vec<Value> = leaders
        .values()
        .filter_map(|p| {
            Some(extract::series(p.data_set(), &p.names.series, batch.study_id(p)?, p.received()))
        })
        .collect();
    let names = rows.iter().map(|row| json!([row[0], row[1]])).collect();
    SERIES.run(engine, tx, rows).await?;
    for row in SERIES_AFTER.fetch(engine, tx, names).await? {
        batch.series_ids.insert((row.try_get(1)?, row.try_get(0)?), row.try_get(2)?);
    }
    Ok(())
}

/// The rows of instances that are new, counted in their series and by where they came from.
pub(crate) async fn instances(
    engine: Engine,
    tx: &mut WriteTx,
    batch: &mut Batch<'_>,
    touched: &mut Touched,
) -> Result<usize, sqlx::Error> {
    let rows: Vec<Value> = batch
        .instances
        .iter()
        .filter_map(|placed| Some(extract::instance(placed.item, &placed.names, batch.series_id(placed)?)))
        .collect();
    let mut inserted = FxHashSet::default();
    for row in INSTANCES.fetch(engine, tx, rows).await? {
        inserted.insert(row.try_get::<String, _>(0)?);
    }
    let is_new = |at: &usize| inserted.contains(&batch.instances[*at].names.sop);
    batch.added = (0..batch.instances.len()).filter(is_new).collect();
    count(engine, tx, batch, touched).await?;
    Ok(batch.added.len())
}

/// Exam, door, account, peer.
type SourceKey<'a> = (i64, &'a str, &'a str, &'a str);

async fn count(
    engine: Engine,
    tx: &mut WriteTx,
    batch: &mut Batch<'_>,
    touched: &mut Touched,
) -> Result<(), sqlx::Error> {
    let mut by_series: BTreeMap<i64, u64> = BTreeMap::new();
    let mut by_source: BTreeMap<SourceKey<'_>, (i64, i64, u64)> = BTreeMap::new();
    for placed in batch.added.iter().map(|at| &batch.instances[*at]) {
        let (Some(study), Some(series)) = (batch.study_id(placed), batch.series_id(placed)) else { continue };
        *by_series.entry(series).or_default() += 1;
        *batch.gained.entry(placed.names.study.clone()).or_default() += 1;
        let source = &placed.item.head.source;
        let peer = source.peer.as_deref().unwrap_or_default();
        let at = placed.received();
        let sum =
            by_source.entry((study, source.door.as_str(), &source.account, peer)).or_insert((at, at, 0));
        *sum = (sum.0.min(at), sum.1.max(at), sum.2 + 1);
    }
    touched.series.extend(by_series.keys());
    COUNTS.run(engine, tx, by_series.iter().map(|(id, n)| json!([id, n])).collect()).await?;
    let sources = by_source.iter().map(|((study, door, account, peer), (first, last, n))| {
        json!([study, door, account, peer, first, last, n])
    });
    SOURCES.run(engine, tx, sources.collect()).await?;
    Ok(())
}

/// Rows for other content under a known UID. Gives how many were new.
pub(crate) async fn conflicts(
    engine: Engine,
    tx: &mut WriteTx,
    batch: &Batch<'_>,
) -> Result<usize, sqlx::Error> {
    let added: FxHashSet<usize> = batch.added.iter().copied().collect();
    let known = batch.instances.iter().enumerate().filter(|(at, _)| !added.contains(at)).map(|(_, p)| p);
    let doubtful: Vec<&Placed<'_>> = known.chain(&batch.rest).collect();
    let names = doubtful.iter().map(|placed| json!([placed.names.sop])).collect();
    let mut held: FxHashMap<String, String> = FxHashMap::default();
    for row in HELD.fetch(engine, tx, names).await? {
        held.insert(row.try_get(0)?, row.try_get(1)?);
    }
    let differs = |placed: &&&Placed<'_>| {
        held.get(&placed.names.sop).is_some_and(|digest| *digest != placed.item.head.digest.to_hex())
    };
    let rows = doubtful.iter().filter(differs).copied().chain(&batch.noted_conflicts);
    let new = CONFLICTS.run(engine, tx, rows.map(conflict).collect()).await?;
    Ok(usize::try_from(new).unwrap_or(usize::MAX))
}

fn conflict(placed: &Placed<'_>) -> Value {
    let (head, locator) = (&placed.item.head, &placed.item.locator);
    json!([
        placed.names.sop,
        head.digest.to_hex(),
        placed.names.series,
        placed.names.study,
        locator.segment.as_str(),
        locator.offset,
        locator.length,
        head.source.door.as_str(),
        head.source.account,
        head.source.peer.as_deref().unwrap_or_default(),
        placed.received()
    ])
}
