//! Facts: the distinct values of every attribute of a series, sequences and private ones too.
//!
//! A fact row holds lines `path TAB value`. A path is `00081140.00081150` for an attribute in a
//! sequence, `0019xx10{GEMS_ACQU_01}` for a private one wherever its block is. After
//! [`MOST_VALUES`] distinct values, or for a value too long to keep, the path stands alone on its
//! line: it *varies*, and only the instances themselves say who has which value.
//! Each line has a *term*, a folded short form found through an inverted index.
//!
//! Nearly every element of an instance equals that of the one before it, so elements are compared
//! as hashes and decoded only when new: the cost of a whole header is a few microseconds.

use crate::fold::fold;
use bytes::Bytes;
use dicom::{DataSet, Element, Tag, Value, Vr, tags};
use rustc_hash::{FxHashMap, FxHasher};
use std::hash::Hasher;

/// Distinct values of a path kept for one series.
pub const MOST_VALUES: usize = 8;
/// Longest value kept, in bytes.
const LONGEST: usize = 256;
/// Items of one sequence that are looked at; a longer sequence *varies*.
const MOST_ITEMS: usize = 32;
/// Characters of a value that its term has.
const TERM_LENGTH: usize = 48;
/// Series whose values are remembered between batches.
const REMEMBERED: usize = 1024;

/// What was seen of one series.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seen {
    paths: FxHashMap<u64, PathSeen>,
    /// The elements of the last instance: (tag with its way there, value), as hashes.
    last: Vec<(u64, u64)>,
}

#[derive(Debug, Clone, Default)]
struct PathSeen {
    raw: Vec<u64>,
    texts: Vec<u64>,
    varies: bool,
}

/// Lines and terms to be added for a series.
#[derive(Debug, Default)]
pub(crate) struct NewFacts {
    /// `path TAB value` or `path`, each ending in a line feed.
    pub lines: String,
    /// The terms of the lines.
    pub terms: Vec<String>,
}

/// One position in a walk over a data set.
struct Walk<'a> {
    seen: &'a mut Seen,
    new: &'a mut NewFacts,
    at: usize,
    now: Vec<(u64, u64)>,
}

impl Seen {
    /// What is known from fact rows.
    pub(crate) fn from_rows<'a>(rows: impl Iterator<Item = &'a str>) -> Self {
        let mut seen = Self::default();
        for line in rows.flat_map(str::lines) {
            let (path, value) = parse_line(line);
            let entry = seen.paths.entry(hash(path.as_bytes())).or_default();
            match value {
                Some(value) => entry.texts.push(hash(value.as_bytes())),
                None => entry.varies = true,
            }
        }
        seen
    }

    /// Notes an instance's attributes; what is new goes to `new`.
    pub(crate) fn note(&mut self, data_set: &DataSet, new: &mut NewFacts) {
        let now = Vec::with_capacity(self.last.len().max(64));
        let mut walk = Walk { seen: self, new, at: 0, now };
        walk.data_set(data_set, 0, "");
        let now = walk.now;
        self.last = now;
    }
}

impl Walk<'_> {
    fn data_set(&mut self, data_set: &DataSet, way: u64, path: &str) {
        let mut creators: [(u16, u64); 4] = [(0, 0); 4];
        for element in data_set {
            let tag = element.tag;
            if is_skipped(tag) && way == 0 {
                continue;
            }
            let mut key = mix(way, u64::from(tag.0) << 16 | u64::from(tag.1));
            if tag.0 % 2 == 1 {
                if (0x10..0x100).contains(&tag.1) {
                    let name = element.value.bytes().map_or(0, |bytes| hash(bytes));
                    creators.rotate_right(1);
                    creators[0] = (tag.1, name);
                    continue;
                }
                let owner = creators.iter().find(|(block, _)| *block == tag.1 >> 8);
                key = mix(key, owner.map_or(0, |(_, name)| *name));
            }
            self.element(data_set, element, key, path);
        }
    }

    fn element(&mut self, data_set: &DataSet, element: &Element, key: u64, path: &str) {
        match &element.value {
            Value::Bytes(bytes) if !bytes.is_empty() && !is_binary(element.vr) => {
                self.value(data_set, element, bytes, key, path);
            }
            Value::Items(items) => {
                let path = step(data_set, element.tag, path);
                if items.len() > MOST_ITEMS {
                    self.varies(&path);
                }
                items.iter().take(MOST_ITEMS).for_each(|item| self.data_set(item, key, &path));
            }
            _ => {}
        }
    }

    fn value(&mut self, data_set: &DataSet, element: &Element, bytes: &Bytes, key: u64, path: &str) {
        let value = hash(bytes);
        self.now.push((key, value));
        let before = self.seen.last.get(self.at).copied();
        if before == Some((key, value)) {
            self.at += 1;
            return;
        }
        // An element more or less than in the instance before: find the place to go on from.
        let ahead = self.seen.last.iter().skip(self.at).take(8).position(|(k, _)| *k == key);
        self.at += ahead.map_or(0, |ahead| ahead + 1);
        let path = step(data_set, element.tag, path);
        let entry = self.seen.paths.entry(hash(path.as_bytes())).or_default();
        if entry.varies || entry.raw.contains(&value) {
            return;
        }
        entry.raw.push(value);
        self.new_value(data_set, element, bytes, &path);
    }

    fn new_value(&mut self, data_set: &DataSet, element: &Element, bytes: &Bytes, path: &str) {
        if bytes.len() > LONGEST {
            return self.varies(path);
        }
        for text in texts(data_set, element) {
            let entry = self.seen.paths.entry(hash(path.as_bytes())).or_default();
            let text_hash = hash(text.as_bytes());
            if entry.varies || entry.texts.contains(&text_hash) {
                continue;
            }
            if entry.texts.len() >= MOST_VALUES {
                return self.varies(path);
            }
            if entry.texts.is_empty() {
                self.new.terms.push(term(path, None));
            }
            entry.texts.push(text_hash);
            self.new.line(path, Some(&text));
            self.new.terms.push(term(path, Some(&comparable(&text, is_number(element.vr)))));
        }
    }

    fn varies(&mut self, path: &str) {
        let entry = self.seen.paths.entry(hash(path.as_bytes())).or_default();
        if !std::mem::replace(&mut entry.varies, true) {
            if entry.texts.is_empty() {
                self.new.terms.push(term(path, None));
            }
            self.new.line(path, None);
            self.new.terms.push(varies_term(path));
        }
    }
}

