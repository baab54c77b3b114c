//! Which words around a finding are its own: its places, its side, how severe it is.

use crate::context::View;
use crate::lexicon::Lexicon;
use crate::phrases::{Match, Meaning, Word};
use crate::reading::{Laterality, Severity};
use crate::words::Shape;
use std::ops::Range;

/// Places and sides that hold for what says nothing else: of the exam, of a label (`Right hip:`).
#[derive(Clone, Debug, Default)]
pub(crate) struct Where {
    /// Numbers of places, in the order of the text.
    pub places: Vec<u32>,
    pub side: Option<Laterality>,
}

impl Where {
    pub(crate) fn is_empty(&self) -> bool {
        self.places.is_empty() && self.side.is_none()
    }

    /// What stands among these tokens.
    pub(crate) fn among(view: &View<'_>, tokens: &Range<usize>) -> Self {
        let mut here = Self::default();
        for found in
            view.matches.iter().filter(|found| found.start >= tokens.start && found.end <= tokens.end)
        {
            here.add(view.lexicon, found);
        }
        here
    }

    fn add(&mut self, lexicon: &Lexicon, found: &Match) {
        match found.meaning {
            Meaning::Place(number) => {
                self.side = both(self.side, lexicon.data.places[number as usize].side);
                if !self.places.contains(&number) {
                    self.places.push(number);
                }
            }
            Meaning::Side(side) => self.side = both(self.side, Some(side)),
            _ => {}
        }
    }

    /// Whether a place is named that is of one organ only.
    pub(crate) fn is_certain(&self, lexicon: &Lexicon) -> bool {
        self.places.iter().any(|place| !lexicon.data.places[*place as usize].vague)
    }

    /// Whether one of the places is this one or a part of it.
    pub(crate) fn lies_in(&self, lexicon: &Lexicon, place: u32) -> bool {
        self.places.iter().any(|own| is_part(lexicon, *own, place))
    }
}

fn is_part(lexicon: &Lexicon, mut place: u32, whole: u32) -> bool {
    // Longer chains than there are places would be circles.
    for _ in 0..=lexicon.data.places.len() {
        if place == whole {
            return true;
        }
        let Some(next) = lexicon.data.places[place as usize].part_of else { return false };
        place = next;
    }
    false
}

/// Left and right together are both.
fn both(one: Option<Laterality>, other: Option<Laterality>) -> Option<Laterality> {
    use Laterality::{Bilateral, Left, Right};
    match (one, other) {
        (None, side) | (side, None) => side,
        (Some(Left), Some(Right)) | (Some(Right), Some(Left)) => Some(Bilateral),
        (Some(Bilateral), _) | (_, Some(Bilateral)) => Some(Bilateral),
        (Some(side), _) => Some(side),
    }
}

/// The tokens that are each finding's own, for findings in the order of the text.
pub(crate) fn own_words(view: &View<'_>, nouns: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut own: Vec<Range<usize>> = Vec::with_capacity(nouns.len());
    let mut start = view.range.start;
    for (number, noun) in nouns.iter().enumerate() {
        let from = last_break(view, start, noun.start).unwrap_or(start);
        let end = match nouns.get(number + 1) {
            Some(next) if next.start >= noun.end => {
                last_break(view, noun.end, next.start).unwrap_or(next.start)
            }
            Some(_) => noun.end,
            None => view.range.end,
        };
        let end = clause_end(view, noun.end, end);
        own.push(from.min(noun.start)..end.max(noun.end));
        start = end.max(noun.end);
    }
    own
}

/// One after the last word between two findings that parts them.
fn last_break(view: &View<'_>, from: usize, to: usize) -> Option<usize> {
    (from..to).rev().find(|at| parts(view, *at)).map(|at| at + 1)
}

fn parts(view: &View<'_>, at: usize) -> bool {
    // `pericardial or pleural effusion`, `right and left lower lobes` are one noun.
    let joins = view.is(at, Word::And) || view.is(at, Word::Or) || view.tokens[at].is(',');
    if joins && between_places(view, at) {
        return false;
    }
    let with = view.is(at, Word::With) && !view.explains(at);
    joins || matches!(view.tokens[at].shape, Shape::Mark(';' | ':' | '(')) || with
}

/// Whether places or sides stand right before and after.
fn between_places(view: &View<'_>, at: usize) -> bool {
    let spatial = |found: &&Match| matches!(found.meaning, Meaning::Place(_) | Meaning::Side(_));
    let before = view.matches.iter().filter(spatial).any(|found| found.end == at);
    before && view.matches.iter().filter(spatial).any(|found| found.start == at + 1)
}

/// What follows a finding is its own until a clause with another subject begins.
fn clause_end(view: &View<'_>, from: usize, to: usize) -> usize {
    let clause = |at: &usize| {
        matches!(view.tokens[*at].shape, Shape::Mark(';'))
            || view.is(*at, Word::With)
            || (view.tokens[*at].is(',') || view.is(*at, Word::And))
                && (view.is(at + 1, Word::Pronoun) || view.denies(at + 1))
    };
    (from..to).find(clause).unwrap_or(to)
}

/// The severity that stands nearest among the finding's own words; what stands before it wins.
pub(crate) fn severity(
    view: &View<'_>,
    own: &Range<usize>,
    noun: &Range<usize>,
) -> Option<(Severity, Range<usize>)> {
    let mut best: Option<(usize, Severity, Range<usize>)> = None;
    for found in view.matches.iter().filter(|found| found.start >= own.start && found.end <= own.end) {
        let Meaning::Severity(severity) = found.meaning else { continue };
        let distance = if found.end <= noun.start {
            noun.start - found.end
        } else {
            4 + found.start.saturating_sub(noun.end)
        };
        if best.as_ref().is_none_or(|(nearest, ..)| distance < *nearest) {
            best = Some((distance, severity, found.start..found.end));
        }
    }
    best.map(|(_, severity, tokens)| (severity, tokens))
}
