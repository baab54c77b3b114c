//! Signing in and out.

use super::body::JsonBody;
use super::caller::{Caller, Credential};
use super::{Problem, cookie, listen::Remote};
use crate::App;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Extension, Json, Router};
use govern::accounts::SignInError;
use govern::audit::{Entry, Outcome};
use govern::sessions::csrf_token;
use govern::{Action, Principal, Role, Roles, Secret, permitted};
use model::Timestamp;
use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(session, sign_in, sign_out))
}

/// The doors a browser is sent to, outside the API.
pub(super) fn pages() -> Router<Arc<App>> {
    Router::new().route("/auth/link/{secret}", get(follow_link))
}

/// Who is signed in.
#[derive(serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Session)]
pub(super) struct SessionBody {
    account: AccountInSession,
    /// What the account may, so that pages offer nothing else.
    #[schema(value_type = Vec<ActionName>)]
    may: Vec<&'static str>,
    /// To be sent back as X-CSRF-Token with every change; empty for tokens, which need none.
    csrf_token: String,
    /// When the session ends unless used again, RFC 3339; null for tokens.
    expires_at: Option<String>,
}

/// The account that acts.
#[derive(serde::Serialize, ToSchema)]
#[schema(as = Account)]
struct AccountInSession {
    name: String,
    #[schema(value_type = Vec<String>)]
    roles: Vec<Role>,
}

/// The words for actions, as in the audit log.
struct ActionName;

impl utoipa::PartialSchema for ActionName {
    fn schema() -> RefOr<Schema> {
        let words = Action::ALL.map(Action::as_str);
        ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words)).into()
    }
}

impl ToSchema for ActionName {
    fn name() -> Cow<'static, str> {
        "Action".into()
    }
}

impl SessionBody {
    fn of(principal: &Principal, session: Option<(&Secret, Timestamp)>) -> Self {
        Self {
            account: AccountInSession {
                name: principal.name().into(),
                roles: principal.roles().iter().collect(),
            },
            may: permitted(principal).into_iter().map(Action::as_str).collect(),
            csrf_token: session.map_or(String::new(), |(secret, _)| csrf_token(secret).reveal().to_owned()),
            expires_at: session.map(|(_, moment)| moment.to_string()),
        }
    }
}

/// Who is signed in.
#[utoipa::path(get, path = "/session", tag = "session",
    responses((status = 200, body = SessionBody), (status = 401, body = Problem)))]
async fn session(caller: Caller) -> Json<SessionBody> {
    let session = match &caller.credential {
        Credential::Session(secret, session) => Some((secret, session.expires_at)),
        Credential::Local | Credential::Token(_) => None,
    };
    Json(SessionBody::of(&caller.principal, session))
}

/// A name and a password.
#[derive(serde::Deserialize, ToSchema)]
struct SignIn {
    name: String,
    password: String,
}

/// Signs in with a password; the answer sets the session cookie.
#[utoipa::path(post, path = "/session", tag = "session", request_body = SignIn,
    responses((status = 200, body = SessionBody), (status = 401, body = Problem), (status = 429, body = Problem)))]
async fn sign_in(
    State(app): State<Arc<App>>,
    Extension(remote): Extension<Remote>,
    headers: HeaderMap,
    JsonBody(body): JsonBody<SignIn>,
) -> Result<Response, Problem> {
    let address = remote.0.ip();
    let name = body.name.trim().to_lowercase();
    let checked = app.govern.accounts.check_password(&name, &body.password, address, Timestamp::now()).await;
    match checked {
        Ok(account) => {
            let principal = Principal::account(account.name, account.roles);
            let (cookie, body) = begin(&app, &principal, "password", address, &headers).await?;
            Ok(([(header::SET_COOKIE, cookie)], Json(body)).into_response())
        }
        Err(error) => Err(refuse(&app, &name, address, error).await?),
    }
}

/// Records a failed sign-in and says why in the same words whether or not the account exists.
async fn refuse(app: &App, name: &str, address: IpAddr, error: SignInError) -> Result<Problem, Problem> {
    if let SignInError::Ledger(error) = error {
        return Err(error.into());
    }
    // People type passwords into the name field: only the name of an account is recorded.
    let known = app.govern.accounts.get(name).await?;
    let who = Principal::account(known.map_or("unknown".into(), |account| account.name), Roles::default());
    let entry = Entry::event(&who, "sign-in", "http", Outcome::Refused, Timestamp::now());
    app.govern.audit.record_soon(entry.with("address", address.to_string())).await?;
    Ok(match error {
        SignInError::Throttled(seconds) => Problem::too_many(error.to_string(), seconds),
        _ => Problem::new(StatusCode::UNAUTHORIZED, "wrong-name-or-password", error.to_string()),
    })
}

/// Signs out; the session ends at once.
#[utoipa::path(delete, path = "/session", tag = "session",
    responses((status = 204), (status = 401, body = Problem)))]
async fn sign_out(State(app): State<Arc<App>>, caller: Caller) -> Result<Response, Problem> {
    if let Credential::Session(secret, _) = &caller.credential {
        app.govern.sessions.end(secret).await?;
        let entry = Entry::event(&caller.principal, "sign-out", "http", Outcome::Done, Timestamp::now());
        app.govern.audit.record_soon(entry.with("address", caller.address.to_string())).await?;
    }
    let cookie = cookie::clear(app.config.has_tls());
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}

/// Uses a one-time link up: sets the cookie and goes to the first page.
async fn follow_link(
    State(app): State<Arc<App>>,
    Extension(remote): Extension<Remote>,
    Path(secret): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let redeemed = app.govern.links.redeem(&Secret::presented(&secret), Timestamp::now()).await?;
    let Some(name) = redeemed else {
        return Ok(Redirect::to("/?signIn=link-used").into_response());
    };
    let Some(account) = app.govern.accounts.get(&name).await? else { return Err(Problem::unauthorized()) };
    let principal = Principal::account(account.name, account.roles);
    let (cookie, _) = begin(&app, &principal, "link", remote.0.ip(), &headers).await?;
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/")).into_response())
}

/// Begins a session, in place of one the browser had, and records it.
pub(super) async fn begin(
    app: &App,
    who: &Principal,
    method: &str,
    address: IpAddr,
    headers: &HeaderMap,
) -> Result<(header::HeaderValue, SessionBody), Problem> {
    let secure = app.config.has_tls();
    let now = Timestamp::now();
    let before = cookie::read(headers, secure);
    let secret = app.govern.sessions.begin(who.name(), before.as_ref(), now).await?;
    let entry = Entry::event(who, "sign-in", "http", Outcome::Done, now);
    app.govern.audit.record(entry.with("method", method).with("address", address.to_string())).await?;
    let seconds = app.config.sign_in.session_hours.saturating_mul(3600);
    let expires =
        Timestamp::from_micros(now.as_micros() + i64::from(app.config.sign_in.idle_minutes) * 60_000_000);
    Ok((cookie::set(&secret, seconds, secure), SessionBody::of(who, Some((&secret, expires)))))
}
