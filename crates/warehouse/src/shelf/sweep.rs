//! Files that no version needs any more, and files that are written again without some people.

use super::{File, Files, Shelf, ShelfError, bucket_of_name, encoded, listed, log, name};
use crate::clean::without;
use crate::gather::bucket_of;
use crate::schema::{TABLES, Table};
use bytes::Bytes;
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::compute::concat_batches;
use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use futures::TryStreamExt as _;
use object_store::path::Path;
use object_store::{ObjectStore as _, ObjectStoreExt as _};
use std::collections::HashSet;

impl Shelf {
    /// Removes the files that no version has had since `superseded`, and that were written before `written`, both in
    /// microseconds since 1970; pinned ones stay. How many they were.
    ///
    /// # Errors
    /// [`ShelfError`].
    pub(crate) async fn sweep(
        &self,
        pinned: &HashSet<String>,
        superseded: i64,
        written: i64,
    ) -> Result<usize, ShelfError> {
        let mut gone = 0;
        for table in TABLES.iter() {
            let failed = |source| ShelfError::File { table: table.name, source };
            let needed = self.needed(table, superseded).await?;
            // Only the table's own folder: its log is in one below.
            let found =
                self.objects.list_with_delimiter(Some(&Path::from(table.name))).await.map_err(failed)?;
            for file in
                found.objects.into_iter().filter(|file| file.last_modified.timestamp_micros() <= written)
            {
                let Some(name) = file.location.filename().filter(|name| name.ends_with(".parquet")) else {
                    continue;
                };
                if !needed.contains(name) && !pinned.contains(file.location.as_ref()) {
                    self.objects.delete(&file.location).await.map_err(failed)?;
                    gone += 1;
                }
            }
        }
        Ok(gone)
    }

    /// The files of a table that are in its newest version, or were in one since a moment.
    async fn needed(&self, table: &'static Table, since: i64) -> Result<HashSet<String>, ShelfError> {
        let delta = self.tables[table.name].lock().await;
        let live = listed(table, &delta)?.into_iter().map(|file| file.name);
        let mut needed: HashSet<String> = live.collect();
        let logs = delta.log_store();
        let snapshot = delta.snapshot().map_err(log(table))?;
        let mut removed = snapshot.all_tombstones(logs.as_ref());
        while let Some(file) = removed.try_next().await.map_err(log(table))? {
            if file.deletion_timestamp().is_none_or(|at| at.saturating_mul(1000) > since) {
                needed.insert(file.path().into_owned());
            }
        }
        Ok(needed)
    }

    /// Writes those of the files again that hold rows of some people, without them. Whether there were any.
    ///
    /// # Errors
    /// [`ShelfError`].
    pub(crate) async fn rewrite(&self, files: &mut Files, people: &HashSet<i64>) -> Result<bool, ShelfError> {
        let buckets: HashSet<i64> = people.iter().map(|patient| bucket_of(*patient)).collect();
        let mut changed = false;
        for table in TABLES.iter() {
            let Some(files) = files.get_mut(table.name) else { continue };
            for file in files.iter_mut() {
                let Some(bucket) = bucket_of_name(&file.name).filter(|bucket| buckets.contains(bucket))
                else {
                    continue;
                };
                let before = self.read(table, &file.name).await?;
                let after = without(&before, people)?;
                if after.num_rows() < before.num_rows() {
                    *file = self.write(table, bucket, &after).await?;
                    changed = true;
                }
            }
            files.retain(|file| file.rows > 0);
        }
        Ok(changed)
    }

    async fn read(&self, table: &'static Table, name: &str) -> Result<RecordBatch, ShelfError> {
        let at = Path::from(format!("{}/{name}", table.name));
        let failed = |source| ShelfError::File { table: table.name, source };
        let bytes: Bytes = self.objects.get(&at).await.map_err(failed)?.bytes().await.map_err(failed)?;
        let batches =
            ParquetRecordBatchReaderBuilder::try_new(bytes)?.build()?.collect::<Result<Vec<_>, _>>()?;
        Ok(concat_batches(&table.schema, &batches)?)
    }

    async fn write(
        &self,
        table: &'static Table,
        bucket: i64,
        rows: &RecordBatch,
    ) -> Result<File, ShelfError> {
        let bytes = encoded(table, rows.clone()).await?;
        let name = name(bucket, &bytes);
        let file = File { name: name.clone(), size: bytes.len() as u64, rows: rows.num_rows() as u64 };
        if file.rows > 0 {
            let at = Path::from(format!("{}/{name}", table.name));
            let put = self.objects.put(&at, bytes.into()).await;
            put.map_err(|source| ShelfError::File { table: table.name, source })?;
        }
        Ok(file)
    }

    /// The names of the files in a folder beside the tables.
    ///
    /// # Errors
    /// [`ShelfError::Beside`].
    pub(crate) async fn names_beside(&self, folder: &str) -> Result<Vec<String>, ShelfError> {
        let listed: Vec<_> =
            self.objects.list(Some(&Path::from(folder))).try_collect().await.map_err(ShelfError::Beside)?;
        Ok(listed.iter().filter_map(|found| Some(found.location.filename()?.to_owned())).collect())
    }

    /// Reads a file beside the tables, if it is there.
    ///
    /// # Errors
    /// [`ShelfError::Beside`].
    pub(crate) async fn find_beside(&self, name: &str) -> Result<Option<Vec<u8>>, ShelfError> {
        match self.read_beside(name).await {
            Ok(bytes) => Ok(Some(bytes)),
            Err(ShelfError::Beside(object_store::Error::NotFound { .. })) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
