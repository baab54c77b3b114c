//! What is known of the people in an object: names, numbers, addresses, in every way they may be written.

use super::Found;
use super::fold::{compact, fold, spelled_out, words};
use super::memo::Memo;
use super::vocabulary;
use crate::dates::parse_date;
use crate::policy::{Action, Policy, TagHasher, Why};
use dicom::{DataSet, Element, Tag, Value, Vr, tags};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::BuildHasherDefault;
use std::ops::Bound;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Identifiers to be swept out of text. The same identifiers always make the same `Known`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// Letters and digits alone, folded; and what it is.
    compact: BTreeMap<String, Found>,
    /// Initials of names, folded, in the orders in which they are written.
    initials: BTreeSet<String>,
    /// Which values it was made of: objects that say nothing else need no second look.
    seen: Seen,
    /// What texts became in the light of it.
    memo: Memo,
}

/// Values of attributes that were taken in, or that say nothing else than what is known.
#[derive(Default)]
struct Seen(Mutex<Values>);

type Values = HashMap<Tag, HashSet<Box<[u8]>>, BuildHasherDefault<TagHasher>>;

impl Seen {
    fn locked(&self) -> MutexGuard<'_, Values> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add_all(&self, others: Values) {
        let mut values = self.locked();
        for (tag, others) in others {
            values.entry(tag).or_default().extend(others);
        }
    }
}

impl Clone for Seen {
    fn clone(&self) -> Self {
        Self(Mutex::new(self.locked().clone()))
    }
}

impl PartialEq for Seen {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Seen {}

/// Of other character sets the same bytes say something else.
fn see(values: &mut Values, tag: Tag, bytes: &[u8]) {
    if bytes.is_ascii() && !bytes.contains(&0x1B) {
        values.entry(tag).or_default().insert(bytes.into());
    }
}

/// Words that stand in name fields without naming anyone.
pub(super) const NO_NAMES: &[&str] = &[
    "anonymous",
    "anonymized",
    "anonymised",
    "deidentified",
    "dicom",
    "image",
    "md",
    "mr",
    "mrs",
    "ms",
    "dr",
    "na",
    "name",
    "no",
    "none",
    "null",
    "patient",
    "phantom",
    "prof",
    "removed",
    "study",
    "test",
    "unknown",
    "und",
    "von",
    "van",
    "der",
    "den",
    "del",
    "dos",
    "the",
    "and",
    "xxx",
];

/// The least letters of a part of a name that is looked for by itself.
const LEAST_NAME: usize = 3;
/// The least characters of a number.
const LEAST_ID: usize = 4;
/// The least digits of a number that is looked for without what stands before it, or that counts instances.
const LEAST_DIGITS: usize = 6;

impl Known {
    /// What an object says of its people, as far as the policy takes it out.
    #[must_use]
    pub fn of(data_set: &DataSet, policy: &Policy) -> Self {
        let mut known = Self::default();
        known.gather(data_set, policy);
        known
    }

    /// As bytes to be kept, sealed: the same `Known` gives the same bytes. They identify.
    #[must_use]
    pub fn to_bytes(&self) -> model::Phi<Vec<u8>> {
        model::Phi::new(serde_json::to_vec(&(&self.compact, &self.initials)).unwrap_or_default())
    }

    /// Reads what [`Known::to_bytes`] gave; nothing if it is something else.
    #[must_use]
    pub fn from_bytes(bytes: &model::Phi<Vec<u8>>) -> Option<Self> {
        let (compact, initials) = serde_json::from_slice(bytes.reveal()).ok()?;
        Some(Self { compact, initials, ..Self::default() })
    }

    /// Adds what another object of the same patient says.
    pub fn add(&mut self, other: &Self) {
        other.compact.iter().for_each(|(text, found)| self.put(text.clone(), *found));
        self.initials.extend(other.initials.iter().cloned());
        self.seen.add_all(other.seen.locked().clone());
        self.memo = Memo::default();
    }

    /// Whether it knows everything that another one does, whose values then need no second look.
    pub(crate) fn has_all(&self, other: &Self) -> bool {
        let is_known =
            |(text, found): (&String, &Found)| self.compact.get(text).is_some_and(|kind| kind <= found);
        let all = other.compact.iter().all(is_known) && other.initials.is_subset(&self.initials);
        if all {
            self.seen.add_all(other.seen.locked().clone());
        }
        all
    }

    /// No other has it, nor had it: as long as it is the same, so are the identifiers.
    pub(crate) const fn id(&self) -> u64 {
        self.memo.id()
    }

    /// Whether everything that a data set says of people is known already.
    pub(crate) fn covers(&self, data_set: &DataSet, policy: &Policy) -> bool {
        covered(&self.seen.locked(), data_set, policy)
    }

