//! Who is compared with whom. Pure: from exams of cases and of those who may be controls to pairs.
//!
//! One control is given to every case before any is given a second one; cases take turns in an order of chance, and each
//! takes whoever is nearest in age, then in year, then by chance. Nobody is taken twice.

use crate::definition::{Controls, On};
use sha2::{Digest as _, Sha256};
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};

/// An exam by which somebody is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    /// The patient.
    pub patient: i64,
    /// The exam.
    pub exam: i64,
    /// The day, in days since 1970-01-01.
    pub day: Option<i64>,
    /// The age then, in whole years.
    pub age: Option<i64>,
    /// The year of the exam.
    pub year: Option<i64>,
    /// The patient's sex.
    pub sex: Option<String>,
    /// Of the scanner.
    pub manufacturer: Option<String>,
    /// Of the scanner.
    pub model: Option<String>,
}

/// A case with its controls, as patients and the exam of each control.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// The case.
    pub case: i64,
    /// The controls and their exams, in the order they were given.
    pub controls: Vec<(i64, i64)>,
}

/// Pairs cases with controls; each case once, in the order of their numbers, also without any control.
/// A case has one exam, its first; a control may have several.
#[must_use]
pub fn pair(cases: &[Compared], pool: &[Compared], controls: &Controls) -> Vec<Pair> {
    let mut shelf = Shelf::of(pool, controls);
    let mut firsts: BTreeMap<i64, &Compared> = BTreeMap::new();
    for case in cases {
        let first = firsts.entry(case.patient).or_insert(case);
        if (case.day.is_none(), case.day, case.exam) < (first.day.is_none(), first.day, first.exam) {
            *first = case;
        }
    }
    let mut given: BTreeMap<i64, Vec<(i64, i64)>> = firsts.keys().map(|case| (*case, Vec::new())).collect();
    let mut turns: Vec<&Compared> = firsts.into_values().collect();
    turns.sort_by_cached_key(|case| chance(controls.seed, b"case", case.patient));
    for _ in 0..controls.ratio {
        // Who found nobody finds nobody later either.
        turns.retain(|case| match shelf.take(case) {
            Some(control) => {
                given.entry(case.patient).or_default().push(control);
                true
            }
            None => false,
        });
    }
    given.into_iter().map(|(case, controls)| Pair { case, controls }).collect()
}

/// What must be the same.
type Kind = [Option<String>; 3];
/// Age and year; 0 where they are not asked for.
type Place = (i64, i64);
/// The last of a list is taken first.
type Rank = Reverse<Ranked>;
/// By chance, the patient, then the earliest exam.
type Ranked = (u64, i64, i64, i64);

/// Those who may be controls, by what they are compared in.
struct Shelf<'a> {
    controls: &'a Controls,
    places: HashMap<Kind, HashMap<Place, Vec<Rank>>>,
    taken: HashSet<i64>,
}

impl<'a> Shelf<'a> {
    fn of(pool: &[Compared], controls: &'a Controls) -> Self {
        let mut places: HashMap<Kind, HashMap<Place, Vec<Rank>>> = HashMap::new();
        for one in pool {
            let Some((kind, place)) = compared(one, controls) else { continue };
            let by = chance(controls.seed, b"control", one.patient);
            let rank = Reverse((by, one.patient, one.day.unwrap_or(i64::MAX), one.exam));
            places.entry(kind).or_default().entry(place).or_default().push(rank);
        }
        places.values_mut().flat_map(HashMap::values_mut).for_each(|ranks| ranks.sort_unstable());
        Self { controls, places, taken: HashSet::new() }
    }

    /// The nearest who is left, with the exam.
    fn take(&mut self, case: &Compared) -> Option<(i64, i64)> {
        let (kind, (age, year)) = compared(case, self.controls)?;
        let places = self.places.get_mut(&kind)?;
        let apart = |on: On| i64::from(self.controls.within(on).unwrap_or(0));
        for ages in 0..=apart(On::Age) {
            for years in 0..=apart(On::Year) {
                let mut around = vec![(age - ages, year - years), (age - ages, year + years)];
                around.extend([(age + ages, year - years), (age + ages, year + years)]);
                let nearest = around.into_iter().filter_map(|place| first(places, place, &self.taken));
                if let Some((_, patient, _, exam)) = nearest.min() {
                    self.taken.insert(patient);
                    return Some((patient, exam));
                }
            }
        }
        None
    }
}

/// The first of a place who is not taken.
fn first(places: &mut HashMap<Place, Vec<Rank>>, place: Place, taken: &HashSet<i64>) -> Option<Ranked> {
    let ranks = places.get_mut(&place)?;
    while ranks.last().is_some_and(|Reverse((_, patient, ..))| taken.contains(patient)) {
        ranks.pop();
    }
    ranks.last().map(|Reverse(rank)| *rank)
}

/// What somebody is compared in; nothing where a part of it is not known.
fn compared(one: &Compared, controls: &Controls) -> Option<(Kind, Place)> {
    let text = |on: On, of: &Option<String>| match controls.within(on) {
        Some(_) => of.clone().map(Some),
        None => Some(None),
    };
    let number = |on: On, of: Option<i64>| if controls.within(on).is_some() { of } else { Some(0) };
    let kind =
        [text(On::Sex, &one.sex)?, text(On::Manufacturer, &one.manufacturer)?, text(On::Model, &one.model)?];
    Some((kind, (number(On::Age, one.age)?, number(On::Year, one.year)?)))
}

/// A number by chance that is the same every time, and on every machine. `of`: `case` or `control`.
#[must_use]
pub fn chance(seed: u32, of: &[u8], patient: i64) -> u64 {
    let mut hash = Sha256::new();
    hash.update(of);
    hash.update(seed.to_le_bytes());
    hash.update(patient.to_le_bytes());
    let hash = hash.finalize();
    u64::from_le_bytes([hash[0], hash[1], hash[2], hash[3], hash[4], hash[5], hash[6], hash[7]])
}
