//! The review queue: what the wall was in doubt about, put together by kind, and what somebody decided after looking.
//! A decision is a rule of the project: it counts for everything like it that comes later too, stands before the
//! policy, and can be taken back or made a part of a policy.

use super::room::Open;
use super::{ProjectsError, room, tasks, withheld};
use crate::App;
use deid::pixels::ImageKind;
use deid::policy::{ImageAction, ImageRule};
use deid::{Decision, Doubt, Which};
use govern::Project;
use model::Timestamp;
use sqlx::Row as _;
use sqlx::any::AnyRow;
use store::WriteTx;

/// Objects that are in doubt for one reason and look alike.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    /// A word for the reason.
    pub reason: String,
    /// The reason in words.
    pub detail: String,
    /// What they have in common.
    pub kind: ImageKind,
    /// How many there are.
    pub instances: i64,
    /// Of how many subjects.
    pub subjects: i64,
    /// One of them, by its UID in the project.
    pub sample: String,
}

/// A decision as it is kept.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    pub id: i64,
    pub doubt: Doubt,
    /// One object, by its UID in the project; else all of the kind.
    pub sop: Option<String>,
    pub kind: ImageKind,
    pub action: ImageAction,
    pub boxes: Vec<[usize; 4]>,
    pub note: String,
    pub by: String,
    pub at: Timestamp,
}

impl Kept {
    /// As a rule of a policy.
    pub(crate) fn rule(&self) -> ImageRule {
        let because = (!self.note.is_empty()).then(|| self.note.clone());
        ImageRule { like: self.kind.clone(), action: self.action, boxes: self.boxes.clone(), because }
    }

    fn decision(&self) -> Decision {
        let which = match &self.sop {
            Some(sop) => Which::One(sop.clone()),
            None => Which::Like(self.kind.clone()),
        };
        Decision { doubt: self.doubt, which, act: self.rule().act() }
    }
}

/// What waits for a decision, the most first.
///
/// # Errors
/// The ledger's.
pub(crate) async fn queue(app: &App, project: &str) -> Result<Vec<Group>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT reason, MIN(detail), kind, COUNT(*), COUNT(DISTINCT code), MIN(sop_uid) FROM project_withheld \
         WHERE project = $1 GROUP BY reason, kind ORDER BY COUNT(*) DESC, reason, kind",
    );
    let rows = rows.bind(project).fetch_all(app.ledger.pool()).await?;
    let groups = rows.iter().map(group).collect::<Result<Vec<_>, _>>()?;
    Ok(groups.into_iter().filter(|group| Doubt::of(&group.reason).is_some()).collect())
}

fn group(row: &AnyRow) -> Result<Group, sqlx::Error> {
    Ok(Group {
        reason: row.try_get(0)?,
        detail: row.try_get(1)?,
        kind: kind_of(&row.try_get::<String, _>(2)?),
        instances: row.try_get(3)?,
        subjects: row.try_get(4)?,
        sample: row.try_get(5)?,
    })
}

/// The kind as it is kept in rows.
pub(super) fn kind_text(kind: &ImageKind) -> String {
    serde_json::to_string(kind).unwrap_or_default()
}

fn kind_of(text: &str) -> ImageKind {
    serde_json::from_str(text).unwrap_or_default()
}

/// The decisions of a project, the newest first: that is how they count.
///
/// # Errors
/// The ledger's.
pub(crate) async fn list(app: &App, project: &str) -> Result<Vec<Kept>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT id, doubt, sop_uid, kind, action, boxes, note, decided_by, decided_at FROM project_decision \
         WHERE project = $1 ORDER BY id DESC",
    );
    rows.bind(project).fetch_all(app.ledger.pool()).await?.iter().map(read).collect()
}

fn read(row: &AnyRow) -> Result<Kept, sqlx::Error> {
    Ok(Kept {
        id: row.try_get(0)?,
        doubt: word(row, 1)?,
        sop: row.try_get(2)?,
        kind: kind_of(&row.try_get::<Option<String>, _>(3)?.unwrap_or_default()),
        action: word(row, 4)?,
        boxes: serde_json::from_str(&row.try_get::<String, _>(5)?).map_err(decoding)?,
        note: row.try_get(6)?,
        by: row.try_get(7)?,
        at: Timestamp::from_micros(row.try_get(8)?),
    })
}

