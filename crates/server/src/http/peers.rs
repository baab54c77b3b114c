//! DIMSE peers: entries, questions to them, and transfers.

mod terms;

use super::Problem;
use super::body::JsonBody;
use super::caller::Caller;
use crate::App;
use crate::dimse::ask::{self, AskError};
use crate::dimse::transfers::{self, CancelError, Direction, NewTransfer, RetryError, Transfer};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use dicom::{BulkOptions, DataSet, dictionary, json, tags};
use govern::peers::{Network, PeerError};
use govern::{Action, Grant, Peer, PeerRights, Resource};
use model::{AeTitle, SeriesInstanceUid, Sha256Digest, StudyInstanceUid};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(list, put))
        .routes(routes!(remove))
        .routes(routes!(echo))
        .routes(routes!(query))
        .routes(routes!(fetch))
        .routes(routes!(send))
        .routes(routes!(list_transfers))
        .routes(routes!(cancel_transfer))
        .routes(routes!(retry_transfer))
        .merge(terms::routes())
}

/// A DIMSE peer.
#[derive(serde::Serialize, serde::Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PeerBody {
    /// The entry's name: 1 to 64 of the characters a-z 0-9 . _ - @
    name: String,
    /// 1 to 16 characters.
    ae_title: String,
    /// Where we call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    host: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    port: Option<u16>,
    /// Whether we call it with TLS.
    #[serde(default)]
    tls: bool,
    /// Addresses or ranges it calls from; left out: `host`, when that is an address.
    #[serde(default)]
    networks: Vec<String>,
    /// SHA-256 of its TLS certificate, 64 hexadecimal digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fingerprint: Option<String>,
    /// C-STORE and storage commitment.
    #[serde(default)]
    may_store: bool,
    /// C-FIND.
    #[serde(default)]
    may_query: bool,
    /// C-MOVE and C-GET.
    #[serde(default)]
    may_retrieve: bool,
}

impl From<Peer> for PeerBody {
    fn from(peer: Peer) -> Self {
        Self {
            name: peer.name,
            ae_title: peer.ae_title.to_string(),
            host: peer.host,
            port: peer.port,
            tls: peer.tls,
            networks: peer.networks.iter().map(ToString::to_string).collect(),
            fingerprint: peer.fingerprint.map(Sha256Digest::to_hex),
            may_store: peer.rights.may_store,
            may_query: peer.rights.may_query,
            may_retrieve: peer.rights.may_retrieve,
        }
    }
}

impl TryFrom<PeerBody> for Peer {
    type Error = Problem;
    fn try_from(body: PeerBody) -> Result<Self, Problem> {
        let bad = |error: &dyn std::fmt::Display| Problem::bad_request(error.to_string());
        let networks = body.networks.iter().map(|text| text.parse::<Network>());
        let fingerprint = body.fingerprint.as_deref().map(Sha256Digest::parse).transpose();
        Ok(Self {
            name: body.name,
            ae_title: AeTitle::parse(&body.ae_title).map_err(|error| bad(&error))?,
            host: body.host,
            port: body.port,
            tls: body.tls,
            networks: networks.collect::<Result<_, _>>().map_err(|error| bad(&error))?,
            fingerprint: fingerprint.map_err(|error| bad(&error))?,
            rights: PeerRights {
                may_store: body.may_store,
                may_query: body.may_query,
                may_retrieve: body.may_retrieve,
            },
        })
    }
}

/// All peers.
#[derive(serde::Serialize, ToSchema)]
struct PeerList {
    peers: Vec<PeerBody>,
}

/// All peers, by name.
#[utoipa::path(get, path = "/peers", tag = "peers",
    responses((status = 200, body = PeerList), (status = 403, body = Problem)))]
async fn list(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<PeerList>, Problem> {
    let _grant = caller.authorize(&app, Action::Query, &Resource::Archive).await?;
    let peers = app.govern.peers.list().await?;
    Ok(Json(PeerList { peers: peers.into_iter().map(PeerBody::from).collect() }))
}

/// Enters a peer, or changes the entry of that name.
#[utoipa::path(post, path = "/peers", tag = "peers", request_body = PeerBody,
    responses((status = 201, body = PeerBody), (status = 400, body = Problem), (status = 403, body = Problem)))]
async fn put(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonBody(body): JsonBody<PeerBody>,
) -> Result<(StatusCode, Json<PeerBody>), Problem> {
    let resource = Resource::Peer(body.name.chars().take(64).collect());
    let grant = caller.authorize(&app, Action::ManagePeers, &resource).await?;
    let peer = Peer::try_from(body)?;
    app.govern.peers.put(peer.clone()).await.map_err(|error| match error {
        PeerError::Ledger(error) => Problem::internal(&error),
        other => Problem::bad_request(other.to_string()),
    })?;
    app.govern.audit.record(caller.record(&grant).with("change", "entered")).await?;
    Ok((StatusCode::CREATED, Json(known(&app, &peer.name).await?.into())))
}

