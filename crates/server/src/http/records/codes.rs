//! Tables that map codes: which there are, and what a code means by them.

use super::super::body::JsonBody;
use super::super::{Caller, Problem};
use crate::App;
use axum::Json;
use axum::extract::State;
use clinical::codes::Code;
use clinical::units::{UCUM, ucum};
use govern::{Action, Resource};
use records::codes::CodeSet;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(sets)).routes(routes!(look_up))
}

/// Mapping tables.
#[derive(Serialize, ToSchema)]
struct CodeSetList {
    /// The latest first.
    tables: Vec<CodeSet>,
}

/// The tables that map codes, the latest first. One is brought in by `POST /records/sources?format=codes`.
#[utoipa::path(get, path = "/records/codes", tag = "records",
    responses((status = 200, body = CodeSetList), (status = 403, body = Problem)))]
async fn sets(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<CodeSetList>, Problem> {
    let _grant = caller.authorize(&app, Action::Query, &Resource::Archive).await?;
    Ok(Json(CodeSetList { tables: app.records.code_sets().await? }))
}

/// A code as received.
#[derive(Deserialize, ToSchema)]
struct CodeLookup {
    /// Its system, if it has one.
    system: Option<String>,
    code: String,
}

/// What a code means.
#[derive(Serialize, ToSchema)]
struct CodeMeaning {
    system: String,
    code: String,
    display: String,
    /// The table that says so; empty for units that are known without one.
    table: String,
}

/// What a code means now.
#[derive(Serialize, ToSchema)]
struct CodeMeanings {
    meanings: Vec<CodeMeaning>,
}

/// What a code or unit means by the tables that hold now.
#[utoipa::path(post, path = "/records/codes/look-up", tag = "records", request_body = CodeLookup,
    responses((status = 200, body = CodeMeanings), (status = 403, body = Problem)))]
async fn look_up(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonBody(asked): JsonBody<CodeLookup>,
) -> Result<Json<CodeMeanings>, Problem> {
    let _grant = caller.authorize(&app, Action::Query, &Resource::Archive).await?;
    let code = Code { system: asked.system.unwrap_or_default(), code: asked.code.trim().to_owned() };
    let mapping = app.records.meanings(std::slice::from_ref(&code)).await?;
    let now = model::Timestamp::now().as_micros();
    let tabled = mapping.of(&code, Some(now)).into_iter().map(|target| CodeMeaning {
        system: target.code.system.clone(),
        code: target.code.code.clone(),
        display: target.display.clone(),
        table: target.set.clone(),
    });
    let mut meanings: Vec<_> = tabled.collect();
    if let Some(unit) = ucum(&code.code).filter(|_| code.system.is_empty() && meanings.is_empty()) {
        let (system, code) = (UCUM.to_owned(), unit.to_owned());
        meanings.push(CodeMeaning { system, code, display: String::new(), table: String::new() });
    }
    Ok(Json(CodeMeanings { meanings }))
}
