//! What the work's resources look like in JSON.

use crate::desk::{Authored, Changed, Past, Reported};
use measure::others::Foreign;
use measure::{Entry, Measurement};
use serde::Serialize;
use utoipa::ToSchema;

/// Everybody's work on an exam.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct WorkBody {
    /// Who asks: theirs are the ones they may change.
    account: String,
    /// Measurements made here, removed ones included.
    measurements: Vec<WorkItem>,
    /// Reports that other programs made.
    reports: Vec<OtherReport>,
}

/// A measurement in one version.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct WorkItem {
    /// The account of whose it is.
    author: String,
    /// Whether it is the caller's own.
    own: bool,
    /// 1 when first drawn, one more with every change.
    version: u32,
    /// When it was first drawn (RFC 3339).
    made_at: String,
    /// When this version was made (RFC 3339).
    changed_at: String,
    /// Whether this version says that it is no more.
    removed: bool,
    measurement: Measurement,
}

/// A report that another program made.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct OtherReport {
    /// Its series.
    series: String,
    /// Its SOP Instance UID.
    sop: String,
    /// Its title.
    title: String,
    /// The person it names, or the program.
    author: String,
    measurements: Vec<Foreign>,
}

/// What was kept.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct Saved {
    /// The measurement's version now.
    version: u32,
    /// When it was made (RFC 3339).
    changed_at: String,
    /// The SOP Instance UID of the report that keeps it.
    #[serde(skip_serializing_if = "Option::is_none")]
    instance: Option<String>,
}

/// A newer version than the one a change was made from.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct StaleBody {
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'static str,
    status: u16,
    detail: &'static str,
    /// The newest version.
    current: WorkItem,
}

/// Versions that were.
#[derive(Serialize, ToSchema)]
pub(super) struct PastWork {
    versions: Vec<PastItem>,
}

/// A version that was, with the instance that keeps it.
#[derive(Serialize, ToSchema)]
pub(super) struct PastItem {
    /// The SOP Instance UID of the report that keeps it.
    instance: String,
    #[serde(flatten)]
    item: WorkItem,
}

impl WorkItem {
    fn new(caller: &str, author: &str, entry: Entry) -> Self {
        Self {
            author: author.into(),
            own: author == caller,
            version: entry.version,
            made_at: entry.made_at.to_string(),
            changed_at: entry.changed_at.to_string(),
            removed: entry.removed,
            measurement: entry.measurement,
        }
    }
}

impl WorkBody {
    pub(super) fn new(caller: &str, authored: Vec<Authored>, reports: Vec<Reported>) -> Self {
        let items = authored.into_iter().flat_map(|Authored { account, work }| {
            let entries = work.entries.into_iter();
            entries.map(move |entry| WorkItem::new(caller, &account, entry)).collect::<Vec<_>>()
        });
        Self {
            account: caller.into(),
            measurements: items.collect(),
            reports: reports.into_iter().map(OtherReport::from).collect(),
        }
    }
}

impl From<Reported> for OtherReport {
    fn from(Reported { located, report }: Reported) -> Self {
        Self {
            series: located.series,
            sop: located.sop,
            title: report.title,
            author: report.author,
            measurements: report.measurements,
        }
    }
}

impl From<Changed> for Saved {
    fn from(changed: Changed) -> Self {
        Self {
            version: changed.version,
            changed_at: changed.changed_at.to_string(),
            instance: changed.instance,
        }
    }
}

impl StaleBody {
    pub(super) fn new(caller: &str, entry: Entry) -> Self {
        Self {
            kind: "urn:isocenter:problem:newer-version",
            title: "Precondition Failed",
            status: 412,
            detail: "It was changed elsewhere since you saw it; nothing was overwritten.",
            current: WorkItem::new(caller, caller, entry),
        }
    }
}

impl PastWork {
    pub(super) fn new(caller: &str, past: Vec<Past>) -> Self {
        let item = |past: Past| PastItem {
            instance: past.instance,
            item: WorkItem::new(caller, &past.account, past.entry),
        };
        Self { versions: past.into_iter().map(item).collect() }
    }
}
