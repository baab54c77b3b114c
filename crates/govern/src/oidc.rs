//! Signing in through the organisation's provider: OpenID Connect's authorization code flow with
//! PKCE (RFC 7636). The provider says who it is and which groups they are in; we say which roles
//! those give.

use crate::accounts::{check_name, roles};
use crate::{Principal, Role, Roles, Secret};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use model::Timestamp;
use openidconnect::core::{CoreAuthenticationFlow, CoreClient, CoreProviderMetadata};
use openidconnect::{
    AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet, EndpointNotSet, EndpointSet,
    IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, TokenResponse as _,
};
use serde_json::{Map, Value};
use sqlx::{AnyConnection, Row as _};
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::Ledger;
use tokio::sync::Mutex;

/// Which provider, and what its words mean here.
#[derive(Debug, Clone)]
pub struct OidcSettings {
    /// The provider's address.
    pub issuer: String,
    /// What the provider calls us.
    pub client_id: String,
    /// The secret it gave us, if any.
    pub client_secret: Option<Secret>,
    /// Where it sends people back to.
    pub redirect_uri: String,
    /// What to ask for besides `openid`.
    pub scopes: Vec<String>,
    /// The claim that gives the account's name.
    pub name_claim: String,
    /// The claim that lists groups or roles.
    pub role_claim: String,
    /// Which of its values give which role.
    pub roles: Vec<(Role, Vec<String>)>,
    /// More certificate authorities to trust, as PEM.
    pub authorities: Option<Vec<u8>>,
}

/// Why signing in this way fails.
#[derive(Debug, thiserror::Error)]
pub enum OidcError {
    /// An address in the settings is none, or the authorities aren't PEM.
    #[error("the settings of the OpenID Connect provider are wrong: {0}")]
    Settings(String),
    /// The provider can't be reached or answers strangely.
    #[error("the OpenID Connect provider did not answer as it should: {0}")]
    Provider(String),
    /// The flow was begun too long ago, in another browser, or never.
    #[error("this sign-in was not begun here or took too long; start again")]
    Flow,
    /// The token isn't one for us.
    #[error("the provider's token can't be trusted: {0}")]
    Token(String),
    /// The name claim is missing or can't be a name.
    #[error("the provider gave no usable account name")]
    Name,
    /// None of the person's groups gives a role.
    #[error("none of the groups the provider named gives a role here; an administrator can map one")]
    NoRole,
    /// An account of that name belongs to someone else.
    #[error("there is another account of this name; an administrator can disable or rename one")]
    Taken,
    /// The account is disabled.
    #[error("the account is disabled; an administrator can enable it")]
    Disabled,
    /// The ledger.
    #[error("the ledger did not answer")]
    Ledger(#[from] sqlx::Error),
}

/// A flow that was begun: where to send the browser, and the secret it has to bring back.
#[derive(Debug)]
pub struct Begun {
    /// The provider's page.
    pub url: String,
    /// To be kept in a cookie: it ties the answer to this browser.
    pub state: Secret,
}

/// A flow that came to its end.
#[derive(Debug)]
pub struct Finished {
    /// Who signed in.
    pub principal: Principal,
    /// The page they wanted.
    pub next: String,
}

type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// How long a person may take on the provider's page, in microseconds.
const PATIENCE: i64 = 15 * 60 * 1_000_000;
/// How long the provider's description is used before it is asked again.
const FRESH: Duration = Duration::from_secs(3600);

/// The provider.
#[derive(Debug, Clone)]
pub struct Oidc {
    settings: Arc<OidcSettings>,
    ledger: Ledger,
    http: reqwest::Client,
    described: Arc<Mutex<Option<(Instant, CoreProviderMetadata)>>>,
}

impl Oidc {
    /// Prepares for a provider; it is not asked before someone signs in.
    ///
    /// # Errors
    /// [`OidcError::Settings`].
    pub fn new(ledger: Ledger, settings: OidcSettings) -> Result<Self, OidcError> {
        let wrong = |error: &dyn std::error::Error| OidcError::Settings(error.to_string());
        // Redirects would let the provider's answers lead us anywhere.
        let mut http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(15));
        if let Some(authority) = &settings.authorities {
            let bundle = reqwest::Certificate::from_pem_bundle(authority).map_err(|e| wrong(&e))?;
            http = bundle.into_iter().fold(http, reqwest::ClientBuilder::add_root_certificate);
        }
        let http = http.build().map_err(|e| wrong(&e))?;
        Ok(Self { settings: Arc::new(settings), ledger, http, described: Arc::default() })
    }

