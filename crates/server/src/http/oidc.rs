//! Signing in through the organisation's provider: to its page and back.

use super::{Problem, cookie, listen::Remote, session};
use crate::App;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Extension, Router};
use govern::audit::{Entry, Outcome};
use govern::oidc::{Finished, Oidc, OidcError};
use govern::{Principal, Roles, Secret};
use model::Timestamp;
use std::net::IpAddr;
use std::sync::Arc;

/// Ties the provider's answer to the browser that asked.
const COOKIE: &str = "isocenter_oidc";

pub(super) fn pages() -> Router<Arc<App>> {
    Router::new().route("/auth/oidc/start", get(start)).route("/auth/oidc/callback", get(callback))
}

/// Where to go afterwards.
#[derive(serde::Deserialize)]
struct Start {
    next: Option<String>,
}

async fn start(State(app): State<Arc<App>>, Query(start): Query<Start>) -> Result<Response, Problem> {
    let provider = provider(&app)?;
    let next = start.next.filter(|next| is_ours(next)).unwrap_or_else(|| "/".into());
    let begun = provider.begin(&next, Timestamp::now()).await.map_err(|error| failed(&error))?;
    let cookie = cookie::header_value(COOKIE, begun.state.reveal(), 900, app.config.has_tls());
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to(&begun.url)).into_response())
}

/// What the provider sends back.
#[derive(serde::Deserialize)]
struct Answer {
    code: Option<String>,
    state: Option<String>,
}

async fn callback(
    State(app): State<Arc<App>>,
    Extension(remote): Extension<Remote>,
    Query(answer): Query<Answer>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let provider = provider(&app)?;
    let state = cookie::find(&headers, COOKIE).map(Secret::presented);
    let finished = match (state, answer.state, answer.code) {
        (Some(kept), Some(sent), Some(code)) if kept.matches(&sent) => {
            provider.finish(&kept, &code, Timestamp::now()).await
        }
        _ => Err(OidcError::Flow),
    };
    let gone = cookie::header_value(COOKIE, "", 0, app.config.has_tls());
    match finished {
        Ok(finished) => signed_in(&app, &finished, remote.0.ip(), &headers, gone).await,
        Err(error) => refused(&app, &error, remote.0.ip(), gone).await,
    }
}

async fn signed_in(
    app: &App,
    finished: &Finished,
    address: IpAddr,
    headers: &HeaderMap,
    gone: HeaderValue,
) -> Result<Response, Problem> {
    let (cookie, _) = session::begin(app, &finished.principal, "oidc", address, headers).await?;
    let mut response = Redirect::to(&finished.next).into_response();
    response.headers_mut().append(header::SET_COOKIE, cookie);
    response.headers_mut().append(header::SET_COOKIE, gone);
    Ok(response)
}

/// Back to the sign-in page, which says why; the log has the provider's words.
async fn refused(
    app: &App,
    error: &OidcError,
    address: IpAddr,
    gone: HeaderValue,
) -> Result<Response, Problem> {
    tracing::warn!(%error, "an OpenID Connect sign-in failed");
    let who = Principal::account("unknown", Roles::default());
    let entry = Entry::event(&who, "sign-in", "http", Outcome::Refused, Timestamp::now());
    let entry = entry.with("method", "oidc").with("address", address.to_string());
    app.govern.audit.record_soon(entry).await?;
    let why = match error {
        OidcError::NoRole => "no-role",
        OidcError::Disabled => "disabled",
        OidcError::Taken => "name-taken",
        OidcError::Flow => "expired",
        _ => "provider",
    };
    Ok(([(header::SET_COOKIE, gone)], Redirect::to(&format!("/?signIn={why}"))).into_response())
}

fn provider(app: &App) -> Result<&Oidc, Problem> {
    app.oidc()?.ok_or_else(|| Problem::not_found("OpenID Connect provider"))
}

fn failed(error: &OidcError) -> Problem {
    Problem::internal(error)
}

/// A path of ours, not an address elsewhere: `//host` and `/\host` are addresses to browsers.
fn is_ours(next: &str) -> bool {
    next.starts_with('/') && !next[1..].starts_with(['/', '\\']) && next.bytes().all(|b| b.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_pages_come_next() {
        assert!(is_ours("/") && is_ours("/exams?sort=date"));
        for elsewhere in ["//evil.example", "/\\evil.example", "https://evil.example", "", "/a\nb"] {
            assert!(!is_ours(elsewhere), "{elsewhere:?}");
        }
    }
}
