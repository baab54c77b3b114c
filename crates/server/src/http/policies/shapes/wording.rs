//! Documents in requests: as text or as data.

use crate::http::Problem;
use crate::policies::PolicyError;
use crate::policies::wording::{self, Fault};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A document: one of the two.
#[derive(Deserialize, ToSchema)]
#[schema(as = PolicyWording)]
pub(in crate::http::policies) struct Wording {
    /// As TOML.
    text: Option<String>,
    /// As data, with the keys of the TOML.
    #[schema(value_type = Option<Object>)]
    document: Option<serde_json::Value>,
}

impl Wording {
    /// The text.
    pub(in crate::http::policies) fn text(self) -> Result<String, Problem> {
        self.into_text().map_err(|fault| PolicyError::Invalid(fault).into())
    }

    fn into_text(self) -> Result<String, Fault> {
        match (self.text, self.document) {
            (Some(text), None) => Ok(text),
            (None, Some(document)) => wording::plain(document),
            _ => {
                let message = "send either text or document".into();
                Err(Fault { line: None, column: None, place: None, message })
            }
        }
    }
}

/// A policy that is kept, by id and version, the newest unless said; or a document.
#[derive(Deserialize, ToSchema)]
pub(in crate::http::policies) struct PolicyWanted {
    pub(in crate::http::policies) id: Option<String>,
    pub(in crate::http::policies) version: Option<i64>,
    #[serde(flatten)]
    pub(in crate::http::policies) wording: Wording,
}

/// A policy to be kept.
#[derive(Deserialize, ToSchema)]
pub(in crate::http::policies) struct NewPolicy {
    #[serde(flatten)]
    pub(in crate::http::policies) wording: Wording,
    /// What is new, and why.
    #[serde(default)]
    note: String,
}

impl NewPolicy {
    /// The note, if it can be kept.
    pub(in crate::http::policies) fn note(&self) -> Result<String, Problem> {
        let note = self.note.trim();
        if note.chars().count() > 1000 {
            return Err(Problem::bad_request("A note has at most 1000 characters."));
        }
        Ok(note.to_owned())
    }
}

/// The next version of a policy.
#[derive(Deserialize, ToSchema)]
#[schema(as = NextPolicyVersion)]
pub(in crate::http::policies) struct NextVersion {
    /// The version that was seen.
    pub(in crate::http::policies) seen: i64,
    #[serde(flatten)]
    pub(in crate::http::policies) policy: NewPolicy,
}

/// What a check found.
#[derive(Serialize, ToSchema)]
#[schema(as = PolicyChecked)]
pub(in crate::http::policies) struct Checked {
    /// The document as TOML: as it was sent, or made of the data.
    text: String,
    /// As data, if it is valid.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    document: Option<serde_json::Value>,
    /// SHA-256 of its plain form, if it is valid.
    #[serde(skip_serializing_if = "Option::is_none")]
    digest: Option<String>,
    /// What is wrong with it, if it isn't.
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<FaultBody>,
}

/// What is wrong, and where.
#[derive(Serialize, ToSchema)]
#[schema(as = PolicyFault)]
struct FaultBody {
    /// From 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    /// From 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
    /// The key.
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<String>,
    /// What is wrong, and what would be right.
    message: String,
}

impl Checked {
    pub(in crate::http::policies) fn of(asked: Wording) -> Self {
        let sent = asked.text.clone().unwrap_or_default();
        match asked.into_text().map(|text| (wording::read(&text), text)) {
            Ok((Ok((document, policy)), text)) => Self {
                text,
                document: serde_json::to_value(document).ok(),
                digest: Some(policy.digest().to_owned()),
                fault: None,
            },
            Ok((Err(fault), text)) => Self::wrong(text, fault),
            Err(fault) => Self::wrong(sent, fault),
        }
    }

    fn wrong(text: String, Fault { line, column, place, message }: Fault) -> Self {
        Self { text, document: None, digest: None, fault: Some(FaultBody { line, column, place, message }) }
    }
}
