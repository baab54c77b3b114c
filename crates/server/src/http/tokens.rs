//! The caller's own access tokens.

use super::Problem;
use super::body::JsonBody;
use super::caller::{Caller, Credential};
use crate::App;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use govern::tokens::{NewToken, Token};
use govern::{Action, Grant, Resource, Role, Roles};
use model::Timestamp;
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(revoke)).routes(routes!(create_for))
}

const DAY: i64 = 86_400_000_000;

/// One token, without its secret.
#[derive(serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Token)]
struct TokenBody {
    id: String,
    /// What it is for.
    name: String,
    #[schema(value_type = Vec<String>)]
    roles: Vec<Role>,
    /// The one exam it reads, for one that was handed on.
    #[serde(skip_serializing_if = "Option::is_none")]
    study_instance_uid: Option<String>,
    created_at: String,
    expires_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_used_at: Option<String>,
}

impl From<Token> for TokenBody {
    fn from(token: Token) -> Self {
        Self {
            id: token.id,
            name: token.label,
            study_instance_uid: token.study.map(|study| study.as_str().to_owned()),
            roles: token.roles.iter().collect(),
            created_at: token.created_at.to_string(),
            expires_at: token.expires_at.to_string(),
            last_used_at: token.used_at.map(|moment| moment.to_string()),
        }
    }
}

/// The caller's tokens.
#[derive(serde::Serialize, ToSchema)]
struct TokenList {
    tokens: Vec<TokenBody>,
}

/// The caller's tokens, newest first.
#[utoipa::path(get, path = "/tokens", tag = "tokens", responses((status = 200, body = TokenList)))]
async fn list(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<TokenList>, Problem> {
    let own = Resource::Account(caller.principal.name().into());
    let _grant = caller.authorize(&app, Action::ManageOwnAccount, &own).await?;
    let tokens = app.govern.tokens.list(caller.principal.name()).await?;
    Ok(Json(TokenList { tokens: tokens.into_iter().map(TokenBody::from).collect() }))
}

/// A new token.
#[derive(serde::Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = NewToken)]
struct NewTokenBody {
    /// What it is for.
    name: String,
    /// Some of the caller's roles; left out, all of them.
    #[schema(value_type = Option<Vec<String>>)]
    roles: Option<Vec<Role>>,
    /// Days until it stops working, 1 to 366; left out, 90.
    expires_in_days: Option<u16>,
}

/// A new token with its secret, which is shown this once.
#[derive(serde::Serialize, ToSchema)]
#[schema(as = CreatedToken)]
struct NewTokenSecret {
    id: String,
    /// Send it as `Authorization: Bearer …`.
    secret: String,
}

/// Makes a token for the caller.
#[utoipa::path(post, path = "/tokens", tag = "tokens", request_body = NewTokenBody,
    responses((status = 201, body = NewTokenSecret), (status = 400, body = Problem), (status = 403, body = Problem)))]
async fn create(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonBody(body): JsonBody<NewTokenBody>,
) -> Result<(StatusCode, Json<NewTokenSecret>), Problem> {
    // A token that could make tokens would outlive its own end.
    if let Credential::Token(_) = caller.credential {
        return Err(Problem::forbidden("token-makes-token", "Sign in to make a token; a token can't."));
    }
    let name = caller.principal.name().to_owned();
    let grant = caller.authorize(&app, Action::ManageOwnAccount, &Resource::Account(name.clone())).await?;
    if app.govern.accounts.get(&name).await?.is_none() {
        return Err(Problem::bad_request("Tokens belong to accounts; the operator has none."));
    }
    issue(&app, &caller, &grant, &name, wanted(&caller.principal.roles(), body)?).await
}

/// Makes a token for an account. Only the operator at the machine may: anyone else would act in
/// another's name.
#[utoipa::path(post, path = "/accounts/{name}/tokens", tag = "tokens", request_body = NewTokenBody,
    params(("name" = String, Path)),
    responses((status = 201, body = NewTokenSecret), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn create_for(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(name): Path<String>,
    JsonBody(body): JsonBody<NewTokenBody>,
) -> Result<(StatusCode, Json<NewTokenSecret>), Problem> {
    if !matches!(caller.credential, Credential::Local) {
        let detail =
            "A token acts in its owner's name, so its owner makes it, or the operator at the machine.";
        return Err(Problem::forbidden("token-for-another", detail));
    }
    let grant = caller.authorize(&app, Action::ManageAccounts, &Resource::Account(name.clone())).await?;
    let account = app.govern.accounts.get(&name).await?.ok_or_else(|| Problem::not_found("account"))?;
    issue(&app, &caller, &grant, &name, wanted(&account.roles, body)?).await
}

async fn issue(
    app: &App,
    caller: &Caller,
    grant: &Grant,
    owner: &str,
    new: NewToken,
) -> Result<(StatusCode, Json<NewTokenSecret>), Problem> {
    let (id, secret) = app.govern.tokens.create(owner, &new, Timestamp::now()).await?;
    let entry = caller.record(grant).with("change", "token created").with("token", id.as_str());
    app.govern.audit.record(entry.with("roles", new.roles.to_string())).await?;
    Ok((StatusCode::CREATED, Json(NewTokenSecret { id, secret: secret.reveal().to_owned() })))
}

fn wanted(own: &Roles, body: NewTokenBody) -> Result<NewToken, Problem> {
    let roles = body.roles.map_or_else(|| own.clone(), Roles::from_iter).and(own);
    let days = body.expires_in_days.unwrap_or(90);
    if !(1..=366).contains(&days) {
        return Err(Problem::bad_request("A token lasts 1 to 366 days."));
    }
    let expires_at = Timestamp::from_micros(Timestamp::now().as_micros() + i64::from(days) * DAY);
    Ok(NewToken { label: body.name, roles, study: None, expires_at })
}

/// Revokes one of the caller's tokens.
#[utoipa::path(delete, path = "/tokens/{id}", tag = "tokens", params(("id" = String, Path)),
    responses((status = 204), (status = 404, body = Problem)))]
async fn revoke(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let name = caller.principal.name();
    let grant = caller.authorize(&app, Action::ManageOwnAccount, &Resource::Account(name.into())).await?;
    if !app.govern.tokens.revoke(name, &id).await? {
        return Err(Problem::not_found("token"));
    }
    app.govern.audit.record(caller.record(&grant).with("change", "token revoked").with("token", id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
