//! Freezing: who is in a cohort at one version of the facts, for ever.

use super::moment;
use crate::ask::Cohort;
use crate::definition::Definition;
use crate::protect::Counted;
use crate::{Warehouse, WarehouseError};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use sqlx::Row as _;
use sqlx::any::AnyRow;
use std::collections::HashSet;
use std::sync::Arc;
use utoipa::ToSchema;

/// A frozen cohort, without its members.
#[derive(Debug, Clone, PartialEq)]
pub struct Frozen {
    /// Its id, made of its digest: to be cited.
    pub id: String,
    /// The cohort.
    pub cohort: String,
    /// The cohort's version.
    pub version: i64,
    /// The version of the facts.
    pub facts: i64,
    /// What was asked.
    pub definition: Definition,
    /// SHA-256 of the definition, the facts' version and the members.
    pub digest: String,
    /// Patients.
    pub patients: Counted,
    /// Exams.
    pub exams: u64,
    /// Who froze it.
    pub made_by: String,
    /// When, as RFC 3339.
    pub made_at: String,
}

/// One member: a patient's number and one of their exams.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FrozenRow {
    /// The patient.
    pub patient: i64,
    /// (0020,000D); none for a patient without an exam.
    pub study: Option<String>,
    /// Which they are, where the cohort has controls.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<PairRole>,
    /// The number of the pair: a case and its controls.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pair: Option<u32>,
}

/// Which of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum PairRole {
    /// A patient the definition means.
    Case,
    /// Somebody to compare them with.
    Control,
}

impl PairRole {
    const fn word(self) -> &'static str {
        match self {
            Self::Case => "case",
            Self::Control => "control",
        }
    }
}

impl FrozenRow {
    /// A member of a cohort without controls.
    #[must_use]
    pub const fn of(patient: i64, study: Option<String>) -> Self {
        Self { patient, study, role: None, pair: None }
    }
}

const FROZEN: &str = "SELECT id, cohort, version, facts, definition, digest, patients, exams, mark, made_by, made_at \
                      FROM cohort_frozen";

impl Warehouse {
    /// Freezes a version of a cohort at the newest facts. The same of the same cohort twice is one.
    ///
    /// # Errors
    /// [`WarehouseError`].
    pub async fn freeze(
        &self,
        cohort: &str,
        version: i64,
        definition: &Definition,
        account: &str,
        now: i64,
    ) -> Result<Frozen, WarehouseError> {
        let session = self.newest().await?;
        let facts = session.version;
        // Before anything else: its files can't be cleaned away from now on.
        self.set_pin(facts, &self.files_of(facts).await?).await?;
        let looked = Cohort::of(Arc::clone(&session), definition).await?;
        let members = looked.members().await?;
        let counted = looked.patients_counted().await?;
        let digest = digest(definition, facts, &lines(&members));
        let id = self.frozen_id(cohort, &digest).await?;
        let exams = members.iter().filter(|member| member.study.is_some()).count() as i64;
        self.shelf.keep_beside(&list(&id), lines(&members).into_bytes()).await?;
        let mut tx = self.ledger.write().await?;
        sqlx::query(
            "INSERT INTO cohort_frozen (id, cohort, version, facts, definition, digest, patients, exams, mark, made_by, \
             made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING",
        )
        .bind(&id)
        .bind(cohort)
        .bind(version)
        .bind(facts)
        .bind(serde_json::to_string(definition).unwrap_or_default())
        .bind(&digest)
        .bind(counted.patients.cast_signed())
        .bind(exams)
        .bind(counted.mark)
        .bind(account)
        .bind(now)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        self.frozen(&id).await?.ok_or_else(|| sqlx::Error::RowNotFound.into())
    }

    /// The id follows from what was frozen. Where another cohort has it, this one gets its own: not everybody who sees one
    /// may see the other.
    async fn frozen_id(&self, cohort: &str, digest: &str) -> Result<String, sqlx::Error> {
        let id = digest[..16].to_owned();
        let taken = self.frozen(&id).await?.is_some_and(|other| other.cohort != cohort);
        Ok(if taken { sha256(&format!("{digest} {cohort}"))[..16].to_owned() } else { id })
    }

