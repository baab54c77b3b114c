//! Keys without a column: candidates by the terms of fact rows, then the values, then the instances.

use super::condition::Arguments;
use super::plan::restricts;
use super::{Key, Level, Matching, matcher};
use crate::Catalog;
use crate::facts;
use crate::fold;
use crate::locate::{COLUMNS, Located, located};
use dicom::{Tag, Vr, dictionary};
use serde_json::Value;
use sqlx::Row;
use std::collections::{BTreeMap, BTreeSet};
use store::Engine;

/// Terms of values that a wildcard or range may stand for; with more, having the attribute is enough.
const MOST_TERMS: i64 = 2000;

/// One step into nested sequences, as far as terms go.
struct Leaf<'k> {
    path: String,
    /// The path's last tag.
    tag: Tag,
    matching: &'k Matching,
}

/// The paths a key asks for, and how.
fn leaves<'k>(key: &'k Key, prefix: &str, found: &mut Vec<Leaf<'k>>) {
    let own = facts::step_of(key.tag, key.creator.as_deref().unwrap_or_default());
    let path = if prefix.is_empty() { own } else { format!("{prefix}.{own}") };
    match &key.matching {
        Matching::Items(keys) => keys.iter().for_each(|inner| leaves(inner, &path, found)),
        matching if restricts(matching) => found.push(Leaf { path, tag: key.tag, matching }),
        _ => {}
    }
}

/// The condition on `series r` that leaves every series that can match, and not many others.
/// None where absence matches, or where a private sequence's creator isn't named.
pub(super) fn candidates(arguments: &mut Arguments, key: &Key) -> Option<String> {
    let mut found = Vec::new();
    leaves(key, "", &mut found);
    // Absence has no term, and a creator that isn't named can only be left open at the path's end.
    let named = |leaf: &&Leaf<'_>| {
        let open_end = leaf.path.strip_suffix("{}").unwrap_or(&leaf.path);
        *leaf.matching != Matching::Empty && !open_end.contains("{}")
    };
    let conditions: Vec<String> = found.iter().filter(named).map(|leaf| candidate(arguments, leaf)).collect();
    (!conditions.is_empty()).then(|| conditions.join(" AND "))
}

fn candidate(arguments: &mut Arguments, leaf: &Leaf<'_>) -> String {
    let mut terms: Vec<String> = ancestors(&leaf.path).map(facts::varies_term).collect();
    if let Some(any_creator) = leaf.path.strip_suffix('}').filter(|path| path.ends_with('{')) {
        return among_terms(arguments, leaf, &terms, &[facts::term(any_creator, None)]);
    }
    match leaf.matching {
        Matching::Values(values) if values.iter().all(|value| is_exact(leaf, value)) => {
            for value in values {
                terms.push(facts::term(&leaf.path, Some(&facts::comparable(value, false))));
                terms.push(facts::term(&leaf.path, Some(&facts::comparable(value, true))));
            }
        }
        Matching::Values(values) if values.iter().all(|value| has_prefix(leaf, value)) => {
            let prefixes = values.iter().map(|value| fold::fold(super::condition::prefix_of(value)));
            let among: Vec<String> = prefixes.map(|prefix| facts::term(&leaf.path, Some(&prefix))).collect();
            return among_terms(arguments, leaf, &terms, &among);
        }
        _ => terms.push(facts::term(&leaf.path, None)),
    }
    with_terms(arguments, &terms)
}

/// A path and the sequences it is in.
fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    let ends = path.match_indices('.').map(|(at, _)| at).chain([path.len()]);
    ends.map(|end| &path[..end])
}

/// Whether a value has a term of its own: text or a number, neither a pattern, a name nor a moment.
fn is_exact(leaf: &Leaf<'_>, value: &str) -> bool {
    let vr = vr_of(leaf.tag);
    !matches!(vr, Vr::PN | Vr::DA | Vr::TM | Vr::DT) && (vr == Vr::UI || !super::condition::is_pattern(value))
}

/// Whether what a pattern begins with is what the terms of the values it stands for begin with: not where
/// it may be a later group of a name.
fn has_prefix(leaf: &Leaf<'_>, value: &str) -> bool {
    let first_group = vr_of(leaf.tag) != Vr::PN || (value.is_ascii() && !value.contains('='));
    first_group && super::condition::is_pattern(value)
}

fn vr_of(tag: Tag) -> Vr {
    dictionary::implicit_vr(tag, false)
}

fn with_terms(arguments: &mut Arguments, terms: &[String]) -> String {
    match arguments.engine {
        Engine::Sqlite => {
            let any: Vec<String> = terms.iter().map(|term| format!("\"{term}\"")).collect();
            let place = arguments.text(&any.join(" OR "));
            format!(
                "r.id IN (SELECT f.series FROM fact f WHERE f.id IN \
                 (SELECT rowid FROM fact_text WHERE fact_text MATCH {place}))"
            )
        }
        Engine::Postgres => {
            let place = arguments.texts(terms);
            format!("r.id IN (SELECT f.series FROM fact f WHERE f.terms && ARRAY{place})")
        }
    }
}