/// Removes a peer.
#[utoipa::path(delete, path = "/peers/{name}", tag = "peers", params(("name" = String, Path)),
    responses((status = 204), (status = 404, body = Problem)))]
async fn remove(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<StatusCode, Problem> {
    let peer = known(&app, &name).await;
    let grant = caller.authorize(&app, Action::ManagePeers, &Resource::Peer(name)).await?;
    let peer = peer?;
    app.govern.peers.remove(&peer.name).await?;
    crate::elsewhere::forget(&app, &peer.name).await?;
    app.govern.audit.record(caller.record(&grant).with("change", "removed")).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A peer's answer to C-ECHO.
#[derive(serde::Serialize, ToSchema)]
struct EchoBody {
    /// Time to connect, associate and answer.
    milliseconds: u64,
}

/// Asks a peer for an answer (C-ECHO).
#[utoipa::path(post, path = "/peers/{name}/echo", tag = "peers", params(("name" = String, Path)),
    responses((status = 200, body = EchoBody), (status = 502, body = Problem)))]
async fn echo(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<Json<EchoBody>, Problem> {
    let _grant = caller.authorize(&app, Action::Query, &Resource::Archive).await?;
    let took = ask::echo(&app, &known(&app, &name).await?).await?;
    Ok(Json(EchoBody { milliseconds: u64::try_from(took.as_millis()).unwrap_or(u64::MAX) }))
}

/// A question to a peer.
#[derive(serde::Deserialize, ToSchema)]
struct QueryBody {
    /// STUDY, SERIES or IMAGE.
    level: String,
    /// Keyword or tag to value; an empty value asks for the attribute.
    keys: BTreeMap<String, String>,
    /// Matches at most; 500 when left out.
    limit: Option<usize>,
}

/// A peer's matches.
#[derive(serde::Serialize, ToSchema)]
struct MatchesBody {
    /// DICOM JSON (PS3.18 Annex F).
    #[schema(value_type = Vec<Object>)]
    matches: Vec<Value>,
    /// Whether these are all.
    complete: bool,
}

/// Asks a peer what it has (C-FIND, study root).
#[utoipa::path(post, path = "/peers/{name}/query", tag = "peers", request_body = QueryBody,
    params(("name" = String, Path)),
    responses((status = 200, body = MatchesBody), (status = 400, body = Problem), (status = 502, body = Problem)))]
async fn query(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(name): Path<String>,
    JsonBody(body): JsonBody<QueryBody>,
) -> Result<Json<MatchesBody>, Problem> {
    let grant = caller.authorize(&app, Action::Query, &Resource::Peer(name.clone())).await?;
    let identifier = identifier(&body)?;
    let peer = known(&app, &name).await?;
    let found = ask::query(&app, &peer, &identifier, body.limit.unwrap_or(500).clamp(1, 10_000)).await?;
    let entry = caller.record(&grant).with("level", body.level).with("matches", found.data_sets.len());
    app.govern.audit.record_soon(entry).await?;
    let shown = |one: &DataSet| serde_json::from_str(&json::to_json(one, &BulkOptions::INLINE)).ok();
    let matches = found.data_sets.iter().filter_map(shown).collect();
    Ok(Json(MatchesBody { matches, complete: found.complete }))
}

fn identifier(body: &QueryBody) -> Result<DataSet, Problem> {
    if !matches!(body.level.as_str(), "STUDY" | "SERIES" | "IMAGE") {
        return Err(Problem::bad_request("The level must be STUDY, SERIES or IMAGE."));
    }
    let mut identifier = DataSet::new();
    identifier.put_text(tags::QUERY_RETRIEVE_LEVEL, &body.level);
    for (name, value) in &body.keys {
        let tag = dictionary::parse_tag(name)
            .ok_or_else(|| Problem::bad_request("A key is neither a keyword nor a tag."))?;
        identifier.put_text(tag, value);
    }
    Ok(identifier)
}

/// What to transfer.
#[derive(serde::Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct TransferBody {
    study_instance_uid: String,
    /// One series of it; left out: all.
    series_instance_uid: Option<String>,
    /// Instances a second at most; left out: as fast as it goes.
    instances_per_second: Option<u32>,
}

/// Fetches an exam from a peer (C-MOVE to us), in the background.
#[utoipa::path(post, path = "/peers/{name}/fetch", tag = "peers", request_body = TransferBody,
    params(("name" = String, Path)),
    responses((status = 202, body = Transfer), (status = 400, body = Problem), (status = 404, body = Problem)))]
async fn fetch(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(name): Path<String>,
    JsonBody(body): JsonBody<TransferBody>,
) -> Result<(StatusCode, Json<Transfer>), Problem> {
    begin(&app, &caller, Direction::Fetch, name, body).await
}

/// Sends an exam to a peer (C-STORE), in the background.
#[utoipa::path(post, path = "/peers/{name}/send", tag = "peers", request_body = TransferBody,
    params(("name" = String, Path)),
    responses((status = 202, body = Transfer), (status = 400, body = Problem), (status = 404, body = Problem)))]
