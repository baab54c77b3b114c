//! The standard's registry of UIDs (PS3.6 Annex A): they name kinds and well-known things, no instance.

use std::collections::HashSet;
use std::sync::LazyLock;

static TABLE: &str = include_str!("../data/uids.tsv");

static UIDS: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| TABLE.lines().filter_map(|line| line.split('\t').next()).collect());

/// Whether the standard itself registers this UID.
#[must_use]
pub fn is_registered(uid: &str) -> bool {
    uid.starts_with("1.2.840.10008.") && UIDS.contains(uid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_registered_and_instances_under_the_same_root_are_not() {
        assert!(is_registered("1.2.840.10008.5.1.4.1.1.2"));
        assert!(!is_registered("1.2.840.10008.5.1.4.1.1.2.20240101.1"));
        assert!(!is_registered("2.25.1"));
    }
}