impl NewFacts {
    fn line(&mut self, path: &str, value: Option<&str>) {
        self.lines.push_str(path);
        if let Some(value) = value {
            self.lines.push('\t');
            self.lines.extend(value.chars().map(|c| if matches!(c, '\n' | '\r' | '\0') { ' ' } else { c }));
        }
        self.lines.push('\n');
    }
}

/// The path of an element of a data set that is itself at `path`.
#[must_use]
pub fn step(data_set: &DataSet, tag: Tag, path: &str) -> String {
    let creator =
        if tag.0 % 2 == 1 { data_set.private_creator(tag).unwrap_or_default() } else { String::new() };
    let own = step_of(tag, &creator);
    if path.is_empty() { own } else { format!("{path}.{own}") }
}

/// One step of a path.
#[must_use]
pub fn step_of(tag: Tag, creator: &str) -> String {
    if tag.0.is_multiple_of(2) {
        return format!("{:04X}{:04X}", tag.0, tag.1);
    }
    let creator: String = creator.chars().filter(|c| !matches!(c, '\t' | '\n' | '\r' | '\0')).collect();
    format!("{:04X}xx{:02X}{{{creator}}}", tag.0, tag.1 & 0xff)
}

/// The term of a path and a comparable value; of the path alone: that the series has it.
#[must_use]
pub fn term(path: &str, value: Option<&str>) -> String {
    let mut term = plain(path);
    if let Some(value) = value {
        term.push(BEFORE_VALUE);
        term.push_str(&plain(value).chars().take(TERM_LENGTH).collect::<String>());
    }
    term
}

/// The term that says that a path varies.
#[must_use]
pub fn varies_term(path: &str) -> String {
    let mut term = plain(path);
    term.push(VARIES);
    term
}

pub(crate) const BEFORE_VALUE: char = '\u{13d}';
const VARIES: char = '\u{17e}';

/// Only letters, digits and characters beyond ASCII, which a tokenizer leaves together.
fn plain(text: &str) -> String {
    let plain = |c: char| match c {
        c if c.is_ascii_alphanumeric() => c.to_ascii_lowercase(),
        c if c.is_ascii() => char::from_u32(0x100 + c as u32).unwrap_or('_'),
        c => c,
    };
    text.chars().map(plain).collect()
}

/// A value as it is compared in terms: numbers in one form, text folded.
#[must_use]
pub fn comparable(text: &str, number: bool) -> String {
    match text.trim().parse::<f64>() {
        Ok(value) if number => value.to_string(),
        _ => fold(text),
    }
}

/// A line of a fact row: its path and, unless the path varies, a value.
#[must_use]
pub fn parse_line(line: &str) -> (&str, Option<&str>) {
    match line.split_once('\t') {
        Some((path, value)) => (path, Some(value)),
        None => (line, None),
    }
}

/// The values of an element as text. Private elements of unknown VR are text if they look like it.
pub(crate) fn texts(data_set: &DataSet, element: &Element) -> Vec<String> {
    if element.vr != Vr::UN {
        return data_set.texts_of(element);
    }
    let Value::Bytes(bytes) = &element.value else { return Vec::new() };
    let text = bytes.strip_suffix(b"\0").unwrap_or(bytes);
    match std::str::from_utf8(text) {
        Ok(text) if text.bytes().all(|b| (0x20..0x7f).contains(&b)) => {
            text.split('\\').map(|value| value.trim().to_owned()).collect()
        }
        _ => Vec::new(),
    }
}

