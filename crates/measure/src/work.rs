//! One person's measurements of one exam, each in its newest version.

use crate::Measurement;
use model::Timestamp;
use serde::{Deserialize, Serialize};

/// Measurements of one person on one exam, removed ones included; far more than anybody makes.
const MOST: usize = 5_000;

/// One person's measurements of one exam.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Work {
    /// The account of whose they are.
    pub author: String,
    /// In the order in which they were first drawn.
    pub entries: Vec<Entry>,
}

/// A measurement in its newest version. Removed ones stay, so that they can be had back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// 1 when first drawn, one more with every change, removing included.
    pub version: u32,
    /// When it was first drawn, in microseconds since 1970.
    pub made_at: Timestamp,
    /// When this version was made.
    pub changed_at: Timestamp,
    /// Whether this version says that it is no more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub removed: bool,
    /// What it is, or was.
    pub measurement: Measurement,
}

/// Which version the one who changes it has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// None: it is new.
    Nothing,
    /// This one.
    Version(u32),
}

/// A change to another version than the newest one.
#[derive(Debug, Clone, PartialEq)]
pub enum Stale {
    /// This is the newest one.
    Newer(Box<Entry>),
    /// There is none.
    Missing,
    /// There are more measurements than are kept for one person and exam.
    Full,
}

impl Work {
    /// Nobody's work yet.
    #[must_use]
    pub fn of(author: &str) -> Self {
        Self { author: author.into(), entries: Vec::new() }
    }

    /// The entry of a tracking UID.
    #[must_use]
    pub fn entry(&self, tracking_uid: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.measurement.tracking_uid == tracking_uid)
    }

    /// The measurements there are, without those removed.
    pub fn present(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| !entry.removed)
    }

    /// Draws or changes a measurement. Saying once more what is so already changes nothing, so that
    /// whoever did not hear the answer can ask again. Gives the version, and whether it is new.
    ///
    /// # Errors
    /// [`Stale`], and nothing has changed.
    pub fn put(
        &mut self,
        measurement: Measurement,
        expected: Expected,
        now: Timestamp,
    ) -> Result<(u32, bool), Stale> {
        let found = self.position(&measurement.tracking_uid);
        let Some(entry) = found.map(|at| &mut self.entries[at]) else {
            return self.begin(measurement, expected, now);
        };
        if !entry.removed && entry.measurement == measurement {
            return Ok((entry.version, false));
        }
        if expected != Expected::Version(entry.version) {
            return Err(Stale::Newer(Box::new(entry.clone())));
        }
        entry.measurement = measurement;
        Ok((entry.advance(false, now), true))
    }

    fn begin(
        &mut self,
        measurement: Measurement,
        expected: Expected,
        now: Timestamp,
    ) -> Result<(u32, bool), Stale> {
        match expected {
            Expected::Version(_) => Err(Stale::Missing),
            Expected::Nothing if self.entries.len() >= MOST => Err(Stale::Full),
            Expected::Nothing => {
                let entry = Entry { version: 1, made_at: now, changed_at: now, removed: false, measurement };
                self.entries.push(entry);
                Ok((1, true))
            }
        }
    }

    /// Removes a measurement. What is removed already stays so.
    ///
    /// # Errors
    /// [`Stale`], and nothing has changed.
    pub fn remove(
        &mut self,
        tracking_uid: &str,
        expected: Expected,
        now: Timestamp,
    ) -> Result<(u32, bool), Stale> {
        let entry = self.position(tracking_uid).map(|at| &mut self.entries[at]).ok_or(Stale::Missing)?;
        if entry.removed {
            return Ok((entry.version, false));
        }
        if expected != Expected::Version(entry.version) {
            return Err(Stale::Newer(Box::new(entry.clone())));
        }
        Ok((entry.advance(true, now), true))
    }

    fn position(&self, tracking_uid: &str) -> Option<usize> {
        self.entries.iter().position(|entry| entry.measurement.tracking_uid == tracking_uid)
    }
}

impl Entry {
    fn advance(&mut self, removed: bool, now: Timestamp) -> u32 {
        self.version += 1;
        self.changed_at = now;
        self.removed = removed;
        self.version
    }
}
