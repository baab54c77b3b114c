//! Where a measurement was taken: `(series 3, image 41)`, `image 45 of series 4`, `(4/102)`, `(se 3, im 88-90)`.

use super::Amount;
use crate::context::View;
use crate::phrases::{Meaning, Word};
use crate::reading::Measurement;
use crate::words::Shape;

/// A series, images, or both.
struct Reference {
    at: usize,
    series: Option<String>,
    images: Vec<String>,
}

/// Takes the reference that stands after the number and before the next one, else the nearest of the sentence.
pub(super) fn attach(view: &View<'_>, amounts: &[Amount], at: usize, measurement: &mut Measurement) {
    let all = joined(all(view));
    let amount = &amounts[at];
    let until = amounts.get(at + 1).map_or(view.range.end, |next| next.start);
    let own = all.iter().find(|one| one.at >= amount.end && one.at < until);
    let nearest = || all.iter().min_by_key(|one| one.at.abs_diff(amount.start));
    if let Some(one) = own.or_else(nearest) {
        measurement.series.clone_from(&one.series);
        measurement.images.clone_from(&one.images);
    }
}

fn all(view: &View<'_>) -> Vec<Reference> {
    let rated = view.matches.iter().any(|found| matches!(found.meaning, Meaning::System(_)));
    let mut found = Vec::new();
    for at in view.range.clone() {
        if view.is(at, Word::Series) {
            let (numbers, pair) = numbers_after(view, at);
            let images = if pair { numbers[1..].to_vec() } else { Vec::new() };
            found.extend(numbers.first().map(|series| Reference {
                at,
                series: Some(series.clone()),
                images,
            }));
        } else if view.is(at, Word::Image) && !(at > view.range.start && view.tokens[at - 1].is('/')) {
            let (mut numbers, pair) = numbers_after(view, at);
            let series = if pair { Some(numbers.remove(0)) } else { None };
            if !numbers.is_empty() {
                found.push(Reference { at, series, images: numbers });
            }
        } else if !rated && let Some(pair) = in_brackets(view, at) {
            found.push(pair);
        }
    }
    found
}

/// A series and the images right after or before it are one reference.
fn joined(all: Vec<Reference>) -> Vec<Reference> {
    let mut together: Vec<Reference> = Vec::new();
    for one in all {
        match together.last_mut() {
            Some(last) if one.at - last.at <= 6 && last.series.is_none() && one.series.is_some() => {
                last.series = one.series;
            }
            Some(last) if one.at - last.at <= 6 && last.images.is_empty() && one.series.is_none() => {
                last.images = one.images;
            }
            _ => together.push(one),
        }
    }
    together
}

/// The numbers right after a word, and whether a mark makes the first a series: `images 41-43`, `image #41`, `image 4:57`,
/// `series/image 4/57`.
fn numbers_after(view: &View<'_>, at: usize) -> (Vec<String>, bool) {
    let (mut numbers, mut pair): (Vec<String>, bool) = (Vec::new(), false);
    for next in (at + 1..view.range.end).take(8) {
        let token = &view.tokens[next];
        match token.shape {
            Shape::Number => numbers.push(token.span().of(view.text).to_owned()),
            Shape::Mark(':' | '/') if numbers.len() == 1 => pair = true,
            Shape::Mark('#' | '-' | '–' | ':' | '.' | '/') => {}
            Shape::Word if view.is(next, Word::And) || view.is(next, Word::To) => {}
            Shape::Word if view.is(next, Word::Image) && numbers.is_empty() => {}
            _ => break,
        }
    }
    let pair = pair && numbers.len() > 1;
    (numbers, pair)
}

/// `(4/102)`, `(4:102-104)`: a series and its images, and nothing else in the brackets.
fn in_brackets(view: &View<'_>, at: usize) -> Option<Reference> {
    let number = |at: usize| {
        let token = view.tokens.get(at).filter(|_| at < view.range.end)?;
        let whole = token.span().of(view.text);
        (token.shape == Shape::Number && whole.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| whole.to_owned())
    };
    let mark =
        |at: usize, marks: &[char]| at < view.range.end && marks.iter().any(|mark| view.tokens[at].is(*mark));
    if !mark(at, &['(', '[']) || !mark(at + 2, &['/', ':']) {
        return None;
    }
    let (series, first) = (number(at + 1)?, number(at + 3)?);
    let mut images = vec![first];
    let mut end = at + 4;
    while mark(end, &['-', '–', ',']) {
        images.push(number(end + 1)?);
        end += 2;
    }
    mark(end, &[')', ']']).then_some(Reference { at, series: Some(series), images })
}
