//! Answers: how many patients and exams a definition means, of what kinds, who they are, and why one is in or out.

mod controls;
mod facets;
mod lookup;
pub mod pairing;
mod why;

pub use controls::PairCount;
use controls::Paired;
pub use facets::{Facet, FacetValue};
use lookup::Lookup;
pub use why::{CriterionFound, Why};

use crate::compile::{Dialect, compile};
use crate::definition::Definition;
use crate::engine::{AskError, Session};
use crate::keep::FrozenRow;
use crate::protect::{Count, Counted, Protection};
use crate::schema::Table;
use crate::{Warehouse, WarehouseError};
use datafusion::arrow::array::{Array, AsArray as _, RecordBatch};
use datafusion::arrow::datatypes::{Int64Type, UInt64Type};
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// A number of a patient, as if drawn by lot. The least of a group stands for it, see [`crate::protect`]; also
/// [`mark`].
const MARK: &str = "((patient % 2147483647) * 2654435761) % 4294967291";

/// [`MARK`] of a patient.
const fn mark(patient: i64) -> i64 {
    ((patient % 2_147_483_647) * 2_654_435_761) % 4_294_967_291
}

/// How an asker sees counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// As they are.
    Rows,
    /// Protected.
    Counts(Protection),
}

/// How many.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CohortCount {
    /// The version of the facts.
    pub facts: i64,
    /// Patients.
    pub patients: Count,
    /// Exams.
    pub exams: Count,
    /// Cases and controls, where there are controls: both are in the numbers above.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pairs: Option<PairCount>,
    /// SHA-256 of the definition.
    pub digest: String,
    /// The statement that was asked; of a cohort with controls that of its cases.
    pub sql: String,
    /// Milliseconds it took.
    pub took_ms: u64,
}

/// A cohort while it is looked at: its patients and exams are at hand.
pub struct Cohort {
    session: Arc<Session>,
    sql: String,
    found: Lookup,
    /// Who is compared with whom.
    paired: Option<Paired>,
}

impl Warehouse {
    /// Looks a definition up in the newest facts.
    ///
    /// # Errors
    /// [`WarehouseError`].
    pub async fn look(&self, definition: &Definition) -> Result<Cohort, WarehouseError> {
        let session = self.newest().await?;
        Ok(Cohort::of(session, definition).await?)
    }

    /// Says how many are in a cohort.
    ///
    /// # Errors
    /// [`AskError`].
    pub async fn count(&self, cohort: &Cohort, sight: Sight) -> Result<(Count, Count), AskError> {
        let patients = cohort.patients_counted().await?;
        let exams = cohort.exams_counted().await?;
        Ok(match &cohort.paired {
            None => (self.told(patients, sight), self.told(exams, sight)),
            Some(paired) => self.paired_told(paired, patients.count, exams.count, sight),
        })
    }

    /// A count as an asker may see it.
    #[must_use]
    pub fn told(&self, counted: Counted, sight: Sight) -> Count {
        match sight {
            Sight::Rows => Count::exact(counted.count),
            Sight::Counts(protection) => protection.told(counted, &self.key),
        }
    }

    /// Answers a definition.
    ///
    /// # Errors
    /// [`WarehouseError`].
    pub async fn answer(
        &self,
        definition: &Definition,
        sight: Sight,
    ) -> Result<(Cohort, CohortCount), WarehouseError> {
        let begun = std::time::Instant::now();
        let cohort = self.look(definition).await?;
        let (patients, exams) = self.count(&cohort, sight).await?;
        let answer = CohortCount {
            facts: cohort.session.version,
            patients,
            exams,
            pairs: self.pairs(&cohort, sight),
            digest: definition.digest(),
            sql: cohort.sql.clone(),
            took_ms: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
        };
        Ok((cohort, answer))
    }
}

impl Cohort {
    /// Looks a definition up in some version of the facts.
    ///
    /// # Errors
    /// [`AskError`].
    pub async fn of(session: Arc<Session>, definition: &Definition) -> Result<Self, AskError> {
        let found = Lookup::of(session.clone(), definition).await?;
        let sql = compile(definition, Dialect::Ansi).patients;
        let Some(controls) = &definition.controls else {
            return Ok(Self { session, sql, found, paired: None });
        };
        let (found, paired) = Paired::of(&session, definition, controls, found).await?;
        Ok(Self { session, sql, found, paired: Some(paired) })
    }

    /// What facets are made of: who may not see rows learns nothing of controls, whose number follows from the cases'.
    const fn shown(&self, sight: Sight) -> &Lookup {
        match (&self.paired, sight) {
            (Some(paired), Sight::Counts(_)) => &paired.cases,
            _ => &self.found,
        }
    }

