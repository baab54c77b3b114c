//! Routing rules: an exam that arrived, matches and has been quiet for a while is sent on.
//!
//! A rule has versions; each change is one, and stays readable. What arrived is heard from the catalog's outbox, and
//! what is to be looked at later stands in a table, so nothing is forgotten over a crash. A transfer is begun in the
//! transaction that notes which instances it has, so each goes once, and of what arrives later only that.
//! Read in this order: this file, [`matching`], [`work`].

pub(crate) mod matching;
mod work;

pub(crate) use work::{pending, run};

use crate::App;
use crate::projects::Place;
use model::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::Row as _;
use sqlx::any::AnyRow;
use std::collections::BTreeMap;
use store::{Ledger, MigrateError, Migration};
use utoipa::ToSchema;

const TABLES: &[Migration] = &[Migration::both(
    1,
    "CREATE TABLE routing_rule (
        id {id}, version BIGINT NOT NULL, is_on BIGINT NOT NULL, on_since BIGINT NOT NULL, removed BIGINT NOT NULL);
     CREATE TABLE routing_version (
        rule BIGINT NOT NULL, version BIGINT NOT NULL, is_on BIGINT NOT NULL, body TEXT NOT NULL,
        actor TEXT NOT NULL, changed_at BIGINT NOT NULL, PRIMARY KEY (rule, version));
     CREATE TABLE routing_pending (
        rule BIGINT NOT NULL, study {text} NOT NULL, due_at BIGINT NOT NULL, PRIMARY KEY (rule, study));
     CREATE INDEX routing_due ON routing_pending (due_at);
     CREATE TABLE routed (
        rule BIGINT NOT NULL, peer {text} NOT NULL, study {text} NOT NULL,
        upto BIGINT NOT NULL, received_upto BIGINT NOT NULL, PRIMARY KEY (rule, peer, study));",
)];

/// What a rule says: which exams, where to, when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Rule {
    /// What people call it.
    pub name: String,
    /// All that are given must hold.
    #[serde(default)]
    pub conditions: Conditions,
    /// The entries of the peers it is sent to, and folders of the configuration as `folder:NAME`.
    pub peers: Vec<String>,
    /// The project through which it goes: its patient is enrolled by this exam, and it is sent de-identified, as the
    /// project sees it. Without one it goes with its identity, as it came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// Seconds without anything new after which the exam is looked at: DICOM does not say when one is complete.
    pub quiet_seconds: u32,
    /// Instances a second at most; 0: as fast as it goes.
    #[serde(default)]
    pub instances_per_second: u32,
}

/// Which exams a rule is about. What is left empty doesn't count.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Conditions {
    /// It came through one of these: `c-store`, `stow`, `upload`, `import` or `fetch`.
    pub doors: Vec<String>,
    /// It came from one of these: a peer's entry, an account, or a calling AE title.
    pub senders: Vec<String>,
    /// One of its series is of one of these, e.g. `CT`.
    pub modalities: Vec<String>,
    /// One of its series has one of these, e.g. `CHEST`.
    pub body_parts: Vec<String>,
    /// Words that all stand in the exam's description and those of its series.
    pub words: String,
    /// Keywords and what they must match in one series, with the wildcards and ranges of C-FIND, e.g. `StationName`:
    /// `CT1*`.
    pub keys: BTreeMap<String, String>,
    /// It was made within so many days before it arrived; older ones and those without a date are left alone.
    pub newer_than_days: Option<u32>,
}

/// A rule as it stands.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeptRule {
    pub id: i64,
    /// Counts its changes.
    pub version: i64,
    pub is_on: bool,
    pub rule: Rule,
    /// Who made this version, and when (RFC 3339).
    pub changed_by: String,
    pub changed_at: String,
    /// Exams that match or may, and wait to be quiet.
    pub waiting: i64,
    #[serde(skip)]
    pub on_since: Timestamp,
}

/// Why a rule can't be kept.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RuleError {
    /// What it says makes no sense.
    #[error("{0}")]
    Invalid(String),
    /// There is no such rule.
    #[error("there is no such rule")]
    Missing,
    /// Somebody else changed it meanwhile.
    #[error("the rule was changed meanwhile: it is version {0} now; look at it and change that")]
    Changed(i64),
    /// The ledger.
    #[error("the ledger did not answer")]
    Ledger(#[from] sqlx::Error),
}

