//! The first page: what arrived, what needs somebody, what one had open.

use super::exams::shapes::Exam;
use super::{Caller, Problem};
use crate::App;
use crate::dimse::transfers;
use crate::scrubs;
use axum::Json;
use axum::extract::{Query, State};
use catalog::arrivals::{Arrival, Arrivals, MOST, OfModality, OfSender};
use govern::{Action, Resource};
use intake::Reason;
use model::Timestamp;
use sqlx::Row as _;
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(home))
}

const HOUR_MICROS: i64 = 3_600_000_000;
/// An exam of which something came so lately may not be complete: nothing says that it is.
const ARRIVING_MICROS: i64 = 60_000_000;
/// Exams shown in each part.
const SHOWN: i64 = 8;
/// Rows of the log that are looked at for what the caller had open.
const LOG_ROWS: i64 = 20_000;

/// Since when.
#[derive(serde::Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct HomeQuery {
    /// Hours to look back; 24 unless said, 744 (a month) at most.
    hours: Option<i64>,
}

/// The first page.
#[derive(serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Home {
    arrived: Arrived,
    /// The exams that something came of last.
    newest: Vec<Arriving>,
    /// Those of which something came within the last minute: more may follow.
    arriving: Vec<Arriving>,
    /// Exams the caller had open, the latest first.
    recent: Vec<Exam>,
    /// What needs somebody, the most pressing first.
    needs: Vec<Need>,
}

/// What arrived in the hours asked for.
#[derive(serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Arrived {
    hours: i64,
    exams: i64,
    /// False where more arrived than are counted.
    exact: bool,
    by_modality: Vec<ArrivedOfModality>,
    by_sender: Vec<ArrivedFrom>,
}

/// What arrived of one modality.
#[derive(serde::Serialize, ToSchema)]
struct ArrivedOfModality {
    modality: String,
    exams: i64,
    /// Instances that the exams have of it.
    instances: i64,
}

/// What arrived from one sender.
#[derive(serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ArrivedFrom {
    door: String,
    account: String,
    peer: String,
    exams: i64,
    last_at: String,
}

/// An exam, and when something of it came last.
#[derive(serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Arriving {
    exam: Exam,
    last_at: String,
}

/// Something that needs somebody.
#[derive(serde::Serialize, ToSchema)]
struct Need {
    /// `trouble`, `scrub`, `quarantine`, `conflicts`, `links`, `people`, `messages`, `transfers` or `uploads`.
    kind: &'static str,
    /// How many of it.
    count: i64,
    /// What exactly, such as the newest reasons.
    details: Vec<String>,
}

impl Need {
    const fn of(kind: &'static str, count: i64, details: Vec<String>) -> Self {
        Self { kind, count, details }
    }
}

/// What arrived lately, what needs somebody, what the caller had open.
#[utoipa::path(get, path = "/home", tag = "exams", params(HomeQuery),
    responses((status = 200, body = Home), (status = 403, body = Problem)))]
async fn home(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(asked): Query<HomeQuery>,
) -> Result<Json<Home>, Problem> {
    let grant = caller.authorize(&app, Action::Query, &Resource::Archive).await?;
    let hours = asked.hours.unwrap_or(24).clamp(1, 744);
    let now = Timestamp::now().as_micros();
    let since = |micros: i64| Timestamp::from_micros(now - micros);
    let arrivals = app.catalog.arrivals(since(hours * HOUR_MICROS)).await?;
    let newest = app.catalog.latest(None, SHOWN).await?;
    let arriving = app.catalog.latest(Some(since(ARRIVING_MICROS)), SHOWN).await?;
    let recent = app.catalog.exams_by_uid(&had_open(&app, &caller).await?).await?;
    let needs = needs(&app, &caller).await?;
    let listed = newest.len() + recent.len();
    app.govern.audit.record_soon(caller.record(&grant).with("listed", listed)).await?;
    Ok(Json(Home {
        arrived: Arrived::of(arrivals, hours),
        newest: newest.into_iter().map(Into::into).collect(),
        arriving: arriving.into_iter().map(Into::into).collect(),
        recent: recent.into_iter().map(Into::into).collect(),
        needs,
    }))
}

