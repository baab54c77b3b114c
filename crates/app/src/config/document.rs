//! The example file and the manual page, made from the settings' own documentation.

use super::environment::variable;
use super::keys::{Keys, properties};
use serde_json::Value as Schema;
use server::Config;
use std::fmt::Write as _;
use toml::{Table, Value};

/// A settings file with every key at its default, commented out.
pub fn example() -> String {
    let mut text = String::from(
        "# The settings of Isocenter. Every key is shown with its default; take the `#` off to change it.\n\
         # Also from the environment: ISOCENTER_SECTION__KEY, e.g. ISOCENTER_HTTP__LISTEN.\n",
    );
    each_section(|section, schema, keys| {
        if !section.is_empty() {
            let _ = write!(text, "\n{}[{section}]\n", comment(&description(schema)));
        }
        for (name, schema, default) in keys {
            let value = default.map_or_else(|| placeholder(schema), ToString::to_string);
            let _ = write!(text, "\n{}# {name} = {value}\n", comment(&description(schema)));
        }
    });
    text
}

/// The manual page, as Markdown.
pub fn manual() -> String {
    let mut text = String::from(
        "# Settings\n\n\
         Isocenter reads `isocenter.toml` from the folder it is started in, or the file named by `--config`.\n\
         Later sources win: built-in defaults, the file, environment variables, options on the command line.\n\
         An unknown key is an error. `isocenter config check` looks for mistakes, `isocenter config show`\n\
         prints what is in force, `isocenter config example` prints a file to start from.\n\n\
         This page is made by `isocenter config manual`.\n",
    );
    each_section(|section, schema, keys| {
        let title = if section.is_empty() { "Top level".into() } else { format!("`[{section}]`") };
        let about = if section.is_empty() { String::new() } else { description(schema) + "\n\n" };
        let _ = write!(
            text,
            "\n## {title}\n\n{about}| key | default | meaning | environment |\n|---|---|---|---|\n"
        );
        for (name, schema, default) in keys {
            let key = if section.is_empty() { (*name).to_owned() } else { format!("{section}.{name}") };
            let default = default.map_or("not set".into(), |value| format!("`{value}`"));
            let meaning = description(schema).replace('\n', " ").replace('|', "\\|");
            let _ = writeln!(text, "| `{name}` | {default} | {meaning} | `{}` |", variable(&key));
        }
    });
    text
}

/// Every value of a table with its dotted key.
pub fn leaves(table: &Table) -> impl Iterator<Item = (String, Value)> {
    let mut found = Vec::new();
    gather("", table, &mut found);
    found.into_iter()
}

fn gather(path: &str, table: &Table, found: &mut Vec<(String, Value)>) {
    for (name, value) in table {
        let key = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        match value {
            Value::Table(inner) => gather(&key, inner, found),
            value => found.push((key, value.clone())),
        }
    }
}

type Key<'a> = (&'a str, &'a Schema, Option<&'a Value>);

/// Visits the top level, then each section, with its schema and its keys with their defaults.
fn each_section(mut visit: impl FnMut(&str, &Schema, &[Key<'_>])) {
    let keys = Keys::of_config();
    let defaults = Table::try_from(Config::default()).unwrap_or_default();
    section("", keys.root(), Some(&defaults), &mut visit);
}

fn section(
    path: &str,
    schema: &Schema,
    defaults: Option<&Table>,
    visit: &mut impl FnMut(&str, &Schema, &[Key<'_>]),
) {
    let all = || properties(schema).into_iter().flatten();
    let default = |name: &str| defaults.and_then(|table| table.get(name));
    let values = all().filter(|(_, schema)| properties(schema).is_none());
    let values: Vec<Key<'_>> = values.map(|(name, schema)| (name.as_str(), schema, default(name))).collect();
    visit(path, schema, &values);
    for (name, inner) in all().filter(|(_, schema)| properties(schema).is_some()) {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        section(&path, inner, default(name).and_then(Value::as_table), visit);
    }
}

fn description(schema: &Schema) -> String {
    schema.get("description").and_then(Schema::as_str).unwrap_or_default().to_owned()
}

fn comment(text: &str) -> String {
    text.lines().map(|line| format!("# {line}\n")).collect()
}

fn placeholder(schema: &Schema) -> String {
    let kind = schema.get("type").map(Schema::to_string).unwrap_or_default();
    if kind.contains("array") {
        "[]".into()
    } else if kind.contains("object") {
        "{}".into()
    } else {
        "\"…\"".into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_documented() {
        each_section(|section, schema, keys| {
            assert!(section.is_empty() || !description(schema).is_empty(), "[{section}] says nothing");
            for (name, schema, _) in keys {
                assert!(!description(schema).is_empty(), "`{name}` in [{section}] says nothing");
            }
        });
    }

    #[test]
    fn the_example_is_a_settings_file() {
        let example = example();
        assert_eq!(Keys::of_config().mistakes(&example), []);
        let uncommented: String = example
            .lines()
            .map(|line| line.strip_prefix("# ").filter(|l| is_key(l)).unwrap_or(line).to_owned() + "\n")
            .collect();
        assert_eq!(Keys::of_config().mistakes(&uncommented), []);
    }

    fn is_key(line: &str) -> bool {
        line.split_once(" = ")
            .is_some_and(|(key, _)| key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'))
    }

    #[test]
    fn the_manual_page_is_up_to_date() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/CONFIG.md");
        if std::env::var_os("ISOCENTER_WRITE_DOCS").is_some() {
            std::fs::write(path, manual()).expect("docs/CONFIG.md is written");
        }
        let kept = std::fs::read_to_string(path).unwrap_or_default();
        assert!(kept == manual(), "docs/CONFIG.md is out of date: `make docs` writes it");
    }
}