/// Whether values of this VR are compared as numbers.
#[must_use]
pub const fn is_number(vr: Vr) -> bool {
    use Vr::{DS, FD, FL, IS, SL, SS, SV, UL, US, UV};
    matches!(vr, DS | IS | FL | FD | US | SS | UL | SL | UV | SV)
}

const fn is_binary(vr: Vr) -> bool {
    matches!(vr, Vr::OB | Vr::OW | Vr::OF | Vr::OD | Vr::OL | Vr::OV)
}

/// Attributes with a column of their own that differs for every instance, and group lengths.
fn is_skipped(tag: Tag) -> bool {
    tag.1 == 0
        || matches!(
            tag,
            tags::SOP_INSTANCE_UID
                | tags::STUDY_INSTANCE_UID
                | tags::SERIES_INSTANCE_UID
                | tags::INSTANCE_NUMBER
                | tags::SPECIFIC_CHARACTER_SET
        )
}

fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(bytes);
    hasher.finish()
}

const fn mix(way: u64, tag: u64) -> u64 {
    (way.rotate_left(23) ^ tag).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// What was seen of the series indexed lately.
#[derive(Default)]
pub(crate) struct SeenSeries {
    series: FxHashMap<i64, (u64, Seen)>,
    clock: u64,
}

impl SeenSeries {
    /// Takes what is remembered of a series; nothing if it must be looked up.
    pub(crate) fn take(&mut self, series: i64) -> Option<Seen> {
        self.series.remove(&series).map(|(_, seen)| seen)
    }

    /// Remembers series, forgetting those not used for long.
    pub(crate) fn put(&mut self, seen: impl IntoIterator<Item = (i64, Seen)>) {
        self.clock += 1;
        self.series.extend(seen.into_iter().map(|(id, seen)| (id, (self.clock, seen))));
        if self.series.len() > REMEMBERED {
            let mut uses: Vec<u64> = self.series.values().map(|(used, _)| *used).collect();
            uses.sort_unstable();
            let oldest = uses[uses.len() - REMEMBERED / 2];
            self.series.retain(|_, (used, _)| *used >= oldest);
        }
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.series.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(slice: usize) -> DataSet {
        let mut item = DataSet::new();
        item.put_text(tags::REFERENCED_SOP_INSTANCE_UID, "1.2.3");
        let mut set = DataSet::new();
        set.put_text(tags::MANUFACTURER, "Müller & Co");
        set.put_text(tags::SLICE_LOCATION, &format!("{slice}.50"));
        set.put_items(tags::REFERENCED_IMAGE_SEQUENCE, vec![item]);
        set.put_text(Tag(0x0019, 0x0011), "GEMS_ACQU_01");
        set.put_text_as(Tag(0x0019, 0x1123), Vr::LO, "a\\b");
        set
    }

    #[test]
    fn every_distinct_value_is_a_line_once() {
        let (mut seen, mut new) = (Seen::default(), NewFacts::default());
        seen.note(&sample(1), &mut new);
        seen.note(&sample(1), &mut new);
        seen.note(&sample(2), &mut new);
        let mut lines: Vec<_> = new.lines.lines().collect();
        lines.sort_unstable();
        assert_eq!(
            lines,
            [
                "00080070\tMüller & Co",
                "00081140.00081155\t1.2.3",
                "0019xx23{GEMS_ACQU_01}\ta",
                "0019xx23{GEMS_ACQU_01}\tb",
                "00201041\t1.50",
                "00201041\t2.50",
            ]
        );
        assert!(new.terms.contains(&term("00201041", Some("1.5"))));
        assert!(new.terms.contains(&term("00080070", Some("muller & co"))));
    }

    #[test]
    fn many_values_make_a_path_vary() {
        let (mut seen, mut new) = (Seen::default(), NewFacts::default());
        (0..50).for_each(|slice| seen.note(&sample(slice), &mut new));
        let of_path: Vec<_> = new.lines.lines().filter(|l| l.starts_with("00201041")).collect();
        assert_eq!(of_path.len(), MOST_VALUES + 1);
        assert_eq!(of_path.last(), Some(&"00201041"));
        assert!(new.terms.contains(&varies_term("00201041")));
    }

    #[test]
    fn rows_bring_back_what_was_seen() {
        let (mut seen, mut new) = (Seen::default(), NewFacts::default());
        (0..4).for_each(|slice| seen.note(&sample(slice), &mut new));
        let mut again = Seen::from_rows(std::iter::once(new.lines.as_str()));
        let mut more = NewFacts::default();
        (0..4).for_each(|slice| again.note(&sample(slice), &mut more));
        assert_eq!(more.lines, "");
    }

    #[test]
    fn terms_are_one_word() {
        let term = term("0019xx23{GEMS ACQU}", Some("two words, 1.5"));
        assert!(term.chars().all(|c| c.is_ascii_alphanumeric() || !c.is_ascii()));
    }
}
