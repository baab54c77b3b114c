//! Resource types, as data.

use std::collections::HashMap;
use std::sync::LazyLock;

/// What becomes of resources of a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// A record.
    Record,
    /// It says nothing about patients: a definition, a message's envelope.
    Kept,
    /// R4 has no such type, R5 has.
    Later,
    /// Its entries count.
    Bundle,
}

/// A resource type.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Type {
    pub use_: Use,
    /// The element that can say `entered-in-error`.
    pub error: Option<&'static str>,
}

static TYPES: LazyLock<HashMap<&'static str, Type>> = LazyLock::new(|| {
    let lines = include_str!("../data/types.tsv").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(row).collect()
});

fn row(line: &'static str) -> Option<(&'static str, Type)> {
    let mut cells = line.split('\t');
    let (name, use_, error) = (cells.next()?, cells.next()?, cells.next()?);
    let use_ = match use_ {
        "record" => Use::Record,
        "later" => Use::Later,
        "bundle" => Use::Bundle,
        _ => Use::Kept,
    };
    Some((name, Type { use_, error: (error != "-").then_some(error) }))
}

/// The type of this name.
pub(crate) fn named(name: &str) -> Option<Type> {
    TYPES.get(name).copied()
}

/// True when R4 or R5 has a type of this name.
pub(crate) fn is_known(name: &str) -> bool {
    TYPES.contains_key(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_of_r4_is_listed() {
        let of_r4 = TYPES.values().filter(|one| one.use_ != Use::Later).count();
        assert_eq!(of_r4, 146);
        assert_eq!(named("Condition").and_then(|one| one.error), Some("verificationStatus"));
        assert!(named("Thing").is_none() && is_known("Bundle"));
    }
}
