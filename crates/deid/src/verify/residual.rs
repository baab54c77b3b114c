//! Whether anything that identifies the patients of the originals is left in what was written: every byte is
//! searched, and all text as people read it. Written apart from the wall, so that the two do not share mistakes.

use crate::dates::parse_date;
use crate::files;
use crate::policy::{Action, Policy};
use crate::registry::is_registered;
use crate::text::{folded_words, follows_eponyms, is_known_word, misread};
use bytes::Bytes;
use dicom::read::parse;
use dicom::{DataSet, Element, ReadOptions, Tag, Value, Vr, open_file, tags};
use memchr::memmem;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// What kind of identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Category {
    /// Names of people, and their parts.
    Names,
    /// Numbers of patients, orders and devices.
    Identifiers,
    /// Accession numbers.
    AccessionNumbers,
    /// Dates of birth and of exams, as people write them; of birth also as DICOM does.
    Dates,
    /// UIDs of exams, series, instances and frames of reference.
    Uids,
    /// Telephones, addresses, institutions.
    Contacts,
}

impl std::fmt::Display for Category {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Names => "names",
            Self::Identifiers => "identifiers",
            Self::AccessionNumbers => "accession-numbers",
            Self::Dates => "dates",
            Self::Uids => "uids",
            Self::Contacts => "contacts",
        })
    }
}

/// What identifies the patients of the originals.
#[derive(Default)]
pub struct Identifiers {
    /// Single folded words, and what they are.
    words: HashMap<String, Category>,
    /// Runs of folded words, joined by one space, by their first word.
    runs: HashMap<String, BTreeSet<(String, Category)>>,
    /// As they are in bytes.
    raw: BTreeMap<Vec<u8>, Category>,
    uids: HashSet<String>,
}

/// Shorter ones are misread out of anything; and out of noise, longer ones too.
const LEAST_IN_PICTURE: usize = 6;
const LEAST_IN_NOISE: usize = 8;

/// Where something was found. Never what.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Trace {
    /// What kind.
    pub category: Category,
    /// `(0008,1110)[0].(0008,1155)`, or the offset in the file.
    pub place: String,
}

impl Identifiers {
    /// Takes in what an original says, as far as the policy takes it out.
    pub fn gather(&mut self, original: &DataSet, policy: &Policy) {
        for element in original {
            match &element.value {
                Value::Items(items) => items.iter().for_each(|item| self.gather(item, policy)),
                Value::Bytes(_) if policy.rule(element.tag).action == Action::Keep => {}
                Value::Bytes(bytes) => self.gather_element(original, element, bytes),
                Value::Fragments(_) => {}
            }
        }
    }

    fn gather_element(&mut self, set: &DataSet, element: &Element, bytes: &Bytes) {
        if element.vr == Vr::UI {
            return self.add_uids(bytes);
        }
        let Some(category) = category(element) else { return };
        let Some(text) = set.text_of(element) else { return };
        for value in
            text.split('\\').map(str::trim).filter(|value| !value.is_empty() && !names_us(value.as_bytes()))
        {
            match category {
                Category::Names => self.add_name(value),
                Category::Dates => self.add_date(value, element.tag == tags::PATIENT_BIRTH_DATE),
                other => self.add_text(value, other),
            }
        }
        if matches!(category, Category::Identifiers | Category::AccessionNumbers) {
            self.add_raw(bytes, category);
        }
    }

    fn add_uids(&mut self, bytes: &[u8]) {
        let text = String::from_utf8_lossy(bytes);
        let uids = text.split('\\').map(|uid| uid.trim_matches([' ', '\0']));
        let names_somebody = |uid: &&str| uid.len() >= 16 && !is_registered(uid) && !names_us(uid.as_bytes());
        self.uids.extend(uids.filter(names_somebody).map(str::to_owned));
    }

    fn add_name(&mut self, name: &str) {
        for group in name.split('=') {
            for word in folded_words(group) {
                let letters = word.chars().count();
                let least = if word.is_ascii() { 3 } else { 2 };
                if letters >= least && !is_known_word(&word) && !word.bytes().any(|b| b.is_ascii_digit()) {
                    self.words.insert(word, Category::Names);
                }
            }
            self.add_run(&folded_words(group), Category::Names);
            let reversed: Vec<_> = folded_words(group).into_iter().rev().collect();
            self.add_run(&reversed, Category::Names);
        }
    }

    fn add_text(&mut self, text: &str, category: Category) {
        let words = folded_words(text);
        let telling = words.iter().any(|word| !is_known_word(word));
        if telling && words.iter().map(String::len).sum::<usize>() >= 5 {
            self.add_run(&words, category);
        }
    }

