//! How the facts keep up: buckets that something happened in are noted, and made again together.

use crate::clean::without;
use crate::gather::{STRAYS, bucket_of, gather};
use crate::members::Members;
use crate::schema::TABLES;
use crate::shelf::ShelfError;
use crate::synthetic::{BEHIND, is_invented, rows_of};
use crate::{Warehouse, WarehouseError};
use datafusion::arrow::array::{AsArray as _, RecordBatch};
use sqlx::Row as _;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use store::WriteTx;

/// Buckets made in one commit: their rows are in memory together.
const AT_ONCE: i64 = 8;

impl Warehouse {
    /// Notes what happened: sources that said something, exams that changed; in the transaction that moves the
    /// consumer that heard of it.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn note(
        &self,
        sources: &[String],
        studies: &[String],
        consumer: (&str, i64),
        now: i64,
    ) -> Result<(), sqlx::Error> {
        let buckets = self.buckets_of(sources, studies).await?;
        let mut tx = self.ledger.write().await?;
        mark(&mut tx, buckets, now).await?;
        store::outbox::advance(&mut tx, consumer.0, consumer.1).await?;
        tx.commit().await
    }

    /// The buckets with rows of what sources told, and of exams.
    pub(crate) async fn buckets_of(
        &self,
        sources: &[String],
        studies: &[String],
    ) -> Result<BTreeSet<i64>, sqlx::Error> {
        let mut buckets: BTreeSet<i64> =
            self.records.touched(sources, studies).await?.into_iter().map(bucket_of).collect();
        for study in studies {
            buckets.extend(self.written_in(study).await?);
        }
        // An exam may have become nobody's, or somebody's.
        if !studies.is_empty() {
            buckets.insert(STRAYS);
        }
        Ok(buckets)
    }

    async fn written_in(&self, study: &str) -> Result<Option<i64>, sqlx::Error> {
        let row = sqlx::query("SELECT bucket FROM fact_exam WHERE study = $1")
            .bind(study)
            .fetch_optional(self.ledger.pool())
            .await?;
        row.map(|row| row.try_get(0)).transpose()
    }

    /// Has everything made again.
    ///
    /// # Errors
    /// [`WarehouseError`].
    pub async fn note_all(&self, now: i64) -> Result<(), WarehouseError> {
        let last = bucket_of(self.records.last_person().await?).max(self.shelf.last_bucket().await?);
        let invented = self.population().await?.map(|population| population.buckets());
        let mut tx = self.ledger.write().await?;
        mark(&mut tx, (STRAYS..=last).chain(invented.into_iter().flatten()), now).await?;
        Ok(tx.commit().await?)
    }

    /// Makes the rows of a few waiting buckets again. Whether more wait.
    ///
    /// # Errors
    /// [`WarehouseError`]; the buckets wait on.
    pub async fn refresh(&self, now: i64) -> Result<bool, WarehouseError> {
        let waiting = self.waiting().await?;
        if waiting.is_empty() {
            return Ok(false);
        }
        let mut made = Vec::new();
        let mut exams = Vec::new();
        let withdrawn = self.withdrawn().await?;
        let (invented, real): (Vec<i64>, Vec<i64>) =
            waiting.iter().map(|(bucket, _)| *bucket).partition(|bucket| is_invented(*bucket));
        for bucket in real {
            let members = Members::of(self.ledger.clone());
            let rows = gather(&self.catalog, &self.records, &self.vocabulary, &members, bucket).await?;
            let rows = rows.into_iter().map(|(name, rows)| Ok((name, rows.finish()?)));
            let rows = staying(rows.collect::<Result<_, ShelfError>>()?, &withdrawn)?;
            exams.extend(studies(&rows).into_iter().map(|study| (study, bucket)));
            made.push((bucket, rows));
        }
        made.extend(self.invented(&invented, &withdrawn).await?);
        let buckets: BTreeSet<i64> = waiting.iter().map(|(bucket, _)| *bucket).collect();
        let changed = self.write(&buckets, made).await?;
        self.done(&waiting, &exams, changed, now).await?;
        Ok(waiting.len() as i64 == AT_ONCE)
    }

    /// The rows of buckets of invented people; none where the population is gone.
    async fn invented(&self, buckets: &[i64], withdrawn: &HashSet<i64>) -> Result<Vec<Made>, WarehouseError> {
        let Some(population) = self.population().await?.filter(|_| !buckets.is_empty()) else {
            return Ok(Vec::new());
        };
        let made = rows_of(population, buckets).await?.into_iter();
        made.map(|(bucket, rows)| Ok((bucket, staying(rows, withdrawn)?))).collect()
    }

    async fn write(&self, buckets: &BTreeSet<i64>, mut made: Vec<Made>) -> Result<bool, ShelfError> {
        let before = self.shelf.versions().await;
        for table in TABLES.iter() {
            let rows = made.iter_mut().filter_map(|(bucket, rows)| Some((*bucket, rows.remove(table.name)?)));
            self.shelf.replace(table, buckets, rows.collect()).await?;
        }
        Ok(self.shelf.versions().await != before)
    }

    async fn waiting(&self) -> Result<Vec<(i64, i64)>, sqlx::Error> {
        // Invented people wait for the others.
        let sql = "SELECT bucket, since FROM fact_bucket \
                   ORDER BY CASE WHEN bucket < $2 THEN 0 ELSE 1 END, since, bucket LIMIT $1";
        let rows =
            sqlx::query(sql).bind(AT_ONCE).bind(bucket_of(BEHIND)).fetch_all(self.ledger.pool()).await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
    }

    async fn done(
        &self,
        waiting: &[(i64, i64)],
        exams: &[(String, i64)],
        changed: bool,
        now: i64,
    ) -> Result<(), sqlx::Error> {
        let tables = serde_json::to_string(&self.shelf.versions().await).unwrap_or_default();
        let mut tx = self.ledger.write().await?;
        for (bucket, since) in waiting {
            // What happened meanwhile waits on.
            sqlx::query("DELETE FROM fact_bucket WHERE bucket = $1 AND since = $2")
                .bind(bucket)
                .bind(since)
                .execute(&mut *tx)
                .await?;
        }
        for (study, bucket) in exams {
            sqlx::query(
                "INSERT INTO fact_exam (study, bucket) VALUES ($1, $2) \
                 ON CONFLICT (study) DO UPDATE SET bucket = excluded.bucket",
            )
            .bind(study)
            .bind(bucket)
            .execute(&mut *tx)
            .await?;
        }
        if changed {
            sqlx::query("INSERT INTO fact_version (made_at, tables) VALUES ($1, $2)")
                .bind(now)
                .bind(tables)
                .execute(&mut *tx)
                .await?;
        }
        tx.commit().await
    }

    /// Whether something that happened is not in the facts yet.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn is_behind(&self) -> Result<bool, sqlx::Error> {
        Ok(!self.waiting().await?.is_empty())
    }
}

