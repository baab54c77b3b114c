//! What should be done, and after how long.

use crate::context::{Nature, View};
use crate::phrases::{ExamWord, Meaning, Word};
use crate::reading::{Assertion, Interval, Recommendation, SectionKind};
use crate::words::{Shape, value};
use std::ops::Range;

/// The recommendations of one sentence.
pub(crate) fn read(view: &View<'_>, sentence: usize) -> Vec<Recommendation> {
    if !recommends(view) {
        return none_needed(view, sentence).into_iter().collect();
    }
    if let Some(none) = none_needed(view, sentence) {
        return vec![none];
    }
    let exams = exams(view);
    let mut intervals = intervals(view);
    if exams.is_empty() {
        let alone = intervals.into_iter().map(|(interval, _)| one(view, sentence, None, Some(interval)));
        return alone.take(1).collect();
    }
    let mut made = Vec::new();
    for (number, exam) in exams.iter().enumerate() {
        let until = exams.get(number + 1).map_or(view.range.end, |next| next.start);
        let interval = take_nearest(&mut intervals, exam, until);
        made.push(one(view, sentence, Some(exam.clone()), interval));
    }
    made
}

fn one(
    view: &View<'_>,
    sentence: usize,
    exam: Option<Range<usize>>,
    interval: Option<Interval>,
) -> Recommendation {
    let test = exam.map(|exam| named(view, &exam));
    let span = view.span(view.range.start, view.range.end);
    Recommendation { test, interval, none_needed: false, span, sentence }
}

/// Whether the sentence asks for something: by its words, or because its section does.
fn recommends(view: &View<'_>) -> bool {
    let asked = view.range.clone().any(|at| view.is(at, Word::Recommend)) || sets_a_date(view);
    match view.section {
        SectionKind::Recommendation => true,
        kind => kind.is_result() && asked,
    }
}

/// `Routine mammogram in 1 year.`: an examination in the time to come.
fn sets_a_date(view: &View<'_>) -> bool {
    let exam = view.matches.iter().any(|found| found.meaning == Meaning::Exam(ExamWord::Head));
    let said = view.range.clone().any(|at| view.is(at, Word::Verb));
    // `in 6 weeks`, and `12 month LDCT.` on its own.
    let alone = view.range.len() <= 6;
    let to_come = |at: &Range<usize>| {
        at.start > view.range.start && view.reads(at.start - 1, "in") || alone && at.start == view.range.start
    };
    exam && !said && intervals(view).iter().any(|(_, at)| to_come(at))
}

fn none_needed(view: &View<'_>, sentence: usize) -> Option<Recommendation> {
    let told = view.section.is_result() && view.range.clone().any(|at| view.is(at, Word::NoFollowUp));
    let span = view.span(view.range.start, view.range.end);
    told.then_some(Recommendation { test: None, interval: None, none_needed: true, span, sentence })
}

/// Names of examinations: `low dose CT`, `MRI of the abdomen with contrast`, `ultrasound-guided biopsy`.
fn exams(view: &View<'_>) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for head in view.matches.iter().filter(|found| found.meaning == Meaning::Exam(ExamWord::Head)) {
        let (start, end) = (extend_left(view, head.start), extend_right(view, head.end));
        let start = without_preposition(view, start, head.start);
        match found.last_mut() {
            Some(last) if start <= last.end => last.end = last.end.max(end),
            // `follow-up imaging with CT`: the second says which.
            Some(last) if start == last.end + 1 && view.reads(last.end, "with") && is_general(view, last) => {
                *last = start..end;
            }
            _ => found.push(start..end),
        }
    }
    // `… to see that it has resolved` denies no examination.
    let denied = |exam: &Range<usize>| {
        let context = view.context(exam, Nature::default());
        let said = context.evidence.iter().any(|why| why.rule.starts_with("absent:"));
        said && context.assertion == Assertion::Absent
    };
    found.retain(|exam| !is_of_then(view, exam) && !denied(exam));
    found
}

