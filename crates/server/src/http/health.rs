//! What the System health page tells: each thing that can go wrong by itself, how it stands, and by which numbers.
//! The words, and what is to be done, are the page's. Nothing here is about anyone.

use super::storage::{self, WaitingBody};
use super::{Caller, Problem};
use crate::App;
use crate::certificates;
use crate::config::Recompress;
use crate::dimse::transfers;
use crate::forecast::Forecast;
use crate::routing;
use crate::scrubs;
use crate::workers::indexer;
use axum::Json;
use axum::extract::State;
use govern::{Action, Resource};
use model::Timestamp;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(health))
}

const DAY_MICROS: i64 = 86_400_000_000;
/// Days before its end when a certificate is to be renewed, before the disk is full when it is to be enlarged, and
/// after which the originals are to be read again.
const SOON: i64 = 30;
/// Segments there must be room for, not to call it scarce.
const SEGMENTS_OF_ROOM: u64 = 4;
/// An index that is this far behind takes moments; beyond, people miss what they sent.
const BEHIND_BYTES: u64 = 64 << 20;
/// A ledger that answers slower than this makes every page slow.
const SLOW_MS: i64 = 500;

/// How the system is.
#[derive(serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Health {
    /// When this was looked at (RFC 3339).
    at: String,
    version: &'static str,
    /// When this process started (RFC 3339).
    started_at: String,
    /// What can go wrong by itself, in the order of a page.
    checks: Vec<Check>,
    doors: Vec<DoorBody>,
    backends: Backends,
    queues: WaitingBody,
}

/// One thing, and how it stands.
#[derive(Default, serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Check {
    /// `disk`, `ledger`, `audit`, `indexing`, `sealing`, `keeping`, `recompressing`, `integrity`, `routing`, `mailing`, `text-model`, `transfers`,
    /// `quarantine`, `conflicts`, `web-certificate` or `dicom-certificate`.
    area: &'static str,
    /// `good`, `attention` or `bad`.
    state: &'static str,
    /// Which case of this area it is; with the numbers it makes the words.
    case: &'static str,
    /// Bytes, things, milliseconds or days, as the case says.
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<i64>,
    /// A moment that belongs to it (RFC 3339).
    #[serde(skip_serializing_if = "Option::is_none")]
    moment: Option<String>,
    /// What the machine said, or what exactly.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    details: Vec<String>,
}

/// Where it is reached.
#[derive(serde::Serialize, ToSchema)]
#[schema(as = OpenDoor)]
struct DoorBody {
    /// `web`, `dicom` or `dicom-tls`.
    kind: &'static str,
    /// Address and port it listens on.
    address: String,
    /// Whether it speaks TLS.
    tls: bool,
    /// The application entity title to call.
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
}

/// What it is built on.
#[derive(serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Backends {
    /// `sqlite` or `postgres`.
    ledger: &'static str,
    /// Where complete segments move: `s3`, `folder`, or absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    objects: Option<&'static str>,
    /// Where their second copy lies: `s3`, `folder`, or absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    second_copy: Option<&'static str>,
    /// Whether one can sign in with the organisation's own provider.
    oidc: bool,
}

/// How everything that can go wrong by itself stands.
#[utoipa::path(get, path = "/health", tag = "system",
    responses((status = 200, body = Health), (status = 403, body = Problem)))]
