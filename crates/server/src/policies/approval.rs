//! Approving a version: by somebody other than its author, where there is somebody. What was approved is signed, so that
//! nobody can change it in the ledger and have projects go by it.

use super::{PolicyError, State, Version, compiled, find};
use crate::App;
use crate::projects::{ProjectsError, evidence};
use deid::Policy;
use deid::verify::evidence::digest;
use deid::verify::signature;
use govern::{Action, Principal, permitted};
use model::Timestamp;

/// Approves a draft.
///
/// # Errors
/// [`PolicyError::Own`] if the approver wrote it and another account could; [`PolicyError::Approved`] if it is already.
pub(crate) async fn approve(
    app: &App,
    id: &str,
    version: i64,
    by: &Principal,
) -> Result<Version, PolicyError> {
    let found = find(&app.ledger, id, Some(version)).await?;
    match found.state {
        State::ReadyMade => return Err(PolicyError::ReadyMade(found.id)),
        State::Approved { .. } => return Err(PolicyError::Approved),
        State::Draft => {}
    }
    let by_name = by.to_string();
    let is_own = found.made.as_ref().is_some_and(|(author, _)| *author == by_name);
    if is_own {
        let able = able(app).await?;
        if able > 1 {
            return Err(PolicyError::Own(able));
        }
    }
    let now = Timestamp::now();
    let secret = async { Ok(app.projects.vault()?.signing_key().await?) };
    let secret = secret.await.map_err(locked)?;
    let signature = signature::sign(statement(&found, &by_name, now).as_bytes(), &secret);
    let mut tx = app.ledger.write().await?;
    let approved = sqlx::query(
        "UPDATE policy_version SET approved_by = $3, approved_at = $4, alone = $5, signature = $6 \
         WHERE policy = $1 AND version = $2 AND approved_by = ''",
    );
    let approved = approved.bind(id).bind(version).bind(&by_name).bind(now.as_micros());
    let approved = approved.bind(i64::from(is_own)).bind(&signature).execute(&mut *tx).await?.rows_affected();
    tx.commit().await?;
    if approved == 0 {
        return Err(PolicyError::Approved);
    }
    Ok(Version { state: State::Approved { by: by_name, at: now, alone: is_own, signature }, ..found })
}

fn locked(error: ProjectsError) -> PolicyError {
    match error {
        ProjectsError::Locked(why) => PolicyError::Locked(why),
        error => PolicyError::Locked(error.to_string()),
    }
}

/// What is signed: which text somebody approved, and when.
fn statement(version: &Version, by: &str, at: Timestamp) -> String {
    let Version { id, version, text, .. } = version;
    format!("policy {id}\nversion {version}\nsha256 {}\napproved by {by}\nat {at}\n", digest(text.as_bytes()))
}

/// A version of a policy, ready to run, if it may be used: somebody approved this very text.
///
/// # Errors
/// [`PolicyError::Draft`] if nobody has, [`PolicyError::Forged`] if it was changed since.
pub async fn approved(app: &App, id: &str, version: i64) -> Result<Policy, PolicyError> {
    let found = find(&app.ledger, id, Some(version)).await?;
    match &found.state {
        State::ReadyMade => {}
        State::Draft => return Err(PolicyError::Draft(found.id, found.version)),
        State::Approved { by, at, signature, .. } => {
            let key = evidence::public_key(app).await.map_err(locked)?;
            if !signature::fits(statement(&found, by, *at).as_bytes(), signature, &key) {
                return Err(PolicyError::Forged(found.id, found.version));
            }
        }
    }
    compiled(&found)
}

/// How many accounts could approve.
async fn able(app: &App) -> Result<usize, sqlx::Error> {
    let accounts = app.govern.accounts.list().await?;
    let may = |account: &govern::accounts::Account| {
        let who = Principal::account(account.name.clone(), account.roles.clone());
        account.enabled && permitted(&who).contains(&Action::ManagePolicies)
    };
    Ok(accounts.iter().filter(|account| may(account)).count())
}
