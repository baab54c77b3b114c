//! What things are called for ever: FHIR ids, which follow from what sources say, and numbers, which are given once and
//! kept in the archive beside it (ADR 75).

use crate::{Records, take_turn};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sqlx::Row as _;
use store::{Engine, Statement};

/// The letters of a FHIR id: those that aren't taken for each other (RFC 4648 §6, in small letters).
const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
/// Bytes of the digest that make an id: 128 bits, so that no two names share one.
const BYTES: usize = 16;
/// Rows that get their FHIR ids in one transaction.
const ROWS: i64 = 1000;

/// The FHIR id of a name: who issued it, for what, and the value. The same in every order of arrival and in every
/// house; 27 small letters and digits, the first a letter, so that it is never taken for a number.
#[must_use]
pub fn fhir_id(kind: &str, system: &str, value: &str, variant: &str) -> String {
    let mut hasher = Sha256::new();
    hasher.update(b"isocenter fhir id\0");
    for part in [kind, system, value, variant] {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    let digest = hasher.finalize();
    let bits = digest[..BYTES].iter().fold(0_u128, |bits, byte| bits << 8 | u128::from(*byte));
    let letters = (0..26).map(|at| char::from(LETTERS[(bits >> (5 * at) & 31) as usize]));
    std::iter::once('r').chain(letters).collect()
}

/// A number that a name was given.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumberOf {
    /// The FHIR resource type of a record; empty: an identifier of a person.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// Who issued it.
    pub system: String,
    /// The value.
    pub value: String,
    /// What tells two people under it apart; else empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub variant: String,
    /// The number.
    pub number: i64,
    /// The one it had before its record turned out to be another, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<i64>,
}

impl std::fmt::Debug for NumberOf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NumberOf(***: {})", self.number)
    }
}

const LEARN: Statement = Statement(
    "INSERT INTO record_number (kind, value, system, variant, number, first, kept) SELECT value->>0, value->>1, \
     value->>2, value->>3, CAST(value->>4 AS BIGINT), CAST(value->>5 AS BIGINT), 1 FROM {rows} WHERE true \
     ON CONFLICT (kind, value, system, variant) DO UPDATE SET kept = 1, number = CASE \
     WHEN excluded.number < record_number.number THEN excluded.number ELSE record_number.number END",
);
const KEPT: Statement = Statement(
    "WITH asked AS (SELECT value->>0 AS a, value->>1 AS b, value->>2 AS c, value->>3 AS d, \
     CAST(value->>4 AS BIGINT) AS e FROM {rows}) UPDATE record_number SET kept = 1 FROM asked WHERE record_number.kind = asked.a AND record_number.value = asked.b \
     AND record_number.system = asked.c AND record_number.variant = asked.d AND record_number.number = asked.e",
);
const NAME_IDENTIFIERS: Statement = Statement(
    "WITH asked AS (SELECT CAST(value->>0 AS BIGINT) AS a, value->>1 AS b FROM {rows}) \
     UPDATE person_identifier SET fhir = asked.b FROM asked WHERE person_identifier.id = asked.a",
);
const NAME_KEYS: Statement = Statement(
    "WITH asked AS (SELECT value->>0 AS a, value->>1 AS b, value->>2 AS c, value->>3 AS d FROM {rows}) \
     UPDATE record_key SET fhir = asked.d FROM asked WHERE record_key.kind = asked.a AND record_key.value = asked.b \
     AND record_key.system = asked.c",
);

impl Records {
    /// Numbers that were given and not yet kept in the archive, the oldest first.
    ///
    /// # Errors
    /// The engine's.
    pub async fn numbers_to_keep(&self, most: i64) -> Result<Vec<NumberOf>, sqlx::Error> {
        let sql = "SELECT kind, system, value, variant, number, first FROM record_number WHERE kept = 0 \
                   ORDER BY number LIMIT $1";
        let rows = sqlx::query(sql).bind(most).fetch_all(self.ledger.pool()).await?;
        let number = |row: &sqlx::any::AnyRow| {
            Ok(NumberOf {
                kind: row.try_get(0)?,
                system: row.try_get(1)?,
                value: row.try_get(2)?,
                variant: row.try_get(3)?,
                number: row.try_get(4)?,
                first: Some(row.try_get(5)?)
                    .filter(|first| row.try_get(4).is_ok_and(|number: i64| number != *first)),
            })
        };
        rows.iter().map(number).collect()
    }

