//! Reading the log: its head, its rows.

use super::chain::{COLUMNS, Head, Row};
use super::writer::{Audit, read_head};
use model::Timestamp;

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

    /// Rows that fit, newest first, before the one numbered `seq`.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn rows_before(&self, filter: &Filter, seq: i64, limit: i64) -> Result<Vec<Row>, sqlx::Error> {
        self.rows_that_fit(filter, "seq < $1", "DESC", seq, limit).await
    }

    /// Rows that fit, in order, after the one numbered `seq`.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn fitting_after(
        &self,
        filter: &Filter,
        seq: i64,
        limit: i64,
    ) -> Result<Vec<Row>, sqlx::Error> {
        self.rows_that_fit(filter, "seq > $1", "ASC", seq, limit).await
    }

    async fn rows_that_fit(
        &self,
        filter: &Filter,
        place: &str,
        order: &str,
        seq: i64,
        limit: i64,
    ) -> Result<Vec<Row>, sqlx::Error> {
        let (conditions, texts) = filter.conditions();
        let sql =
            format!("SELECT {COLUMNS} FROM audit WHERE {place}{conditions} ORDER BY seq {order} LIMIT $2");
        // Safe: made of constants and numbers; texts are bound.
        let mut query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(seq).bind(limit);
        for text in texts {
            query = query.bind(text);
        }
        query.fetch_all(self.ledger().pool()).await?.iter().map(Row::read).collect()
    }
}

/// Which rows are wanted; what is left empty fits all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// A part of who acted, in large or small letters.
    pub actor: String,
    /// The action's word.
    pub action: String,
    /// A part of what it was done to, such as a UID or `account:ann`.
    pub object: String,
    /// `done`, `refused` or `failed`.
    pub outcome: String,
    /// From this moment on.
    pub from: Option<Timestamp>,
    /// Before this moment.
    pub until: Option<Timestamp>,
}

impl Filter {
    /// Conditions to go behind others, with places from `$3` on, and the texts for them.
    fn conditions(&self) -> (String, Vec<String>) {
        let (mut sql, mut texts) = (String::new(), Vec::new());
        let part = |text: &str| {
            let escaped = text.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            format!("%{escaped}%")
        };
        let wanted = [
            ("LOWER(actor) LIKE $ ESCAPE '\\'", &self.actor, part(&self.actor)),
            ("action = $", &self.action, self.action.clone()),
            ("LOWER(resources) LIKE $ ESCAPE '\\'", &self.object, part(&self.object)),
            ("outcome = $", &self.outcome, self.outcome.clone()),
        ];
        for (condition, _, text) in wanted.into_iter().filter(|(_, given, _)| !given.is_empty()) {
            texts.push(text);
            let place = format!("${}", texts.len() + 2);
            sql = format!("{sql} AND {}", condition.replace('$', &place));
        }
        let from = self.from.map(|moment| format!(" AND at >= {}", moment.as_micros()));
        let until = self.until.map(|moment| format!(" AND at < {}", moment.as_micros()));
        (sql + &from.unwrap_or_default() + &until.unwrap_or_default(), texts)
    }
}
