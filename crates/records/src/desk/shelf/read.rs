//! Reading records, keys and statements, many at once.

use super::super::Db;
use super::super::crowd::Crowd;
use super::{Rec, Shelf, Stated, before, place};
use clinical::Told;
use serde_json::{Value, json};
use sqlx::Row as _;
use sqlx::any::AnyRow;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use store::Statement;

const KEYS: Statement = Statement(
    "WITH asked AS (SELECT value->>0 AS a, value->>1 AS b FROM {rows}) SELECT k.kind, k.value, k.system, k.record \
     FROM asked CROSS JOIN record_key k WHERE k.kind = asked.a AND k.value = asked.b",
);
const KEYS_OF: Statement = Statement(
    "WITH asked AS (SELECT CAST(value->>0 AS BIGINT) AS a FROM {rows}) SELECT DISTINCT k.kind, k.value \
     FROM asked CROSS JOIN person_identifier p CROSS JOIN record r CROSS JOIN record_key k \
     WHERE p.person = asked.a AND r.holder = p.id AND k.record = r.id",
);
const RECORDS: Statement = Statement(
    "WITH asked AS (SELECT CAST(value->>0 AS BIGINT) AS a FROM {rows}) SELECT r.id, r.kind, r.holder, r.version, \
     r.known_at, r.state, r.content FROM asked CROSS JOIN record r WHERE r.id = asked.a",
);
/// Those behind a moment, and those of that moment that are of other sources or behind a number: where ids of sources
/// stand among each other, engines may see differently.
pub(super) const STATEMENTS: Statement = Statement(
    "WITH asked AS (SELECT CAST(value->>0 AS BIGINT) AS a, CAST(value->>1 AS BIGINT) AS b, value->>2 AS c, \
     CAST(value->>3 AS BIGINT) AS d FROM {rows}) SELECT s.record, s.source, s.seq, s.holder, \
     s.place, s.speaker, s.said_at, s.received_at, s.told, s.state, s.content FROM asked \
     CROSS JOIN record_statement s WHERE s.record = asked.a AND s.said_at > asked.b UNION ALL \
     SELECT s.record, s.source, s.seq, s.holder, \
     s.place, s.speaker, s.said_at, s.received_at, s.told, s.state, s.content FROM asked \
     CROSS JOIN record_statement s WHERE s.record = asked.a AND s.said_at = asked.b \
     AND (s.source <> asked.c OR s.seq > asked.d)",
);

