//! Who is calling: found from the request before any handler runs.

use super::Problem;
use super::listen::Remote;
use crate::App;
use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use govern::{Action, Grant, Principal, Resource};
use std::net::IpAddr;
use std::sync::Arc;

/// How the caller proved who they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credential {
    /// The operator's token from the data folder.
    Local,
}

/// The caller of this request. As an extractor it refuses requests without valid credentials.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Who acts.
    pub principal: Principal,
    /// Where the request came from.
    pub address: IpAddr,
    /// How they proved it.
    pub credential: Credential,
}

impl Caller {
    /// Asks `govern` whether the caller may do this.
    ///
    /// # Errors
    /// A 403 that names the rule and who can change it.
    pub fn authorize(&self, action: Action, resource: &Resource) -> Result<Grant, Problem> {
        Ok(govern::authorize(&self.principal, action, resource)?)
    }
}

impl FromRequestParts<Arc<App>> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let address = parts.extensions.get::<Remote>().map_or(IpAddr::from([0, 0, 0, 0]), |r| r.0.ip());
        let bearer = bearer(parts).ok_or_else(Problem::unauthorized)?;
        if address.is_loopback() && app.local_token.matches(bearer) {
            let principal = Principal::operator("local");
            return Ok(Self { principal, address, credential: Credential::Local });
        }
        Err(Problem::unauthorized())
    }
}

fn bearer(parts: &Parts) -> Option<&str> {
    let (scheme, token) = parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
