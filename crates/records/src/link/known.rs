//! Links that are kept, and how they differ from those that were found.

use super::Focus;
use super::near::{Near, Pool};
use super::rules::{HOLDS, Link, To};
use crate::desk::Db;
use serde_json::{Value, json};
use sqlx::Row as _;
use std::collections::{BTreeMap, BTreeSet};
use store::Statement;

const BY_ENDS: Statement = Statement(
    "WITH asked AS (SELECT CAST(value->>0 AS BIGINT) AS a FROM {rows}) \
     SELECT l.record, l.study, l.other, l.kind, l.rule, l.evidence, l.confidence, l.state, l.decided_by \
     FROM asked CROSS JOIN record_link l WHERE l.record = asked.a UNION \
     SELECT l.record, l.study, l.other, l.kind, l.rule, l.evidence, l.confidence, l.state, l.decided_by \
     FROM asked CROSS JOIN record_link l WHERE l.other = asked.a",
);
const BY_STUDY: Statement = Statement(
    "WITH asked AS (SELECT value->>0 AS a FROM {rows}) \
     SELECT l.record, l.study, l.other, l.kind, l.rule, l.evidence, l.confidence, l.state, l.decided_by \
     FROM asked CROSS JOIN record_link l WHERE l.study = asked.a",
);
const FORGET: Statement = Statement(
    "DELETE FROM record_link WHERE decided_by = '' AND (record, study, other) IN (SELECT CAST(value->>0 AS BIGINT), \
     value->>1, CAST(value->>2 AS BIGINT) FROM {rows})",
);
// What a person decided stays.
const WRITE: Statement = Statement(
    "INSERT INTO record_link (kind, record, study, other, rule, evidence, confidence, state) SELECT value->>3, \
     CAST(value->>0 AS BIGINT), value->>1, CAST(value->>2 AS BIGINT), value->>4, value->>5, \
     CAST(value->>6 AS DOUBLE PRECISION), value->>7 FROM {rows} WHERE true \
     ON CONFLICT (record, study, other) DO UPDATE SET \
     kind = excluded.kind, rule = excluded.rule, evidence = excluded.evidence, confidence = excluded.confidence, \
     state = CASE record_link.decided_by WHEN '' THEN excluded.state ELSE record_link.state END",
);

/// The record, the exam or '', the other record or 0.
type Ends = (i64, String, i64);

#[derive(Debug, Clone, PartialEq)]
struct Kept {
    kind: String,
    rule: String,
    evidence: String,
    confidence: f64,
    state: String,
    decided: bool,
}

/// Links by their ends: as they are written, and as they are to be.
#[derive(Default)]
pub(super) struct Known {
    written: BTreeMap<Ends, Kept>,
    links: BTreeMap<Ends, Kept>,
    by_item: BTreeMap<i64, BTreeSet<Ends>>,
    by_exam: BTreeMap<String, BTreeSet<Ends>>,
}

impl Known {
    /// Reads the links of what is touched.
    pub async fn read(db: &mut Db<'_>, pool: &Pool, focus: &Focus) -> Result<Self, sqlx::Error> {
        let (mut items, mut exams) = (focus.records.clone(), focus.exams.clone());
        for near in focus.persons.iter().map(|person| pool.of_person(*person)) {
            items.extend(near.items);
            exams.extend(near.exams);
        }
        let mut rows = db.fetch(BY_ENDS, items.iter().map(|id| json!([id])).collect()).await?;
        rows.extend(db.fetch(BY_STUDY, exams.iter().map(|study| json!([study])).collect()).await?);
        let mut known = Self::default();
        for row in &rows {
            let decided: String = row.try_get(8)?;
            let kept = Kept {
                kind: row.try_get(3)?,
                rule: row.try_get(4)?,
                evidence: row.try_get(5)?,
                confidence: row.try_get(6)?,
                state: row.try_get(7)?,
                decided: !decided.is_empty(),
            };
            let ends = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
            known.written.insert(ends.clone(), kept.clone());
            known.put(ends, kept);
        }
        Ok(known)
    }

    fn put(&mut self, ends: Ends, kept: Kept) {
        self.by_item.entry(ends.0).or_default().insert(ends.clone());
        self.by_item.entry(ends.2).or_default().insert(ends.clone());
        self.by_exam.entry(ends.1.clone()).or_default().insert(ends.clone());
        self.links.insert(ends, kept);
    }

    /// Puts what was found for these in the place of what was known. What a person decided stays.
    pub fn replace(&mut self, own: &Near, found: &[Link]) {
        let items = own.items.iter().filter_map(|id| self.by_item.get(id)).flatten();
        let before: BTreeSet<Ends> = items
            .chain(own.exams.iter().filter_map(|study| self.by_exam.get(study)).flatten())
            .cloned()
            .collect();
        let found: BTreeMap<Ends, &Link> = found.iter().map(|link| (ends(link), link)).collect();
        for gone in before.iter().filter(|ends| !found.contains_key(*ends)) {
            if self.links.get(gone).is_some_and(|kept| !kept.decided) {
                self.links.remove(gone);
            }
        }
        for (ends, link) in found {
            let decided = self.links.get(&ends).filter(|kept| kept.decided).map(|kept| kept.state.clone());
            let kept = Kept {
                kind: link.kind.clone(),
                rule: link.rule.into(),
                evidence: Value::Object(link.evidence.clone()).to_string(),
                confidence: link.confidence,
                decided: decided.is_some(),
                state: decided
                    .unwrap_or_else(|| if link.confidence >= HOLDS { "linked" } else { "waiting" }.into()),
            };
            self.put(ends, kept);
        }
    }

    /// Writes what differs.
    pub async fn write(self, db: &mut Db<'_>) -> Result<(), sqlx::Error> {
        let gone = self.written.keys().filter(|ends| !self.links.contains_key(*ends));
        db.run(FORGET, gone.map(|(record, study, other)| json!([record, study, other])).collect()).await?;
        let changed = self.links.iter().filter(|(ends, kept)| self.written.get(*ends) != Some(kept));
        let rows = changed.map(|((record, study, other), kept)| {
            json!([record, study, other, kept.kind, kept.rule, kept.evidence, kept.confidence, kept.state])
        });
        db.run(WRITE, rows.collect()).await
    }
}

fn ends(link: &Link) -> Ends {
    match &link.to {
        To::Exam(study) => (link.record, study.clone(), 0),
        To::Record(other) => (link.record, String::new(), *other),
    }
}
