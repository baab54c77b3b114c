//! From a definition to SQL that people can read and other engines can run: one common table expression for each
//! stage of each criterion, semi-joins between them.

mod tests_sql;
mod units;

use crate::definition::{Around, Condition, Criterion, Definition, Near, Pick};
use crate::schema::{self, Table};
use std::fmt::Write as _;

pub use tests_sql::Dialect;

/// A definition as SQL.
#[derive(Debug, Clone)]
pub struct Compiled {
    /// Gives `patient`, each once.
    pub patients: String,
    /// Gives `patient` and `exam`, each exam once, of the patients that `{members}` gives.
    exams: String,
    /// What each criterion says by itself, in the order of the definition.
    pub steps: Vec<Step>,
    /// Whether all exams of its patients are meant.
    pub(crate) all_exams: bool,
    /// Named parts of the statements, each after those it reads.
    pub(crate) stages: Vec<Stage>,
    /// Gives `patient` where the stages are tables.
    pub(crate) members: String,
    with: String,
}

/// A named part of the statements.
#[derive(Debug, Clone)]
pub(crate) struct Stage {
    pub(crate) name: String,
    pub(crate) sql: String,
    /// Only exams need it.
    pub(crate) of_exams: bool,
}

/// A criterion by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Where it stands in the definition.
    pub place: String,
    /// The name of its rows, with all that must be around them.
    pub rows: String,
}

impl Compiled {
    /// Gives `patient` and `exam`, each exam once.
    #[must_use]
    pub fn exams(&self) -> String {
        format!("{}{}", self.with, self.exams.replace("{members}", &self.members))
    }

    /// The same where the stages are tables, and a table holds the patients.
    pub(crate) fn exams_of(&self, table: &str) -> String {
        self.exams.replace("{members}", &format!("SELECT patient FROM {table}"))
    }

    /// How many rows of each step are of one patient: gives `step` and `rows`.
    #[must_use]
    pub fn of_patient(&self, patient: i64) -> String {
        let count = |(n, step): (usize, &Step)| {
            format!("SELECT {n} AS step, COUNT(*) AS found FROM {} WHERE patient = {patient}", step.rows)
        };
        let counts: Vec<String> = self.steps.iter().enumerate().map(count).collect();
        format!("{}{}", self.with, counts.join("\nUNION ALL\n"))
    }
}

/// Compiles a definition that was checked.
#[must_use]
pub fn compile(definition: &Definition, dialect: Dialect) -> Compiled {
    compile_as(definition, dialect, "")
}

/// The same with stages whose names begin with some letters.
pub(crate) fn compile_as(definition: &Definition, dialect: Dialect, begin: &str) -> Compiled {
    let begin = begin.to_owned();
    let mut compiler = Compiler { dialect, begin, stages: Vec::new(), steps: Vec::new(), exams: Vec::new() };
    let wanted = definition.exams.as_deref();
    let holds =
        compiler.condition(&definition.patients, "patients", Wanted { label: wanted, positive: true });
    let mut members = format!("SELECT p.patient FROM patient p WHERE {holds}");
    if let Some(sample) = &definition.sample {
        // The same patients in every engine: no hash function is the same in all of them.
        let seed = u64::from(sample.seed) * 31 + 7;
        let by = format!("((p.patient % 1000003 + {seed}) * 7919 + p.patient) % 999983");
        members = format!("{members}\nORDER BY {by}, p.patient LIMIT {}", sample.patients);
    }
    let patients = format!("{}{members}", compiler.with(|stage| !stage.of_exams));
    let (with, exams, all_exams) = (compiler.with(|_| true), compiler.all_exams(), compiler.exams.is_empty());
    Compiled { patients, exams, steps: compiler.steps, all_exams, stages: compiler.stages, members, with }
}

/// Which exams are looked for.
#[derive(Clone, Copy)]
struct Wanted<'a> {
    label: Option<&'a str>,
    /// Not under a `not`.
    positive: bool,
}

struct Compiler {
    dialect: Dialect,
    /// What the names of stages begin with.
    begin: String,
    stages: Vec<Stage>,
    steps: Vec<Step>,
    /// Stages whose exams are meant.
    exams: Vec<String>,
}

impl Compiler {
    fn with(&self, wanted: impl Fn(&Stage) -> bool) -> String {
        let stages = self.stages.iter().filter(|stage| wanted(stage));
        let written =
            stages.map(|Stage { name, sql, .. }| format!("{name} AS (\n  {}\n)", sql.replace('\n', "\n  ")));
        let written: Vec<String> = written.collect();
        if written.is_empty() { String::new() } else { format!("WITH {}\n", written.join(",\n")) }
    }

