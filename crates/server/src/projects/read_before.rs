//! Text in pixels that was read before: an object passes the wall each time somebody looks at it, and reading its
//! text again would take longer than everything else. What was read may name people: it stays in memory.

use deid::pixels::{Crop, Ocr, OcrError, Word};
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// Crops remembered; some hundred bytes each.
const MOST: usize = 200_000;

/// What a crop shows, as a number.
type Shown = [u8; 32];

/// An engine that is asked once for each crop.
pub(super) struct ReadBefore {
    engine: Arc<dyn Ocr>,
    read: Mutex<HashMap<Shown, Vec<Word>>>,
}

impl ReadBefore {
    pub(super) fn new(engine: Arc<dyn Ocr>) -> Self {
        Self { engine, read: Mutex::default() }
    }

    fn known(&self, shown: &Shown) -> Option<Vec<Word>> {
        self.read.lock().unwrap_or_else(PoisonError::into_inner).get(shown).cloned()
    }
}

/// Without what was read.
impl fmt::Debug for ReadBefore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReadBefore({:?})", self.engine)
    }
}

impl Ocr for ReadBefore {
    fn read(&self, crops: &[Crop]) -> Result<Vec<Vec<Word>>, OcrError> {
        let shown: Vec<Shown> = crops.iter().map(shown).collect();
        let mut answers: Vec<Option<Vec<Word>>> = shown.iter().map(|shown| self.known(shown)).collect();
        let new: Vec<usize> = (0..crops.len()).filter(|at| answers[*at].is_none()).collect();
        if !new.is_empty() {
            let asked: Vec<Crop> = new.iter().map(|at| crops[*at].clone()).collect();
            let words = self.engine.read(&asked)?;
            if words.len() != asked.len() {
                return Err(OcrError::Unreadable);
            }
            let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
            if read.len() + new.len() > MOST {
                read.clear();
            }
            for (at, words) in new.into_iter().zip(words) {
                read.insert(shown[at], words.clone());
                answers[at] = Some(words);
            }
        }
        Ok(answers.into_iter().map(Option::unwrap_or_default).collect())
    }

    fn read_page(&self, page: &Crop) -> Result<Vec<Word>, OcrError> {
        self.engine.read_page(page)
    }
}

fn shown(crop: &Crop) -> Shown {
    let mut hash = Sha256::new();
    hash.update(crop.width.to_le_bytes());
    hash.update(crop.height.to_le_bytes());
    hash.update(&crop.data);
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Says how wide a crop is, and counts how many it was asked.
    #[derive(Debug, Default)]
    struct Counting(Mutex<usize>);

    impl Ocr for Counting {
        fn read(&self, crops: &[Crop]) -> Result<Vec<Vec<Word>>, OcrError> {
            *self.0.lock().expect("free") += crops.len();
            let word = |crop: &Crop| vec![Word { text: crop.width.to_string(), confidence: 90.0 }];
            Ok(crops.iter().map(word).collect())
        }
    }

    fn crop(width: usize) -> Crop {
        Crop { width, height: 1, data: vec![0; width] }
    }

    #[test]
    fn each_crop_is_read_once_and_answers_keep_their_order() {
        let engine = Arc::new(Counting::default());
        let read = ReadBefore::new(engine.clone());
        let text = |crops: &[Crop]| -> Vec<String> {
            let words = read.read(crops).expect("read");
            words.into_iter().map(|words| words[0].text.clone()).collect()
        };
        assert_eq!(text(&[crop(1), crop(2)]), ["1", "2"]);
        assert_eq!(text(&[crop(3), crop(2), crop(1)]), ["3", "2", "1"]);
        assert_eq!(*engine.0.lock().expect("free"), 3);
    }
}
