//! Tables of facts as they may leave: every column has a declared role, and one without is left out.

use std::collections::HashMap;
use warehouse::extract::{date_of, day_of, line};
use warehouse::rows::Cell;
use warehouse::schema::{Column, Table, Type};

/// What becomes of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The patient's number: the subject's code.
    Subject,
    /// The row's own number: counted anew.
    Row,
    /// A row of another table: its number there.
    Link(&'static str),
    /// The exam's number: its Study Instance UID in the project.
    Exam,
    /// A UID: that of the project.
    Uid,
    /// A day, as a number.
    Day,
    /// A day.
    Date,
    /// A moment.
    Moment,
    /// The year of an exam.
    Year,
    /// The year of birth.
    BirthYear,
    /// An age: the oldest are one group.
    Age,
    /// A code, a word of ours or a number: as it is.
    Keep,
    /// The name of a code system: the public ones as they are.
    System,
    /// Words somebody wrote: cleaned.
    Text,
    /// What an attribute says: what the policy says of that attribute (group, element).
    Attribute(u16, u16),
    /// Left out.
    Out,
}

/// The role of a column; left out where nobody declared one.
#[must_use]
pub fn role(table: &str, column: &str) -> Role {
    match (table, column) {
        // Other projects that a subject is in would tell subjects apart, and are nobody's business here.
        ("membership", _) => Role::Out,
        (_, "patient") => Role::Subject,
        (_, "id") => Role::Row,
        (_, "exam") => Role::Exam,
        (_, "report") => Role::Link("report"),
        (_, "day" | "end_day" | "death_day" | "first_exam" | "last_exam") => Role::Day,
        (_, "date") => Role::Date,
        (_, "age") => Role::Age,
        ("patient", "birth_year") => Role::BirthYear,
        ("patient", "sex") => Role::Keep,
        ("exam", "study_uid") | ("series", "series_uid") => Role::Uid,
        ("image_measurement", _) => measured(column),
        ("exam", "at") => Role::Moment,
        ("exam", "year") => Role::Year,
        ("exam", "description") => Role::Attribute(0x0008, 0x1030),
        ("series", "description") => Role::Attribute(0x0008, 0x103E),
        ("exam" | "series", _) => imaging(column),
        (_, "system" | "standard_system") => Role::System,
        (_, "display" | "title" | "value_text") => Role::Text,
        (_, "code" | "standard_code" | "status" | "state" | "class" | "value" | "unit") => Role::Keep,
        ("finding", "finding" | "kinds" | "assertion" | "temporality" | "experiencer" | "laterality") => {
            Role::Keep
        }
        ("finding", "location" | "severity" | "size") => Role::Keep,
        ("category", "scheme" | "modifiers") => Role::Keep,
        ("observation", "usual_value" | "usual_unit" | "usual_by") => Role::Keep,
        ("variant", "gene" | "variant" | "zygosity" | "significance") => Role::Keep,
        _ => Role::Out,
    }
}

fn imaging(column: &str) -> Role {
    match column {
        "modalities" | "modality" => Role::Attribute(0x0008, 0x0060),
        "body_part" => Role::Attribute(0x0018, 0x0015),
        "manufacturer" => Role::Attribute(0x0008, 0x0070),
        "model" => Role::Attribute(0x0008, 0x1090),
        "protocol" => Role::Attribute(0x0018, 0x1030),
        "laterality" => Role::Attribute(0x0020, 0x0060),
        "kernel" => Role::Attribute(0x0018, 0x1210),
        "contrast_agent" => Role::Attribute(0x0018, 0x0010),
        "scanning_sequence" => Role::Attribute(0x0018, 0x0020),
        "sequence_name" => Role::Attribute(0x0018, 0x0024),
        "view_position" => Role::Attribute(0x0018, 0x5101),
        "radiopharmaceutical" => Role::Attribute(0x0018, 0x0031),
        "image_type" => Role::Attribute(0x0008, 0x0008),
        "series_count" | "instance_count" | "instances" | "reports" | "orders" => Role::Keep,
        // Where images were when the facts were frozen says nothing of anybody, and not what a package has.
        "held" => Role::Out,
        "rows" | "columns" | "slice_thickness" | "spacing_between_slices" | "pixel_spacing" => Role::Keep,
        "kvp" | "tube_current" | "exposure" | "field_strength" | "repetition_time" | "echo_time" => {
            Role::Keep
        }
        "inversion_time" | "flip_angle" | "diffusion_b_value" | "transducer_frequency" => Role::Keep,
        _ => Role::Out,
    }
}

