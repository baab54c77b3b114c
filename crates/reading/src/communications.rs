//! That somebody was told: who, and when.

use crate::context::View;
use crate::phrases::Word;
use crate::reading::Communication;
use crate::words::{Shape, Span};

/// What one sentence says of it.
pub(crate) fn read(view: &View<'_>, sentence: usize) -> Option<Communication> {
    let has = |word: Word| view.range.clone().find(|at| view.is(*at, word));
    if has(Word::NotTold).is_some() {
        return None;
    }
    let told = has(Word::Told)?;
    let critical = has(Word::Critical).is_some();
    let clinician = person(view);
    let patient = has(Word::PatientPerson);
    if !critical && clinician.is_none() && patient.is_none() {
        return None;
    }
    let span = view.span(view.range.start, view.range.end);
    let to = clinician.or_else(|| patient.map(|at| view.span(at, at + 1)));
    let time = time(view, told);
    Some(Communication { critical: critical || clinician.is_some(), to, time, span, sentence })
}

/// `Dr. A. Example`, `the referring physician`: from the title to the last capitalised word after it.
fn person(view: &View<'_>) -> Option<Span> {
    let start = view.range.clone().find(|at| view.is(*at, Word::Clinician))?;
    let mut end = start + 1;
    while end < view.range.end && view.is(end, Word::Clinician) {
        end += 1;
    }
    while end < view.range.end {
        let token = &view.tokens[end];
        let name = token.is_word() && token.capital
            || matches!(token.shape, Shape::Mark('.' | '-')) && follows_name(view, end);
        if !name {
            break;
        }
        end += 1;
    }
    Some(view.span(start, end))
}

fn follows_name(view: &View<'_>, at: usize) -> bool {
    view.tokens.get(at + 1).is_some_and(|next| at + 1 < view.range.end && next.is_word() && next.capital)
}

/// `14:32`, `3:15 pm`
fn time(view: &View<'_>, _told: usize) -> Option<Span> {
    let colon = |at: &usize| {
        let digits = |at: usize| {
            view.tokens
                .get(at)
                .is_some_and(|token| token.shape == Shape::Number && token.end - token.start <= 2)
        };
        *at > view.range.start
            && view.tokens[*at].is(':')
            && digits(at - 1)
            && digits(at + 1)
            && at + 1 < view.range.end
    };
    let at = view.range.clone().find(colon)?;
    let half = at + 2 < view.range.end && (view.reads(at + 2, "am") || view.reads(at + 2, "pm"));
    Some(view.span(at - 1, at + 2 + usize::from(half)))
}
