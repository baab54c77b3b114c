//! Measurements: numbers with a unit, what they belong to, where they were taken, and what they were before.

mod numbers;
mod references;
mod subjects;

use crate::context::View;
use crate::phrases::{Meaning, Word};
use crate::reading::{Finding, Measurement, Prior, Quantity, SectionKind, Temporality};
use crate::words::Shape;
pub(crate) use numbers::{Amount, amounts};

/// The measurements of one sentence. `first` is the number its first finding has in the reading; `before` is what the
/// sentence before spoke of last.
pub(crate) fn read(
    view: &View<'_>,
    sentence: usize,
    (findings, first): (&[Finding], usize),
    before: Option<(usize, &Finding)>,
) -> Vec<Measurement> {
    let amounts = amounts(view);
    if amounts.is_empty() || view.section == SectionKind::Technique {
        return Vec::new();
    }
    let roles: Vec<Role> = amounts.iter().enumerate().map(|(at, _)| role(view, &amounts, at)).collect();
    let mut made: Vec<(usize, Measurement)> = Vec::new();
    for (at, amount) in amounts.iter().enumerate() {
        if roles[at] == Role::Now {
            made.push((at, measurement(view, sentence, amount)));
        }
    }
    for (at, amount) in amounts.iter().enumerate().filter(|(at, _)| roles[*at] == Role::Earlier) {
        let prior = prior(view, amount);
        match partner(view, &amounts, &made, at) {
            Some(partner) => made[partner].1.prior = Some(prior),
            None => made.push((at, Measurement { earlier: true, ..measurement(view, sentence, amount) })),
        }
    }
    made.sort_by_key(|(at, _)| *at);
    let numbers: Vec<usize> = made.iter().map(|(at, _)| *at).collect();
    let mut made: Vec<Measurement> = made.into_iter().map(|(_, made)| made).collect();
    for (measurement, at) in made.iter_mut().zip(numbers) {
        subjects::attach(view, &amounts, at, (findings, first), before, measurement);
        let of = measurement.finding.and_then(|number| number.checked_sub(first));
        let gone = of.and_then(|number| findings.get(number));
        // `The 5 mm nodule is no longer seen.`
        measurement.earlier |= gone.is_some_and(|finding| finding.temporality == Temporality::Resolved);
        references::attach(view, &amounts, at, measurement);
    }
    made
}

/// What a number is in its sentence.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Now,
    Earlier,
    /// Of a dose, of slices: nothing of the patient.
    Nothing,
}

/// How far back words decide on a number.
const BEFORE: usize = 4;

fn role(view: &View<'_>, amounts: &[Amount], at: usize) -> Role {
    let amount = &amounts[at];
    let around = |word: Word| near(view, amount, word);
    if around(Word::Dose) && amount.quantity == Quantity::Volume || around(Word::Slices) {
        return Role::Nothing;
    }
    let from = if at == 0 { view.range.start } else { amounts[at - 1].end };
    let left = from.max(amount.start.saturating_sub(BEFORE))..amount.start;
    let last = |word: Word| left.clone().rev().find(|at| view.is(*at, word));
    let (now, earlier) = (last(Word::Now), last(Word::Earlier));
    if now.is_some() && now >= earlier {
        return Role::Now;
    }
    let then = last(Word::Then).is_some()
        && amounts.iter().any(|other| other.quantity == amount.quantity && other.start != amount.start);
    if (earlier.is_some() || then) && !measured_now(view, left.clone()) || earlier_after(view, amount) {
        return Role::Earlier;
    }
    // `from 4 mm to 7 mm`, `grew to 7 mm from 4 mm`
    let next_is_alike = amounts
        .get(at + 1)
        .is_some_and(|next| next.quantity == amount.quantity && next.start <= amount.end + 3);
    let from = last(Word::From).is_some() && (next_is_alike || changes(view, amount.start));
    if from { Role::Earlier } else { Role::Now }
}

/// `unchanged from prior, measuring 5 mm`, `new since the prior is a 5 mm nodule`: now again, after the word of then.
fn measured_now(view: &View<'_>, left: std::ops::Range<usize>) -> bool {
    let last = left.clone().rev().find(|at| view.is(*at, Word::Earlier));
    let again = |at: &usize| {
        view.tokens[*at].is(',')
            || ["is", "are", "measures", "measure"].iter().any(|verb| view.reads(*at, verb))
    };
    left.rev().find(again).zip(last).is_some_and(|(again, last)| again > last)
}

