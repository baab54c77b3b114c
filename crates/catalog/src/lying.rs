//! What the catalog says lies in the archive's segments, to be held against what the archive has.

use crate::Catalog;
use intake::SegmentId;
use sqlx::Row;
use std::ops::Range;

/// Instances, conflicting files, quarantined files and attachments, each with a name without patient data.
const EVERYTHING: &str = "\
    SELECT s.uid || '/' || r.uid || '/' || i.sop_uid AS name, i.segment AS segment, i.position AS position, \
    i.length AS length FROM instance i JOIN series r ON r.id = i.series JOIN study s ON s.id = r.study \
    UNION ALL SELECT study_uid || '/' || series_uid || '/' || sop_uid || ' (conflict)', segment, position, \
    length FROM conflict \
    UNION ALL SELECT 'quarantine/' || id, segment, position, length FROM quarantine \
    UNION ALL SELECT 'attachments/' || id, segment, position, length FROM attachment";

impl Catalog {
    /// Every segment that holds something, and how far it must reach at least. Reads whole tables.
    ///
    /// # Errors
    /// The engine's.
    pub async fn segments(&self) -> Result<Vec<(SegmentId, u64)>, sqlx::Error> {
        let sql = "SELECT segment, MAX(position + length) FROM (\
             SELECT segment, position, length FROM instance UNION ALL \
             SELECT segment, position, length FROM conflict UNION ALL \
             SELECT segment, position, length FROM quarantine UNION ALL \
             SELECT segment, position, length FROM attachment) e GROUP BY segment ORDER BY segment";
        let rows = sqlx::query(sql).fetch_all(self.ledger.pool()).await?;
        let each = rows.iter().map(|row| {
            let end: i64 = row.try_get(1)?;
            Ok((SegmentId(row.try_get(0)?), end.cast_unsigned()))
        });
        each.collect()
    }

    /// The names of what begins in a part of a segment, in the order it lies there. Reads whole tables.
    ///
    /// # Errors
    /// The engine's.
    pub async fn lying_in(&self, segment: &SegmentId, part: Range<u64>) -> Result<Vec<String>, sqlx::Error> {
        let bound = |place: u64| i64::try_from(place).unwrap_or(i64::MAX);
        let sql = format!(
            "SELECT name FROM ({EVERYTHING}) e WHERE segment = $1 AND position >= $2 AND position < $3 \
             ORDER BY position"
        );
        // Safe: made of constants.
        let query = sqlx::query_scalar(sqlx::AssertSqlSafe(sql));
        let query = query.bind(segment.as_str()).bind(bound(part.start)).bind(bound(part.end));
        query.fetch_all(self.ledger.pool()).await
    }
}
