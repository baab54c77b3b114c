//! What intake asks: is this held already?

use crate::Catalog;
use async_trait::async_trait;
use intake::{HeldInstance, Known, KnownError, Locator, SegmentId};
use model::{SeriesInstanceUid, Sha256Digest, SopInstanceUid};
use sqlx::Row;
use sqlx::any::AnyRow;

#[async_trait]
impl Known for Catalog {
    async fn instances_of(&self, series: &SeriesInstanceUid) -> Result<Vec<HeldInstance>, KnownError> {
        let rows = sqlx::query(
            "SELECT i.sop_uid, i.digest, i.segment, i.position, i.length, CAST(0 AS BIGINT) FROM instance i \
             WHERE i.deleted <= 0 AND i.series IN (SELECT id FROM series WHERE uid = $1) \
             UNION ALL SELECT c.sop_uid, c.digest, c.segment, c.position, c.length, CAST(1 AS BIGINT) FROM conflict c \
             WHERE c.series_uid = $1 ORDER BY 6",
        )
        .bind(series.as_str())
        .fetch_all(self.ledger.pool())
        .await
        .map_err(|error| KnownError(Box::new(error)))?;
        rows.iter().map(held).collect::<Result<_, _>>().map_err(KnownError)
    }

    async fn quarantined(&self, digest: &Sha256Digest) -> Result<Option<Locator>, KnownError> {
        let row = sqlx::query(
            "SELECT segment, position, length FROM quarantine WHERE digest = $1 AND state = 'open'",
        )
        .bind(digest.to_hex())
        .fetch_optional(self.ledger.pool())
        .await
        .map_err(|error| KnownError(Box::new(error)))?;
        row.map(|row| locator(&row, 0)).transpose().map_err(|error| KnownError(Box::new(error)))
    }
}

fn held(row: &AnyRow) -> Result<HeldInstance, Box<dyn std::error::Error + Send + Sync>> {
    Ok(HeldInstance {
        sop_instance: SopInstanceUid::parse(&row.try_get::<String, _>(0)?)?,
        digest: Sha256Digest::parse(&row.try_get::<String, _>(1)?)?,
        locator: locator(row, 2)?,
        beside: row.try_get::<i64, _>(5)? != 0,
    })
}

/// Segment, position and length from three columns.
pub(crate) fn locator(row: &AnyRow, at: usize) -> Result<Locator, sqlx::Error> {
    Ok(Locator {
        segment: SegmentId(row.try_get(at)?),
        offset: row.try_get::<i64, _>(at + 1)?.cast_unsigned(),
        length: row.try_get::<i64, _>(at + 2)?.cast_unsigned(),
    })
}
