//! Slides looked at lately, so that a tile does not need every header read again.

use super::Slide;
use model::Sha256Digest;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// Slides kept.
const MOST: usize = 32;

/// The least recently used is dropped first.
#[derive(Default)]
pub(crate) struct OpenedSlides(Mutex<VecDeque<Arc<Slide>>>);

impl OpenedSlides {
    pub(super) fn get(&self, digest: &Sha256Digest) -> Option<Arc<Slide>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|slide| slide.digest == *digest)?;
        let slide = kept.remove(at)?;
        kept.push_front(slide.clone());
        Some(slide)
    }

    pub(super) fn put(&self, slide: &Arc<Slide>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|other| other.digest != slide.digest);
        kept.push_front(slide.clone());
        kept.truncate(MOST);
    }
}
