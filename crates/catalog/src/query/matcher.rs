//! Matching on values themselves: of fact rows, and of instances' headers.

use super::{Key, Matching, Moments};
use crate::facts;
use crate::fold;
use crate::moment;
use dicom::{DataSet, Element, Tag, Value, Vr};

/// Whether a data set has what a key asks for.
pub(super) fn in_data_set(set: &DataSet, key: &Key) -> bool {
    let element = tag_in(set, key).and_then(|tag| set.get(tag));
    let held = element.filter(|element| !element.value.is_empty());
    match (&key.matching, held) {
        (Matching::Universal, _) => true,
        (Matching::Empty, held) => held.is_none(),
        (Matching::Items(keys), Some(element)) => in_items(element, keys),
        (Matching::Moments(asked), Some(element)) => in_moments(set, element, asked),
        (matching, Some(element)) => {
            facts::texts(set, element).iter().any(|text| in_text(element.vr, matching, text))
        }
        (_, None) => false,
    }
}

fn in_items(element: &Element, keys: &[Key]) -> bool {
    match &element.value {
        Value::Items(items) => items.iter().any(|item| keys.iter().all(|key| in_data_set(item, key))),
        _ => false,
    }
}

/// Whether a date, with the time beside it, lies in a range of moments; a date alone is its first one.
fn in_moments(set: &DataSet, date: &Element, asked: &Moments) -> bool {
    let Some(day) = set.text_of(date).and_then(|text| moment::date(&text)) else { return false };
    let time = set.text(asked.time).and_then(|text| moment::time_span(&text)).map_or(0, |span| span.0);
    let Moments { dates, times, .. } = asked;
    let bound = |date: &str, time: &str, last: bool| {
        let span = moment::time_span(time);
        let time = if last { span.map_or(i64::MAX, |span| span.1) } else { span.map_or(0, |span| span.0) };
        moment::date(date).map(|date| (date, time))
    };
    let held = (day, time);
    (dates.0.is_empty() || bound(&dates.0, &times.0, false).is_some_and(|from| from <= held))
        && (dates.1.is_empty() || bound(&dates.1, &times.1, true).is_some_and(|to| held <= to))
}

/// A private key's tag in this data set, where its block is.
fn tag_in(set: &DataSet, key: &Key) -> Option<Tag> {
    match &key.creator {
        Some(creator) => set.private_tag(key.tag.0, creator, key.tag.1.to_le_bytes()[0]),
        None => Some(key.tag),
    }
}

/// Whether one value of an attribute matches.
pub(super) fn in_text(vr: Vr, matching: &Matching, text: &str) -> bool {
    match matching {
        Matching::Universal => true,
        Matching::Empty => text.is_empty(),
        Matching::Items(_) | Matching::Moments(_) => false,
        Matching::Values(values) => values.iter().any(|value| is(vr, value, text)),
        Matching::Range(from, to) => in_range(vr, from, to, text),
    }
}

fn is(vr: Vr, value: &str, text: &str) -> bool {
    match vr {
        Vr::PN => is_name(value, text),
        Vr::UI => value == text,
        Vr::DA | Vr::TM | Vr::DT => span(vr, value)
            .is_some_and(|asked| span(vr, text).is_some_and(|held| asked.0 <= held.0 && held.0 <= asked.1)),
        vr if facts::is_number(vr) => facts::comparable(value, true) == facts::comparable(text, true),
        _ => wild(value, text),
    }
}

/// A key of one group may be any group of the name; the groups of a longer one are matched each with
/// its own, and an empty one with any.
fn is_name(value: &str, text: &str) -> bool {
    let groups = |name: &str| name.split('=').map(fold::name_group).collect::<Vec<_>>();
    let (asked, held) = (groups(value), groups(text));
    match asked.as_slice() {
        [pattern] => held.iter().any(|group| wild(pattern, group)),
        _ => asked.iter().enumerate().all(|(at, pattern)| {
            pattern.is_empty() || wild(pattern, held.get(at).map_or("", String::as_str))
        }),
    }
}

fn span(vr: Vr, text: &str) -> Option<(i64, i64)> {
    match vr {
        Vr::DA => moment::date(text).map(|date| (date, date)),
        Vr::TM => moment::time_span(text),
        _ => moment::date_time_span(text),
    }
}

fn in_range(vr: Vr, from: &str, to: &str, text: &str) -> bool {
    let Some(held) = span(vr, text) else { return false };
    let after = from.is_empty() || span(vr, from).is_some_and(|from| held.0 >= from.0);
    let before = to.is_empty() || span(vr, to).is_some_and(|to| held.0 <= to.1);
    after && before
}

/// `*` stands for any text, `?` for any one character.
fn wild(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(c) if *c == '?' || *c == text[t] => {
                p += 1;
                t += 1;
            }
            _ => {
                // Let the last star take one more character.
                let Some((at, from)) = star else { return false };
                star = Some((at, from + 1));
                p = at + 1;
                t = from + 1;
            }
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_and_question_marks() {
        assert!(wild("*", "") && wild("a*c", "abbc") && wild("?b*", "abc") && wild("*b*b*", "abab"));
        assert!(!wild("a?", "a") && !wild("a*d", "abc") && !wild("", "a"));
    }

    #[test]
    fn values_match_by_their_kind() {
        let values = |value: &str| Matching::Values(vec![value.into()]);
        assert!(in_text(Vr::PN, &values("MÜLLER^*"), "Muller^Hans=穆勒^汉斯"));
        assert!(in_text(Vr::PN, &values("穆勒*"), "Muller^Hans=穆勒^汉斯"));
        assert!(in_text(Vr::PN, &values("muller^hans=穆勒*"), "Muller^Hans=穆勒^汉斯"));
        assert!(in_text(Vr::PN, &values("=穆勒^汉斯"), "Muller^Hans=穆勒^汉斯"));
        assert!(!in_text(Vr::PN, &values("muller*=王*"), "Muller^Hans=穆勒^汉斯"));
        assert!(!in_text(Vr::PN, &values("==穆勒*"), "Muller^Hans=穆勒^汉斯"));
        assert!(in_text(Vr::DS, &values("1.5"), "1.50"));
        assert!(in_text(Vr::TM, &values("1200"), "120030"));
        assert!(!in_text(Vr::LO, &values("chest"), "Chest"));
        let range = Matching::Range("20260101".into(), String::new());
        assert!(in_text(Vr::DA, &range, "20260102") && !in_text(Vr::DA, &range, "20251231"));
    }
}