    /// Dates that DICOM writes are moved onto one another; those that people write are not.
    fn add_date(&mut self, text: &str, birth: bool) {
        let Some(date) = parse_date(text) else { return };
        let (y, m, d) = (date.year(), date.month(), date.day());
        let month = date.strftime("%b").to_string().to_lowercase();
        let long = date.strftime("%B").to_string().to_lowercase();
        for written in [
            format!("{y} {m:02} {d:02}"),
            format!("{d:02} {m:02} {y}"),
            format!("{m:02} {d:02} {y}"),
            format!("{d} {month} {y}"),
            format!("{d} {long} {y}"),
            format!("{long} {d} {y}"),
            format!("{month} {d} {y}"),
        ] {
            let words: Vec<_> = written.split(' ').map(str::to_owned).collect();
            self.add_run(&words, Category::Dates);
        }
        if birth {
            self.add_run(&[format!("{y}{m:02}{d:02}")], Category::Dates);
        }
    }

    fn add_run(&mut self, words: &[String], category: Category) {
        if let [single] = words
            && (category == Category::Names || single.len() < 5)
        {
            return;
        }
        let Some(first) = words.first() else { return };
        self.runs.entry(first.clone()).or_default().insert((words.join(" "), category));
    }

    /// Short or common bytes are in any file by chance.
    fn add_raw(&mut self, bytes: &[u8], category: Category) {
        let value = bytes.trim_ascii();
        let value = value.strip_suffix(b"\0").unwrap_or(value);
        if value.len() >= 6 && !names_us(value) && value.iter().any(|b| !b.is_ascii_digit()) {
            self.raw.insert(value.to_vec(), category);
        }
    }

    /// How many different ones there are of each category.
    #[must_use]
    pub fn counts(&self) -> BTreeMap<Category, u64> {
        let mut counts = BTreeMap::new();
        let runs = self.runs.values().flatten().map(|(_, category)| category);
        for category in self.words.values().chain(runs).chain(self.raw.values()) {
            *counts.entry(*category).or_default() += 1;
        }
        counts.insert(Category::Uids, self.uids.len() as u64);
        counts
    }

    /// Searches a file that was written.
    #[must_use]
    pub fn search(&self, file: &Bytes) -> Searched {
        let mut searched = Searched { bytes: file.len() as u64, ..Searched::default() };
        self.search_bytes(file, &mut searched);
        let opened = open_file(file).ok();
        let set = opened.and_then(|opened| {
            let rest = file.slice(usize::try_from(opened.data_set_at).ok()?.min(file.len())..);
            parse(&rest, &opened.transfer_syntax, &ReadOptions::default()).ok()
        });
        match set {
            Some(parsed) => self.search_set(&parsed.data_set, "", &mut searched),
            None => self.search_other(file, &mut searched),
        }
        searched.traces.sort();
        searched.traces.dedup();
        searched
    }

    /// A file that is no DICOM: its bytes, unpacked where they are packed, and all text in them line by line.
    fn search_other(&self, file: &Bytes, searched: &mut Searched) {
        let Some(content) = files::opened(file) else {
            searched.unreadable = true;
            return;
        };
        if let Cow::Owned(unpacked) = &content {
            self.search_bytes(unpacked, searched);
        }
        let lines = String::from_utf8_lossy(&content);
        for (number, line) in lines.split(|c: char| c.is_control() || c == '\u{FFFD}').enumerate() {
            if line.len() < 5 {
                continue;
            }
            searched.values += 1;
            let found = self.in_text(line);
            searched.traces.extend(found.map(|category| Trace { category, place: format!("text {number}") }));
        }
    }

    fn search_bytes(&self, file: &[u8], searched: &mut Searched) {
        for (needle, category) in &self.raw {
            if let Some(at) = memmem::find_iter(file, needle).find(|at| stands_alone(file, *at, needle.len()))
            {
                searched.traces.push(Trace { category: *category, place: format!("byte {at}") });
            }
        }
        for (at, uid) in uids_in(file) {
            if self.uids.contains(uid) {
                searched.traces.push(Trace { category: Category::Uids, place: format!("byte {at}") });
            }
        }
    }

    fn search_set(&self, set: &DataSet, path: &str, searched: &mut Searched) {
        for element in set {
            let place = format!("{path}({:04X},{:04X})", element.tag.0, element.tag.1);
            match &element.value {
                Value::Items(items) => {
                    for (index, item) in items.iter().enumerate() {
                        self.search_set(item, &format!("{place}[{index}]."), searched);
                    }
                }
                Value::Bytes(bytes) if bytes.len() <= 1 << 20 || is_text(element.vr) => {
                    searched.values += 1;
                    let found = self.in_value(set, element, bytes);
                    searched.traces.extend(found.map(|category| Trace { category, place: place.clone() }));
                }
                _ => searched.values += 1,
            }
        }
    }

