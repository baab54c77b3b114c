//! The entries of a Bundle (R4 §2.36): what is stated, what is taken away, what only speaks about the exchange.

use serde_json::{Map, Value};

/// Bundles in bundles are followed so deep.
const DEEPEST: usize = 4;

/// One entry.
#[derive(Debug)]
pub(crate) struct Entry {
    /// `entry[3]`, `line 7`, `resource`.
    pub place: String,
    pub full_url: Option<String>,
    pub content: Content,
}

/// What an entry holds.
#[derive(Debug)]
pub(crate) enum Content {
    Resource(Map<String, Value>),
    /// The resource at this address is deleted.
    Deleted(String),
    /// Nothing that could be read.
    Left {
        why: &'static str,
        refused: bool,
    },
}

/// Every entry of a Bundle, those of Bundles within too.
pub(crate) fn entries(bundle: Map<String, Value>, place: &str) -> Vec<Entry> {
    let mut found = Vec::new();
    collect(bundle, place, 0, &mut found);
    found
}

fn collect(mut bundle: Map<String, Value>, place: &str, depth: usize, found: &mut Vec<Entry>) {
    let left = |why, refused| Entry {
        place: if place.is_empty() { "bundle".into() } else { place.into() },
        full_url: None,
        content: Content::Left { why, refused },
    };
    let answered = bundle.get("type").and_then(Value::as_str).is_some_and(|kind| kind.ends_with("-response"));
    let list = match bundle.shift_remove("entry") {
        Some(Value::Array(list)) => list,
        None => return found.push(left("a Bundle without entries", false)),
        Some(_) => return found.push(left("`entry` is not a list", true)),
    };
    for (at, item) in list.into_iter().enumerate() {
        let place = if place.is_empty() { format!("entry[{at}]") } else { format!("{place}.entry[{at}]") };
        match entry(item, place, answered) {
            Entry { content: Content::Resource(inner), place, .. }
                if inner.get("resourceType").is_some_and(|kind| kind == "Bundle") && depth < DEEPEST =>
            {
                collect(inner, &place, depth + 1, found);
            }
            entry => found.push(entry),
        }
    }
}

fn entry(item: Value, place: String, answered: bool) -> Entry {
    let left = |why, refused| Content::Left { why, refused };
    let Value::Object(mut item) = item else {
        return Entry { place, full_url: None, content: left("an entry that is no object", true) };
    };
    let full_url = item.get("fullUrl").and_then(Value::as_str).map(str::to_owned);
    let text = |of: &str, name: &str| item.get(of)?.get(name)?.as_str().map(str::to_owned);
    let (method, url) = (text("request", "method"), text("request", "url"));
    let outcome = text("search", "mode").is_some_and(|mode| mode == "outcome");
    let content = match (method.as_deref(), item.shift_remove("resource")) {
        (Some("DELETE"), _) => Content::Deleted(url.unwrap_or_default()),
        (Some("PATCH"), _) => left("a patch, which means nothing without the resource", true),
        (Some("GET" | "HEAD"), None) => left("a question to a server", false),
        (_, Some(Value::Object(_))) if outcome => left("what a server says about a search", false),
        (_, Some(Value::Object(resource))) => Content::Resource(resource),
        (_, Some(_)) => left("`resource` is no object", true),
        (_, None) if answered || item.contains_key("response") => left("a server's answer", false),
        (_, None) => left("an entry without a resource", true),
    };
    Entry { place, full_url, content }
}
