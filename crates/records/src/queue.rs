//! What waits for a person: doubts about who is who, and how much of everything there is.

use crate::Records;
use crate::timeline::PersonIdentifier;
use model::Timestamp;
use serde::Serialize;
use serde_json::Value;
use sqlx::Row as _;
use utoipa::ToSchema;

/// A doubt about who is who.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Doubt {
    /// Its number.
    pub id: i64,
    /// `birth-date` (one identifier, two birth dates), `same-identifier` (one identifier, two people),
    /// `maybe-same` (two identifiers, perhaps one person).
    pub kind: String,
    /// The two sides; the same twice for `birth-date`.
    pub sides: Vec<Side>,
    /// What agrees and what doesn't.
    #[schema(value_type = Object)]
    pub evidence: Value,
    /// How likely they are one person, 0 to 1.
    pub score: f64,
    /// When it was raised, as RFC 3339.
    pub raised_at: String,
}

/// One side of a doubt.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Side {
    /// The person.
    pub person: i64,
    /// The identifier.
    pub identifier: PersonIdentifier,
    /// The name, as it is compared.
    pub name: String,
    /// The sex.
    pub sex: String,
    /// How many records are under it.
    pub records: i64,
    /// How many exams.
    pub exams: i64,
}

/// How much waits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Waiting {
    /// Links that are not sure.
    pub links: i64,
    /// Doubts about people.
    pub people: i64,
    /// Sources of which something was refused.
    pub refused: i64,
}

impl Records {
    /// Open doubts, the oldest first; none that was settled meanwhile by a message that joins the two.
    ///
    /// # Errors
    /// The engine's.
    pub async fn doubts(&self, after: i64, limit: i64) -> Result<Vec<Doubt>, sqlx::Error> {
        let rows = sqlx::query(
            "SELECT id, kind, low, high, evidence, score, raised_at FROM person_doubt \
             WHERE state = 'open' AND id > $1 AND NOT (kind = 'maybe-same' AND (SELECT person FROM person_identifier \
             WHERE id = low) = (SELECT person FROM person_identifier WHERE id = high)) ORDER BY id LIMIT $2",
        )
        .bind(after)
        .bind(limit)
        .fetch_all(self.ledger.pool())
        .await?;
        let mut doubts = Vec::with_capacity(rows.len());
        for row in rows {
            let (low, high): (i64, i64) = (row.try_get(2)?, row.try_get(3)?);
            let mut sides = Vec::new();
            sides.extend(self.side(low).await?);
            sides.extend(self.side(high).await?);
            doubts.push(Doubt {
                id: row.try_get(0)?,
                kind: row.try_get(1)?,
                sides,
                evidence: serde_json::from_str(&row.try_get::<String, _>(4)?).unwrap_or(Value::Null),
                score: row.try_get(5)?,
                raised_at: Timestamp::from_micros(row.try_get(6)?).to_string(),
            });
        }
        Ok(doubts)
    }

    /// The kind of a doubt and its two identifiers.
    ///
    /// # Errors
    /// The engine's.
    pub async fn doubt(&self, id: i64) -> Result<Option<(String, i64, i64)>, sqlx::Error> {
        let row = sqlx::query("SELECT kind, low, high FROM person_doubt WHERE id = $1")
            .bind(id)
            .fetch_optional(self.ledger.pool())
            .await?;
        row.map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))).transpose()
    }

    async fn side(&self, identifier: i64) -> Result<Option<Side>, sqlx::Error> {
        let row = sqlx::query(
            "SELECT p.person, p.system, p.value, p.kind, p.birth, p.name, p.sex, \
             (SELECT COUNT(*) FROM record r WHERE r.holder = p.id), \
             (SELECT COUNT(*) FROM record_exam e WHERE e.holder = p.id) FROM person_identifier p WHERE p.id = $1",
        )
        .bind(identifier)
        .fetch_optional(self.ledger.pool())
        .await?;
        row.map(|row| {
            let known = PersonIdentifier {
                id: identifier,
                system: row.try_get(1)?,
                value: row.try_get(2)?,
                kind: row.try_get(3)?,
                birth_date: row.try_get(4)?,
            };
            Ok(Side {
                person: row.try_get(0)?,
                identifier: known,
                name: row.try_get(5)?,
                sex: row.try_get(6)?,
                records: row.try_get(7)?,
                exams: row.try_get(8)?,
            })
        })
        .transpose()
    }

    /// How much waits for somebody.
    ///
    /// # Errors
    /// The engine's.
    pub async fn waiting(&self) -> Result<Waiting, sqlx::Error> {
        let row = sqlx::query(
            "SELECT (SELECT COUNT(*) FROM record_link WHERE state = 'waiting'), \
             (SELECT COUNT(*) FROM person_doubt WHERE state = 'open' AND NOT (kind = 'maybe-same' AND \
             (SELECT person FROM person_identifier WHERE id = low) = \
             (SELECT person FROM person_identifier WHERE id = high))), \
             (SELECT COUNT(*) FROM record_source WHERE state IN ('refused', 'partly'))",
        )
        .fetch_one(self.ledger.pool())
        .await?;
        Ok(Waiting { links: row.try_get(0)?, people: row.try_get(1)?, refused: row.try_get(2)? })
    }
}