fn measured(column: &str) -> Role {
    match column {
        "series_uid" | "sop_uid" | "report_uid" | "tracking_uid" => Role::Uid,
        "system" | "finding_system" | "site_system" => Role::System,
        "display" | "derivation" | "finding_display" | "site_display" | "algorithm" => Role::Text,
        "code" | "finding_code" | "site_code" | "laterality" | "frame" | "made_by" => Role::Keep,
        "value" | "unit" | "usual_value" | "usual_unit" => Role::Keep,
        _ => Role::Out,
    }
}

/// What a policy says of an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It stays.
    Stays,
    /// Its words are cleaned.
    Cleaned,
    /// It goes.
    Goes,
}

/// What becomes of a person's days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Days {
    /// They stay.
    Stay,
    /// They move by so many.
    Move(i32),
    /// Only the year stays: its first day.
    Year,
    /// They go.
    Go,
}

impl Days {
    /// A day since 1970-01-01 as it leaves.
    #[must_use]
    pub fn day(self, day: i64) -> Option<i64> {
        match self {
            Self::Stay => Some(day),
            Self::Move(by) => Some(day + i64::from(by)),
            Self::Year => date_of(day).map(|date| day_of(date.first_of_year())),
            Self::Go => None,
        }
    }

    fn moment(self, micros: i64) -> Option<i64> {
        const DAY: i64 = 24 * 3_600_000_000;
        let (day, rest) = (micros.div_euclid(DAY), micros.rem_euclid(DAY));
        // The time of day is no part of a year.
        let rest = if self == Self::Year { 0 } else { rest };
        Some(self.day(day)? * DAY + rest)
    }
}

/// How the rows of one subject leave.
pub trait Passage {
    /// The subject's code.
    fn subject(&self) -> &str;
    /// What becomes of days.
    fn days(&self) -> Days;
    /// The UID that stands for another one.
    fn uid(&self, original: &str) -> String;
    /// The Study Instance UID, in the project, of an exam by its number; none: it is not in the release.
    fn exam(&self, number: i64) -> Option<String>;
    /// Words without what identifies.
    fn clean(&self, text: &str) -> String;
    /// Ages above this are one group.
    fn age_cap(&self) -> i64;
    /// The day that ages are capped by.
    fn as_of(&self) -> i64;
}

/// A column on its way out.
#[derive(Debug, Clone, Copy)]
pub struct Outgoing {
    /// Its place in the row it is made of.
    from: usize,
    role: Role,
    cleaned: bool,
    /// The column as it leaves.
    pub column: Column,
}

/// The columns of a table that leave under a policy.
#[must_use]
pub fn outgoing(table: &Table, fate: impl Fn(u16, u16) -> Fate, dates: bool) -> Vec<Outgoing> {
    let one = |(from, column): (usize, &Column)| {
        let role = role(table.name, column.name);
        let mut cleaned = role == Role::Text;
        match role {
            Role::Out => return None,
            Role::Day | Role::Date | Role::Moment | Role::Year | Role::BirthYear if !dates => return None,
            Role::Attribute(group, element) => match fate(group, element) {
                Fate::Goes => return None,
                Fate::Cleaned => cleaned = true,
                Fate::Stays => {}
            },
            _ => {}
        }
        Some(Outgoing { from, role, cleaned, column: named(column, role) })
    };
    table.columns.iter().enumerate().filter_map(one).collect()
}

fn named(column: &Column, role: Role) -> Column {
    match role {
        Role::Subject => {
            Column { name: "subject", of: Type::Text, about: "The subject's code in the project." }
        }
        Role::Row => Column { about: "The row's number in this table.", ..*column },
        Role::Exam => Column {
            of: Type::Text,
            about: "The exam: its Study Instance UID in the project (0020,000D).",
            ..*column
        },
        Role::BirthYear => {
            Column { about: "Year of birth as its dates moved; none for the oldest.", ..*column }
        }
        _ => *column,
    }
}

