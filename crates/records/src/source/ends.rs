//! The beginning and the end of taking sources, and reading one again.

use super::{Taken, detail, id_of, received};
use crate::desk::{Db, Desk};
use crate::search;
use serde_json::{Value, json};
use sqlx::Row as _;
use std::collections::{BTreeMap, BTreeSet};
use store::Statement;

const BEGIN: Statement = Statement(
    "INSERT INTO record_source (id, format, file_name, system, door, account, received_at, segment, start, length, \
     digest, state, title, control, sender, sent_at) SELECT value->>0, value->>1, value->>2, value->>3, value->>4, \
     value->>5, CAST(value->>6 AS BIGINT), value->>7, CAST(value->>8 AS BIGINT), CAST(value->>9 AS BIGINT), \
     value->>10, 'reading', value->>11, value->>12, value->>13, CAST(value->>14 AS BIGINT) FROM {rows} WHERE true \
     ON CONFLICT (id) DO NOTHING RETURNING id",
);
const LEFT: Statement = Statement(
    "INSERT INTO record_left (source, seq, place, why, refused) SELECT value->>0, CAST(value->>1 AS BIGINT), \
     value->>2, value->>3, CAST(value->>4 AS BIGINT) FROM {rows} WHERE true ON CONFLICT DO NOTHING",
);
const AGAIN: Statement = Statement(
    "WITH asked AS (SELECT value->>0 AS a FROM {rows}) SELECT s.id FROM asked CROSS JOIN record_source s \
     WHERE s.id = asked.a AND s.state = 'again'",
);
const END: Statement = Statement(
    "WITH asked AS (SELECT value->>0 AS a, value->>1 AS b, value->>2 AS c, CAST(value->>3 AS BIGINT) AS d, \
     CAST(value->>4 AS BIGINT) AS e FROM {rows}) UPDATE record_source SET \
     times = times + asked.e - CASE WHEN state IN ('reading', 'again') THEN 1 ELSE 0 END, reason = asked.c, \
     statements = asked.d, \
     kept = (SELECT COUNT(*) FROM record_left l WHERE l.source = record_source.id AND l.refused = 0), \
     refused = (SELECT COUNT(*) FROM record_left l WHERE l.source = record_source.id AND l.refused = 1), \
     state = CASE WHEN asked.b = 'read' AND EXISTS (SELECT 1 FROM record_left l WHERE l.source = record_source.id AND \
     l.refused = 1) THEN 'partly' ELSE asked.b END FROM asked WHERE record_source.id = asked.a",
);

/// Writes sources down; those that are new.
pub(super) async fn begin(db: &mut Db<'_>, taken: &[Taken]) -> Result<BTreeSet<String>, sqlx::Error> {
    let rows = taken.iter().map(|one| {
        json!([
            id_of(one),
            detail(one, "format"),
            detail(one, "fileName"),
            detail(one, "system"),
            one.head.source.door.as_str(),
            one.head.source.account,
            received(one),
            one.locator.segment.as_str(),
            one.locator.offset,
            one.locator.length,
            one.head.digest.to_hex(),
            one.sent.title,
            one.sent.control,
            one.sent.sender,
            one.sent.at
        ])
    });
    db.fetch(BEGIN, rows.collect()).await?.iter().map(|row| row.try_get(0)).collect()
}

/// Notes what became of them.
pub(super) async fn end(
    desk: &mut Desk<'_>,
    taken: &[Taken],
    new: &BTreeSet<String>,
) -> Result<(), sqlx::Error> {
    let left = taken.iter().flat_map(|one| {
        one.left.iter().enumerate().map(move |(at, left)| {
            json!([id_of(one), one.first.1 + at as i64, left.place, left.why, i64::from(left.refused)])
        })
    });
    desk.db.run(LEFT, left.collect()).await?;
    let mut ended: BTreeMap<String, (&Taken, i64)> = BTreeMap::new();
    for one in taken.iter().filter(|one| one.ends) {
        let entry = ended.entry(id_of(one)).or_insert((one, 0));
        *entry = (one, entry.1 + 1);
    }
    let known = ended.keys().filter(|id| !new.contains(*id)).map(|id| json!([id])).collect();
    for row in desk.db.fetch(AGAIN, known).await? {
        told_again(desk, row.try_get(0)?).await?;
    }
    let rows = ended.into_iter().map(|(id, (one, times))| {
        let state = match (&one.refusal, one.part) {
            (Some(_), _) => "refused",
            (None, true) => "part",
            (None, false) => "read",
        };
        let reason = one.refusal.as_deref().unwrap_or_default();
        json!([id, state, reason, one.first.0 + one.statements.len() as i64, times])
    });
    desk.db.run(END, rows.collect()).await
}