/// Makes the tables.
pub(crate) async fn migrate(ledger: &Ledger) -> Result<(), MigrateError> {
    ledger.migrate("server.routing", TABLES).await
}

const COLUMNS: &str = "SELECT r.id, r.version, r.is_on, r.on_since, v.body, v.actor, v.changed_at, \
     (SELECT COUNT(*) FROM routing_pending p WHERE p.rule = r.id) FROM routing_rule r \
     JOIN routing_version v ON v.rule = r.id";

/// The rules as they stand, the oldest first.
pub(crate) async fn list(app: &App) -> Result<Vec<KeptRule>, sqlx::Error> {
    let sql = format!("{COLUMNS} AND v.version = r.version WHERE r.removed = 0 ORDER BY r.id");
    // Safe: made of constants.
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(app.ledger.pool()).await?;
    rows.iter().map(kept).collect()
}

/// One rule as it stands.
pub(crate) async fn one(app: &App, id: i64) -> Result<Option<KeptRule>, sqlx::Error> {
    let sql = format!("{COLUMNS} AND v.version = r.version WHERE r.removed = 0 AND r.id = $1");
    // Safe: made of constants.
    let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(app.ledger.pool()).await?;
    row.as_ref().map(kept).transpose()
}

/// All versions of a rule, the newest first, those of a removed one too.
pub(crate) async fn versions(app: &App, id: i64) -> Result<Vec<KeptRule>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT v.rule, v.version, v.is_on, 0, v.body, v.actor, v.changed_at, 0 FROM routing_version v \
         WHERE v.rule = $1 ORDER BY v.version DESC",
    );
    rows.bind(id).fetch_all(app.ledger.pool()).await?.iter().map(kept).collect()
}

fn kept(row: &AnyRow) -> Result<KeptRule, sqlx::Error> {
    let body: String = row.try_get(4)?;
    Ok(KeptRule {
        id: row.try_get(0)?,
        version: row.try_get(1)?,
        is_on: row.try_get::<i64, _>(2)? == 1,
        on_since: Timestamp::from_micros(row.try_get(3)?),
        rule: serde_json::from_str(&body).map_err(|error| sqlx::Error::Decode(error.into()))?,
        changed_by: row.try_get(5)?,
        changed_at: Timestamp::from_micros(row.try_get(6)?).to_string(),
        waiting: row.try_get(7)?,
    })
}

/// Keeps a new rule; it is off.
pub(crate) async fn create(app: &App, rule: &Rule, by: &str) -> Result<KeptRule, RuleError> {
    check(app, rule).await?;
    let mut tx = app.ledger.write().await?;
    let row = sqlx::query(
        "INSERT INTO routing_rule (version, is_on, on_since, removed) VALUES (0, 0, 0, 0) RETURNING id",
    );
    let id: i64 = row.fetch_one(&mut *tx).await?.try_get(0)?;
    tx.commit().await?;
    change(app, id, 0, rule, false, by).await
}

