//! Statements become records: found by their keys, folded again, kept in versions.

use crate::desk::Desk;
use crate::desk::shelf::{CLASH, Key, Move, Stated};
use crate::marks;
use crate::people::{Demo, Edge, decides};
use crate::search;
use clinical::{Identifier, OrderState, Record, Said, Statement};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// Where a batch of statements comes from.
pub(crate) struct Origin<'a> {
    pub source: &'a str,
    /// Who speaks.
    pub speaker: &'a str,
    pub received_at: i64,
    /// The number of the batch's first statement within the source.
    pub first: i64,
    pub statements: &'a [Statement],
    /// What this source says of the patients it names: of which of two people under one number it speaks.
    described: BTreeMap<Key, Demo>,
}

impl<'a> Origin<'a> {
    pub fn new(
        (source, speaker): (&'a str, &'a str),
        received_at: i64,
        first: i64,
        statements: &'a [Statement],
    ) -> Self {
        let mut described = BTreeMap::new();
        for statement in statements {
            let Said::Record(record) = &statement.said else { continue };
            if record.kind == "Patient" {
                let demo = Demo::of(&record.content);
                for key in record.keys.iter().filter(|key| decides(key)) {
                    described.insert((key.system.clone(), key.value.clone()), demo.clone());
                }
            }
        }
        Self { source, speaker, received_at, first, statements, described }
    }

    fn description(&self, ids: &[Identifier]) -> Demo {
        let known = |id: &Identifier| self.described.get(&(id.system.clone(), id.value.clone()));
        ids.iter().find_map(known).cloned().unwrap_or_default()
    }

    fn said_at(&self, statement: &Statement) -> i64 {
        statement.at.as_ref().map_or(self.received_at, |at| at.earliest().as_micros())
    }
}

/// Reads what some sources concern, in a few statements.
pub(crate) async fn foresee(desk: &mut Desk<'_>, origins: &[Origin<'_>]) -> Result<(), sqlx::Error> {
    let mut people = Vec::new();
    let mut keys = BTreeSet::new();
    for (origin, statement) in
        origins.iter().flat_map(|one| one.statements.iter().map(move |said| (one, said)))
    {
        let demo = |id: &Identifier| origin.described.get(&(id.system.clone(), id.value.clone()));
        match &statement.said {
            Said::Record(record) => {
                let own = record.keys.iter().filter(|_| record.kind == "Patient");
                people.extend(record.patient.iter().chain(own).map(|id| (id, demo(id))));
                if record.kind != "Patient" {
                    keys.extend(record.keys.iter().map(|key| (record.kind.as_str(), key.value.as_str())));
                }
            }
            Said::Merge { kept, gone } | Said::Unmerge { kept, gone } => {
                people.extend([(kept, demo(kept)), (gone, None)]);
            }
            Said::Move { from, to, .. } => people.extend([(from, None), (to, demo(to))]),
        }
    }
    desk.crowd.foresee(&mut desk.db, &people).await?;
    let known: Vec<i64> = desk.crowd.ids().collect();
    desk.shelf.read_moves(&mut desk.db, known.clone()).await?;
    let known: Vec<String> = known.iter().map(ToString::to_string).collect();
    let mut asked: Vec<(&str, &str)> = keys.into_iter().collect();
    asked.extend(known.iter().map(|id| ("Patient", id.as_str())));
    desk.shelf.foresee(&mut desk.db, &mut desk.crowd, &asked).await?;
    desk.db.read_numbers(asked.into_iter().filter(|(kind, value)| desk.shelf.is_unknown(kind, value))).await
}

