//! What the exams' resources look like in JSON.

use catalog::{Deletion, ExamPage, ExamSummary, InstanceSummary, SeriesSummary, SourceSummary};
use serde::Serialize;
use utoipa::ToSchema;

/// A page of exams.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ExamList {
    exams: Vec<Exam>,
    /// Where the next page begins; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
    total: Total,
}

/// How many there are.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Total {
    /// The number.
    value: i64,
    /// False if there are at least so many.
    exact: bool,
}

/// An exam.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct Exam {
    study_instance_uid: String,
    patient_id: String,
    /// Who gave the patient that ID; empty where the exam does not say.
    issuer: String,
    /// As written: family^given^middle^prefix^suffix, groups parted by `=`.
    patient_name: String,
    patient_sex: String,
    /// YYYY-MM-DD.
    #[serde(skip_serializing_if = "Option::is_none")]
    patient_birth_date: Option<String>,
    accession_number: String,
    /// YYYY-MM-DD.
    #[serde(skip_serializing_if = "Option::is_none")]
    study_date: Option<String>,
    /// hh:mm:ss.
    #[serde(skip_serializing_if = "Option::is_none")]
    study_time: Option<String>,
    study_description: String,
    modalities: Vec<String>,
    series_count: i64,
    instance_count: i64,
    /// When its first instance arrived (RFC 3339).
    received_at: String,
    /// Whether one of its instances is a picture that can be shown.
    has_picture: bool,
}

/// An exam in full.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ExamContents {
    exam: Exam,
    series: Vec<Series>,
    sources: Vec<ExamSource>,
}

/// A series.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Series {
    series_instance_uid: String,
    modality: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    series_number: Option<i64>,
    series_description: String,
    body_part: String,
    instance_count: usize,
    instances: Vec<Instance>,
}

/// An instance.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Instance {
    sop_instance_uid: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    instance_number: Option<i64>,
    /// 1 unless it says otherwise.
    frames: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    rows: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    columns: Option<i64>,
    sop_class_uid: String,
    /// Whether it has pixels that can be shown.
    renderable: bool,
}

/// Who brought instances of an exam.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ExamSource {
    /// `c-store`, `stow`, `import`, `upload`, `fetch` or `made`.
    door: String,
    account: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    peer: Option<String>,
    /// When the first of them arrived (RFC 3339).
    received_at: String,
    instances: i64,
}

/// Deletions that can be undone.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct DeletedList {
    deleted: Vec<Deleted>,
}

/// A deletion.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Deleted {
    exam: Exam,
    /// Present if only this series was deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    series_instance_uid: Option<String>,
    /// Present if only this instance was deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    sop_instance_uid: Option<String>,
    account: String,
    reason: String,
    deleted_at: String,
    instances: i64,
}

/// YYYY-MM-DD as a number like 20260131.
pub(in crate::http) fn iso_day(text: &str) -> Option<i64> {
    let shape =
        |(at, byte): (usize, u8)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() };
    let whole = text.len() == 10 && text.bytes().enumerate().all(shape);
    whole.then(|| text.replace('-', "").parse().ok()).flatten()
}

pub(in crate::http) fn day(number: i64) -> String {
    format!("{:04}-{:02}-{:02}", number / 10_000, number / 100 % 100, number % 100)
}

fn time(micros: i64) -> String {
    let seconds = micros / 1_000_000;
    format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

fn some(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

impl From<ExamPage> for ExamList {
    fn from(page: ExamPage) -> Self {
        let total = Total { value: page.total, exact: page.exact };
        Self { exams: page.exams.into_iter().map(Into::into).collect(), next_cursor: page.next, total }
    }
}

impl From<ExamSummary> for Exam {
    fn from(exam: ExamSummary) -> Self {
        Self {
            study_instance_uid: exam.study,
            patient_id: exam.patient_id,
            issuer: exam.issuer,
            patient_name: exam.patient_name,
            patient_sex: exam.patient_sex,
            patient_birth_date: exam.birth_date.map(day),
            accession_number: exam.accession,
            study_date: exam.date.map(day),
            study_time: exam.time.map(time),
            study_description: exam.description,
            modalities: exam.modalities,
            series_count: exam.series,
            instance_count: exam.instances,
            received_at: exam.received_at.to_string(),
            has_picture: exam.has_picture,
        }
    }
}

impl ExamContents {
    pub(super) fn new(exam: ExamSummary, series: Vec<SeriesSummary>, sources: Vec<SourceSummary>) -> Self {
        let series = series.into_iter().map(Into::into).collect();
        Self { exam: exam.into(), series, sources: sources.into_iter().map(Into::into).collect() }
    }
}

impl From<SeriesSummary> for Series {
    fn from(series: SeriesSummary) -> Self {
        Self {
            series_instance_uid: series.series,
            modality: series.modality,
            series_number: series.number,
            series_description: series.description,
            body_part: series.body_part,
            instance_count: series.instances.len(),
            instances: series.instances.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<InstanceSummary> for Instance {
    fn from(instance: InstanceSummary) -> Self {
        Self {
            sop_instance_uid: instance.sop,
            instance_number: instance.number,
            frames: instance.frames.unwrap_or(1),
            renderable: instance.has_pixels && instance.rows.is_some() && instance.columns.is_some(),
            rows: instance.rows,
            columns: instance.columns,
            sop_class_uid: instance.sop_class,
        }
    }
}

impl From<SourceSummary> for ExamSource {
    fn from(source: SourceSummary) -> Self {
        Self {
            door: source.door,
            account: source.account,
            peer: some(source.peer),
            received_at: source.first_at.to_string(),
            instances: source.instances,
        }
    }
}

impl From<Vec<Deletion>> for DeletedList {
    fn from(deletions: Vec<Deletion>) -> Self {
        let deleted = |deletion: Deletion| Deleted {
            exam: deletion.exam.into(),
            series_instance_uid: some(deletion.series),
            sop_instance_uid: some(deletion.sop),
            account: deletion.account,
            reason: deletion.reason,
            deleted_at: deletion.deleted_at.to_string(),
            instances: deletion.instances,
        };
        Self { deleted: deletions.into_iter().map(deleted).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_go_there_and_back() {
        assert_eq!(iso_day("2026-01-31"), Some(20_260_131));
        assert_eq!(day(20_260_131), "2026-01-31");
        assert_eq!(iso_day("20260131"), None);
        assert_eq!(iso_day("2026-1-031"), None);
    }

    #[test]
    fn times_are_of_the_day() {
        assert_eq!(time(45_296_500_000), "12:34:56");
    }
}