/// Makes the next version of a rule, if the one that was seen is still the last.
pub(crate) async fn change(
    app: &App,
    id: i64,
    seen: i64,
    rule: &Rule,
    is_on: bool,
    by: &str,
) -> Result<KeptRule, RuleError> {
    check(app, rule).await?;
    let now = Timestamp::now().as_micros();
    let mut tx = app.ledger.write().await?;
    // A rule that stays on goes on as of when it was switched on.
    let changed = sqlx::query(
        "UPDATE routing_rule SET version = version + 1, is_on = $3, \
         on_since = CASE WHEN is_on = 1 AND $3 = 1 THEN on_since ELSE $4 END \
         WHERE id = $1 AND version = $2 AND removed = 0",
    );
    let changed = changed.bind(id).bind(seen).bind(i64::from(is_on)).bind(now).execute(&mut *tx).await?;
    if changed.rows_affected() == 0 {
        drop(tx);
        return Err(one(app, id).await?.map_or(RuleError::Missing, |rule| RuleError::Changed(rule.version)));
    }
    let body = serde_json::to_string(rule).map_err(|error| sqlx::Error::Encode(error.into()))?;
    sqlx::query(
        "INSERT INTO routing_version (rule, version, is_on, body, actor, changed_at) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(id)
    .bind(seen + 1)
    .bind(i64::from(is_on))
    .bind(body)
    .bind(by)
    .bind(now)
    .execute(&mut *tx)
    .await?;
    if !is_on {
        sqlx::query("DELETE FROM routing_pending WHERE rule = $1").bind(id).execute(&mut *tx).await?;
    }
    tx.commit().await?;
    one(app, id).await?.ok_or(RuleError::Missing)
}

/// Takes a rule away; its versions stay readable.
pub(crate) async fn remove(app: &App, id: i64) -> Result<(), RuleError> {
    let mut tx = app.ledger.write().await?;
    let removed = sqlx::query("UPDATE routing_rule SET removed = 1, is_on = 0 WHERE id = $1 AND removed = 0");
    let removed = removed.bind(id).execute(&mut *tx).await?.rows_affected();
    sqlx::query("DELETE FROM routing_pending WHERE rule = $1").bind(id).execute(&mut *tx).await?;
    tx.commit().await?;
    if removed == 0 { Err(RuleError::Missing) } else { Ok(()) }
}

const DOORS: [&str; 5] = ["c-store", "stow", "upload", "import", "fetch"];
/// The longest an exam may have to be quiet: a day.
const LONGEST_QUIET: u32 = 86_400;

async fn check(app: &App, rule: &Rule) -> Result<(), RuleError> {
    let invalid = |why: String| Err(RuleError::Invalid(why));
    let length = rule.name.trim().chars().count();
    if !(1..=64).contains(&length) || rule.name.chars().any(char::is_control) {
        return invalid("A rule needs a name of 1 to 64 characters.".into());
    }
    if !(1..=LONGEST_QUIET).contains(&rule.quiet_seconds) {
        return invalid(format!("quietSeconds goes from 1 to {LONGEST_QUIET}, which is a day."));
    }
    if rule.peers.is_empty() {
        return invalid("Name at least one peer or folder to send to.".into());
    }
    for name in &rule.peers {
        match app.config.routing.folder(name) {
            Some(Some(_)) => continue,
            Some(None) => {
                return invalid(format!("The configuration has no {name} under [routing.folders]."));
            }
            None => {}
        }
        match app.govern.peers.get(name).await? {
            None => return invalid(format!("There is no peer {name}; enter it first.")),
            Some(peer) if peer.host.is_none() || peer.port.is_none() => {
                return invalid(format!("The entry of {name} has no host and port to call; add them first."));
            }
            Some(_) => {}
        }
    }
    check_project(app, rule).await?;
    if let Some(door) = rule.conditions.doors.iter().find(|door| !DOORS.contains(&door.as_str())) {
        return invalid(format!("{door:?} is none of the doors {}.", DOORS.join(", ")));
    }
    matching::check(&rule.conditions.keys).map_err(RuleError::Invalid)
}

/// A project's data goes to its members alone, and into folders that whoever runs the server has set up for it.
async fn check_project(app: &App, rule: &Rule) -> Result<(), RuleError> {
    let Some(project) = &rule.project else { return Ok(()) };
    if app.govern.projects.get(project).await?.is_none() {
        return Err(RuleError::Invalid(format!("There is no project {project}.")));
    }
    let place = Place::Project(project.clone());
    for name in &rule.peers {
        let Some(peer) = app.govern.peers.get(name).await? else { continue };
        if !place.gives_to(app, &peer.principal()).await? {
            let why = format!("{name} is not a member of the project {project}; add it there first.");
            return Err(RuleError::Invalid(why));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_says_nothing_that_is_not_known() {
        let known = r#"{"name": "a", "peers": ["p"], "quietSeconds": 5}"#;
        assert!(serde_json::from_str::<Rule>(known).is_ok());
        let policy = r#"{"name": "a", "peers": ["p"], "quietSeconds": 5, "policy": "trial"}"#;
        assert!(
            serde_json::from_str::<Rule>(policy).is_err(),
            "never sent as it came where a policy was meant"
        );
    }
}
