//! The invented population: how large it is, and how much of it is made.

use super::super::body::JsonBody;
use super::super::{Caller, Problem};
use crate::App;
use axum::Json;
use axum::extract::State;
use govern::{Action, Resource};
use model::Timestamp;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use warehouse::synthetic::{MOST, Population};

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(told, populate))
}

/// The invented population.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PopulationState {
    /// Its recipe; none where there is no population.
    population: Option<Population>,
    /// Pieces of it that are not made yet, of so many.
    waiting: usize,
    pieces: usize,
    /// Whether everything that came is in the facts.
    behind: bool,
}

/// A population to be had.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PopulationWanted {
    population: Population,
    /// Whether it may stand beside people who were there before.
    #[serde(default)]
    among_others: bool,
}

/// How large the invented population is, and how much of it is made.
#[utoipa::path(get, path = "/invented-population", tag = "cohorts",
    responses((status = 200, body = PopulationState), (status = 403, body = Problem)))]
async fn told(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<PopulationState>, Problem> {
    let grant = caller.authorize(&app, Action::Operate, &Resource::Archive).await?;
    app.govern.audit.record_soon(caller.record(&grant).with("asked", "population")).await?;
    state(&app).await
}

async fn state(app: &App) -> Result<Json<PopulationState>, Problem> {
    let population = app.warehouse.population().await?;
    let pieces = population.map_or(0, |population| population.buckets().count());
    let waiting = app.warehouse.population_waits().await?;
    Ok(Json(PopulationState { population, waiting, pieces, behind: crate::facts::is_behind(app).await? }))
}

/// Whether a first population would come to people who are not of it.
async fn others(app: &App) -> Result<bool, Problem> {
    let recipe = app.warehouse.recipe().await?;
    if recipe.is_some_and(|recipe| recipe.patients > 0) {
        return Ok(false);
    }
    let own = recipe.map_or(0, |recipe| recipe.pictured);
    Ok(app.warehouse.people_on_record().await? > own)
}

/// Has an invented population of some size; one of nobody takes it away. Its facts are made in the background.
#[utoipa::path(put, path = "/invented-population", tag = "cohorts", request_body = PopulationWanted,
    responses((status = 200, body = PopulationState), (status = 400, body = Problem), (status = 403, body = Problem),
    (status = 409, body = Problem)))]
async fn populate(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonBody(wanted): JsonBody<PopulationWanted>,
) -> Result<Json<PopulationState>, Problem> {
    let grant = caller.authorize(&app, Action::Operate, &Resource::Archive).await?;
    let population = wanted.population;
    if !(0..=MOST).contains(&population.patients) || !(0..=population.patients).contains(&population.pictured)
    {
        return Err(Problem::bad_request(format!(
            "A population has 0 to {MOST} patients, and no more with pictures than patients."
        )));
    }
    if !wanted.among_others && population.patients > 0 && others(&app).await? {
        return Err(Problem::conflict(
            "This warehouse holds patients already. An invented population would be counted with them: use another \
             data folder, or say that it may stand among others.",
        ));
    }
    app.warehouse.populate(population, Timestamp::now().as_micros()).await?;
    let entry = caller.record(&grant).with("patients", population.patients).with("seed", population.seed);
    app.govern.audit.record(entry).await?;
    state(&app).await
}
