//! Codes and units: kept as received, and mapped whenever they are looked at.
//!
//! A mapping table is a source like any other: kept in the archive, known by its id. The latest of a name holds; an
//! earlier one stays, superseded. Nothing of a record is rewritten, so a new table maps old records at once, and what
//! was received is never lost. Read in this order: this file (tables), `apply` (to a resource).

mod apply;

pub use apply::{MappedCode, MappedUnit, Mapping};

use crate::{Records, take_turn};
use clinical::codes::{Code, Mapped};
use serde::Serialize;
use sqlx::{AssertSqlSafe, Row as _};
use std::collections::HashMap;
use utoipa::ToSchema;

/// A mapping table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CodeSet {
    /// The source it is.
    pub id: String,
    /// Its name: the latest table of a name holds.
    pub name: String,
    /// When it came, as RFC 3339.
    pub received_at: String,
    /// Who brought it.
    pub account: String,
    /// How many codes it maps.
    pub entries: i64,
    /// `loading`, `active`, `superseded`.
    pub state: String,
}

/// What a code means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The code.
    pub code: Code,
    /// Its words.
    pub display: String,
    /// The table that says so.
    pub set: String,
    /// From which moment on, in microseconds.
    pub from: Option<i64>,
    /// Until which.
    pub to: Option<i64>,
}

impl Target {
    /// True when it holds at a moment; what has none is taken as of any.
    #[must_use]
    pub fn holds(&self, at: Option<i64>) -> bool {
        at.is_none_or(|at| self.from.is_none_or(|from| from <= at) && self.to.is_none_or(|to| at < to))
    }
}

/// What holds from no day on holds from here.
const ALWAYS: i64 = i64::MIN;
/// Codes that are looked up at once.
const AT_ONCE: usize = 200;

impl Records {
    /// Begins a mapping table, or begins it again.
    ///
    /// # Errors
    /// The engine's.
    pub async fn begin_codes(
        &self,
        id: &str,
        name: &str,
        account: &str,
        received_at: i64,
    ) -> Result<(), sqlx::Error> {
        let mut tx = self.ledger.write().await?;
        take_turn(&self.ledger, &mut tx).await?;
        sqlx::query("DELETE FROM code_entry WHERE code_set = $1").bind(id).execute(&mut *tx).await?;
        sqlx::query(
            "INSERT INTO code_set (id, name, received_at, account, state) VALUES ($1, $2, $3, $4, 'loading') \
             ON CONFLICT (id) DO UPDATE SET entries = 0, state = 'loading', received_at = excluded.received_at",
        )
        .bind(id)
        .bind(name)
        .bind(received_at)
        .bind(account)
        .execute(&mut *tx)
        .await?;
        tx.commit().await
    }

    /// Adds to a table that was begun. A line that says the same twice counts once.
    ///
    /// # Errors
    /// The engine's.
    pub async fn add_codes(&self, id: &str, mapped: &[Mapped]) -> Result<(), sqlx::Error> {
        let mut tx = self.ledger.write().await?;
        for one in mapped {
            sqlx::query(
                "INSERT INTO code_entry (source_code, source_system, target_code, target_system, code_set, display, \
                 valid_from, valid_to) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
            )
            .bind(&one.source.code)
            .bind(&one.source.system)
            .bind(&one.target.code)
            .bind(&one.target.system)
            .bind(id)
            .bind(&one.display)
            .bind(one.from.as_ref().map_or(ALWAYS, |day| day.earliest().as_micros()))
            .bind(one.to.as_ref().map(|day| day.end().as_micros()))
            .execute(&mut *tx)
            .await?;
        }
        tx.commit().await
    }

