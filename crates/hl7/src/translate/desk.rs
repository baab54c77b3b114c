//! The desk a message is read at: what has been said, which segments were read, what was left.

use super::Translation;
use super::content::Content;
use crate::{Message, Part, Segment};
use clinical::{Identifier, Left, OrderState, Record, Said, Statement, Told, When};
use serde_json::Value;

/// One message's reading.
pub(super) struct Desk<'m> {
    pub message: &'m Message,
    pub trigger: String,
    /// The patient's identifiers, once PID was read.
    pub patient: Vec<Identifier>,
    /// The visit's number, once PV1 was read.
    pub visit: Option<Identifier>,
    /// The visit's class where it has no number.
    pub class: Option<String>,
    segments: Vec<Segment<'m>>,
    at: Option<When>,
    read: Vec<bool>,
    statements: Vec<Statement>,
    left: Vec<Left>,
    left_whole: usize,
}

const KEPT: &str = "kept with the message, not read as a record";
const OWN: &str = "a segment of the sender's own, kept with the message";

impl<'m> Desk<'m> {
    pub(super) fn new(message: &'m Message) -> Self {
        let segments: Vec<_> = message.segments().collect();
        Self {
            message,
            trigger: message.kind_and_trigger().1,
            patient: Vec::new(),
            visit: None,
            class: None,
            read: vec![false; segments.len()],
            segments,
            at: None,
            statements: Vec::new(),
            left: Vec::new(),
            left_whole: 0,
        }
    }

    /// Reads the header and the event: when the sender said all this.
    pub(super) fn open(&mut self) {
        if let Some(remark) = self.message.remark() {
            self.leave("MSH-18", remark, false);
        }
        let header = self.message.header();
        self.take(&header);
        self.at = self.moment(&header, 7);
        if let Some(event) = self.one("EVN") {
            self.take(&event);
            self.at = self.at.take().or_else(|| self.moment(&event, 2));
        }
    }

    pub(super) fn segments(&self) -> Vec<Segment<'m>> {
        self.segments.clone()
    }

    pub(super) fn one(&self, id: &str) -> Option<Segment<'m>> {
        self.segments.iter().find(|segment| segment.id() == id).copied()
    }

    pub(super) fn all(&self, id: &str) -> Vec<Segment<'m>> {
        self.segments.iter().filter(|segment| segment.id() == id).copied().collect()
    }

    /// Those of a name that nobody has read yet.
    pub(super) fn unread(&self, id: &str) -> Vec<Segment<'m>> {
        self.all(id).into_iter().filter(|segment| !self.read[segment.index()]).collect()
    }

    /// Counts a segment as read.
    pub(super) fn take(&mut self, segment: &Segment<'_>) {
        self.read[segment.index()] = true;
    }

    pub(super) fn leave(&mut self, place: &str, why: &str, refused: bool) {
        self.left.push(Left { place: place.into(), why: why.into(), refused });
    }

    /// Leaves a whole segment with a reason of its own.
    pub(super) fn leave_segment(&mut self, segment: &Segment<'_>, why: &str, refused: bool) {
        if !std::mem::replace(&mut self.read[segment.index()], true) {
            self.leave(&segment.place(), why, refused);
            self.left_whole += 1;
        }
    }

    pub(super) fn say(&mut self, place: &str, said: Said) {
        self.statements.push(Statement { said, at: self.at.clone(), place: place.into() });
    }

    /// Says something about a record of the message's patient.
    pub(super) fn record(&mut self, place: &str, keys: Vec<Identifier>, content: Content, told: Told) {
        self.record_in_state(place, keys, content, told, None);
    }

    pub(super) fn record_in_state(
        &mut self,
        place: &str,
        keys: Vec<Identifier>,
        content: Content,
        told: Told,
        state: Option<OrderState>,
    ) {
        let content = content.done();
        let kind = content["resourceType"].as_str().unwrap_or_default().to_owned();
        let record = Record { kind, keys, patient: self.patient.clone(), content, told, state };
        self.say(place, Said::Record(Box::new(record)));
    }

    /// A logical reference to the message's patient.
    pub(super) fn subject(&self) -> Option<Value> {
        self.patient.first().map(|patient| patient.refer("Patient"))
    }

    /// A logical reference to the message's visit; only its class, where it has no number.
    pub(super) fn encounter(&self) -> Option<Value> {
        let numbered = self.visit.as_ref().map(|visit| visit.refer("Encounter"));
        let named =
            || self.class.as_ref().map(|class| serde_json::json!({"type": "Encounter", "display": class}));
        numbered.or_else(named)
    }

    /// A time stamp; a wrong one is told.
    pub(super) fn moment(&mut self, segment: &Segment<'_>, number: usize) -> Option<When> {
        self.moment_of(segment.field(number), &segment.field_place(number))
    }

    pub(super) fn moment_of(&mut self, part: Part<'_>, place: &str) -> Option<When> {
        let text = part.first()?;
        let moment = When::parse_hl7(&text).ok();
        if moment.is_none() {
            self.leave(place, "not a date or time", true);
        }
        moment
    }

    /// A time stamp as an element's value; `""` takes it away.
    pub(super) fn date_time(&mut self, segment: &Segment<'_>, number: usize) -> Option<Value> {
        if segment.field(number).is_null() {
            return Some(Value::Null);
        }
        self.moment(segment, number).map(|moment| String::from(moment).into())
    }

    /// A name for a record whose source gives it no number: whose it is, and what tells it apart from others.
    pub(super) fn derived(&self, segment: &str, parts: &[&str]) -> Vec<Identifier> {
        let header = self.message.header();
        let owner = match self.patient.first() {
            Some(patient) => format!("{}|{}", patient.system, patient.value),
            None => [3, 4, 10].map(|number| header.field(number).raw()).join("|"),
        };
        let value = [&[owner.as_str()], parts].concat().join("|");
        Identifier::new(&format!("urn:isocenter:hl7v2:{segment}"), &value, None).into_iter().collect()
    }

    /// Accounts for every segment that was not read.
    pub(super) fn finish(mut self) -> Translation {
        let read = self.read.iter().filter(|read| **read).count();
        let unread: Vec<_> =
            self.segments.iter().filter(|segment| !self.read[segment.index()]).copied().collect();
        for segment in unread {
            let own = segment.id().starts_with('Z');
            self.leave(&segment.place(), if own { OWN } else { KEPT }, false);
        }
        Translation { statements: self.statements, left: self.left, read: read - self.left_whole }
    }
}
