//! Statements that people write themselves, over the tables of facts.

use super::super::body::JsonBody;
use super::super::{Caller, Problem};
use crate::App;
use crate::statements::{self, Asked};
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse as _, Response};
use futures::StreamExt as _;
use serde::Deserialize;
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use warehouse::statement::{RowForm, Rows, Statement};

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(answer))
}

/// Which version of the facts was read.
const FACTS: HeaderName = HeaderName::from_static("isocenter-facts");

/// A statement to be answered.
#[derive(Deserialize, ToSchema)]
struct StatementAsked {
    /// One SELECT over the tables that `/cohort-language` lists; `information_schema` tells of them, too.
    statement: String,
    /// The form of the answer.
    #[serde(default)]
    form: RowForm,
    /// A version of the facts, such as a frozen cohort pins; left out: the newest.
    #[serde(default)]
    facts: Option<i64>,
    /// A release that is asked in place: its tables instead of the facts, for who may receive it.
    #[serde(default)]
    release: Option<String>,
    /// Seconds it may take, 1 to 60; left out: 60.
    #[serde(default)]
    seconds: Option<u64>,
}

/// Answers a statement that reads the facts, for who may see rows; or the tables of a release, which have the rows and
/// columns that were approved, in the project's terms, for who may receive it. The header `isocenter-facts` names the version.
/// An answer that breaks off is not whole: it is told by the connection.
#[utoipa::path(post, path = "/sql", tag = "cohorts", request_body = StatementAsked,
    responses((status = 200, description = "The rows, in the form asked for"), (status = 400, body = Problem),
    (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 410, body = Problem), (status = 504, body = Problem)))]
async fn answer(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonBody(asked): JsonBody<StatementAsked>,
) -> Result<Response, Problem> {
    let StatementAsked { statement: sql, form, facts, release, seconds } = asked;
    let asked = Asked { release, statement: Statement { sql, facts, ..Statement::default() } };
    answered(statements::open(&app, &caller, asked, seconds).await?, form).await
}

/// Rows on their way out.
pub(super) async fn answered(rows: Rows, form: RowForm) -> Result<Response, Problem> {
    let answered = rows.written(form).await?;
    let headers = [(header::CONTENT_TYPE, form.media_type().to_owned()), (FACTS, answered.facts.to_string())];
    Ok((headers, Body::from_stream(answered.body.map(|bytes| bytes.map_err(std::io::Error::other))))
        .into_response())
}
