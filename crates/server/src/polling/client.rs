//! Asking a server: with a token, with patience, never further than its own address.

use super::key::KeyError;
use super::token::Token;
use crate::config::FhirSource;
use bytes::{Bytes, BytesMut};
use model::Timestamp;
use reqwest::header::{ACCEPT, AUTHORIZATION, RETRY_AFTER};
use reqwest::{Client, Response, StatusCode, Url};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Tries of one request.
const TRIES: u32 = 5;
/// The longest wait that a server may want of us.
const LONGEST_WAIT: Duration = Duration::from_secs(300);
/// Without a byte for so long, a connection is given up.
const STALLS: Duration = Duration::from_secs(60);

/// Why a server can't be read. Holds nothing that it said.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    /// The settings.
    #[error("the settings are wrong: {0}")]
    Settings(&'static str),
    /// Our key.
    #[error("{0}")]
    Key(KeyError),
    /// No connection.
    #[error("the server can't be reached: {0}")]
    Reach(&'static str),
    /// No description.
    #[error("the server's .well-known/smart-configuration names no address for tokens")]
    Discovery,
    /// No token.
    #[error("the token was refused ({0}, status {1})")]
    Token(&'static str, u16),
    /// An answer without a token.
    #[error("the answer to the request for a token has none")]
    NoToken,
    /// A status.
    #[error("the server answered with status {0}")]
    Status(u16),
    /// Something that isn't what was asked for.
    #[error("the server's answer is {0}")]
    Answer(&'static str),
    /// An address that isn't the server's.
    #[error("the server's answer leads to another server, which is not followed")]
    Elsewhere,
    /// Too large.
    #[error("the server's answer is too large")]
    TooLarge,
    /// It can't be kept.
    #[error("what came can't be kept")]
    Keep(#[from] intake::IntakeError),
    /// The ledger.
    #[error("the ledger did not answer")]
    Ledger(#[from] sqlx::Error),
    /// We are to stop.
    #[error("broken off, as Isocenter stops")]
    Stopped,
}

impl Trouble {
    pub(super) fn reach(error: &reqwest::Error) -> Self {
        Self::Reach(match () {
            () if error.is_timeout() => "no answer in time",
            () if error.is_connect() => "no connection",
            () if error.is_builder() => "the address is wrong",
            () => "the connection broke",
        })
    }

    /// Whether another try may help.
    const fn passes(&self) -> bool {
        matches!(self, Self::Reach(_) | Self::Status(429 | 500 | 502 | 503 | 504))
    }
}

/// One server, for one round.
pub(super) struct Asking<'a> {
    pub(super) source: &'a FhirSource,
    http: Client,
    base: Url,
    token: Token,
    stop: &'a CancellationToken,
}

/// True for https, and for plain HTTP on this machine.
pub(super) fn is_safe(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else { return false };
    let host = url.host_str().unwrap_or_default();
    let local = host == "localhost"
        || host
            .trim_matches(['[', ']'])
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback());
    url.scheme() == "https" || (url.scheme() == "http" && local)
}

/// A body, up to a size.
pub(super) async fn body(mut response: Response, longest: usize) -> Result<Bytes, Trouble> {
    let mut all = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| Trouble::reach(&error))? {
        if all.len() + chunk.len() > longest {
            return Err(Trouble::TooLarge);
        }
        all.extend_from_slice(&chunk);
    }
    Ok(all.freeze())
}

impl<'a> Asking<'a> {
    pub(super) fn new(source: &'a FhirSource, stop: &'a CancellationToken) -> Result<Self, Trouble> {
        if !is_safe(&source.url) {
            return Err(Trouble::Settings("beyond this machine the address must begin with https://"));
        }
        let base = Url::parse(&format!("{}/", source.url.trim_end_matches('/')))
            .map_err(|_| Trouble::Settings("the address is none"))?;
        // A redirect would carry the token to wherever it leads.
        let mut http = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(Duration::from_secs(15))
            .read_timeout(STALLS);
        if let Some(path) = &source.authorities {
            let pem = std::fs::read(path).map_err(|_| Trouble::Settings("`authorities` can't be read"))?;
            let bundle = reqwest::Certificate::from_pem_bundle(&pem)
                .map_err(|_| Trouble::Settings("`authorities` is not PEM"))?;
            http = bundle.into_iter().fold(http, reqwest::ClientBuilder::add_root_certificate);
        }
        let http = http.build().map_err(|_| Trouble::Settings("no connection can be prepared"))?;
        Ok(Self { source, http, base, token: Token::default(), stop })
    }

    /// The server's base address without a slash at its end.
    pub(super) fn base(&self) -> &str {
        self.source.url.trim_end_matches('/')
    }

    /// An address of this server, absolute or not.
    pub(super) fn own(&self, url: &str) -> Result<Url, Trouble> {
        let url = self.base.join(url).map_err(|_| Trouble::Answer("an address that is none"))?;
        if url.origin() == self.base.origin() { Ok(url) } else { Err(Trouble::Elsewhere) }
    }

    /// Asks until there is an answer of success, or patience ends.
    pub(super) async fn get(
        &mut self,
        url: &Url,
        accept: &str,
        headers: &[(&str, &str)],
    ) -> Result<Response, Trouble> {
        let (mut tries, mut renewed) = (0, false);
        loop {
            let (trouble, wait) = match self.once(url, accept, headers).await {
                Ok(response) if response.status().is_success() => return Ok(response),
                Ok(response) if response.status() == StatusCode::UNAUTHORIZED && !renewed => {
                    renewed = true;
                    self.token.forget();
                    continue;
                }
                Ok(response) => (Trouble::Status(response.status().as_u16()), retry_after(&response)),
                Err(trouble) => (trouble, None),
            };
            tries += 1;
            if !trouble.passes() || tries >= TRIES {
                return Err(trouble);
            }
            let usual = Duration::from_secs(1 << (tries - 1));
            self.wait(wait.unwrap_or(usual).min(LONGEST_WAIT)).await?;
        }
    }

    /// Waits, unless we are to stop.
    pub(super) async fn wait(&self, how_long: Duration) -> Result<(), Trouble> {
        tokio::select! {
            () = self.stop.cancelled() => Err(Trouble::Stopped),
            () = tokio::time::sleep(how_long) => Ok(()),
        }
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.stop.is_cancelled()
    }

    async fn once(&mut self, url: &Url, accept: &str, headers: &[(&str, &str)]) -> Result<Response, Trouble> {
        // A file that lies elsewhere is fetched without our token.
        let own = url.origin() == self.base.origin();
        let token = if own { self.token.get(&self.http, self.source).await? } else { None };
        let mut request = self.http.get(url.clone()).header(ACCEPT, accept);
        if let Some(token) = token {
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        tokio::select! {
            () = self.stop.cancelled() => Err(Trouble::Stopped),
            went = request.send() => went.map_err(|error| Trouble::reach(&error)),
        }
    }
}

/// `Retry-After` in seconds, or as a date (RFC 9110 §10.2.3).
pub(super) fn retry_after(response: &Response) -> Option<Duration> {
    let told = response.headers().get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = told.parse::<u64>() {
        return Some(Duration::from_secs(seconds.min(86_400)));
    }
    let at = http_date(told)?;
    Some(Duration::from_micros(u64::try_from(at - Timestamp::now().as_micros()).unwrap_or(0)))
}

/// `Sun, 06 Nov 1994 08:49:37 GMT` in microseconds.
pub(super) fn http_date(text: &str) -> Option<i64> {
    let mut parts = text.split(' ').skip(1);
    let (day, month, year, time) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    const MONTHS: &str = "JanFebMarAprMayJunJulAugSepOctNovDec";
    let month = MONTHS.find(month).filter(|at| at % 3 == 0 && month.len() == 3)? / 3 + 1;
    let when = clinical::When::parse(&format!("{year}-{month:02}-{day:0>2}T{time}Z")).ok()?;
    Some(when.earliest().as_micros())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_and_records_travel_encrypted_or_stay_on_this_machine() {
        for url in
            ["https://a.example/fhir", "http://127.0.0.1:8080/r4", "http://localhost/x", "http://[::1]:1/"]
        {
            assert!(is_safe(url), "{url}");
        }
        for url in ["http://a.example/fhir", "ftp://localhost", "", "http://localhost.evil.example/"] {
            assert!(!is_safe(url), "{url}");
        }
    }

    #[test]
    fn dates_of_http_are_read() {
        assert_eq!(http_date("Thu, 01 Jan 1970 00:01:00 GMT"), Some(60_000_000));
        assert_eq!(http_date("soon"), None);
    }
}
