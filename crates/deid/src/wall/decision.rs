//! What somebody has decided about objects that the wall was in doubt about.

use super::original::Original;
use super::{Wall, outcome};
use crate::pixels::{Act, ImageKind};
use dicom::tags;
use serde::{Deserialize, Serialize};
use std::sync::{Arc, PoisonError, RwLock};

/// What the wall was in doubt about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Doubt {
    /// Text may be burned into the pixels.
    Pixels,
    /// Nobody knows what is in blocks of a private creator; released, they are removed.
    Creators,
}

impl Doubt {
    /// What a reason to withhold is in doubt about; nothing where a person can't decide by looking.
    #[must_use]
    pub fn of(reason: &str) -> Option<Self> {
        use outcome::Reason::{BurnedIn, DetectorUnavailable, OcrUnavailable, UnknownCreator};
        let is = |reason_is: &outcome::Reason| reason_is.code() == reason;
        let unseen = DetectorUnavailable(crate::pixels::DetectorError::Absent);
        let unread = OcrUnavailable(crate::pixels::OcrError::Absent);
        if [BurnedIn(""), unseen, unread].iter().any(is) {
            return Some(Self::Pixels);
        }
        is(&UnknownCreator(tags::PATIENT_ID)).then_some(Self::Creators)
    }
}

/// Which objects a decision is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// One, by its new SOP Instance UID.
    One(String),
    /// All that look alike.
    Like(ImageKind),
}

/// A decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// What was in doubt.
    pub doubt: Doubt,
    /// Which objects.
    pub which: Which,
    /// What becomes of them.
    pub act: Act,
}

/// The decisions a wall goes by, before its policy's.
#[derive(Default)]
pub(super) struct Decisions(RwLock<Arc<Vec<Decision>>>);

/// What was decided about one object.
#[derive(Default)]
pub(super) struct Decided {
    pub pixels: Option<Act>,
    pub creators: Option<Act>,
}

impl Wall {
    /// Goes by these decisions from now on; of several that fit, the first counts.
    pub fn decide(&self, decisions: Vec<Decision>) {
        *self.decisions.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(decisions);
    }

    /// Whether any object may be decided about otherwise than by what it says.
    pub(super) fn has_decisions(&self) -> bool {
        let decisions = self.decisions.0.read().unwrap_or_else(PoisonError::into_inner);
        !decisions.is_empty() || !self.policy.document().pixels.images.is_empty()
    }

    pub(super) fn decided(&self, original: &Original) -> Decided {
        let decisions = Arc::clone(&self.decisions.0.read().unwrap_or_else(PoisonError::into_inner));
        let rules = &self.policy.document().pixels.images;
        if decisions.is_empty() && rules.is_empty() {
            return Decided::default();
        }
        let kind = ImageKind::of(&original.data_set);
        let sop = original.data_set.uid(tags::SOP_INSTANCE_UID).unwrap_or_default();
        let fits = |which: &Which| match which {
            Which::One(uid) => *uid == self.new_uid(&sop),
            Which::Like(like) => *like == kind,
        };
        let of = |doubt| {
            let found = decisions.iter().find(|one| one.doubt == doubt && fits(&one.which));
            found.map(|one| one.act.clone())
        };
        let by_policy = || rules.iter().find(|rule| rule.like == kind).map(crate::policy::ImageRule::act);
        Decided { pixels: of(Doubt::Pixels).or_else(by_policy), creators: of(Doubt::Creators) }
    }
}
