//! What differs between two policies: keys of the documents, and what becomes of attributes.

use super::{Policy, Rule};
use dicom::dictionary;
use serde_json::Value;
use std::collections::BTreeMap;

/// A difference between two policies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// A key of the document, or the keyword of an attribute.
    pub what: String,
    /// In the first policy; `—` if not there.
    pub before: String,
    /// In the second.
    pub after: String,
}

/// All differences, keys first.
#[must_use]
pub fn difference(before: &Policy, after: &Policy) -> Vec<Difference> {
    let (first, second) = (keys(before), keys(after));
    let names: std::collections::BTreeSet<_> = first.keys().chain(second.keys()).collect();
    let shown = |keys: &BTreeMap<String, String>, name| keys.get(name).cloned().unwrap_or_else(|| "—".into());
    let of_keys = names.into_iter().map(|name| (name.clone(), shown(&first, name), shown(&second, name)));
    let all = of_keys.chain(attributes(before, after));
    let differing = all.filter(|(_, before, after)| before != after);
    differing.map(|(what, before, after)| Difference { what, before, after }).collect()
}

fn attributes<'a>(a: &'a Policy, b: &'a Policy) -> impl Iterator<Item = (String, String, String)> + 'a {
    let mut tags: Vec<_> = a.rules.keys().collect();
    tags.sort();
    tags.into_iter().map(|tag| {
        let name =
            dictionary::keyword(*tag).map_or_else(|| format!("{:04X}{:04X}", tag.0, tag.1), Into::into);
        (name, words(a, a.rule(*tag)), words(b, b.rule(*tag)))
    })
}

fn words(policy: &Policy, rule: Rule) -> String {
    format!("{} ({})", rule.action, policy.explain(rule.why))
}

/// The document as `dates.age-cap = 89`.
fn keys(policy: &Policy) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let document = serde_json::to_value(&policy.document).unwrap_or_default();
    collect("", &document, &mut found);
    found
}

fn collect(prefix: &str, value: &Value, into: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| {
            let name = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
            collect(&name, value, into);
        }),
        leaf => drop(into.insert(prefix.to_owned(), leaf.to_string())),
    }
}
