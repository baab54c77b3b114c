//! What arrived lately: how much of what, from whom, and what is arriving now.

use crate::Catalog;
use crate::exams::ExamSummary;
use model::Timestamp;
use sqlx::{AssertSqlSafe, Row};

/// Exams that are counted, the latest first: while a whole archive is brought in, nobody reads a larger number.
pub const MOST: i64 = 20_000;

/// What arrived of one modality.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfModality {
    /// (0008,0060); '' where it is not said.
    pub modality: String,
    /// Exams that gained something of it.
    pub exams: i64,
    /// Instances of those exams' series of it.
    pub instances: i64,
}

/// What arrived from one sender.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfSender {
    /// `c-store`, `stow`, `import`, `upload`, `fetch` or `made`.
    pub door: String,
    /// The account, or the peer's entry.
    pub account: String,
    /// The calling AE title and address, of a peer.
    pub peer: String,
    /// Exams that gained something.
    pub exams: i64,
    /// When the last of it came.
    pub last_at: Timestamp,
}

/// An exam and when something of it came last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// The exam.
    pub exam: ExamSummary,
    /// When something of it came last.
    pub last_at: Timestamp,
}

/// What arrived since a moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Arrivals {
    /// Exams that gained something; at most [`MOST`] are counted.
    pub exams: i64,
    /// By modality, the most first.
    pub by_modality: Vec<OfModality>,
    /// By sender, the latest first.
    pub by_sender: Vec<OfSender>,
}

impl Catalog {
    /// What arrived since a moment.
    ///
    /// # Errors
    /// The engine's.
    pub async fn arrivals(&self, since: Timestamp) -> Result<Arrivals, sqlx::Error> {
        let since = since.as_micros();
        let lately = format!(
            "(SELECT e.study, e.door, e.account, e.peer, e.last_at FROM exam_source e JOIN study s ON s.id = e.study \
             WHERE e.last_at >= $1 AND s.live + 0 = 1 ORDER BY e.last_at DESC LIMIT {MOST}) AS e"
        );
        let senders = format!(
            "SELECT door, account, peer, COUNT(*), MAX(last_at) FROM {lately} GROUP BY door, account, peer \
             ORDER BY MAX(last_at) DESC LIMIT 50"
        );
        let modalities = format!(
            "SELECT r.modality, COUNT(DISTINCT r.study), CAST(SUM(r.instance_count) AS BIGINT) FROM series r \
             WHERE r.study IN (SELECT study FROM {lately}) AND r.live + 0 = 1 GROUP BY r.modality ORDER BY 3 DESC, 1"
        );
        let exams = format!("SELECT COUNT(DISTINCT study) FROM {lately}");
        // Safe, all three: made of constants and a number.
        let row = sqlx::query(AssertSqlSafe(exams)).bind(since).fetch_one(self.ledger.pool()).await?;
        let mut arrivals = Arrivals { exams: row.try_get(0)?, ..Arrivals::default() };
        for row in sqlx::query(AssertSqlSafe(senders)).bind(since).fetch_all(self.ledger.pool()).await? {
            arrivals.by_sender.push(OfSender {
                door: row.try_get(0)?,
                account: row.try_get(1)?,
                peer: row.try_get(2)?,
                exams: row.try_get(3)?,
                last_at: Timestamp::from_micros(row.try_get(4)?),
            });
        }
        for row in sqlx::query(AssertSqlSafe(modalities)).bind(since).fetch_all(self.ledger.pool()).await? {
            let (modality, exams) = (row.try_get(0)?, row.try_get(1)?);
            arrivals.by_modality.push(OfModality { modality, exams, instances: row.try_get(2)? });
        }
        Ok(arrivals)
    }

    /// The exams that something came of last, the latest first; of all times unless a moment is given.
    ///
    /// # Errors
    /// The engine's.
    pub async fn latest(&self, since: Option<Timestamp>, limit: i64) -> Result<Vec<Arrival>, sqlx::Error> {
        let rows = sqlx::query(
            "SELECT e.study, e.last_at FROM exam_source e JOIN study s ON s.id = e.study \
             WHERE e.last_at >= $1 AND s.live + 0 = 1 ORDER BY e.last_at DESC, e.study DESC LIMIT $2",
        )
        .bind(since.map_or(i64::MIN, Timestamp::as_micros))
        .bind(limit * 3) // an exam may have come by several doors
        .fetch_all(self.ledger.pool())
        .await?;
        let mut arrivals: Vec<(i64, Timestamp)> = Vec::new();
        for row in &rows {
            let (study, at) = (row.try_get(0)?, Timestamp::from_micros(row.try_get(1)?));
            if arrivals.iter().all(|(known, _)| *known != study) {
                arrivals.push((study, at));
            }
        }
        arrivals.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let exams = self.summaries(&arrivals.iter().map(|(study, _)| *study).collect::<Vec<_>>()).await?;
        Ok(exams.into_iter().zip(arrivals).map(|(exam, (_, last_at))| Arrival { exam, last_at }).collect())
    }

    /// These exams in this order, those that can be seen.
    ///
    /// # Errors
    /// The engine's.
    pub async fn exams_by_uid(&self, studies: &[String]) -> Result<Vec<ExamSummary>, sqlx::Error> {
        let list = self
            .engine()
            .pick("SELECT value FROM json_each($1)", "SELECT jsonb_array_elements_text(CAST($1 AS jsonb))");
        let sql = format!("SELECT id, uid FROM study WHERE uid IN ({list}) AND live + 0 = 1");
        // Safe: made of constants.
        let query =
            sqlx::query(AssertSqlSafe(sql)).bind(serde_json::Value::from(studies.to_vec()).to_string());
        let mut ids = Vec::new();
        for row in query.fetch_all(self.ledger.pool()).await? {
            let (id, uid): (i64, String) = (row.try_get(0)?, row.try_get(1)?);
            ids.push((studies.iter().position(|study| *study == uid), id));
        }
        ids.sort_unstable();
        self.summaries(&ids.into_iter().map(|(_, id)| id).collect::<Vec<_>>()).await
    }

    /// Why files are in quarantine: each reason, how many, and when the last came; the latest first.
    ///
    /// # Errors
    /// The engine's.
    pub async fn quarantine_reasons(&self) -> Result<Vec<(String, i64, Timestamp)>, sqlx::Error> {
        let rows = sqlx::query(
            "SELECT reason, COUNT(*), MAX(received_at) FROM quarantine WHERE state = 'open' \
             GROUP BY reason ORDER BY 3 DESC",
        );
        let rows = rows.fetch_all(self.ledger.pool()).await?;
        let reason = |row: &sqlx::any::AnyRow| {
            Ok((row.try_get(0)?, row.try_get(1)?, Timestamp::from_micros(row.try_get(2)?)))
        };
        rows.iter().map(reason).collect()
    }
}
