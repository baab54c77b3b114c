//! What the Storage page tells: how much of what, on which shelves, whether it is whole, what waits.

use super::{Caller, Problem};
use crate::App;
use crate::forecast::Forecast;
use crate::scrubs::{self, Scrub};
use axum::Json;
use axum::extract::State;
use catalog::ModalityCounts;
use govern::{Action, Resource};
use model::Timestamp;
use sqlx::Row as _;
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(storage))
}

/// The state of the shelves.
#[derive(serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Storage {
    version: &'static str,
    /// When this process started (RFC 3339).
    started_at: String,
    /// Which ledger: `sqlite` or `postgres`.
    ledger: &'static str,
    /// How much there is of each modality, the largest first.
    modalities: Vec<Modality>,
    /// When that was counted (RFC 3339).
    counted_at: String,
    shelves: Shelves,
    compression: Compression,
    /// When the disk will be full, by what arrived in the last weeks.
    forecast: Forecast,
    /// When the archive was last read from end to end; absent if it never was.
    #[serde(skip_serializing_if = "Option::is_none")]
    scrub: Option<ScrubBody>,
    waiting: WaitingBody,
}

/// What there is of one modality.
#[derive(serde::Serialize, ToSchema)]
struct Modality {
    /// Empty where images don't say it.
    modality: String,
    exams: i64,
    series: i64,
    instances: i64,
    /// The length of the originals.
    bytes: i64,
}

/// The segments that the originals lie in.
#[derive(Default, serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Shelves)]
struct Shelves {
    segments: usize,
    /// Of them: complete, not written to any more.
    sealed: usize,
    /// Of them: in the archive's folder.
    local: usize,
    /// Of them: in the object store.
    tiered: usize,
    /// What they take.
    bytes: u64,
    /// Room for more in the archive's folder.
    free: u64,
    /// Whether sealed segments move to an object store.
    has_tier: bool,
    /// Whether every sealed segment has a second copy.
    has_second_copy: bool,
}

/// What keeping originals in a smaller form, without loss, has saved.
#[derive(Default, serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Compression {
    /// Segments that were rewritten.
    segments: usize,
    /// What they took before.
    before: u64,
    /// What they take now.
    after: u64,
    /// Whether segments are made smaller on their own.
    is_on: bool,
}

/// A reading of the whole archive.
#[derive(serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Scrub)]
struct ScrubBody {
    began_at: String,
    ended_at: String,
    /// Whether copies in other places were read too.
    everywhere: bool,
    /// Originals whose digest was computed.
    entries: i64,
    bytes: i64,
    /// Places that were not as they should be.
    damaged: i64,
    /// Of them: replaced from a good copy.
    repaired: i64,
    /// Who asked for it.
    actor: String,
}

/// What waits.
#[derive(Default, serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = WaitingWork)]
pub(super) struct WaitingBody {
    pub quarantined: i64,
    pub conflicts: i64,
    /// Work in the background, by its kind.
    pub jobs: Vec<Jobs>,
}

/// Work of one kind.
#[derive(serde::Serialize, ToSchema)]
#[schema(as = JobsOfKind)]
pub(super) struct Jobs {
    kind: String,
    waiting: i64,
    running: i64,
    failed: i64,
}

/// The state of the shelves. Nothing in it is about anyone.
#[utoipa::path(get, path = "/storage", tag = "system",
    responses((status = 200, body = Storage), (status = 403, body = Problem)))]
async fn storage(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<Storage>, Problem> {
    let _grant = caller.authorize(&app, Action::Status, &Resource::Archive).await?;
    let (counted_at, modalities, arrived) = app.counts_by_modality().await?;
    Ok(Json(Storage {
        version: env!("CARGO_PKG_VERSION"),
        started_at: app.started.to_string(),
        ledger: match app.ledger.engine() {
            store::Engine::Sqlite => "sqlite",
            store::Engine::Postgres => "postgres",
        },
        modalities: modalities.into_iter().map(Modality::from).collect(),
        counted_at: counted_at.to_string(),
        shelves: shelves(&app),
        compression: compression(&app),
        forecast: Forecast::of(&app, &arrived),
        scrub: scrubs::last(&app.ledger).await?.map(ScrubBody::from),
        waiting: waiting(&app).await?,
    }))
}

fn shelves(app: &App) -> Shelves {
    let archive = &app.config.archive;
    let mut shelves = Shelves {
        free: app.archive.room(),
        has_tier: app.config.store.objects.is_some(),
        has_second_copy: archive.second_copy.is_some(),
        ..Shelves::default()
    };
    for segment in app.archive.segments() {
        let placement = segment.placement();
        shelves.segments += 1;
        shelves.sealed += usize::from(placement.sealed);
        shelves.local += usize::from(placement.local);
        shelves.tiered += usize::from(placement.tiered);
        shelves.bytes += segment.durable();
    }
    shelves
}

fn compression(app: &App) -> Compression {
    let is_on = app.config.archive.recompress != crate::config::Recompress::Off;
    let mut all = Compression { is_on, ..Compression::default() };
    for segment in app.archive.segments().iter().filter(|segment| segment.placement().generation > 0) {
        all.segments += 1;
        all.before += segment.appended();
        all.after += segment.durable();
    }
    all
}

pub(super) async fn waiting(app: &App) -> Result<WaitingBody, sqlx::Error> {
    let catalog::Waiting { quarantined, conflicts } = app.catalog.waiting().await?;
    let rows = sqlx::query(
        "SELECT kind, state, COUNT(*) FROM job WHERE state IN ('waiting', 'running', 'failed') \
         GROUP BY kind, state",
    );
    let mut jobs: BTreeMap<String, Jobs> = BTreeMap::new();
    for row in rows.fetch_all(app.ledger.pool()).await? {
        let (kind, state): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        let new = Jobs { kind: kind.clone(), waiting: 0, running: 0, failed: 0 };
        let of_kind = jobs.entry(kind).or_insert(new);
        match state.as_str() {
            "waiting" => of_kind.waiting = row.try_get(2)?,
            "running" => of_kind.running = row.try_get(2)?,
            _ => of_kind.failed = row.try_get(2)?,
        }
    }
    Ok(WaitingBody { quarantined, conflicts, jobs: jobs.into_values().collect() })
}

impl From<ModalityCounts> for Modality {
    fn from(counts: ModalityCounts) -> Self {
        let ModalityCounts { modality, exams, series, instances, bytes } = counts;
        Self { modality, exams, series, instances, bytes }
    }
}

impl From<Scrub> for ScrubBody {
    fn from(scrub: Scrub) -> Self {
        let moment = |at: Timestamp| at.to_string();
        Self {
            began_at: moment(scrub.began_at),
            ended_at: moment(scrub.ended_at),
            everywhere: scrub.everywhere,
            entries: scrub.entries,
            bytes: scrub.bytes,
            damaged: scrub.damaged,
            repaired: scrub.repaired,
            actor: scrub.actor,
        }
    }
}
