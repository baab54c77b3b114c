//! From the document and the standard's tables to one rule for each attribute.

use super::document::{Document, DocumentError, PrivateKeep, RuleAction, check};
use super::{Action, Policy, PrivateRule, Rule, Why};
use crate::table::{self, OptionAction, ProfileAction, ProfileOption, Row};
use crate::{builtin, iod};
use dicom::{Tag, Vr, dictionary, tags};
use sha2::{Digest as _, Sha256};

pub(super) fn compile(document: Document) -> Result<Policy, DocumentError> {
    let digest = Sha256::digest(document.to_toml().as_bytes());
    let digest = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut policy =
        Policy { document, digest, rules: std::collections::HashMap::default(), private: vec![] };
    for tag in iod::attributes() {
        policy.rules.insert(tag, unnamed(tag, &policy.document.options));
    }
    for (tag, row) in table::rows() {
        policy.rules.insert(tag, named(row, &policy.document.options));
    }
    for tag in builtin::ALWAYS_REMOVED {
        policy.rules.insert(*tag, gone(Why::Profile(ProfileAction::X)));
    }
    // An overlay without its data would be no overlay.
    let overlay = policy.rule(Tag(0x6000, 0x3000));
    if overlay.action != Action::Keep {
        policy
            .rules
            .iter_mut()
            .filter(|(tag, _)| tag.0 == 0x6000)
            .for_each(|(_, rule)| *rule = gone(overlay.why));
    }
    for tag in [tags::PATIENT_NAME, tags::PATIENT_ID, tags::CLINICAL_TRIAL_SUBJECT_ID] {
        let why = policy.rules.get(&tag).map_or(Why::NotNamed, |rule| rule.why);
        policy.rules.insert(tag, Rule { action: Action::Code, why });
    }
    for (index, rule) in policy.document.rules.iter().enumerate() {
        let tag = table::row_tag(rule.tag(index)?);
        check(tag.0.is_multiple_of(2), "rules", "private attributes are listed under private.keep")?;
        let fallback = table::row(tag).map_or(ProfileAction::Xzd, |row| row.basic);
        policy.rules.insert(tag, Rule { action: asked(rule.action, fallback), why: Why::Policy(index) });
    }
    for (index, keep) in policy.document.private.keep.iter().enumerate() {
        policy.private.push(private(index, keep)?);
    }
    Ok(policy)
}

const fn gone(why: Why) -> Rule {
    Rule { action: Action::Remove, why }
}

/// Of several options that name the attribute, cleaning wins over keeping: it takes more out.
fn named(row: &Row, options: &[ProfileOption]) -> Rule {
    let chosen = row.options.iter().filter(|(option, _)| options.contains(option));
    let chosen = chosen.max_by_key(|(_, action)| *action == OptionAction::Clean);
    match chosen {
        Some((option, OptionAction::Keep)) => {
            Rule { action: Action::Keep, why: Why::Option(*option, OptionAction::Keep) }
        }
        Some((option, OptionAction::Clean)) => {
            Rule { action: Action::Clean(row.basic), why: Why::Option(*option, OptionAction::Clean) }
        }
        None => Rule { action: Action::Profile(row.basic), why: Why::Profile(row.basic) },
    }
}

/// What the standard has but Table E.1-1 does not name: names go all the same, and dates where no option keeps
/// them; text is cleaned.
fn unnamed(tag: Tag, options: &[ProfileOption]) -> Rule {
    let keeps = |option| options.contains(&option);
    let action = match dictionary::implicit_vr(tag, false) {
        Vr::DA | Vr::DT | Vr::TM if keeps(ProfileOption::RetainFullDates) => Action::Keep,
        Vr::DA | Vr::DT | Vr::TM if keeps(ProfileOption::RetainModifiedDates) => {
            Action::Clean(ProfileAction::Xzd)
        }
        Vr::PN | Vr::DA | Vr::DT | Vr::TM => Action::Profile(ProfileAction::Xzd),
        Vr::UI if !builtin::names_a_kind(tag) => Action::Profile(ProfileAction::U),
        Vr::LO | Vr::SH | Vr::ST | Vr::LT | Vr::UT | Vr::UC | Vr::UR if !builtin::is_code(tag) => {
            Action::Clean(ProfileAction::Xzd)
        }
        _ => Action::Keep,
    };
    Rule { action, why: Why::NotNamed }
}

const fn asked(action: RuleAction, fallback: ProfileAction) -> Action {
    match action {
        RuleAction::Keep => Action::Keep,
        RuleAction::Clean => Action::Clean(fallback),
        RuleAction::Remove => Action::Profile(ProfileAction::Xzd),
        RuleAction::Empty => Action::Empty,
        RuleAction::Dummy => Action::Dummy,
        RuleAction::Uid => Action::Profile(ProfileAction::U),
        RuleAction::Code => Action::Code,
    }
}

fn private(index: usize, keep: &PrivateKeep) -> Result<PrivateRule, DocumentError> {
    let place = format!("private.keep, number {}", index + 1);
    let group = u16::from_str_radix(&keep.group, 16).ok().filter(|group| group % 2 == 1);
    let elements: Option<Vec<u8>> = keep.elements.iter().map(|two| two_digits(two)).collect();
    let (Some(group), Some(elements)) = (group, elements) else {
        let problem =
            "group: four hexadecimal digits, odd; elements: two hexadecimal digits each, such as 0C";
        return Err(DocumentError::Content { place, problem: problem.into() });
    };
    check(!keep.creator.is_empty(), &place, "the creator is missing")?;
    Ok(PrivateRule { creator: keep.creator.clone(), group, elements, clean: keep.clean, index })
}

fn two_digits(text: &str) -> Option<u8> {
    let digits = text.strip_prefix("xx").unwrap_or(text);
    u8::from_str_radix(digits, 16).ok().filter(|_| digits.len() == 2)
}
