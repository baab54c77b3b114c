//! Records that belong to another patient than was said (A43 to A45). A move speaks of what was said before it, so its
//! place among the statements decides, and not when it arrived.

use super::super::Db;
use super::super::crowd::Crowd;
use super::{Key, Shelf};
use serde_json::json;
use sqlx::Row as _;
use std::collections::BTreeSet;
use store::Statement;

const MOVES: Statement = Statement(
    "WITH asked AS (SELECT CAST(value->>0 AS BIGINT) AS a FROM {rows}) \
     SELECT m.source, m.seq, m.said_at, m.gone, m.kept, m.system, m.value FROM asked CROSS JOIN record_move m \
     WHERE m.gone = asked.a",
);
const HELD: Statement = Statement(
    "WITH asked AS (SELECT CAST(value->>0 AS BIGINT) AS a FROM {rows}) \
     SELECT r.id FROM asked CROSS JOIN record r WHERE r.holder = asked.a AND r.kind <> 'Patient'",
);

/// What was under one identifier belongs under another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Move {
    pub said_at: i64,
    pub source: String,
    pub seq: i64,
    pub gone: i64,
    pub kept: i64,
    /// Of one record alone: a key of it.
    pub key: Option<Key>,
}

impl Shelf {
    /// Under whom something is that was said to be under `holder`.
    pub(super) fn moved(&self, mut holder: i64, said_at: i64, has: impl Fn(&Key) -> bool) -> i64 {
        let mut behind = None;
        loop {
            let later = self.moves.get(&holder).into_iter().flatten();
            let later = later.filter(|one| one.said_at >= said_at && behind.is_none_or(|last| *one > last));
            let next = later.filter(|one| one.key.as_ref().is_none_or(&has)).min();
            let Some(next) = next else { return holder };
            holder = next.kept;
            behind = Some(next);
        }
    }

    /// Notes a move, and has folded again what it may concern.
    pub async fn note_move(
        &mut self,
        db: &mut Db<'_>,
        crowd: &mut Crowd,
        told: Move,
    ) -> Result<(), sqlx::Error> {
        self.read_moves(db, vec![told.gone]).await?;
        let known = self.moves.entry(told.gone).or_default();
        if known.iter().any(|one| (&one.source, one.seq) == (&told.source, told.seq)) {
            return Ok(());
        }
        known.push(told.clone());
        let gone = told.gone;
        self.read_moves(db, vec![told.kept]).await?;
        self.new_moves.push(told);
        let reached = self.reached(gone);
        let asked = reached.iter().map(|holder| json!([holder])).collect();
        let mut held: BTreeSet<i64> = BTreeSet::new();
        for row in db.fetch(HELD, asked).await? {
            held.insert(row.try_get(0)?);
        }
        self.read_records(db, crowd, held.iter().copied()).await?;
        let unwritten = self
            .records
            .iter()
            .filter(|(_, rec)| rec.told_holders().iter().any(|holder| reached.contains(holder)));
        held.extend(unwritten.map(|(id, _)| *id));
        self.tell(held);
        Ok(())
    }

    /// Reads the keys by which moves name some records.
    pub(super) async fn read_moved_keys(
        &mut self,
        db: &mut Db<'_>,
        records: impl IntoIterator<Item = i64>,
    ) -> Result<(), sqlx::Error> {
        let mut asked = BTreeSet::new();
        for rec in records.into_iter().filter_map(|id| self.records.get(&id)) {
            for holder in rec.told_holders() {
                if self.moves.get(&holder).is_none_or(Vec::is_empty) {
                    continue;
                }
                let moves = self.reached(holder).into_iter().filter_map(|one| self.moves.get(&one)).flatten();
                asked.extend(moves.filter_map(|one| Some((rec.kind.clone(), one.key.clone()?.1))));
            }
        }
        self.read_keys(db, asked.iter().map(|(kind, value)| (kind.as_str(), value.as_str()))).await
    }

    /// Wherever something may have come that was under an identifier.
    fn reached(&self, from: i64) -> BTreeSet<i64> {
        let mut reached = BTreeSet::from([from]);
        let mut open = vec![from];
        while let Some(one) = open.pop() {
            for next in self.moves.get(&one).into_iter().flatten() {
                if reached.insert(next.kept) {
                    open.push(next.kept);
                }
            }
        }
        reached
    }

    /// Notes that nothing was moved away from an identifier yet.
    pub fn know_unmoved(&mut self, holder: i64) {
        self.moves.entry(holder).or_default();
    }

    /// Reads the moves away from some identifiers, and on from there.
    pub async fn read_moves(&mut self, db: &mut Db<'_>, holders: Vec<i64>) -> Result<(), sqlx::Error> {
        let mut open = holders;
        while !open.is_empty() {
            open.retain(|holder| !self.moves.contains_key(holder));
            open.sort_unstable();
            open.dedup();
            for holder in &open {
                self.moves.insert(*holder, Vec::new());
            }
            let rows = db.fetch(MOVES, open.iter().map(|holder| json!([holder])).collect()).await?;
            open.clear();
            for row in &rows {
                let value: String = row.try_get(6)?;
                let key = (!value.is_empty()).then_some((row.try_get(5)?, value));
                let (gone, kept) = (row.try_get(3)?, row.try_get(4)?);
                let (source, seq, said_at) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
                self.moves.entry(gone).or_default().push(Move { said_at, source, seq, gone, kept, key });
                open.push(kept);
            }
        }
        Ok(())
    }
}
