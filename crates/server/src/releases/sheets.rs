//! The tables of a release: the facts at the version of the frozen cohort, subject by subject, in the project's terms.

use super::keep::{self, Of};
use super::look::{AT_ONCE, today, what_of};
use super::make::{MakeError, Making, Subject};
use super::reports::{self, REPORTS, Whose};
use deid::dates::DateRule;
use deid::policy::Action;
use deid::verify::residual::Identifiers;
use deid::{Known, Wall};
use release::checks::{self, Check};
use release::columns::{self, Days, Fate, Numbers, Outgoing, Passage};
use release::desk::IN_PLACE;
use release::papers;
use release::request::Form;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::BufWriter;
use std::sync::{Arc, Mutex, PoisonError};
use tempfile::TempDir;
use warehouse::extract::Sheet;
use warehouse::rows::Cell;
use warehouse::schema::{TABLES, Table, Type, table};

/// The form of tables that are handed out, and their folder in the package.
const TABLES_FORM: &str = "tables";

/// A table on its way.
struct Open {
    table: &'static Table,
    columns: Vec<Outgoing>,
    /// Its writer is nobody's to look at from two threads.
    sheet: Mutex<Sheet<BufWriter<File>, BufWriter<File>>>,
    last: i64,
}

/// Writes the tables; tells what became of the dates.
pub(super) async fn write(making: &mut Making<'_>, subjects: &[Subject]) -> Result<Check, MakeError> {
    let folder = beside(making)?;
    let session = making.app.warehouse.pinned(making.frozen.facts).await?;
    let wall = Arc::clone(making.leaving.wall());
    let mut open = begin(&wall, &folder)?;
    let exams = named(making, subjects);
    let mut numbers = Numbers::default();
    let mut moved = (0, 0);
    for chunk in by_code(subjects).chunks(AT_ONCE / 10) {
        let patients: Vec<i64> = chunk.iter().map(|subject| subject.patient).collect();
        let mut rows: HashMap<(&str, i64), Vec<Vec<Cell>>> = HashMap::new();
        for one in &open {
            for row in session.rows_of(one.table, &patients).await? {
                if let Some(Cell::Int(patient)) = row.first() {
                    rows.entry((one.table.name, *patient)).or_default().push(row);
                }
            }
        }
        for subject in chunk {
            making.tell(0, "tables are written").await?;
            let passing = Passing::of(making, subject, &exams).await?;
            let identifiers = Arc::new(making.leaving.identifiers(&subject.code, subject.patient).await?);
            let told = rows.get(&(REPORT, subject.patient)).map(|rows| records(rows)).unwrap_or_default();
            tokio::task::block_in_place(|| {
                for one in &mut open {
                    let own = rows.remove(&(one.table.name, subject.patient)).unwrap_or_default();
                    let (unmoved, all) = columns::unmoved(one.table, &own, passing.days());
                    moved = (moved.0 + unmoved, moved.1 + all);
                    let passed =
                        columns::pass(one.table, &one.columns, &own, &passing, &mut numbers, &mut one.last);
                    searched(making, one, &identifiers, &passed);
                    one.sheet.get_mut().unwrap_or_else(PoisonError::into_inner).push(&passed)?;
                }
                Ok::<_, MakeError>(())
            })?;
            if making.release.request.wants(Form::Reports) {
                let row = |record: i64| Some((record, numbers.of(REPORT, record)?));
                let leave: Vec<(i64, i64)> = told.into_iter().filter_map(row).collect();
                let (known, person, identifiers) = (&passing.known, &*passing.person, &identifiers);
                reports::write(making, &Whose { subject, known, person, identifiers }, &leave).await?;
            }
        }
    }
    end(making, open, &folder).await?;
    Ok(checks::dates(what_of(wall.date_rule("")), moved))
}

/// The table of reports, whose rows go by the numbers of records.
const REPORT: &str = "report";

