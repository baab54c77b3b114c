//! A policy: a versioned document that says what becomes of every attribute.
//! Read in this order: [`document`], [`ready`], `compile`, [`difference`].

mod compile;
mod difference;
pub mod document;
pub mod ready;

pub use difference::{Difference, difference};
pub use document::{
    BurnedIn, Document, DocumentError, ImageAction, ImageRule, Replacement, RuleAction, UnknownCreator,
};

use crate::table::{OptionAction, ProfileAction, ProfileOption};
use dicom::Tag;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A document that was checked, ready to run.
#[derive(Debug)]
pub struct Policy {
    document: Document,
    digest: String,
    rules: HashMap<Tag, Rule, BuildHasherDefault<TagHasher>>,
    private: Vec<PrivateRule>,
}

/// What becomes of an attribute, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// What becomes of it.
    pub action: Action,
    /// Which rule says so.
    pub why: Why,
}

/// What becomes of an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Kept, but for identifiers that are known.
    Keep,
    /// Cleaned by its VR; where that can't be done, what the profile says.
    Clean(ProfileAction),
    /// What the profile says, by the attribute's type.
    Profile(ProfileAction),
    /// The code of the subject.
    Code,
    /// A dummy value that says nothing.
    Dummy,
    /// Made empty.
    Empty,
    /// Removed, whatever the IOD says: with what it belongs to.
    Remove,
}

impl std::fmt::Display for Action {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Keep => f.write_str("kept"),
            Self::Clean(otherwise) => write!(f, "cleaned, else {}", letters(*otherwise)),
            Self::Profile(action) => f.write_str(letters(*action)),
            Self::Code => f.write_str("code of the subject"),
            Self::Dummy => f.write_str("dummy"),
            Self::Empty => f.write_str("empty"),
            Self::Remove => f.write_str("removed"),
        }
    }
}

/// Which rule decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// A row of PS3.15 Table E.1-1, Basic profile.
    Profile(ProfileAction),
    /// The same row, by an option that the policy has.
    Option(ProfileOption, OptionAction),
    /// The rule of this number in the policy, from 0.
    Policy(usize),
    /// A private attribute that the policy lists, by its place in the list, from 0.
    PrivateListed(usize),
    /// A private attribute that the policy does not list.
    PrivateUnlisted,
    /// A private attribute whose block nobody has reserved.
    PrivateWithoutCreator,
    /// Table E.1-1 does not name it: kept, its text cleaned.
    NotNamed,
    /// The standard does not have it, or has retired it.
    NotInStandard,
    /// Part of what every de-identified object says of itself.
    Stamp,
    /// Its value is not what its VR demands, so that nobody knows what it says.
    NotReadable,
}

/// A private attribute to be kept.
#[derive(Debug, Clone)]
pub(crate) struct PrivateRule {
    pub creator: String,
    pub group: u16,
    pub elements: Vec<u8>,
    pub clean: bool,
    /// Where it stands in the policy.
    pub index: usize,
}

impl Policy {
    /// The document it was made from.
    #[must_use]
    pub const fn document(&self) -> &Document {
        &self.document
    }

    /// SHA-256 of the document in its plain form, in hexadecimal: layout and comments do not count.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Name and version, such as `basic v1`.
    #[must_use]
    pub fn label(&self) -> String {
        format!("{} v{}", self.document.id, self.document.version)
    }

    /// Whether it has an option.
    #[must_use]
    pub fn has(&self, option: ProfileOption) -> bool {
        self.document.options.contains(&option)
    }

    /// What becomes of a standard attribute. What no rule names is not in the standard, and goes.
    #[must_use]
    pub fn rule(&self, tag: Tag) -> Rule {
        let gone = Rule { action: Action::Remove, why: Why::NotInStandard };
        if crate::table::is_curve(tag) {
            return Rule { why: Why::Profile(ProfileAction::X), ..gone };
        }
        self.rules.get(&crate::table::row_tag(tag)).copied().unwrap_or(gone)
    }

    /// What becomes of a private attribute.
    pub(crate) fn private_rule(&self, creator: Option<&str>, tag: Tag) -> Rule {
        let gone = |why| Rule { action: Action::Remove, why };
        let Some(creator) = creator else { return gone(Why::PrivateWithoutCreator) };
        let listed = self.private.iter().find(|rule| {
            rule.group == tag.0 && rule.creator == creator && rule.elements.contains(&(tag.1 as u8))
        });
        let Some(rule) = listed else { return gone(Why::PrivateUnlisted) };
        let action = if rule.clean { Action::Clean(ProfileAction::X) } else { Action::Keep };
        Rule { action, why: Why::PrivateListed(rule.index) }
    }

    /// Whether the policy knows anything of a private creator.
    pub(crate) fn knows_creator(&self, creator: &str) -> bool {
        self.private.iter().any(|rule| rule.creator == creator)
    }

    /// The reason in words, for `explain`.
    #[must_use]
    pub fn explain(&self, why: Why) -> String {
        let table = "PS3.15 Table E.1-1";
        match why {
            Why::Profile(action) => format!("{table}, Basic profile: {}", letters(action)),
            Why::Option(option, OptionAction::Keep) => format!("{table}, option {option}: K"),
            Why::Option(option, OptionAction::Clean) => format!("{table}, option {option}: C"),
            Why::Policy(index) => {
                match self.document.rules.get(index).and_then(|rule| rule.because.as_deref()) {
                    Some(because) => format!("rule {} of the policy: {because}", index + 1),
                    None => format!("rule {} of the policy", index + 1),
                }
            }
            Why::PrivateListed(index) => format!("private list of the policy, entry {}", index + 1),
            Why::PrivateUnlisted => "private, and not listed by the policy".into(),
            Why::PrivateWithoutCreator => "private, and nobody has reserved its block".into(),
            Why::NotNamed => format!("not named in {table}: cleaned by its VR"),
            Why::NotInStandard => "the standard does not have it, or has retired it".into(),
            Why::Stamp => "PS3.15 E.1.1: what every de-identified object says of itself".into(),
            Why::NotReadable => "not what its VR demands".into(),
        }
    }
}

const fn letters(action: ProfileAction) -> &'static str {
    match action {
        ProfileAction::X => "X",
        ProfileAction::Z => "Z",
        ProfileAction::D => "D",
        ProfileAction::U => "U",
        ProfileAction::Xz => "X/Z",
        ProfileAction::Xd => "X/D",
        ProfileAction::Xzd => "X/Z/D",
        ProfileAction::Zd => "Z/D",
        ProfileAction::Xzu => "X/Z/U*",
    }
}

/// Tags are numbers that are spread well by one multiplication.
#[derive(Default)]
pub(crate) struct TagHasher(u64);

impl Hasher for TagHasher {
    fn finish(&self) -> u64 {
        self.0.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(26)
    }
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.0 = self.0 << 8 | u64::from(*byte));
    }
    fn write_u16(&mut self, number: u16) {
        self.0 = self.0 << 16 | u64::from(number);
    }
}
