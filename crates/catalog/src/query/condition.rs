//! A key on a column, as SQL.

use super::Matching;
use super::columns::Kind;
use crate::fold;
use crate::moment;
use serde_json::Value;
use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::Query as SqlQuery;
use sqlx::{Any, AnyPool, AssertSqlSafe};
use store::Engine;

/// A value bound to a statement.
#[derive(Debug, Clone)]
enum Argument {
    Text(String),
    Int(i64),
}

/// The values of a statement under construction; its text has only their places.
#[derive(Debug, Clone)]
pub(super) struct Arguments {
    pub engine: Engine,
    values: Vec<Argument>,
}

impl Arguments {
    pub(super) const fn new(engine: Engine) -> Self {
        Self { engine, values: Vec::new() }
    }

    /// The place of a text.
    pub(super) fn text(&mut self, text: &str) -> String {
        // PostgreSQL takes no NUL; nothing held has one.
        self.values.push(Argument::Text(text.replace('\0', " ")));
        format!("${}", self.values.len())
    }

    /// The place of a number.
    pub(super) fn int(&mut self, number: i64) -> String {
        self.values.push(Argument::Int(number));
        format!("${}", self.values.len())
    }

    /// A subquery that gives these texts.
    pub(super) fn texts(&mut self, texts: &[String]) -> String {
        let list = Value::from(texts.to_vec()).to_string();
        let place = self.text(&list);
        match self.engine {
            Engine::Sqlite => format!("(SELECT value FROM json_each({place}))"),
            Engine::Postgres => format!("(SELECT jsonb_array_elements_text(CAST({place} AS jsonb)))"),
        }
    }

    /// Runs a statement made with these places.
    pub(super) async fn fetch(&self, pool: &AnyPool, sql: String) -> Result<Vec<AnyRow>, sqlx::Error> {
        // Safe: the text has names of ours and places; all values are bound.
        let mut query: SqlQuery<'_, Any, AnyArguments> = sqlx::query(AssertSqlSafe(sql));
        for value in &self.values {
            query = match value {
                Argument::Text(text) => query.bind(text.as_str()),
                Argument::Int(number) => query.bind(*number),
            };
        }
        query.fetch_all(pool).await
    }
}

/// The condition of a matching on a column; none where everything matches.
pub(super) fn on_column(
    arguments: &mut Arguments,
    kind: Kind,
    column: &str,
    matching: &Matching,
) -> Option<String> {
    match matching {
        Matching::Universal | Matching::Items(_) | Matching::Moments(_) => None,
        Matching::Empty => Some(empty(kind, column)),
        Matching::Range(from, to) => Some(range(arguments, kind, column, from, to)),
        Matching::Values(values) if kind == Kind::Uid && values.len() > 1 => {
            Some(format!("{column} IN {}", arguments.texts(values)))
        }
        Matching::Values(values) => {
            let each: Vec<_> = values.iter().map(|value| one(arguments, kind, column, value)).collect();
            Some(format!("({})", each.join(" OR ")))
        }
    }
}

fn empty(kind: Kind, column: &str) -> String {
    match kind {
        Kind::Date => format!("{column} = 0"),
        Kind::Time | Kind::Int => format!("{column} IS NULL"),
        _ => format!("{column} = ''"),
    }
}

/// What can't be a value of the column matches nothing.
const NOTHING: &str = "1 = 0";

fn one(arguments: &mut Arguments, kind: Kind, column: &str, value: &str) -> String {
    match kind {
        Kind::Uid => format!("{column} = {}", arguments.text(value)),
        Kind::Text => text(arguments, column, value),
        Kind::Name => name(arguments, column, value),
        Kind::PlainName => text(arguments, column, &fold::name_group(value)),
        Kind::Modalities => modality(arguments, column, value),
        Kind::Date => match moment::date(value) {
            Some(date) => format!("{column} = {}", arguments.int(date)),
            None => NOTHING.into(),
        },
        Kind::Time => match moment::time_span(value) {
            Some((from, to)) => between(arguments, column, Some(from), Some(to)),
            None => NOTHING.into(),
        },
        Kind::Int => match value.trim().parse() {
            Ok(number) => format!("{column} = {}", arguments.int(number)),
            Err(_) => NOTHING.into(),
        },
    }
}

fn between(arguments: &mut Arguments, column: &str, from: Option<i64>, to: Option<i64>) -> String {
    let from = from.map(|from| format!("{column} >= {}", arguments.int(from)));
    let to = to.map(|to| format!("{column} <= {}", arguments.int(to)));
    from.into_iter().chain(to).collect::<Vec<_>>().join(" AND ")
}