    /// Begins a flow that shall end at the page `next`.
    ///
    /// # Errors
    /// [`OidcError::Provider`], [`OidcError::Ledger`].
    pub async fn begin(&self, next: &str, now: Timestamp) -> Result<Begun, OidcError> {
        let client = self.client().await?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let state = Secret::random("");
        let asked = state.reveal().to_owned();
        let mut request = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || CsrfToken::new(asked.clone()),
                Nonce::new_random,
            )
            .set_pkce_challenge(challenge);
        for scope in &self.settings.scopes {
            request = request.add_scope(Scope::new(scope.clone()));
        }
        let (url, _, nonce) = request.url();
        self.remember(&state, &nonce, &verifier, next, now).await?;
        Ok(Begun { url: url.into(), state })
    }

    /// Ends a flow: trades the code for a token, checks it, and finds or makes the account.
    ///
    /// # Errors
    /// [`OidcError`].
    pub async fn finish(&self, state: &Secret, code: &str, now: Timestamp) -> Result<Finished, OidcError> {
        let (nonce, verifier, next) = self.recall(state, now).await?.ok_or(OidcError::Flow)?;
        let client = self.client().await?;
        let answer = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|error| OidcError::Provider(error.to_string()))?
            .set_pkce_verifier(PkceCodeVerifier::new(verifier))
            .request_async(&self.http)
            .await
            .map_err(|error| OidcError::Provider(error.to_string()))?;
        let token = answer.id_token().ok_or_else(|| OidcError::Token("there is none".into()))?;
        let claims = token
            .claims(&client.id_token_verifier(), &Nonce::new(nonce))
            .map_err(|error| OidcError::Token(error.to_string()))?;
        let subject = claims.subject().as_str().to_owned();
        // The signature holds, so the claims we know by configuration may be read too.
        let payload = payload(&token.to_string()).ok_or_else(|| OidcError::Token("no claims".into()))?;
        let principal = self.admit(&subject, &payload, now).await?;
        Ok(Finished { principal, next })
    }

    async fn client(&self) -> Result<Client, OidcError> {
        let metadata = self.describe().await?;
        let wrong = |error: openidconnect::url::ParseError| OidcError::Settings(error.to_string());
        let secret = self.settings.client_secret.as_ref();
        let secret = secret.map(|secret| ClientSecret::new(secret.reveal().to_owned()));
        let id = ClientId::new(self.settings.client_id.clone());
        let redirect = RedirectUrl::new(self.settings.redirect_uri.clone()).map_err(wrong)?;
        Ok(CoreClient::from_provider_metadata(metadata, id, secret).set_redirect_uri(redirect))
    }

    /// The provider's description with its keys, asked for again when it is old: keys change.
    async fn describe(&self) -> Result<CoreProviderMetadata, OidcError> {
        let mut described = self.described.lock().await;
        if let Some((at, metadata)) = described.as_ref()
            && at.elapsed() < FRESH
        {
            return Ok(metadata.clone());
        }
        let issuer = IssuerUrl::new(self.settings.issuer.clone())
            .map_err(|error| OidcError::Settings(error.to_string()))?;
        let metadata = CoreProviderMetadata::discover_async(issuer, &self.http)
            .await
            .map_err(|error| OidcError::Provider(error.to_string()))?;
        *described = Some((Instant::now(), metadata.clone()));
        Ok(metadata)
    }

    async fn remember(
        &self,
        state: &Secret,
        nonce: &Nonce,
        verifier: &PkceCodeVerifier,
        next: &str,
        now: Timestamp,
    ) -> Result<(), sqlx::Error> {
        let mut tx = self.ledger.write().await?;
        sqlx::query("DELETE FROM oidc_flow WHERE expires_at <= $1")
            .bind(now.as_micros())
            .execute(&mut *tx)
            .await?;
        sqlx::query(
            "INSERT INTO oidc_flow (hash, nonce, verifier, next, expires_at) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(state.hash().to_hex())
        .bind(nonce.secret())
        .bind(verifier.secret())
        .bind(next)
        .bind(now.as_micros() + PATIENCE)
        .execute(&mut *tx)
        .await?;
        tx.commit().await
    }

    /// Takes a flow out: it can be finished once.
    async fn recall(
        &self,
        state: &Secret,
        now: Timestamp,
    ) -> Result<Option<(String, String, String)>, sqlx::Error> {
        let mut tx = self.ledger.write().await?;
        let row = sqlx::query(
            "DELETE FROM oidc_flow WHERE hash = $1 AND expires_at > $2 RETURNING nonce, verifier, next",
        )
        .bind(state.hash().to_hex())
        .bind(now.as_micros())
        .fetch_optional(&mut *tx)
        .await?;
        tx.commit().await?;
        row.map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))).transpose()
    }

    /// Finds the account the provider vouches for, or makes it; its roles are what the groups give now.
    async fn admit(
        &self,
        subject: &str,
        claims: &Map<String, Value>,
        now: Timestamp,
    ) -> Result<Principal, OidcError> {
        let granted = self.roles(claims);
        if granted.is_empty() {
            return Err(OidcError::NoRole);
        }
        let mut tx = self.ledger.write().await?;
        let name = match known(&mut tx, &self.settings.issuer, subject).await? {
            Some((_, false)) => return Err(OidcError::Disabled),
            Some((name, true)) => name,
            None => {
                let name = self.name(claims)?;
                make(&mut tx, &name, &self.settings.issuer, subject, now).await?;
                name
            }
        };
        sqlx::query("UPDATE account SET roles = $2 WHERE name = $1")
            .bind(&name)
            .bind(granted.to_string())
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(Principal::account(name, roles(&granted.to_string())))
    }

    fn name(&self, claims: &Map<String, Value>) -> Result<String, OidcError> {
        let claimed = claims.get(&self.settings.name_claim).and_then(Value::as_str);
        let name = claimed.ok_or(OidcError::Name)?.trim().to_lowercase();
        check_name(&name).map_err(|_| OidcError::Name)?;
        Ok(name)
    }

    fn roles(&self, claims: &Map<String, Value>) -> Roles {
        let values: Vec<&str> = match claims.get(&self.settings.role_claim) {
            Some(Value::Array(values)) => values.iter().filter_map(Value::as_str).collect(),
            Some(Value::String(value)) => vec![value],
            _ => Vec::new(),
        };
        let gives = |wanted: &[String]| wanted.iter().any(|wanted| values.contains(&wanted.as_str()));
        self.settings.roles.iter().filter(|(_, wanted)| gives(wanted)).map(|(role, _)| *role).collect()
    }
}

