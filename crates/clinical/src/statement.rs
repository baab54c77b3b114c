//! Statements: what a source says.

use crate::{Identifier, When};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One thing a source says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Statement {
    /// What is said.
    pub said: Said,
    /// When the sender said so (MSH-7, EVN-2, `meta.lastUpdated`): later words on the same record win, whatever the
    /// order they arrive in. None: as late as it was received.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<When>,
    /// Where in the source it stands, without any value of it: `OBR[2]`, `entry[3]`, `CONDITION_OCCURRENCE:17`.
    pub place: String,
}

/// What may be said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Said {
    /// Something about a record, a Patient too.
    Record(Box<Record>),
    /// Two patients are one person: what was known under `gone` belongs to `kept` (A40, A18, A34; `Patient.link`).
    Merge {
        /// The identifier that stays in use.
        kept: Identifier,
        /// The identifier that is no longer used.
        gone: Identifier,
    },
    /// A merge was wrong (A37).
    Unmerge {
        /// The one.
        kept: Identifier,
        /// The other.
        gone: Identifier,
    },
    /// A record belongs to another patient than was said (A45 moves a visit, A43 an identifier's records).
    Move {
        /// The record, by one of its keys; none: all of `from`.
        record: Option<Identifier>,
        /// The patient it was under.
        from: Identifier,
        /// The patient it belongs to.
        to: Identifier,
    },
}

/// How completely a record is told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Told {
    /// All of it: what is not in here is no longer so (FHIR resources, tables).
    #[default]
    Whole,
    /// What has changed: other elements stay as they are; `null` takes one away (HL7 v2's `""`).
    Change,
    /// A part to be added behind what is there (an addendum).
    Added,
}

/// Something said about one record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The FHIR R4 resource type: `Patient`, `ServiceRequest`, `DiagnosticReport` …
    pub kind: String,
    /// Every name under which a source would speak of this record again, the strongest first; at least one. Of an
    /// order the placer's and the filler's number, of a Patient its identifiers.
    pub keys: Vec<Identifier>,
    /// Whose it is: the patient's identifiers as this source gave them. Empty when it doesn't say, and for records
    /// of nobody (an Organization).
    #[serde(default)]
    pub patient: Vec<Identifier>,
    /// The resource, as FHIR R4 JSON without `id`; references are logical.
    pub content: Value,
    /// How completely it is told.
    #[serde(default)]
    pub told: Told,
    /// Of an order, where it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<OrderState>,
}

/// Where an order stands. FHIR's status tells fewer apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OrderState {
    /// Somebody asked for it (ORC-1 NW; ORC-5 IP without a time).
    Requested,
    /// It has a time (ORC-5 SC, SIU^S12).
    Scheduled,
    /// The patient is there (ADT^A10, SIU^S14 with a status of arrival, MPPS in progress).
    Arrived,
    /// Images were made (ORC-5 CM, OBR-25 of a performed exam, an exam in the archive).
    Performed,
    /// Taken back before anything was done (ORC-1 CA, OC, CR).
    Cancelled,
    /// Stopped after it had begun (ORC-1 DC, OD, DR).
    Discontinued,
    /// A report was given (ORU^R01, a DiagnosticReport).
    Reported,
}

impl OrderState {
    /// The word used in the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Scheduled => "scheduled",
            Self::Arrived => "arrived",
            Self::Performed => "performed",
            Self::Cancelled => "cancelled",
            Self::Discontinued => "discontinued",
            Self::Reported => "reported",
        }
    }
}

/// A part of a source that became no statement, and why: everything of a source is accounted for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    /// Where it stands, as [`Statement::place`].
    pub place: String,
    /// Why, in words a person can act on, without any value of it.
    pub why: String,
    /// True when something is wrong with it; false when we merely keep it without reading it (a Z-segment).
    pub refused: bool,
}

/// A part of a source: what became of an entry, a line or a row.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "nearly all are statements")]
pub enum Part {
    /// It says something.
    Said(Statement),
    /// It, or something in it, became no statement.
    Left(Left),
}

impl Part {
    /// What is refused, and why.
    #[must_use]
    pub fn refused(place: impl Into<String>, why: impl Into<String>) -> Self {
        Self::Left(Left { place: place.into(), why: why.into(), refused: true })
    }

    /// What is kept without being read, and why.
    #[must_use]
    pub fn kept(place: impl Into<String>, why: impl Into<String>) -> Self {
        Self::Left(Left { place: place.into(), why: why.into(), refused: false })
    }

    /// Where in the source it stands.
    #[must_use]
    pub fn place(&self) -> &str {
        match self {
            Self::Said(statement) => &statement.place,
            Self::Left(left) => &left.place,
        }
    }
}
