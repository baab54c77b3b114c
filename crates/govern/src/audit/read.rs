//! Reading the log: its head, its rows.

use super::chain::{COLUMNS, Head, Row};
use super::writer::{Audit, read_head};

impl Audit {
    /// Where the chain stands now.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn head(&self) -> Result<Head, sqlx::Error> {
        let row = sqlx::query("SELECT seq, hash FROM audit_head WHERE one = 1")
            .fetch_one(self.ledger().pool())
            .await?;
        read_head(&row)
    }

    /// Rows in order, after the one numbered `seq`.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn rows_after(&self, seq: i64, limit: i64) -> Result<Vec<Row>, sqlx::Error> {
        let sql = format!("SELECT {COLUMNS} FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2");
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(seq)
            .bind(limit)
            .fetch_all(self.ledger().pool())
            .await?;
        rows.iter().map(Row::read).collect()
    }

    /// Rows, newest first, before the one numbered `seq`.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn rows_before(&self, seq: i64, limit: i64) -> Result<Vec<Row>, sqlx::Error> {
        let sql = format!("SELECT {COLUMNS} FROM audit WHERE seq < $1 ORDER BY seq DESC LIMIT $2");
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(seq)
            .bind(limit)
            .fetch_all(self.ledger().pool())
            .await?;
        rows.iter().map(Row::read).collect()
    }
}