    fn in_value(&self, set: &DataSet, element: &Element, bytes: &Bytes) -> Option<Category> {
        if element.vr == Vr::UI {
            let text = String::from_utf8_lossy(bytes);
            let known = |uid: &str| self.uids.contains(uid.trim_matches([' ', '\0']));
            return text.split('\\').any(known).then_some(Category::Uids);
        }
        if is_text(element.vr) {
            return self.in_text(&set.text_of(element)?);
        }
        let readable = |b: &u8| b.is_ascii_graphic() || *b == b' ';
        let runs = bytes.split(|b| !readable(b)).filter(|run| run.len() >= 5);
        runs.filter_map(|run| std::str::from_utf8(run).ok()).find_map(|run| self.in_text(run))
    }

    /// What was read off a picture says: words that were read well, and all that look like words. A few letters may be wrong.
    pub(super) fn in_picture(&self, sure: &str, all_read: &str) -> Option<Category> {
        let words = self.words.iter().map(|(word, category)| (Cow::Borrowed(word.as_str()), *category));
        let is_number =
            |category: &Category| matches!(category, Category::Identifiers | Category::AccessionNumbers);
        let runs = self.runs.values().flatten().filter(|(_, category)| is_number(category));
        let runs = runs.map(|(run, category)| (Cow::Owned(run.replace(' ', "")), *category));
        let all: Vec<_> = words.chain(runs).collect();
        let all = || all.iter().map(|(text, category)| (&**text, *category));
        let misread_of_sure = || misread(sure, all(), LEAST_IN_PICTURE);
        self.in_text(sure).or_else(misread_of_sure).or_else(|| misread(all_read, all(), LEAST_IN_NOISE))
    }

    fn in_text(&self, text: &str) -> Option<Category> {
        let words = folded_words(text);
        words.iter().enumerate().find_map(|(at, word)| {
            let run =
                self.runs.get(word).and_then(|runs| runs.iter().find(|(run, _)| starts(&words[at..], run)));
            let inside =
                || self.words.iter().find(|(known, _)| is_inside(word, known)).map(|(_, category)| *category);
            let next = words[at + 1..].iter().find(|word| *word != "s");
            let alone =
                || self.words.get(word).copied().filter(|_| !next.is_some_and(|word| follows_eponyms(word)));
            run.map(|(_, category)| *category).or_else(alone).or_else(inside)
        })
    }
}

/// Reports that people draw here name this program as their device, and every file that leaves names it as its
/// writer: it is nobody's identity.
fn names_us(value: &[u8]) -> bool {
    value == dicom::IMPLEMENTATION_CLASS_UID.as_bytes()
}

/// What searching one file gave.
#[derive(Debug, Clone, Default)]
pub struct Searched {
    /// How many bytes.
    pub bytes: u64,
    /// How many values of attributes.
    pub values: u64,
    /// What was found.
    pub traces: Vec<Trace>,
    /// Whether it is of no kind that is read, so that only its bytes were searched.
    pub unreadable: bool,
}

const fn is_text(vr: Vr) -> bool {
    !matches!(
        vr,
        Vr::OB
            | Vr::OD
            | Vr::OF
            | Vr::OL
            | Vr::OV
            | Vr::OW
            | Vr::UN
            | Vr::US
            | Vr::SS
            | Vr::UL
            | Vr::SL
            | Vr::FL
            | Vr::FD
            | Vr::SV
            | Vr::UV
            | Vr::AT
            | Vr::SQ
            | Vr::UI
    )
}

fn starts(words: &[String], run: &str) -> bool {
    let mut wanted = run.split(' ');
    wanted.by_ref().zip(words).all(|(wanted, word)| wanted == word) && run.split(' ').count() <= words.len()
}

fn is_inside(word: &str, known: &str) -> bool {
    known.len() >= 6 && known.len() < word.len() && word.contains(known) && !is_known_word(word)
}

fn stands_alone(file: &[u8], at: usize, length: usize) -> bool {
    let outside = |byte: Option<&u8>| byte.is_none_or(|b| !b.is_ascii_alphanumeric());
    outside(at.checked_sub(1).and_then(|before| file.get(before))) && outside(file.get(at + length))
}

