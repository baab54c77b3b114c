//! Numbers with a unit: `7 mm`, `11 x 9 mm`, `2.3 cm x 1.1 cm`, `3-4 mm`, `RV/LV ratio 1.3`.

use crate::context::View;
use crate::phrases::{Meaning, Word};
use crate::reading::Quantity;
use crate::words::{Shape, value};
use std::sync::Arc;

/// One to three numbers with a unit.
#[derive(Clone, Debug)]
pub(crate) struct Amount {
    pub values: Vec<f64>,
    pub unit: Arc<str>,
    pub quantity: Quantity,
    pub range: bool,
    pub comparator: Option<char>,
    pub start: usize,
    pub end: usize,
}

/// All of a sentence.
pub(crate) fn amounts(view: &View<'_>) -> Vec<Amount> {
    let mut found = Vec::new();
    let mut at = view.range.start;
    while at < view.range.end {
        let amount = match view.tokens[at].shape {
            Shape::Number => with_unit(view, at),
            _ if view.is(at, Word::Ratio) => ratio(view, at),
            _ => None,
        };
        match amount {
            Some(amount) => {
                at = amount.end;
                found.extend(grown(view, amount));
            }
            None => at += 1,
        }
    }
    found
}

/// `from 4 to 9 mm` are two sizes, not the ends of a range.
fn grown(view: &View<'_>, amount: Amount) -> Vec<Amount> {
    let from = amount.start > view.range.start && view.is(amount.start - 1, Word::From);
    if !(amount.range && from && view.is(amount.start + 1, Word::To)) {
        return vec![amount];
    }
    let part = |value: f64, start: usize, end: usize| Amount {
        values: vec![value],
        range: false,
        start,
        end,
        ..amount.clone()
    };
    vec![
        part(amount.values[0], amount.start, amount.start + 1),
        part(amount.values[1], amount.start + 2, amount.end),
    ]
}

/// A unit that was read.
#[derive(Clone)]
struct Unit {
    ucum: Arc<str>,
    quantity: Quantity,
    end: usize,
}

fn with_unit(view: &View<'_>, start: usize) -> Option<Amount> {
    if is_part_of_date(view, start) {
        return None;
    }
    let mut values = vec![number(view, start)?];
    let (mut end, mut range) = (start + 1, false);
    let mut last = unit(view, end);
    end = last.as_ref().map_or(end, |unit| unit.end);
    while values.len() < 3 {
        let Some((next, is_range)) = joined(view, end) else { break };
        let Some(value) = number(view, next) else { break };
        let following = unit(view, next + 1);
        if is_range && (values.len() > 1 || following.is_none() || last.is_some()) {
            break;
        }
        // `2 cm x 11 mm`: in the unit of the first.
        values.push(converted(value, following.as_ref(), last.as_ref()));
        range |= is_range;
        end = following.as_ref().map_or(next + 1, |unit| unit.end);
        last = last.or(following);
        if range {
            break;
        }
    }
    let unit = last?;
    let comparator = comparator(view, start);
    let signed = start > view.range.start && symbol(view, start - 1).is_some();
    let start = start - usize::from(signed);
    Some(Amount { values, unit: unit.ucum, quantity: unit.quantity, range, comparator, start, end })
}

fn number(view: &View<'_>, at: usize) -> Option<f64> {
    if at >= view.range.end || view.tokens[at].shape != Shape::Number {
        return None;
    }
    value(view.tokens[at].span().of(view.text))
}

/// Whether numbers are tied by `/` (`3/14/2019`).
fn is_part_of_date(view: &View<'_>, at: usize) -> bool {
    let slash = |at: usize| view.range.contains(&at) && view.tokens[at].is('/') && !view.tokens[at].spaced;
    let before = at > view.range.start && !view.tokens[at].spaced && slash(at - 1);
    let number_after =
        |at: usize| view.tokens.get(at).is_some_and(|next| next.shape == Shape::Number && !next.spaced);
    before || slash(at + 1) && number_after(at + 2)
}

fn unit(view: &View<'_>, at: usize) -> Option<Unit> {
    // `6-mm nodule`
    let at = if view.range.contains(&(at + 1)) && view.tokens[at].is('-') { at + 1 } else { at };
    let found =
        view.matches.iter().find(|found| found.start == at && matches!(found.meaning, Meaning::Unit(_)))?;
    let Meaning::Unit(number) = found.meaning else { return None };
    let entry = &view.lexicon.data.units[number as usize];
    Some(Unit { ucum: entry.ucum.clone(), quantity: entry.quantity, end: found.end })
}

