//! The desk: people's work on exams as it is changed, one version after another.
//!
//! Each person has a chain of versions for each exam, which nobody else writes to. A change is made to the
//! newest version under the chain's lock; the object made of it goes through `intake` like everything
//! else, and only when it is durable does the caller hear of success. What is in memory is a copy: the
//! archive has it all, and the catalog says which version is the newest. Segmentations have a chain each and are
//! too large to be remembered: a change reads the version before.

mod chain;
mod marking;
mod reading;

pub(crate) use chain::{Change, Changed, Failed, maker};
pub(crate) use marking::{Marked, NotMarked};
pub(crate) use reading::{Authored, Past, Reported};

use crate::App;
use chain::Chain;
use model::StudyInstanceUid;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Chains remembered; those nobody uses go first.
const REMEMBERED: usize = 256;

/// Whose work on what.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    study: StudyInstanceUid,
    account: String,
}

type Slot = Arc<tokio::sync::Mutex<Option<Chain>>>;

/// The chains under way.
#[derive(Default)]
pub(crate) struct Desk {
    chains: Mutex<HashMap<Key, Slot>>,
    marking: marking::Locks,
}

impl Desk {
    fn slot(&self, key: Key) -> Slot {
        let mut chains = self.chains.lock().unwrap_or_else(PoisonError::into_inner);
        if chains.len() >= REMEMBERED {
            chains.retain(|_, slot| Arc::strong_count(slot) > 1);
        }
        chains.entry(key).or_default().clone()
    }

    fn of_exam(&self, study: &StudyInstanceUid) -> Vec<(String, Slot)> {
        let chains = self.chains.lock().unwrap_or_else(PoisonError::into_inner);
        let found = chains.iter().filter(|(key, _)| key.study == *study);
        found.map(|(key, slot)| (key.account.clone(), Arc::clone(slot))).collect()
    }

    /// Forgets what is remembered; to be called when something is deleted or restored.
    pub(crate) fn forget_all(&self) {
        self.chains.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
