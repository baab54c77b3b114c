//! From what the catalog and the records hold to rows: all tables of the patients of one bucket.
//! Read in this order: this file, [`exams`], [`elsewhere`], [`measured`], [`clinical`], [`readings`], [`memberships`].

mod clinical;
mod elsewhere;
mod exams;
mod measured;
mod memberships;
mod readings;

use crate::members::Members;
use crate::rows::{Cell, Rows};
use crate::schema::TABLES;
use catalog::Catalog;
use records::Records;
use records::holdings::{HeldPerson, HeldRecord};
use records::vocabulary::Vocabulary;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

/// The version of how rows are made. Another one makes all facts again: what was frozen keeps the rows it has.
pub const FORM: &str = "5";

/// Patients of one bucket: their numbers are next to each other.
pub const BUCKET: i64 = 4096;
/// The bucket of exams that are nobody's.
pub const STRAYS: i64 = -1;
/// Exams read from the catalog at once.
const EXAMS: usize = 256;
/// Microseconds of a day.
const DAY: i64 = 24 * 3_600_000_000;

/// The bucket a patient is in.
#[must_use]
pub const fn bucket_of(patient: i64) -> i64 {
    patient.div_euclid(BUCKET)
}

/// The rows of all tables of one bucket, by table.
pub type Gathered = BTreeMap<&'static str, Rows>;

/// Gathers a bucket.
///
/// # Errors
/// The ledger's.
pub async fn gather(
    catalog: &Catalog,
    records: &Records,
    vocabulary: &Vocabulary,
    members: &Members,
    bucket: i64,
) -> Result<Gathered, sqlx::Error> {
    let mut desk = Desk::new();
    if bucket == STRAYS {
        let strays = records.held_strays().await?;
        let studies: Vec<String> = strays.into_iter().map(|exam| exam.study).collect();
        desk.strays(catalog, &studies).await?;
        desk.strays_elsewhere(catalog, &records.strays_elsewhere().await?).await?;
        desk.memberships(members).await?;
        desk.finish_people();
        return Ok(desk.tables);
    }
    let range = bucket * BUCKET..(bucket + 1) * BUCKET;
    desk.people(records.held_persons(&range).await?);
    let held = records.held_records(&range).await?;
    desk.say_who_died(&held);
    let links = records.held_links(&range).await?;
    desk.exams(catalog, records, &range, &links, &held).await?;
    desk.exams_elsewhere(catalog, &records.held_elsewhere(&range).await?).await?;
    let readings = records.held_readings(&range).await?;
    desk.texts(vocabulary, records.held_texts(&range).await?, &readings);
    let places = desk.clinical(held, &links);
    for read in readings {
        if let Some(place) = places.get(&read.record) {
            desk.reading(read.record, place, &read.reading);
        }
    }
    desk.memberships(members).await?;
    desk.finish_people();
    Ok(desk.tables)
}

/// What is known of a person while rows are made.
#[derive(Debug, Default)]
struct Known {
    sex: String,
    birth: Option<i64>,
    death: Option<i64>,
    first: Option<i64>,
    last: Option<i64>,
    exams: i64,
}

struct Desk {
    tables: Gathered,
    people: BTreeMap<i64, Known>,
    /// The number and day of an exam by its UID.
    exams: HashMap<String, (i64, Option<i64>)>,
    /// The patient of an exam by its UID.
    whose: HashMap<String, i64>,
    /// What is kept of a report's text, by its number.
    texts: HashMap<i64, Text>,
}

/// What is kept of a report's text.
#[derive(Debug, Default)]
struct Text {
    words: Option<String>,
    findings: Cell,
}

/// Where rows of a report belong.
struct Place {
    patient: i64,
    day: Option<i64>,
    exam: Option<i64>,
}

impl Desk {
    fn new() -> Self {
        let tables = TABLES.iter().map(|table| (table.name, Rows::of(table))).collect();
        Self {
            tables,
            people: BTreeMap::new(),
            exams: HashMap::new(),
            whose: HashMap::new(),
            texts: HashMap::new(),
        }
    }

    fn people(&mut self, people: Vec<HeldPerson>) {
        for person in people {
            let birth = day_of_iso(&person.birth);
            self.people.insert(person.person, Known { sex: person.sex, birth, ..Known::default() });
        }
    }

