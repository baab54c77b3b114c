//! Records, their keys and what was said of them, as far as a transaction concerns them.
//! Read in this order: this file, [`read`], [`base`], [`moves`].

mod base;
mod moves;
mod read;

use super::crowd::Crowd;
use super::{Db, Numbers};
use crate::fold::{Accounts, Folded, Word};
use base::Base;
use clinical::{OrderState, Told};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};

pub(crate) use moves::Move;

/// Marks a key that means another record to another person.
pub(crate) const CLASH: char = '\u{1f}';

/// The kinds that are linked to exams.
const LINKABLE: [&str; 4] = ["ServiceRequest", "DiagnosticReport", "ImagingStudy", "Encounter"];

/// A key's system and value.
pub(crate) type Key = (String, String);

/// What was said of a record.
#[derive(Clone)]
pub(crate) struct Stated {
    pub source: String,
    pub seq: i64,
    /// As it was said; moves are applied when it is asked for.
    pub holder: Option<i64>,
    pub place: String,
    pub speaker: String,
    pub said_at: i64,
    pub received_at: i64,
    pub told: Told,
    pub state: Option<OrderState>,
    pub content: Value,
}

/// A version of a record that is not written yet.
pub(super) struct Version {
    pub version: i64,
    pub known_at: i64,
    pub source: String,
    pub state: &'static str,
    pub content: String,
}

/// A record.
#[derive(Default)]
pub(super) struct Rec {
    pub kind: String,
    pub holder: Option<i64>,
    pub version: i64,
    pub known_at: i64,
    pub state: String,
    pub content: String,
    pub folded: Option<Folded>,
    /// What was folded before, and is not among `stated`.
    pub base: Option<Base>,
    /// All that was said behind that, in the order it was said.
    pub stated: Vec<Stated>,
    /// The base with the first `told` of `stated`.
    pub sofar: Accounts,
    pub told: usize,
    pub versions: Vec<Version>,
    /// Not written yet.
    pub new: bool,
}

/// What is known of them.
#[derive(Default)]
pub(crate) struct Shelf {
    pub(super) records: HashMap<i64, Rec>,
    /// By kind and value: the systems, and which record each means.
    keys: HashMap<Key, BTreeMap<String, i64>>,
    /// Not written yet: kind, value, system.
    pub(super) new_keys: BTreeSet<(String, String, String)>,
    /// Not written yet: of which record.
    pub(super) new_stated: Vec<(i64, Stated)>,
    /// Said before: source and number.
    pub(super) known: BTreeSet<(String, i64)>,
    moves: HashMap<i64, Vec<Move>>,
    pub(super) new_moves: Vec<Move>,
    /// Records of which something was said since they were folded.
    told: BTreeSet<i64>,
    /// Records whose content, state or holder changed, with those they are and were under.
    changed: BTreeMap<i64, BTreeSet<i64>>,
    /// Changed and not written yet.
    pub(super) unwritten: BTreeSet<i64>,
    numbers: Numbers,
}

impl Shelf {
    /// Which record a key means.
    pub async fn by_key(
        &mut self,
        db: &mut Db<'_>,
        kind: &str,
        (system, value): (&str, &str),
    ) -> Result<Option<i64>, sqlx::Error> {
        self.read_keys(db, [(kind, value)]).await?;
        Ok(self.group(kind, value).and_then(|systems| systems.get(system)).copied())
    }

    fn group(&self, kind: &str, value: &str) -> Option<&BTreeMap<String, i64>> {
        self.keys.get(&(kind.to_owned(), value.to_owned()))
    }

    /// From now on a key means a record, unless it means another already.
    pub fn set_key(&mut self, kind: &str, system: &str, value: &str, id: i64) {
        let systems = self.keys.entry((kind.to_owned(), value.to_owned())).or_default();
        if !systems.contains_key(system) {
            systems.insert(system.to_owned(), id);
            self.new_keys.insert((kind.to_owned(), value.to_owned(), system.to_owned()));
        }
    }

    pub(super) fn meant(&self, kind: &str, value: &str, system: &str) -> Option<i64> {
        self.group(kind, value)?.get(system).copied()
    }