async fn health(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<Health>, Problem> {
    let _grant = caller.authorize(&app, Action::Status, &Resource::Archive).await?;
    let queues = storage::waiting(&app).await?;
    Ok(Json(Health {
        at: Timestamp::now().to_string(),
        version: env!("CARGO_PKG_VERSION"),
        started_at: app.started.to_string(),
        checks: checks(&app, &queues).await?,
        doors: doors(&app),
        backends: backends(&app),
        queues,
    }))
}

async fn checks(app: &App, queues: &WaitingBody) -> Result<Vec<Check>, Problem> {
    let now = Timestamp::now();
    let failing = app.health.failing();
    let failed = |area: &str| failing.get(area).cloned();
    let mut checks = vec![
        disk(app).await?,
        ledger(app).await?,
        audit(app).await?,
        indexing(app, failed("indexing")).await?,
        sealing(app),
        keeping(app, failed("keeping")),
        recompressing(app, failed("recompressing")),
        integrity(app, now).await?,
        routing(app, failed("routing")).await?,
        mailing(app, failed("mailing")),
        text_model(app, failed("reading")),
        stuck(transfers::stuck(app, now).await?),
        waiting("quarantine", queues.quarantined),
        waiting("conflicts", queues.conflicts),
    ];
    let (http, dimse) = (&app.config.http, &app.config.dimse);
    checks.extend(http.tls_certificate.as_deref().map(|path| certificate("web-certificate", path, now)));
    checks.extend(dimse.tls_certificate.as_deref().map(|path| certificate("dicom-certificate", path, now)));
    Ok(checks)
}

impl Check {
    fn of(area: &'static str, state: &'static str, case: &'static str) -> Self {
        Self { area, state, case, ..Self::default() }
    }

    fn failing(area: &'static str, why: String) -> Self {
        Self { details: vec![why], ..Self::of(area, "bad", "failing") }
    }

    fn number(self, number: impl TryInto<i64>) -> Self {
        Self { number: Some(number.try_into().unwrap_or(i64::MAX)), ..self }
    }
}

async fn disk(app: &App) -> Result<Check, Problem> {
    let room = app.archive.room();
    if app.archive.is_full() {
        return Ok(Check::of("disk", "bad", "full").number(room));
    }
    if room < app.config.archive.segment_bytes.saturating_mul(SEGMENTS_OF_ROOM) {
        return Ok(Check::of("disk", "attention", "scarce").number(room));
    }
    let (_, _, arrived) = app.counts_by_modality().await?;
    Ok(match Forecast::of(app, &arrived).days {
        Some(days) if days < SOON.unsigned_abs() => Check::of("disk", "attention", "filling").number(days),
        _ => Check::of("disk", "good", "room").number(room),
    })
}

async fn ledger(app: &App) -> Result<Check, Problem> {
    let begun = Instant::now();
    sqlx::query("SELECT 1").execute(app.ledger.pool()).await?;
    let took = i64::try_from(begun.elapsed().as_millis()).unwrap_or(i64::MAX);
    let (state, case) = if took > SLOW_MS { ("attention", "slow") } else { ("good", "answers") };
    Ok(Check::of("ledger", state, case).number(took))
}

async fn audit(app: &App) -> Result<Check, Problem> {
    if app.govern.audit.is_failing().await {
        return Ok(Check::of("audit", "bad", "failing"));
    }
    Ok(Check::of("audit", "good", "written").number(app.govern.audit.head().await?.seq))
}

async fn indexing(app: &App, failed: Option<String>) -> Result<Check, Problem> {
    let behind = app.archive.unread(indexer::reached(&app.catalog).await?);
    Ok(match failed {
        Some(why) => Check::failing("indexing", why).number(behind),
        None if behind > BEHIND_BYTES => Check::of("indexing", "attention", "behind").number(behind),
        None => Check::of("indexing", "good", "current").number(behind),
    })
}

fn sealing(app: &App) -> Check {
    match app.archive.unsealed() {
        0 => Check::of("sealing", "good", "sealed"),
        stuck => Check::of("sealing", "bad", "stuck").number(stuck),
    }
}

fn keeping(app: &App, failed: Option<String>) -> Check {
    let elsewhere = app.config.store.objects.is_some() || app.config.archive.second_copy.is_some();
    match failed {
        Some(why) => Check::failing("keeping", why),
        None if elsewhere => Check::of("keeping", "good", "copied"),
        None => Check::of("keeping", "attention", "alone"),
    }
}

fn recompressing(app: &App, failed: Option<String>) -> Check {
    match failed {
        Some(why) => Check::failing("recompressing", why),
        None if app.config.archive.recompress == Recompress::Off => Check::of("recompressing", "good", "off"),
        None => Check::of("recompressing", "good", "on"),
    }
}

async fn integrity(app: &App, now: Timestamp) -> Result<Check, Problem> {
    let Some(scrub) = scrubs::last(&app.ledger).await? else {
        return Ok(Check::of("integrity", "attention", "never"));
    };
    let days = (now.as_micros() - scrub.ended_at.as_micros()) / DAY_MICROS;
    let check = match scrub.damaged - scrub.repaired {
        0 if days > SOON => Check::of("integrity", "attention", "long-ago").number(days),
        0 => Check::of("integrity", "good", "whole").number(scrub.entries),
        damaged => Check::of("integrity", "bad", "damaged").number(damaged),
    };
    Ok(Check { moment: Some(scrub.ended_at.to_string()), ..check })
}

async fn routing(app: &App, failed: Option<String>) -> Result<Check, Problem> {
    Ok(match failed {
        Some(why) => Check::failing("routing", why),
        None => Check::of("routing", "good", "followed").number(routing::pending(app).await?),
    })
}

fn mailing(app: &App, failed: Option<String>) -> Check {
    match failed {
        Some(why) => Check::failing("mailing", why),
        None if app.config.mail.server.is_some() => Check::of("mailing", "good", "sent"),
        None => Check::of("mailing", "good", "none"),
    }
}

fn text_model(app: &App, failed: Option<String>) -> Check {
    match failed {
        Some(why) => Check { details: vec![why], ..Check::of("text-model", "attention", "failing") },
        None if app.text_model.is_some() => Check::of("text-model", "good", "answers"),
        None => Check::of("text-model", "good", "none"),
    }
}

fn stuck(stuck: Vec<String>) -> Check {
    match stuck.len() {
        0 => Check::of("transfers", "good", "through"),
        count => Check { details: stuck, ..Check::of("transfers", "attention", "stuck").number(count) },
    }
}

fn waiting(area: &'static str, count: i64) -> Check {
    match count {
        0 => Check::of(area, "good", "none"),
        count => Check::of(area, "attention", "waiting").number(count),
    }
}

fn certificate(area: &'static str, path: &Path, now: Timestamp) -> Check {
    let Some(end) = certificates::end_of(path) else { return Check::of(area, "bad", "unreadable") };
    let days = (end.as_micros() - now.as_micros()).div_euclid(DAY_MICROS);
    let check = match days {
        ..0 => Check::of(area, "bad", "ended"),
        0..SOON => Check::of(area, "attention", "ends-soon").number(days),
        _ => Check::of(area, "good", "valid").number(days),
    };
    Check { moment: Some(end.to_string()), ..check }
}

fn doors(app: &App) -> Vec<DoorBody> {
    let (http, dimse) = (&app.config.http, &app.config.dimse);
    let web = app.http_address.get().copied().unwrap_or(http.listen);
    let mut doors =
        vec![DoorBody { kind: "web", address: web.to_string(), tls: app.config.has_tls(), title: None }];
    if dimse.enabled {
        let address = app.dimse_address.get().copied().unwrap_or(dimse.listen);
        let title = Some(dimse.ae_title.clone());
        doors.push(DoorBody {
            kind: "dicom",
            address: address.to_string(),
            tls: false,
            title: title.clone(),
        });
        let tls = dimse.tls_listen.map(|address| address.to_string());
        doors.extend(tls.map(|address| DoorBody { kind: "dicom-tls", address, tls: true, title }));
    }
    doors
}

fn backends(app: &App) -> Backends {
    let kind =
        |uri: &Option<String>| uri.as_deref().map(|uri| if uri.contains("://") { "s3" } else { "folder" });
    Backends {
        ledger: match app.ledger.engine() {
            store::Engine::Sqlite => "sqlite",
            store::Engine::Postgres => "postgres",
        },
        objects: kind(&app.config.store.objects),
        second_copy: kind(&app.config.archive.second_copy),
        oidc: app.config.oidc.issuer.is_some(),
    }
}
