//! The PDF inside an Encapsulated PDF instance (PS3.3 §A.45.1), to be shown in a frame of our own page.

use super::study_of;
use crate::App;
use crate::http::{Caller, Problem};
use axum::extract::{Path, State};
use axum::http::{HeaderName, header};
use axum::response::IntoResponse;
use dicom::json::BulkPath;
use govern::{Action, Resource};
use model::SopInstanceUid;
use std::sync::Arc;
use view::metadata::Bulk;

/// Encapsulated Document (PS3.6).
const DOCUMENT: &str = "00420011";
/// How every PDF begins (ISO 32000-1 §7.5.2).
const SIGN: &[u8] = b"%PDF-";

/// Nothing in it may load or run anything of ours, and only our own pages may frame it.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'";

/// The PDF of an Encapsulated PDF instance. Anything else is not given out under this type.
#[utoipa::path(get, path = "/exams/{study}/instances/{sop}/pdf", tag = "exams",
    params(("study" = String, Path), ("sop" = String, Path)),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>), (status = 404, body = Problem)))]
pub(super) async fn pdf_of(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((study, sop)): Path<(String, String)>,
) -> Result<impl IntoResponse, Problem> {
    let missing = || Problem::not_found("PDF");
    let (study, sop) = (study_of(&study)?, SopInstanceUid::parse(&sop).map_err(|_| missing())?);
    let grant = caller.authorize(&app, Action::Read, &Resource::Exam(study.clone())).await?;
    let found = app.catalog.locate_sop(&sop).await?;
    let instance = found.filter(|found| found.study == study.as_str()).ok_or_else(missing)?;
    let path = BulkPath::parse(DOCUMENT).ok_or_else(missing)?;
    let Bulk::Value(content) = app.view.bulk(&instance, &path).await? else { return Err(missing()) };
    if !content.starts_with(SIGN) {
        return Err(missing());
    }
    app.govern.audit.record_soon(caller.record(&grant).with("pdf", sop.as_str())).await?;
    let headers: [(HeaderName, &str); 4] = [
        (header::CONTENT_TYPE, "application/pdf"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CONTENT_DISPOSITION, "inline; filename=\"document.pdf\""),
        (header::CACHE_CONTROL, "private, no-store"),
    ];
    Ok((headers, content))
}