/// Takes back what a source said, for it to be read again. Its records stay until it was: what they are called and
/// what was decided of them goes on.
pub(super) async fn unsay(desk: &mut Desk<'_>, id: &str) -> Result<(), sqlx::Error> {
    let rows = sqlx::query("SELECT DISTINCT low, high FROM person_edge WHERE source = $1")
        .bind(id)
        .fetch_all(&mut **desk.db.tx)
        .await?;
    let pairs = rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?)));
    let pairs = pairs.collect::<Result<Vec<(i64, i64)>, sqlx::Error>>()?;
    let moves = "SELECT gone FROM record_move WHERE source = $1";
    let under = format!(
        "SELECT s.record FROM record_statement s WHERE s.source = $1 UNION \
         SELECT r.id FROM record r WHERE r.holder IN (SELECT kept FROM record_move WHERE gone IN ({moves}))"
    );
    for sql in [
        &format!(
            "INSERT INTO record_again (source, record) SELECT $1, record FROM ({under}) u WHERE true ON CONFLICT DO NOTHING"
        ),
        "DELETE FROM record_base WHERE record IN (SELECT s.record FROM record_statement s WHERE s.source = $1)",
        "DELETE FROM record_statement WHERE source = $1",
        "DELETE FROM record_left WHERE source = $1",
        "DELETE FROM record_move WHERE source = $1",
        "DELETE FROM person_edge WHERE source = $1",
        "UPDATE record_source SET state = 'again', reason = '', statements = 0 WHERE id = $1",
    ] {
        let sql = sqlx::AssertSqlSafe(sql.to_owned());
        sqlx::query(sql).bind(id).execute(&mut **desk.db.tx).await?;
    }
    desk.crowd.settle_pairs(&mut desk.db, &pairs).await?;
    desk.write().await?;
    crate::link::refresh(desk, BTreeSet::new()).await
}

/// Of a source that was read again: what nobody says any more is no record, and what others say holds.
async fn told_again(desk: &mut Desk<'_>, id: String) -> Result<(), sqlx::Error> {
    let rows = sqlx::query("DELETE FROM record_again WHERE source = $1 RETURNING record")
        .bind(&id)
        .fetch_all(&mut **desk.db.tx)
        .await?;
    let records = rows.iter().map(|row| row.try_get(0)).collect::<Result<Vec<i64>, _>>()?;
    desk.shelf.read_records(&mut desk.db, &mut desk.crowd, records.iter().copied()).await?;
    let (said, unsaid): (Vec<i64>, Vec<i64>) = records.iter().partition(|id| desk.shelf.is_said(**id));
    desk.shelf.tell(said);
    let now = desk.crowd.now;
    desk.shelf.fold(&mut desk.db, &mut desk.crowd, &id, now).await?;
    desk.write().await?;
    forget(&mut desk.db, &unsaid).await?;
    desk.shelf.forget(&unsaid);
    Ok(())
}

macro_rules! delete_where {
    ($table:literal, $column:literal) => {
        Statement(concat!(
            "DELETE FROM ",
            $table,
            " WHERE ",
            $column,
            " IN (SELECT CAST(value->>0 AS BIGINT) FROM {rows})"
        ))
    };
}

/// Drops records. What was decided of them stands, should they be said once more.
async fn forget(db: &mut Db<'_>, records: &[i64]) -> Result<(), sqlx::Error> {
    let rows: Vec<Value> = records.iter().map(|id| json!([id])).collect();
    for sql in [
        delete_where!("record_link", "record"),
        delete_where!("record_link", "other"),
        delete_where!("record_mark", "record"),
        delete_where!("record_key", "record"),
        delete_where!("record_version", "record"),
        delete_where!("record_base", "record"),
        delete_where!("record_reading", "record"),
        delete_where!("record_unread", "record"),
        delete_where!("report_term", "record"),
        delete_where!("report_opinion", "record"),
        delete_where!("report_dispute", "record"),
        delete_where!("record", "id"),
    ] {
        db.run(sql, rows.clone()).await?;
    }
    search::index_texts(db, records.iter().map(|id| (*id, true, String::new())).collect()).await
}