/// Everything that looks like a UID in bytes of any kind.
fn uids_in(file: &[u8]) -> impl Iterator<Item = (usize, &str)> {
    let is_part = |b: u8| b.is_ascii_digit() || b == b'.';
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + file.get(at..)?.iter().position(|b| is_part(*b))?;
            let length = file[start..].iter().position(|b| !is_part(*b)).unwrap_or(file.len() - start);
            at = start + length;
            if length >= 16 {
                return std::str::from_utf8(&file[start..at]).ok().map(|text| (start, text));
            }
        }
    })
}

/// Attributes whose values identify, by what they are.
fn category(element: &Element) -> Option<Category> {
    Some(match element.tag {
        _ if element.vr == Vr::PN => Category::Names,
        tags::ACCESSION_NUMBER => Category::AccessionNumbers,
        tags::PATIENT_ID
        | Tag(0x0010, 0x1000)
        | Tag(0x0010, 0x1090)
        | tags::ADMISSION_ID
        | tags::SERVICE_EPISODE_ID
        | Tag(0x0010, 0x1050)
        | tags::DEVICE_SERIAL_NUMBER
        | tags::PLACER_ORDER_NUMBER_IMAGING_SERVICE_REQUEST
        | tags::FILLER_ORDER_NUMBER_IMAGING_SERVICE_REQUEST => Category::Identifiers,
        tags::PATIENT_BIRTH_DATE | tags::STUDY_DATE | tags::SERIES_DATE | tags::ACQUISITION_DATE => {
            Category::Dates
        }
        tags::PATIENT_ADDRESS
        | tags::INSTITUTION_NAME
        | tags::INSTITUTION_ADDRESS
        | tags::PATIENT_TELEPHONE_NUMBERS
        | tags::REFERRING_PHYSICIAN_TELEPHONE_NUMBERS => Category::Contacts,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::ready;

    fn identifiers() -> Identifiers {
        let mut original = DataSet::new();
        original.put_text(tags::PATIENT_NAME, "Okonkwo^Adaeze");
        original.put_text(tags::REFERRING_PHYSICIAN_NAME, "Baker^Tom");
        original.put_text(tags::PATIENT_ID, "MRN0082213");
        original.put_text(tags::ACCESSION_NUMBER, "ACC-7781");
        original.put_text(tags::PATIENT_BIRTH_DATE, "19300412");
        original.put_text(tags::STUDY_INSTANCE_UID, "1.2.826.0.1.3680043.8.498.1");
        // As the reports say that are drawn here; every file below says who wrote it.
        original.put_text(tags::DEVICE_SERIAL_NUMBER, dicom::IMPLEMENTATION_CLASS_UID);
        original.put_text(tags::DEVICE_UID, dicom::IMPLEMENTATION_CLASS_UID);
        let policy = ready::policy("public-sharing").and_then(crate::Document::compile).expect("it is valid");
        let mut identifiers = Identifiers::default();
        identifiers.gather(&original, &policy);
        identifiers
    }

    fn found(tag: Tag, vr: Vr, value: &[u8]) -> Vec<Category> {
        let mut set = DataSet::new();
        set.put_text(tags::SOP_CLASS_UID, dicom::uids::CT_IMAGE_STORAGE);
        set.put_bytes(tag, vr, value.to_vec());
        let file = dicom::write_file(&set, &dicom::TransferSyntax::DEFLATED_LE, None);
        let found = identifiers().search(&file.into()).traces.into_iter().map(|trace| trace.category);
        found.collect::<BTreeSet<_>>().into_iter().collect()
    }

    #[test]
    fn whatever_is_left_is_found_wherever_it_is() {
        for (text, category) in [
            ("seen adaeze ", Category::Names),
            ("xokonkwoadaeze", Category::Names),
            ("no. MRN0082213", Category::Identifiers),
            ("acc 7781", Category::AccessionNumbers),
            ("born 12 Apr 1930", Category::Dates),
            ("19300412", Category::Dates),
        ] {
            assert_eq!(found(tags::IMAGE_COMMENTS, Vr::LT, text.as_bytes()), [category], "{text}");
        }
        assert_eq!(found(Tag(0x0099, 0x1001), Vr::UN, b"\0\x01MRN0082213\0\x02"), [Category::Identifiers]);
        assert_eq!(
            found(tags::FRAME_OF_REFERENCE_UID, Vr::UI, b"1.2.826.0.1.3680043.8.498.1\0"),
            [Category::Uids]
        );
    }

    #[test]
    fn words_and_eponyms_are_no_leak() {
        for text in ["Baker cyst", "AXIAL LUNG 1.25", "20240118"] {
            assert_eq!(found(tags::IMAGE_COMMENTS, Vr::LT, text.as_bytes()), [], "{text}");
        }
    }
}