    fn stage(&mut self, name: String, sql: String) -> String {
        self.stages.push(Stage { name: name.clone(), sql, of_exams: false });
        name
    }

    fn condition(&mut self, condition: &Condition, place: &str, wanted: Wanted<'_>) -> String {
        match condition {
            Condition::All(parts) => self.joined(parts, place, "all", " AND ", "TRUE", wanted),
            Condition::Any(parts) => self.joined(parts, place, "any", " OR ", "FALSE", wanted),
            Condition::Not(part) => {
                let not = Wanted { positive: false, ..wanted };
                format!("NOT {}", self.condition(part, &format!("{place}.not"), not))
            }
            Condition::Has(criterion) => {
                let built = self.criterion(criterion, &format!("{place}.has"));
                let many = criterion.at_least.filter(|count| *count > 1);
                let having = many.map(|count| format!(" GROUP BY patient HAVING COUNT(*) >= {count}"));
                let test = format!(
                    "p.patient IN (SELECT patient FROM {}{})",
                    built.rows,
                    having.unwrap_or_default()
                );
                if wanted.positive {
                    self.collect(criterion, &built, &built.rows, wanted.label, false);
                }
                test
            }
        }
    }

    fn joined(
        &mut self,
        parts: &[Condition],
        place: &str,
        word: &str,
        by: &str,
        none: &str,
        wanted: Wanted<'_>,
    ) -> String {
        let each =
            |(n, part): (usize, &Condition)| self.condition(part, &format!("{place}.{word}[{n}]"), wanted);
        let parts: Vec<String> = parts.iter().enumerate().map(each).collect();
        if parts.is_empty() { none.into() } else { format!("({})", parts.join(by)) }
    }

    /// The stages of a criterion.
    fn criterion(&mut self, criterion: &Criterion, place: &str) -> Built {
        let step = self.steps.len();
        self.steps.push(Step { place: place.into(), rows: String::new() });
        let name = format!("{}c{}", self.begin, step + 1);
        // A definition is checked before it is compiled.
        let Some(table) = schema::table(&criterion.of) else { return Built::default() };
        let around: Vec<Neighbour> = criterion
            .around
            .iter()
            .enumerate()
            .map(|(n, around)| self.around(table, around, &format!("{place}.around[{n}]")))
            .collect();
        let tests = |same: bool, rows: &str| {
            let both = criterion.around.iter().zip(&around);
            let those = both.filter(|(around, _)| (around.near == Near::SameExam) == same);
            those.map(|(around, neighbour)| neighbour.test(around, rows)).collect::<Vec<_>>()
        };
        let from = self.dialect.name(table.name);
        let own = columns(table);
        let mut all = units::tests(table, &criterion.tests, self.dialect);
        all.extend(tests(true, &from));
        let mut rows = self.stage(name.clone(), select(own, &from, &all));
        if let Some(pick) = criterion.pick {
            let picked = self.picked(own, &rows, pick);
            rows = self.stage(format!("{name}_picked"), picked);
        }
        let near = tests(false, &rows);
        if !near.is_empty() {
            rows = self.stage(format!("{name}_near"), select(own, &rows, &near));
        }
        self.steps[step].rows.clone_from(&rows);
        Built { rows, around }
    }

    /// One row of each patient. The first and the last are found without putting all in order.
    fn picked(&mut self, columns: &str, rows: &str, pick: Pick) -> String {
        let least = match pick {
            Pick::First => "MIN",
            Pick::Last => "MAX",
            Pick::Nth(n) => return nth(columns, rows, n),
        };
        let days = format!("SELECT patient, {least}(day) AS day FROM {rows} GROUP BY patient");
        let days = self.stage(format!("{rows}_day"), days);
        format!(
            "SELECT {columns} FROM {rows} t WHERE t.id IN (SELECT {least}(r.id) FROM {rows} r \
             JOIN {days} d ON d.patient = r.patient AND d.day = r.day GROUP BY r.patient)"
        )
    }

    fn around(&mut self, table: &Table, around: &Around, place: &str) -> Neighbour {
        let built = self.criterion(&around.has, &format!("{place}.has"));
        let on = beside(around, table.name == around.has.of);
        let without = around.without.as_ref();
        let without = without.map(|without| self.criterion(without, &format!("{place}.without")).rows);
        Neighbour { built, on, without }
    }