/// The records of rows of reports.
fn records(rows: &[Vec<Cell>]) -> Vec<i64> {
    let at = table(REPORT).and_then(|table| table.columns.iter().position(|column| column.name == "id"));
    let id = |row: &Vec<Cell>| match row.get(at?) {
        Some(Cell::Int(id)) => Some(*id),
        _ => None,
    };
    rows.iter().filter_map(id).collect()
}

/// A folder beside the data, on the same disk.
fn beside(making: &Making<'_>) -> Result<TempDir, MakeError> {
    let folder = making.app.config.data.join("uploads");
    std::fs::create_dir_all(&folder)?;
    Ok(tempfile::Builder::new().prefix(".release-").tempdir_in(folder)?)
}

fn begin(wall: &Wall, folder: &TempDir) -> Result<Vec<Open>, MakeError> {
    let fate = |group: u16, element: u16| match wall.policy().rule(dicom::Tag(group, element)).action {
        Action::Keep => Fate::Stays,
        Action::Clean(_) => Fate::Cleaned,
        _ => Fate::Goes,
    };
    let dates = wall.date_rule("").is_some();
    let mut open = Vec::new();
    for table in TABLES.iter() {
        let columns = columns::outgoing(table, fate, dates);
        if columns.is_empty() {
            continue;
        }
        let plain: Vec<_> = columns.iter().map(|one| one.column).collect();
        let file = |ending: &str| {
            let path = folder.path().join(format!("{}.{ending}", table.name));
            Ok::<_, std::io::Error>(BufWriter::with_capacity(1 << 18, File::create(path)?))
        };
        let sheet = Sheet::begin(&plain, file("parquet")?, file("csv")?)?;
        open.push(Open { table, columns, sheet: Mutex::new(sheet), last: 0 });
    }
    Ok(open)
}

/// Exams of the release by their number, as they are named.
fn named(making: &Making<'_>, subjects: &[Subject]) -> BTreeMap<i64, String> {
    let by_study: HashMap<&str, &str> = subjects
        .iter()
        .flat_map(|subject| &subject.exams)
        .map(|(study, named)| (study.as_str(), named.as_str()))
        .collect();
    let name = |(number, (study, _)): (&i64, &(String, Option<i64>))| {
        Some((*number, (*by_study.get(study.as_str())?).to_owned()))
    };
    making.people.exams.iter().filter_map(name).collect()
}

/// Each patient once, by code: one with two Patient IDs has two.
fn by_code(subjects: &[Subject]) -> Vec<Subject> {
    let mut all: BTreeMap<i64, Subject> = BTreeMap::new();
    for subject in subjects {
        match all.get_mut(&subject.patient) {
            Some(one) => one.exams.extend(subject.exams.clone()),
            None => drop(all.insert(subject.patient, subject.clone())),
        }
    }
    let mut all: Vec<Subject> = all.into_values().collect();
    all.sort_by(|a, b| (&a.code, a.patient).cmp(&(&b.code, b.patient)));
    all
}

/// Everything in the rows that is text, searched as it leaves.
fn searched(making: &mut Making<'_>, one: &Open, identifiers: &Identifiers, rows: &[Vec<Cell>]) {
    let texts: Vec<usize> = (0..one.columns.len())
        .filter(|at| matches!(one.columns[*at].column.of, Type::Text | Type::List))
        .collect();
    let mut all = String::new();
    for row in rows {
        for at in &texts {
            if let Cell::Text(text) = &row[*at] {
                all.push_str(text);
                all.push('\n');
            }
        }
    }
    let path = format!("tables/{}.csv", one.table.name);
    making.searched_text(&path, identifiers, &all);
}