    /// How many numbers wait to be kept in the archive.
    ///
    /// # Errors
    /// The engine's.
    pub async fn count_numbers_to_keep(&self) -> Result<i64, sqlx::Error> {
        let sql = "SELECT COUNT(*) FROM record_number WHERE kept = 0";
        sqlx::query(sql).fetch_one(self.ledger.pool()).await?.try_get(0)
    }

    /// Whether any number was given here.
    ///
    /// # Errors
    /// The engine's.
    pub async fn has_numbers(&self) -> Result<bool, sqlx::Error> {
        let row =
            sqlx::query("SELECT 1 FROM record_number LIMIT 1").fetch_optional(self.ledger.pool()).await?;
        Ok(row.is_some())
    }

    /// Notes that the archive keeps these.
    ///
    /// # Errors
    /// The engine's; they are kept once more then.
    pub async fn kept_numbers(&self, kept: &[NumberOf]) -> Result<(), sqlx::Error> {
        let mut tx = self.ledger.write().await?;
        KEPT.run(self.ledger.engine(), &mut tx, kept.iter().map(row).collect()).await?;
        tx.commit().await
    }

    /// Learns the numbers that the archive kept. A name that has one here keeps that.
    ///
    /// # Errors
    /// The engine's; nothing was learned then.
    pub async fn learn_numbers(&self, numbers: &[NumberOf]) -> Result<(), sqlx::Error> {
        let engine = self.ledger.engine();
        let mut tx = self.ledger.write().await?;
        take_turn(&self.ledger, &mut tx).await?;
        LEARN.run(engine, &mut tx, numbers.iter().map(row).collect()).await?;
        for (table, of) in [("person_identifier", "kind = ''"), ("record", "kind <> ''")] {
            // A number that was given once is never given to another name.
            let most = format!("(SELECT COALESCE(MAX(first), 0) FROM record_number WHERE {of})");
            let sequence = format!("pg_get_serial_sequence('{table}', 'id')");
            let statements = match engine {
                Engine::Sqlite => vec![
                    format!(
                        "INSERT INTO sqlite_sequence (name, seq) SELECT '{table}', 0 \
                         WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = '{table}')"
                    ),
                    format!("UPDATE sqlite_sequence SET seq = MAX(seq, {most}) WHERE name = '{table}'"),
                ],
                Engine::Postgres => {
                    vec![format!("SELECT setval({sequence}, GREATEST({most}, nextval({sequence})))")]
                }
            };
            for sql in statements {
                sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut *tx).await?;
            }
        }
        tx.commit().await
    }

    /// The number of the record that a FHIR id, or a number it was once known by, means.
    ///
    /// # Errors
    /// The engine's.
    pub async fn record_of(&self, kind: &str, id: &str) -> Result<Option<i64>, sqlx::Error> {
        let Ok(number) = id.parse::<i64>() else {
            let sql = "SELECT record FROM record_key WHERE fhir = $1 AND kind = $2 LIMIT 1";
            let row = sqlx::query(sql).bind(id).bind(kind).fetch_optional(self.ledger.pool()).await?;
            return row.map(|row| row.try_get(0)).transpose();
        };
        self.record_by_now(number).await
    }

    /// The number of the record, of whatever kind, that a FHIR id means: ids of different kinds are different.
    ///
    /// # Errors
    /// The engine's.
    pub async fn record_named(&self, id: &str) -> Result<Option<i64>, sqlx::Error> {
        let sql = "SELECT record FROM record_key WHERE fhir = $1 LIMIT 1";
        let row = sqlx::query(sql).bind(id).fetch_optional(self.ledger.pool()).await?;
        row.map(|row| row.try_get(0)).transpose()
    }

    /// The record that a number means by now: records that turned out to be one have several.
    ///
    /// # Errors
    /// The engine's.
    pub async fn record_by_now(&self, number: i64) -> Result<Option<i64>, sqlx::Error> {
        let sql = "SELECT r.id, 0 FROM record r WHERE r.id = $1 UNION ALL SELECT k.record, 1 FROM record_number n \
             JOIN record_key k ON k.kind = n.kind AND k.value = n.value AND k.system = n.system \
             WHERE (n.number = $1 OR n.first = $1) AND n.kind <> '' ORDER BY 2, 1 LIMIT 1";
        let row = sqlx::query(sql).bind(number).fetch_optional(self.ledger.pool()).await?;
        row.map(|row| row.try_get(0)).transpose()
    }

    /// The number of the person that a FHIR id, or the number of any of its identifiers, means by now.
    ///
    /// # Errors
    /// The engine's.
    pub async fn person_of_name(&self, id: &str) -> Result<Option<i64>, sqlx::Error> {
        let row = match id.parse::<i64>() {
            Ok(number) => {
                let sql = "SELECT person FROM person_identifier WHERE id = $1";
                sqlx::query(sql).bind(number).fetch_optional(self.ledger.pool()).await?
            }
            Err(_) => {
                let sql = "SELECT person FROM person_identifier WHERE fhir = $1 LIMIT 1";
                sqlx::query(sql).bind(id).fetch_optional(self.ledger.pool()).await?
            }
        };
        row.map(|row| row.try_get(0)).transpose()
    }

    /// The FHIR id of a record: of all its names' ids the least, so that the order they came in has no part in it.
    ///
    /// # Errors
    /// The engine's.
    pub async fn fhir_id_of_record(&self, record: i64) -> Result<Option<String>, sqlx::Error> {
        let sql = "SELECT MIN(fhir) FROM record_key WHERE record = $1 AND fhir <> ''";
        sqlx::query(sql).bind(record).fetch_one(self.ledger.pool()).await?.try_get(0)
    }

    /// The FHIR id of a person: of all their identifiers' ids the least.
    ///
    /// # Errors
    /// The engine's.
    pub async fn fhir_id_of_person(&self, person: i64) -> Result<Option<String>, sqlx::Error> {
        let sql = "SELECT MIN(fhir) FROM person_identifier WHERE person = $1 AND fhir <> ''";
        sqlx::query(sql).bind(person).fetch_one(self.ledger.pool()).await?.try_get(0)
    }

    /// Gives FHIR ids to rows of a ledger that was made before there were any.
    pub(crate) async fn name_what_has_no_name(&self) -> Result<(), sqlx::Error> {
        while self.name_some_identifiers().await? {}
        while self.name_some_keys().await? {}
        Ok(())
    }

    async fn name_some_identifiers(&self) -> Result<bool, sqlx::Error> {
        let sql = "SELECT id, system, value, variant FROM person_identifier WHERE fhir = '' LIMIT $1";
        let rows = sqlx::query(sql).bind(ROWS).fetch_all(self.ledger.pool()).await?;
        let mut named = Vec::with_capacity(rows.len());
        for row in &rows {
            let (id, system, value): (i64, String, String) =
                (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
            named.push(json!([id, fhir_id("Patient", &system, &value, &row.try_get::<String, _>(3)?)]));
        }
        self.name(NAME_IDENTIFIERS, named).await
    }

    async fn name_some_keys(&self) -> Result<bool, sqlx::Error> {
        let sql = "SELECT kind, system, value FROM record_key WHERE fhir = '' LIMIT $1";
        let rows = sqlx::query(sql).bind(ROWS).fetch_all(self.ledger.pool()).await?;
        let mut named = Vec::with_capacity(rows.len());
        for row in &rows {
            let (kind, system, value): (String, String, String) =
                (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
            named.push(json!([kind, value, system, fhir_id(&kind, &system, &value, "")]));
        }
        self.name(NAME_KEYS, named).await
    }

    async fn name(&self, sql: Statement, named: Vec<Value>) -> Result<bool, sqlx::Error> {
        if named.is_empty() {
            return Ok(false);
        }
        let mut tx = self.ledger.write().await?;
        sql.run(self.ledger.engine(), &mut tx, named).await?;
        tx.commit().await.map(|()| true)
    }
}

fn row(one: &NumberOf) -> Value {
    json!([one.kind, one.value, one.system, one.variant, one.number, one.first.unwrap_or(one.number)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_follows_from_the_name_alone() {
        let id = fhir_id("ServiceRequest", "RIS", "P1", "");
        assert_eq!(id, fhir_id("ServiceRequest", "RIS", "P1", ""));
        assert_eq!(id.len(), 27);
        assert!(id.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit()));
    }

    #[test]
    fn parts_of_a_name_do_not_run_into_each_other() {
        assert_ne!(fhir_id("A", "B", "C", ""), fhir_id("A", "BC", "", ""));
        assert_ne!(fhir_id("A", "", "B", ""), fhir_id("A", "B", "", ""));
    }
}