async fn send(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(name): Path<String>,
    JsonBody(body): JsonBody<TransferBody>,
) -> Result<(StatusCode, Json<Transfer>), Problem> {
    begin(&app, &caller, Direction::Send, name, body).await
}

async fn begin(
    app: &Arc<App>,
    caller: &Caller,
    direction: Direction,
    name: String,
    body: TransferBody,
) -> Result<(StatusCode, Json<Transfer>), Problem> {
    let invalid = |_| Problem::bad_request("A UID has 1 to 64 digits and dots.");
    let study = StudyInstanceUid::parse(&body.study_instance_uid).map_err(invalid)?;
    let series = body.series_instance_uid.as_deref().map(SeriesInstanceUid::parse);
    let series = series.transpose().map_err(invalid)?;
    let grant = caller.authorize(app, action(direction), &Resource::Exam(study.clone())).await?;
    let peer = known(app, &name).await?;
    let entry = caller.record(&grant).of(&Resource::Peer(peer.name.clone()));
    app.govern.audit.record(entry).await?;
    let rate = body.instances_per_second.unwrap_or(0);
    let new = NewTransfer {
        project: None,
        direction,
        peer: peer.name,
        study,
        series,
        rate,
        actor: grant.actor().to_owned(),
        only: None,
        rule: None,
    };
    Ok((StatusCode::ACCEPTED, Json(transfers::begin(app, &new).await?)))
}

/// What carrying out or stopping a transfer amounts to.
const fn action(direction: Direction) -> Action {
    match direction {
        Direction::Send => Action::Export,
        Direction::Fetch => Action::Store,
    }
}

/// Transfers, newest first.
#[derive(serde::Serialize, ToSchema)]
struct TransferList {
    transfers: Vec<Transfer>,
}

/// The latest transfers, newest first.
#[utoipa::path(get, path = "/transfers", tag = "peers",
    responses((status = 200, body = TransferList), (status = 403, body = Problem)))]
async fn list_transfers(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<TransferList>, Problem> {
    let _grant = caller.authorize(&app, Action::Query, &Resource::Archive).await?;
    Ok(Json(TransferList { transfers: transfers::list(&app, 500).await? }))
}

/// A transfer that somebody wants to change, once it is known that they may: its number, its peer.
async fn changing(app: &App, caller: &Caller, id: &str) -> Result<(i64, String, Grant), Problem> {
    let _grant = caller.authorize(app, Action::Query, &Resource::Archive).await?;
    let missing = || Problem::not_found("transfer");
    let id = id.parse().map_err(|_| missing())?;
    let transfer = transfers::one(app, id).await?.ok_or_else(missing)?;
    let study = StudyInstanceUid::parse(&transfer.study_instance_uid).map_err(|_| missing())?;
    let grant = caller.authorize(app, action(transfer.direction), &Resource::Exam(study)).await?;
    Ok((id, transfer.peer, grant))
}

/// Cancels a transfer that waits or runs. It stops within moments; what has arrived stays.
#[utoipa::path(delete, path = "/transfers/{id}", tag = "peers", params(("id" = i64, Path)),
    responses((status = 200, body = Transfer), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "It has ended already.")))]
async fn cancel_transfer(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Transfer>, Problem> {
    let (id, peer, grant) = changing(&app, &caller, &id).await?;
    let cancelled = transfers::cancel(&app, id, grant.actor()).await.map_err(|error| match error {
        CancelError::Ended => Problem::new(StatusCode::CONFLICT, "ended", "The transfer has ended already."),
        CancelError::Ledger(error) => Problem::internal(&error),
    })?;
    let entry = caller.record(&grant).of(&Resource::Peer(peer));
    app.govern.audit.record(entry.with("change", "cancelled").with("transfer", id)).await?;
    Ok(Json(cancelled))
}

/// Tries a transfer again that failed or was cancelled.
#[utoipa::path(post, path = "/transfers/{id}/retry", tag = "peers", params(("id" = i64, Path)),
    responses((status = 200, body = Transfer), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "It waits, is under way or is done.")))]
async fn retry_transfer(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Transfer>, Problem> {
    let (id, peer, grant) = changing(&app, &caller, &id).await?;
    let again = transfers::retry(&app, id).await.map_err(|error| match error {
        RetryError::UnderWay => Problem::new(StatusCode::CONFLICT, "under-way", format!("{error}.")),
        RetryError::Ledger(error) => Problem::internal(&error),
    })?;
    let entry = caller.record(&grant).of(&Resource::Peer(peer));
    app.govern.audit.record(entry.with("change", "tried again").with("transfer", id)).await?;
    Ok(Json(again))
}

async fn known(app: &App, name: &str) -> Result<Peer, Problem> {
    app.govern.peers.get(name).await?.ok_or_else(|| Problem::not_found("peer"))
}

impl From<AskError> for Problem {
    fn from(error: AskError) -> Self {
        Self::new(StatusCode::BAD_GATEWAY, "peer", error.to_string())
    }
}
