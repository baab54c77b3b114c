//! Writing what changed, many rows in each statement.

use super::crowd::Crowd;
use super::shelf::{Shelf, Stated};
use super::{Db, Desk};
use crate::marks;
use crate::names::fhir_id;
use crate::search;
use clinical::{OrderState, Told};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use store::Statement;

const NODES: Statement = Statement(
    "INSERT INTO person_identifier (id, system, value, variant, kind, person, birth, name, sex, fhir) \
     SELECT CAST(value->>0 AS BIGINT), value->>1, value->>2, value->>3, value->>4, CAST(value->>5 AS BIGINT), value->>6, \
     value->>7, value->>8, value->>9 FROM {rows} WHERE true ON CONFLICT (id) DO UPDATE SET person = excluded.person, \
     birth = excluded.birth, name = excluded.name, sex = excluded.sex",
);
const EDGES: Statement = Statement(
    "INSERT INTO person_edge (low, high, said_at, why, joins, source) SELECT CAST(value->>0 AS BIGINT), \
     CAST(value->>1 AS BIGINT), CAST(value->>2 AS BIGINT), value->>3, CAST(value->>4 AS BIGINT), value->>5 \
     FROM {rows} WHERE true ON CONFLICT DO NOTHING",
);
const DOUBTS: Statement = Statement(
    "INSERT INTO person_doubt (kind, low, high, evidence, score, state, raised_at) SELECT value->>0, \
     CAST(value->>1 AS BIGINT), CAST(value->>2 AS BIGINT), value->>3, CAST(value->>4 AS DOUBLE PRECISION), 'open', \
     CAST(value->>5 AS BIGINT) FROM {rows} WHERE true ON CONFLICT DO NOTHING",
);
const RECORDS: Statement = Statement(
    "INSERT INTO record (id, kind, holder, status, state, title, begins, ends, version, known_at, content) \
     SELECT CAST(value->>0 AS BIGINT), value->>1, CAST(value->>2 AS BIGINT), value->>3, value->>4, value->>5, \
     CAST(value->>6 AS BIGINT), CAST(value->>7 AS BIGINT), CAST(value->>8 AS BIGINT), CAST(value->>9 AS BIGINT), \
     value->>10 FROM {rows} WHERE true ON CONFLICT (id) DO UPDATE SET holder = excluded.holder, \
     status = excluded.status, state = excluded.state, title = excluded.title, begins = excluded.begins, \
     ends = excluded.ends, version = excluded.version, known_at = excluded.known_at, content = excluded.content",
);
const KEYS: Statement = Statement(
    "INSERT INTO record_key (kind, value, system, record, fhir) SELECT value->>0, value->>1, value->>2, \
     CAST(value->>3 AS BIGINT), value->>4 FROM {rows} WHERE true ON CONFLICT DO NOTHING",
);
const STATED: Statement = Statement(
    "INSERT INTO record_statement (source, seq, record, holder, place, speaker, said_at, received_at, told, state, \
     content) SELECT value->>0, CAST(value->>1 AS BIGINT), CAST(value->>2 AS BIGINT), CAST(value->>3 AS BIGINT), \
     value->>4, value->>5, CAST(value->>6 AS BIGINT), CAST(value->>7 AS BIGINT), value->>8, value->>9, value->>10 \
     FROM {rows} WHERE true ON CONFLICT DO NOTHING",
);
const MOVES: Statement = Statement(
    "INSERT INTO record_move (source, seq, said_at, gone, kept, system, value) SELECT value->>0, \
     CAST(value->>1 AS BIGINT), CAST(value->>2 AS BIGINT), CAST(value->>3 AS BIGINT), CAST(value->>4 AS BIGINT), \
     value->>5, value->>6 FROM {rows} WHERE true ON CONFLICT DO NOTHING",
);
const VERSIONS: Statement = Statement(
    "INSERT INTO record_version (record, version, known_at, source, state, content) \
     SELECT CAST(value->>0 AS BIGINT), CAST(value->>1 AS BIGINT), CAST(value->>2 AS BIGINT), value->>3, value->>4, \
     value->>5 FROM {rows} WHERE true ON CONFLICT DO NOTHING",
);
const UNREAD: Statement = Statement(
    "INSERT INTO record_unread (record, version) SELECT CAST(value->>0 AS BIGINT), CAST(value->>1 AS BIGINT) \
     FROM {rows} WHERE true ON CONFLICT DO NOTHING",
);
const FORGET_MARKS: Statement =
    Statement("DELETE FROM record_mark WHERE record IN (SELECT CAST(value->>0 AS BIGINT) FROM {rows})");
const MARKS: Statement = Statement(
    "INSERT INTO record_mark (role, value, system, record) SELECT value->>0, value->>1, value->>2, \
     CAST(value->>3 AS BIGINT) FROM {rows} WHERE true ON CONFLICT DO NOTHING",
);

impl Desk<'_> {
    /// Writes all that changed and is not written yet.
    pub async fn write(&mut self) -> Result<(), sqlx::Error> {
        self.db.write_numbers().await?;
        write_crowd(&mut self.crowd, &mut self.db).await?;
        write_shelf(&mut self.shelf, &mut self.db).await
    }
}

