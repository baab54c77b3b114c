//! Statements over the facts, the same for every door that takes them: who may ask, how long it may take, and the
//! entry in the audit log.

use crate::App;
use crate::http::{Caller, Problem};
use axum::http::StatusCode;
use govern::{Action, Grant, Resource};
use std::time::Duration;
use warehouse::statement::{Described, Rows, Statement, StatementError};

/// Seconds a statement may take.
const LONGEST: u64 = 60;
/// Characters a statement may have.
const LENGTH: usize = 100_000;

/// Begins to answer a statement, for who may see rows, within so many seconds; left out: 60.
///
/// # Errors
/// A [`Problem`] that says what is wrong, or by which rule it is refused.
pub(crate) async fn open(
    app: &App,
    caller: &Caller,
    statement: &Statement,
    seconds: Option<u64>,
) -> Result<Rows, Problem> {
    let grant = admit(app, caller, statement).await?;
    // Before it is answered: whoever breaks off has read all the same.
    let mut entry = caller.record(&grant).with("statement", statement.sql.clone());
    if let Some(values) = statement.told_values() {
        entry = entry.with("parameters", values);
    }
    app.govern.audit.record(entry).await?;
    let longest = Duration::from_secs(seconds.unwrap_or(LONGEST).clamp(1, LONGEST));
    Ok(app.warehouse.open_statement(statement, longest).await?)
}

/// Says what a statement will give. No rows are read, so there is no entry: that is made once, when they are.
///
/// # Errors
/// As [`open`].
pub(crate) async fn describe(
    app: &App,
    caller: &Caller,
    statement: &Statement,
) -> Result<Described, Problem> {
    admit(app, caller, statement).await.map(drop)?;
    Ok(app.warehouse.describe_statement(statement).await?)
}

async fn admit(app: &App, caller: &Caller, statement: &Statement) -> Result<Grant, Problem> {
    let grant = caller.authorize(app, Action::Query, &Resource::Archive).await?;
    if statement.sql.len() > LENGTH {
        return Err(Problem::bad_request(format!("A statement has at most {LENGTH} characters.")));
    }
    Ok(grant)
}

impl From<StatementError> for Problem {
    fn from(error: StatementError) -> Self {
        match error {
            StatementError::Facts(error) => error.into(),
            StatementError::TooLong(_) => {
                Self::new(StatusCode::GATEWAY_TIMEOUT, "too-long", error.to_string())
            }
            StatementError::Memory => {
                Self::new(StatusCode::BAD_REQUEST, "too-much-memory", error.to_string())
            }
            StatementError::Statement(_) => Self::bad_request(error.to_string()),
        }
    }
}
