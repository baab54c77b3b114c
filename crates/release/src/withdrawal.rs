//! Withdrawals: that somebody wants to be in no research any more, and what was done about it in each place.

use crate::Releases;
use crate::letters::{self, Draft, Letter};
use model::Timestamp;
use sqlx::Row as _;
use sqlx::any::AnyRow;

/// Somebody withdrew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawal {
    /// Its id.
    pub id: String,
    /// The patient's number.
    pub patient: i64,
    /// Who entered it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// What was said.
    pub reason: String,
    /// What was done and what waits, in order.
    pub steps: Vec<Step>,
    /// What recipients were told.
    pub letters: Vec<Letter>,
}

/// A place where somebody was, and what became of them there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its number, from 1.
    pub n: i64,
    /// project, facts, frozen, package, recipient, consent
    pub place: String,
    /// Which one.
    pub name: String,
    /// Whether it waits for a person.
    pub waits: bool,
    /// What was done, or is to be done.
    pub says: String,
    /// Who did it, and when.
    pub done: Option<(String, Timestamp)>,
}

impl Step {
    /// Something that was done at once.
    #[must_use]
    pub fn done(place: &str, name: &str, says: &str) -> Self {
        let (place, name, says) = (place.into(), name.into(), says.into());
        Self { n: 0, place, name, waits: false, says, done: None }
    }

    /// Something that a person has to do.
    #[must_use]
    pub fn waits(place: &str, name: &str, says: &str) -> Self {
        Self { waits: true, ..Self::done(place, name, says) }
    }
}

impl Releases {
    /// Enters a withdrawal, writes its letters, and gives its id.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn withdraw(
        &self,
        patient: i64,
        steps: &[Step],
        drafts: &[Draft<'_>],
        by: &str,
        reason: &str,
        now: Timestamp,
    ) -> Result<String, sqlx::Error> {
        let id = format!("{:012x}", rand::random::<u64>() >> 16);
        let mut tx = self.ledger.write().await?;
        sqlx::query(
            "INSERT INTO withdrawal (id, patient, withdrawn_by, withdrawn_at, reason) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(&id)
        .bind(patient)
        .bind(by)
        .bind(now.as_micros())
        .bind(reason)
        .execute(&mut *tx)
        .await?;
        for (n, step) in (1_i64..).zip(steps) {
            let (state, by, at) = if step.waits { ("waits", "", 0) } else { ("done", by, now.as_micros()) };
            sqlx::query(
                "INSERT INTO withdrawal_step (withdrawal, n, place, name, state, says, done_by, done_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            )
            .bind(&id)
            .bind(n)
            .bind(&step.place)
            .bind(&step.name)
            .bind(state)
            .bind(&step.says)
            .bind(by)
            .bind(at)
            .execute(&mut *tx)
            .await?;
        }
        for draft in drafts {
            letters::write(&mut tx, draft, &id, now).await?;
        }
        tx.commit().await?;
        Ok(id)
    }

    /// One withdrawal.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn withdrawal(&self, id: &str) -> Result<Option<Withdrawal>, sqlx::Error> {
        let row = sqlx::query(
            "SELECT id, patient, withdrawn_by, withdrawn_at, reason FROM withdrawal WHERE id = $1",
        );
        let Some(row) = row.bind(id).fetch_optional(self.ledger.pool()).await? else { return Ok(None) };
        let steps = sqlx::query(
            "SELECT n, place, name, state, says, done_by, done_at FROM withdrawal_step WHERE withdrawal = $1 ORDER BY n",
        );
        let steps = steps.bind(id).fetch_all(self.ledger.pool()).await?;
        Ok(Some(Withdrawal {
            id: row.try_get(0)?,
            patient: row.try_get(1)?,
            by: row.try_get(2)?,
            at: Timestamp::from_micros(row.try_get(3)?),
            reason: row.try_get(4)?,
            steps: steps.iter().map(step).collect::<Result<_, _>>()?,
            letters: self.letters_of_withdrawal(id).await?,
        }))
    }

    /// All withdrawals, the latest first.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn withdrawals(&self) -> Result<Vec<Withdrawal>, sqlx::Error> {
        let rows = sqlx::query("SELECT id FROM withdrawal ORDER BY withdrawn_at DESC, id LIMIT 1000");
        let mut all = Vec::new();
        for row in rows.fetch_all(self.ledger.pool()).await? {
            all.extend(self.withdrawal(&row.try_get::<String, _>(0)?).await?);
        }
        Ok(all)
    }

    /// Marks as done what a person had to do. `false`: there is no such step, or it is done.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn done(
        &self,
        id: &str,
        n: i64,
        (by, note): (&str, &str),
        now: Timestamp,
    ) -> Result<bool, sqlx::Error> {
        let mut tx = self.ledger.write().await?;
        let put = sqlx::query(
            "UPDATE withdrawal_step SET state = 'done', done_by = $3, done_at = $4, \
             says = CASE WHEN $5 = '' THEN says ELSE says || ' — ' || $5 END \
             WHERE withdrawal = $1 AND n = $2 AND state = 'waits'",
        );
        let put = put.bind(id).bind(n).bind(by).bind(now.as_micros()).bind(note).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(put.rows_affected() == 1)
    }
}

fn step(row: &AnyRow) -> Result<Step, sqlx::Error> {
    let (by, at): (String, i64) = (row.try_get(5)?, row.try_get(6)?);
    Ok(Step {
        n: row.try_get(0)?,
        place: row.try_get(1)?,
        name: row.try_get(2)?,
        waits: row.try_get::<String, _>(3)? == "waits",
        says: row.try_get(4)?,
        done: (!by.is_empty()).then(|| (by, Timestamp::from_micros(at))),
    })
}
