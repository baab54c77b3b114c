//! The instances of one request on their way into intake.

use bytes::Bytes;
use intake::{Incoming, Intake, IntakeError, Outcome, Reason};
use model::{Door, SopClassUid, SopInstanceUid, Source, StudyInstanceUid, Timestamp};
use std::net::IpAddr;
use tokio::task::JoinHandle;

/// Instances becoming durable at a time, for one request.
const UNDER_WAY: usize = 64;

/// Who sends, and into which exam alone, if the request says so.
pub(super) struct Sender {
    pub(super) account: String,
    pub(super) address: IpAddr,
    pub(super) study: Option<StudyInstanceUid>,
}

/// What became of one part. The reason codes are those of PS3.18 Annex I and PS3.4 Table B.2-1.
#[derive(Debug, Clone)]
pub(super) enum Told {
    Held { outcome: Outcome, warning: Option<u16> },
    Failed { sop_class: Option<SopClassUid>, instance: Option<SopInstanceUid>, reason: u16, full: bool },
}

/// "Out of resources".
const OUT_OF_RESOURCES: u16 = 0xA700;
/// "Data set does not match": the exam named in the request is not the instance's.
const OTHER_STUDY: u16 = 0xA901;
/// "Cannot understand".
const CANNOT_UNDERSTAND: u16 = 0xC000;
/// "Processing failure".
const PROCESSING_FAILURE: u16 = 0x0110;
/// "Data set does not match", a warning: it is kept beside another one of the same name.
const KEPT_BESIDE: u16 = 0xB007;

/// One part that is arriving.
pub(super) struct Arriving {
    incoming: Incoming,
    failed: Option<IntakeError>,
}

impl Arriving {
    /// Adds bytes. After an error the rest of the part is read and dropped; the error is told in the answer.
    pub(super) async fn push(&mut self, bytes: Bytes) {
        if self.failed.is_none() {
            self.failed = self.incoming.push(bytes).await.err();
        }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.incoming.length() == 0
    }
}

/// A request's instances, in the order of their parts.
pub(super) struct Batch {
    intake: Intake,
    sender: Sender,
    told: Vec<Told>,
    under_way: std::collections::VecDeque<JoinHandle<Told>>,
}

impl Batch {
    pub(super) const fn new(intake: Intake, sender: Sender) -> Self {
        Self { intake, sender, told: Vec::new(), under_way: std::collections::VecDeque::new() }
    }

    pub(super) fn begin(&self) -> Arriving {
        let mut incoming = self.intake.begin();
        if let Some(study) = &self.sender.study {
            incoming.require_study(study.clone());
        }
        Arriving { incoming, failed: None }
    }

    /// A part is complete; it becomes durable while the next one is read.
    pub(super) async fn end(&mut self, part: Arriving) {
        let source = self.source();
        self.under_way.push_back(tokio::spawn(settle(part, source)));
        while self.under_way.len() >= UNDER_WAY {
            self.next().await;
        }
    }

    /// Notes a part that could not be made into an instance.
    pub(super) async fn refuse(&mut self, instance: Option<SopInstanceUid>, class: Option<SopClassUid>) {
        while !self.under_way.is_empty() {
            self.next().await;
        }
        self.told.push(Told::Failed { sop_class: class, instance, reason: CANNOT_UNDERSTAND, full: false });
    }

    /// Notes that the body ended in the middle of a part.
    pub(super) fn lost(&mut self) {
        self.under_way.push_back(tokio::spawn(async { failed(CANNOT_UNDERSTAND) }));
    }

    /// What became of every part.
    pub(super) async fn finish(mut self) -> Vec<Told> {
        while !self.under_way.is_empty() {
            self.next().await;
        }
        self.told
    }

    async fn next(&mut self) {
        if let Some(task) = self.under_way.pop_front() {
            self.told.push(task.await.unwrap_or_else(|_| failed(PROCESSING_FAILURE)));
        }
    }

    fn source(&self) -> Source {
        Source {
            door: Door::Stow,
            account: self.sender.account.clone(),
            peer: Some(self.sender.address.to_string()),
            path: None,
            received_at: Timestamp::now(),
        }
    }
}

async fn settle(part: Arriving, source: Source) -> Told {
    let outcome = match part.failed {
        Some(error) => Err(error),
        None => part.incoming.finish(source).await,
    };
    match outcome {
        Ok(outcome) => told(outcome),
        Err(error) if error.is_full() => {
            Told::Failed { sop_class: None, instance: None, reason: OUT_OF_RESOURCES, full: true }
        }
        Err(IntakeError::TooLarge { .. }) => failed(OUT_OF_RESOURCES),
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "an instance could not be stored");
            failed(PROCESSING_FAILURE)
        }
    }
}

fn told(outcome: Outcome) -> Told {
    match outcome {
        Outcome::Conflict(_) => Told::Held { outcome, warning: Some(KEPT_BESIDE) },
        Outcome::Stored(_) | Outcome::AlreadyHeld(_) => Told::Held { outcome, warning: None },
        Outcome::Quarantined(aside) => Told::Failed {
            sop_class: aside.sop_class,
            instance: aside.instance,
            reason: CANNOT_UNDERSTAND,
            full: false,
        },
        Outcome::OtherStudy(identity) => Told::Failed {
            sop_class: Some(identity.sop_class),
            instance: Some(identity.instance),
            reason: OTHER_STUDY,
            full: false,
        },
        Outcome::NotKept(Reason::Dicomdir | _) => failed(CANNOT_UNDERSTAND),
    }
}

const fn failed(reason: u16) -> Told {
    Told::Failed { sop_class: None, instance: None, reason, full: false }
}
