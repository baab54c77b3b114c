//! What was folded of a record up to a place among all that was said of it: what comes behind is put on top, and what
//! stands before it need not be read. What is said late, of before that place, has all of it read and folded again.

use super::super::Db;
use super::read::{STATEMENTS, stated};
use super::{Place, Rec, Shelf, before, place};
use crate::fold::{Accounts, Folded};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sqlx::Row as _;
use std::collections::BTreeSet;
use store::Statement;

/// Statements behind a base, before the base is moved on.
const BEHIND: usize = 32;

const READ: Statement = Statement(
    "WITH asked AS (SELECT CAST(value->>0 AS BIGINT) AS a FROM {rows}) \
     SELECT b.record, b.said_at, b.source, b.seq, b.content FROM asked CROSS JOIN record_base b WHERE b.record = asked.a",
);
const WRITE: Statement = Statement(
    "INSERT INTO record_base (record, said_at, source, seq, content) SELECT CAST(value->>0 AS BIGINT), \
     CAST(value->>1 AS BIGINT), value->>2, CAST(value->>3 AS BIGINT), value->>4 FROM {rows} WHERE true \
     ON CONFLICT (record) DO UPDATE SET said_at = excluded.said_at, source = excluded.source, seq = excluded.seq, \
     content = excluded.content",
);
const FORGET: Statement =
    Statement("DELETE FROM record_base WHERE record IN (SELECT CAST(value->>0 AS BIGINT) FROM {rows})");

/// What was folded up to a place.
#[derive(Clone)]
pub(in crate::desk) struct Base {
    /// The last statement that is in it.
    pub at: Place,
    kept: Kept,
}

#[derive(Clone, Default, Serialize, Deserialize)]
struct Kept {
    accounts: Accounts,
    /// All holders that were told.
    holders: BTreeSet<i64>,
    /// The last of them, and when.
    last: Option<(i64, i64)>,
}

impl Rec {
    /// All holders that were told, as they were said.
    pub(super) fn told_holders(&self) -> BTreeSet<i64> {
        let base = self.base.iter().flat_map(|base| base.kept.holders.iter().copied());
        base.chain(self.stated.iter().filter_map(|stated| stated.holder)).collect()
    }

    /// The last holder that was told, and when.
    pub(super) fn last_holder(&self) -> Option<(i64, i64)> {
        let last = self.stated.iter().rev().find_map(|stated| Some((stated.holder?, stated.said_at)));
        last.or_else(|| self.base.as_ref()?.kept.last)
    }

    /// Whether anything was said of it.
    pub(super) fn is_said(&self) -> bool {
        self.base.is_some() || !self.stated.is_empty()
    }

    /// What holds: of what was folded already and what was said since.
    pub(super) fn holds(&mut self) -> Folded {
        if self.told < self.stated.len() {
            for stated in &self.stated[self.told..] {
                self.sofar.say(stated.word());
            }
            self.told = self.stated.len();
        }
        self.sofar.folded()
    }

    /// What is behind this place among the statements is to be folded again.
    pub(super) fn unfold(&mut self, at: usize) {
        if at < self.told {
            self.sofar = self.base.as_ref().map(|base| base.kept.accounts.clone()).unwrap_or_default();
            self.told = 0;
        }
    }

    /// Takes the statements into the base, when there are many and all are folded.
    fn move_base(&mut self) -> Option<&Base> {
        if self.stated.len() < BEHIND || self.told < self.stated.len() {
            return None;
        }
        let at = place(self.stated.last()?);
        let (holders, last) = (self.told_holders(), self.last_holder());
        self.base = Some(Base { at, kept: Kept { accounts: self.sofar.clone(), holders, last } });
        self.stated.clear();
        self.told = 0;
        self.base.as_ref()
    }
}

impl Shelf {
    /// Reads the bases of records; gives, for each that was asked for, from where on its statements are to be read.
    pub(super) async fn read_bases(
        &mut self,
        db: &mut Db<'_>,
        ids: &[i64],
    ) -> Result<Vec<Value>, sqlx::Error> {
        for row in db.fetch(READ, ids.iter().map(|id| json!([id])).collect()).await? {
            // One that can't be read is as good as none: all that was said is read then.
            let Ok(kept) = serde_json::from_str::<Kept>(&row.try_get::<String, _>(4)?) else { continue };
            if let Some(rec) = self.records.get_mut(&row.try_get::<i64, _>(0)?) {
                rec.sofar = kept.accounts.clone();
                rec.base = Some(Base { at: (row.try_get(1)?, row.try_get(2)?, row.try_get(3)?), kept });
            }
        }
        let from = |id: &i64| match self.records.get(id).and_then(|rec| rec.base.as_ref()) {
            Some(base) => json!([id, base.at.0, base.at.1, base.at.2]),
            None => json!([id, i64::MIN / 2, "", 0]),
        };
        Ok(ids.iter().map(from).collect())
    }

    /// Something is said of before the base of a record: all of it is read, and folded again.
    pub(super) async fn read_whole(&mut self, db: &mut Db<'_>, record: i64) -> Result<(), sqlx::Error> {
        db.run(FORGET, vec![json!([record])]).await?;
        let rows = db.fetch(STATEMENTS, vec![json!([record, i64::MIN / 2, "", 0])]).await?;
        let Some(rec) = self.records.get_mut(&record) else { return Ok(()) };
        let known: BTreeSet<Place> = rec.stated.iter().map(place).collect();
        for row in &rows {
            let stated = stated(row)?;
            if !known.contains(&place(&stated)) {
                rec.stated.push(stated);
            }
        }
        // What is not written yet was said, too.
        rec.stated.sort_by(|a, b| before(a).cmp(&before(b)));
        (rec.base, rec.sofar, rec.told) = (None, Accounts::default(), 0);
        Ok(())
    }

    /// Writes the bases that are to be moved on, of records of which something was said.
    pub(in crate::desk) async fn write_bases(
        &mut self,
        db: &mut Db<'_>,
        records: impl IntoIterator<Item = i64>,
    ) -> Result<(), sqlx::Error> {
        let mut rows = Vec::new();
        for record in records {
            let Some(base) = self.records.get_mut(&record).and_then(Rec::move_base) else { continue };
            let content = json!(base.kept).to_string();
            rows.push(json!([record, base.at.0, base.at.1, base.at.2, content]));
        }
        db.run(WRITE, rows).await
    }
}
