//! The audit log to take along, as it stands: for spreadsheets, or row by row with all that is hashed.

use super::super::Problem;
use super::super::caller::Caller;
use super::{Filter, Row, Wanted, log};
use crate::App;
use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures::stream;
use govern::Action;
use serde_json::json;
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// Rows read at once.
const PAGE: i64 = 1000;

/// How rows are written.
#[derive(Debug, Clone, Copy, serde::Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Format {
    /// A table with a heading (RFC 4180).
    Csv,
    /// A JSON object in each line, with the hashes that let others check the chain.
    Ndjson,
}

/// How to write it.
#[derive(serde::Deserialize, IntoParams)]
pub(super) struct Wish {
    #[param(inline)]
    format: Format,
}

/// The rows that fit, oldest first, as a file.
#[utoipa::path(get, path = "/audit/export", tag = "audit", params(Wanted, Wish),
    responses((status = 200, content_type = "text/csv", body = String), (status = 403, body = Problem)))]
pub(super) async fn export(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(wanted): Query<Wanted>,
    Query(Wish { format }): Query<Wish>,
) -> Result<Response, Problem> {
    let grant = caller.authorize(&app, Action::ReadAudit, &log()).await?;
    let filter = wanted.filter()?;
    app.govern.audit.record(caller.record(&grant).with("what", "export")).await?;
    let (kind, name, head) = match format {
        Format::Csv => ("text/csv; charset=utf-8", "audit.csv", HEADING),
        Format::Ndjson => ("application/x-ndjson", "audit.ndjson", ""),
    };
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    // Rows that are added while it is read are left out; else reading it could go on for ever.
    let last = app.govern.audit.head().await?.seq;
    Ok((headers, Body::from_stream(pages(app, filter, format, head, last))).into_response())
}

fn pages(
    app: Arc<App>,
    filter: Filter,
    format: Format,
    head: &'static str,
    last: i64,
) -> impl stream::Stream<Item = Result<Bytes, sqlx::Error>> {
    let head = stream::iter([Ok(Bytes::from_static(head.as_bytes()))]);
    let rows = stream::try_unfold(0, move |after| {
        let (app, filter) = (Arc::clone(&app), filter.clone());
        async move {
            let rows = app.govern.audit.fitting_after(&filter, after, PAGE).await?;
            let Some(end) = rows.iter().map(|row| row.seq).filter(|seq| *seq <= last).max() else {
                return Ok(None);
            };
            let text: String =
                rows.iter().filter(|row| row.seq <= last).map(|row| line(row, format)).collect();
            Ok(Some((Bytes::from(text), end)))
        }
    });
    futures::StreamExt::chain(head, rows)
}

const HEADING: &str = "number,time,who,door,action,objects,outcome,details,hash\r\n";

fn line(row: &Row, format: Format) -> String {
    match format {
        Format::Csv => {
            let objects: Vec<String> = serde_json::from_str(&row.resources).unwrap_or_default();
            let cells = [
                row.seq.to_string(),
                row.at.to_string(),
                row.actor.clone(),
                row.door.clone(),
                row.action.clone(),
                objects.join(" "),
                row.outcome.clone(),
                row.detail.clone(),
                row.hash.clone(),
            ];
            cells.map(|text| cell(&text)).join(",") + "\r\n"
        }
        Format::Ndjson => {
            let row = json!({
                "seq": row.seq, "at": row.at.as_micros(), "actor": row.actor, "door": row.door,
                "action": row.action, "resources": row.resources, "outcome": row.outcome,
                "detail": row.detail, "previous": row.previous, "hash": row.hash,
            });
            format!("{row}\n")
        }
    }
}

/// Quoted where it must be. A spreadsheet would take a text that begins so for a formula.
fn cell(text: &str) -> String {
    let text = if text.starts_with(['=', '+', '-', '@']) { format!("'{text}") } else { text.to_owned() };
    if text.contains(['"', ',', '\r', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_hold_any_text_and_no_formula() {
        assert_eq!(cell("ann"), "ann");
        assert_eq!(cell(r#"{"a":1,"b":2}"#), r#""{""a"":1,""b"":2}""#);
        assert_eq!(cell("=cmd()"), "'=cmd()");
    }
}
