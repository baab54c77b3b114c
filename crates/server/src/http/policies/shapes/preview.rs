//! What a preview looks like in JSON.

use super::PolicyWanted;
use crate::policies::preview::{Picture, Previewed};
use catalog::Located;
use deid::pixels::Searched;
use deid::policy::Why;
use deid::{Explained, Outcome};
use dicom::dictionary;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What to show.
#[derive(Deserialize, ToSchema)]
pub(in crate::http::policies) struct PreviewWanted {
    pub(in crate::http::policies) policy: PolicyWanted,
    /// (0020,000D)
    pub(in crate::http::policies) study: String,
    /// (0020,000E); the first of the exam unless said.
    pub(in crate::http::policies) series: Option<String>,
    /// (0008,0018), with its series; the first of the series unless said.
    pub(in crate::http::policies) instance: Option<String>,
    /// Only this attribute and what is in it, such as `(0008,1110)[0].(0008,1155)`.
    pub(in crate::http::policies) path: Option<String>,
}

/// What the policy would make of an instance.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PolicyPreview)]
pub(in crate::http) struct Shown {
    /// Name and version of the policy.
    policy: String,
    /// SHA-256 of its plain form.
    digest: String,
    study: String,
    series: String,
    instance: String,
    sop_class: String,
    /// Why nothing would be let through; absent where something is.
    #[serde(skip_serializing_if = "Option::is_none")]
    withheld: Option<WithheldBody>,
    /// By path; empty where it is withheld.
    attributes: Vec<AttributeShown>,
    /// Absent where it is withheld or no image.
    #[serde(skip_serializing_if = "Option::is_none")]
    picture: Option<PictureShown>,
}

/// What becomes of the pixels.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PreviewedPicture)]
struct PictureShown {
    frames: u32,
    rows: u32,
    columns: u32,
    /// Whether the policy had them searched, or masked without a search.
    searched: bool,
    /// The frames that are masked somewhere.
    masks: Vec<MaskedFrame>,
}

/// What is masked in a frame.
#[derive(Serialize, ToSchema)]
struct MaskedFrame {
    /// Counted from 1.
    frame: usize,
    /// Left, top, right and bottom in pixels; right and bottom are the first outside.
    boxes: Vec<[usize; 4]>,
}

impl PictureShown {
    fn of(picture: Picture, became: &Searched) -> Self {
        let Picture { frames, rows, columns } = picture;
        let masks = match became {
            Searched::Masked { masks, .. } => &masks.masks[..],
            Searched::No | Searched::Clean(_) => &[],
        };
        let masks = masks.iter().map(|masked| MaskedFrame {
            frame: masked.frame,
            boxes: masked.boxes.iter().map(|area| [area.left, area.top, area.right, area.bottom]).collect(),
        });
        Self { frames, rows, columns, searched: *became != Searched::No, masks: masks.collect() }
    }
}

/// Why an object would be withheld.
#[derive(Serialize, ToSchema)]
#[schema(as = PolicyWithheld)]
struct WithheldBody {
    /// A word for scripts, such as `burned-in-text`.
    code: &'static str,
    reason: String,
}

/// What becomes of an attribute.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PreviewedAttribute)]
struct AttributeShown {
    /// `(0008,1110)[0].(0008,1155)`, items counted from 0.
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    keyword: Option<&'static str>,
    /// The standard's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'static str>,
    vr: &'static str,
    /// Of a private attribute.
    #[serde(skip_serializing_if = "Option::is_none")]
    creator: Option<String>,
    #[schema(value_type = OutcomeName)]
    outcome: Outcome,
    /// Which rule decided, in words.
    why: String,
    by: Rule,
    /// Empty where the caller may not know.
    before: String,
    after: String,
}

/// What becomes of an attribute.
#[derive(ToSchema)]
#[schema(as = PreviewedOutcome, rename_all = "kebab-case")]
#[expect(dead_code, reason = "only for the API's document")]
enum OutcomeName {
    Kept,
    Cleaned,
    Removed,
    Emptied,
    Dummy,
    UidReplaced,
    Coded,
    Shifted,
    Added,
}

/// The kind of rule that decided.
#[derive(Serialize, ToSchema)]
#[schema(as = DecidingRule)]
struct Rule {
    kind: RuleKind,
    /// The option of the Basic profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    option: Option<&'static str>,
    /// Which of the policy's rules, or of its private attributes, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<usize>,
}

