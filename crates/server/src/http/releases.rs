//! Releases by HTTP: asking, deciding, taking back ([`ask`]), what a release is ([`shapes`]), its files ([`files`]),
//! its tables in place ([`tables`]).
//! Withdrawals and the register are beside it, in `withdrawals`.

mod ask;
mod files;
pub(super) mod shapes;
mod tables;

pub(crate) use tables::in_place;

use super::{Caller, Problem};
use crate::App;
use crate::projects::room::today;
use crate::releases::look::LookError;
use crate::releases::resource;
use axum::http::StatusCode;
use govern::{Action, Grant, Resource};
use release::desk::{Release, StepError};
use release::state::State;
use std::sync::Arc;
use utoipa_axum::router::OpenApiRouter;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    ask::routes().merge(files::routes())
}

/// What somebody is to a release.
struct Standing {
    release: Release,
    grant: Grant,
    /// Whether they decide what leaves.
    decides: bool,
    /// Whether they asked.
    asked: bool,
    /// Whether they are named as a recipient.
    named: bool,
    /// Whether the project is open to them.
    in_project: bool,
}

impl Standing {
    fn is_seen(&self) -> bool {
        self.decides || self.asked || self.named
    }

    fn may_decide(&self, who: &str) -> bool {
        let decided = self.release.decisions.iter().any(|one| one.by == who);
        self.decides && !self.asked && !decided && self.release.state == State::Asked
    }

    fn may_receive(&self) -> bool {
        let theirs = (self.asked || self.named) && self.in_project;
        (theirs || self.decides) && self.release.can_be_received(&today())
    }
}

async fn standing(app: &App, caller: &Caller, grant: Grant, release: Release) -> Result<Standing, Problem> {
    let who = caller.principal.to_string();
    let seated = app.govern.projects.seat(&caller.principal, &release.request.project).await?;
    let project = Resource::Project(release.request.project.clone(), None);
    Ok(Standing {
        decides: govern::authorize(&caller.principal, Action::Release, &resource(&release.id)).is_ok(),
        asked: release.asked_by == who,
        named: release.request.recipients.iter().any(|one| one.is(&who)),
        in_project: govern::authorize(&seated, Action::ReadProject, &project).is_ok(),
        release,
        grant,
    })
}

/// A release that the caller sees; that of others does not exist for them.
async fn seen(app: &App, caller: &Caller, id: &str) -> Result<Standing, Problem> {
    let grant = caller.authorize(app, Action::Count, &resource(id)).await?;
    let release = app.releases.one(id).await?.ok_or_else(|| Problem::not_found("release"))?;
    let standing = standing(app, caller, grant, release).await?;
    if standing.is_seen() { Ok(standing) } else { Err(Problem::not_found("release")) }
}

impl From<StepError> for Problem {
    fn from(error: StepError) -> Self {
        match error {
            StepError::Forbidden(why) => Self::new(StatusCode::CONFLICT, "release-state", format!("{why}.")),
            StepError::Missing => Self::not_found("release"),
            StepError::Changed => Self::conflict(format!("{error}.")),
            StepError::Ledger(error) => Self::internal(&error),
        }
    }
}

impl From<LookError> for Problem {
    fn from(error: LookError) -> Self {
        match error {
            LookError::Projects(error) => error.into(),
            LookError::Warehouse(error) => error.into(),
            LookError::Ask(error) => error.into(),
            LookError::Ledger(error) => Self::internal(&error),
        }
    }
}