async fn end(making: &mut Making<'_>, open: Vec<Open>, folder: &TempDir) -> Result<(), MakeError> {
    let mut told = Vec::new();
    for one in open {
        let sheet = one.sheet.into_inner().unwrap_or_else(PoisonError::into_inner);
        let rows = sheet.rows;
        let (parquet, csv) = sheet.end()?;
        drop((parquet.into_inner().map_err(std::io::IntoInnerError::into_error)?, csv));
        if making.release.request.wants(Form::InPlace) {
            // Empty ones, too: whoever asks them is told that there is none.
            put(making, folder, &format!("{}.parquet", one.table.name), IN_PLACE).await?;
        }
        if rows == 0 {
            continue;
        }
        if one.table.name == REPORT && making.release.request.wants(Form::Reports) {
            for ending in ["parquet", "csv"] {
                put(making, folder, &format!("{REPORT}.{ending}"), REPORTS).await?;
            }
        }
        if making.release.request.wants(Form::Tables) {
            for ending in ["parquet", "csv"] {
                put(making, folder, &format!("{}.{ending}", one.table.name), TABLES_FORM).await?;
            }
        }
        told.push((one.table, one.columns));
    }
    let told: Vec<(&Table, &[Outgoing])> =
        told.iter().map(|(table, columns)| (*table, &columns[..])).collect();
    let of = Of { form: TABLES_FORM, subject: "", study: "" };
    let text = papers::dictionary(&told);
    let file = keep::put(making.app, &making.release.id, papers::DICTIONARY, text.into(), of).await?;
    making.enter_file(file).await
}

/// Keeps a table in one of its forms.
async fn put(making: &mut Making<'_>, folder: &TempDir, name: &str, form: &str) -> Result<(), MakeError> {
    let (from, path) = (folder.path().join(name), format!("{form}/{name}"));
    let of = Of { form, subject: "", study: "" };
    let file = keep::put_file(making.app, &making.release.id, &path, &from, of).await?;
    making.enter_file(file).await
}

/// How the rows of a subject leave.
struct Passing<'a> {
    code: String,
    days: Days,
    wall: Arc<Wall>,
    exams: &'a BTreeMap<i64, String>,
    known: Known,
    /// What the dates move by.
    person: String,
    as_of: i64,
    /// Words that were cleaned already.
    cleaned: RefCell<HashMap<String, String>>,
}

impl<'a> Passing<'a> {
    async fn of(
        making: &Making<'_>,
        subject: &Subject,
        exams: &'a BTreeMap<i64, String>,
    ) -> Result<Self, MakeError> {
        let studies: Vec<&str> = subject.exams.iter().map(|(study, _)| study.as_str()).collect();
        let known = making.leaving.known(&subject.code, subject.patient, &studies).await?;
        let person = making.leaving.subject(&subject.code, subject.patient).await?.unwrap_or_default();
        let wall = Arc::clone(making.leaving.wall());
        let days = match wall.date_rule(&person) {
            None => Days::Go,
            Some(DateRule::Keep) => Days::Stay,
            Some(DateRule::Shift(days)) => Days::Move(days),
            Some(DateRule::Year) => Days::Year,
        };
        let (as_of, cleaned) = (today(&making.frozen), RefCell::default());
        Ok(Self { code: subject.code.clone(), days, wall, exams, known, person, as_of, cleaned })
    }
}

impl Passage for Passing<'_> {
    fn subject(&self) -> &str {
        &self.code
    }

    fn days(&self) -> Days {
        self.days
    }

    fn uid(&self, original: &str) -> String {
        self.wall.new_uid(original)
    }

    fn exam(&self, number: i64) -> Option<String> {
        self.exams.get(&number).cloned()
    }

    fn clean(&self, text: &str) -> String {
        let mut cleaned = self.cleaned.borrow_mut();
        if let Some(clean) = cleaned.get(text) {
            return clean.clone();
        }
        let clean = self.wall.narrative(text, &self.known, &self.person);
        cleaned.insert(text.to_owned(), clean.clone());
        clean
    }

    fn age_cap(&self) -> i64 {
        i64::from(self.wall.policy().document().dates.age_cap)
    }

    fn as_of(&self) -> i64 {
        self.as_of
    }
}
