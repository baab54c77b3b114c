//! What a connection brought, for the audit log and the figures.

use super::listen::DOOR;
use super::session::Sender;
use super::take::Outcome;
use crate::App;
use govern::{Action, Entry, Resource, authorize};
use model::Timestamp;
use std::time::{Duration, Instant};

/// Messages counted in one audit entry; a connection that brings more gets several.
const PER_ENTRY: u64 = 1000;
/// A connection may stay open for days; what it brought is written down sooner.
const AT_LEAST_EVERY: Duration = Duration::from_secs(300);

/// What came since the last entry, and in all.
pub(super) struct Tally {
    kept: u64,
    refused: u64,
    lost: u64,
    recorded: u64,
    since: Instant,
}

impl Default for Tally {
    fn default() -> Self {
        Self { kept: 0, refused: 0, lost: 0, recorded: 0, since: Instant::now() }
    }
}

impl Tally {
    /// Messages that came in all.
    pub(super) const fn messages(&self) -> u64 {
        self.recorded + self.fresh()
    }

    const fn fresh(&self) -> u64 {
        self.kept + self.refused + self.lost
    }

    pub(super) fn count(&mut self, app: &App, outcome: Outcome) {
        let (counter, labels) = match outcome {
            Outcome::Kept => (&mut self.kept, "outcome=\"kept\""),
            Outcome::Refused => (&mut self.refused, "outcome=\"refused\""),
            Outcome::Lost => (&mut self.lost, "outcome=\"not-kept\""),
        };
        *counter += 1;
        app.metrics.count("isocenter_hl7_messages_total", labels, 1);
    }

    /// Whether it is time for an entry.
    pub(super) fn is_due(&self) -> bool {
        self.fresh() >= PER_ENTRY || (self.fresh() > 0 && self.since.elapsed() > AT_LEAST_EVERY)
    }

    /// Writes what came into the audit log: one entry, however many messages.
    pub(super) async fn record(&mut self, app: &App, sender: &Sender) {
        let Ok(grant) = authorize(&sender.principal, Action::Store, &Resource::Archive) else { return };
        if self.fresh() == 0 {
            return;
        }
        let entry = Entry::done(&grant, DOOR, Timestamp::now())
            .with("address", sender.address.to_string())
            .with("messages", self.kept)
            .with("refused", self.refused)
            .with("notKept", self.lost);
        *self = Self { recorded: self.messages(), ..Self::default() };
        if app.govern.audit.record(entry.clone()).await.is_err() {
            // What was acknowledged is kept; that it came is written down as soon as that can be done.
            app.govern.audit.record_late(entry);
        }
    }
}
