//! What a person takes: one history from all that orders, dispensings, statements and administrations say.

use super::super::{Caller, Problem};
use super::number;
use crate::App;
use axum::Json;
use axum::extract::{Path, Query, State};
use clinical::When;
use govern::{Action, Resource};
use model::Timestamp;
use records::medication::Medication;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(medications))
}

const DAY: i64 = 86_400_000_000;

/// At which moment.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct MedicationsQuery {
    /// A day or moment as FHIR writes it, such as the exam's; now unless said.
    at: Option<String>,
}

/// A person's medicines.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Medications {
    /// The moment it is told for, as RFC 3339.
    at: String,
    /// Days for which the last word keeps a medicine current.
    window_days: u32,
    /// Those that are current first, then the latest.
    medications: Vec<Medication>,
}

/// What a person takes and took, of every source as one history. A medicine is current when something says that it
/// goes on, or when the last that is known of it lies within `records.current_medication_days`.
#[utoipa::path(get, path = "/records/people/{person}/medications", tag = "records",
    params(("person" = i64, Path), MedicationsQuery),
    responses((status = 200, body = Medications), (status = 400, body = Problem), (status = 404, body = Problem)))]
async fn medications(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(person): Path<String>,
    Query(query): Query<MedicationsQuery>,
) -> Result<Json<Medications>, Problem> {
    let grant = caller.authorize(&app, Action::Read, &Resource::Other("person", person.clone())).await?;
    let person = number(&person, "person")?;
    let at = match query.at.as_deref().map(When::parse) {
        None => Timestamp::now(),
        // Of a day, all of it.
        Some(Ok(when)) => Timestamp::from_micros(when.end().as_micros() - 1),
        Some(Err(_)) => {
            return Err(Problem::bad_request("`at` is a day or moment as FHIR writes it, e.g. 2024-03-14."));
        }
    };
    app.records.person(person).await?.ok_or_else(|| Problem::not_found("person"))?;
    let days = app.config.records.current_medication_days;
    let medications = app.records.medications(person, at.as_micros(), i64::from(days) * DAY).await?;
    app.govern.audit.record_soon(caller.record(&grant).with("medications", medications.len())).await?;
    Ok(Json(Medications { at: at.to_string(), window_days: days, medications }))
}
