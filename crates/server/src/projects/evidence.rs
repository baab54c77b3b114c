//! Evidence of what a project shows: everything that may be seen in it is read as its members read it and searched
//! for what identifies its patients; canaries are planted into copies of its originals and passed through its policy;
//! an answer key is scored. What comes of it is kept, signed, and can be required before anybody sees anything.
//! Read in this order: this file, [`gather`], [`work`].

mod gather;
mod work;

pub(crate) use work::work;

use super::{ProjectsError, room};
use crate::App;
use deid::verify::Check;
use deid::verify::evidence::Pack;
use deid::verify::signature;
use govern::Project;
use model::Timestamp;
use sqlx::Row as _;
use sqlx::any::AnyRow;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// The kind of job in the ledger.
const KIND: &str = "evidence";
/// Tries before it is given up.
const ATTEMPTS: i64 = 5;

/// How far a piece of evidence is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// Nobody has begun.
    Waiting,
    /// Somebody is at it.
    Running,
    /// Nothing that was looked for came through.
    Passed,
    /// Something did.
    Failed,
    /// There is none: it was given up.
    GivenUp,
}

impl State {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Waiting, "waiting"),
        (Self::Running, "running"),
        (Self::Passed, "passed"),
        (Self::Failed, "failed"),
        (Self::GivenUp, "given-up"),
    ];

    /// A word for it.
    pub(crate) fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(state, _)| *state == self).map_or("", |(_, word)| word)
    }

    fn parse(word: &str) -> Self {
        Self::ALL.iter().find(|(_, other)| *other == word).map_or(Self::GivenUp, |(state, _)| *state)
    }
}

/// A piece of evidence and how far it is.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub id: i64,
    pub asked_by: String,
    pub asked_at: Timestamp,
    /// Whether an answer key was given.
    pub scored: bool,
    pub state: State,
    /// Instances that were searched.
    pub done: i64,
    /// Instances in all; 0 until they are counted.
    pub total: i64,
    /// Why it waits or was given up.
    pub reason: Option<String>,
    pub ended_at: Option<Timestamp>,
    /// Whether it is of the policy and the program that the project is seen by now.
    pub current: bool,
    made_by: String,
}

/// The texts of evidence that was gathered.
pub(crate) struct Kept {
    pub pack: Pack,
    /// Of `evidence.json`, by the key of this server's vault.
    pub signature: String,
}

/// Answer keys that wait to be scored. They identify, so they are never written anywhere.
#[derive(Default)]
pub(super) struct Answers(Mutex<HashMap<i64, Vec<Check>>>);

impl Answers {
    fn put(&self, id: i64, checks: Vec<Check>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id, checks);
    }

    fn get(&self, id: i64) -> Option<Vec<Check>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&id).cloned()
    }

    fn forget(&self, id: i64) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
    }
}

/// Asks for evidence; with an answer key its score is part of it.
///
/// # Errors
/// [`ProjectsError`].
pub(crate) async fn ask(
    app: &App,
    project: &Project,
    answers: Option<Vec<Check>>,
    by: &str,
) -> Result<Row, ProjectsError> {
    let open = app.projects.get(app, project).await?;
    let now = Timestamp::now();
    let mut tx = app.ledger.write().await?;
    let row = sqlx::query(
        "INSERT INTO project_evidence (project, made_by, asked_by, asked_at, scored, state, done, total) \
         VALUES ($1, $2, $3, $4, $5, 'waiting', 0, 0) RETURNING id",
    )
    .bind(&project.id)
    .bind(room::made_by(&open.wall))
    .bind(by)
    .bind(now.as_micros())
    .bind(i64::from(answers.is_some()))
    .fetch_one(&mut *tx)
    .await?;
    let id: i64 = row.try_get(0)?;
    if let Some(answers) = answers {
        app.projects.answers.put(id, answers);
    }
    store::jobs::enqueue_in(&mut tx, KIND, &id.to_string(), ATTEMPTS, now).await?;
    tx.commit().await?;
    app.projects.wake_evidence.notify_one();
    one(app, project, id).await?.ok_or_else(|| sqlx::Error::RowNotFound.into())
}