    pub(super) const fn memo(&self) -> &Memo {
        &self.memo
    }

    /// Of two kinds that are spelled the same the first counts, in whatever order they come.
    fn put(&mut self, text: String, found: Found) {
        self.compact.entry(text).and_modify(|kind| *kind = found.min(*kind)).or_insert(found);
    }

    /// Adds a name in any writing.
    pub fn add_name(&mut self, name: &str) {
        self.memo = Memo::default();
        for group in name.split(['=', '\\']) {
            for part in words(group).into_iter().map(|word| word.at) {
                self.add_part(&group[part]);
            }
            let components: Vec<_> = group.split('^').filter(|part| !part.trim().is_empty()).collect();
            components.iter().for_each(|part| self.add_part(part));
            self.add_short(&components);
            self.add_initials(&components);
        }
    }

    /// Two letters alone are a word too often: they count beside the other part of the name.
    fn add_short(&mut self, components: &[&str]) {
        let [family, given, ..] = components else { return };
        let folded = [compact(family), compact(given)];
        let is_short = |part: &String| part.is_ascii() && part.len() < LEAST_NAME && !part.is_empty();
        if folded.iter().any(is_short) && folded.iter().map(String::len).sum::<usize>() >= LEAST_NAME {
            let [family, given] = &folded;
            self.put(format!("{family}{given}"), Found::Name);
            self.put(format!("{given}{family}"), Found::Name);
        }
    }

    fn add_initials(&mut self, components: &[&str]) {
        let [family, given @ ..] = components else { return };
        let first = |part: &str| fold(part.trim()).chars().next().filter(|c| c.is_alphabetic());
        let given: String =
            given.iter().take(2).flat_map(|part| part.split([' ', '-'])).filter_map(first).collect();
        let (Some(family), false) = (first(family), given.is_empty()) else { return };
        let short: String = given.chars().take(1).collect();
        for order in [
            format!("{given}{family}"),
            format!("{family}{given}"),
            format!("{short}{family}"),
            format!("{family}{short}"),
        ] {
            self.initials.insert(order);
        }
    }

    fn add_part(&mut self, part: &str) {
        let least = if part.is_ascii() { LEAST_NAME } else { 2 };
        for folded in [compact(part), compact(&spelled_out(part))] {
            let named = !NO_NAMES.contains(&folded.as_str()) && !folded.bytes().any(|b| b.is_ascii_digit());
            if folded.chars().count() >= least && named {
                self.put(folded, Found::Name);
            }
        }
    }

    /// Adds a number or code; several are separated by backslashes.
    pub fn add_id(&mut self, id: &str) {
        self.memo = Memo::default();
        self.add_each(id, Found::Id, LEAST_ID);
        for value in id.split('\\') {
            self.add_digits(value.trim());
        }
    }

    /// A number is written without its letters and leading zeros as well: `MRN0044109` as `44109`.
    fn add_digits(&mut self, id: &str) {
        let digits = id.trim_start_matches(|c: char| !c.is_ascii_digit());
        let plain = |text: &str| text.len() >= LEAST_DIGITS && text.bytes().all(|b| b.is_ascii_digit());
        for written in [digits, digits.trim_start_matches('0')] {
            if plain(written) {
                self.put(written.to_owned(), Found::Id);
            }
        }
    }

    fn add_each(&mut self, text: &str, found: Found, least: usize) {
        for value in text.split('\\') {
            let folded = compact(value);
            // A department called Radiology is none that a description could give away.
            if found == Found::Place && words(value).iter().all(|word| vocabulary::is_word(&word.folded)) {
                continue;
            }
            if folded.chars().count() >= least && !NO_NAMES.contains(&folded.as_str()) {
                self.put(folded, found);
            }
        }
    }

    /// Adds a date in the orders in which it may be written as digits; patterns find the rest.
    pub fn add_date(&mut self, text: &str) {
        self.memo = Memo::default();
        let Some(date) = parse_date(text.trim()) else { return };
        let (y, m, d) = (date.year(), date.month(), date.day());
        let short = y % 100;
        let written = [
            format!("{y:04}{m:02}{d:02}"),
            format!("{d:02}{m:02}{y:04}"),
            format!("{m:02}{d:02}{y:04}"),
            format!("{d:02}{m:02}{short:02}"),
            format!("{m:02}{d:02}{short:02}"),
            format!("{short:02}{m:02}{d:02}"),
        ];
        written.into_iter().for_each(|text| self.put(text, Found::Date));
    }