    /// Stages whose exams are meant, from a criterion on; `rows` are those that are part of the whole.
    fn collect(
        &mut self,
        criterion: &Criterion,
        built: &Built,
        rows: &str,
        label: Option<&str>,
        describes: bool,
    ) {
        let meant = match label {
            Some(label) => criterion.label.as_deref() == Some(label),
            None => !describes,
        };
        if meant && schema::table(&criterion.of).is_some_and(Table::is_of_exams) {
            self.exams.push(rows.to_owned());
        }
        for (around, neighbour) in
            criterion.around.iter().zip(&built.around).filter(|(around, _)| !around.absent)
        {
            let own = schema::table(&around.has.of).map_or("", columns);
            let part = neighbour.is_part(rows);
            let sql = format!("SELECT {own} FROM {} c WHERE {part}", neighbour.built.rows);
            let name = format!("{}k{}", self.begin, self.stages.len() + 1);
            self.stages.push(Stage { name: name.clone(), sql, of_exams: true });
            let describes = around.near == Near::SameExam;
            self.collect(&around.has, &neighbour.built, &name, label, describes);
        }
    }

    fn all_exams(&self) -> String {
        let select = "SELECT e.patient, e.exam FROM exam e WHERE";
        if self.exams.is_empty() {
            return format!("{select} e.patient IN ({{members}})");
        }
        let each = self.exams.iter().map(|rows| format!("SELECT exam FROM {rows} WHERE exam IS NOT NULL"));
        let of = each.collect::<Vec<_>>().join(" UNION ALL ");
        format!("{select} e.exam IN ({of})\n  AND e.patient IN ({{members}})")
    }
}

/// The rows of a criterion, and what is around them.
#[derive(Default)]
struct Built {
    rows: String,
    around: Vec<Neighbour>,
}

struct Neighbour {
    built: Built,
    /// What joins a row `t` and its neighbour `c`.
    on: String,
    /// Rows none of which is between them.
    without: Option<String>,
}

impl Neighbour {
    /// Whether a row `t` of `rows` has its neighbours.
    fn test(&self, around: &Around, rows: &str) -> String {
        let not = if around.absent { "NOT " } else { "" };
        let count = around.has.at_least.unwrap_or(1);
        if count == 1 && self.without.is_none() {
            return format!("{not}EXISTS (SELECT 1 FROM {} c WHERE {})", self.built.rows, self.on);
        }
        format!("t.id {not}IN (SELECT one FROM {} GROUP BY one HAVING COUNT(*) >= {count})", self.pairs(rows))
    }

    /// Whether a row `c` is the neighbour of one of `rows`.
    fn is_part(&self, rows: &str) -> String {
        match self.without {
            None => format!("EXISTS (SELECT 1 FROM {rows} t WHERE {})", self.on),
            Some(_) => format!("c.id IN (SELECT other FROM {})", self.pairs(rows)),
        }
    }

    /// Rows and their neighbours, with nothing between them that must not be there.
    fn pairs(&self, rows: &str) -> String {
        let pairs = format!(
            "(SELECT t.id AS one, c.id AS other, t.patient, t.day AS day_of_one, c.day AS day_of_other \
             FROM {rows} t JOIN {} c ON {}) q",
            self.built.rows, self.on
        );
        let Some(without) = &self.without else { return pairs };
        format!(
            "{pairs} WHERE NOT EXISTS (SELECT 1 FROM {without} x WHERE x.patient = q.patient \
             AND x.day > LEAST(q.day_of_one, q.day_of_other) AND x.day < GREATEST(q.day_of_one, q.day_of_other))"
        )
    }
}

/// What joins a row `t` and its neighbour `c`.
fn beside(around: &Around, same_table: bool) -> String {
    let mut on = match around.near {
        Near::SameExam => String::from("c.exam = t.exam"),
        _ => String::from("c.patient = t.patient"),
    };
    if let Near::Days { from, to } = around.near {
        let ends = [(">=", from), ("<=", to)];
        for (sign, days) in ends.into_iter().filter_map(|(sign, days)| Some((sign, days?))) {
            let _ = write!(on, " AND c.day {sign} t.day + {days}");
        }
    }
    // A row is not around itself.
    if same_table {
        on.push_str(" AND c.id <> t.id");
    }
    on
}

/// What later stages need of a row.
fn columns(table: &Table) -> &'static str {
    match (table.is_of_events(), table.is_of_exams()) {
        (false, _) => "patient",
        (true, false) => "patient, id, day",
        (true, true) => "patient, id, day, exam",
    }
}

fn select(columns: &str, from: &str, tests: &[String]) -> String {
    let tests = if tests.is_empty() { String::new() } else { format!("\nWHERE {}", tests.join("\n  AND ")) };
    format!("SELECT {columns} FROM {from} t{tests}")
}

fn nth(columns: &str, rows: &str, n: u32) -> String {
    format!(
        "SELECT {columns} FROM (SELECT {columns}, ROW_NUMBER() OVER (PARTITION BY patient ORDER BY day, id) AS place \
         FROM {rows} WHERE day IS NOT NULL) t WHERE place = {n}"
    )
}