    /// The version of the facts.
    #[must_use]
    pub fn facts(&self) -> i64 {
        self.session.version
    }

    /// Its patients, by number.
    ///
    /// # Errors
    /// [`AskError`].
    pub async fn patients(&self) -> Result<Vec<i64>, AskError> {
        let sql = format!("SELECT patient FROM {} ORDER BY patient", self.found.patients());
        let batches = self.session.ask(&sql).await?;
        Ok(batches.iter().flat_map(|batch| ids(batch, 0)).collect())
    }

    /// Its patients and their exams; a patient of whom no exam is meant once, without one.
    ///
    /// # Errors
    /// [`AskError`].
    pub async fn members(&self) -> Result<Vec<FrozenRow>, AskError> {
        let sql = format!(
            "SELECT m.patient, e.study_uid FROM {} m LEFT JOIN (SELECT k.patient, t.study_uid FROM {} k \
             JOIN exam t ON t.exam = k.exam) e ON e.patient = m.patient ORDER BY m.patient, e.study_uid",
            self.found.patients(),
            self.found.exams().await?
        );
        let mut members = Vec::new();
        for batch in self.session.ask(&sql).await? {
            for row in 0..batch.num_rows() {
                members.push(FrozenRow::of(id(&batch, 0, row), facets::text(&batch, 1, row)));
            }
        }
        if let Some(paired) = &self.paired {
            paired.name(&mut members);
        }
        Ok(members)
    }

    /// How many patients, and which.
    ///
    /// # Errors
    /// [`AskError`].
    pub async fn patients_counted(&self) -> Result<Counted, AskError> {
        self.counted(&counting(self.found.patients())).await
    }

    /// How many exams, and whose.
    ///
    /// # Errors
    /// [`AskError`].
    pub async fn exams_counted(&self) -> Result<Counted, AskError> {
        if !self.found.means_all_exams() {
            return self.counted(&counting(self.found.exams().await?)).await;
        }
        // Patients know how many they have.
        let sql = format!(
            "SELECT SUM(CAST(exams AS BIGINT)), CAST(COUNT(*) AS BIGINT), CAST(MIN({MARK}) AS BIGINT) \
             FROM patient WHERE exams > 0 AND patient IN (SELECT patient FROM {})",
            self.found.patients()
        );
        self.counted(&sql).await
    }

    /// A page of its exams with what stands in their rows, the newest first.
    ///
    /// # Errors
    /// [`AskError`].
    pub async fn page(&self, skip: usize, most: usize) -> Result<Vec<RecordBatch>, AskError> {
        let sql = format!(
            "SELECT e.* FROM exam e WHERE e.exam IN (SELECT exam FROM {}) ORDER BY e.day DESC, e.exam LIMIT {most} \
             OFFSET {skip}",
            self.found.exams().await?
        );
        self.session.ask(&sql).await
    }

    async fn counted(&self, sql: &str) -> Result<Counted, AskError> {
        let batches = self.session.ask(sql).await?;
        let value = |column| batches.first().map_or(0, |batch| id(batch, column, 0));
        Ok(Counted { count: value(0).cast_unsigned(), patients: value(1).cast_unsigned(), mark: value(2) })
    }
}

impl Warehouse {
    /// Values of a column that begin with some letters, those of most patients first.
    ///
    /// # Errors
    /// [`WarehouseError`].
    pub async fn values(
        &self,
        table: &Table,
        column: &str,
        begins: &str,
        sight: Sight,
    ) -> Result<Vec<FacetValue>, WarehouseError> {
        let session = self.newest().await?;
        Ok(facets::values(self, &session, table, column, begins, sight).await?)
    }
}

/// Counts the rows of a table and the patients in it.
fn counting(table: &str) -> String {
    format!(
        "SELECT CAST(COUNT(*) AS BIGINT), CAST(COUNT(DISTINCT patient) AS BIGINT), CAST(MIN({MARK}) AS BIGINT) FROM {table}"
    )
}

/// A cell of a column of numbers; nothing is 0.
fn id(batch: &RecordBatch, column: usize, row: usize) -> i64 {
    let column = batch.column(column);
    if row >= column.len() || column.is_null(row) {
        return 0;
    }
    match column.as_primitive_opt::<Int64Type>() {
        Some(numbers) => numbers.value(row),
        None => column.as_primitive_opt::<UInt64Type>().map_or(0, |numbers| numbers.value(row).cast_signed()),
    }
}

/// The same; nothing where nothing is known.
fn opt(batch: &RecordBatch, column: usize, row: usize) -> Option<i64> {
    (!batch.column(column).is_null(row)).then(|| id(batch, column, row))
}

fn ids(batch: &RecordBatch, column: usize) -> Vec<i64> {
    (0..batch.num_rows()).map(|row| id(batch, column, row)).collect()
}