/// `compared with the CT of 2019`, `on prior CT`
fn is_of_then(view: &View<'_>, exam: &Range<usize>) -> bool {
    let from = exam.start.saturating_sub(2).max(view.range.start);
    // `attention on follow-up imaging` asks for it.
    let on = |at: usize| view.reads(at, "on") && !(at > view.range.start && view.reads(at - 1, "attention"));
    (from..exam.start).any(|at| view.is(at, Word::Earlier) || view.reads(at, "this") || on(at))
}

fn extend_left(view: &View<'_>, mut start: usize) -> usize {
    while let Some(before) = view.matches.iter().find(|found| is_beside(view, found, start)) {
        start = before.start;
    }
    start
}

/// `evaluation with contrast-enhanced MRI`: what is said before is no part of the name.
fn without_preposition(view: &View<'_>, start: usize, head: usize) -> usize {
    start + usize::from(start < head && (view.reads(start, "with") || view.reads(start, "by")))
}

/// `imaging`: no examination by itself.
fn is_general(view: &View<'_>, exam: &Range<usize>) -> bool {
    view.reads(exam.end - 1, "imaging")
}

/// Whether a word of exams or of places ends where the name begins so far; hyphens between them count for nothing.
fn is_beside(view: &View<'_>, found: &crate::phrases::Match, start: usize) -> bool {
    let hyphen = start > found.end && start == found.end + 1 && view.tokens[found.end].is('-');
    let beside = matches!(found.meaning, Meaning::Exam(_) | Meaning::Place(_) | Meaning::Side(_));
    beside && found.end <= start && (found.end == start || hyphen)
}

fn extend_right(view: &View<'_>, mut end: usize) -> usize {
    loop {
        let next = match skip_small(view, end) {
            same if same == end => second_place(view, end).unwrap_or(end),
            next => next,
        };
        let beside = |found: &&crate::phrases::Match| {
            let exam = matches!(found.meaning, Meaning::Exam(_)) && (next == end || found.start == end);
            let place = matches!(found.meaning, Meaning::Place(_) | Meaning::Side(_));
            let purpose = view.reads(found.start, "surveillance");
            (exam && !purpose && found.start == end || place && found.start == next) && found.end > end
        };
        let Some(found) = view.matches.iter().filter(beside).max_by_key(|found| found.end) else {
            return end;
        };
        end = found.end;
    }
}

/// `CT abdomen and pelvis`: where the second place begins. A place before an examination is that one's.
fn second_place(view: &View<'_>, end: usize) -> Option<usize> {
    let is_place = |meaning| matches!(meaning, Meaning::Place(_));
    let first = view.matches.iter().any(|found| found.end == end && is_place(found.meaning));
    let joined = first && end < view.range.end && (view.reads(end, "and") || view.tokens[end].is('&'));
    let second =
        view.matches.iter().find(|found| joined && found.start == end + 1 && is_place(found.meaning))?;
    let is_anothers = view
        .matches
        .iter()
        .any(|found| found.start == second.end && matches!(found.meaning, Meaning::Exam(_)));
    (!is_anothers).then_some(second.start)
}

/// `of the`, `/`
fn skip_small(view: &View<'_>, mut at: usize) -> usize {
    while at < view.range.end && (view.reads(at, "of") || view.reads(at, "the") || view.tokens[at].is('/')) {
        at += 1;
    }
    at
}

/// As written, on one line, in small letters but for abbreviations.
fn named(view: &View<'_>, exam: &Range<usize>) -> String {
    let written = view.span(exam.start, exam.end).of(view.text);
    let small = |word: &str| {
        let abbreviation = word.chars().filter(|c| c.is_uppercase()).count() > 1 && word.len() <= 6;
        if abbreviation { word.to_owned() } else { word.to_lowercase() }
    };
    written.split_whitespace().map(small).collect::<Vec<_>>().join(" ")
}

/// Takes the interval that stands nearest: after the exam and before the next one, else right before it.
fn take_nearest(
    intervals: &mut Vec<(Interval, Range<usize>)>,
    exam: &Range<usize>,
    until: usize,
) -> Option<Interval> {
    let before = intervals.iter().rposition(|(_, at)| at.end <= exam.start && exam.start - at.end <= 5);
    let after = intervals.iter().position(|(_, at)| at.start >= exam.end && at.end <= until);
    let best = after.or(before)?;
    Some(intervals.remove(best).0)
}