/// Keeps what a source says.
pub(crate) async fn keep(desk: &mut Desk<'_>, origin: &Origin<'_>) -> Result<(), sqlx::Error> {
    desk.crowd.now = origin.received_at;
    let mut moves = Vec::new();
    for (at, statement) in origin.statements.iter().enumerate() {
        let (seq, said_at) = (origin.first + at as i64, origin.said_at(statement));
        match &statement.said {
            Said::Record(record) => {
                if !desk.shelf.was_said(origin.source, seq) {
                    let stated = stated(origin, statement, record, (seq, said_at));
                    take(desk, origin, record, stated).await?;
                }
            }
            Said::Merge { kept, gone } => join(desk, origin, (kept, gone), said_at, ("merge", true)).await?,
            Said::Unmerge { kept, gone } => {
                join(desk, origin, (kept, gone), said_at, ("unmerge", false)).await?;
            }
            Said::Move { record, from, to } => {
                moves.extend(moved(desk, origin, (record.as_ref(), from, to), (seq, said_at)).await?);
            }
        }
    }
    fold(desk, origin).await?;
    if !moves.is_empty() {
        // What was said before is looked for in what is written.
        desk.write().await?;
        for one in moves {
            desk.shelf.note_move(&mut desk.db, &mut desk.crowd, one).await?;
        }
        fold(desk, origin).await?;
    }
    Ok(())
}

pub(crate) async fn fold(desk: &mut Desk<'_>, origin: &Origin<'_>) -> Result<(), sqlx::Error> {
    desk.shelf.fold(&mut desk.db, &mut desk.crowd, origin.source, origin.received_at).await
}

fn stated(origin: &Origin<'_>, statement: &Statement, record: &Record, (seq, said_at): (i64, i64)) -> Stated {
    Stated {
        source: origin.source.into(),
        seq,
        holder: None,
        place: statement.place.clone(),
        speaker: origin.speaker.into(),
        said_at,
        received_at: origin.received_at,
        told: record.told,
        state: record.state,
        content: record.content.clone(),
    }
}

/// Joins or parts two identifiers.
async fn join(
    desk: &mut Desk<'_>,
    origin: &Origin<'_>,
    (kept, gone): (&Identifier, &Identifier),
    said_at: i64,
    (why, joins): (&str, bool),
) -> Result<(), sqlx::Error> {
    let description = origin.description(std::slice::from_ref(kept));
    // The two are one person: of several people under the number that goes, it is the one described.
    let shared = desk.crowd.owners(&mut desk.db, gone).await? > 1;
    let goes = if shared { description.clone() } else { Demo::default() };
    let mut nodes = Vec::new();
    for (one, demo) in [(kept, description), (gone, goes)] {
        // Whatever kind of number a merge names, it means the patient.
        let one = Identifier { kind: None, ..one.clone() };
        nodes.extend(desk.holder(&[one], &demo).await?);
    }
    if let [kept, gone] = nodes[..] {
        let edge = Edge { why, joins, said_at, source: origin.source };
        desk.crowd.edge(&mut desk.db, kept, gone, &edge).await?;
    }
    Ok(())
}

/// Takes what was said of one record.
async fn take(
    desk: &mut Desk<'_>,
    origin: &Origin<'_>,
    record: &Record,
    mut stated: Stated,
) -> Result<(), sqlx::Error> {
    stated.holder = holder_of(desk, origin, record).await?;
    if let Some(holder) = stated.holder {
        if desk.crowd.is_new(holder) {
            desk.shelf.know_none("Patient", &holder.to_string());
            desk.shelf.know_unmoved(holder);
        }
        desk.shelf.read_moves(&mut desk.db, vec![holder]).await?;
    }
    let id = find(desk, record, &stated).await?;
    desk.shelf.state(&mut desk.db, &mut desk.crowd, id, stated).await
}

async fn holder_of(
    desk: &mut Desk<'_>,
    origin: &Origin<'_>,
    record: &Record,
) -> Result<Option<i64>, sqlx::Error> {
    if record.kind == "Patient" {
        let ids: Vec<_> = record.patient.iter().chain(&record.keys).cloned().collect();
        return desk.holder(&ids, &Demo::of(&record.content)).await;
    }
    let demo = origin.description(&record.patient);
    desk.holder(&record.patient, &demo).await
}

