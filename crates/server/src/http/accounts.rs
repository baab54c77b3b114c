//! Accounts and tokens.

use super::Problem;
use super::body::JsonBody;
use super::caller::Caller;
use crate::App;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use govern::accounts::AccountError;
use govern::{Account, Action, Resource, Role, Roles};
use model::Timestamp;
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(change))
        .routes(routes!(make_link))
        .routes(routes!(change_own_password))
}

/// One account.
#[derive(serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AccountRow)]
struct AccountBody {
    name: String,
    #[schema(value_type = Vec<String>)]
    roles: Vec<Role>,
    disabled: bool,
    has_password: bool,
    /// Whether it signs in with OpenID Connect.
    has_oidc: bool,
    created_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    signed_in_at: Option<String>,
}

impl From<Account> for AccountBody {
    fn from(account: Account) -> Self {
        Self {
            name: account.name,
            roles: account.roles.iter().collect(),
            disabled: !account.enabled,
            has_password: account.has_password,
            has_oidc: account.has_oidc,
            created_at: account.created_at.to_string(),
            signed_in_at: account.signed_in_at.map(|moment| moment.to_string()),
        }
    }
}

/// All accounts.
#[derive(serde::Serialize, ToSchema)]
struct AccountList {
    accounts: Vec<AccountBody>,
}

/// All accounts, by name.
#[utoipa::path(get, path = "/accounts", tag = "accounts",
    responses((status = 200, body = AccountList), (status = 403, body = Problem)))]
async fn list(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<AccountList>, Problem> {
    let _grant = caller.authorize(&app, Action::ManageAccounts, &Resource::Archive).await?;
    let accounts = app.govern.accounts.list().await?;
    Ok(Json(AccountList { accounts: accounts.into_iter().map(AccountBody::from).collect() }))
}

/// A new account.
#[derive(serde::Deserialize, ToSchema)]
struct NewAccount {
    /// 1 to 64 of the characters a-z 0-9 . _ - @
    name: String,
    #[schema(value_type = Vec<String>)]
    roles: Vec<Role>,
    /// At least 10 characters; left out, the account signs in by link or OpenID Connect.
    password: Option<String>,
}

/// Makes an account.
#[utoipa::path(post, path = "/accounts", tag = "accounts", request_body = NewAccount,
    responses((status = 201, body = AccountBody), (status = 400, body = Problem), (status = 409, body = Problem)))]
async fn create(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonBody(new): JsonBody<NewAccount>,
) -> Result<(StatusCode, Json<AccountBody>), Problem> {
    let grant = caller.authorize(&app, Action::ManageAccounts, &Resource::Account(new.name.clone())).await?;
    let roles = Roles::from_iter(new.roles);
    app.govern.accounts.create(&new.name, &roles, Timestamp::now()).await?;
    if let Some(password) = &new.password {
        app.govern.accounts.set_password(&new.name, password).await?;
    }
    let entry = caller.record(&grant).with("change", "created").with("roles", roles.to_string());
    app.govern.audit.record(entry).await?;
    Ok((StatusCode::CREATED, Json(one(&app, &new.name).await?)))
}

/// What to change; what is left out stays.
#[derive(serde::Deserialize, ToSchema)]
#[schema(as = ChangeAccount)]
struct AccountChange {
    #[schema(value_type = Option<Vec<String>>)]
    roles: Option<Vec<Role>>,
    disabled: Option<bool>,
    /// Ends the account's sessions.
    password: Option<String>,
}

/// Changes an account.
#[utoipa::path(patch, path = "/accounts/{name}", tag = "accounts", request_body = AccountChange,
    params(("name" = String, Path)),
    responses((status = 200, body = AccountBody), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn change(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(name): Path<String>,
    JsonBody(change): JsonBody<AccountChange>,
) -> Result<Json<AccountBody>, Problem> {
    let grant = caller.authorize(&app, Action::ManageAccounts, &Resource::Account(name.clone())).await?;
    let mut entry = caller.record(&grant);
    if let Some(roles) = change.roles.map(Roles::from_iter) {
        app.govern.accounts.set_roles(&name, &roles).await?;
        entry = entry.with("roles", roles.to_string());
    }
    if let Some(disabled) = change.disabled {
        app.govern.accounts.set_enabled(&name, !disabled, Timestamp::now()).await?;
        entry = entry.with("disabled", disabled);
    }
    if let Some(password) = &change.password {
        app.govern.accounts.set_password(&name, password).await?;
        entry = entry.with("password", "set");
    }
    app.govern.audit.record(entry).await?;
    Ok(Json(one(&app, &name).await?))
}

/// A one-time sign-in link.
#[derive(serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SignInLink)]
struct LinkBody {
    url: String,
    expires_at: String,
}

/// Makes a one-time sign-in link for an account.
#[utoipa::path(post, path = "/accounts/{name}/link", tag = "accounts", params(("name" = String, Path)),
    responses((status = 201, body = LinkBody), (status = 404, body = Problem)))]
async fn make_link(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<(StatusCode, Json<LinkBody>), Problem> {
    let grant = caller.authorize(&app, Action::ManageAccounts, &Resource::Account(name.clone())).await?;
    one(&app, &name).await?;
    let (url, expires_at) = app.sign_in_link(&name).await?;
    app.govern.audit.record(caller.record(&grant).with("change", "link")).await?;
    Ok((StatusCode::CREATED, Json(LinkBody { url, expires_at: expires_at.to_string() })))
}

/// The old and the new password.
#[derive(serde::Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PasswordChange {
    /// Needed when there is one.
    old_password: Option<String>,
    new_password: String,
}

/// Changes the caller's own password and ends their sessions.
#[utoipa::path(put, path = "/account/password", tag = "accounts", request_body = PasswordChange,
    responses((status = 204), (status = 400, body = Problem), (status = 401, body = Problem)))]
async fn change_own_password(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonBody(body): JsonBody<PasswordChange>,
) -> Result<StatusCode, Problem> {
    let name = caller.principal.name();
    let grant = caller.authorize(&app, Action::ManageOwnAccount, &Resource::Account(name.into())).await?;
    if one(&app, name).await?.has_password {
        let old = body.old_password.as_deref().unwrap_or_default();
        let checked = app.govern.accounts.check_password(name, old, caller.address, Timestamp::now()).await;
        checked.map_err(|error| Problem::bad_request(error.to_string()))?;
    }
    app.govern.accounts.set_password(name, &body.new_password).await?;
    app.govern.audit.record(caller.record(&grant).with("password", "set")).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn one(app: &App, name: &str) -> Result<AccountBody, Problem> {
    let account = app.govern.accounts.get(name).await?;
    account.map(AccountBody::from).ok_or_else(|| Problem::not_found("account"))
}

impl From<AccountError> for Problem {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Exists(_) | AccountError::LastAdmin(_) => Self::conflict(error.to_string()),
            AccountError::Unknown(_) => Self::not_found("account"),
            AccountError::Name | AccountError::Password(_) => Self::bad_request(error.to_string()),
            AccountError::Ledger(error) => error.into(),
        }
    }
}
