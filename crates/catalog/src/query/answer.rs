//! Rows of the answer: the heads of the levels, what is computed, and only what was asked for.

use super::columns::{is_default, is_only_returned};
use super::{Level, Query, Row, attribute};
use crate::Catalog;
use crate::locate::{COLUMNS, Located, located};
use bytes::Bytes;
use dicom::{DataSet, ReadOptions, Tag, TransferSyntax, read_data_set, tags};
use rustc_hash::FxHashMap;
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row as _};
use store::Engine;

const fn statement(level: Level) -> (&'static str, &'static str) {
    match level {
        Level::Patient => ("p.id, p.head, p.patient_id", "patient p WHERE p.id"),
        Level::Study => (
            "s.id, s.head, s.uid, s.modalities, s.series_count, s.instance_count, s.patient",
            "study s WHERE s.id",
        ),
        Level::Series => (
            "r.id, s.head, s.uid, s.modalities, s.series_count, s.instance_count, s.patient, r.head, r.uid, \
             r.instance_count, r.modality",
            "series r JOIN study s ON s.id = r.study WHERE r.id",
        ),
        Level::Instance => (
            "i.id, s.head, s.uid, s.modalities, s.series_count, s.instance_count, s.patient, r.head, r.uid, \
             r.instance_count, r.modality, i.bits",
            "instance i JOIN series r ON r.id = i.series JOIN study s ON s.id = r.study WHERE i.id",
        ),
    }
}

/// Columns before [`COLUMNS`] at instance level.
const BEFORE_LOCATED: usize = 12;

pub(super) async fn rows(catalog: &Catalog, query: &Query, ids: &[i64]) -> Result<Vec<Row>, sqlx::Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let (columns, from) = statement(query.level);
    let located = if query.level == Level::Instance { format!(", {COLUMNS}") } else { String::new() };
    let list = match catalog.engine() {
        Engine::Sqlite => "SELECT value FROM json_each($1)",
        Engine::Postgres => "SELECT CAST(jsonb_array_elements_text(CAST($1 AS jsonb)) AS BIGINT)",
    };
    let sql = format!("SELECT {columns}{located} FROM {from} IN ({list})");
    // Safe: made of constants.
    let found = sqlx::query(AssertSqlSafe(sql)).bind(attribute::id_list(ids));
    let mut by_id = FxHashMap::default();
    for row in found.fetch_all(catalog.ledger.pool()).await? {
        by_id.insert(row.try_get::<i64, _>(0)?, row);
    }
    let mut answer = Vec::with_capacity(ids.len());
    for row in ids.iter().filter_map(|id| by_id.get(id)) {
        answer.push(answer_row(catalog, query, row).await?);
    }
    Ok(answer)
}

async fn answer_row(catalog: &Catalog, query: &Query, row: &AnyRow) -> Result<Row, sqlx::Error> {
    let mut all = head(row, 1)?;
    if query.level == Level::Patient {
        patient_counts(catalog, query, row.try_get(0)?, &mut all).await?;
        return Ok(Row { study: None, series: None, sop: None, data_set: chosen(query, all) });
    }
    let study: String = row.try_get(2)?;
    study_values(row, &study, &mut all)?;
    patient_counts(catalog, query, row.try_get(6)?, &mut all).await?;
    let (mut series, mut sop) = (None, None);
    if query.level >= Level::Series {
        merge(&mut all, head(row, 7)?);
        let uid: String = row.try_get(8)?;
        series_values(row, &uid, &mut all)?;
        series = Some(uid);
    }
    if query.level == Level::Instance {
        let instance = located(row, BEFORE_LOCATED)?;
        all = instance_values(catalog, query, row, &instance, all).await?;
        sop = Some(instance.sop);
    }
    if query.keys.iter().any(|key| key.tag == tags::SOP_CLASSES_IN_STUDY)
        || query.include.tags.contains(&tags::SOP_CLASSES_IN_STUDY)
    {
        sop_classes(catalog, &study, &mut all).await?;
    }
    Ok(Row { study: Some(study), series, sop, data_set: chosen(query, all) })
}

fn head(row: &AnyRow, at: usize) -> Result<DataSet, sqlx::Error> {
    let bytes = Bytes::from(row.try_get::<Vec<u8>, _>(at)?);
    read_data_set(&bytes, &TransferSyntax::EXPLICIT_LE, &ReadOptions::default())
        .map_err(|error| sqlx::Error::Decode(error.into()))
}

/// Puts one level's attributes over another's. Both are UTF-8 where they aren't ASCII.
fn merge(all: &mut DataSet, more: DataSet) {
    for element in more {
        all.insert(element);
    }
}

fn count(set: &mut DataSet, tag: Tag, number: i64) {
    set.put_text(tag, &number.to_string());
}

fn study_values(row: &AnyRow, uid: &str, all: &mut DataSet) -> Result<(), sqlx::Error> {
    all.put_text(tags::STUDY_INSTANCE_UID, uid);
    all.put_text(tags::MODALITIES_IN_STUDY, &row.try_get::<String, _>(3)?);
    count(all, tags::NUMBER_OF_STUDY_RELATED_SERIES, row.try_get(4)?);
    count(all, tags::NUMBER_OF_STUDY_RELATED_INSTANCES, row.try_get(5)?);
    all.put_text(tags::INSTANCE_AVAILABILITY, "ONLINE");
    Ok(())
}

