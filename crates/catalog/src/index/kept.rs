//! Rows of attachments and quarantined files.

use crate::index::ToIndex;
use serde_json::Value;
use store::WriteTx;

fn noted<'a>(item: &'a ToIndex, key: &str) -> &'a str {
    item.head.details.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn source(item: &ToIndex) -> String {
    serde_json::to_string(&item.head.source).unwrap_or_default()
}

fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// An id where none was noted: the digest's first 32 digits, as intake makes them.
fn id(item: &ToIndex) -> String {
    match noted(item, "id") {
        "" => item.head.digest.to_hex()[..32].to_owned(),
        id => id.to_owned(),
    }
}

pub(super) async fn attachment(tx: &mut WriteTx, item: &ToIndex) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO attachment (id, subject, subject_id, file_name, media_type, digest, segment, \
         position, length, source, received_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
         ON CONFLICT (id) DO NOTHING",
    )
    .bind(id(item))
    .bind(noted(item, "subject"))
    .bind(noted(item, "subjectId"))
    .bind(noted(item, "fileName"))
    .bind(noted(item, "mediaType"))
    .bind(item.head.digest.to_hex())
    .bind(item.locator.segment.as_str())
    .bind(number(item.locator.offset))
    .bind(number(item.locator.length))
    .bind(source(item))
    .bind(item.head.source.received_at.as_micros())
    .execute(&mut **tx)
    .await
    .map(drop)
}

/// A file that comes again after it was discarded is open again; a decision older than the file
/// does not count.
pub(super) async fn quarantine(tx: &mut WriteTx, item: &ToIndex) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO quarantine (id, state, reason, detail, sop_class, sop_uid, digest, segment, \
         position, length, source, received_at) VALUES ($1, 'open', $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
         ON CONFLICT (id) DO UPDATE SET state = CASE WHEN quarantine.decided_at > excluded.received_at \
         THEN quarantine.state ELSE 'open' END, \
         reason = excluded.reason, detail = excluded.detail, digest = excluded.digest, \
         segment = excluded.segment, position = excluded.position, length = excluded.length, \
         source = excluded.source, received_at = excluded.received_at \
         WHERE excluded.received_at > quarantine.received_at",
    )
    .bind(id(item))
    .bind(noted(item, "reason"))
    .bind(noted(item, "detail"))
    .bind(noted(item, "sopClassUid"))
    .bind(noted(item, "sopInstanceUid"))
    .bind(item.head.digest.to_hex())
    .bind(item.locator.segment.as_str())
    .bind(number(item.locator.offset))
    .bind(number(item.locator.length))
    .bind(source(item))
    .bind(item.head.source.received_at.as_micros())
    .execute(&mut **tx)
    .await
    .map(drop)
}

/// A decision about a quarantined file. One that is seen before its file leaves a row to be filled.
pub(super) async fn decided(tx: &mut WriteTx, item: &ToIndex, state: &str) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO quarantine (id, state, reason, detail, sop_class, sop_uid, digest, segment, \
         position, length, source, received_at, decided_by, decided_at) \
         VALUES ($1, $2, '', '', '', '', '', '', 0, 0, '', 0, $3, $4) \
         ON CONFLICT (id) DO UPDATE SET state = excluded.state, decided_by = excluded.decided_by, \
         decided_at = excluded.decided_at WHERE excluded.decided_at >= quarantine.received_at \
         AND excluded.decided_at >= COALESCE(quarantine.decided_at, 0)",
    )
    .bind(id(item))
    .bind(state)
    .bind(&item.head.source.account)
    .bind(item.head.source.received_at.as_micros())
    .execute(&mut **tx)
    .await
    .map(drop)
}
