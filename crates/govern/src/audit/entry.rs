//! What one entry says.

use crate::{Grant, Principal, Refusal, Resource};
use model::Timestamp;
use serde_json::{Map, Value};

/// How it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It was done.
    Done,
    /// It was not allowed.
    Refused,
    /// It was allowed and failed.
    Failed,
}

impl Outcome {
    /// The word in the log.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}

/// One entry to be recorded. Identifiers and counts only: no names, dates, accession numbers or
/// search terms, since the log is read by people who may not see those.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub(crate) at: Timestamp,
    pub(crate) actor: String,
    pub(crate) door: &'static str,
    pub(crate) action: String,
    pub(crate) resources: Vec<String>,
    pub(crate) outcome: Outcome,
    pub(crate) detail: Map<String, Value>,
}

impl Entry {
    /// A granted action that was done. `door` is the front door's word: `http`, `dicomweb`, `dimse`,
    /// `command-line`.
    #[must_use]
    pub fn done(grant: &Grant, door: &'static str, at: Timestamp) -> Self {
        let action = grant.action().as_str().to_owned();
        let resources = vec![grant.resource().to_owned()];
        let detail = Map::new();
        Self { at, actor: grant.actor().into(), door, action, resources, outcome: Outcome::Done, detail }
    }

    /// An action that was refused.
    #[must_use]
    pub fn refused(refusal: &Refusal, resource: &Resource, door: &'static str, at: Timestamp) -> Self {
        let mut detail = Map::new();
        detail.insert("rule".into(), refusal.rule.into());
        let (actor, action) = (refusal.actor.clone(), refusal.action.as_str().to_owned());
        let resources = vec![resource.to_string()];
        Self { at, actor, door, action, resources, outcome: Outcome::Refused, detail }
    }

    /// Something that happens without a grant, such as a sign-in.
    #[must_use]
    pub fn event(who: &Principal, event: &str, door: &'static str, outcome: Outcome, at: Timestamp) -> Self {
        let (actor, action) = (who.to_string(), event.to_owned());
        Self { at, actor, door, action, resources: Vec::new(), outcome, detail: Map::new() }
    }

    /// The same entry for an action that was granted and then failed.
    #[must_use]
    pub fn failed(self) -> Self {
        Self { outcome: Outcome::Failed, ..self }
    }

    /// Adds what else it was about, e.g. every exam of a transfer.
    #[must_use]
    pub fn of(mut self, resource: &Resource) -> Self {
        self.resources.push(resource.to_string());
        self
    }

    /// Adds a detail: counts, methods, names of attributes; never their values.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.detail.insert(key.into(), value.into());
        self
    }
}
