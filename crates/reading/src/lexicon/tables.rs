//! What a compiled lexicon holds, by number.

use crate::reading::{Laterality, Quantity, SectionKind};
use std::sync::Arc;

/// Everything by number.
#[derive(Debug, Default)]
pub(crate) struct Compiled {
    pub findings: Vec<FindingEntry>,
    pub places: Vec<PlaceEntry>,
    pub cues: Vec<CueEntry>,
    pub headers: Vec<SectionKind>,
    pub units: Vec<UnitEntry>,
    pub systems: Vec<System>,
    /// Categories that are described in words.
    pub described: Vec<String>,
    /// The number of the state `normal`.
    pub normal: Option<u32>,
}

impl Compiled {
    /// Whether a place is a level of the spine (`l4_l5`).
    pub(crate) fn is_level(&self, place: u32) -> bool {
        let part = |place: u32| self.places[place as usize].part_of;
        part(place).and_then(part).is_some_and(|whole| &*self.places[whole as usize].key == "spine")
    }
}

#[derive(Debug)]
pub(crate) struct FindingEntry {
    pub key: Arc<str>,
    pub broader: Arc<[Arc<str>]>,
    /// Findings this one becomes in certain places.
    pub special: Vec<u32>,
    pub within: Vec<u32>,
    pub otherwise: bool,
    pub states: Vec<u32>,
    pub denied_by_normal: bool,
    /// Findings that are denied with it.
    pub denies: Vec<u32>,
    pub chronic: bool,
    pub event: bool,
    pub unsided: bool,
    pub nothing: bool,
}

#[derive(Debug)]
pub(crate) struct PlaceEntry {
    pub key: Arc<str>,
    pub part_of: Option<u32>,
    pub measured: bool,
    /// Whether other organs have such a place too.
    pub vague: bool,
    pub side: Option<Laterality>,
}

#[derive(Debug)]
pub(crate) struct CueEntry {
    pub kind: CueKind,
    pub direction: Direction,
    /// How many words it reaches at most.
    pub reach: usize,
    /// It counts only where no noun follows it.
    pub closing: bool,
    /// For terminators: bits of the kinds whose scope they end.
    pub stops: u32,
    /// Key for evidence: `absent:no`.
    pub rule: Arc<str>,
}

/// What a cue does to what is in its scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum CueKind {
    Absent,
    Possible,
    /// Asked for: doubted, and no answer of the exam.
    Question,
    Present,
    Historical,
    /// Says that something is of now, against the section.
    Current,
    Hypothetical,
    Family,
    Other,
    Resolved,
    New,
    Increased,
    Decreased,
    Changed,
    Unchanged,
    /// Looks like a cue and is none.
    Nothing,
    /// Ends scopes.
    Stop,
}

impl CueKind {
    pub(crate) const ALL: &'static [(Self, &'static str)] = &[
        (Self::Absent, "absent"),
        (Self::Possible, "possible"),
        (Self::Question, "question"),
        (Self::Present, "present"),
        (Self::Historical, "historical"),
        (Self::Current, "current"),
        (Self::Hypothetical, "hypothetical"),
        (Self::Family, "family"),
        (Self::Other, "other"),
        (Self::Resolved, "resolved"),
        (Self::New, "new"),
        (Self::Increased, "increased"),
        (Self::Decreased, "decreased"),
        (Self::Changed, "changed"),
        (Self::Unchanged, "unchanged"),
        (Self::Nothing, "nothing"),
        (Self::Stop, "stop"),
    ];

    /// Its bit in [`CueEntry::stops`].
    pub(crate) fn bit(self) -> u32 {
        1 << self as u32
    }

    pub(super) fn named(name: &str) -> Self {
        Self::ALL.iter().find(|(_, known)| *known == name).map_or(Self::Nothing, |(kind, _)| *kind)
    }
}

/// Where the scope of a cue lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Forward,
    Backward,
    Both,
}

#[derive(Debug)]
pub(crate) struct UnitEntry {
    pub ucum: Arc<str>,
    pub quantity: Quantity,
}

/// A system of categories.
#[derive(Debug)]
pub(crate) struct System {
    pub key: Arc<str>,
    /// Categories in capitals, longest first.
    pub values: Vec<String>,
    pub modifiers: Vec<String>,
    /// What values may begin with.
    pub strip: String,
    /// Whether the value is glued to the name (`TR4`).
    pub glued: bool,
}
