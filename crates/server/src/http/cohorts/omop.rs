//! The facts as tables of the OMOP CDM, handed out a table and some persons at a time.

use super::super::{Caller, Problem};
use super::sql::answered;
use crate::App;
use crate::statements::{self, Asked};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use warehouse::engine::omop::{ABOUT, TABLES};
use warehouse::gather::BUCKET;
use warehouse::statement::{RowForm, Statement};

/// Patients of a part.
const AT_ONCE: i64 = 50_000;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(tables)).routes(routes!(table))
}

/// What there is to be written.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct OmopModel {
    /// The version of the facts.
    facts: i64,
    /// Persons in parts that a statement has time for: the first and the last number of each.
    parts: Vec<(i64, i64)>,
    /// The tables whose rows belong to persons; a row of one names only rows of earlier ones.
    tables: Vec<&'static str>,
    /// The table of one row that tells of them.
    about: &'static str,
    /// Whether codes become concepts, see the setting `facts.vocabularies`.
    concepts: bool,
}

/// The tables of the OMOP CDM 5.4 and its imaging extension that the facts give, for who may see rows.
#[utoipa::path(get, path = "/omop", tag = "cohorts",
    responses((status = 200, body = OmopModel), (status = 403, body = Problem)))]
async fn tables(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<OmopModel>, Problem> {
    let sql = format!(
        "SELECT patient / {BUCKET} AS bucket, COUNT(*) AS patients FROM patient GROUP BY 1 ORDER BY 1"
    );
    let statement = Statement { sql, ..Statement::default() };
    let rows = statements::open(&app, &caller, Asked { statement, release: None }, None).await?;
    let (facts, parts) = (rows.facts, parts(&rows.numbers().await?));
    let tables = TABLES.iter().map(|view| view.name).collect();
    let concepts = app.warehouse.has_concepts();
    Ok(Json(OmopModel { facts, parts, tables, about: ABOUT.name, concepts }))
}

/// Buckets with their patients, joined while they have few.
fn parts(buckets: &[(i64, i64)]) -> Vec<(i64, i64)> {
    let mut parts: Vec<(i64, i64)> = Vec::new();
    let mut patients = 0;
    for (bucket, count) in buckets {
        let (first, last) = (bucket * BUCKET, (bucket + 1) * BUCKET - 1);
        match parts.last_mut().filter(|_| patients + count <= AT_ONCE) {
            Some(part) => part.1 = last,
            None => {
                parts.push((first, last));
                patients = 0;
            }
        }
        patients += count;
    }
    parts
}

/// Which rows of a table.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct OmopPart {
    /// The first person's number; left out: the first there is.
    #[serde(default)]
    first: i64,
    /// The last person's number; left out: the last there is.
    #[serde(default = "last")]
    last: i64,
    /// A version of the facts; left out: the newest.
    facts: Option<i64>,
    /// The form of the answer.
    #[serde(default)]
    form: RowForm,
}

const fn last() -> i64 {
    i64::MAX
}

/// The rows of a table of the OMOP CDM of some persons, for who may see rows.
#[utoipa::path(get, path = "/omop/{table}", tag = "cohorts", params(("table" = String, Path), OmopPart),
    responses((status = 200, description = "The rows, in the form asked for"), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 410, body = Problem), (status = 504, body = Problem)))]
async fn table(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(name): Path<String>,
    Query(part): Query<OmopPart>,
) -> Result<Response, Problem> {
    let view = TABLES.iter().find(|view| view.name == name);
    let sql = match view {
        Some(view) => view.of_persons(part.first, part.last),
        None => format!("SELECT * FROM omop.{}", ABOUT.name),
    };
    let statement = Statement { sql, facts: part.facts, ..Statement::default() };
    let rows = statements::open(&app, &caller, Asked { statement, release: None }, None).await?;
    if view.is_none() && name != ABOUT.name {
        return Err(Problem::not_found("table of the OMOP CDM"));
    }
    answered(rows, part.form).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_are_joined_up_to_so_many_patients() {
        let far = 1 << 40;
        let found = parts(&[(0, 4_000), (1, 4_096), (far, 45_000), (far + 1, 1)]);
        assert_eq!(found, [(0, 2 * BUCKET - 1), (far * BUCKET, (far + 2) * BUCKET - 1)]);
        assert!(parts(&[]).is_empty());
    }
}