/// Rows of a table that are ready to leave, with the numbers they had.
#[derive(Default)]
pub struct Numbers(HashMap<(&'static str, i64), i64>);

impl Numbers {
    /// The number that a row of a table leaves with; none: it does not leave.
    #[must_use]
    pub fn of(&self, table: &'static str, id: i64) -> Option<i64> {
        self.0.get(&(table, id)).copied()
    }
}

/// Passes the rows of a subject through, in an order that only what they say decides, and numbers them after `last`.
pub fn pass(
    table: &'static Table,
    columns: &[Outgoing],
    rows: &[Vec<Cell>],
    passage: &impl Passage,
    numbers: &mut Numbers,
    last: &mut i64,
) -> Vec<Vec<Cell>> {
    let at = |name: &str| table.columns.iter().position(|column| column.name == name);
    let (exam, id, birth) = (at("exam"), at("id"), at("birth_day"));
    let plain: Vec<Column> = columns.iter().map(|one| one.column).collect();
    let mut passed: Vec<(i64, String, i64, Vec<Cell>)> = Vec::with_capacity(rows.len());
    for row in rows {
        // What belongs to an exam that is not in the release stays here.
        if let Some(Cell::Int(number)) = exam.map(|exam| &row[exam])
            && passage.exam(*number).is_none()
        {
            continue;
        }
        let birth = birth.and_then(|birth| int(&row[birth]));
        let cells: Vec<Cell> =
            columns.iter().map(|one| cell(one, &row[one.from], birth, passage, numbers)).collect();
        let day = at("day").and_then(|day| int(&row[day])).unwrap_or(i64::MIN);
        let id = id.and_then(|id| int(&row[id])).unwrap_or_default();
        passed.push((day, line(&plain, &cells), id, cells));
    }
    passed.sort_by(|a, b| (a.0, &a.1, a.2).cmp(&(b.0, &b.1, b.2)));
    let number_at = columns.iter().position(|one| one.role == Role::Row);
    for (_, _, id, cells) in &mut passed {
        *last += 1;
        numbers.0.insert((table.name, *id), *last);
        if let Some(at) = number_at {
            cells[at] = Cell::Int(*last);
        }
    }
    passed.into_iter().map(|(.., cells)| cells).collect()
}

fn cell(one: &Outgoing, cell: &Cell, birth: Option<i64>, passage: &impl Passage, numbers: &Numbers) -> Cell {
    let days = passage.days();
    match (one.role, cell) {
        (Role::Subject, _) => Cell::Text(passage.subject().to_owned().into()),
        (Role::Row | Role::Out, _) | (_, Cell::Null | Cell::Map(_)) => Cell::Null,
        (Role::Link(table), Cell::Int(id)) => numbers.of(table, *id).into(),
        (Role::Exam, Cell::Int(number)) => passage.exam(*number).into(),
        (Role::Uid, Cell::Text(uid)) => passage.uid(uid).into(),
        (Role::Day | Role::Date, Cell::Int(day)) => days.day(*day).into(),
        (Role::Moment, Cell::Int(micros)) => days.moment(*micros).into(),
        (Role::Year, Cell::Int(year)) => year_of(days, *year),
        (Role::BirthYear, _) => birth.map_or(Cell::Null, |birth| birth_year(birth, passage)),
        (Role::Age, Cell::Int(age)) => Cell::Int((*age).min(passage.age_cap() + 1)),
        (Role::System, Cell::Text(system)) if is_public(system) => cell.clone(),
        (Role::Text | Role::Attribute(..), Cell::Text(text)) if one.cleaned => passage.clean(text).into(),
        (Role::Keep | Role::Attribute(..), _) => cell.clone(),
        _ => Cell::Null,
    }
}

/// The year an exam was in is not known to the day: where days move, its own column of days tells it.
fn year_of(days: Days, year: i64) -> Cell {
    match days {
        Days::Stay | Days::Year => Cell::Int(year),
        Days::Move(_) | Days::Go => Cell::Null,
    }
}

fn birth_year(birth: i64, passage: &impl Passage) -> Cell {
    let years = (passage.as_of() - birth) as f64 / 365.25;
    if years > passage.age_cap() as f64 {
        return Cell::Null;
    }
    let moved = passage.days().day(birth).and_then(date_of);
    moved.map(|date| i64::from(date.year())).into()
}

/// Code systems that everybody has. Others name a hospital.
fn is_public(system: &str) -> bool {
    const PUBLIC: [&str; 10] = [
        "http://dicom.nema.org/",
        "http://snomed.info/",
        "http://loinc.org",
        "http://hl7.org/",
        "http://terminology.hl7.org/",
        "http://www.nlm.nih.gov/research/umls/rxnorm",
        "http://www.whocc.no/atc",
        "http://unitsofmeasure.org",
        "http://fhir.de/CodeSystem/",
        "urn:oid:2.16.840.1.113883.6.",
    ];
    PUBLIC.iter().any(|public| system.starts_with(public)) || !system.contains([':', '/', '.'])
}

/// How many days of rows leave as they are, and how many leave, for who looks whether they moved.
#[must_use]
pub fn unmoved(table: &Table, rows: &[Vec<Cell>], days: Days) -> (u64, u64) {
    let at: Vec<usize> = (0..table.columns.len())
        .filter(|at| matches!(role(table.name, table.columns[*at].name), Role::Day | Role::Date))
        .collect();
    let (mut unmoved, mut all) = (0, 0);
    for row in rows {
        for day in at.iter().filter_map(|at| int(&row[*at])) {
            if let Some(after) = days.day(day) {
                all += 1;
                unmoved += u64::from(after == day);
            }
        }
    }
    (unmoved, all)
}

fn int(cell: &Cell) -> Option<i64> {
    match cell {
        Cell::Int(value) => Some(*value),
        _ => None,
    }
}

/// Columns whose values tell people apart: codes and words of ours.
#[must_use]
pub fn telling(table: &Table) -> Vec<(usize, &'static str)> {
    let of = |(at, column): (usize, &Column)| {
        let named = matches!(
            column.name,
            "code"
                | "finding"
                | "finding_code"
                | "site_code"
                | "gene"
                | "variant"
                | "manufacturer"
                | "model"
                | "body_part"
        );
        let leaves = role(table.name, column.name) != Role::Out;
        (named && leaves).then_some((at, column.name))
    };
    table.columns.iter().enumerate().filter_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use warehouse::schema::{TABLES, table};

    struct One(Days);

    impl Passage for One {
        fn subject(&self) -> &str {
            "S-1"
        }
        fn days(&self) -> Days {
            self.0
        }
        fn uid(&self, original: &str) -> String {
            format!("2.25.{}", original.len())
        }
        fn exam(&self, number: i64) -> Option<String> {
            (number == 7).then(|| "2.25.7".into())
        }
        fn clean(&self, text: &str) -> String {
            text.replace("Doe", "[name]")
        }
        fn age_cap(&self) -> i64 {
            89
        }
        fn as_of(&self) -> i64 {
            20_000
        }
    }

    fn keep(_: u16, _: u16) -> Fate {
        Fate::Stays
    }

    /// A row with a cell for each column, by name.
    fn row(of: &Table, cells: &[(&str, Cell)]) -> Vec<Cell> {
        let cell =
            |name: &str| cells.iter().find(|(column, _)| *column == name).map(|(_, cell)| cell.clone());
        of.columns.iter().map(|column| cell(column.name).unwrap_or_default()).collect()
    }

    fn passed(name: &str, rows: &[Vec<Cell>], days: Days) -> Vec<HashMap<&'static str, Cell>> {
        let table = table(name).expect("a table");
        let columns = outgoing(table, keep, true);
        let rows = pass(table, &columns, rows, &One(days), &mut Numbers::default(), &mut 0);
        let named = |row: Vec<Cell>| columns.iter().map(|one| one.column.name).zip(row).collect();
        rows.into_iter().map(named).collect()
    }

    #[test]
    fn a_column_that_nobody_declared_is_left_out() {
        assert_eq!(role("exam", "accession"), Role::Out);
        assert_eq!(role("nothing", "name"), Role::Out);
        let left_out: Vec<String> = TABLES
            .iter()
            .filter(|table| table.name != "membership")
            .flat_map(|table| table.columns.iter().map(move |column| (table.name, column.name)))
            .filter(|(table, column)| role(table, column) == Role::Out)
            .map(|(table, column)| format!("{table}.{column}"))
            .collect();
        let known = [
            "patient.birth_day",
            "patient.exams",
            "exam.held",
            "series.attributes",
            // What is left of a report text is asked for, and not handed out.
            "report.words",
            "report.findings",
        ];
        assert_eq!(left_out, known, "a new column needs a role");
        let memberships = table("membership").expect("a table");
        assert!(outgoing(memberships, keep, true).is_empty(), "projects are not told of each other");
    }

    #[test]
    fn people_exams_days_and_words_are_those_of_the_project() {
        let exams = table("exam").expect("a table");
        let rows = [
            row(
                exams,
                &[
                    ("patient", Cell::Int(41)),
                    ("id", Cell::Int(7)),
                    ("exam", Cell::Int(7)),
                    ("day", Cell::Int(100)),
                    ("age", Cell::Int(97)),
                    ("study_uid", Cell::Text("1.2.840".into())),
                    ("description", Cell::Text("CT of Doe".into())),
                ],
            ),
            row(exams, &[("patient", Cell::Int(41)), ("id", Cell::Int(8)), ("exam", Cell::Int(8))]),
        ];
        let rows = passed("exam", &rows, Days::Move(-30));
        assert_eq!(rows.len(), 1, "an exam that is not in the release stays");
        let text = |text: &'static str| Cell::Text(text.into());
        for (column, expected) in [
            ("subject", text("S-1")),
            ("exam", text("2.25.7")),
            ("id", Cell::Int(1)),
            ("day", Cell::Int(70)),
            ("age", Cell::Int(90)),
            ("study_uid", text("2.25.7")),
        ] {
            assert_eq!(rows[0][column], expected, "{column}");
        }
    }

    #[test]
    fn words_are_cleaned_and_local_systems_go() {
        let orders = table("order").expect("a table");
        let one = row(
            orders,
            &[
                ("patient", Cell::Int(1)),
                ("id", Cell::Int(1)),
                ("system", Cell::Text("https://st-elsewhere.example/codes".into())),
                ("code", Cell::Text("CTCH".into())),
                ("display", Cell::Text("CT chest, Dr Doe".into())),
            ],
        );
        let rows = passed("order", &[one], Days::Go);
        assert_eq!(rows[0]["display"], Cell::Text("CT chest, Dr [name]".into()));
        assert_eq!((&rows[0]["system"], &rows[0]["code"]), (&Cell::Null, &Cell::Text("CTCH".into())));
    }

    #[test]
    fn the_oldest_have_no_year_of_birth() {
        let patients = table("patient").expect("a table");
        let of = |day: i64| {
            let one = row(
                patients,
                &[("patient", Cell::Int(1)), ("birth_day", Cell::Int(day)), ("birth_year", Cell::Int(1))],
            );
            passed("patient", &[one], Days::Move(-10)).remove(0).remove("birth_year")
        };
        assert_eq!(of(0), Some(Cell::Int(1969)));
        assert_eq!(of(-20_000), Some(Cell::Null));
    }

    #[test]
    fn what_the_policy_takes_away_is_no_column() {
        let series = table("series").expect("a table");
        let none = outgoing(series, |_, _| Fate::Goes, false);
        let names: Vec<_> = none.iter().map(|one| one.column.name).collect();
        assert!(
            !names.contains(&"description") && !names.contains(&"day") && names.contains(&"subject"),
            "{names:?}"
        );
    }

    proptest! {
        #[test]
        fn rows_leave_in_the_same_order_however_they_come(days in proptest::collection::vec(0..50_i64, 1..20), turn in 0..20usize) {
            let table = table("condition").expect("a table");
            let mut rows: Vec<_> = days.iter().enumerate().map(|(id, day)| {
                row(table, &[("patient", Cell::Int(1)), ("id", Cell::Int(id as i64)), ("day", Cell::Int(*day))])
            }).collect();
            let one = passed("condition", &rows, Days::Move(3));
            let turn = turn % rows.len();
            rows.rotate_left(turn);
            prop_assert_eq!(one, passed("condition", &rows, Days::Move(3)));
        }
    }
}
