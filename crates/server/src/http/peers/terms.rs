//! What a peer's owner allows, and how far the peer has told what it holds.

use super::known;
use crate::App;
use crate::elsewhere::{self, hours};
use crate::http::Problem;
use crate::http::body::JsonBody;
use crate::http::caller::Caller;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use govern::peers::{PeerTerms, TermsError};
use govern::{Action, Resource};
use model::Timestamp;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(terms, set_terms)).routes(routes!(look))
}

/// What a peer's owner allows.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PeerTermsBody {
    /// The first day whose exams the peer is asked for, as 2020-01-31; null: it is not asked what it holds.
    index_from: Option<String>,
    /// Questions a minute at most, from 1 to 10000; left out: 20.
    #[serde(default = "questions")]
    questions_per_minute: u32,
    /// Instances a second at most when releases fetch, from 1 to 10000; left out: 10.
    #[serde(default = "rate")]
    instances_per_second: u32,
    /// The hours at which it may be asked and fetched from, as 20:00-06:00 by the server's clock; null: at any time.
    hours: Option<String>,
}

fn questions() -> u32 {
    PeerTerms::default().questions_per_minute
}

fn rate() -> u32 {
    PeerTerms::default().instances_per_second
}

impl From<PeerTerms> for PeerTermsBody {
    fn from(terms: PeerTerms) -> Self {
        Self {
            index_from: terms.index_from,
            questions_per_minute: terms.questions_per_minute,
            instances_per_second: terms.instances_per_second,
            hours: terms.window.map(|window| window.to_string()),
        }
    }
}

impl TryFrom<PeerTermsBody> for PeerTerms {
    type Error = Problem;
    fn try_from(body: PeerTermsBody) -> Result<Self, Problem> {
        let given = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        let window = given(body.hours).map(|text| text.trim().parse()).transpose();
        Ok(Self {
            index_from: given(body.index_from),
            questions_per_minute: body.questions_per_minute,
            instances_per_second: body.instances_per_second,
            window: window.map_err(|error| Problem::bad_request(format!("{error}.")))?,
        })
    }
}

/// What a peer's owner allows, and what the peer told so far.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PeerTold {
    terms: PeerTermsBody,
    /// The last day the peer told of, as 2020-01-31; null: none yet.
    told_to: Option<String>,
    /// When it told last, RFC 3339.
    told_at: Option<String>,
    /// Exams it says it holds.
    exams: i64,
    /// Those of them that are not here.
    not_here: i64,
    /// Why it did not tell the last time; null: it did.
    failure: Option<String>,
    /// When its hours begin, RFC 3339; null: they are open now.
    opens_at: Option<String>,
}

async fn told(app: &App, name: &str) -> Result<PeerTold, Problem> {
    let terms = app.govern.peers.terms(name).await?;
    let progress = elsewhere::of(app, name).await?;
    let counts = app.catalog.elsewhere_counts().await?;
    let (exams, not_here) =
        counts.into_iter().find(|(peer, ..)| peer == name).map_or((0, 0), |(_, exams, not)| (exams, not));
    let told_to = progress.next.filter(|_| progress.told_at.is_some());
    Ok(PeerTold {
        told_to: told_to.and_then(|next| hours::iso(next - 1)),
        told_at: progress.told_at.map(|at| Timestamp::from_micros(at).to_string()),
        exams,
        not_here,
        failure: Some(progress.failure).filter(|failure| !failure.is_empty()),
        opens_at: hours::opens_at(terms.window).map(|at| at.to_string()),
        terms: terms.into(),
    })
}

/// What a peer's owner allows, and how far the peer has told what it holds.
#[utoipa::path(get, path = "/peers/{name}/terms", tag = "peers", params(("name" = String, Path)),
    responses((status = 200, body = PeerTold), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn terms(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<Json<PeerTold>, Problem> {
    let grant = caller.authorize(&app, Action::Query, &Resource::Peer(name.clone())).await?;
    let peer = known(&app, &name).await?;
    app.govern.audit.record_soon(caller.record(&grant)).await?;
    Ok(Json(told(&app, &peer.name).await?))
}

/// Says what a peer's owner allows. A peer that is not to be asked any more is forgotten with all it told; one that is
/// to be asked from an earlier day is asked again from there.
#[utoipa::path(put, path = "/peers/{name}/terms", tag = "peers", params(("name" = String, Path)),
    request_body = PeerTermsBody,
    responses((status = 200, body = PeerTold), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem)))]
async fn set_terms(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(name): Path<String>,
    JsonBody(body): JsonBody<PeerTermsBody>,
) -> Result<Json<PeerTold>, Problem> {
    let grant = caller.authorize(&app, Action::ManagePeers, &Resource::Peer(name.clone())).await?;
    let peer = known(&app, &name).await?;
    let terms = PeerTerms::try_from(body)?;
    app.govern.peers.set_terms(&peer.name, &terms).await.map_err(|error| match error {
        TermsError::Ledger(error) => Problem::internal(&error),
        other => Problem::bad_request(format!("{other}.")),
    })?;
    if terms.index_from.is_none() {
        elsewhere::forget(&app, &peer.name).await?;
    }
    app.govern.audit.record(caller.record(&grant).with("change", "terms")).await?;
    Ok(Json(told(&app, &peer.name).await?))
}

/// Has a peer asked at once for the exams of the days just past; in its hours.
#[utoipa::path(post, path = "/peers/{name}/look", tag = "peers", params(("name" = String, Path)),
    responses((status = 202), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "It is not asked what it holds.")))]
async fn look(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<StatusCode, Problem> {
    let grant = caller.authorize(&app, Action::Store, &Resource::Peer(name.clone())).await?;
    let peer = known(&app, &name).await?;
    if app.govern.peers.terms(&peer.name).await?.index_from.is_none() {
        let say = "The peer is not asked what it holds: give its terms a first day.";
        return Err(Problem::conflict(say));
    }
    elsewhere::look_now(&app, &peer.name).await?;
    app.govern.audit.record(caller.record(&grant).with("change", "asked")).await?;
    Ok(StatusCode::ACCEPTED)
}