/// The record these keys mean, made if it is new. Records that turn out to be one are joined.
async fn find(desk: &mut Desk<'_>, record: &Record, stated: &Stated) -> Result<i64, sqlx::Error> {
    let keys = keys_of(record, stated.holder);
    let mut found = BTreeSet::new();
    let mut clashing = Vec::new();
    for (system, value) in &keys {
        let key = (system.as_str(), value.as_str());
        let Some(known) = desk.shelf.by_key(&mut desk.db, &record.kind, key).await? else { continue };
        if desk.shelf.is_anothers(&mut desk.db, &mut desk.crowd, known, stated, &keys).await? {
            let own = format!("{system}{CLASH}{}", stated.holder.unwrap_or_default());
            found.extend(desk.shelf.by_key(&mut desk.db, &record.kind, (&own, value)).await?);
            clashing.push((own, value.clone()));
        } else {
            found.insert(known);
        }
    }
    let id = match found.first() {
        Some(id) => *id,
        None => {
            // A key that means another's record has nothing to say about the number of this one.
            let own: Vec<Key> = if clashing.is_empty() { keys.clone() } else { clashing.clone() };
            desk.shelf.new_record(&mut desk.db, &mut desk.crowd, &record.kind, &own).await?
        }
    };
    for (system, value) in keys.iter().chain(&clashing) {
        desk.db.keep_number((&record.kind, value, system, ""), id);
        desk.shelf.set_key(&record.kind, system, value, id);
    }
    for other in found.into_iter().skip(1) {
        join_records(desk, id, other).await?;
    }
    Ok(id)
}

/// Two records were one: what was said of the second was said of the first.
async fn join_records(desk: &mut Desk<'_>, id: i64, other: i64) -> Result<(), sqlx::Error> {
    desk.write().await?;
    for sql in [
        "DELETE FROM record_base WHERE record IN ($1, $2)",
        "UPDATE record_statement SET record = $1 WHERE record = $2",
        "UPDATE record_key SET record = $1 WHERE record = $2",
        "DELETE FROM record_mark WHERE record = $2 AND $1 = $1",
        "DELETE FROM record_version WHERE record = $2 AND $1 = $1",
        "DELETE FROM record_reading WHERE record = $2 AND $1 = $1",
        "DELETE FROM record_unread WHERE record = $2 AND $1 = $1",
        // What a person decided stays decided; what rules gave is worked out again.
        "DELETE FROM record_link WHERE (record IN ($1, $2) OR other IN ($1, $2)) AND decided_by = ''",
        "UPDATE record_link SET record = $1 WHERE record = $2 AND decided_by <> '' AND NOT EXISTS (SELECT 1 \
         FROM record_link k WHERE k.record = $1 AND k.study = record_link.study AND k.other = record_link.other \
         AND k.decided_by <> '')",
        "UPDATE record_link SET other = $1 WHERE other = $2 AND decided_by <> '' AND NOT EXISTS (SELECT 1 \
         FROM record_link k WHERE k.record = record_link.record AND k.other = $1 AND k.decided_by <> '')",
        "DELETE FROM record_link WHERE (record = $2 OR other = $2) AND $1 = $1",
        "DELETE FROM report_term WHERE record = $2 AND $1 = $1",
        "DELETE FROM report_opinion WHERE record = $2 AND $1 = $1",
        "DELETE FROM report_dispute WHERE record = $2 AND $1 = $1",
        "DELETE FROM record WHERE id = $2 AND $1 = $1",
    ] {
        sqlx::query(sql).bind(id).bind(other).execute(&mut **desk.db.tx).await?;
    }
    search::index_texts(&mut desk.db, vec![(other, true, String::new())]).await?;
    desk.db.join_numbers(id, other).await?;
    desk.shelf.joined(id, other);
    Ok(())
}