impl Shelf {
    /// Reads which records some keys mean, by kind and value.
    pub async fn read_keys<'k>(
        &mut self,
        db: &mut Db<'_>,
        asked: impl IntoIterator<Item = (&'k str, &'k str)>,
    ) -> Result<(), sqlx::Error> {
        let mut unknown = Vec::new();
        for (kind, value) in asked {
            if let Entry::Vacant(entry) = self.keys.entry((kind.to_owned(), value.to_owned())) {
                entry.insert(BTreeMap::new());
                unknown.push(json!([kind, value]));
            }
        }
        let rows = db.fetch(KEYS, unknown).await?;
        self.put_keys(&rows)
    }

    /// Reads all keys of the records that are under some persons.
    pub async fn read_keys_of(&mut self, db: &mut Db<'_>, persons: Vec<Value>) -> Result<(), sqlx::Error> {
        let rows = db.fetch(KEYS_OF, persons).await?;
        let names: Vec<(String, String)> = rows
            .iter()
            .map(|row| Ok((row.try_get(0)?, row.try_get(1)?)))
            .collect::<Result<_, sqlx::Error>>()?;
        self.read_keys(db, names.iter().map(|(kind, value)| (kind.as_str(), value.as_str()))).await
    }

    fn put_keys(&mut self, rows: &[AnyRow]) -> Result<(), sqlx::Error> {
        for row in rows {
            let systems = self.keys.entry((row.try_get(0)?, row.try_get(1)?)).or_default();
            systems.entry(row.try_get(2)?).or_insert(row.try_get(3)?);
        }
        Ok(())
    }

    /// Reads what some keys mean, with all that was said of it.
    pub async fn foresee<'k>(
        &mut self,
        db: &mut Db<'_>,
        crowd: &mut Crowd,
        asked: &[(&'k str, &'k str)],
    ) -> Result<(), sqlx::Error> {
        self.read_keys(db, asked.iter().copied()).await?;
        let meant = asked.iter().filter_map(|(kind, value)| self.group(kind, value));
        let records: BTreeSet<i64> = meant.flat_map(BTreeMap::values).copied().collect();
        self.read_records(db, crowd, records).await
    }

    /// Reads records with all that was said of them.
    pub async fn read_records(
        &mut self,
        db: &mut Db<'_>,
        crowd: &mut Crowd,
        ids: impl IntoIterator<Item = i64>,
    ) -> Result<(), sqlx::Error> {
        let unknown: Vec<i64> = ids.into_iter().filter(|id| !self.records.contains_key(id)).collect();
        let asked: Vec<Value> = unknown.iter().map(|id| json!([id])).collect();
        for row in db.fetch(RECORDS, asked).await? {
            let rec = Rec {
                kind: row.try_get(1)?,
                holder: row.try_get(2)?,
                version: row.try_get(3)?,
                known_at: row.try_get(4)?,
                state: row.try_get(5)?,
                content: row.try_get(6)?,
                ..Rec::default()
            };
            self.records.insert(row.try_get(0)?, rec);
        }
        let asked = self.read_bases(db, &unknown).await?;
        for row in db.fetch(STATEMENTS, asked).await? {
            let stated = stated(&row)?;
            if let Some(rec) = self.records.get_mut(&row.try_get::<i64, _>(0)?)
                && rec.base.as_ref().is_none_or(|base| place(&stated) > base.at)
            {
                rec.stated.push(stated);
            }
        }
        let mut holders = Vec::new();
        for id in &unknown {
            let Some(rec) = self.records.get_mut(id) else { continue };
            rec.stated.sort_by(|a, b| before(a).cmp(&before(b)));
            holders.extend(rec.told_holders());
        }
        crowd.read_nodes(db, &holders).await?;
        self.read_moves(db, holders).await
    }

    /// Notes what was said before of a source, from a number on.
    pub async fn read_said(
        &mut self,
        db: &mut Db<'_>,
        source: &str,
        first: i64,
        count: i64,
    ) -> Result<(), sqlx::Error> {
        let rows =
            sqlx::query("SELECT seq FROM record_statement WHERE source = $1 AND seq >= $2 AND seq < $3")
                .bind(source)
                .bind(first)
                .bind(first + count)
                .fetch_all(&mut **db.tx)
                .await?;
        for row in rows {
            self.known.insert((source.to_owned(), row.try_get(0)?));
        }
        Ok(())
    }

    /// Whether this was said before.
    pub fn was_said(&self, source: &str, seq: i64) -> bool {
        self.known.contains(&(source.to_owned(), seq))
    }
}

pub(super) fn stated(row: &AnyRow) -> Result<Stated, sqlx::Error> {
    Ok(Stated {
        source: row.try_get(1)?,
        seq: row.try_get(2)?,
        holder: row.try_get(3)?,
        place: row.try_get(4)?,
        speaker: row.try_get(5)?,
        said_at: row.try_get(6)?,
        received_at: row.try_get(7)?,
        told: told(row.try_get::<String, _>(8)?.as_str()),
        state: crate::keep::state(row.try_get::<String, _>(9)?.as_str()),
        content: serde_json::from_str(&row.try_get::<String, _>(10)?).unwrap_or(Value::Null),
    })
}

fn told(word: &str) -> Told {
    match word {
        "change" => Told::Change,
        "added" => Told::Added,
        _ => Told::Whole,
    }
}