    /// What was frozen of a cohort, the newest first.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn frozen_of(&self, cohort: &str) -> Result<Vec<Frozen>, sqlx::Error> {
        let sql = format!("{FROZEN} WHERE cohort = $1 ORDER BY made_at DESC, id");
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(cohort).fetch_all(self.ledger.pool()).await?;
        rows.iter().map(frozen).collect()
    }

    /// A frozen cohort.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn frozen(&self, id: &str) -> Result<Option<Frozen>, sqlx::Error> {
        let sql = format!("{FROZEN} WHERE id = $1");
        let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(self.ledger.pool()).await?;
        row.as_ref().map(frozen).transpose()
    }

    /// Its members, as they were, without those who have withdrawn since; checked against its digest.
    ///
    /// # Errors
    /// [`WarehouseError`]; also when the list is not the one that was frozen.
    pub async fn members(&self, frozen: &Frozen) -> Result<Vec<FrozenRow>, WarehouseError> {
        let bytes = self.shelf.read_beside(&list(&frozen.id)).await?;
        let text = String::from_utf8_lossy(&bytes);
        if digest(&frozen.definition, frozen.facts, &text) != frozen.digest {
            let error = "the list of members is not the one that was frozen";
            return Err(sqlx::Error::Decode(error.into()).into());
        }
        Ok(text.lines().skip(1).filter_map(parsed).collect())
    }

    /// Takes people out of every frozen list. Of each line its digest is left, so that the list still proves to be
    /// the one that was frozen, and who knows the line can prove that it was there. How many lists were changed.
    pub(crate) async fn strike(&self, people: &HashSet<i64>) -> Result<usize, WarehouseError> {
        let rows = sqlx::query("SELECT id FROM cohort_frozen").fetch_all(self.ledger.pool()).await?;
        let mut struck = 0;
        for row in rows {
            let name = list(&row.try_get::<String, _>(0)?);
            // A list that is lost must not keep the others from being changed.
            let Some(bytes) = self.shelf.find_beside(&name).await? else { continue };
            let before = String::from_utf8_lossy(&bytes);
            let is_out = |line: &str| parsed(line).is_some_and(|member| people.contains(&member.patient));
            if before.lines().any(is_out) {
                let line = |line| {
                    if is_out(line) { format!("{STRUCK}{}\n", sha256(line)) } else { format!("{line}\n") }
                };
                self.shelf
                    .keep_beside(&name, before.lines().map(line).collect::<String>().into_bytes())
                    .await?;
                struck += 1;
            }
        }
        Ok(struck)
    }
}

/// What the line of somebody who withdrew begins with.
const STRUCK: &str = "-\t";

fn list(id: &str) -> String {
    format!("frozen/{id}.tsv")
}

/// SHA-256 of the definition, the facts' version and the digests of the lines.
fn digest(definition: &Definition, facts: i64, lines: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(definition.digest());
    hash.update(format!("\n{facts}\n"));
    for line in lines.lines() {
        hash.update(line.strip_prefix(STRUCK).map_or_else(|| sha256(line), ToOwned::to_owned));
    }
    hex(&hash.finalize())
}

fn sha256(line: &str) -> String {
    hex(&Sha256::digest(line))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn lines(members: &[FrozenRow]) -> String {
    // Lists without controls are written as they always were: their digest is cited.
    let paired = members.iter().any(|member| member.role.is_some());
    let mut lines = String::from(if paired { "patient\tstudy\trole\tpair\n" } else { "patient\tstudy\n" });
    for FrozenRow { patient, study, role, pair } in members {
        lines.push_str(&format!("{patient}\t{}", study.as_deref().unwrap_or_default()));
        if paired {
            let role = role.map_or("", PairRole::word);
            lines.push_str(&format!("\t{role}\t{}", pair.map(|pair| pair.to_string()).unwrap_or_default()));
        }
        lines.push('\n');
    }
    lines
}

/// A member; none where they withdrew.
fn parsed(line: &str) -> Option<FrozenRow> {
    let mut cells = line.split('\t');
    let (patient, study) = (cells.next()?, cells.next()?);
    let role = match cells.next() {
        Some("case") => Some(PairRole::Case),
        Some("control") => Some(PairRole::Control),
        _ => None,
    };
    let study = (!study.is_empty()).then(|| study.to_owned());
    Some(FrozenRow {
        patient: patient.parse().ok()?,
        study,
        role,
        pair: cells.next().and_then(|pair| pair.parse().ok()),
    })
}

fn frozen(row: &AnyRow) -> Result<Frozen, sqlx::Error> {
    let definition: String = row.try_get(4)?;
    let patients = row.try_get::<i64, _>(6)?.cast_unsigned();
    Ok(Frozen {
        id: row.try_get(0)?,
        cohort: row.try_get(1)?,
        version: row.try_get(2)?,
        facts: row.try_get(3)?,
        definition: serde_json::from_str(&definition)
            .map_err(|error| sqlx::Error::Decode(Box::new(error)))?,
        digest: row.try_get(5)?,
        patients: Counted { patients, count: patients, mark: row.try_get(8)? },
        exams: row.try_get::<i64, _>(7)?.cast_unsigned(),
        made_by: row.try_get(9)?,
        made_at: moment(row.try_get(10)?),
    })
}