    /// Whether a record is known to be of other people alone: then the number was given twice.
    pub async fn is_anothers(
        &mut self,
        db: &mut Db<'_>,
        crowd: &mut Crowd,
        record: i64,
        stated: &Stated,
        keys: &[Key],
    ) -> Result<bool, sqlx::Error> {
        let Some(holder) = stated.holder else { return Ok(false) };
        self.read_records(db, crowd, [record]).await?;
        self.read_moves(db, vec![holder]).await?;
        self.read_moved_keys(db, [record]).await?;
        let holders = self.records.get(&record).map(|rec| self.holders(record, rec)).unwrap_or_default();
        let said = [holder, self.moved(holder, stated.said_at, |key| keys.contains(key))];
        let all: Vec<i64> = holders.iter().copied().chain(said).collect();
        crowd.read_nodes(db, &all).await?;
        let persons = said.map(|holder| crowd.known_person(holder));
        let own = holders.iter().any(|other| persons.contains(&crowd.known_person(*other)));
        Ok(!holders.is_empty() && !own)
    }

    /// Whether no system's key of this kind and value means a record.
    pub fn is_unknown(&self, kind: &str, value: &str) -> bool {
        self.group(kind, value).is_none_or(BTreeMap::is_empty)
    }

    /// Notes that nothing has a key yet.
    pub fn know_none(&mut self, kind: &str, value: &str) {
        self.keys.entry((kind.to_owned(), value.to_owned())).or_default();
    }

    /// Under which identifier a record is that was read.
    pub fn known_holder(&self, record: i64) -> Option<i64> {
        self.records.get(&record)?.holder
    }

    /// Under whom a record was said, and is by the moves that were told.
    fn holders(&self, record: i64, rec: &Rec) -> BTreeSet<i64> {
        rec.told_holders().into_iter().chain(self.holder_of(record, rec)).collect()
    }

    /// Under whom a record is: by the latest that says it, and whatever moved it since.
    fn holder_of(&self, record: i64, rec: &Rec) -> Option<i64> {
        let (holder, said_at) = rec.last_holder()?;
        if rec.kind == "Patient" {
            return Some(holder);
        }
        Some(self.moved(holder, said_at, |key| self.goes_by(record, &rec.kind, key)))
    }

    /// Whether a key means a record, be it kept apart from another's.
    fn goes_by(&self, record: i64, kind: &str, (system, value): &Key) -> bool {
        let issuer =
            |known: &str| known.split_once(CLASH).map_or(known == system, |(issuer, _)| issuer == system);
        self.group(kind, value)
            .is_some_and(|systems| systems.iter().any(|(known, id)| *id == record && issuer(known)))
    }

    /// A record that is new. It gets the least number that one of its keys was given before and that is free, so
    /// that records that turn out to be one end under the same number whatever came first.
    pub async fn new_record(
        &mut self,
        db: &mut Db<'_>,
        crowd: &mut Crowd,
        kind: &str,
        keys: &[Key],
    ) -> Result<i64, sqlx::Error> {
        let mut given = BTreeSet::new();
        for (system, value) in keys {
            given.extend(db.number_of((kind, value, system, "")).await?);
        }
        self.read_records(db, crowd, given.iter().copied()).await?;
        let id = match given.into_iter().find(|number| !self.records.contains_key(number)) {
            Some(number) => number,
            None => self.numbers.next(db, "record").await?,
        };
        let rec = Rec { kind: kind.into(), new: true, content: "{}".into(), ..Rec::default() };
        self.records.insert(id, rec);
        self.unwritten.insert(id);
        Ok(id)
    }

    /// Keeps what was said of a record.
    pub async fn state(
        &mut self,
        db: &mut Db<'_>,
        crowd: &mut Crowd,
        record: i64,
        stated: Stated,
    ) -> Result<(), sqlx::Error> {
        self.read_records(db, crowd, [record]).await?;
        self.known.insert((stated.source.clone(), stated.seq));
        self.told.insert(record);
        let base = self.records.get(&record).and_then(|rec| rec.base.as_ref());
        if base.is_some_and(|base| place(&stated) < base.at) {
            self.read_whole(db, record).await?;
        }
        let Some(rec) = self.records.get_mut(&record) else { return Ok(()) };
        self.new_stated.push((record, stated.clone()));
        let at = rec.stated.partition_point(|known| before(known) <= before(&stated));
        rec.unfold(at);
        rec.stated.insert(at, stated);
        Ok(())
    }

