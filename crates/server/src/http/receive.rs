//! What the doors for single files share: reading a body into intake, and telling its errors.

use super::Problem;
use axum::{
    body::{Body, BodyDataStream},
    http::{HeaderMap, StatusCode},
};
use bytes::Bytes;
use futures::StreamExt;
use intake::{IntakeError, import::Settled};
use model::Sha256Digest;
use utoipa::ToSchema;

/// What became of a file.
#[derive(serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct UploadOutcome {
    /// `stored`, `alreadyHeld`, `conflict`, `quarantined`, `refused` or `ignored`.
    outcome: String,
    /// Why, as a code.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// Why, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// The exam it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    study_instance_uid: Option<String>,
    /// Its series.
    #[serde(skip_serializing_if = "Option::is_none")]
    series_instance_uid: Option<String>,
    /// Its own UID.
    #[serde(skip_serializing_if = "Option::is_none")]
    sop_instance_uid: Option<String>,
    /// SHA-256 of its bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<String>,
    /// Its id in quarantine.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
}

impl From<Settled> for UploadOutcome {
    fn from(settled: Settled) -> Self {
        Self {
            outcome: settled.outcome.as_str().into(),
            reason: settled.reason,
            detail: settled.detail,
            study_instance_uid: settled.study_instance_uid.map(Into::into),
            series_instance_uid: settled.series_instance_uid.map(Into::into),
            sop_instance_uid: settled.sop_instance_uid.map(Into::into),
            sha256: settled.sha256.map(Sha256Digest::to_hex),
            id: settled.id,
        }
    }
}

/// The SHA-256 that the sender computed, in `X-Content-SHA256`.
pub(super) fn announced_digest(headers: &HeaderMap) -> Result<Option<Sha256Digest>, Problem> {
    let Some(value) = headers.get("x-content-sha256") else { return Ok(None) };
    let digest = value.to_str().ok().and_then(|hex| Sha256Digest::parse(hex.trim()).ok());
    digest.map(Some).ok_or_else(|| Problem::bad_request("X-Content-SHA256 takes 64 hexadecimal digits."))
}

/// The file's path or name: from this header, percent-encoded, or from the query.
/// Names of files hold names of patients, and addresses are logged on their way where headers are not,
/// so the pages use the header.
pub(super) fn file_name(headers: &HeaderMap, header: &str, query: Option<String>) -> Result<String, Problem> {
    let told =
        headers.get(header).map(|value| percent_encoding::percent_decode(value.as_bytes()).decode_utf8());
    match (told, query) {
        (Some(Ok(name)), _) => Ok(name.into_owned()),
        (None, Some(name)) => Ok(name),
        _ => Err(Problem::bad_request(format!("The header {header} takes percent-encoded UTF-8."))),
    }
}

/// A body's chunks.
pub(super) struct Chunks(BodyDataStream);

impl Chunks {
    pub(super) fn of(body: Body) -> Self {
        Self(body.into_data_stream())
    }

    /// The next chunk, `None` at the end.
    pub(super) async fn next(&mut self) -> Result<Option<Bytes>, Problem> {
        let chunk = self.0.next().await.transpose();
        chunk.map_err(|_| Problem::bad_request("The connection ended before the file did; nothing was kept."))
    }
}

impl From<IntakeError> for Problem {
    fn from(error: IntakeError) -> Self {
        match &error {
            full if full.is_full() => {
                let detail = "The archive's disk is full. What was acknowledged is safe; this was not kept.";
                Self::new(StatusCode::INSUFFICIENT_STORAGE, "archive-full", detail)
            }
            IntakeError::TooLarge { .. } => {
                Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", error.to_string())
            }
            IntakeError::Digest => Self::new(StatusCode::BAD_REQUEST, "digest-mismatch", error.to_string()),
            IntakeError::Shelf(_) | IntakeError::Known(_) => Self::internal(&error),
        }
    }
}