    fn add_address(&mut self, text: &str) {
        self.add_each(text, Found::Address, 6);
        // The first line or the part before the comma is written alone as well.
        for part in text.split(['\r', '\n', ',', ';']).chain(text.split("  ")) {
            self.add_each(part, Found::Address, 8);
        }
    }

    fn gather(&mut self, data_set: &DataSet, policy: &Policy) {
        for element in data_set {
            match &element.value {
                Value::Items(items) => items.iter().for_each(|item| self.gather(item, policy)),
                Value::Bytes(_) if is_kept(policy, element.tag) => {}
                Value::Bytes(bytes) => {
                    self.gather_element(data_set, element);
                    if says(element) {
                        see(&mut self.seen.locked(), element.tag, bytes);
                    }
                }
                Value::Fragments(_) => {}
            }
        }
    }

    fn gather_element(&mut self, data_set: &DataSet, element: &Element) {
        let kind = if element.vr == Vr::PN { Some(Found::Name) } else { kind(element.tag) };
        let Some(kind) = kind else { return };
        let Some(text) = data_set.text_of(element) else { return };
        match kind {
            // A code without digits is a word, such as the name of a procedure; those of people are taken as they are.
            Found::Id if !is_of_person(element.tag) && !text.bytes().any(|b| b.is_ascii_digit()) => {}
            Found::Id if counts(element.tag) && compact(&text).len() < LEAST_DIGITS => {}
            Found::Id => self.add_id(&text),
            Found::Name => self.add_name(&text),
            Found::Date => self.add_date(&text),
            Found::Address => self.add_address(&text),
            other => self.add_each(&text, other, LEAST_ID),
        }
    }

    /// Identifiers that the words from `word` on may spell: those that start as it does, no longer ones.
    pub(super) fn starting_with<'a>(&'a self, word: &'a str) -> impl Iterator<Item = (&'a str, Found)> {
        let range = self.compact.range::<str, _>((Bound::Included(word), Bound::Unbounded));
        range.take_while(move |(text, _)| text.starts_with(word)).map(|(text, found)| (text.as_str(), *found))
    }

    /// Identifiers inside a longer word.
    pub(super) fn inside<'a>(&'a self, word: &'a str) -> impl Iterator<Item = (&'a str, Found)> {
        let shorter =
            self.compact.iter().filter(|(text, _)| text.len() < word.len() && word.contains(text.as_str()));
        shorter.map(|(text, found)| (text.as_str(), *found))
    }

    /// All of them.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, Found)> {
        self.compact.iter().map(|(text, found)| (text.as_str(), *found))
    }

    pub(super) fn has_initials(&self) -> bool {
        !self.initials.is_empty()
    }

    /// Whether the folded letters are someone's initials.
    pub(super) fn is_initials(&self, letters: &str) -> bool {
        self.initials.contains(letters)
    }

    /// Whether someone's name starts with it.
    pub(super) fn is_initial(&self, letter: char) -> bool {
        let folded = fold(letter.encode_utf8(&mut [0; 4]));
        letter.is_uppercase() && self.initials.iter().any(|initials| initials.contains(&folded))
    }

    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.compact.is_empty()
    }
}

/// Shows how many, never which.
impl std::fmt::Debug for Known {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Known({})", self.compact.len())
    }
}

fn covered(seen: &Values, data_set: &DataSet, policy: &Policy) -> bool {
    data_set.iter().all(|element| match &element.value {
        Value::Items(items) => items.iter().all(|item| covered(seen, item, policy)),
        Value::Bytes(bytes) => {
            let has = || seen.get(&element.tag).is_some_and(|values| values.contains(&bytes[..]));
            !says(element) || has() || is_kept(policy, element.tag)
        }
        Value::Fragments(_) => true,
    })
}

/// Whether it may say something of people.
fn says(element: &Element) -> bool {
    element.vr == Vr::PN || kind(element.tag).is_some()
}

/// Kept because the policy says so by name: then it identifies nobody who shall not be identified.
fn is_kept(policy: &Policy, tag: Tag) -> bool {
    let rule = policy.rule(tag);
    rule.action == Action::Keep && matches!(rule.why, Why::Option(..) | Why::Policy(_))
}

#[expect(deprecated, reason = "retired attributes identify as well, and old files have them")]
const fn is_of_person(tag: Tag) -> bool {
    matches!(tag, tags::PATIENT_ID | tags::OTHER_PATIENT_I_DS | tags::ACCESSION_NUMBER)
}

/// Numbers of these count procedures of a patient or a day: short ones are anything.
const fn counts(tag: Tag) -> bool {
    matches!(
        tag,
        tags::STUDY_ID
            | tags::REQUESTED_PROCEDURE_ID
            | tags::SCHEDULED_PROCEDURE_STEP_ID
            | tags::PERFORMED_PROCEDURE_STEP_ID
    )
}