/// The bounds a range has on a date or time column; `None` if it can't be one.
pub(super) fn bounds(kind: Kind, from: &str, to: &str) -> Option<(Option<i64>, Option<i64>)> {
    let bound = |text: &str, last: bool| match (text, kind) {
        ("", _) => Some(None),
        (text, Kind::Date) => moment::date(text).map(Some),
        (text, Kind::Time) => moment::time_span(text).map(|span| Some(if last { span.1 } else { span.0 })),
        _ => None,
    };
    Some((bound(from, false)?, bound(to, true)?))
}

fn range(arguments: &mut Arguments, kind: Kind, column: &str, from: &str, to: &str) -> String {
    match bounds(kind, from, to) {
        // A day is known: 0 stands for none.
        Some((from, to)) if kind == Kind::Date => between(arguments, column, from.or(Some(1)), to),
        Some((None, None)) => format!("{column} IS NOT NULL"),
        Some((from, to)) => between(arguments, column, from, to),
        None => NOTHING.into(),
    }
}

/// Whether a value has wildcards.
pub(super) fn is_pattern(value: &str) -> bool {
    value.contains(['*', '?'])
}

/// What a pattern begins with, before its first wildcard.
pub(super) fn prefix_of(pattern: &str) -> &str {
    pattern.split(['*', '?']).next().unwrap_or_default()
}

fn text(arguments: &mut Arguments, column: &str, value: &str) -> String {
    if !is_pattern(value) {
        return format!("{column} = {}", arguments.text(value));
    }
    let like = like(arguments, column, value);
    let prefix = prefix_of(value);
    match fold::after_prefix(prefix).filter(|_| !prefix.is_empty()) {
        Some(end) => {
            let (from, to) = (arguments.text(prefix), arguments.text(&end));
            format!("({column} >= {from} AND {column} < {to} AND {like})")
        }
        None => like,
    }
}

/// `*` and `?` as the engine writes them; case matters on both.
pub(super) fn like(arguments: &mut Arguments, column: &str, pattern: &str) -> String {
    match arguments.engine {
        Engine::Sqlite => format!("{column} GLOB {}", arguments.text(&pattern.replace('[', "[[]"))),
        Engine::Postgres => {
            let escaped = pattern.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            format!("{column} LIKE {}", arguments.text(&escaped.replace('*', "%").replace('?', "_")))
        }
    }
}

/// Groups of the key match the groups of the name. A key of one group in other than Latin letters
/// may be any group of the name.
fn name(arguments: &mut Arguments, column: &str, value: &str) -> String {
    let other = column.replace("name_key", "name_other");
    let mut groups = value.split('=').map(fold::name_group);
    let first = groups.next().unwrap_or_default();
    let mut all: Vec<String> = Vec::new();
    if !first.is_empty() {
        let on_first = text(arguments, column, &first);
        let anywhere = !first.is_ascii() && !value.contains('=');
        let on_other = anywhere.then(|| in_other_groups(arguments, &other, &first));
        all.push(match on_other {
            Some(on_other) => format!("({on_first} OR {on_other})"),
            None => on_first,
        });
    }
    for group in groups.filter(|group| !group.is_empty()) {
        all.push(in_other_groups(arguments, &other, &group));
    }
    if all.is_empty() { "1 = 1".into() } else { all.join(" AND ") }
}

fn in_other_groups(arguments: &mut Arguments, column: &str, group: &str) -> String {
    let whole = text(arguments, column, group);
    let first = like(arguments, column, &format!("{group}=*"));
    let last = like(arguments, column, &format!("*={group}"));
    format!("({whole} OR {first} OR {last})")
}

fn modality(arguments: &mut Arguments, column: &str, value: &str) -> String {
    let separated = format!("('\\' || {column} || '\\')");
    like(arguments, &separated, &format!("*\\{value}\\*"))
}

/// A date and a time as one range of moments.
pub(super) fn combined(
    arguments: &mut Arguments,
    (date_column, time_column): (&str, &str),
    dates: (Option<i64>, Option<i64>),
    times: (Option<i64>, Option<i64>),
) -> String {
    let mut all = vec![format!("{date_column} > 0")];
    let mut bound = |date: Option<i64>, time: i64, order: char| {
        let Some(date) = date else { return };
        let (date, time) = (arguments.int(date), arguments.int(time));
        all.push(format!(
            "({date_column} {order} {date} OR ({date_column} = {date} \
             AND COALESCE({time_column}, 0) {order}= {time}))"
        ));
    };
    bound(dates.0, times.0.unwrap_or(0), '>');
    bound(dates.1, times.1.unwrap_or(i64::MAX), '<');
    all.join(" AND ")
}
