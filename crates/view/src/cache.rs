//! Instances opened lately, so that scrolling through a series reads each header once.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use model::Sha256Digest;

use crate::Instance;

/// Instances kept open.
const MOST: usize = 128;
/// Bytes they may hold together.
const MOST_BYTES: usize = 48 << 20;

/// The least recently used is dropped first.
#[derive(Default)]
pub(crate) struct Opened(Mutex<VecDeque<(Sha256Digest, Arc<Instance>)>>);

impl Opened {
    pub(crate) fn get(&self, digest: &Sha256Digest) -> Option<Arc<Instance>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|(key, _)| key == digest)?;
        let entry = kept.remove(at)?;
        let instance = entry.1.clone();
        kept.push_front(entry);
        Some(instance)
    }

    pub(crate) fn put(&self, digest: Sha256Digest, instance: &Arc<Instance>) {
        if instance.weight() > MOST_BYTES / 2 {
            return;
        }
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_front((digest, instance.clone()));
        let mut bytes = 0;
        let fits = |(_, instance): &&(Sha256Digest, Arc<Instance>)| {
            bytes += instance.weight();
            bytes <= MOST_BYTES
        };
        let count = kept.iter().take(MOST).take_while(fits).count();
        kept.truncate(count);
    }
}