fn word<T: serde::de::DeserializeOwned>(row: &AnyRow, at: usize) -> Result<T, sqlx::Error> {
    serde_json::from_value(serde_json::Value::String(row.try_get(at)?)).map_err(decoding)
}

fn decoding(error: serde_json::Error) -> sqlx::Error {
    sqlx::Error::Decode(error.into())
}

/// Has a wall go by the decisions there are now.
pub(super) async fn load(app: &App, open: &Open, project: &str) -> Result<(), sqlx::Error> {
    open.wall.decide(list(app, project).await?.iter().map(Kept::decision).collect());
    Ok(())
}

/// What is decided.
pub(crate) struct New<'a> {
    /// The object that was looked at.
    pub of: &'a withheld::Row,
    /// Whether for all that look like it.
    pub all_alike: bool,
    pub action: ImageAction,
    pub boxes: Vec<[usize; 4]>,
    pub note: String,
    pub by: &'a str,
}

impl New<'_> {
    /// What is wrong with it.
    ///
    /// # Errors
    /// What would be right.
    pub(crate) fn check(&self) -> Result<(), &'static str> {
        let (like, boxes) = (ImageKind::default(), self.boxes.clone());
        ImageRule { like, action: self.action, boxes, because: None }.check()
    }
}

/// Keeps a decision and has what it is about pass through the wall again. `None`: there is nothing to decide here.
///
/// # Errors
/// [`ProjectsError`].
pub(crate) async fn decide(app: &App, project: &Project, new: New<'_>) -> Result<Option<i64>, ProjectsError> {
    let Some(doubt) = Doubt::of(&new.of.reason) else { return Ok(None) };
    let open = app.projects.get(app, project).await?;
    let mut tx = app.ledger.write().await?;
    let id = insert(&mut tx, &project.id, doubt, &new).await?;
    let one = (!new.all_alike).then_some(new.of.sop.as_str());
    let gone = sqlx::query(
        "DELETE FROM project_withheld WHERE project = $1 AND (sop_uid = $2 OR \
         ($2 IS NULL AND reason = $3 AND kind = $4)) RETURNING code",
    );
    let gone = gone.bind(&project.id).bind(one).bind(&new.of.reason).bind(&new.of.kind);
    let codes = gone.fetch_all(&mut *tx).await?;
    for row in &codes {
        tasks::mark_in(&mut tx, &project.id, &row.try_get::<String, _>(0)?).await?;
    }
    tx.commit().await?;
    load(app, &open, &project.id).await?;
    app.projects.wake.notify_one();
    Ok(Some(id))
}

async fn insert(tx: &mut WriteTx, project: &str, doubt: Doubt, new: &New<'_>) -> Result<i64, sqlx::Error> {
    let text = |value: serde_json::Result<serde_json::Value>| {
        value.ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
    };
    let row = sqlx::query(
        "INSERT INTO project_decision (project, doubt, sop_uid, kind, action, boxes, note, decided_by, decided_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id",
    )
    .bind(project)
    .bind(text(serde_json::to_value(doubt)))
    .bind((!new.all_alike).then_some(new.of.sop.as_str()))
    .bind(&new.of.kind)
    .bind(text(serde_json::to_value(new.action)))
    .bind(serde_json::to_string(&new.boxes).unwrap_or_default())
    .bind(&new.note)
    .bind(new.by)
    .bind(Timestamp::now().as_micros())
    .fetch_one(&mut **tx)
    .await?;
    row.try_get(0)
}

/// Takes a decision back: everything is made anew without it, and nothing is shown until it is. `false`: there is none.
///
/// # Errors
/// [`ProjectsError`].
pub(crate) async fn take_back(app: &App, project: &Project, id: i64) -> Result<bool, ProjectsError> {
    let open = app.projects.get(app, project).await?;
    let _turn = open.filling.lock().await;
    let mut tx = app.ledger.write().await?;
    let gone = sqlx::query("DELETE FROM project_decision WHERE project = $1 AND id = $2");
    let gone = gone.bind(&project.id).bind(id).execute(&mut *tx).await?.rows_affected() == 1;
    tx.commit().await?;
    if gone {
        load(app, &open, &project.id).await?;
        room::forget_all(app, &open.room.catalog, &project.id).await?;
    }
    Ok(gone)
}