/// The place of the next number of the same amount: after `x`, `by`, `×`, or as the end of a range after `-`, `to`.
fn joined(view: &View<'_>, at: usize) -> Option<(usize, bool)> {
    // `4.5 cm AP x 4.3 cm transverse`
    let at = (at..view.range.end).find(|at| !view.is(*at, Word::Dimension))?;
    if at + 1 >= view.range.end || view.tokens[at + 1].shape != Shape::Number {
        return None;
    }
    match view.tokens[at].shape {
        Shape::Mark('×' | '*') => Some((at + 1, false)),
        Shape::Mark('-' | '–') => Some((at + 1, true)),
        Shape::Word if view.is(at, Word::By) => Some((at + 1, false)),
        Shape::Word if view.is(at, Word::To) => Some((at + 1, true)),
        _ => None,
    }
}

fn converted(value: f64, own: Option<&Unit>, first: Option<&Unit>) -> f64 {
    match (own.map(|unit| &*unit.ucum), first.map(|unit| &*unit.ucum)) {
        (Some("mm"), Some("cm")) => value / 10.0,
        (Some("cm"), Some("mm")) => value * 10.0,
        _ => value,
    }
}

/// What stands before: `<`, `less than`, `up to`, `about`.
fn comparator(view: &View<'_>, at: usize) -> Option<char> {
    let before = at.checked_sub(1).filter(|before| view.range.contains(before))?;
    if let Some(symbol) = symbol(view, before) {
        return Some(symbol);
    }
    let words = [(Word::AtMost, '<'), (Word::AtLeast, '>'), (Word::Approximately, '~')];
    words.iter().find(|(word, _)| view.is(before, *word)).map(|(_, sign)| *sign)
}

fn symbol(view: &View<'_>, at: usize) -> Option<char> {
    match view.tokens[at].shape {
        Shape::Mark('<' | '≤') => Some('<'),
        Shape::Mark('>' | '≥') => Some('>'),
        Shape::Mark('~' | '≈') => Some('~'),
        _ => None,
    }
}

/// `RV/LV ratio 1.3`, `ratio of 0.9`
fn ratio(view: &View<'_>, at: usize) -> Option<Amount> {
    let reach = view.range.end.min(at + 6);
    let number_at = (at + 1..reach).find(|at| view.tokens[*at].shape == Shape::Number)?;
    if !(at + 1..number_at).all(|at| may_stand_in_ratio(view, at)) || unit(view, number_at + 1).is_some() {
        return None;
    }
    let values = vec![number(view, number_at)?];
    let comparator = comparator(view, number_at);
    let (unit, quantity) = ("1".into(), Quantity::Ratio);
    Some(Amount { values, unit, quantity, range: false, comparator, start: number_at, end: number_at + 1 })
}

fn may_stand_in_ratio(view: &View<'_>, at: usize) -> bool {
    let words = [Word::Verb, Word::Approximately, Word::AtLeast, Word::AtMost, Word::Ratio];
    let said = words.iter().any(|word| view.is(at, *word)) || view.reads(at, "of");
    said || matches!(view.tokens[at].shape, Shape::Mark(':' | '=' | '>' | '<' | '~' | '('))
}

/// A date within reach of an earlier value: `on 3/14/2019`, `in January 2020`, `in 2019`.
pub(super) fn date_near(view: &View<'_>, amount: &Amount) -> Option<String> {
    let after = (amount.end..view.range.end.min(amount.end + 8)).find_map(|at| date(view, at));
    let from = view.range.start.max(amount.start.saturating_sub(8));
    after.or_else(|| (from..amount.start).rev().find_map(|at| date(view, at)))
}

/// The date that begins here.
fn date(view: &View<'_>, at: usize) -> Option<String> {
    if view.is(at, Word::Month) && (at == view.range.start || !view.is(at - 1, Word::Month)) {
        let numbers = (at + 1..view.range.end.min(at + 5)).take_while(|at| !view.tokens[*at].is_word());
        let last = numbers.filter(|at| view.tokens[*at].shape == Shape::Number).last()?;
        return Some(view.span(at, last + 1).of(view.text).to_owned());
    }
    if view.tokens[at].shape != Shape::Number {
        return None;
    }
    let glued = (at + 1..view.range.end).take_while(|at| {
        !view.tokens[*at].spaced
            && matches!(view.tokens[*at].shape, Shape::Number | Shape::Mark('/' | '-' | '.'))
    });
    let last = glued.filter(|at| view.tokens[*at].shape == Shape::Number).last().unwrap_or(at);
    let written = view.span(at, last + 1).of(view.text);
    let parts = written.split(['/', '-', '.']).count();
    let year = written.len() == 4 && (written.starts_with("19") || written.starts_with("20"));
    (parts == 3 || year || parts == 2 && written.len() >= 6 && written.contains('/'))
        .then(|| written.to_owned())
}
