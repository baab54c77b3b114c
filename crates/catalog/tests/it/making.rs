//! Instances made for tests, as the archive would hand them over.

use bytes::Bytes;
use catalog::{Catalog, ToIndex};
use dicom::{DataSet, Tag, TransferSyntax, tags};
use intake::{Kind, Locator, NewEntryHead, SegmentId};
use model::{Door, Sha256Digest, Source, Timestamp};
use serde_json::{Map, Value, json};
use sqlx::Row;
use store::Ledger;

/// An instance to be varied.
#[derive(Clone)]
pub struct Made {
    pub set: DataSet,
    pub received: i64,
    pub digest: u8,
}

/// The `n`th instance of a series of an exam of a patient.
pub fn made(patient: &str, study: u32, series: u32, n: u32) -> Made {
    let mut set = DataSet::new();
    let study_uid = format!("1.2.{study}");
    set.put_text(tags::SOP_CLASS_UID, "1.2.840.10008.5.1.4.1.1.2");
    set.put_text(tags::SOP_INSTANCE_UID, &format!("{study_uid}.{series}.{n}"));
    set.put_text(tags::STUDY_INSTANCE_UID, &study_uid);
    set.put_text(tags::SERIES_INSTANCE_UID, &format!("{study_uid}.{series}"));
    set.put_text(tags::PATIENT_ID, patient);
    set.put_text(tags::PATIENT_NAME, &format!("Name^{patient}"));
    set.put_text(tags::STUDY_DATE, &format!("2026{:02}{:02}", 1 + study / 28 % 12, 1 + study % 28));
    set.put_text(tags::STUDY_TIME, "120000");
    set.put_text(tags::ACCESSION_NUMBER, &format!("A{study}"));
    set.put_text(tags::STUDY_DESCRIPTION, "Chest routine");
    set.put_text(tags::MODALITY, if series.is_multiple_of(2) { "CT" } else { "MR" });
    set.put_text(tags::SERIES_NUMBER, &series.to_string());
    set.put_text(tags::SERIES_DESCRIPTION, &format!("Series {series}"));
    set.put_text(tags::INSTANCE_NUMBER, &n.to_string());
    set.put_text(tags::SLICE_LOCATION, &format!("{n}.5"));
    set.put_text(tags::MANUFACTURER, "Maker");
    set.put_u16(tags::ROWS, 512);
    set.put_u16(tags::COLUMNS, 256);
    Made { set, received: i64::from(study * 10_000 + series * 100 + n), digest: 1 }
}

impl Made {
    pub fn with(mut self, tag: Tag, text: &str) -> Self {
        self.set.put_text(tag, text);
        self
    }

    pub fn without(mut self, tag: Tag) -> Self {
        self.set.remove(tag);
        self
    }

    pub fn received(mut self, at: i64) -> Self {
        self.received = at;
        self
    }

    pub fn digest(mut self, digest: u8) -> Self {
        self.digest = digest;
        self
    }

    pub fn build(&self) -> ToIndex {
        let file = Bytes::from(dicom::write_file(&self.set, &TransferSyntax::EXPLICIT_LE, None));
        let sop = self.set.uid(tags::SOP_INSTANCE_UID).unwrap();
        ToIndex {
            head: head(
                Kind::Instance,
                &format!("{sop}-{}", self.digest),
                self.received,
                self.digest,
                Map::new(),
            ),
            locator: locator(self.received, file.len()),
            header: Some(std::sync::Arc::new(dicom::read_header(&file).unwrap())),
        }
    }
}

fn locator(at: i64, length: usize) -> Locator {
    Locator {
        segment: SegmentId("2026/11/a-000001".into()),
        offset: at.cast_unsigned() * 1024,
        length: length as u64,
    }
}

