//! Records by a number they are known by: what somebody has in hand and types into a box.

use crate::Records;
use crate::context::moment;
use serde::Serialize;
use sqlx::Row as _;
use utoipa::ToSchema;

/// A record that is known by a number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Numbered {
    /// The record's number here.
    pub record: i64,
    /// Whose it is.
    pub person: Option<i64>,
    /// The FHIR resource type.
    pub kind: String,
    /// A line for people.
    pub title: String,
    /// FHIR's status.
    pub status: String,
    /// When it was, as RFC 3339.
    pub begins: Option<String>,
}

/// The kinds people have a number of; the key's index begins with them.
const KINDS: &str = "'ServiceRequest', 'DiagnosticReport', 'Encounter', 'DocumentReference', 'Appointment', \
    'Specimen', 'Procedure', 'ImagingStudy', 'MedicationRequest', 'MedicationDispense', 'Observation', 'Condition'";

impl Records {
    /// Records with this placer, filler, accession, visit, report or document number, the latest first. The whole
    /// number, as typed or in capitals.
    ///
    /// # Errors
    /// The engine's.
    pub async fn by_number(&self, number: &str, limit: usize) -> Result<Vec<Numbered>, sqlx::Error> {
        let number = number.trim();
        if number.is_empty() {
            return Ok(Vec::new());
        }
        let sql = format!(
            "SELECT r.id, (SELECT p.person FROM person_identifier p WHERE p.id = r.holder), r.kind, r.title, r.status, \
             r.begins FROM record r WHERE r.version > 0 AND r.id IN (\
             SELECT k.record FROM record_key k WHERE k.kind IN ({KINDS}) AND k.value IN ($1, $2) UNION \
             SELECT m.record FROM record_mark m WHERE m.role IN ('accession', 'placer', 'filler', 'visit') \
             AND m.value IN ($1, $2)) ORDER BY r.begins DESC, r.id DESC LIMIT $3"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(number)
            .bind(number.to_uppercase())
            .bind(i64::try_from(limit).unwrap_or(i64::MAX))
            .fetch_all(self.ledger.pool())
            .await?;
        rows.iter().map(numbered).collect()
    }
}

fn numbered(row: &sqlx::any::AnyRow) -> Result<Numbered, sqlx::Error> {
    Ok(Numbered {
        record: row.try_get(0)?,
        person: row.try_get(1)?,
        kind: row.try_get(2)?,
        title: row.try_get(3)?,
        status: row.try_get(4)?,
        begins: row.try_get::<Option<i64>, _>(5)?.map(moment),
    })
}