/// The account of a subject, and whether it is enabled.
async fn known(
    tx: &mut AnyConnection,
    issuer: &str,
    subject: &str,
) -> Result<Option<(String, bool)>, sqlx::Error> {
    let row =
        sqlx::query("SELECT name, disabled_at FROM account WHERE oidc_issuer = $1 AND oidc_subject = $2")
            .bind(issuer)
            .bind(subject)
            .fetch_optional(tx)
            .await?;
    row.map(|row| Ok((row.try_get(0)?, row.try_get::<Option<i64>, _>(1)?.is_none()))).transpose()
}

/// Makes the account. A name that exists already stays its owner's: the provider must not take it over.
async fn make(
    tx: &mut AnyConnection,
    name: &str,
    issuer: &str,
    subject: &str,
    now: Timestamp,
) -> Result<(), OidcError> {
    let made = sqlx::query(
        "INSERT INTO account (name, roles, oidc_issuer, oidc_subject, created_at) \
         VALUES ($1, '', $2, $3, $4) ON CONFLICT DO NOTHING",
    )
    .bind(name)
    .bind(issuer)
    .bind(subject)
    .bind(now.as_micros())
    .execute(tx)
    .await?;
    if made.rows_affected() == 1 { Ok(()) } else { Err(OidcError::Taken) }
}

/// The claims of a JSON web token, unchecked.
fn payload(token: &str) -> Option<Map<String, Value>> {
    let payload = token.split('.').nth(1)?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()
}
