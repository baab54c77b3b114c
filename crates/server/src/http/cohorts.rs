//! Cohorts by HTTP: what can be asked and how many there are ([`ask`]), words of reports ([`words`]), cohorts that are
//! kept and frozen ([`kept`]), statements that people write themselves ([`sql`]), the facts as tables of OMOP ([`omop`]), and
//! the invented population ([`population`]).

mod ask;
mod kept;
mod omop;
mod population;
mod sql;
mod words;

use super::{Caller, Problem};
use crate::App;
use axum::http::StatusCode;
use govern::{Action, Grant, Resource};
use std::sync::Arc;
use utoipa_axum::router::OpenApiRouter;
use warehouse::WarehouseError;
use warehouse::ask::Sight;
use warehouse::definition::{Definition, Wrong};
use warehouse::engine::AskError;
use warehouse::protect::Protection;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    let asked = ask::routes().merge(words::routes()).merge(sql::routes()).merge(omop::routes());
    asked.merge(kept::routes()).merge(population::routes())
}

/// Who asks, and how they see counts: as they are where they may see the rows.
async fn asker(app: &App, caller: &Caller) -> Result<(Grant, Sight), Problem> {
    let grant = caller.authorize(app, Action::Count, &Resource::Archive).await?;
    let rows = govern::authorize(&caller.principal, Action::Query, &Resource::Archive).is_ok();
    Ok((grant, if rows { Sight::Rows } else { Sight::Counts(Protection::default()) }))
}

/// A definition that was looked through.
fn checked(app: &App, definition: &Definition) -> Result<(), Problem> {
    let wrong = |wrong: Wrong| Problem::bad_request(format!("The definition is wrong at {wrong}."));
    definition.check().map_err(wrong)?;
    definition.check_words(app.warehouse.vocabulary()).map_err(wrong)
}

impl From<WarehouseError> for Problem {
    fn from(error: WarehouseError) -> Self {
        match error {
            WarehouseError::Ask(error) => error.into(),
            WarehouseError::Cleaned => Self::new(StatusCode::GONE, "gone", error.to_string()),
            other => Self::internal(&other),
        }
    }
}

impl From<AskError> for Problem {
    fn from(error: AskError) -> Self {
        match error {
            AskError::TooLong(_) => Self::new(StatusCode::GATEWAY_TIMEOUT, "too-long", error.to_string()),
            AskError::TooMany(..) => Self::bad_request(format!("{}.", error)),
            AskError::NoCluster(_) => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "no-cluster", error.to_string())
            }
            other => Self::internal(&other),
        }
    }
}
