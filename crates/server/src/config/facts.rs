//! Settings of the facts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::time::Duration;
use warehouse::clean::Terms;
use warehouse::engine::Place;

/// The tables of facts that cohorts are counted from: how long what is no longer the newest stays.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Facts {
    /// Where questions are answered: "local", in this process, or "ballista://host:port", on the cluster whose scheduler
    /// listens there. The cluster's executors read the same `store.facts`.
    #[schemars(with = "String")]
    pub engine: Place,
    /// A folder of vocabularies for tables of OMOP, as downloaded from athena.ohdsi.org: CONCEPT.csv, CONCEPT_RELATIONSHIP.csv
    /// and VOCABULARY.csv. Without, codes have no concepts there. On a cluster the executors need it at the same path.
    pub vocabularies: Option<PathBuf>,
    /// Hours a version stays after another took its place, for questions and programs that read its files. Versions
    /// that frozen cohorts pin stay as long as those.
    #[schemars(range(min = 1, max = 720))]
    pub keep_hours: u32,
    /// Hours until somebody who withdrew is out of every version and every frozen list too; out of the newest
    /// version they are at once.
    #[schemars(range(min = 0, max = 720))]
    pub withdrawn_hours: u32,
}

impl Default for Facts {
    fn default() -> Self {
        Self { engine: Place::Local, vocabularies: None, keep_hours: 168, withdrawn_hours: 24 }
    }
}

impl Facts {
    /// The same as the warehouse takes it.
    pub(crate) fn terms(&self) -> Terms {
        let hours = |hours: u32| Duration::from_secs(u64::from(hours) * 3600);
        // A commit takes seconds; an hour is beyond doubt.
        Terms { versions: hours(self.keep_hours), withdrawn: hours(self.withdrawn_hours), files: hours(1) }
    }
}