fn series_values(row: &AnyRow, uid: &str, all: &mut DataSet) -> Result<(), sqlx::Error> {
    all.put_text(tags::SERIES_INSTANCE_UID, uid);
    all.put_text(tags::MODALITY, &row.try_get::<String, _>(10)?);
    count(all, tags::NUMBER_OF_SERIES_RELATED_INSTANCES, row.try_get(9)?);
    Ok(())
}

/// The instance's own values; its whole header where more is asked for than rows have.
async fn instance_values(
    catalog: &Catalog,
    query: &Query,
    row: &AnyRow,
    instance: &Located,
    levels: DataSet,
) -> Result<DataSet, sqlx::Error> {
    let mut all = levels;
    let numbers = [
        (tags::ROWS, instance.rows),
        (tags::COLUMNS, instance.columns),
        (tags::BITS_ALLOCATED, row.try_get(11)?),
    ];
    for (tag, number) in numbers {
        if let Some(number) = number.and_then(|number| u16::try_from(number).ok()) {
            all.put_u16(tag, number);
        }
    }
    let texts = [
        (tags::INSTANCE_NUMBER, instance.instance_number),
        (tags::NUMBER_OF_FRAMES, instance.number_of_frames),
    ];
    for (tag, number) in texts {
        if let Some(number) = number {
            count(&mut all, tag, number);
        }
    }
    let beyond =
        |tag: &Tag| !all.contains(*tag) && !is_default(Level::Instance, *tag) && !is_only_returned(*tag);
    let mut asked = query.keys.iter().map(|key| key.tag).chain(query.include.tags.iter().copied());
    if query.include.all || asked.any(|tag| beyond(&tag)) {
        all = with_header(catalog, instance, all).await;
    }
    all.put_text(tags::SOP_CLASS_UID, &instance.sop_class);
    all.put_text(tags::SOP_INSTANCE_UID, &instance.sop);
    all.put_text(tags::AVAILABLE_TRANSFER_SYNTAX_UID, &instance.transfer_syntax);
    Ok(all)
}

async fn with_header(catalog: &Catalog, instance: &Located, levels: DataSet) -> DataSet {
    let Some(headers) = &catalog.headers else { return levels };
    let Some(mut header) = headers.header(instance).await else { return levels };
    header.recode(dicom::Charset::UTF_8);
    merge(&mut header, levels);
    header
}

/// Counted only when asked for.
async fn patient_counts(
    catalog: &Catalog,
    query: &Query,
    patient: i64,
    all: &mut DataSet,
) -> Result<(), sqlx::Error> {
    const COUNTS: [(Tag, &str); 3] = [
        (tags::NUMBER_OF_PATIENT_RELATED_STUDIES, "COUNT(*)"),
        (tags::NUMBER_OF_PATIENT_RELATED_SERIES, "SUM(series_count)"),
        (tags::NUMBER_OF_PATIENT_RELATED_INSTANCES, "SUM(instance_count)"),
    ];
    let asked = |tag: Tag| {
        query.keys.iter().any(|key| key.tag == tag)
            || query.include.tags.contains(&tag)
            || (query.include.all && query.level == Level::Patient)
    };
    for (tag, sum) in COUNTS.into_iter().filter(|(tag, _)| asked(*tag)) {
        let sql = format!(
            "SELECT CAST(COALESCE({sum}, 0) AS BIGINT) FROM study WHERE patient = $1 AND live + 0 = 1"
        );
        // Safe: made of constants.
        let row = sqlx::query(AssertSqlSafe(sql)).bind(patient).fetch_one(catalog.ledger.pool()).await?;
        count(all, tag, row.try_get(0)?);
    }
    Ok(())
}

async fn sop_classes(catalog: &Catalog, study: &str, all: &mut DataSet) -> Result<(), sqlx::Error> {
    let rows = sqlx::query(
        "SELECT DISTINCT i.sop_class FROM study s JOIN series r ON r.study = s.id \
         JOIN instance i ON i.series = r.id WHERE s.uid = $1 AND i.deleted = 0 ORDER BY 1",
    )
    .bind(study)
    .fetch_all(catalog.ledger.pool())
    .await?;
    let classes = rows.iter().map(|row| row.try_get(0)).collect::<Result<Vec<String>, _>>()?;
    all.put_text(tags::SOP_CLASSES_IN_STUDY, &classes.join("\\"));
    Ok(())
}

/// The attributes that were asked for; keys without a value are there, empty.
fn chosen(query: &Query, mut all: DataSet) -> DataSet {
    let asked: Vec<Tag> =
        query.keys.iter().map(|key| key.tag).chain(query.include.tags.iter().copied()).collect();
    let upper = |tag: Tag| {
        query.level >= Level::Series
            && query.keys.iter().all(|key| key.tag != tags::STUDY_INSTANCE_UID)
            && is_default(Level::Study, tag)
    };
    let defaults = |tag: Tag| is_default(query.level, tag) || upper(tag);
    if !query.include.all {
        all.retain(|element| {
            element.tag == tags::SPECIFIC_CHARACTER_SET
                || asked.contains(&element.tag)
                || (query.include.defaults && defaults(element.tag))
        });
    }
    for key in &query.keys {
        if key.creator.is_none() && !all.contains(key.tag) {
            all.put_bytes(key.tag, dicom::dictionary::implicit_vr(key.tag, false), Bytes::new());
        }
    }
    all
}
