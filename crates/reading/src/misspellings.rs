//! Long words with one slip of the keyboard: a letter too many, too few, another one, or two in the wrong order.
//!
//! Every word is kept under itself and under all it becomes without one letter; two words are near each other where
//! these meet. Words of fewer than eight letters are too often others.

use crate::words::{UNKNOWN, WordId};
use rustc_hash::FxHashMap;

/// Words that are corrected to have as many letters.
const LONG: usize = 8;
/// Longer ones are no words.
const LONGEST: usize = 24;

/// Words with their numbers.
type Words = Vec<(Box<str>, WordId)>;

/// Long words by what is left of them without one letter.
#[derive(Debug, Default)]
pub(crate) struct Misspellings {
    near: FxHashMap<Box<[u8]>, Words>,
}

impl Misspellings {
    /// Of all words with their numbers.
    pub(crate) fn of<'a>(words: impl Iterator<Item = (&'a str, WordId)>) -> Self {
        let mut near: FxHashMap<Box<[u8]>, Words> = FxHashMap::default();
        let long = |word: &str| word.len() >= LONG && word.bytes().all(|byte| byte.is_ascii_lowercase());
        for (word, id) in words.filter(|(word, _)| long(word)) {
            let mut add = |key: &[u8]| near.entry(key.into()).or_default().push((word.into(), id));
            add(word.as_bytes());
            each_without_one(word.as_bytes(), &mut |key| {
                add(key);
                false
            });
        }
        Self { near }
    }

    /// The number of the one word that was meant; [`UNKNOWN`] if there is none, or more than one.
    pub(crate) fn meant(&self, written: &str) -> WordId {
        let length = written.len();
        let word = written.bytes().all(|byte| byte.is_ascii_alphabetic());
        if !(LONG - 1..=LONGEST).contains(&length) || !word {
            return UNKNOWN;
        }
        let mut small = [0_u8; LONGEST];
        small[..length].copy_from_slice(written.as_bytes());
        small[..length].make_ascii_lowercase();
        let mut found = UNKNOWN;
        let mut doubt = false;
        let mut look = |key: &[u8]| {
            for (word, id) in self.near.get(key).into_iter().flatten() {
                if is_one_slip(&small[..length], word.as_bytes()) {
                    doubt |= found != UNKNOWN && found != *id;
                    found = *id;
                }
            }
            doubt
        };
        if !look(&small[..length]) {
            each_without_one(&small[..length], &mut look);
        }
        if doubt { UNKNOWN } else { found }
    }
}

/// Tells the word without each of its letters but the first, until told to stop.
fn each_without_one(word: &[u8], tell: &mut impl FnMut(&[u8]) -> bool) {
    let mut rest = [0_u8; 64];
    let length = word.len();
    if length > rest.len() {
        return;
    }
    rest[..length - 1].copy_from_slice(&word[..length - 1]);
    // Without the last letter, then without each before it.
    for at in (1..length).rev() {
        if tell(&rest[..length - 1]) {
            return;
        }
        rest[at - 1] = word[at];
    }
}

/// Whether one letter makes the difference, or two that stand in the wrong order; the first is always right.
fn is_one_slip(one: &[u8], other: &[u8]) -> bool {
    if one.first() != other.first() {
        return false;
    }
    let same = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    let (one, other) = (&one[same..], &other[same..]);
    match (one.len(), other.len()) {
        (a, b) if a == b => {
            let swapped = a > 1 && one[0] == other[1] && one[1] == other[0] && one[2..] == other[2..];
            a > 0 && (one[1..] == other[1..] || swapped)
        }
        (a, b) if a == b + 1 => one[1..] == *other,
        (a, b) if a + 1 == b => *one == other[1..],
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slip_in_a_long_word_is_understood() {
        let words = Misspellings::of(
            [("pneumothorax", 1), ("effusion", 2), ("contusion", 3), ("mass", 4)].into_iter(),
        );
        for (written, meant) in [
            ("Pnuemothorax", 1),
            ("pneumothorx", 1),
            ("efusion", 2),
            ("effusiion", 2),
            ("effusoin", 2),
            ("effusien", 2),
            ("confusion", 3),
            ("affusion", UNKNOWN),
            ("efuson", UNKNOWN),
            ("mas", UNKNOWN),
            ("é", UNKNOWN),
        ] {
            assert_eq!(words.meant(written), meant, "{written}");
        }
    }

    #[test]
    fn of_two_near_words_none_is_meant() {
        let words = Misspellings::of([("contusion", 1), ("confusion", 2)].into_iter());
        assert_eq!(words.meant("conusion"), UNKNOWN);
    }
}
