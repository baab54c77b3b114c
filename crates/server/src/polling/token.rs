//! Access tokens by SMART Backend Services: discovery, a signed assertion, `client_credentials`.

use super::client::{Trouble, body, is_safe};
use super::key::Key;
use crate::config::FhirSource;
use model::Timestamp;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Client;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// An assertion may live for five minutes at most.
const LIVES: i64 = 240;
/// No description or token is longer.
const LONGEST: usize = 1 << 20;
/// A token is given up so long before it ends.
const MARGIN: Duration = Duration::from_secs(30);

/// The token that is in use.
#[derive(Default)]
pub(super) struct Token(Option<(String, Instant)>);

impl Token {
    /// The token, asked for anew when there is none or it ends soon; none where none is needed.
    pub(super) async fn get(&mut self, http: &Client, source: &FhirSource) -> Result<Option<&str>, Trouble> {
        let Some(client) = source.client_id.as_deref() else { return Ok(None) };
        let fresh = self.0.as_ref().is_some_and(|(_, ends)| *ends > Instant::now());
        if !fresh {
            self.0 = Some(ask(http, source, client).await?);
        }
        Ok(self.0.as_ref().map(|(token, _)| token.as_str()))
    }

    /// The server doesn't take it any more.
    pub(super) fn forget(&mut self) {
        self.0 = None;
    }
}

async fn ask(http: &Client, source: &FhirSource, client: &str) -> Result<(String, Instant), Trouble> {
    let file = source.key_file.as_deref().ok_or(Trouble::Settings("client_id needs key_file"))?;
    let key = Key::read(file, source.key_id.as_deref()).map_err(Trouble::Key)?;
    let endpoint = match &source.token_url {
        Some(url) => url.clone(),
        None => discover(http, source).await?,
    };
    if !is_safe(&endpoint) {
        return Err(Trouble::Settings("the token's address is not https"));
    }
    let now = Timestamp::now().as_micros() / 1_000_000;
    let claims = json!({"iss": client, "sub": client, "aud": endpoint, "iat": now, "exp": now + LIVES,
        "jti": format!("{:032x}", rand::random::<u128>())});
    let assertion = key.sign(&claims).map_err(Trouble::Key)?;
    let scope = source.scope.clone().unwrap_or_else(|| scopes(source));
    let form = [
        ("grant_type", "client_credentials"),
        ("scope", &scope),
        ("client_assertion_type", ASSERTION),
        ("client_assertion", &assertion),
    ];
    let pairs: Vec<_> = form
        .iter()
        .map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC)))
        .collect();
    let request = http
        .post(&endpoint)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("accept", "application/json")
        .body(pairs.join("&"));
    let response = request.send().await.map_err(|error| Trouble::reach(&error))?;
    let status = response.status();
    let answer: Value = serde_json::from_slice(&body(response, LONGEST).await?).unwrap_or_default();
    if !status.is_success() {
        return Err(Trouble::Token(known_error(&answer), status.as_u16()));
    }
    let token = answer["access_token"].as_str().ok_or(Trouble::NoToken)?;
    let lives = Duration::from_secs(answer["expires_in"].as_u64().unwrap_or(300).min(86_400));
    Ok((token.to_owned(), Instant::now() + lives.saturating_sub(MARGIN).max(Duration::from_secs(1))))
}

fn scopes(source: &FhirSource) -> String {
    source.types.iter().map(|kind| format!("system/{kind}.read")).collect::<Vec<_>>().join(" ")
}

/// The words of RFC 6749 §5.2; a server's own words may hold anything.
fn known_error(answer: &Value) -> &'static str {
    const KNOWN: [&str; 6] = [
        "invalid_request",
        "invalid_client",
        "invalid_grant",
        "unauthorized_client",
        "unsupported_grant_type",
        "invalid_scope",
    ];
    let told = answer["error"].as_str().unwrap_or_default();
    KNOWN.into_iter().find(|known| *known == told).unwrap_or("no reason given")
}

/// Where tokens are asked for, as the server describes itself.
async fn discover(http: &Client, source: &FhirSource) -> Result<String, Trouble> {
    let url = format!("{}/.well-known/smart-configuration", source.url.trim_end_matches('/'));
    let request = http.get(&url).header("accept", "application/json");
    let response = request.send().await.map_err(|error| Trouble::reach(&error))?;
    if !response.status().is_success() {
        return Err(Trouble::Discovery);
    }
    let told: Value =
        serde_json::from_slice(&body(response, LONGEST).await?).map_err(|_| Trouble::Discovery)?;
    told["token_endpoint"].as_str().map(str::to_owned).ok_or(Trouble::Discovery)
}
