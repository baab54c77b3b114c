//! What people decide: it stands above every rule, is kept in the archive like any source, and speaks of records by
//! their keys, so that it still means the same when all rows are made again.

use crate::desk::{Db, Desk};
use crate::people::Edge;
use crate::{Records, keep, link, take_turn};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::Row as _;
use sqlx::any::AnyRow;
use std::collections::BTreeSet;
use store::{Engine, Statement, WriteTx};

/// Names a record for ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordName {
    /// The FHIR resource type.
    pub kind: String,
    /// Who issued the key.
    pub system: String,
    /// The key.
    pub value: String,
}

/// Names an identifier of a person for ever.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentifierName {
    /// Who issued it.
    pub system: String,
    /// The value.
    pub value: String,
    /// What tells two people under it apart; else empty.
    #[serde(default)]
    pub variant: String,
}

impl std::fmt::Debug for IdentifierName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("IdentifierName(***)")
    }
}

/// What a record belongs to, or doesn't.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Target {
    /// An exam, by Study Instance UID.
    Exam(String),
    /// Another record.
    Record(RecordName),
}

/// A decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "decision", rename_all = "kebab-case")]
pub enum Decision {
    /// A record belongs to something, or doesn't.
    Link {
        /// The record.
        record: RecordName,
        /// What it belongs to.
        to: Target,
        /// Whether it does.
        linked: bool,
    },
    /// Two identifiers are of one person, or of two.
    Identity {
        /// The one.
        one: IdentifierName,
        /// The other.
        other: IdentifierName,
        /// Whether they are of one person.
        same: bool,
    },
    /// What a report means, where somebody checked what was read.
    Report {
        /// The report.
        report: RecordName,
        /// What they say.
        check: crate::checks::ReportCheck,
    },
    /// A doubt was looked at and nothing is to be done.
    Dismiss {
        /// The doubt's kind.
        kind: String,
        /// The one identifier.
        one: IdentifierName,
        /// The other, or the same again.
        other: IdentifierName,
    },
}

/// A decision, and whose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// What was decided.
    #[serde(flatten)]
    pub decision: Decision,
    /// The account.
    pub by: String,
    /// When, in microseconds.
    pub at: i64,
}

impl Records {
    /// Follows a decision. Doing it twice changes nothing; false when it speaks of people who aren't there. What it
    /// says of records that aren't there stands as soon as they are.
    ///
    /// # Errors
    /// The engine's; nothing was written then.
    pub async fn decide(&self, decided: &Decided) -> Result<bool, sqlx::Error> {
        let mut tx = self.ledger.write().await?;
        take_turn(&self.ledger, &mut tx).await?;
        let done = apply(self.ledger.engine(), &mut tx, decided).await?;
        tx.commit().await?;
        Ok(done)
    }

    /// How a record is named for ever: by its strongest key.
    ///
    /// # Errors
    /// The engine's.
    pub async fn name_of(&self, record: i64) -> Result<Option<RecordName>, sqlx::Error> {
        let row = sqlx::query(
            "SELECT kind, system, value FROM record_key WHERE record = $1 ORDER BY system, value LIMIT 1",
        )
        .bind(record)
        .fetch_optional(self.ledger.pool())
        .await?;
        row.map(|row| {
            Ok(RecordName { kind: row.try_get(0)?, system: row.try_get(1)?, value: row.try_get(2)? })
        })
        .transpose()
    }

    /// How an identifier is named for ever.
    ///
    /// # Errors
    /// The engine's.
    pub async fn identifier_name(&self, id: i64) -> Result<Option<IdentifierName>, sqlx::Error> {
        let row = sqlx::query("SELECT system, value, variant FROM person_identifier WHERE id = $1")
            .bind(id)
            .fetch_optional(self.ledger.pool())
            .await?;
        row.map(|row| {
            Ok(IdentifierName { system: row.try_get(0)?, value: row.try_get(1)?, variant: row.try_get(2)? })
        })
        .transpose()
    }
}

async fn apply(engine: Engine, tx: &mut WriteTx, decided: &Decided) -> Result<bool, sqlx::Error> {
    match &decided.decision {
        Decision::Link { record, to, linked } => note_link(engine, tx, decided, record, to, *linked).await,
        Decision::Identity { one, other, same } => {
            let (Some(one), Some(other)) = (identifier(tx, one).await?, identifier(tx, other).await?) else {
                return Ok(false);
            };
            let answer = if *same { "same" } else { "different" };
            close(tx, decided, "", (one, other), answer).await?;
            let mut desk = Desk::new(engine, tx);
            let edge = Edge { why: "decision", joins: *same, said_at: decided.at, source: &decided.by };
            desk.crowd.edge(&mut desk.db, one, other, &edge).await?;
            keep::unclash(&mut desk, "", decided.at).await?;
            desk.write().await?;
            link::refresh(&mut desk, BTreeSet::new()).await.map(|()| true)
        }
        Decision::Report { report, check } => {
            let Some(report) = crate::checks::report(tx, report).await? else { return Ok(false) };
            crate::checks::keep(tx, report, check, (&decided.by, decided.at)).await.map(|()| true)
        }
        Decision::Dismiss { kind, one, other } => {
            let (Some(one), Some(other)) = (identifier(tx, one).await?, identifier(tx, other).await?) else {
                return Ok(false);
            };
            close(tx, decided, kind, (one, other), "dismissed").await.map(|()| true)
        }
    }
}

