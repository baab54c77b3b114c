//! What the resources of policies look like in JSON.

mod preview;
mod wording;

pub(super) use preview::PreviewWanted;
pub(in crate::http) use preview::Shown;
pub(super) use wording::{Checked, NewPolicy, NextVersion, PolicyWanted, Wording};

use super::Problem;
use crate::policies::{PolicyError, State, Version, wording as text};
use deid::policy::Difference;
use deid::{Policy, ProfileOption};
use dicom::dictionary;
use govern::Project;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// All policies.
#[derive(Serialize, ToSchema)]
pub(super) struct PolicyList {
    policies: Vec<PolicySummary>,
}

/// A policy with its versions.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PolicySummary {
    id: String,
    /// One line for people, of the newest version.
    title: String,
    description: String,
    /// Options of the newest version.
    options: Vec<String>,
    /// The newest first.
    versions: Vec<Kept>,
    /// Projects that are served by one of them.
    used_by: Vec<UsedBy>,
}

/// A project that is served by a policy.
#[derive(Serialize, ToSchema)]
#[schema(as = PolicyUse)]
struct UsedBy {
    project: String,
    title: String,
    version: i64,
}

impl PolicyList {
    pub(super) fn of(versions: Vec<Version>, projects: &[Project]) -> Self {
        let mut policies: Vec<PolicySummary> = Vec::new();
        for version in versions {
            match policies.last_mut().filter(|policy| policy.id == version.id) {
                Some(policy) => policy.versions.push(version.into()),
                None => policies.push(PolicySummary::of(version, projects)),
            }
        }
        Self { policies }
    }
}

impl PolicySummary {
    fn of(newest: Version, projects: &[Project]) -> Self {
        let users = projects.iter().filter(|project| project.terms.policy == newest.id);
        let used_by = users.map(|project| UsedBy {
            project: project.id.clone(),
            title: project.terms.title.clone(),
            version: if project.terms.policy_version == 0 {
                newest.version
            } else {
                project.terms.policy_version
            },
        });
        let document = text::read(&newest.text).map(|(document, _)| document).ok();
        let options = document.iter().flat_map(|document| document.options.iter());
        Self {
            used_by: used_by.collect(),
            id: newest.id.clone(),
            options: options.map(ToString::to_string).collect(),
            title: document.as_ref().map(|document| document.title.clone()).unwrap_or_default(),
            description: document.map(|document| document.description).unwrap_or_default(),
            versions: vec![newest.into()],
        }
    }
}

/// A version of a policy, without its text.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PolicyVersion)]
pub(super) struct Kept {
    id: String,
    version: i64,
    /// `ready-made`, `draft` or `approved`.
    state: StateName,
    /// SHA-256 of its plain form.
    digest: String,
    note: String,
    /// Absent for the ready-made ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    author: Option<String>,
    /// RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    made_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    approved_by: Option<String>,
    /// RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    approved_at: Option<String>,
    /// Its author approved it: no other account had the right.
    approved_alone: bool,
    /// Of its text and its approval: Ed25519 by the key of this server's vault, in hexadecimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    signature: Option<String>,
}

/// Whether a version may be used.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = PolicyState)]
enum StateName {
    ReadyMade,
    Draft,
    Approved,
}

impl From<Version> for Kept {
    fn from(version: Version) -> Self {
        let (author, made_at) = version.made.map(|(author, at)| (author, at.to_string())).unzip();
        let (state, approval, approved_alone, signature) = match version.state {
            State::ReadyMade => (StateName::ReadyMade, None, false, None),
            State::Draft => (StateName::Draft, None, false, None),
            State::Approved { by, at, alone, signature } => {
                (StateName::Approved, Some((by, at.to_string())), alone, Some(signature))
            }
        };
        let (approved_by, approved_at) = approval.unzip();
        let Version { id, version, digest, note, .. } = version;
        Self {
            id,
            version,
            state,
            digest,
            note,
            author,
            made_at,
            approved_by,
            approved_at,
            approved_alone,
            signature,
        }
    }
}

/// A version of a policy in full.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PolicyVersionInFull)]
pub(super) struct VersionBody {
    #[serde(flatten)]
    kept: Kept,
    /// The document as TOML, as it was written.
    text: String,
    /// The same as data, with the keys of the TOML.
    #[schema(value_type = Object)]
    document: serde_json::Value,
}

impl VersionBody {
    pub(super) fn of(version: Version) -> Result<Self, Problem> {
        let (document, _) = text::read(&version.text).map_err(PolicyError::Invalid)?;
        let document = serde_json::to_value(document).map_err(|error| Problem::internal(&error))?;
        let text = version.text.clone();
        Ok(Self { kept: version.into(), text, document })
    }
}