pub(crate) async fn mark(
    tx: &mut WriteTx,
    buckets: impl IntoIterator<Item = i64>,
    now: i64,
) -> Result<(), sqlx::Error> {
    for bucket in buckets {
        sqlx::query(
            "INSERT INTO fact_bucket (bucket, since) VALUES ($1, $2) \
             ON CONFLICT (bucket) DO UPDATE SET since = excluded.since",
        )
        .bind(bucket)
        .bind(now)
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

fn studies(rows: &BTreeMap<&'static str, RecordBatch>) -> Vec<String> {
    let column = rows.get("exam").and_then(|exams| exams.column_by_name("study_uid"));
    let texts = column.map(|column| column.as_string::<i32>().iter().flatten().map(ToOwned::to_owned));
    texts.into_iter().flatten().collect()
}

/// The rows of a bucket, by table.
type Made = (i64, BTreeMap<&'static str, RecordBatch>);

/// The rows of tables, without those of people who withdrew.
fn staying(
    rows: BTreeMap<&'static str, RecordBatch>,
    withdrawn: &HashSet<i64>,
) -> Result<BTreeMap<&'static str, RecordBatch>, WarehouseError> {
    let stay = |(name, rows): (&'static str, RecordBatch)| {
        Ok((name, without(&rows, withdrawn).map_err(ShelfError::from)?))
    };
    rows.into_iter().map(stay).collect()
}