/// The exams whose page the caller had open, by the log: the same in every browser.
async fn had_open(app: &App, caller: &Caller) -> Result<Vec<String>, Problem> {
    let head = app.govern.audit.head().await?;
    let rows = sqlx::query(
        "SELECT resources FROM audit WHERE seq > $1 AND actor = $2 AND action = 'read' AND outcome = 'done' \
         AND resources LIKE '[\"exam:%' AND detail NOT LIKE '%\"retrieved\"%' AND detail NOT LIKE '%\"attributes\"%' \
         ORDER BY seq DESC LIMIT 100",
    )
    .bind(head.seq - LOG_ROWS)
    .bind(caller.principal.to_string())
    .fetch_all(app.ledger.pool())
    .await?;
    let mut studies: Vec<String> = Vec::new();
    for row in rows {
        let resources: Vec<String> = serde_json::from_str(row.try_get(0)?).unwrap_or_default();
        let exams = resources.iter().filter_map(|one| one.strip_prefix("exam:"));
        for study in exams {
            if studies.iter().all(|known| known != study) {
                studies.push(study.to_owned());
            }
        }
    }
    studies.truncate(usize::try_from(SHOWN).unwrap_or_default());
    Ok(studies)
}

async fn needs(app: &App, caller: &Caller) -> Result<Vec<Need>, Problem> {
    let may = |action| govern::authorize(&caller.principal, action, &Resource::Archive).is_ok();
    let mut needs = Vec::new();
    let troubles: Vec<String> = app.troubles().await.into_iter().map(|trouble| trouble.what).collect();
    needs.push(Need::of("trouble", number(troubles.len()), troubles));
    if let Some(scrub) = scrubs::last(&app.ledger).await? {
        needs.push(Need::of("scrub", scrub.damaged - scrub.repaired, Vec::new()));
    }
    if may(Action::Quarantine) {
        let reasons = app.catalog.quarantine_reasons().await?;
        let count = reasons.iter().map(|(_, count, _)| count).sum();
        let words =
            |reason: &str| Reason::parse(reason).map_or(reason.to_owned(), |known| known.words().to_owned());
        let details = reasons.iter().take(3).map(|(reason, count, _)| format!("{count} × {}", words(reason)));
        needs.push(Need::of("quarantine", count, details.collect()));
        needs.push(Need::of("conflicts", app.catalog.waiting().await?.conflicts, Vec::new()));
    }
    let waiting = app.records.waiting().await?;
    if may(Action::Curate) {
        needs.push(Need::of("links", waiting.links, Vec::new()));
        needs.push(Need::of("people", waiting.people, Vec::new()));
        needs.push(Need::of("messages", waiting.refused, Vec::new()));
    }
    let stuck = transfers::stuck(app, Timestamp::now()).await?;
    needs.push(Need::of("transfers", number(stuck.len()), stuck));
    if may(Action::Store) {
        let uploads = app.uploads.of(&caller.principal.to_string());
        let uploads = uploads.map_err(|error| Problem::internal(&error))?;
        let names = uploads.iter().take(3).filter_map(|upload| upload.name.clone()).collect();
        needs.push(Need::of("uploads", number(uploads.len()), names));
    }
    Ok(needs.into_iter().filter(|need| need.count > 0).collect())
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

impl Arrived {
    fn of(arrivals: Arrivals, hours: i64) -> Self {
        let of_modality =
            |OfModality { modality, exams, instances }| ArrivedOfModality { modality, exams, instances };
        let from = |OfSender { door, account, peer, exams, last_at }| ArrivedFrom {
            door,
            account,
            peer,
            exams,
            last_at: last_at.to_string(),
        };
        Self {
            hours,
            exams: arrivals.exams,
            exact: arrivals.exams < MOST,
            by_modality: arrivals.by_modality.into_iter().map(of_modality).collect(),
            by_sender: arrivals.by_sender.into_iter().map(from).collect(),
        }
    }
}

impl From<Arrival> for Arriving {
    fn from(arrival: Arrival) -> Self {
        Self { exam: arrival.exam.into(), last_at: arrival.last_at.to_string() }
    }
}
