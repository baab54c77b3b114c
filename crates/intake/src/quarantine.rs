//! What can be done with bytes in quarantine: try them again, or discard them.

use crate::{
    events::event,
    incoming::Intake,
    outcome::{IntakeError, Outcome},
    shelf::Locator,
};
use model::{Sha256Digest, Source};
use serde_json::Map;

/// Bytes read back at a time.
const CHUNK: u64 = 1 << 20;

/// Bytes in quarantine, as the catalog lists them.
#[derive(Debug, Clone)]
pub struct InQuarantine {
    /// The id on the quarantine page.
    pub id: String,
    /// SHA-256 of the bytes.
    pub digest: Sha256Digest,
    /// Where they stand.
    pub locator: Locator,
    /// Who sent them.
    pub source: Source,
}

impl Intake {
    /// Sends the bytes through the door again, under today's rules. If they are taken, they leave
    /// quarantine; the instance keeps the sender and time of its arrival.
    ///
    /// # Errors
    /// [`IntakeError`]; the bytes stay in quarantine.
    pub async fn retry(&self, file: &InQuarantine, by: Source) -> Result<Outcome, IntakeError> {
        let mut incoming = self.begin();
        let mut done = 0;
        while done < file.locator.length {
            let end = (done + CHUNK).min(file.locator.length);
            incoming.push(self.inner.shelf.read(&file.locator, done..end).await?).await?;
            done = end;
        }
        let outcome = incoming.finish(file.source.clone()).await?;
        let (Outcome::Stored(placed) | Outcome::AlreadyHeld(placed) | Outcome::Conflict(placed)) = &outcome
        else {
            return Ok(outcome);
        };
        let mut about = about(file);
        about.insert("sopInstanceUid".into(), placed.identity.instance.as_str().into());
        self.decide("quarantine-retried", about, file, by).await?;
        Ok(outcome)
    }

    /// Takes the bytes off the quarantine page. They are kept until they are purged.
    ///
    /// # Errors
    /// [`IntakeError`]; the bytes stay in quarantine.
    pub async fn discard(&self, file: &InQuarantine, by: Source) -> Result<(), IntakeError> {
        self.decide("quarantine-discarded", about(file), file, by).await
    }

    async fn decide(
        &self,
        name: &str,
        about: Map<String, serde_json::Value>,
        file: &InQuarantine,
        by: Source,
    ) -> Result<(), IntakeError> {
        self.inner.shelf.append(event(name, about, by)).await?;
        self.inner.aside.lock().await.forget(&file.digest);
        Ok(())
    }
}

fn about(file: &InQuarantine) -> Map<String, serde_json::Value> {
    let mut about = Map::new();
    about.insert("id".into(), file.id.as_str().into());
    about
}
