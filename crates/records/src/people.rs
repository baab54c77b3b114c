//! Who is who: what tells people apart, which identifiers decide, and what joins them. Pure; [`crate::desk::crowd`]
//! holds the identifiers.
//!
//! A person is a connected component of identifiers; its number is the smallest of theirs. Identifiers that were
//! given together are joined, and so are those a merge names. Where one identifier was plainly given to two people
//! (another birth date and no name in common) the second has a variant of its own, and somebody is asked.

use clinical::Identifier;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What tells people apart, folded; empty parts are unknown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Demo {
    /// The birth date as FHIR writes it.
    pub birth: String,
    /// The words of the name, sorted.
    pub name: String,
    /// `male`, `female`, `other`.
    pub sex: String,
}

/// How two descriptions disagree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Clash {
    /// Not at all.
    None,
    /// In the birth date alone: a correction, or a slip.
    Birth,
    /// In the birth date, and no name is shared: another person.
    Person,
}

impl Demo {
    /// Of a Patient resource.
    pub fn of(content: &Value) -> Self {
        let mut words = BTreeSet::new();
        for name in content["name"].as_array().into_iter().flatten() {
            let parts = name["given"].as_array().into_iter().flatten().chain([&name["family"]]);
            let mut any = false;
            for text in parts.filter_map(Value::as_str) {
                any = true;
                words.extend(words_of(text));
            }
            if !any {
                words.extend(words_of(name["text"].as_str().unwrap_or_default()));
            }
        }
        let text = |name: &str| content[name].as_str().unwrap_or_default().to_owned();
        Self { birth: text("birthDate"), name: joined(words), sex: text("gender") }
    }

    /// Of a DICOM header: (0010,0010), (0010,0030) as a number like 20260131, (0010,0040).
    pub fn of_dicom(name: &str, birth: Option<i64>, sex: &str) -> Self {
        let birth = birth.filter(|day| *day > 0);
        let birth = birth.map(|day| format!("{:04}-{:02}-{:02}", day / 10_000, day / 100 % 100, day % 100));
        let sex = match sex {
            "M" => "male",
            "F" => "female",
            "O" => "other",
            _ => "",
        };
        Self { birth: birth.unwrap_or_default(), name: joined(words_of(name).collect()), sex: sex.into() }
    }

    pub fn clash(&self, other: &Self) -> Clash {
        let known = !self.birth.is_empty() && !other.birth.is_empty();
        if !known || self.birth == other.birth {
            return Clash::None;
        }
        let names = !self.name.is_empty() && !other.name.is_empty();
        if names && !self.shares_a_name(other) { Clash::Person } else { Clash::Birth }
    }

    /// Neither birth date nor name is known.
    pub const fn is_unknown(&self) -> bool {
        self.birth.is_empty() && self.name.is_empty()
    }

    /// This, with what was unknown of it.
    pub fn filled(&self, other: &Self) -> Self {
        let filled = |own: &str, other: &str| if own.is_empty() { other.to_owned() } else { own.to_owned() };
        Self {
            birth: filled(&self.birth, &other.birth),
            name: filled(&self.name, &other.name),
            sex: filled(&self.sex, &other.sex),
        }
    }

    pub fn shares_a_name(&self, other: &Self) -> bool {
        !self.name.is_empty() && self.name.split(' ').any(|word| other.name.split(' ').any(|o| o == word))
    }

    /// Birth date and all names known and equal: middle names may be missing on one side.
    pub fn agrees(&self, other: &Self) -> bool {
        let birth = !self.birth.is_empty() && self.birth == other.birth;
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<BTreeSet<_>>();
        let (a, b) = (words(&self.name), words(&other.name));
        let name = a.len().min(b.len()) >= 2 && (a.is_subset(&b) || b.is_subset(&a));
        let sex = self.sex.is_empty() || other.sex.is_empty() || self.sex == other.sex;
        birth && name && sex
    }
}

fn words_of(text: &str) -> impl Iterator<Item = String> {
    let folded = catalog::fold::fold(&text.replace(['^', '=', '-', '.', ',', '\''], " "));
    folded.split_whitespace().map(str::to_owned).collect::<Vec<_>>().into_iter()
}

fn joined(words: BTreeSet<String>) -> String {
    words.into_iter().collect::<Vec<_>>().join(" ")
}

/// Kinds that name one person within who issued them (table 0203). Others, such as a social security or an account
/// number, are shared, mistyped and used again too often to decide by themselves.
pub(crate) fn decides(identifier: &Identifier) -> bool {
    let kind = identifier.kind.as_deref().unwrap_or("MR");
    matches!(
        kind,
        "MR" | "MRT" | "PI" | "PT" | "PN" | "PE" | "U" | "RI" | "MPI" | "EI" | "ANON" | "usual" | ""
    )
}

/// An identifier's names: as its system says, and as its assigner does.
pub(crate) fn names(identifier: &Identifier) -> Vec<(String, String)> {
    let other = identifier.assigner.iter().cloned();
    [identifier.system.clone()]
        .into_iter()
        .chain(other)
        .map(|system| (system, identifier.value.clone()))
        .collect()
}

/// What somebody says of two identifiers.
pub(crate) struct Edge<'a> {
    pub why: &'a str,
    pub joins: bool,
    pub said_at: i64,
    pub source: &'a str,
}

/// Each member with the smallest member of its component.
pub(crate) fn components(members: impl Iterator<Item = i64>, pairs: &[(i64, i64)]) -> BTreeMap<i64, i64> {
    let mut leader: BTreeMap<i64, i64> = members.map(|id| (id, id)).collect();
    let mut moved = true;
    while moved {
        moved = false;
        for (a, b) in pairs {
            let (Some(one), Some(other)) = (leader.get(a).copied(), leader.get(b).copied()) else { continue };
            let least = one.min(other);
            moved |= one != other;
            leader.insert(*a, least);
            leader.insert(*b, least);
        }
    }
    leader
}

#[cfg(test)]
mod tests {
    use super::*;

    fn demo(name: &str, birth: i64) -> Demo {
        Demo::of_dicom(name, Some(birth), "F")
    }

    #[test]
    fn another_birth_date_is_a_slip_only_under_a_shared_name() {
        let one = demo("Sample^Anna", 19_700_101);
        assert_eq!(one.clash(&demo("Sample^Anna", 19_700_110)), Clash::Birth);
        assert_eq!(one.clash(&demo("Muster^Bea", 19_800_101)), Clash::Person);
        assert_eq!(one.clash(&demo("Muster^Bea", 19_700_101)), Clash::None);
    }

    #[test]
    fn twins_do_not_agree() {
        assert!(!demo("Sample^Anna", 1).agrees(&demo("Sample^Bea", 1)));
        assert!(demo("Sample^Anna^Maria", 1).agrees(&demo("SAMPLE^ANNA", 1)));
    }

    #[test]
    fn a_component_goes_by_its_smallest() {
        let found = components([1, 2, 3, 9].into_iter(), &[(3, 9), (2, 3)]);
        assert_eq!(found, BTreeMap::from([(1, 1), (2, 2), (3, 2), (9, 2)]));
    }
}
