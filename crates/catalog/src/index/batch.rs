//! A batch, sorted out: which patients, exams and series it tells of, and who describes them.

use crate::extract::{self, Names};
use crate::facts::Seen;
use crate::index::ToIndex;
use intake::Kind;
use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::Value;
use std::collections::BTreeMap;

/// An instance with the names that place it.
pub(crate) struct Placed<'a> {
    pub item: &'a ToIndex,
    pub names: Names,
}

/// A batch on its way to the rows.
pub(crate) struct Batch<'a> {
    /// The first of each SOP Instance UID.
    pub instances: Vec<Placed<'a>>,
    /// The others: conflicts, unless they are the same.
    pub rest: Vec<Placed<'a>>,
    /// Conflicts by what the archive noted of them.
    pub noted_conflicts: Vec<Placed<'a>>,
    /// Attachments, quarantined files, events.
    pub others: Vec<&'a ToIndex>,
    /// Instances that can't be placed.
    pub unplaced: usize,
    /// Row ids by UID, and of series by (study id, UID), once they are known.
    pub study_ids: FxHashMap<String, i64>,
    pub series_ids: FxHashMap<(i64, String), i64>,
    /// Which of `instances` are new.
    pub added: Vec<usize>,
    /// Instances gained by exam.
    pub gained: BTreeMap<String, u64>,
    /// What was seen of the batch's series, to be remembered once this is committed.
    pub seen: Vec<(i64, Seen)>,
}

impl<'a> Batch<'a> {
    pub(crate) fn of(items: &'a [ToIndex]) -> Self {
        let mut batch = Self {
            instances: Vec::with_capacity(items.len()),
            rest: Vec::new(),
            noted_conflicts: Vec::new(),
            others: Vec::new(),
            unplaced: 0,
            study_ids: FxHashMap::default(),
            series_ids: FxHashMap::default(),
            added: Vec::new(),
            gained: BTreeMap::new(),
            seen: Vec::new(),
        };
        let mut met = FxHashSet::default();
        for item in items {
            batch.take(item, &mut met);
        }
        batch
    }

    fn take(&mut self, item: &'a ToIndex, met: &mut FxHashSet<String>) {
        if item.head.kind != Kind::Instance {
            return self.others.push(item);
        }
        let Some(names) = Names::of(item) else {
            self.unplaced += 1;
            return;
        };
        let noted = item.head.details.get("conflict").and_then(Value::as_bool);
        let first = noted != Some(true) && met.insert(names.sop.clone());
        let placed = Placed { item, names };
        match (noted, first) {
            (Some(true), _) => self.noted_conflicts.push(placed),
            (_, true) => self.instances.push(placed),
            _ => self.rest.push(placed),
        }
    }

    /// For each key the instance that arrived first, by key.
    pub(crate) fn leaders<K: Ord>(&self, key: impl Fn(&Placed<'_>) -> K) -> BTreeMap<K, &Placed<'a>> {
        let mut leaders: BTreeMap<K, &Placed<'a>> = BTreeMap::new();
        for placed in &self.instances {
            let leader = leaders.entry(key(placed)).or_insert(placed);
            if placed.rank() < leader.rank() {
                *leader = placed;
            }
        }
        leaders
    }

    /// The study row of an instance.
    pub(crate) fn study_id(&self, placed: &Placed<'_>) -> Option<i64> {
        self.study_ids.get(&placed.names.study).copied()
    }

    /// The series row of an instance.
    pub(crate) fn series_id(&self, placed: &Placed<'_>) -> Option<i64> {
        let study = self.study_id(placed)?;
        self.series_ids.get(&(study, placed.names.series.clone())).copied()
    }
}

impl Placed<'_> {
    /// Microseconds since 1970 when its last byte arrived.
    pub(crate) fn received(&self) -> i64 {
        self.item.head.source.received_at.as_micros()
    }

    fn rank(&self) -> (i64, &str) {
        (self.received(), &self.names.sop)
    }

    /// Its attributes; none if its header could not be read.
    pub(crate) fn data_set(&self) -> &dicom::DataSet {
        static NONE: dicom::DataSet = dicom::DataSet::new();
        self.item.header.as_ref().map_or(&NONE, |header| &header.data_set)
    }

    /// The patient it belongs to.
    pub(crate) fn patient_key(&self) -> (String, String, String) {
        extract::patient_key(self.data_set(), &self.names.study)
    }
}