/// Series with a value whose term begins like one of `prefixes`, or with one of `terms`.
/// Where too many terms begin so, all series that have the attribute.
fn among_terms(arguments: &mut Arguments, leaf: &Leaf<'_>, terms: &[String], prefixes: &[String]) -> String {
    let mut any = vec![with_terms(arguments, terms)];
    for prefix in prefixes {
        let end = fold::after_prefix(prefix).unwrap_or_default();
        let (from, to) = (arguments.text(prefix), arguments.text(&end));
        let (limit, all) = (arguments.int(MOST_TERMS), arguments.text(&facts::term(&leaf.path, None)));
        let terms = format!("SELECT term FROM fact_term WHERE term >= {from} AND term < {to} LIMIT {limit}");
        any.push(match arguments.engine {
            Engine::Sqlite => format!(
                "r.id IN (SELECT f.series FROM fact f WHERE f.id IN (SELECT rowid FROM fact_text \
                 WHERE fact_text MATCH (SELECT CASE WHEN COUNT(*) = {limit} THEN '\"' || {all} || '\"' \
                 ELSE COALESCE(group_concat('\"' || term || '\"', ' OR '), '\"\"') END FROM ({terms}))))"
            ),
            Engine::Postgres => format!(
                "r.id IN (SELECT f.series FROM fact f WHERE f.terms && (SELECT CASE WHEN COUNT(*) = {limit} \
                 THEN ARRAY[{all}] ELSE COALESCE(array_agg(term), '{{}}') END FROM ({terms}) AS terms))"
            ),
        });
    }
    format!("({})", any.join(" OR "))
}

/// Whether a row of a level has all of the keys.
pub(super) async fn matches(
    catalog: &Catalog,
    level: Level,
    id: i64,
    keys: &[Key],
) -> Result<bool, sqlx::Error> {
    if level == Level::Instance {
        return in_instances(catalog, level, id, keys).await;
    }
    let held = facts_of(catalog, level, id).await?;
    let mut doubtful = Vec::new();
    for key in keys {
        match in_facts(&held, key) {
            Some(true) => {}
            Some(false) => return Ok(false),
            None => doubtful.push(key.clone()),
        }
    }
    if doubtful.is_empty() { Ok(true) } else { in_instances(catalog, level, id, &doubtful).await }
}

/// Values by path, and the paths that vary.
#[derive(Default)]
struct Held {
    values: BTreeMap<String, Vec<String>>,
    vary: BTreeSet<String>,
}

const fn scope(level: Level) -> &'static str {
    match level {
        Level::Patient => "s.patient = $1",
        Level::Study => "s.id = $1",
        Level::Series => "r.id = $1",
        Level::Instance => "i.id = $1",
    }
}

async fn facts_of(catalog: &Catalog, level: Level, id: i64) -> Result<Held, sqlx::Error> {
    let sql = format!(
        "SELECT f.facts FROM study s JOIN series r ON r.study = s.id JOIN fact f ON f.series = r.id \
         WHERE {} AND r.live = 1",
        scope(level)
    );
    // Safe: made of constants.
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id).fetch_all(catalog.ledger.pool()).await?;
    let mut held = Held::default();
    for row in rows {
        for line in row.try_get::<String, _>(0)?.lines() {
            match facts::parse_line(line) {
                (path, Some(value)) => held.values.entry(path.into()).or_default().push(value.into()),
                (path, None) => drop(held.vary.insert(path.into())),
            }
        }
    }
    Ok(held)
}

/// Yes, no, or `None` where only the instances can tell.
fn in_facts(held: &Held, key: &Key) -> Option<bool> {
    let mut found = Vec::new();
    leaves(key, "", &mut found);
    let one_value = found.len() <= 1;
    for leaf in &found {
        if leaf.path.contains("{}") || matches!(leaf.matching, Matching::Empty | Matching::Moments(_)) {
            return None;
        }
        let values = held.values.get(&leaf.path);
        let vr = vr_of(leaf.tag);
        let hit = |value: &String| matcher::in_text(vr, leaf.matching, value);
        if values.is_some_and(|values| values.iter().any(hit)) {
            continue;
        }
        // A VR that isn't known here may be compared otherwise in the instance.
        let unsure = vr == Vr::UN && values.is_some();
        if unsure || ancestors(&leaf.path).any(|path| held.vary.contains(path)) {
            return None;
        }
        return Some(false);
    }
    // Several keys of a sequence must match in one item, which only the instance shows.
    if one_value { Some(true) } else { None }
}

/// Whether the instances of a row have the keys, each in one of them. Without access to instances
/// what can't be decided doesn't match.
async fn in_instances(catalog: &Catalog, level: Level, id: i64, keys: &[Key]) -> Result<bool, sqlx::Error> {
    let Some(headers) = &catalog.headers else { return Ok(false) };
    let mut missing: Vec<&Key> = keys.iter().collect();
    for instance in instances(catalog, level, id).await? {
        if let Some(set) = headers.header(&instance).await {
            missing.retain(|key| !matcher::in_data_set(&set, key));
        }
        if missing.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn instances(catalog: &Catalog, level: Level, id: i64) -> Result<Vec<Located>, sqlx::Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM study s JOIN series r ON r.study = s.id JOIN instance i ON i.series = r.id \
         WHERE {} AND i.deleted = 0 ORDER BY i.id",
        scope(level)
    );
    // Safe: made of constants.
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id).fetch_all(catalog.ledger.pool()).await?;
    rows.iter().map(|row| located(row, 0)).collect()
}

/// The JSON list of ids, for a statement over rows.
pub(super) fn id_list(ids: &[i64]) -> String {
    Value::from(ids.to_vec()).to_string()
}