pub fn head(kind: Kind, name: &str, received: i64, digest: u8, details: Map<String, Value>) -> NewEntryHead {
    let source = Source {
        door: Door::CStore,
        account: "scanner".into(),
        peer: Some("CT1@10.0.0.1".into()),
        path: None,
        received_at: Timestamp::from_micros(received),
    };
    NewEntryHead { kind, name: name.into(), digest: Sha256Digest([digest; 32]), source, details }
}

/// An entry that is no instance.
pub fn other(kind: Kind, name: &str, received: i64, details: Value) -> ToIndex {
    let Value::Object(details) = details else { panic!("details are an object") };
    ToIndex { head: head(kind, name, received, 9, details), locator: locator(received, 10), header: None }
}

pub fn event(name: &str, received: i64, event: &str, about: &Value) -> ToIndex {
    let mut details = json!({ "event": event });
    details.as_object_mut().unwrap().extend(about.as_object().unwrap().clone());
    other(Kind::Event, name, received, details)
}

pub async fn catalog(ledger: Ledger) -> Catalog {
    Catalog::open(ledger).await.unwrap()
}

pub async fn indexed(catalog: &Catalog, made: &[Made]) -> catalog::Indexed {
    let items: Vec<_> = made.iter().map(Made::build).collect();
    catalog.index(&items, None).await.unwrap()
}

/// Rows as text, numbers of rows left out: equal catalogs give equal dumps.
pub async fn dump(catalog: &Catalog) -> Vec<String> {
    let mut lines = Vec::new();
    for sql in [
        "SELECT patient_id, issuer, stray, name_key, name_other, birth_date, sex, live, head_at FROM patient",
        "SELECT s.uid, p.patient_id, s.name_key, s.study_date, s.study_time, s.accession, s.description, \
         s.modalities, s.series_count, s.instance_count, s.live, s.filed, s.search, s.head_at FROM study s \
         JOIN patient p ON p.id = s.patient",
        "SELECT d.modality, d.study_date, s.uid FROM study_day d JOIN study s ON s.id = d.study",
        "SELECT modality, study_date, studies FROM day_count WHERE studies <> 0",
        "SELECT t.token, s.uid FROM study_token t JOIN study s ON s.id = t.study",
        "SELECT r.uid, s.uid, r.modality, r.number, r.description, r.instance_count, r.live, r.head_at \
         FROM series r JOIN study s ON s.id = r.study",
        "SELECT i.sop_uid, r.uid, i.number, i.height, i.width, i.digest, i.segment, i.position, i.deleted > 0 \
         AND true FROM instance i JOIN series r ON r.id = i.series",
        "SELECT door, account, peer, first_at, last_at, instances FROM exam_source",
        "SELECT sop_uid, digest, position FROM conflict",
        "SELECT id, state, reason FROM quarantine",
        "SELECT event, study_uid, restored_at, purged_at FROM tombstone",
        "SELECT sop_uid, study_uid, series_uid, account, kind, number, replaces, changed, made_at FROM work_version",
    ] {
        let sql = sql.replace("i.deleted > 0 AND true", "CASE WHEN i.deleted > 0 THEN 1 ELSE i.deleted END");
        for row in sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(catalog.ledger().pool()).await.unwrap() {
            lines.push((0..row.len()).map(|at| cell(&row, at)).collect::<Vec<_>>().join(" | "));
        }
    }
    let rows = sqlx::query("SELECT r.uid, f.facts FROM fact f JOIN series r ON r.id = f.series");
    for row in rows.fetch_all(catalog.ledger().pool()).await.unwrap() {
        let (uid, facts): (String, String) = (row.get(0), row.get(1));
        lines.extend(facts.lines().map(|line| format!("{uid} {line}")));
    }
    lines.sort_unstable();
    lines
}

fn cell(row: &sqlx::any::AnyRow, at: usize) -> String {
    row.try_get::<Option<String>, _>(at)
        .map(Option::unwrap_or_default)
        .unwrap_or_else(|_| row.get::<Option<i64>, _>(at).map_or(String::new(), |n| n.to_string()))
}
