//! What a request asks for: which instances, and what the caller accepts.

use crate::App;
use crate::http::{Caller, Problem};
use crate::projects::{Place, ProjectsError, Room};
use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use catalog::{Located, Scope};
use govern::{Action, Entry, Grant};
use model::{SeriesInstanceUid, SopInstanceUid, StudyInstanceUid};
use serde::Deserialize;
use std::sync::Arc;
use view::tiff::TiffError;
use view::{Accepted, ViewError};

/// The UIDs and the rest of a path.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Ids {
    /// The project, where it is one's service.
    project: Option<String>,
    study: String,
    series: Option<String>,
    instance: Option<String>,
    /// A list of frame numbers from 1.
    pub frames: Option<String>,
    /// Where bulk data is in its data set.
    pub path: Option<String>,
}

/// A request for instances.
pub(super) struct Asked {
    /// Who asks.
    pub caller: Caller,
    /// In the archive or in a project.
    pub place: Place,
    /// The path.
    pub ids: Ids,
    /// Which instances.
    pub scope: Scope,
    /// What the caller takes.
    pub accepted: Accepted,
    /// Query parameters in order.
    pub parameters: Vec<(String, String)>,
    /// The headers.
    pub headers: HeaderMap,
}

impl FromRequestParts<Arc<App>> for Asked {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let Path(ids) = Path::<Ids>::from_request_parts(parts, app)
            .await
            .map_err(|_| Problem::bad_request("The path is not one of this service."))?;
        let parameters = parameters(parts, app).await?;
        let accepted = accepted(&parameters, &parts.headers);
        let scope = ids.scope()?;
        let place = Place::of(ids.project.as_deref());
        Ok(Self { caller, place, ids, scope, accepted, parameters, headers: parts.headers.clone() })
    }
}

/// The query parameters.
pub(super) async fn parameters(parts: &mut Parts, app: &Arc<App>) -> Result<Vec<(String, String)>, Problem> {
    let read = Query::<Vec<(String, String)>>::from_request_parts(parts, app).await;
    read.map(|Query(pairs)| pairs).map_err(|_| Problem::bad_request("The query can't be read."))
}

/// What the caller takes, by the `accept` parameter and the Accept headers.
pub(super) fn accepted(parameters: &[(String, String)], headers: &HeaderMap) -> Accepted {
    let query = parameters.iter().find(|(name, _)| name == "accept").map(|(_, value)| value.as_str());
    let values = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    Accepted::parse(query, values)
}

impl Ids {
    fn scope(&self) -> Result<Scope, Problem> {
        let malformed = |error: model::UidError| Problem::bad_request(error.to_string());
        let study = StudyInstanceUid::parse(&self.study).map_err(malformed)?;
        let Some(series) = &self.series else { return Ok(Scope::Study(study)) };
        let series = SeriesInstanceUid::parse(series).map_err(malformed)?;
        let Some(instance) = &self.instance else { return Ok(Scope::Series(study, series)) };
        Ok(Scope::Instance(study, series, SopInstanceUid::parse(instance).map_err(malformed)?))
    }
}

impl Asked {
    /// The value of a query parameter.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Asks whether the caller may read, finds the instances and records the access.
    pub(super) async fn find(&self, app: &App, what: &str) -> Result<(Room, Vec<Located>), Problem> {
        self.find_to(app, Action::Read, what).await
    }

    /// As [`Asked::find`], for what is more than reading.
    pub(super) async fn find_to(
        &self,
        app: &App,
        action: Action,
        what: &str,
    ) -> Result<(Room, Vec<Located>), Problem> {
        let (grant, room) = self.place.ask(app, &self.caller, action, Some(&self.scope)).await?;
        let located = room.catalog.locate(&self.scope).await?;
        if located.is_empty() {
            return Err(Problem::not_found(kind(&self.scope)));
        }
        let entry = self.entry(&grant, what).with("instances", located.len());
        app.govern.audit.record_soon(entry).await?;
        Ok((room, located))
    }

    fn entry(&self, grant: &Grant, what: &str) -> Entry {
        let entry = self.caller.record(grant).with("retrieved", what);
        match &self.ids.frames {
            Some(frames) => entry.with("frames", frames.as_str()),
            None => entry,
        }
    }

    /// As [`Asked::find`] for a path that names one instance.
    pub(super) async fn find_one(&self, app: &App, what: &str) -> Result<(Room, Located), Problem> {
        let (room, mut located) = self.find(app, what).await?;
        Ok((room, located.swap_remove(0)))
    }
}

impl Place {
    /// The place a path names.
    pub(super) fn of(project: Option<&str>) -> Self {
        project.map_or(Self::Archive, |project| Self::Project(project.to_owned()))
    }

    /// Asks whether the caller may, and only then what is here.
    pub(in crate::http) async fn ask(
        &self,
        app: &App,
        caller: &Caller,
        action: Action,
        scope: Option<&Scope>,
    ) -> Result<(Grant, Room), Problem> {
        let caller = Caller { principal: self.seat(app, &caller.principal).await?, ..caller.clone() };
        let grant = caller.authorize(app, self.action(action), &self.resource(scope)).await?;
        Ok((grant, self.enter(app).await?))
    }
}

impl Room {
    /// The address of its DICOMweb service.
    pub(super) fn base(&self, app: &App) -> String {
        format!("{}{}", app.base_url(), self.place.path())
    }
}

impl From<ProjectsError> for Problem {
    fn from(error: ProjectsError) -> Self {
        match error {
            ProjectsError::Closed => Self::not_found("project that is open"),
            ProjectsError::Locked(_) => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "vault-locked", format!("{error}."))
            }
            ProjectsError::Unproved => Self::new(StatusCode::CONFLICT, "unproved", format!("{error}.")),
            ProjectsError::Policy(_) => Self::new(StatusCode::CONFLICT, "policy", format!("{error}.")),
            error => Self::internal(&error),
        }
    }
}

fn kind(scope: &Scope) -> &'static str {
    match scope {
        Scope::Study(_) => "exam",
        Scope::Series(..) => "series",
        Scope::Instance(..) => "instance",
    }
}

impl From<ViewError> for Problem {
    fn from(error: ViewError) -> Self {
        match error {
            ViewError::NotAcceptable(_) => {
                Self::new(StatusCode::NOT_ACCEPTABLE, "not-acceptable", error.to_string())
            }
            ViewError::Withheld(why) => {
                Self::new(StatusCode::NOT_FOUND, "withheld", format!("It is withheld: {why}."))
            }
            ViewError::NotFound(what) => Self::not_found(what),
            ViewError::Pixel(error) => Self::new(
                StatusCode::NOT_ACCEPTABLE,
                "pixels",
                format!("The pixels can't be given in this form: {error}. As received they can."),
            ),
            ViewError::Tiff(TiffError::Archive(_)) => Self::internal(&error),
            ViewError::Tiff(error) => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "slide", format!("{error}."))
            }
            ViewError::Archive(_) | ViewError::DataSet(_) | ViewError::Stopped => Self::internal(&error),
        }
    }
}
