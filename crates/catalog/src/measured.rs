//! What the reports (DICOM SR) of exams measured on images: one's drawings and those of other programs alike.
//!
//! A report is read from the archive the first time it is asked for and kept beside its row. Of versions only the newest
//! counts: of people's drawings, and of a report that another one of the same exam names as the one before it.
//!
//! Read in this order: this file, [`reading`].

mod reading;

use crate::Catalog;
use crate::headers::Headers;
use crate::locate::{COLUMNS, Located, located};
use futures::stream::{self, StreamExt};
use serde::{Deserialize, Serialize};
use sqlx::{AssertSqlSafe, Row};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How reports are read. Another one has them read again.
const FORM: i64 = 1;
/// A report larger than this measures no images.
const LARGEST: u64 = 16 << 20;
/// Reports read at the same time.
const AT_ONCE: usize = 8;

/// A report that measured something.
#[derive(Debug, Clone, PartialEq)]
pub struct MeasuredReport {
    /// The number of its instance within this catalog.
    pub instance: i64,
    /// The exam it is in (0020,000D).
    pub study: String,
    /// Its SOP Instance UID.
    pub sop: String,
    /// Who measured, as far as the report says.
    pub measurer: Option<Measurer>,
    /// What was measured, in the report's order.
    pub measurements: Vec<ImageMeasurement>,
}

/// Who measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Measurer {
    /// Somebody who drew in our viewer.
    Drawing,
    /// A person, with another program.
    Person,
    /// A device or program by itself.
    Device,
}

/// A number that was measured on images.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ImageMeasurement {
    /// The exam of the image, where the report tells it (0020,000D).
    pub study: String,
    /// Its series; '' where it is not known (0020,000E).
    pub series: String,
    /// The image; '' where none is named (0008,1155).
    pub sop: String,
    /// Its frame, counted from 1.
    pub frame: Option<u32>,
    /// What was measured.
    pub concept: Coded,
    /// How the number was made of many: a mean, a maximum.
    pub derivation: Option<Coded>,
    /// What it was measured of.
    pub finding: Option<Coded>,
    /// Where that is.
    pub site: Option<Coded>,
    /// On which side.
    pub laterality: Option<Coded>,
    /// The number.
    pub value: f64,
    /// Its unit, as coded.
    pub unit: String,
    /// What keeps its name through all reports (TID 1501).
    pub tracking_uid: String,
    /// The algorithm, where one measured.
    pub algorithm: String,
}

/// A coded concept: DICOM's name of the scheme, the code, and words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Coded {
    /// (0008,0102), such as `SCT`.
    pub scheme: String,
    /// (0008,0100)
    pub code: String,
    /// (0008,0104)
    pub meaning: String,
}

/// A report as it was read.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Content {
    measurer: Option<Measurer>,
    /// The reports it takes the place of.
    before: Vec<String>,
    measurements: Vec<ImageMeasurement>,
}

/// A report in an exam.
struct Listed {
    instance: i64,
    drawn: bool,
    located: Located,
    content: Option<Content>,
}

impl Catalog {
    /// The reports of exams that measured something and hold now, by exam and in the order they came.
    ///
    /// # Errors
    /// The engine's. A report that can't be read now is left out, and read the next time.
    pub async fn measured_reports(&self, studies: &[String]) -> Result<Vec<MeasuredReport>, sqlx::Error> {
        let mut listed = self.listed_reports(studies).await?;
        self.read_missing(&mut listed).await?;
        let replaced: BTreeSet<(String, String)> = listed.iter().flat_map(replaced_by).collect();
        let stays = |one: &Listed| !replaced.contains(&(one.located.study.clone(), one.located.sop.clone()));
        let mut reports: Vec<MeasuredReport> = listed.into_iter().filter(stays).filter_map(report).collect();
        self.find_series(&mut reports).await?;
        Ok(reports)
    }

