//! What is wrong at the moment, in words an operator can act on, for `/readyz`, `/metrics` and the system's
//! page. Nothing here names a person or an exam.

use crate::App;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use utoipa::ToSchema;

/// What the workers last met. Each says so when it fails, and when it works again.
#[derive(Debug, Default)]
pub(crate) struct Health {
    failing: Mutex<BTreeMap<&'static str, String>>,
}

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, ToSchema)]
pub(crate) struct Trouble {
    /// `disk`, `sealing`, `keeping`, `recompressing`, `indexing`, `reading`, `routing`, `mailing` or `audit`.
    pub area: &'static str,
    /// What is wrong and what goes on meanwhile.
    pub what: String,
}

/// Everything that can fail by itself, each a gauge of `/metrics`.
pub(crate) const AREAS: [(&str, &str); 9] = [
    ("audit", "isocenter_audit_failing"),
    ("disk", "isocenter_disk_full"),
    ("indexing", "isocenter_indexing_failing"),
    ("keeping", "isocenter_keeping_failing"),
    ("mailing", "isocenter_mailing_failing"),
    ("reading", "isocenter_text_model_failing"),
    ("recompressing", "isocenter_recompressing_failing"),
    ("routing", "isocenter_routing_failing"),
    ("sealing", "isocenter_sealing_failing"),
];

impl Health {
    /// Notes how something went.
    pub fn note<E: std::error::Error>(&self, area: &'static str, went: Result<(), &E>) {
        let mut failing = self.failing.lock().unwrap_or_else(PoisonError::into_inner);
        match went {
            Ok(()) => failing.remove(area),
            Err(error) => failing.insert(area, causes(error)),
        };
    }

    /// What fails now, by area, and why.
    pub fn failing(&self) -> BTreeMap<&'static str, String> {
        self.failing.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// An error and what is behind it.
fn causes(error: &dyn std::error::Error) -> String {
    let chain = std::iter::successors(error.source(), |cause| cause.source());
    chain.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

impl App {
    /// What is wrong now.
    pub(crate) async fn troubles(&self) -> Vec<Trouble> {
        let mut troubles = Vec::new();
        if self.archive.is_full() {
            let what = "The disk is full: nothing new is taken until there is room. What was taken is safe.";
            troubles.push(Trouble { area: "disk", what: what.into() });
        }
        if self.archive.unsealed() > 0 {
            let what = "A segment could not be sealed; it is complete and read as before, and tried again.";
            troubles.push(Trouble { area: "sealing", what: what.into() });
        }
        if self.govern.audit.is_failing().await {
            let what = "The audit log can't be written: nothing is changed or shown until it can be.";
            troubles.push(Trouble { area: "audit", what: what.into() });
        }
        let failing = self.health.failing.lock().unwrap_or_else(PoisonError::into_inner);
        troubles.extend(failing.iter().map(|(area, what)| Trouble { area, what: what.clone() }));
        troubles
    }
}