    fn say_who_died(&mut self, held: &[HeldRecord]) {
        for record in held.iter().filter(|record| record.kind == "Patient") {
            let died = record.content["deceasedDateTime"].as_str().and_then(day_of_iso);
            if let Some(person) = self.people.get_mut(&record.person) {
                person.death = person.death.or(died);
            }
        }
    }

    /// Adds a row of an event: the columns all events have, and its own by name.
    fn event(
        &mut self,
        of: &'static str,
        patient: i64,
        id: i64,
        day: Option<i64>,
        cells: Vec<(&'static str, Cell)>,
    ) {
        let age = self.age(patient, day);
        let first = [
            ("patient", patient.into()),
            ("id", id.into()),
            ("day", day.into()),
            ("date", day.into()),
            ("age", age.into()),
        ];
        self.row(of, first.into_iter().chain(cells));
    }

    fn row(&mut self, of: &'static str, cells: impl IntoIterator<Item = (&'static str, Cell)>) {
        let Some(rows) = self.tables.get_mut(of) else { return };
        let mut named: HashMap<&str, Cell> = cells.into_iter().collect();
        let columns = &rows.table().columns;
        debug_assert!(named.keys().all(|name| rows.table().column(name).is_some()), "a column {of} hasn't");
        let row: Vec<Cell> =
            columns.iter().map(|column| named.remove(column.name).unwrap_or_default()).collect();
        rows.push(row);
    }

    fn age(&self, patient: i64, day: Option<i64>) -> Option<i64> {
        let birth = self.people.get(&patient)?.birth?;
        years(birth, day?)
    }

    fn finish_people(&mut self) {
        for (patient, known) in std::mem::take(&mut self.people) {
            let year = known.birth.and_then(date_of).map(|date| i64::from(date.year()));
            let cells = [
                ("patient", patient.into()),
                ("sex", known.sex.into()),
                ("birth_day", known.birth.into()),
                ("birth_year", year.into()),
                ("death_day", known.death.into()),
                ("first_exam", known.first.into()),
                ("last_exam", known.last.into()),
                ("exams", known.exams.into()),
            ];
            self.row("patient", cells);
        }
    }
}

/// Whole years from one day to another.
fn years(birth: i64, day: i64) -> Option<i64> {
    let (birth, day) = (date_of(birth)?, date_of(day)?);
    let before = (day.month(), day.day()) < (birth.month(), birth.day());
    let years = i64::from(day.year()) - i64::from(birth.year()) - i64::from(before);
    (0..150).contains(&years).then_some(years)
}

/// The day of a number of days since 1970-01-01.
fn date_of(day: i64) -> Option<jiff::civil::Date> {
    jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().try_days(day).ok()?).ok()
}

/// Days since 1970-01-01 of a date; of one that is told to the month or year, its first.
fn day_of_iso(text: &str) -> Option<i64> {
    let part = |at: Range<usize>| text.get(at)?.parse::<i8>().ok();
    let year: i16 = text.get(0..4)?.parse().ok()?;
    days_to(jiff::civil::Date::new(year, part(5..7).unwrap_or(1), part(8..10).unwrap_or(1)).ok()?)
}

/// Days since 1970-01-01 of a number like 20260131.
fn day_of_number(day: i64) -> Option<i64> {
    let part = |n: i64| i8::try_from(n).ok();
    let year = i16::try_from(day / 10_000).ok()?;
    days_to(jiff::civil::Date::new(year, part(day / 100 % 100)?, part(day % 100)?).ok()?)
}

fn days_to(date: jiff::civil::Date) -> Option<i64> {
    Some(i64::from(jiff::civil::date(1970, 1, 1).until(date).ok()?.get_days()))
}

/// Days since 1970-01-01 of a moment.
const fn day_of(moment: i64) -> i64 {
    moment.div_euclid(DAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_from_1970() {
        assert_eq!(day_of_iso("1970-01-02"), Some(1));
        assert_eq!(day_of_iso("1969"), Some(-365));
        assert_eq!(day_of_number(20_000_301), Some(11_017));
        assert_eq!(day_of_number(20_001_301), None);
        assert_eq!(day_of(-1), -1);
    }

    #[test]
    fn ages_are_whole_years() {
        let day = |text| day_of_iso(text).expect("a day");
        assert_eq!(years(day("1960-02-29"), day("2020-02-28")), Some(59));
        assert_eq!(years(day("1960-02-29"), day("2020-02-29")), Some(60));
        assert_eq!(years(day("2020-01-01"), day("2019-01-01")), None);
    }
}
