//! The files as they are written: TOML, every key known.

use super::{LexiconError, Source};
use crate::reading::{Laterality, Quantity, SectionKind, Severity};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Everything a file may hold; several files are one after the other.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct File {
    pub finding: Vec<Finding>,
    pub place: Vec<Place>,
    pub cue: Vec<Cue>,
    pub section: Vec<Section>,
    pub state: Vec<State>,
    pub side: Vec<Side>,
    pub severity: Vec<SeverityWords>,
    pub words: BTreeMap<String, Vec<String>>,
    pub exam: Option<Exam>,
    pub unit: Vec<Unit>,
    pub category: Vec<Category>,
    pub plural: BTreeMap<String, String>,
    pub spelling: BTreeMap<String, String>,
}

/// A finding, or more terms for one that is there.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Finding {
    pub id: String,
    /// What people say for it.
    #[serde(default)]
    pub terms: Vec<String>,
    /// The finding it is a kind of.
    pub broader: Option<String>,
    /// With `broader`: where that has to be to be this.
    #[serde(default, rename = "in")]
    pub within: Vec<String>,
    /// With `broader`: it is this wherever no place says otherwise.
    #[serde(default)]
    pub otherwise: bool,
    /// Words that have a state.
    #[serde(default)]
    pub subjects: Vec<String>,
    /// States of the subjects that mean this finding.
    #[serde(default)]
    pub states: Vec<String>,
    /// Whether a normal subject denies it.
    #[serde(default)]
    pub denied_by_normal: bool,
    /// Findings that are denied when this one is (`no osseous abnormality`: no fracture).
    #[serde(default)]
    pub denies: Vec<String>,
    /// A condition for life.
    #[serde(default)]
    pub chronic: bool,
    /// Something that happens once and may be old.
    #[serde(default)]
    pub event: bool,
    /// Has no side of its own.
    #[serde(default)]
    pub unsided: bool,
    /// Something normal whose mention is no finding (`airspace`); it only keeps its words from meaning another.
    #[serde(default)]
    pub nothing: bool,
    #[serde(skip)]
    pub file: String,
}

/// A place in the body.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Place {
    pub id: String,
    #[serde(default)]
    pub terms: Vec<String>,
    /// The place it is a part of.
    pub part_of: Option<String>,
    /// Whether a size may be its own (`common bile duct 4 mm`).
    #[serde(default)]
    pub measured: bool,
    /// Whether other organs have such a place too (`apex`).
    #[serde(default)]
    pub vague: bool,
    /// On which side it always lies.
    pub side: Option<Laterality>,
    #[serde(skip)]
    pub file: String,
}

/// A rule of the context.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cue {
    pub kind: String,
    pub direction: Option<String>,
    /// How many words it reaches at most.
    pub reach: Option<usize>,
    /// It counts only where no noun follows it.
    #[serde(default)]
    pub closing: bool,
    /// For terminators: the kinds whose scope they end; none means all.
    #[serde(default)]
    pub stops: Vec<String>,
    pub phrases: Vec<String>,
    #[serde(skip)]
    pub file: String,
}

/// Titles of sections.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Section {
    pub kind: SectionKind,
    pub titles: Vec<String>,
}

/// A state of a subject.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct State {
    pub id: String,
    pub words: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Side {
    pub side: Laterality,
    pub words: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SeverityWords {
    pub severity: Severity,
    pub words: Vec<String>,
}

/// Names of examinations.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Exam {
    pub heads: Vec<String>,
    pub beside: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Unit {
    pub ucum: String,
    pub quantity: Quantity,
    pub words: Vec<String>,
}

/// A system of categories.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Category {
    pub id: String,
    /// What names the system.
    pub names: Vec<String>,
    /// Names to which the value is glued (`TR4`, `LR-5`), without the value.
    #[serde(default)]
    pub prefixes: Vec<String>,
    pub values: Vec<String>,
    #[serde(default)]
    pub modifiers: Vec<String>,
    /// What a value may begin with and is left out (`TR4` is 4).
    #[serde(default)]
    pub strip: String,
    /// Words that mean a value without naming the system, by value.
    #[serde(default)]
    pub described: BTreeMap<String, Vec<String>>,
}

/// Reads all files into one.
pub(super) fn read(sources: &[Source<'_>]) -> Result<File, LexiconError> {
    let mut all = File::default();
    for source in sources {
        let mut file: File = toml::from_str(source.text)
            .map_err(|error| LexiconError::Syntax { file: source.name.into(), message: error.to_string() })?;
        file.finding.iter_mut().for_each(|entry| entry.file = source.name.into());
        file.place.iter_mut().for_each(|entry| entry.file = source.name.into());
        file.cue.iter_mut().for_each(|entry| entry.file = source.name.into());
        all.add(file);
    }
    Ok(all)
}

impl File {
    fn add(&mut self, other: Self) {
        other.finding.into_iter().for_each(|finding| self.add_finding(finding));
        other.place.into_iter().for_each(|place| self.add_place(place));
        self.cue.extend(other.cue);
        self.section.extend(other.section);
        self.state.extend(other.state);
        self.side.extend(other.side);
        self.severity.extend(other.severity);
        self.unit.extend(other.unit);
        self.category.extend(other.category);
        self.plural.extend(other.plural);
        self.spelling.extend(other.spelling);
        other.words.into_iter().for_each(|(key, words)| self.words.entry(key).or_default().extend(words));
        if let Some(exam) = other.exam {
            let own = self.exam.get_or_insert_default();
            own.heads.extend(exam.heads);
            own.beside.extend(exam.beside);
        }
    }

    /// A finding that is there gets what is new.
    fn add_finding(&mut self, new: Finding) {
        let Some(old) = self.finding.iter_mut().find(|old| old.id == new.id) else {
            self.finding.push(new);
            return;
        };
        old.terms.extend(new.terms);
        old.within.extend(new.within);
        old.subjects.extend(new.subjects);
        old.denies.extend(new.denies);
        old.states.extend(new.states);
        old.broader = new.broader.or(old.broader.take());
        old.otherwise |= new.otherwise;
        old.denied_by_normal |= new.denied_by_normal;
        old.chronic |= new.chronic;
        old.event |= new.event;
        old.unsided |= new.unsided;
    }

    fn add_place(&mut self, new: Place) {
        let Some(old) = self.place.iter_mut().find(|old| old.id == new.id) else {
            self.place.push(new);
            return;
        };
        old.terms.extend(new.terms);
        old.part_of = new.part_of.or(old.part_of.take());
        old.measured |= new.measured;
        old.vague |= new.vague;
        old.side = new.side.or(old.side);
    }
}
