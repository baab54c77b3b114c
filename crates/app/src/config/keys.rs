//! The keys the settings file may have, taken from the schema of [`Config`].

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};
use server::Config;
use std::fmt;
use toml::de::{DeTable, DeValue};

/// The schema: sections and their keys.
pub struct Keys(Value);

/// A key that doesn't exist, with its line and what was probably meant.
#[derive(Debug, PartialEq, Eq)]
pub struct Mistake {
    line: usize,
    what: String,
    hint: Option<String>,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: unknown {}", self.line, self.what)?;
        self.hint.iter().try_for_each(|hint| write!(f, "; did you mean `{hint}`?"))
    }
}

impl Keys {
    /// The keys of [`Config`].
    pub fn of_config() -> Self {
        let mut settings = SchemaSettings::default();
        settings.inline_subschemas = true;
        Self(settings.into_generator().into_root_schema_for::<Config>().to_value())
    }

    /// The part of the schema for a dotted key such as `http.listen`.
    pub fn get(&self, key: &str) -> Option<&Value> {
        key.split('.').try_fold(&self.0, |schema, part| properties(schema)?.get(part))
    }

    /// The schema of the whole.
    pub const fn root(&self) -> &Value {
        &self.0
    }

    /// Every key that has a value rather than a section, dotted.
    pub fn leaves(&self) -> Vec<String> {
        let mut found = Vec::new();
        collect("", &self.0, &mut found);
        found
    }

    /// The unknown keys of a settings file. Text that isn't TOML has none: its parser tells better.
    pub fn mistakes(&self, text: &str) -> Vec<Mistake> {
        let mut found = Vec::new();
        if let Ok(table) = DeTable::parse(text) {
            check(table.get_ref(), &self.0, "", text, &mut found);
        }
        found.sort_by_key(|mistake| mistake.line);
        found
    }
}

/// The keys of a section; none when the schema is of a value or of a free table.
pub fn properties(schema: &Value) -> Option<&Map<String, Value>> {
    schema.get("properties")?.as_object()
}

/// The candidate most like what was written, if any is near.
pub fn nearest<'a>(written: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let scored = candidates.map(|known| (strsim::jaro_winkler(written, known), known));
    let best = scored.max_by(|(a, _), (b, _)| a.total_cmp(b));
    best.filter(|(score, _)| *score > 0.8).map(|(_, known)| known)
}

fn collect(path: &str, schema: &Value, found: &mut Vec<String>) {
    for (name, inner) in properties(schema).into_iter().flatten() {
        let key = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        if properties(inner).is_some() { collect(&key, inner, found) } else { found.push(key) }
    }
}

fn check(table: &DeTable<'_>, schema: &Value, section: &str, text: &str, found: &mut Vec<Mistake>) {
    let Some(known) = properties(schema) else { return };
    for (key, value) in table {
        let name = key.get_ref().as_ref();
        let inner = value.get_ref().as_table();
        match (known.get(name), inner) {
            (None, _) => found.push(Mistake {
                line: line_of(text, key.span().start),
                what: describe(name, value.get_ref(), section),
                hint: nearest(name, known.keys().map(String::as_str)).map(str::to_owned),
            }),
            (Some(schema), Some(inner)) => check(inner, schema, &join(section, name), text, found),
            (Some(_), None) => {}
        }
    }
}

fn describe(name: &str, value: &DeValue<'_>, section: &str) -> String {
    match (value.is_table(), section) {
        (true, _) => format!("section [{}]", join(section, name)),
        (false, "") => format!("key `{name}`"),
        (false, section) => format!("key `{name}` in [{section}]"),
    }
}

fn join(section: &str, name: &str) -> String {
    if section.is_empty() { name.to_owned() } else { format!("{section}.{name}") }
}

fn line_of(text: &str, at: usize) -> usize {
    text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1
}
