//! One history of what a person takes, from everything that orders, dispensings, administrations and statements say.
//!
//! What was said of one medicine becomes one entry: by its codes, else its name, or because one record is based on
//! another. The latest word stands first; of words on the same moment the one that says most about what was really
//! taken. Read in this order: `told` (what one record says), `merge`, then the reading here.

mod merge;
mod told;

pub use merge::merge;
pub use told::{Kind, Standing, Told};

use crate::Records;
use crate::timeline::{RECORDS, RecordRow, record_row};
use clinical::Identifier;
use serde::Serialize;
use serde_json::Value;
use sqlx::{AssertSqlSafe, Row as _};
use std::collections::HashMap;
use utoipa::ToSchema;

/// Records of medicines that are read of one person.
const MOST: i64 = 20_000;

/// A medicine of a person, with everything that was said of it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Medication {
    /// Its name, as the latest record has it.
    pub name: String,
    /// Every code it came with, and what they were mapped to.
    pub codes: Vec<MedicationCode>,
    /// Whether it is taken at the moment asked about, and why.
    pub standing: Course,
    /// The first moment anything is said of, as RFC 3339.
    pub first: Option<String>,
    /// The last moment not behind the one asked about.
    pub last: Option<String>,
    /// The dosage, as the latest record that tells one says it.
    pub dose: Option<String>,
    /// What was said, the latest first.
    pub entries: Vec<MedicationEntry>,
}

/// Whether a medicine is taken at a moment, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Course {
    /// Current: something says that it goes on, or a period or supply covers the moment.
    Active,
    /// Current: the last that is known of it lies within the window before the moment.
    Recent,
    /// To begin later.
    Planned,
    /// The latest word says that it was stopped, or not taken.
    Stopped,
    /// Nothing within the window.
    Past,
}

impl Course {
    /// True when it counts as taken.
    #[must_use]
    pub const fn is_current(self) -> bool {
        matches!(self, Self::Active | Self::Recent)
    }
}

/// A code of a medicine.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
pub struct MedicationCode {
    /// Its code system; empty when none was told.
    pub system: String,
    /// The code.
    pub code: String,
    /// Its words.
    pub display: String,
}

/// One record of a medicine.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MedicationEntry {
    /// The record's number.
    pub record: i64,
    /// The FHIR resource type.
    pub kind: Kind,
    /// FHIR's status.
    pub status: String,
    /// The name as this record has it.
    pub name: String,
    /// From when on, as RFC 3339.
    pub begins: Option<String>,
    /// Until when: its end, or until when the supply lasts.
    pub ends: Option<String>,
    /// The dosage.
    pub dose: Option<String>,
    /// The message or file that spoke of it last.
    pub source: Option<String>,
}

impl Records {
    /// The medicines of a person at a moment, the current ones first; `window` is the time, in microseconds, that
    /// the last word on a medicine keeps it current for.
    ///
    /// # Errors
    /// The engine's.
    pub async fn medications(
        &self,
        person: i64,
        at: i64,
        window: i64,
    ) -> Result<Vec<Medication>, sqlx::Error> {
        let rows = self.of_medicines(person).await?;
        let named = self.named_in(&rows).await?;
        let medicines = self.medicines_meant(&named).await?;
        let sources = self.last_sources(person).await?;
        let contents: Vec<_> = rows.iter().map(|row| &row.content).chain(medicines.values()).collect();
        let mapping = self.meanings_in(&contents).await?;
        let told = rows.iter().filter_map(|row| {
            let mut told = Told::of(row.id, Kind::parse(&row.kind)?, &row.content);
            if told.name.is_empty()
                && let Some(medicine) = meant(&row.content, &named).and_then(|id| medicines.get(&id))
            {
                told.call(&medicine["code"]);
            }
            let based = bases(&row.content);
            told.based_on = based.iter().filter_map(|name| named.get(&key(name)).copied()).collect();
            told.source = sources.get(&row.id).cloned();
            told.map(&mapping);
            Some(told)
        });
        Ok(merge(told.collect(), at, window))
    }

    async fn of_medicines(&self, person: i64) -> Result<Vec<RecordRow>, sqlx::Error> {
        let sql = format!(
            "{RECORDS} WHERE r.holder IN (SELECT id FROM person_identifier WHERE person = $1) AND r.version > 0 AND \
             r.kind IN ('MedicationRequest', 'MedicationDispense', 'MedicationStatement', \
             'MedicationAdministration') ORDER BY r.id LIMIT $2"
        );
        let rows =
            sqlx::query(AssertSqlSafe(sql)).bind(person).bind(MOST).fetch_all(self.ledger.pool()).await?;
        rows.iter().map(record_row).collect()
    }

    /// The records that these ones name.
    async fn named_in(&self, rows: &[RecordRow]) -> Result<HashMap<Name, i64>, sqlx::Error> {
        let mut names = Vec::new();
        for row in rows {
            names.extend(bases(&row.content).iter().map(key));
            names.extend(medicine(&row.content).iter().map(key));
        }
        names.sort_unstable();
        names.dedup();
        self.named(&names).await
    }

    /// What Medication resources say.
    async fn medicines_meant(&self, named: &HashMap<Name, i64>) -> Result<HashMap<i64, Value>, sqlx::Error> {
        let mut found = HashMap::new();
        for (_, id) in named.iter().filter(|((kind, _, _), _)| kind == "Medication") {
            if let Some(row) = self.record(*id).await? {
                found.insert(*id, row.content);
            }
        }
        Ok(found)
    }

    async fn last_sources(&self, person: i64) -> Result<HashMap<i64, String>, sqlx::Error> {
        let rows = sqlx::query(
            "SELECT s.record, s.source FROM record_statement s JOIN record r ON r.id = s.record \
             WHERE r.holder IN (SELECT id FROM person_identifier WHERE person = $1) AND r.kind LIKE 'Medication%' \
             ORDER BY s.said_at, s.received_at",
        )
        .bind(person)
        .fetch_all(self.ledger.pool())
        .await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
    }
}

/// A logical reference: type, system, value.
type Name = (String, String, String);

fn key((kind, name): &(String, Identifier)) -> Name {
    (kind.clone(), name.system.clone(), name.value.clone())
}

/// The Medication a record means.
fn meant(content: &Value, named: &HashMap<Name, i64>) -> Option<i64> {
    named.get(&key(&medicine(content)?)).copied()
}

fn medicine(content: &Value) -> Option<(String, Identifier)> {
    let name = Identifier::of_json(&content["medicationReference"]["identifier"])?;
    Some(("Medication".into(), name))
}

/// The records of medicines that one is based on, or was made for.
fn bases(content: &Value) -> Vec<(String, Identifier)> {
    let mut found = Vec::new();
    for (element, usual) in [
        ("authorizingPrescription", "MedicationRequest"),
        ("request", "MedicationRequest"),
        ("basedOn", "MedicationRequest"),
        ("priorPrescription", "MedicationRequest"),
        ("derivedFrom", ""),
        ("partOf", ""),
    ] {
        let list = match &content[element] {
            Value::Array(list) => list.as_slice(),
            one => std::slice::from_ref(one),
        };
        found.extend(list.iter().filter_map(|one| {
            let kind = one["type"].as_str().unwrap_or(usual);
            let name = Identifier::of_json(&one["identifier"])?;
            kind.starts_with("Medication").then(|| (kind.to_owned(), name))
        }));
    }
    found
}
