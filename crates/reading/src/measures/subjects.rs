//! What a measurement belongs to.

use super::Amount;
use crate::context::View;
use crate::phrases::{Meaning, Word};
use crate::reading::{Finding, Measurement, Quantity, Rule};
use crate::surroundings::Where;
use crate::words::Shape;
use std::sync::Arc;

/// Something that may have been measured.
struct Candidate {
    finding: Option<usize>,
    key: Arc<str>,
    start: usize,
    end: usize,
    /// A place whose size is told.
    place: bool,
}

/// Ties the measurement at `at` to what it measures.
pub(super) fn attach(
    view: &View<'_>,
    amounts: &[Amount],
    at: usize,
    (findings, first): (&[Finding], usize),
    before: Option<(usize, &Finding)>,
    measurement: &mut Measurement,
) {
    if matches!(measurement.quantity, Quantity::Distance) {
        return;
    }
    let candidates = candidates(view, findings);
    let costs = candidates.iter().filter_map(|one| Some((cost(view, amounts, at, one)?, one)));
    let spoken_of = before.filter(|_| speaks_of_it(view, &amounts[at]));
    // `The largest in the liver measures …`: the place is only where it is.
    let best = costs
        .min_by_key(|(cost, _)| *cost)
        .filter(|(_, one)| !(one.place && spoken_of.is_some() && is_where(view, one)));
    if let Some((_, best)) = best {
        measurement.subject = Some(best.key.clone());
        measurement.finding = best.finding.map(|number| first + number);
        match best.finding.map(|number| &findings[number]) {
            Some(finding) => take_place(measurement, finding),
            None => place_of(view, best, measurement),
        }
    } else if let Some((number, finding)) = spoken_of {
        measurement.finding = Some(number);
        measurement.subject = Some(finding.finding.clone());
        take_place(measurement, finding);
    }
}

fn take_place(measurement: &mut Measurement, finding: &Finding) {
    measurement.location.clone_from(&finding.location);
    measurement.laterality = finding.laterality;
}

fn place_of(view: &View<'_>, place: &Candidate, measurement: &mut Measurement) {
    let around = place.start.saturating_sub(3).max(view.range.start)..place.end;
    measurement.laterality = Where::among(view, &around).side;
    measurement.location = vec![place.key.clone()];
}

/// Findings and places that have a size.
fn candidates(view: &View<'_>, findings: &[Finding]) -> Vec<Candidate> {
    let token_at = |byte: usize| view.tokens.partition_point(|token| token.start < byte);
    let told = findings.iter().enumerate().filter(|(_, finding)| finding.rule != Rule::Normal);
    let mut all: Vec<Candidate> = told
        .map(|(number, finding)| Candidate {
            finding: Some(number),
            key: finding.finding.clone(),
            start: token_at(finding.span.start),
            end: token_at(finding.span.end),
            place: false,
        })
        .collect();
    for found in view.matches {
        let Meaning::Place(number) = found.meaning else { continue };
        let place = &view.lexicon.data.places[number as usize];
        let free = !all.iter().any(|one| one.start < found.end && found.start < one.end);
        if place.measured && free {
            let (start, end) = (found.start, found.end);
            all.push(Candidate { finding: None, key: place.key.clone(), start, end, place: true });
        }
    }
    all
}

/// How far a candidate is from the number; `None` if it can't be meant.
fn cost(view: &View<'_>, amounts: &[Amount], at: usize, one: &Candidate) -> Option<usize> {
    let amount = &amounts[at];
    let follows = one.start >= amount.end;
    let gap = if follows { amount.end..one.start } else { one.end..amount.start };
    if gap.start > gap.end {
        return Some(0);
    }
    let number_between = amounts.iter().any(|other| other.start >= gap.start && other.end <= gap.end);
    let mut cost = gap.len() + usize::from(number_between) * 15;
    for at in gap.clone() {
        cost += match view.tokens[at].shape {
            Shape::Mark(';') => return None,
            Shape::Mark(',') => 6,
            _ if view.is(at, Word::And) || view.is(at, Word::With) => 8,
            _ if follows && view.is(at, Word::Verb) => 8,
            _ => 0,
        };
    }
    if follows && view.reads(gap.start.min(one.start), "of") && view.all_places(gap.start + 1, one.start) {
        // `4 mm of leftward midline shift`
        return Some(0);
    }
    if follows {
        // `5 mm in the right lobe`: what follows with a preposition between is where, not what.
        let preposition = gap.clone().any(|at| is_preposition(view, at));
        cost += usize::from(preposition) * 12 + usize::from(gap.len() > 6) * 10;
        // `4 cm, suspicious for a carcinoma`: what follows explains what was measured.
        cost += usize::from(gap.clone().any(|at| view.explains(at))) * 20;
    } else {
        cost += usize::from(!gap.clone().any(|at| view.is(at, Word::Verb))) * 2;
    }
    // `11 x 9 mm lesion in the kidney`: a place is only where the lesion is.
    cost += usize::from(one.place && is_where(view, one)) * 20 + usize::from(one.place);
    Some(cost)
}

/// A place after a preposition, or right after a finding that lies in it (`simple cyst right kidney`).
fn is_where(view: &View<'_>, one: &Candidate) -> bool {
    let from = one.start.saturating_sub(3).max(view.range.start);
    let named = |found: &crate::phrases::Match| matches!(found.meaning, Meaning::Finding(_));
    let found_here = view.matches.iter().filter(|found| named(found));
    let follows = found_here.into_iter().any(|found| {
        found.end <= one.start && one.start - found.end <= 1 && view.all_places(found.end, one.start)
    });
    follows || (from..one.start).any(|at| is_preposition(view, at)) || lies_in(view, one.start)
}

/// `of the left upper pole kidney`: a preposition among the words that lead up to it.
fn lies_in(view: &View<'_>, start: usize) -> bool {
    let ends = |at: usize| {
        !view.tokens[at].is_word()
            || [Word::Verb, Word::With, Word::And].iter().any(|word| view.is(at, *word))
    };
    let before = (view.range.start..start).rev().take(6).take_while(|at| !ends(*at));
    before.into_iter().any(|at| is_preposition(view, at))
}

fn is_preposition(view: &View<'_>, at: usize) -> bool {
    const PREPOSITIONS: [&str; 9] = ["in", "within", "at", "of", "near", "along", "from", "on", "into"];
    PREPOSITIONS.iter().any(|word| view.reads(at, word))
}

/// `It measures 9 mm.`, `The largest is 4 mm.`: the sentence has no subject of its own.
fn speaks_of_it(view: &View<'_>, amount: &Amount) -> bool {
    let mut words = (view.range.start..amount.start).take(6);
    let again = words.any(|at| view.is(at, Word::Again) || view.is(at, Word::Pronoun));
    again || amount.start <= view.range.start + 1
}
