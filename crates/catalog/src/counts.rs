//! How much there is.

use crate::Catalog;
use model::Timestamp;
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

/// What there is of one modality.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModalityCounts {
    /// (0008,0060); '' where it is not said.
    pub modality: String,
    /// Exams with such a series.
    pub exams: i64,
    /// Such series.
    pub series: i64,
    /// Their instances.
    pub instances: i64,
    /// The length of their originals, in bytes.
    pub bytes: i64,
}

/// Files and objects that wait for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Waiting {
    /// In quarantine.
    pub quarantined: i64,
    /// Objects that came twice with other content.
    pub conflicts: i64,
}

impl Catalog {
    /// Counts each modality, the largest first. Reads every instance's row: keep the answer a while.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn counts_by_modality(&self) -> Result<Vec<ModalityCounts>, sqlx::Error> {
        let rows = sqlx::query(
            "SELECT r.modality, COUNT(DISTINCT r.study), COUNT(*), CAST(SUM(t.instances) AS BIGINT), \
             CAST(SUM(t.bytes) AS BIGINT) FROM (SELECT series, COUNT(*) AS instances, \
             CAST(SUM(length) AS BIGINT) AS bytes FROM instance WHERE deleted = 0 GROUP BY series) t \
             JOIN series r ON r.id = t.series GROUP BY r.modality ORDER BY 5 DESC, 1",
        );
        let rows = rows.fetch_all(self.ledger.pool()).await?;
        let counts = |row: &sqlx::any::AnyRow| {
            Ok(ModalityCounts {
                modality: row.try_get(0)?,
                exams: row.try_get(1)?,
                series: row.try_get(2)?,
                instances: row.try_get(3)?,
                bytes: row.try_get(4)?,
            })
        };
        rows.iter().map(counts).collect()
    }

    /// What came since a moment and is held: (days since 1970, bytes), in order; and when the first of all
    /// came. Reads every instance's row: keep the answer a while.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn arrived_by_day(
        &self,
        since: Timestamp,
    ) -> Result<(Option<Timestamp>, Vec<(i64, i64)>), sqlx::Error> {
        let first =
            sqlx::query("SELECT MIN(received_at) FROM instance").fetch_one(self.ledger.pool()).await?;
        let first: Option<i64> = first.try_get(0)?;
        let rows = sqlx::query(
            "SELECT received_at / 86400000000, CAST(SUM(length) AS BIGINT) FROM instance \
             WHERE deleted = 0 AND received_at >= $1 GROUP BY received_at / 86400000000 ORDER BY 1",
        );
        let rows = rows.bind(since.as_micros()).fetch_all(self.ledger.pool()).await?;
        let days = rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?)));
        Ok((first.map(Timestamp::from_micros), days.collect::<Result<_, sqlx::Error>>()?))
    }

    /// How many exams and instances each Patient ID has, by Patient ID.
    ///
    /// # Errors
    /// The engine's.
    pub async fn counts_by_patient(&self) -> Result<Vec<(String, i64, i64)>, sqlx::Error> {
        let rows = sqlx::query(
            "SELECT patient_id, COUNT(*), CAST(SUM(instance_count) AS BIGINT) FROM study WHERE live + 0 = 1 \
             GROUP BY patient_id ORDER BY patient_id",
        );
        let rows = rows.fetch_all(self.ledger.pool()).await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))).collect()
    }

    /// Counts what waits for a person.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn waiting(&self) -> Result<Waiting, sqlx::Error> {
        let row = sqlx::query(
            "SELECT (SELECT COUNT(*) FROM quarantine WHERE state = 'open'), (SELECT COUNT(*) FROM conflict)",
        );
        let row = row.fetch_one(self.ledger.pool()).await?;
        Ok(Waiting { quarantined: row.try_get(0)?, conflicts: row.try_get(1)? })
    }

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