    /// Whether anything is said of a record that was read.
    pub fn is_said(&self, record: i64) -> bool {
        self.records.get(&record).is_some_and(Rec::is_said)
    }

    /// Forgets records that are no more.
    pub fn forget(&mut self, records: &[i64]) {
        for record in records {
            self.records.remove(record);
            self.changed.remove(record);
        }
        self.keys.clear();
    }

    /// Has records folded again.
    pub fn tell(&mut self, records: impl IntoIterator<Item = i64>) {
        self.told.extend(records);
    }

    /// Works out again what holds of the records that were told of.
    pub async fn fold(
        &mut self,
        db: &mut Db<'_>,
        crowd: &mut Crowd,
        source: &str,
        now: i64,
    ) -> Result<(), sqlx::Error> {
        let told = std::mem::take(&mut self.told);
        self.read_records(db, crowd, told.iter().copied()).await?;
        self.read_moved_keys(db, told.iter().copied()).await?;
        for id in &told {
            self.refold(*id, source, now);
        }
        Ok(())
    }

    fn refold(&mut self, id: i64, source: &str, now: i64) {
        let Some(rec) = self.records.get_mut(&id) else { return };
        let folded = rec.holds();
        let Some(rec) = self.records.get(&id) else { return };
        let holder = self.holder_of(id, rec);
        let Some(rec) = self.records.get_mut(&id) else { return };
        let state = folded.state.map_or("", OrderState::as_str);
        let content = folded.content.to_string();
        let same = rec.content == content && rec.state == state;
        if same && rec.holder == holder && !(rec.new && rec.folded.is_none()) {
            return;
        }
        self.changed.entry(id).or_default().extend(rec.holder.into_iter().chain(holder));
        self.unwritten.insert(id);
        rec.holder = holder;
        rec.known_at = now;
        if !same {
            rec.version += 1;
            rec.state = state.into();
            rec.content.clone_from(&content);
            let source = source.to_owned();
            rec.versions.push(Version { version: rec.version, known_at: now, source, state, content });
        }
        rec.folded = Some(folded);
    }

    /// Of the changed records those that may be linked, with those they are and were under.
    pub fn linkable(&self) -> Vec<(i64, BTreeSet<i64>)> {
        let may = |id: &i64| self.records.get(id).is_some_and(|rec| LINKABLE.contains(&rec.kind.as_str()));
        self.changed.iter().filter(|(id, _)| may(id)).map(|(id, holders)| (*id, holders.clone())).collect()
    }

    /// How many records are new or changed.
    pub fn changes(&self) -> usize {
        self.changed.len()
    }

    /// Forgets two records that were joined in what is written: what is left is read again.
    pub(crate) fn joined(&mut self, id: i64, other: i64) {
        for record in [id, other] {
            self.records.remove(&record);
        }
        for meant in self.keys.values_mut().flat_map(BTreeMap::values_mut).filter(|meant| **meant == other) {
            *meant = id;
        }
        let holders = self.changed.remove(&other).unwrap_or_default();
        self.changed.entry(id).or_default().extend(holders);
        self.told.remove(&other);
        self.told.insert(id);
    }

    /// Systems and records that share a value, of those that were read.
    pub fn shared(&self) -> Vec<Vec<(String, i64)>> {
        let shared = self.keys.values().filter(|systems| {
            let records: BTreeSet<_> = systems.values().collect();
            records.len() > 1
        });
        shared.map(|systems| systems.iter().map(|(system, id)| (system.clone(), *id)).collect()).collect()
    }
}

/// The order in which things were said, whatever order they arrived in.
fn before(stated: &Stated) -> (i64, &str, i64) {
    (stated.said_at, &stated.source, stated.seq)
}

/// Where something stands among all that was said.
pub(super) type Place = (i64, String, i64);

fn place(stated: &Stated) -> Place {
    (stated.said_at, stated.source.clone(), stated.seq)
}

impl Stated {
    fn word(&self) -> Word {
        Word {
            speaker: self.speaker.clone(),
            said_at: self.said_at,
            place: (self.source.clone(), self.seq),
            told: self.told,
            state: self.state,
            content: self.content.clone(),
        }
    }
}