    /// Ends a table: of those of its name the one that came last holds from now on.
    ///
    /// # Errors
    /// The engine's.
    pub async fn end_codes(&self, id: &str) -> Result<(), sqlx::Error> {
        let mut tx = self.ledger.write().await?;
        sqlx::query(
            "UPDATE code_set SET state = 'active', \
             entries = (SELECT COUNT(*) FROM code_entry e WHERE e.code_set = code_set.id) WHERE id = $1",
        )
        .bind(id)
        .execute(&mut *tx)
        .await?;
        sqlx::query(
            "UPDATE code_set SET state = 'superseded' WHERE state = 'active' \
             AND name = (SELECT name FROM code_set WHERE id = $1) AND EXISTS (\
             SELECT 1 FROM code_set later WHERE later.name = code_set.name AND later.state = 'active' AND \
             (later.received_at > code_set.received_at OR (later.received_at = code_set.received_at AND later.id > code_set.id)))",
        )
        .bind(id)
        .execute(&mut *tx)
        .await?;
        tx.commit().await
    }

    /// Every table, the latest first.
    ///
    /// # Errors
    /// The engine's.
    pub async fn code_sets(&self) -> Result<Vec<CodeSet>, sqlx::Error> {
        let rows = sqlx::query(
            "SELECT id, name, received_at, account, entries, state FROM code_set ORDER BY received_at DESC, id LIMIT 1000",
        )
        .fetch_all(self.ledger.pool())
        .await?;
        let row = |row: &sqlx::any::AnyRow| {
            Ok(CodeSet {
                id: row.try_get(0)?,
                name: row.try_get(1)?,
                received_at: crate::context::moment(row.try_get(2)?),
                account: row.try_get(3)?,
                entries: row.try_get(4)?,
                state: row.try_get(5)?,
            })
        };
        rows.iter().map(row).collect()
    }

    /// What codes mean, by the tables that hold. Where a table names no source system, it means any.
    ///
    /// # Errors
    /// The engine's.
    pub async fn meanings(&self, codes: &[Code]) -> Result<Mapping, sqlx::Error> {
        let mut found: HashMap<Code, Vec<Target>> = HashMap::new();
        let mut names: Vec<&str> = codes.iter().map(|code| code.code.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        for part in names.chunks(AT_ONCE) {
            let places: Vec<_> = (1..=part.len()).map(|at| format!("${at}")).collect();
            let sql = format!(
                "SELECT e.source_system, e.source_code, e.target_system, e.target_code, e.display, s.name, e.valid_from, \
                 e.valid_to FROM code_entry e JOIN code_set s ON s.id = e.code_set AND s.state = 'active' \
                 WHERE e.source_code IN ({}) ORDER BY e.source_code, e.source_system, e.target_system, e.target_code",
                places.join(", ")
            );
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for name in part {
                query = query.bind(*name);
            }
            for row in query.fetch_all(self.ledger.pool()).await? {
                let source = Code { system: row.try_get(0)?, code: row.try_get(1)? };
                let target = Target {
                    code: Code { system: row.try_get(2)?, code: row.try_get(3)? },
                    display: row.try_get(4)?,
                    set: row.try_get(5)?,
                    from: Some(row.try_get(6)?).filter(|from| *from != ALWAYS),
                    to: row.try_get(7)?,
                };
                found.entry(source).or_default().push(target);
            }
        }
        Ok(Mapping::new(found))
    }

    /// What everything in these resources means.
    ///
    /// # Errors
    /// The engine's.
    pub async fn meanings_in(&self, contents: &[&serde_json::Value]) -> Result<Mapping, sqlx::Error> {
        self.meanings(&apply::codes_in(contents)).await
    }

    /// The codes that are mapped to one: whoever looks for it means them too. Without a system in any.
    ///
    /// # Errors
    /// The engine's.
    pub async fn mapped_to(&self, system: Option<&str>, code: &str) -> Result<Vec<Code>, sqlx::Error> {
        let rows = sqlx::query(
            "SELECT DISTINCT e.source_system, e.source_code FROM code_entry e \
             JOIN code_set s ON s.id = e.code_set AND s.state = 'active' \
             WHERE e.target_code = $1 AND ($2 = '' OR e.target_system = $3) ORDER BY 2, 1 LIMIT 500",
        )
        .bind(code)
        .bind(system.map_or("", |_| "x"))
        .bind(system.unwrap_or_default())
        .fetch_all(self.ledger.pool())
        .await?;
        rows.iter().map(|row| Ok(Code { system: row.try_get(0)?, code: row.try_get(1)? })).collect()
    }
}
