//! Statements over the facts or the tables of a release, the same for every door that takes them: who may ask what, how
//! long it may take, and the entry in the audit log.

use crate::App;
use crate::http::releases::in_place;
use crate::http::{Caller, Problem};
use axum::http::StatusCode;
use govern::{Action, Grant, Resource};
use model::Timestamp;
use std::time::Duration;
use warehouse::schema::TABLES;
use warehouse::statement::{Described, Rows, SchemaRef, Statement, StatementError};

/// Seconds a statement may take.
const LONGEST: u64 = 60;
/// Characters a statement may have.
const LENGTH: usize = 100_000;

/// A statement, and whose tables it is asked of.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asked {
    /// The release whose tables are asked; none: the facts, for who may see rows.
    pub release: Option<String>,
    /// What is asked.
    pub statement: Statement,
}

/// Begins to answer a statement within so many seconds; left out: 60.
///
/// # Errors
/// A [`Problem`] that says what is wrong, or by which rule it is refused.
pub(crate) async fn open(
    app: &App,
    caller: &Caller,
    mut asked: Asked,
    seconds: Option<u64>,
) -> Result<Rows, Problem> {
    let grant = admit(app, caller, &mut asked).await?;
    let Asked { release, statement } = asked;
    // Before it is answered: whoever breaks off has read all the same.
    if let Some(release) = release {
        let by = caller.principal.to_string();
        app.releases.received(&release, &by, (1, 0), Timestamp::now()).await?;
    }
    let mut entry = caller.record(&grant).with("statement", statement.sql.clone());
    if let Some(values) = statement.told_values() {
        entry = entry.with("parameters", values);
    }
    app.govern.audit.record(entry).await?;
    let longest = Duration::from_secs(seconds.unwrap_or(LONGEST).clamp(1, LONGEST));
    Ok(app.warehouse.open_statement(&statement, longest).await?)
}

/// Says what a statement will give. No rows are read, so there is no entry: that is made once, when they are.
///
/// # Errors
/// As [`open`].
pub(crate) async fn describe(app: &App, caller: &Caller, mut asked: Asked) -> Result<Described, Problem> {
    admit(app, caller, &mut asked).await.map(drop)?;
    Ok(app.warehouse.describe_statement(&asked.statement).await?)
}

/// The tables that may be asked, with their columns. That says nothing of anybody.
///
/// # Errors
/// As [`open`].
pub(crate) async fn tables(
    app: &App,
    caller: &Caller,
    release: Option<&str>,
) -> Result<Vec<(String, SchemaRef)>, Problem> {
    let Some(release) = release else {
        caller.authorize(app, Action::Query, &Resource::Archive).await.map(drop)?;
        return Ok(TABLES.iter().map(|table| (table.name.to_owned(), table.schema.clone())).collect());
    };
    let (_, written) = in_place(app, caller, release).await?;
    Ok(app.warehouse.written_tables(&written).await?)
}

/// Lets a statement pass, and gives it the tables that it may reach.
async fn admit(app: &App, caller: &Caller, asked: &mut Asked) -> Result<Grant, Problem> {
    let grant = match &asked.release {
        None => caller.authorize(app, Action::Query, &Resource::Archive).await?,
        Some(release) => {
            let (grant, written) = in_place(app, caller, release).await?;
            asked.statement.written = Some(written);
            grant
        }
    };
    if asked.statement.sql.len() > LENGTH {
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