async fn write_crowd(crowd: &mut Crowd, db: &mut Db<'_>) -> Result<(), sqlx::Error> {
    let mut rows = Vec::new();
    for (id, node) in crowd.nodes.iter_mut().filter(|(_, node)| node.changed) {
        node.changed = false;
        rows.push(json!([
            id,
            node.system,
            node.value,
            node.variant,
            node.kind,
            node.person,
            node.demo.birth,
            node.demo.name,
            node.demo.sex,
            fhir_id("Patient", &node.system, &node.value, &node.variant)
        ]));
    }
    db.run(NODES, rows).await?;
    let said = std::mem::take(&mut crowd.said);
    let rows = said.into_iter().map(|((low, high), (said_at, why, joins, source))| {
        json!([low, high, said_at, why, i64::from(joins), source])
    });
    db.run(EDGES, rows.collect()).await?;
    let doubts = std::mem::take(&mut crowd.doubts);
    let rows = doubts.into_iter().map(|((kind, low, high), (evidence, score, now))| {
        json!([kind, low, high, evidence.to_string(), score, now])
    });
    db.run(DOUBTS, rows.collect()).await
}

async fn write_shelf(shelf: &mut Shelf, db: &mut Db<'_>) -> Result<(), sqlx::Error> {
    let unwritten = std::mem::take(&mut shelf.unwritten);
    let mut rows = Rows::default();
    for id in unwritten {
        rows.add(id, shelf);
    }
    db.run(RECORDS, rows.records).await?;
    db.run(FORGET_MARKS, rows.before).await?;
    db.run(MARKS, rows.marks).await?;
    db.run(VERSIONS, rows.versions).await?;
    db.run(UNREAD, rows.unread).await?;
    search::index_texts(db, rows.texts).await?;
    let keys = std::mem::take(&mut shelf.new_keys);
    let keys = keys.into_iter().filter_map(|(kind, value, system)| {
        let record = shelf.meant(&kind, &value, &system)?;
        Some(json!([kind, value, system, record, fhir_id(&kind, &system, &value, "")]))
    });
    let keys: Vec<Value> = keys.collect();
    db.run(KEYS, keys.clone()).await?;
    let stated = std::mem::take(&mut shelf.new_stated);
    let told: BTreeSet<i64> = stated.iter().map(|(record, _)| *record).collect();
    db.run(STATED, stated.into_iter().map(|(record, stated)| row(record, &stated)).collect()).await?;
    shelf.write_bases(db, told).await?;
    let moves = std::mem::take(&mut shelf.new_moves).into_iter().map(|one| {
        let (system, value) = one.key.unwrap_or_default();
        json!([one.source, one.seq, one.said_at, one.gone, one.kept, system, value])
    });
    db.run(MOVES, moves.collect()).await?;
    crate::decide::stand_again(db, keys).await
}

/// What is written of records.
#[derive(Default)]
struct Rows {
    records: Vec<Value>,
    /// Of those that were written before.
    before: Vec<Value>,
    marks: Vec<Value>,
    versions: Vec<Value>,
    unread: Vec<Value>,
    texts: Vec<(i64, bool, String)>,
}

impl Rows {
    fn add(&mut self, id: i64, shelf: &mut Shelf) {
        let Some(rec) = shelf.records.get_mut(&id) else { return };
        let content = rec.folded.as_ref().map_or(&Value::Null, |folded| &folded.content);
        let facts = marks::facts(content);
        self.records.push(json!([
            id,
            rec.kind,
            rec.holder,
            facts.status,
            rec.state,
            facts.title,
            facts.begins,
            facts.ends,
            rec.version,
            rec.known_at,
            rec.content
        ]));
        if !rec.new {
            self.before.push(json!([id]));
        }
        self.marks.extend(facts.marks.iter().map(|mark| json!([mark.role, mark.value, mark.system, id])));
        let is_report =
            matches!(content["resourceType"].as_str(), Some("DiagnosticReport" | "DocumentReference"));
        if is_report && !rec.versions.is_empty() {
            let text = marks::report_text(content).unwrap_or_default();
            self.texts.push((id, !rec.new, text));
            self.unread.extend(rec.versions.iter().map(|one| json!([id, one.version])));
        }
        self.versions.extend(rec.versions.drain(..).map(|version| {
            json!([id, version.version, version.known_at, version.source, version.state, version.content])
        }));
        rec.new = false;
    }
}

fn row(record: i64, stated: &Stated) -> Value {
    let state = stated.state.map_or("", OrderState::as_str);
    json!([
        stated.source,
        stated.seq,
        record,
        stated.holder,
        stated.place,
        stated.speaker,
        stated.said_at,
        stated.received_at,
        word(stated.told),
        state,
        stated.content.to_string()
    ])
}

const fn word(told: Told) -> &'static str {
    match told {
        Told::Whole => "whole",
        Told::Change => "change",
        Told::Added => "added",
    }
}
