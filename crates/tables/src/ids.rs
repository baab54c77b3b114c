//! Sets of ids in little memory: a bit for each, as tables number their rows mostly one by one.

use std::collections::HashMap;

const WORDS: usize = 16;
const BITS: i64 = 64 * WORDS as i64;

/// A set of integers.
#[derive(Debug, Default)]
pub(crate) struct IdSet(HashMap<i64, [u64; WORDS]>);

impl IdSet {
    /// Adds one; false when it was there.
    pub(crate) fn insert(&mut self, id: i64) -> bool {
        let (chunk, word, bit) = split(id);
        let words = self.0.entry(chunk).or_insert([0; WORDS]);
        let new = words[word] & bit == 0;
        words[word] |= bit;
        new
    }

    pub(crate) fn contains(&self, id: i64) -> bool {
        let (chunk, word, bit) = split(id);
        self.0.get(&chunk).is_some_and(|words| words[word] & bit != 0)
    }
}

const fn split(id: i64) -> (i64, usize, u64) {
    let at = id.rem_euclid(BITS) as usize;
    (id.div_euclid(BITS), at / 64, 1 << (at % 64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_set_is_a_set(ids in prop::collection::vec(prop_oneof![any::<i64>(), -50i64..50], 0..200)) {
            let (mut ours, mut theirs) = (IdSet::default(), std::collections::HashSet::new());
            for id in &ids {
                prop_assert_eq!(ours.insert(*id), theirs.insert(*id));
            }
            prop_assert!(ids.iter().all(|id| ours.contains(*id)));
        }
    }
}