/// Stretches of time to wait: `in 6 weeks`, `6-12 months`, `annual`.
fn intervals(view: &View<'_>) -> Vec<(Interval, Range<usize>)> {
    let mut found = Vec::new();
    let mut at = view.range.start;
    while at < view.range.end {
        match interval(view, at) {
            Some((interval, end)) => {
                found.push((interval, at..end));
                at = end;
            }
            None => at += 1,
        }
    }
    found
}

const UNITS: [(Word, &str, &str); 5] = [
    (Word::Hours, "hour", "h"),
    (Word::Days, "day", "d"),
    (Word::Weeks, "week", "wk"),
    (Word::Months, "month", "mo"),
    (Word::Years, "year", "a"),
];

const WHOLE: [(Word, f64, &str, &str); 6] = [
    (Word::Daily, 1.0, "day", "d"),
    (Word::Weekly, 1.0, "week", "wk"),
    (Word::Monthly, 1.0, "month", "mo"),
    (Word::SemiAnnual, 6.0, "month", "mo"),
    (Word::Yearly, 1.0, "year", "a"),
    (Word::Biennial, 2.0, "year", "a"),
];

fn interval(view: &View<'_>, at: usize) -> Option<(Interval, usize)> {
    if let Some((_, number, name, unit)) = WHOLE.iter().find(|(word, ..)| view.is(at, *word)) {
        let end =
            (at..view.range.end).take_while(|at| view.tokens[*at].is_word()).next().map_or(at, |at| at + 1);
        return Some((told((*number, *number), name, unit, view, at..end), end));
    }
    let from = number(view, at)?;
    let (to, end) = match range_end(view, at + 1) {
        Some((to, end)) => (to, end),
        None => (from, at + 1),
    };
    let end = end + usize::from(end < view.range.end && view.tokens[end].is('-'));
    let (_, name, unit) = UNITS.iter().find(|(word, ..)| view.is(end, *word))?;
    (!is_age_or_past(view, at, end)).then(|| (told((from, to), name, unit, view, at..end + 1), end + 1))
}

/// `65 year old`, `3 days ago`, `over the last 2 years`
fn is_age_or_past(view: &View<'_>, at: usize, unit: usize) -> bool {
    let after = (unit + 1..view.range.end.min(unit + 3))
        .any(|at| ["old", "ago", "prior", "earlier", "stability"].iter().any(|word| view.reads(at, word)));
    let from = at.saturating_sub(2).max(view.range.start);
    let before =
        (from..at).any(|at| ["last", "past", "since", "for"].iter().any(|word| view.reads(at, word)));
    after || before
}

fn range_end(view: &View<'_>, at: usize) -> Option<(f64, usize)> {
    let joins = at < view.range.end
        && (matches!(view.tokens[at].shape, Shape::Mark('-' | '–'))
            || view.is(at, Word::To)
            || view.is(at, Word::Or));
    let to = number(view, at + 1).filter(|_| joins)?;
    Some((to, at + 2))
}

fn number(view: &View<'_>, at: usize) -> Option<f64> {
    if at >= view.range.end {
        return None;
    }
    let written = view.tokens[at].span().of(view.text);
    match view.tokens[at].shape {
        Shape::Number => value(written),
        Shape::Word if view.is(at, Word::Spelled) => spelled(&written.to_lowercase()),
        _ => None,
    }
}

fn spelled(word: &str) -> Option<f64> {
    const WORDS: [&str; 13] = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve",
    ];
    WORDS.iter().position(|known| *known == word).map(|number| number as f64)
}

fn told(
    (from, to): (f64, f64),
    name: &str,
    unit: &'static str,
    view: &View<'_>,
    tokens: Range<usize>,
) -> Interval {
    let plural = if from == 1.0 && to == 1.0 { "" } else { "s" };
    let text =
        if from == to { format!("{from} {name}{plural}") } else { format!("{from}-{to} {name}{plural}") };
    Interval { text, from, to, unit, span: view.span(tokens.start, tokens.end) }
}