async fn close(
    tx: &mut WriteTx,
    decided: &Decided,
    kind: &str,
    (one, other): (i64, i64),
    answer: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE person_doubt SET state = 'decided', decision = $1, decided_by = $2 \
         WHERE low = $3 AND high = $4 AND ($5 = '' OR kind = $5)",
    )
    .bind(answer)
    .bind(&decided.by)
    .bind(one.min(other))
    .bind(one.max(other))
    .bind(kind)
    .execute(&mut **tx)
    .await
    .map(drop)
}

async fn identifier(tx: &mut WriteTx, name: &IdentifierName) -> Result<Option<i64>, sqlx::Error> {
    let row =
        sqlx::query("SELECT id FROM person_identifier WHERE value = $1 AND system = $2 AND variant = $3")
            .bind(&name.value)
            .bind(&name.system)
            .bind(&name.variant)
            .fetch_optional(&mut **tx)
            .await?;
    row.map(|row| row.try_get(0)).transpose()
}

/// The columns of a decision about a link.
const DECISION: &str =
    "kind, value, system, study, to_kind, to_value, to_system, linked, decided_by, decided_at";

/// Notes a decision for ever, and has it stand where its records are.
async fn note_link(
    engine: Engine,
    tx: &mut WriteTx,
    decided: &Decided,
    name: &RecordName,
    to: &Target,
    linked: bool,
) -> Result<bool, sqlx::Error> {
    let nothing = RecordName { kind: String::new(), system: String::new(), value: String::new() };
    let (study, other) = match to {
        Target::Exam(study) => (study.as_str(), &nothing),
        Target::Record(other) => ("", other),
    };
    let sql = format!(
        "INSERT INTO record_decision ({DECISION}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
         ON CONFLICT (kind, value, system, study, to_kind, to_value, to_system) DO UPDATE SET linked = excluded.linked, \
         decided_by = excluded.decided_by, decided_at = excluded.decided_at \
         WHERE excluded.decided_at >= record_decision.decided_at"
    );
    sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(&name.kind)
        .bind(&name.value)
        .bind(&name.system)
        .bind(study)
        .bind(&other.kind)
        .bind(&other.value)
        .bind(&other.system)
        .bind(i64::from(linked))
        .bind(&decided.by)
        .bind(decided.at)
        .execute(&mut **tx)
        .await?;
    let key = serde_json::json!([name.kind, name.value, name.system]);
    stand_again(&mut Db::new(engine, tx), vec![key]).await.map(|()| true)
}

const CONCERNING: Statement = Statement(
    "WITH asked AS (SELECT value->>0 AS a, value->>1 AS b, value->>2 AS c FROM {rows}) \
     SELECT d.kind, d.value, d.system, d.study, d.to_kind, d.to_value, d.to_system, d.linked, d.decided_by, d.decided_at \
     FROM asked CROSS JOIN record_decision d WHERE d.kind = asked.a AND d.value = asked.b AND d.system = asked.c UNION \
     SELECT d.kind, d.value, d.system, d.study, d.to_kind, d.to_value, d.to_system, d.linked, d.decided_by, d.decided_at \
     FROM asked CROSS JOIN record_decision d WHERE d.to_kind = asked.a AND d.to_value = asked.b AND d.to_system = asked.c",
);

/// Has what was decided of records stand, by the names they go by from now on: kind, value, system.
pub(crate) async fn stand_again(db: &mut Db<'_>, names: Vec<Value>) -> Result<(), sqlx::Error> {
    for row in db.fetch(CONCERNING, names).await? {
        set_link(db.tx, &row).await?;
    }
    Ok(())
}

async fn record(tx: &mut WriteTx, row: &AnyRow, first: usize) -> Result<Option<i64>, sqlx::Error> {
    let row = sqlx::query("SELECT record FROM record_key WHERE kind = $1 AND value = $2 AND system = $3")
        .bind(row.try_get::<String, _>(first)?)
        .bind(row.try_get::<String, _>(first + 1)?)
        .bind(row.try_get::<String, _>(first + 2)?)
        .fetch_optional(&mut **tx)
        .await?;
    row.map(|row| row.try_get(0)).transpose()
}

async fn set_link(tx: &mut WriteTx, decision: &AnyRow) -> Result<(), sqlx::Error> {
    let Some(from) = record(tx, decision, 0).await? else { return Ok(()) };
    let role = |kind: &str| link::rules::Role::of(kind).map_or("record", link::rules::Role::as_str);
    let (kind, study): (String, String) = (decision.try_get(0)?, decision.try_get(3)?);
    let to_kind: String = decision.try_get(4)?;
    let (other, end) = match to_kind.as_str() {
        "" => (0, "exam"),
        to_kind => match record(tx, decision, 4).await? {
            Some(id) => (id, role(to_kind)),
            None => return Ok(()),
        },
    };
    sqlx::query(
        "INSERT INTO record_link (kind, record, study, other, rule, evidence, confidence, state, decided_by, decided_at) \
         VALUES ($1, $2, $3, $4, 'decision', '{}', 1.0, $5, $6, $7) ON CONFLICT (record, study, other) DO UPDATE SET \
         state = excluded.state, decided_by = excluded.decided_by, decided_at = excluded.decided_at",
    )
    .bind(format!("{}-{end}", role(&kind)))
    .bind(from)
    .bind(study)
    .bind(other)
    .bind(if decision.try_get::<i64, _>(7)? == 1 { "linked" } else { "refused" })
    .bind(decision.try_get::<String, _>(8)?)
    .bind(decision.try_get::<i64, _>(9)?)
    .execute(&mut **tx)
    .await
    .map(drop)
}