/// `4 mm previously`, `4 mm on the prior exam`
fn earlier_after(view: &View<'_>, amount: &Amount) -> bool {
    let after = amount.end..view.range.end.min(amount.end + 4);
    let close = after.take_while(|at| {
        let token = &view.tokens[*at];
        !matches!(token.shape, Shape::Mark(',' | ';' | '(') | Shape::Number)
    });
    let mut words = close.filter(|at| view.tokens[*at].is_word());
    let Some(first) = words.next() else { return false };
    // `on prior`, `previously`; but `compared to prior` speaks of what came before.
    let said =
        view.is(first, Word::Earlier) && !view.is(first, Word::To) && !follows_with_number(view, first);
    let on = view.tokens[first].span().of(view.text).eq_ignore_ascii_case("on");
    said || on
        && words.next().is_some_and(|next| {
            view.is(next, Word::Earlier) || view.is(next, Word::Article) && view.is(next + 1, Word::Earlier)
        })
}

/// `previously 4 mm`: the word belongs to the number after it.
fn follows_with_number(view: &View<'_>, at: usize) -> bool {
    (at..view.range.end.min(at + 5)).any(|at| view.tokens[at].shape == Shape::Number)
}

/// Whether the sentence speaks of growth or shrinking before this token.
fn changes(view: &View<'_>, before: usize) -> bool {
    use crate::lexicon::CueKind::{Changed, Decreased, Increased, Unchanged};
    view.matches.iter().any(|found| match found.meaning {
        Meaning::Cue(rule) => {
            let kind = view.lexicon.data.cues[rule as usize].kind;
            found.start < before && matches!(kind, Increased | Decreased | Changed | Unchanged)
        }
        _ => false,
    })
}

fn near(view: &View<'_>, amount: &Amount, word: Word) -> bool {
    let from = view.range.start.max(amount.start.saturating_sub(3));
    (from..view.range.end.min(amount.end + 4)).any(|at| view.is(at, word))
}

fn measurement(view: &View<'_>, sentence: usize, amount: &Amount) -> Measurement {
    let distance = amount.quantity == Quantity::Length && is_distance(view, amount);
    Measurement {
        values: amount.values.clone(),
        unit: amount.unit.clone(),
        quantity: if distance { Quantity::Distance } else { amount.quantity },
        range: amount.range,
        comparator: amount.comparator,
        finding: None,
        subject: None,
        location: Vec::new(),
        laterality: None,
        series: None,
        images: Vec::new(),
        prior: None,
        earlier: false,
        span: view.span(amount.start, amount.end),
        sentence,
        section: view.section,
    }
}

/// `3 cm from the nipple`, `2 cm above the carina`
fn is_distance(view: &View<'_>, amount: &Amount) -> bool {
    let next = view.is(amount.end, Word::Distance);
    let from = view.is(amount.end, Word::From) && !followed_by_number(view, amount.end);
    let within = amount.start > view.range.start
        && view.is(amount.start - 1, Word::Distance)
        && view.is(amount.end, Word::From);
    next || from || within
}

fn followed_by_number(view: &View<'_>, at: usize) -> bool {
    (at..view.range.end.min(at + 6))
        .any(|at| view.tokens[at].shape == Shape::Number || view.is(at, Word::Earlier))
}

fn prior(view: &View<'_>, amount: &Amount) -> Prior {
    Prior {
        values: amount.values.clone(),
        unit: amount.unit.clone(),
        date: numbers::date_near(view, amount),
        span: view.span(amount.start, amount.end),
    }
}

/// The present value that an earlier one belongs to: the one before it, else the one after it.
fn partner(
    view: &View<'_>,
    amounts: &[Amount],
    made: &[(usize, Measurement)],
    earlier: usize,
) -> Option<usize> {
    let fits = |(_, (at, one)): &(usize, &(usize, Measurement))| {
        one.prior.is_none() && !one.earlier && amounts[*at].quantity == amounts[earlier].quantity
    };
    // `18 mm with a 9 mm solid component, previously 12 mm`: of the whole.
    let part = |at: usize| (amounts[at].end..amounts[at].end + 2).any(|next| view.is(next, Word::Part));
    let left = |whole: bool| {
        let own = |(_, (at, _)): &(usize, &(usize, Measurement))| *at < earlier && !(whole && part(*at));
        made.iter().enumerate().filter(fits).rfind(own)
    };
    let before = left(true).or_else(|| left(false));
    let after = || made.iter().enumerate().filter(fits).find(|(_, (at, _))| *at > earlier);
    before.or_else(after).map(|(number, _)| number)
}