/// Kinds of rules.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = DecidingRuleKind)]
enum RuleKind {
    Profile,
    Option,
    Policy,
    PrivateListed,
    PrivateUnlisted,
    NotNamed,
    NotInStandard,
    Stamp,
    NotReadable,
}

impl From<Why> for Rule {
    fn from(why: Why) -> Self {
        let plain = |kind| Self { kind, option: None, number: None };
        match why {
            Why::Profile(_) => plain(RuleKind::Profile),
            Why::Option(option, _) => Self { option: Some(option.name()), ..plain(RuleKind::Option) },
            Why::Policy(number) => Self { number: Some(number), ..plain(RuleKind::Policy) },
            Why::PrivateListed(number) => Self { number: Some(number), ..plain(RuleKind::PrivateListed) },
            Why::PrivateUnlisted | Why::PrivateWithoutCreator => plain(RuleKind::PrivateUnlisted),
            Why::NotNamed => plain(RuleKind::NotNamed),
            Why::NotInStandard => plain(RuleKind::NotInStandard),
            Why::Stamp => plain(RuleKind::Stamp),
            Why::NotReadable => plain(RuleKind::NotReadable),
        }
    }
}

impl Shown {
    pub(in crate::http) fn of(previewed: Previewed, instance: Located, path: Option<&str>) -> Self {
        let Located { study, series, sop, sop_class, .. } = instance;
        let (explained, withheld, picture) = match previewed.result {
            Ok((done, explained)) => {
                (explained, None, previewed.picture.map(|picture| PictureShown::of(picture, done.pixels())))
            }
            Err(withheld) => {
                let body = WithheldBody { code: withheld.reason.code(), reason: withheld.to_string() };
                (Vec::new(), Some(body), None)
            }
        };
        let is_wanted = |one: &Explained| path.is_none_or(|path| is_in(&one.path, path));
        let mut explained: Vec<_> = explained.into_iter().filter(is_wanted).collect();
        explained.sort_by_cached_key(|one| steps(&one.path));
        Self {
            policy: previewed.label,
            digest: previewed.digest,
            study,
            series,
            instance: sop,
            sop_class,
            withheld,
            attributes: explained.into_iter().map(AttributeShown::from).collect(),
            picture,
        }
    }
}

fn is_in(path: &str, wanted: &str) -> bool {
    path.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with(['[', '.']))
}

/// A path as it is sorted: tags and the numbers of items.
fn steps(path: &str) -> Vec<(u32, usize)> {
    let step = |step: &str| {
        let (tag, item) = step.split_once(")[").unwrap_or((step, ""));
        let digits: String = tag.chars().filter(char::is_ascii_hexdigit).collect();
        let item = item.trim_end_matches(']').parse().unwrap_or_default();
        (u32::from_str_radix(&digits, 16).unwrap_or_default(), item)
    };
    path.split('.').map(step).collect()
}

/// Characters of a value that are shown.
const SHOWN: usize = 2000;

impl From<Explained> for AttributeShown {
    fn from(one: Explained) -> Self {
        let tag = steps(&one.path).last().map_or(0, |(tag, _)| *tag);
        let known = dictionary::attribute(dicom::Tag((tag >> 16) as u16, tag as u16));
        Self {
            keyword: known.map(|known| known.keyword),
            name: known.map(|known| known.name),
            vr: one.vr.to_string(),
            creator: one.creator,
            outcome: one.outcome,
            why: one.why,
            by: one.by.into(),
            before: short(one.before.into_revealed()),
            after: short(one.after),
            path: one.path,
        }
    }
}

fn short(text: String) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_sorted_by_number_after_their_sequence() {
        let mut paths =
            ["(0008,1110)[10].(0008,1155)", "(0008,1110)[2].(0008,1155)", "(0008,1110)", "(0008,0005)"];
        paths.sort_by_cached_key(|path| steps(path));
        assert_eq!(paths[..2], ["(0008,0005)", "(0008,1110)"]);
        assert!(paths[2].contains("[2]"));
        assert!(is_in("(0008,1110)[2].(0008,1155)", "(0008,1110)[2]"));
        assert!(!is_in("(0008,1110)[20].(0008,1155)", "(0008,1110)[2"));
    }
}