/// A record, or all of somebody's, belongs to another patient.
async fn moved(
    desk: &mut Desk<'_>,
    origin: &Origin<'_>,
    (record, from, to): (Option<&Identifier>, &Identifier, &Identifier),
    (seq, said_at): (i64, i64),
) -> Result<Option<Move>, sqlx::Error> {
    let demo = origin.description(std::slice::from_ref(to));
    let kept = desk.holder(std::slice::from_ref(to), &demo).await?;
    let gone = desk.holder(std::slice::from_ref(from), &Demo::default()).await?;
    let key = record.map(|key| (key.system.clone(), key.value.clone()));
    let told = kept.zip(gone).filter(|(kept, gone)| kept != gone);
    Ok(told.map(|(kept, gone)| Move { said_at, source: origin.source.into(), seq, gone, kept, key }))
}

/// Joins records of the touched persons that turn out to be one: kept apart because their patients differed, or
/// named by the same number, by one source with and by another without its issuer.
pub(crate) async fn unclash(desk: &mut Desk<'_>, source: &str, now: i64) -> Result<(), sqlx::Error> {
    if !desk.crowd.touched.is_empty() {
        desk.write().await?;
        let persons = desk.crowd.touched.iter().map(|person| json!([person])).collect();
        desk.shelf.read_keys_of(&mut desk.db, persons).await?;
    }
    loop {
        let shared = desk.shelf.shared();
        let records = shared.iter().flatten().map(|(_, record)| *record);
        desk.shelf.read_records(&mut desk.db, &mut desk.crowd, records).await?;
        let Some((one, other)) = same_among(desk, &shared).await? else { return Ok(()) };
        join_records(desk, one, other).await?;
        desk.shelf.fold(&mut desk.db, &mut desk.crowd, source, now).await?;
    }
}

/// Two records that are one, the older first.
async fn same_among(
    desk: &mut Desk<'_>,
    shared: &[Vec<(String, i64)>],
) -> Result<Option<(i64, i64)>, sqlx::Error> {
    for group in shared {
        for (system, one) in group {
            for (other_system, other) in group {
                if one == other || !may_mean(system, other_system) {
                    continue;
                }
                let persons = (desk.person_of_record(*one).await?, desk.person_of_record(*other).await?);
                if persons.0.is_some() && persons.0 == persons.1 {
                    return Ok(Some((*one.min(other), *one.max(other))));
                }
            }
        }
    }
    Ok(None)
}

/// Whether a number of one system may mean what it means in another: without an issuer, or kept apart.
fn may_mean(system: &str, other: &str) -> bool {
    let apart = system.split_once(CLASH).map(|(issuer, _)| issuer);
    system.is_empty() || apart.is_some_and(|issuer| issuer.is_empty() || issuer == other)
}

/// Of a Patient the identifier that speaks for it: the same number may have been given to two people. Of others what
/// names this record alone: one accession number or study may belong to several orders and reports.
fn keys_of(record: &Record, holder: Option<i64>) -> Vec<Key> {
    match holder.filter(|_| record.kind == "Patient") {
        Some(holder) => vec![("urn:isocenter:identifier".into(), holder.to_string())],
        None => {
            let shared = |key: &&Identifier| {
                record.kind != "ImagingStudy" && (key.is("ACSN") || key.system == marks::DICOM_UID)
            };
            let own = record.keys.iter().filter(|key| !shared(key));
            let keys: Vec<_> = own.map(|key| (key.system.clone(), key.value.clone())).collect();
            let all = || record.keys.iter().map(|key| (key.system.clone(), key.value.clone())).collect();
            if keys.is_empty() { all() } else { keys }
        }
    }
}

pub(crate) fn state(word: &str) -> Option<OrderState> {
    serde_json::from_value(json!(word)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_kept_apart_means_its_issuers_alone() {
        assert!(may_mean("", "RIS"));
        assert!(may_mean(&format!("RIS{CLASH}7"), "RIS"));
        assert!(may_mean(&format!("{CLASH}7"), "RIS"));
        assert!(!may_mean(&format!("RIS{CLASH}7"), "RIS2"));
        assert!(!may_mean("RIS", "OTHER"));
    }
}
