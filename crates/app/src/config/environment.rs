//! Settings from the environment: `ISOCENTER_SECTION__KEY`.

use super::keys::{Keys, nearest};
use anyhow::bail;
use std::collections::BTreeMap;
use toml::{Table, Value};

const PREFIX: &str = "ISOCENTER_";

/// Variables that are not settings: the settings file itself, and what tests use.
const NOT_SETTINGS: [&str; 5] =
    ["ISOCENTER_CONFIG", "ISOCENTER_BIN", "ISOCENTER_SHARED", "ISOCENTER_TEST_S3", "ISOCENTER_WRITE_DOCS"];

/// Puts the variables over the table.
pub fn apply(
    table: &mut Table,
    sources: &mut BTreeMap<String, String>,
    keys: &Keys,
    environment: impl Iterator<Item = (String, String)>,
) -> anyhow::Result<()> {
    let known: BTreeMap<_, _> = keys.leaves().into_iter().map(|key| (variable(&key), key)).collect();
    for (name, text) in environment.filter(|(name, _)| is_setting(name)) {
        let Some(key) = known.get(&name) else {
            let hint = nearest(&name, known.keys().map(String::as_str));
            let hint = hint.map_or(String::new(), |hint| format!("; did you mean {hint}?"));
            bail!("unknown variable {name}{hint}");
        };
        put(table, key, value(keys, key, &name, text)?);
        sources.insert(key.clone(), name);
    }
    Ok(())
}

/// The variable of a dotted key.
pub fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.replace('.', "__").to_uppercase())
}

fn is_setting(name: &str) -> bool {
    name.starts_with(PREFIX) && !NOT_SETTINGS.contains(&name)
}

/// Text for keys that hold text, TOML for the others.
fn value(keys: &Keys, key: &str, name: &str, text: String) -> anyhow::Result<Value> {
    if keys.get(key).is_some_and(holds_text) {
        return Ok(Value::String(text));
    }
    match toml::from_str::<Table>(&format!("value = {text}")) {
        Ok(mut table) if table.len() == 1 => Ok(table.remove("value").unwrap_or(Value::String(text))),
        _ => bail!("{name} must be written as in the settings file, e.g. true, 10 or [\"a\", \"b\"]"),
    }
}

fn holds_text(schema: &serde_json::Value) -> bool {
    let is_string = |kind: &serde_json::Value| kind == "string";
    let by_type = schema.get("type").is_some_and(|kind| {
        is_string(kind) || kind.as_array().is_some_and(|kinds| kinds.iter().any(is_string))
    });
    by_type || ["enum", "oneOf", "anyOf"].iter().any(|word| schema.get(word).is_some())
}

fn put(table: &mut Table, key: &str, value: Value) {
    let Some((section, rest)) = key.split_once('.') else {
        table.insert(key.to_owned(), value);
        return;
    };
    let inner = table.entry(section).or_insert_with(|| Value::Table(Table::new()));
    if let Value::Table(inner) = inner {
        put(inner, rest, value);
    }
}