    async fn listed_reports(&self, studies: &[String]) -> Result<Vec<Listed>, sqlx::Error> {
        let wanted = self
            .engine()
            .pick("SELECT value FROM json_each($1)", "SELECT jsonb_array_elements_text(CAST($1 AS JSONB))");
        let sql = format!(
            "SELECT {COLUMNS}, i.id, CASE WHEN w.sop_uid IS NULL THEN 0 ELSE 1 END, m.content \
             FROM study s JOIN series r ON r.study = s.id AND r.modality = 'SR' JOIN instance i ON i.series = r.id \
             LEFT JOIN work_version w ON w.sop_uid = i.sop_uid LEFT JOIN measured m ON m.instance = i.id AND m.form = {FORM} \
             WHERE s.uid IN ({wanted}) AND i.deleted = 0 ORDER BY s.id, i.received_at, i.id"
        );
        // Safe: made of constants.
        let query = sqlx::query(AssertSqlSafe(sql)).bind(serde_json::json!(studies).to_string());
        let rows = query.fetch_all(self.ledger.pool()).await?;
        let listed = rows.iter().map(|row| {
            let content: Option<String> = row.try_get(17)?;
            Ok(Listed {
                instance: row.try_get(15)?,
                drawn: row.try_get::<i64, _>(16)? == 1,
                located: located(row, 0)?,
                content: content.and_then(|content| serde_json::from_str(&content).ok()),
            })
        });
        let listed: Result<Vec<Listed>, sqlx::Error> = listed.collect();
        Ok(listed?.into_iter().filter(|one| measures(&one.located)).collect())
    }

    /// Reads those that nobody has read yet, and keeps what they say.
    async fn read_missing(&self, listed: &mut [Listed]) -> Result<(), sqlx::Error> {
        let Some(headers) = &self.headers else { return Ok(()) };
        let missing: Vec<(usize, Located, bool)> = (0..)
            .zip(listed.iter())
            .filter(|(_, one)| one.content.is_none())
            .map(|(at, one)| (at, one.located.clone(), one.drawn))
            .collect();
        let read = missing.into_iter().map(|(at, located, drawn)| read(headers.clone(), at, located, drawn));
        let read: Vec<Option<(usize, Content)>> = stream::iter(read).buffered(AT_ONCE).collect().await;
        let read: Vec<(usize, Content)> = read.into_iter().flatten().collect();
        if read.is_empty() {
            return Ok(());
        }
        let mut tx = self.ledger.write().await?;
        for (at, content) in read {
            sqlx::query(
                "INSERT INTO measured (instance, form, content) VALUES ($1, $2, $3) \
                 ON CONFLICT (instance) DO UPDATE SET form = excluded.form, content = excluded.content",
            )
            .bind(listed[at].instance)
            .bind(FORM)
            .bind(serde_json::to_string(&content).unwrap_or_default())
            .execute(&mut *tx)
            .await?;
            listed[at].content = Some(content);
        }
        tx.commit().await
    }

    /// The series of images that the reports only name by themselves.
    async fn find_series(&self, reports: &mut [MeasuredReport]) -> Result<(), sqlx::Error> {
        let all = || reports.iter().flat_map(|report| &report.measurements);
        let unknown: BTreeSet<&String> =
            all().filter(|one| one.series.is_empty() && !one.sop.is_empty()).map(|one| &one.sop).collect();
        if unknown.is_empty() {
            return Ok(());
        }
        let unknown: Vec<String> = unknown.into_iter().cloned().collect();
        let found = self.locate_sops(&unknown).await?;
        let found: BTreeMap<String, Located> = found.into_iter().map(|one| (one.sop.clone(), one)).collect();
        for one in reports.iter_mut().flat_map(|report| &mut report.measurements) {
            if let Some(image) = found.get(&one.sop).filter(|_| one.series.is_empty()) {
                (one.study, one.series) = (image.study.clone(), image.series.clone());
            }
        }
        Ok(())
    }
}

/// Reads the report at a place of the list.
async fn read(
    headers: Arc<dyn Headers>,
    at: usize,
    located: Located,
    drawn: bool,
) -> Option<(usize, Content)> {
    let document = headers.header(&located).await?;
    Some((at, reading::content(&document, drawn)))
}

fn measures(located: &Located) -> bool {
    dicom::sr::is_report(&located.sop_class) && located.locator.length <= LARGEST
}

/// The exam and the reports that one takes the place of. One that measured nothing takes nobody's.
fn replaced_by(one: &Listed) -> Vec<(String, String)> {
    let content = one.content.as_ref().filter(|content| !content.measurements.is_empty());
    let before = content.into_iter().flat_map(|content| &content.before);
    before.map(|sop| (one.located.study.clone(), sop.clone())).collect()
}

fn report(one: Listed) -> Option<MeasuredReport> {
    let content = one.content.filter(|content| !content.measurements.is_empty())?;
    Some(MeasuredReport {
        instance: one.instance,
        study: one.located.study,
        sop: one.located.sop,
        measurer: content.measurer,
        measurements: content.measurements,
    })
}