/// The options there are.
#[derive(Serialize, ToSchema)]
#[schema(as = PolicyOptions)]
pub(super) struct Options {
    options: Vec<OptionBody>,
}

/// An option of the Basic profile.
#[derive(Serialize, ToSchema)]
#[schema(as = PolicyOption)]
struct OptionBody {
    /// Its name in a policy.
    name: &'static str,
    /// Code Value of CID 7050, scheme DCM.
    code: &'static str,
    /// Code Meaning.
    meaning: &'static str,
}

impl Options {
    pub(super) fn all() -> Self {
        let of = |option: &ProfileOption| {
            let (code, meaning) = option.code();
            OptionBody { name: option.name(), code, meaning }
        };
        Self { options: ProfileOption::ALL.iter().map(of).collect() }
    }
}

/// The attributes there are.
#[derive(Serialize, ToSchema)]
#[schema(as = PolicyAttributes)]
pub(super) struct Attributes {
    attributes: Vec<AttributeBody>,
}

/// An attribute of the standard.
#[derive(Serialize, ToSchema)]
#[schema(as = PolicyAttribute)]
struct AttributeBody {
    keyword: &'static str,
    /// Eight hexadecimal digits.
    tag: String,
    name: &'static str,
}

impl Attributes {
    pub(super) fn all() -> Self {
        let mut attributes: Vec<_> = deid::iod::attributes()
            .filter_map(|tag| {
                let dictionary::Attribute { keyword, name, .. } = *dictionary::attribute(tag)?;
                Some(AttributeBody { keyword, tag: format!("{:04X}{:04X}", tag.0, tag.1), name })
            })
            .collect();
        attributes.sort_by_key(|attribute| attribute.keyword);
        attributes.dedup_by_key(|attribute| attribute.keyword);
        Self { attributes }
    }
}

/// Two policies to be compared.
#[derive(Deserialize, ToSchema)]
#[schema(as = PolicyComparison)]
pub(super) struct Comparison {
    pub(super) before: PolicyWanted,
    pub(super) after: PolicyWanted,
}

/// What differs.
#[derive(Serialize, ToSchema)]
#[schema(as = PolicyDifferences)]
pub(super) struct Compared {
    /// Keys of the documents.
    keys: Vec<Differing>,
    /// Attributes of which something else becomes, or by another rule.
    attributes: Vec<Differing>,
}

/// A difference.
#[derive(Serialize, ToSchema)]
#[schema(as = PolicyDifference)]
struct Differing {
    /// A key such as `dates.age-cap`, or a keyword.
    what: String,
    /// `—` if it isn't there.
    before: String,
    after: String,
}

impl Compared {
    pub(super) fn of(before: &Policy, after: &Policy) -> Self {
        let is_key = |difference: &Difference| difference.what.starts_with(|c: char| c.is_ascii_lowercase());
        let (keys, attributes): (Vec<_>, Vec<_>) =
            deid::difference(before, after).into_iter().partition(is_key);
        let told = |found: Vec<Difference>| found.into_iter().map(Differing::from).collect();
        Self { keys: told(keys), attributes: told(attributes) }
    }
}

impl From<Difference> for Differing {
    fn from(Difference { what, before, after }: Difference) -> Self {
        Self { what, before, after }
    }
}

/// A CTP anonymizer script.
#[derive(Deserialize, ToSchema)]
pub(super) struct CtpScript {
    /// The XML.
    pub(super) script: String,
    /// The id that the policy is to bear.
    pub(super) id: String,
}

/// What came of a script.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CtpImported)]
pub(super) struct Imported {
    /// The policy as TOML; it is not kept yet.
    text: String,
    /// What it does not carry, in the script's order.
    left_out: Vec<LeftOut>,
}

/// Something that was not carried over.
#[derive(Serialize, ToSchema)]
#[schema(as = CtpLeftOut)]
struct LeftOut {
    /// The element of the script.
    element: String,
    /// What it asked for.
    script: String,
    /// What happens instead, and why.
    instead: String,
}

impl Imported {
    pub(super) fn of(imported: deid::ctp::Imported) -> Self {
        let left_out = imported.left_out.into_iter();
        let left_out = left_out.map(|deid::ctp::LeftOut { element, script, instead }| LeftOut {
            element,
            script,
            instead,
        });
        Self { text: imported.policy.to_toml(), left_out: left_out.collect() }
    }
}

/// An error and what is behind it.
pub(super) fn causes(error: &dyn std::error::Error) -> String {
    let chain = std::iter::successors(Some(error), |error| error.source());
    chain.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