/// Attributes that identify, and how.
#[expect(deprecated, reason = "retired attributes identify as well, and old files have them")]
fn kind(tag: Tag) -> Option<Found> {
    Some(match tag {
        tags::PATIENT_ID
        | tags::OTHER_PATIENT_I_DS
        | tags::MEDICAL_RECORD_LOCATOR
        | tags::INSURANCE_PLAN_IDENTIFICATION
        | tags::ACCESSION_NUMBER
        | tags::ADMISSION_ID
        | tags::SERVICE_EPISODE_ID
        | tags::REQUESTED_PROCEDURE_ID
        | tags::SCHEDULED_PROCEDURE_STEP_ID
        | tags::PERFORMED_PROCEDURE_STEP_ID
        | tags::PLACER_ORDER_NUMBER_IMAGING_SERVICE_REQUEST
        | tags::FILLER_ORDER_NUMBER_IMAGING_SERVICE_REQUEST
        | tags::DEVICE_SERIAL_NUMBER
        | tags::SPECIMEN_ACCESSION_NUMBER
        | tags::SPECIMEN_IDENTIFIER
        | tags::CONTAINER_IDENTIFIER
        | tags::PLATE_ID
        | tags::CASSETTE_ID
        | tags::GANTRY_ID
        | tags::DETECTOR_ID
        | tags::CLINICAL_TRIAL_SUBJECT_ID
        | tags::CLINICAL_TRIAL_SUBJECT_READING_ID
        | tags::INTERPRETATION_ID
        | tags::RESULTS_ID
        | tags::STUDY_ID => Found::Id,
        tags::PATIENT_BIRTH_DATE => Found::Date,
        tags::PATIENT_ADDRESS
        | tags::INSTITUTION_ADDRESS
        | tags::PERSON_ADDRESS
        | tags::REFERRING_PHYSICIAN_ADDRESS => Found::Address,
        tags::PATIENT_TELEPHONE_NUMBERS
        | tags::REFERRING_PHYSICIAN_TELEPHONE_NUMBERS
        | tags::PERSON_TELEPHONE_NUMBERS
        | tags::PATIENT_TELECOM_INFORMATION
        | tags::PERSON_TELECOM_INFORMATION
        | tags::ORDER_CALLBACK_PHONE_NUMBER => Found::Phone,
        tags::INSTITUTION_NAME
        | tags::INSTITUTIONAL_DEPARTMENT_NAME
        | tags::STATION_NAME
        | tags::ISSUER_OF_PATIENT_ID
        | tags::PERFORMED_LOCATION
        | tags::PERFORMED_STATION_NAME
        | tags::SCHEDULED_STATION_NAME
        | tags::PATIENT_INSTITUTION_RESIDENCE
        | tags::SCHEDULED_PATIENT_INSTITUTION_RESIDENCE
        | tags::RESPONSIBLE_ORGANIZATION
        | tags::HUMAN_PERFORMER_ORGANIZATION
        | tags::VERIFYING_ORGANIZATION
        | tags::CLINICAL_TRIAL_SPONSOR_NAME
        | tags::CLINICAL_TRIAL_SITE_NAME
        | tags::CLINICAL_TRIAL_COORDINATING_CENTER_NAME
        | tags::CURRENT_PATIENT_LOCATION => Found::Place,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_names_count_together_and_numbers_without_letters() {
        let mut known = Known::default();
        known.add_name("Li^Wei");
        known.add_id("MRN0044109");
        let all: Vec<_> = known.compact.into_keys().collect();
        assert_eq!(all, ["0044109", "liwei", "mrn0044109", "wei", "weili"]);
    }

    fn names(name: &str) -> Vec<String> {
        let mut known = Known::default();
        known.add_name(name);
        known.compact.into_keys().collect()
    }

    #[test]
    fn names_are_known_by_their_parts_and_spellings() {
        assert_eq!(names("Lindqvist^Märta^J"), ["lindqvist", "maerta", "marta"]);
        assert_eq!(names("García-Lopez^Ana"), ["ana", "garcia", "garcialopez", "lopez"]);
        assert_eq!(names("Yamada^Tarou=山田^太郎"), ["tarou", "yamada", "太郎", "山田"]);
        assert!(names("ANONYMOUS^PATIENT").is_empty());
    }

    #[test]
    fn dates_of_birth_are_known_in_every_order() {
        let mut known = Known::default();
        known.add_date("19670412");
        assert!(known.compact.contains_key("120467") && known.compact.contains_key("04121967"));
    }
}
