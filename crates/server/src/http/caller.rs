//! Who is calling: found from the request before any handler runs.

use super::listen::Remote;
use super::{Problem, cookie};
use crate::App;
use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use govern::sessions::{Session, csrf_token};
use govern::{Action, Entry, Grant, Principal, Resource, Secret};
use model::Timestamp;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

/// The word of this door in the audit log.
const HTTP: &str = "http";

/// How the caller proved who they are.
#[derive(Debug, Clone)]
pub enum Credential {
    /// The operator's token from the data folder.
    Local,
    /// A session cookie; a change also needs the session's CSRF token.
    Session(Secret, Session),
    /// A personal access token, by its id.
    Token(String),
}

/// The caller of this request. As an extractor it refuses requests without valid credentials,
/// and changes from a session without its CSRF token.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Who acts.
    pub principal: Principal,
    /// Where the request came from.
    pub address: IpAddr,
    /// How they proved it.
    pub credential: Credential,
    /// The door they came by, as the audit log calls it.
    pub door: &'static str,
}

impl Caller {
    /// Asks `govern` whether the caller may do this; a refusal is recorded in the audit log.
    /// What is granted is for the handler to record: see [`Caller::record`].
    ///
    /// # Errors
    /// A 403 that names the rule and who can change it.
    pub async fn authorize(&self, app: &App, action: Action, resource: &Resource) -> Result<Grant, Problem> {
        match govern::authorize(&self.principal, action, resource) {
            Ok(grant) => Ok(grant),
            Err(refusal) => {
                let entry = self.told(Entry::refused(&refusal, resource, self.door, Timestamp::now()));
                app.govern.audit.record_soon(entry).await?;
                Err(refusal.into())
            }
        }
    }

    /// An audit entry for what was granted, with the caller's address and credential's kind.
    #[must_use]
    pub fn record(&self, grant: &Grant) -> Entry {
        self.told(Entry::done(grant, self.door, Timestamp::now()))
    }

    /// From where, and by which credential.
    fn told(&self, entry: Entry) -> Entry {
        let entry = entry.with("address", self.address.to_string());
        match &self.credential {
            Credential::Local => entry,
            Credential::Session(..) => entry.with("by", "session"),
            Credential::Token(id) => entry.with("by", format!("token:{id}")),
        }
    }
}

impl FromRequestParts<Arc<App>> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        if let Some(known) = parts.extensions.get::<Self>() {
            return Ok(known.clone());
        }
        let caller = identify(parts, app).await?.ok_or_else(Problem::unauthorized)?;
        app.rates.account(&caller)?;
        parts.extensions.insert(caller.clone());
        Ok(caller)
    }
}

/// For answers that say more to those who are signed in. Wrong credentials are refused all the same.
impl OptionalFromRequestParts<Arc<App>> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Option<Self>, Problem> {
        identify(parts, app).await
    }
}

/// Where the request came from; the unspecified address when that isn't known.
pub(super) fn address(parts: &Parts) -> IpAddr {
    let remote = parts.extensions.get::<Remote>();
    remote.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |remote| remote.0.ip().to_canonical())
}

async fn identify(parts: &Parts, app: &App) -> Result<Option<Caller>, Problem> {
    let address = address(parts);
    if parts.headers.contains_key(header::AUTHORIZATION) {
        let Some(secret) = presented(&parts.headers) else { return Ok(None) };
        return by_secret(&secret, &parts.headers, address, app).await;
    }
    let Some(secret) = cookie::read(&parts.headers, app.config.has_tls()) else { return Ok(None) };
    let Some(session) = app.govern.sessions.find(&secret, Timestamp::now()).await? else { return Ok(None) };
    check_csrf(parts, &secret)?;
    let principal = session.principal();
    Ok(Some(Caller { principal, address, credential: Credential::Session(secret, session), door: HTTP }))
}

async fn by_secret(
    secret: &Secret,
    headers: &HeaderMap,
    address: IpAddr,
    app: &App,
) -> Result<Option<Caller>, Problem> {
    if address.is_loopback() && app.local_token.matches(secret.reveal()) {
        let principal = Principal::operator(operator(headers));
        return Ok(Some(Caller { principal, address, credential: Credential::Local, door: HTTP }));
    }
    let found = app.govern.tokens.find(secret, Timestamp::now()).await?;
    Ok(found.map(|token| Caller {
        principal: token.principal,
        address,
        credential: Credential::Token(token.id),
        door: HTTP,
    }))
}

/// The operating system's name of who uses the command line. Whoever can read the token could read
/// the ledger too, so they are believed.
fn operator(headers: &HeaderMap) -> &str {
    let name = headers.get("x-operator").and_then(|value| value.to_str().ok());
    name.filter(|name| (1..=64).contains(&name.len())).unwrap_or("local")
}

/// The secret of `Authorization: Bearer …`, or the password of `Authorization: Basic …`, for
/// clients that know nothing better. It must be a token: passwords aren't taken here.
pub(crate) fn presented(headers: &HeaderMap) -> Option<Secret> {
    let (scheme, value) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(Secret::presented(value.trim()));
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = String::from_utf8(STANDARD.decode(value.trim()).ok()?).ok()?;
    pair.split_once(':').map(|(_, secret)| Secret::presented(secret))
}

/// A browser sends the cookie with requests other sites cause; only our page knows the token.
fn check_csrf(parts: &Parts, session: &Secret) -> Result<(), Problem> {
    if [Method::GET, Method::HEAD, Method::OPTIONS].contains(&parts.method) {
        return Ok(());
    }
    let sent = parts.headers.get("x-csrf-token").and_then(|value| value.to_str().ok());
    if sent.is_some_and(|sent| csrf_token(session).matches(sent)) {
        return Ok(());
    }
    let detail = "A change needs the header X-CSRF-Token with the value GET /api/v1/session gives.";
    Err(Problem::forbidden("csrf", detail))
}
