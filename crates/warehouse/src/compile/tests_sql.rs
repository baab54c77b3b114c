//! Tests of columns as SQL.

use crate::definition::{Bound, Test};
use crate::schema::{Table, Type};
use records::vocabulary::Phrase;

/// Whose SQL is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Dialect {
    /// ANSI, as DataFusion, DuckDB, PostgreSQL and Trino read it.
    #[default]
    Ansi,
    /// Spark's.
    Spark,
}

impl Dialect {
    /// A name of a table or column.
    #[must_use]
    pub fn name(self, name: &str) -> String {
        match self {
            Self::Ansi => format!("\"{name}\""),
            Self::Spark => format!("`{name}`"),
        }
    }

    /// A LIKE; the backslash takes the meaning from `%`, `_` and itself.
    fn like(self, of: &str, pattern: &str) -> String {
        let escape =
            if pattern.contains('\\') { format!(" ESCAPE {}", self.text("\\")) } else { String::new() };
        format!("{of} LIKE {}{escape}", self.text(pattern))
    }

    fn text(self, text: &str) -> String {
        match self {
            Self::Ansi => format!("'{}'", text.replace('\'', "''")),
            Self::Spark => format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'")),
        }
    }
}

/// A test of a row `t`. What is not known passes a test only when it is asked for the other way round.
pub(super) fn test(table: &Table, test: &Test, dialect: Dialect) -> String {
    let tested = Tested::of(table, test, dialect);
    let mut all = Vec::new();
    let says = tested
        .values()
        .into_iter()
        .chain(tested.beginnings())
        .chain(tested.phrases())
        .chain(tested.findings());
    let says: Vec<String> = says.collect();
    match says.len() {
        0 => {}
        1 => all.extend(says),
        _ => all.push(format!("({})", says.join(" OR "))),
    }
    if let Some(part) = &test.contains {
        let pattern = format!("%{}%", escaped(&part.to_lowercase()));
        all.push(dialect.like(&format!("LOWER({})", tested.column), &pattern));
    }
    for (sign, bound) in [(">=", &test.min), ("<=", &test.max)] {
        all.extend(bound.as_ref().map(|bound| format!("{} {sign} {}", tested.number(), tested.bound(bound))));
    }
    if let Some(known) = test.known {
        let not = if known { "NOT " } else { "" };
        all.push(format!("{} IS {not}NULL", tested.column));
    }
    let all = all.join(" AND ");
    if test.not { format!("({all}) IS NOT TRUE") } else { all }
}

struct Tested<'a> {
    test: &'a Test,
    of: Type,
    column: String,
    /// Another column that says the same in other codes.
    mapped: Option<String>,
    attribute: bool,
    dialect: Dialect,
}

impl<'a> Tested<'a> {
    fn of(table: &Table, test: &'a Test, dialect: Dialect) -> Self {
        let attribute = test.field.strip_prefix("attributes.");
        let own = |name: &str| format!("t.{}", dialect.name(name));
        let column = match attribute {
            Some(name) => format!("t.{}[{}]", dialect.name("attributes"), dialect.text(name)),
            None => own(&test.field),
        };
        let mapped =
            (test.field == "code" && table.column("standard_code").is_some()).then(|| own("standard_code"));
        let of = table.column(&test.field).map_or(Type::Text, |column| column.of);
        Self { test, of, column, mapped, attribute: attribute.is_some(), dialect }
    }

    fn columns(&self) -> impl Iterator<Item = &String> {
        std::iter::once(&self.column).chain(&self.mapped)
    }

    fn values(&self) -> Vec<String> {
        let values = &self.test.any_of;
        if values.is_empty() {
            return Vec::new();
        }
        match self.of {
            Type::List => values.iter().map(|value| self.like(&format!("%|{}|%", escaped(value)))).collect(),
            Type::Text => {
                let values: Vec<String> = values.iter().map(|value| self.dialect.text(value)).collect();
                self.columns().map(|column| is_one_of(column, &values)).collect()
            }
            // Checked to be numbers.
            _ => vec![is_one_of(&self.column, values)],
        }
    }

    fn beginnings(&self) -> Vec<String> {
        let starts = self.test.starts_with.iter();
        match self.of {
            Type::List => starts.map(|start| self.like(&format!("%|{}%", escaped(start)))).collect(),
            _ => starts
                .flat_map(|start| {
                    let pattern = format!("{}%", escaped(start));
                    self.columns().map(move |column| self.dialect.like(column, &pattern)).collect::<Vec<_>>()
                })
                .collect(),
        }
    }

    /// Words that follow each other, in a column of words with blanks around each.
    fn phrases(&self) -> impl Iterator<Item = String> {
        self.test.says.iter().map(|said| {
            let Phrase { words, begins } = Phrase::of(said);
            let end = if begins { "" } else { " " };
            self.like(&format!("% {}{end}%", words.join(" ")))
        })
    }

    /// Findings that the same report speaks of.
    fn findings(&self) -> impl Iterator<Item = String> {
        let column = format!("t.{}", self.dialect.name("findings"));
        let findings = self.test.or_findings.iter();
        findings.map(move |key| self.dialect.like(&column, &format!("%|{}|%", escaped(key))))
    }

    fn like(&self, pattern: &str) -> String {
        self.dialect.like(&self.column, pattern)
    }

    fn number(&self) -> String {
        if self.attribute { format!("TRY_CAST({} AS DOUBLE)", self.column) } else { self.column.clone() }
    }

    fn bound(&self, bound: &Bound) -> String {
        match (bound, self.of) {
            (Bound::Number(number), _) => format!("{number}"),
            (Bound::Date(day), Type::Date) => format!("DATE {}", self.dialect.text(day)),
            (Bound::Date(day), Type::Moment) => format!("TIMESTAMP {}", self.dialect.text(day)),
            (Bound::Date(day), _) => days(day).to_string(),
        }
    }
}

fn is_one_of(column: &str, values: &[String]) -> String {
    match values {
        [one] => format!("{column} = {one}"),
        _ => format!("{column} IN ({})", values.join(", ")),
    }
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

/// Days since 1970-01-01; checked to be a date.
fn days(day: &str) -> i64 {
    let Ok(day) = day.parse::<jiff::civil::Date>() else { return 0 };
    i64::from(jiff::civil::date(1970, 1, 1).until(day).map_or(0, |span| span.get_days()))
}