const COLUMNS: &str = "SELECT id, made_by, asked_by, asked_at, scored, state, done, total, reason, ended_at \
     FROM project_evidence";

/// The evidence of a project, the newest first.
///
/// # Errors
/// The ledger's.
pub(crate) async fn list(app: &App, project: &Project) -> Result<Vec<Row>, sqlx::Error> {
    let sql = format!("{COLUMNS} WHERE project = $1 ORDER BY id DESC LIMIT 100");
    // Safe: made of constants.
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(&project.id).fetch_all(app.ledger.pool()).await?;
    let now = seen_by(app, &project.id).await?;
    rows.iter().map(|row| read(row, now.as_deref())).collect()
}

/// One piece of a project's evidence.
///
/// # Errors
/// The ledger's.
pub(crate) async fn one(app: &App, project: &Project, id: i64) -> Result<Option<Row>, sqlx::Error> {
    let sql = format!("{COLUMNS} WHERE id = $1 AND project = $2");
    let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id).bind(&project.id);
    let row = row.fetch_optional(app.ledger.pool()).await?;
    let now = seen_by(app, &project.id).await?;
    row.as_ref().map(|row| read(row, now.as_deref())).transpose()
}

fn read(row: &AnyRow, now: Option<&str>) -> Result<Row, sqlx::Error> {
    let made_by: String = row.try_get(1)?;
    Ok(Row {
        id: row.try_get(0)?,
        current: now == Some(made_by.as_str()),
        made_by,
        asked_by: row.try_get(2)?,
        asked_at: Timestamp::from_micros(row.try_get(3)?),
        scored: row.try_get::<i64, _>(4)? == 1,
        state: State::parse(&row.try_get::<String, _>(5)?),
        done: row.try_get(6)?,
        total: row.try_get(7)?,
        reason: row.try_get(8)?,
        ended_at: row.try_get::<Option<i64>, _>(9)?.map(Timestamp::from_micros),
    })
}

/// The texts, if it was gathered.
///
/// # Errors
/// The ledger's.
pub(crate) async fn kept(app: &App, id: i64) -> Result<Option<Kept>, sqlx::Error> {
    let row = sqlx::query(
        "SELECT policy, document, page, signature FROM project_evidence WHERE id = $1 AND document IS NOT NULL",
    );
    let row = row.bind(id).fetch_optional(app.ledger.pool()).await?;
    let text = |row: &AnyRow, at: usize| row.try_get::<String, _>(at);
    row.map(|row| {
        let pack = Pack { policy: text(&row, 0)?, document: text(&row, 1)?, page: text(&row, 2)? };
        Ok(Kept { pack, signature: text(&row, 3)? })
    })
    .transpose()
}

/// Whether the last evidence of the policy and the program by which a project is seen now has passed.
///
/// # Errors
/// The ledger's.
pub(super) async fn holds(app: &App, project: &str) -> Result<bool, sqlx::Error> {
    let row = sqlx::query(
        "SELECT e.state FROM project_evidence e JOIN project_filled f ON f.project = e.project \
         WHERE e.project = $1 AND e.made_by = f.by_policy AND e.state IN ('passed', 'failed') \
         ORDER BY e.id DESC LIMIT 1",
    );
    let row = row.bind(project).fetch_optional(app.ledger.pool()).await?;
    Ok(row.map(|row| row.try_get::<String, _>(0)).transpose()?.as_deref() == Some(State::Passed.as_str()))
}

async fn seen_by(app: &App, project: &str) -> Result<Option<String>, sqlx::Error> {
    let row = sqlx::query("SELECT by_policy FROM project_filled WHERE project = $1").bind(project);
    row.fetch_optional(app.ledger.pool()).await?.map(|row| row.try_get(0)).transpose()
}

/// The public key by which the signatures of this server's evidence are checked.
///
/// # Errors
/// [`ProjectsError`].
pub(crate) async fn public_key(app: &App) -> Result<String, ProjectsError> {
    Ok(signature::public_key(&app.projects.vault()?.signing_key().await?))
}
