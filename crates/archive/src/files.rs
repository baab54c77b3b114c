//! Things that are costly to make again, a bounded number of each: open files, the tables of
//! rewritten segments, restored originals.

use crate::segments::{Segment, SegmentKey, relative_path};
use std::collections::HashMap;
use std::fs::File;
use std::hash::Hash;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// Keeps what was used last, up to a total weight.
#[derive(Debug)]
pub(crate) struct Recent<K, V> {
    most: usize,
    state: Mutex<RecentState<K, V>>,
}

#[derive(Debug)]
struct RecentState<K, V> {
    clock: u64,
    weight: usize,
    kept: HashMap<K, Kept<V>>,
}

#[derive(Debug)]
struct Kept<V> {
    value: V,
    weight: usize,
    used: u64,
}

impl<K: Hash + Eq + Clone, V: Clone> Recent<K, V> {
    pub fn new(most: usize) -> Self {
        Self { most, state: Mutex::new(RecentState { clock: 0, weight: 0, kept: HashMap::new() }) }
    }

    pub fn get(&self, key: &K) -> Option<V> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.clock += 1;
        let now = state.clock;
        state.kept.get_mut(key).map(|kept| {
            kept.used = now;
            kept.value.clone()
        })
    }

    /// Keeps a value, dropping those not used for longest; one that is too heavy isn't kept.
    pub fn put(&self, key: K, value: V, weight: usize) {
        if weight > self.most {
            return;
        }
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        while state.weight + weight > self.most {
            let oldest = state.kept.iter().min_by_key(|(_, kept)| kept.used).map(|(key, _)| key.clone());
            let Some(dropped) = oldest.and_then(|key| state.kept.remove(&key)) else { break };
            state.weight -= dropped.weight;
        }
        state.clock += 1;
        let used = state.clock;
        let replaced = state.kept.insert(key, Kept { value, weight, used });
        state.weight += weight;
        state.weight -= replaced.map_or(0, |kept| kept.weight);
    }

    pub fn forget(&self, forgotten: impl Fn(&K) -> bool) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let RecentState { weight, kept, .. } = &mut *state;
        kept.retain(|key, kept| {
            let keep = !forgotten(key);
            *weight -= if keep { 0 } else { kept.weight };
            keep
        });
    }
}

/// Segment files held open for reading.
#[derive(Debug)]
pub(crate) struct OpenFiles(Recent<(SegmentKey, u32), Arc<File>>);

impl OpenFiles {
    pub fn new(most: usize) -> Self {
        Self(Recent::new(most.max(1)))
    }

    /// The local file of a segment in one of its generations.
    pub fn get(&self, segment: &Segment, generation: u32, folder: &Path) -> io::Result<Arc<File>> {
        let key = (segment.key.clone(), generation);
        if let Some(file) = self.0.get(&key) {
            return Ok(file);
        }
        let file = Arc::new(File::open(folder.join(relative_path(&segment.id, generation)))?);
        self.0.put(key, file.clone(), 1);
        Ok(file)
    }

    /// Closes the files of a segment that was replaced or moved away, once nobody reads them.
    pub fn forget(&self, segment: &Segment) {
        self.0.forget(|(key, _)| *key == segment.key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_used_for_longest_goes_first() {
        let recent = Recent::new(3);
        (1..=3).for_each(|n| recent.put(n, n * 10, 1));
        assert_eq!(recent.get(&1), Some(10));
        recent.put(4, 40, 1);
        assert_eq!((recent.get(&2), recent.get(&1), recent.get(&4)), (None, Some(10), Some(40)));
        recent.put(5, 50, 9);
        assert_eq!(recent.get(&5), None);
        recent.forget(|n| *n == 1);
        recent.put(6, 60, 1);
        assert_eq!((recent.get(&3), recent.get(&6)), (Some(30), Some(60)));
    }
}
