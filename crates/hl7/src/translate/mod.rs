//! Translation: what a message says, as FHIR R4 in [`clinical::Statement`]s, by the mappings of HL7's
//! "v2-to-FHIR" guide (v1.0) where it has them.

mod coded;
mod codes;
mod content;
mod desk;
mod document;
mod encounter;
mod facts;
mod group;
mod identifiers;
mod medicine;
mod merge;
mod moves;
mod observation;
mod order;
mod order_state;
mod patient;
mod people;
mod report;
mod report_text;
mod schedule;
mod specimen;

use crate::{Kind, Message};
use clinical::{Left, Statement};
use desk::Desk;

/// What a message says, and what of it says nothing that we keep as records.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Translation {
    /// What is said, in the order it stands there.
    pub statements: Vec<Statement>,
    /// Whole segments that are kept without being read, and fields something is wrong with.
    pub left: Vec<Left>,
    /// How many segments were read. Each of the others is in `left`, by its place.
    pub read: usize,
}

/// Whether a message surely says something, without translating it: somebody is named in it, and that is a statement.
#[must_use]
pub fn names_somebody(message: &Message) -> bool {
    let of_patients = message.kind().is_ok_and(|kind| kind != Kind::Other);
    let pid = || message.segments().find(|segment| segment.id() == "PID");
    of_patients && pid().is_some_and(|pid| !patient::keys(&pid).is_empty())
}

/// Translates a message. One that is refused ([`Message::kind`]) says nothing; all of it is in `left`.
#[must_use]
pub fn translate(message: &Message) -> Translation {
    let mut desk = Desk::new(message);
    match message.kind() {
        Ok(kind) => read(&mut desk, kind),
        Err(refusal) => desk.leave(&refusal.place, &refusal.problem.to_string(), true),
    }
    desk.finish()
}

fn read(desk: &mut Desk<'_>, kind: Kind) {
    desk.open();
    match kind {
        Kind::Patient => {
            if !merge::read(desk) && !moves::read(desk) {
                patient::read(desk);
                encounter::read(desk);
            }
            facts::read(desk);
            observation::of_patient(desk);
        }
        Kind::Order => {
            patient::read(desk);
            encounter::read(desk);
            order::read(desk);
            let _also = medicine::read(desk);
            facts::read(desk);
        }
        Kind::Medicine => {
            patient::read(desk);
            encounter::read(desk);
            observation::of_patient(desk);
            if !medicine::read(desk) {
                desk.leave("MSH-9", "a message about medicines without one", true);
            }
            facts::read(desk);
        }
        Kind::Result => {
            patient::read(desk);
            encounter::read(desk);
            report::read(desk);
            facts::read(desk);
        }
        Kind::Document => {
            patient::read(desk);
            encounter::read(desk);
            document::read(desk);
        }
        Kind::Schedule => {
            patient::read(desk);
            encounter::read(desk);
            schedule::read(desk);
            facts::read(desk);
        }
        Kind::Other => {}
    }
}
