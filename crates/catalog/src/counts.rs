//! How much there is.

use crate::Catalog;
use sqlx::Row;

/// What can be found now: deleted exams don't count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Patients with an exam.
    pub patients: i64,
    /// Exams with an instance.
    pub exams: i64,
    /// Their series.
    pub series: i64,
    /// Their instances.
    pub instances: i64,
}

impl Catalog {
    /// Counts everything; a second's work for a million exams, so keep the answer a while.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn counts(&self) -> Result<Counts, sqlx::Error> {
        let patients = sqlx::query("SELECT COUNT(*) FROM patient WHERE live = 1");
        let patients = patients.fetch_one(self.ledger.pool()).await?.try_get(0)?;
        let exams = sqlx::query(
            "SELECT COUNT(*), CAST(COALESCE(SUM(series_count), 0) AS BIGINT), \
             CAST(COALESCE(SUM(instance_count), 0) AS BIGINT) FROM study WHERE live = 1",
        );
        let row = exams.fetch_one(self.ledger.pool()).await?;
        Ok(Counts { patients, exams: row.try_get(0)?, series: row.try_get(1)?, instances: row.try_get(2)? })
    }
}
