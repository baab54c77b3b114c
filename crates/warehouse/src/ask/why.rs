//! Why one patient is in a cohort, or out.

use super::{Cohort, id};
use crate::compile::{Dialect, compile};
use crate::definition::{Condition, Criterion, Definition};
use crate::engine::AskError;
use crate::{Warehouse, WarehouseError};
use serde::Serialize;
use utoipa::ToSchema;

/// The way of one patient through a definition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Why {
    /// Whether the patient meets it; a sample may still leave them out.
    pub is_in: bool,
    /// Each criterion, in the order of the definition.
    pub criteria: Vec<CriterionFound>,
}

/// What was found of a criterion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CriterionFound {
    /// Where it stands: `patients.all[0].has`.
    pub place: String,
    /// The patient's rows that are so, with what must be around them.
    pub rows: i64,
    /// How many are asked for.
    pub at_least: u32,
}

impl Warehouse {
    /// Follows a patient through a definition.
    ///
    /// # Errors
    /// [`WarehouseError`].
    pub async fn why(&self, definition: &Definition, patient: i64) -> Result<Why, WarehouseError> {
        let session = self.newest().await?;
        let compiled = compile(definition, Dialect::Ansi);
        let mut found: Vec<CriterionFound> = Vec::new();
        let mut least = Vec::new();
        criteria(&definition.patients, &mut least);
        for (step, at_least) in compiled.steps.iter().zip(least) {
            found.push(CriterionFound { place: step.place.clone(), rows: 0, at_least });
        }
        if !found.is_empty() {
            for batch in session.ask(&compiled.of_patient(patient)).await? {
                for row in 0..batch.num_rows() {
                    if let Some(found) =
                        found.get_mut(usize::try_from(id(&batch, 0, row)).unwrap_or(usize::MAX))
                    {
                        found.rows = id(&batch, 1, row);
                    }
                }
            }
        }
        let is_in = holds(&definition.patients, "patients", &found);
        Ok(Why { is_in, criteria: found })
    }
}

/// How many rows each criterion asks for, in the order they are compiled.
fn criteria(condition: &Condition, least: &mut Vec<u32>) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| criteria(part, least)),
        Condition::Not(part) => criteria(part, least),
        Condition::Has(criterion) => within(criterion, least),
    }
}

fn within(criterion: &Criterion, least: &mut Vec<u32>) {
    least.push(criterion.at_least.unwrap_or(1));
    for around in &criterion.around {
        within(&around.has, least);
        if let Some(without) = &around.without {
            within(without, least);
        }
    }
}

fn holds(condition: &Condition, place: &str, found: &[CriterionFound]) -> bool {
    let part = |word: &str, n: usize| format!("{place}.{word}[{n}]");
    match condition {
        Condition::All(parts) => parts.iter().enumerate().all(|(n, one)| holds(one, &part("all", n), found)),
        Condition::Any(parts) => parts.iter().enumerate().any(|(n, one)| holds(one, &part("any", n), found)),
        Condition::Not(one) => !holds(one, &format!("{place}.not"), found),
        Condition::Has(_) => {
            let place = format!("{place}.has");
            let found = found.iter().find(|found| found.place == place);
            found.is_some_and(|found| found.rows >= i64::from(found.at_least))
        }
    }
}

impl Cohort {
    /// Whether a patient is in it.
    ///
    /// # Errors
    /// [`AskError`].
    pub async fn has(&self, patient: i64) -> Result<bool, AskError> {
        let sql = format!("SELECT 1 FROM {} WHERE patient = {patient}", self.found.patients());
        Ok(self.session.ask(&sql).await?.iter().any(|batch| batch.num_rows() > 0))
    }
}
