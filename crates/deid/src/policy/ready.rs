//! Ready-made policies, and the Basic profile with any of its options by name.

use super::document::{BurnedIn, Document, DocumentError, Private};
use crate::table::ProfileOption;

/// Name and text of each.
const READY: &[(&str, &str)] = &[
    ("basic", include_str!("../../policies/basic.toml")),
    ("hipaa-safe-harbor", include_str!("../../policies/hipaa-safe-harbor.toml")),
    ("limited-data-set", include_str!("../../policies/limited-data-set.toml")),
    ("public-sharing", include_str!("../../policies/public-sharing.toml")),
];

/// PS3.15 §E.3.1 as an option by name. It is about pixels, so the table of attributes does not have it.
const CLEAN_PIXELS: &str = "clean-pixel-data";

/// The names of the ready-made policies.
pub fn names() -> impl Iterator<Item = &'static str> {
    READY.iter().map(|(name, _)| *name)
}

/// The text of a ready-made policy, comments and all.
#[must_use]
pub fn text(name: &str) -> Option<&'static str> {
    READY.iter().find(|(ready, _)| *ready == name).map(|(_, text)| *text)
}

/// A ready-made policy; or one with options added: `basic+clean-descriptors+retain-uids`.
///
/// # Errors
/// [`DocumentError::Unknown`] if the name or an option is none.
pub fn policy(name: &str) -> Result<Document, DocumentError> {
    let mut parts = name.split('+');
    let unknown = || DocumentError::Unknown {
        name: name.to_owned(),
        known: format!(
            "{}, each also with +OPTION for: {}",
            join(names()),
            join(ProfileOption::ALL.iter().map(|o| o.name()).chain([CLEAN_PIXELS]))
        ),
    };
    let text = parts.next().and_then(text).ok_or_else(unknown)?;
    let mut document = Document::parse(text)?;
    for part in parts {
        if part == CLEAN_PIXELS {
            document.pixels.burned_in = BurnedIn::Search;
            continue;
        }
        let option = ProfileOption::ALL.iter().find(|option| option.name() == part).ok_or_else(unknown)?;
        if *option == ProfileOption::RetainSafePrivate && document.private.keep.is_empty() {
            document.private = safe_private()?;
        }
        if !document.options.contains(option) {
            document.options.push(*option);
        }
    }
    document.options.sort_unstable();
    name.clone_into(&mut document.id);
    Document::parse(&document.to_toml())
}

/// The private attributes known to be safe.
fn safe_private() -> Result<Private, DocumentError> {
    Document::parse(READY[READY.len() - 1].1).map(|document| document.private)
}

fn join<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_ready_made_policy_runs_and_bears_its_name() {
        for name in names() {
            let document = policy(name).expect("it is valid");
            assert_eq!(document.id, name);
            assert!(document.compile().is_ok(), "{name}");
        }
    }

    #[test]
    fn each_option_can_be_added_to_the_basic_profile() {
        for option in ProfileOption::ALL {
            let document = policy(&format!("basic+{option}")).expect("it is valid");
            assert_eq!(document.options, [*option]);
        }
        let refused = policy("basic+retain-everything").expect_err("no such option").to_string();
        assert!(refused.contains("retain-uids"), "{refused}");
    }
}
