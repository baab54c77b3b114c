//! The search box of every page: one question to everything the caller may see.

use super::attachments::Attachment;
use super::body::JsonBody;
use super::exams::shapes::{Exam, day, iso_day};
use super::patients::PatientRow;
use super::{Caller, Problem};
use crate::App;
use axum::Json;
use axum::extract::State;
use catalog::anything::{ByValue, Place};
use catalog::{Anything, ExamsError};
use govern::{Action, Resource};
use model::Timestamp;
use records::numbers::Numbered;
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(search))
}

/// Of each kind, unless the caller wants another number.
const EACH: usize = 6;
/// Most of each kind.
const MOST: usize = 50;

/// What was typed. It travels in a body: an address with a name in it would be kept in logs and histories.
#[derive(serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AnythingSearch {
    /// A name in any order, an ID, an accession number, a UID, a date, a modality, words.
    q: String,
    /// The day of who asks, YYYY-MM-DD, for words such as "today"; the server's in UTC unless said.
    today: Option<String>,
    /// Of each kind; 6 unless said, 50 at most.
    limit: Option<usize>,
}

/// What was found, the best of each kind first.
#[derive(serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Found {
    patients: Vec<PatientRow>,
    exams: Vec<Exam>,
    /// How many such exams there are.
    exams_in_all: i64,
    /// False if there are at least so many.
    exact: bool,
    /// Exams by what else their series say.
    by_value: Vec<FoundByValue>,
    /// Exams, series and instances by UID.
    places: Vec<FoundPlace>,
    attachments: Vec<FoundAttachment>,
    peers: Vec<FoundPeer>,
    /// Orders, reports, visits and documents by a number they are known by.
    records: Vec<Numbered>,
    /// The days that were understood from the words: the first and the last, YYYY-MM-DD.
    #[serde(skip_serializing_if = "Option::is_none")]
    days: Option<[String; 2]>,
}

/// An exam and the value it was found by.
#[derive(serde::Serialize, ToSchema)]
struct FoundByValue {
    exam: Exam,
    /// What the value is, such as Protocol.
    field: &'static str,
    value: String,
}

/// Something with a UID, and the exam it is in.
#[derive(serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FoundPlace {
    exam: Exam,
    #[serde(skip_serializing_if = "Option::is_none")]
    series_instance_uid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sop_instance_uid: Option<String>,
    /// Modality, number and description of a series or instance.
    about: String,
}

/// An attached file.
#[derive(serde::Serialize, ToSchema)]
struct FoundAttachment {
    file: Attachment,
    /// `patient`, `exam` or `project`.
    subject: String,
    /// The exam's UID or the project's name; of a patient nothing: IDs are no addresses.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
}

/// A peer's entry.
#[derive(serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FoundPeer {
    name: String,
    ae_title: String,
}

/// Finds patients, exams, series, instances, attached files and peers by whatever was typed.
#[utoipa::path(post, path = "/search", tag = "exams", request_body = AnythingSearch,
    responses((status = 200, body = Found), (status = 403, body = Problem)))]
async fn search(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonBody(asked): JsonBody<AnythingSearch>,
) -> Result<Json<Found>, Problem> {
    let grant = caller.authorize(&app, Action::Query, &Resource::Archive).await?;
    let each = asked.limit.unwrap_or(EACH).clamp(1, MOST);
    let today = match asked.today.as_deref() {
        Some(text) => iso_day(text).ok_or_else(|| Problem::bad_request("A day is written YYYY-MM-DD."))?,
        None => iso_day(&Timestamp::now().to_string()[..10]).unwrap_or(0),
    };
    let found = app.catalog.find_anything(&asked.q, today, each).await.map_err(|error| match error {
        ExamsError::Cursor(error) => Problem::bad_request(error.to_string()),
        ExamsError::Query(error) => error.into(),
    })?;
    let peers = peers(&app, &asked.q, each).await?;
    // Records tell of the person, not of images alone.
    let records = if govern::authorize(&caller.principal, Action::Read, &Resource::Archive).is_ok() {
        app.records.by_number(&asked.q, each).await?
    } else {
        Vec::new()
    };
    let told = found.exams.len() + found.by_value.len() + found.places.len();
    let entry = caller.record(&grant).with("listed", told).with("patients", found.patients.len());
    app.govern.audit.record_soon(entry.with("records", records.len())).await?;
    Ok(Json(Found::of(found, peers, records)))
}

async fn peers(app: &App, text: &str, each: usize) -> Result<Vec<FoundPeer>, Problem> {
    let wanted = text.trim().to_lowercase();
    if wanted.chars().count() < 2 {
        return Ok(Vec::new());
    }
    let all = app.govern.peers.list().await?.into_iter();
    let named = all.filter(|peer| {
        peer.name.contains(&wanted) || peer.ae_title.as_str().to_lowercase().contains(&wanted)
    });
    let told = named.map(|peer| FoundPeer { ae_title: peer.ae_title.as_str().to_owned(), name: peer.name });
    Ok(told.take(each).collect())
}

impl Found {
    fn of(found: Anything, peers: Vec<FoundPeer>, records: Vec<Numbered>) -> Self {
        Self {
            patients: found.patients.into_iter().map(Into::into).collect(),
            exams: found.exams.into_iter().map(Into::into).collect(),
            exams_in_all: found.exams_in_all,
            exact: found.is_exact,
            by_value: found.by_value.into_iter().map(Into::into).collect(),
            places: found.places.into_iter().map(Into::into).collect(),
            attachments: found.attachments.into_iter().map(Into::into).collect(),
            peers,
            records,
            days: found.days.map(|(from, to)| [day(from), day(to)]),
        }
    }
}

impl From<ByValue> for FoundByValue {
    fn from(one: ByValue) -> Self {
        Self { exam: one.exam.into(), field: one.field, value: one.value }
    }
}

impl From<Place> for FoundPlace {
    fn from(place: Place) -> Self {
        Self {
            exam: place.exam.into(),
            series_instance_uid: place.series,
            sop_instance_uid: place.sop,
            about: place.about,
        }
    }
}

impl From<catalog::AttachedFile> for FoundAttachment {
    fn from(file: catalog::AttachedFile) -> Self {
        let subject = file.subject.clone();
        let id = (subject != "patient").then(|| file.subject_id.clone());
        Self { file: file.into(), subject, id }
    }
}
