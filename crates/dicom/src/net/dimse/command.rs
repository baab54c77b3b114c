//! Command sets (PS3.7 §6.3 and Annex E): the elements of group 0000, in implicit VR little
//! endian, whatever the presentation context's transfer syntax.

use super::Status;
use bytes::{Buf, Bytes};

/// Elements of group 0000 (PS3.7 Table E.1-1).
pub mod element {
    /// Affected SOP Class UID
    pub const AFFECTED_SOP_CLASS: u16 = 0x0002;
    /// Requested SOP Class UID
    pub const REQUESTED_SOP_CLASS: u16 = 0x0003;
    /// Command Field
    pub const COMMAND_FIELD: u16 = 0x0100;
    /// Message ID
    pub const MESSAGE_ID: u16 = 0x0110;
    /// Message ID Being Responded To
    pub const RESPONDED_TO: u16 = 0x0120;
    /// Move Destination
    pub const MOVE_DESTINATION: u16 = 0x0600;
    /// Priority
    pub const PRIORITY: u16 = 0x0700;
    /// Command Data Set Type
    pub const DATA_SET_TYPE: u16 = 0x0800;
    /// Status
    pub const STATUS: u16 = 0x0900;
    /// Error Comment
    pub const ERROR_COMMENT: u16 = 0x0902;
    /// Affected SOP Instance UID
    pub const AFFECTED_SOP_INSTANCE: u16 = 0x1000;
    /// Requested SOP Instance UID
    pub const REQUESTED_SOP_INSTANCE: u16 = 0x1001;
    /// Event Type ID
    pub const EVENT_TYPE: u16 = 0x1002;
    /// Action Type ID
    pub const ACTION_TYPE: u16 = 0x1008;
    /// Number of Remaining Sub-operations
    pub const REMAINING: u16 = 0x1020;
    /// Number of Completed Sub-operations
    pub const COMPLETED: u16 = 0x1021;
    /// Number of Failed Sub-operations
    pub const FAILED: u16 = 0x1022;
    /// Number of Warning Sub-operations
    pub const WARNING: u16 = 0x1023;
    /// Move Originator Application Entity Title
    pub const MOVE_ORIGINATOR: u16 = 0x1030;
    /// Move Originator Message ID
    pub const MOVE_ORIGINATOR_ID: u16 = 0x1031;
}

/// Command Data Set Type when there is none (PS3.7 Table E.1-1).
const NO_DATA_SET: u16 = 0x0101;

/// What is asked or answered (PS3.7 Table E.1-1, Command Field).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the standard's own names")]
#[repr(u16)]
pub enum Field {
    StoreRq = 0x0001,
    StoreRsp = 0x8001,
    GetRq = 0x0010,
    GetRsp = 0x8010,
    FindRq = 0x0020,
    FindRsp = 0x8020,
    MoveRq = 0x0021,
    MoveRsp = 0x8021,
    EchoRq = 0x0030,
    EchoRsp = 0x8030,
    EventReportRq = 0x0100,
    EventReportRsp = 0x8100,
    NGetRq = 0x0110,
    NSetRq = 0x0120,
    ActionRq = 0x0130,
    ActionRsp = 0x8130,
    CreateRq = 0x0140,
    DeleteRq = 0x0150,
    CancelRq = 0x0FFF,
}

impl Field {
    const ALL: [Self; 19] = [
        Self::StoreRq,
        Self::StoreRsp,
        Self::GetRq,
        Self::GetRsp,
        Self::FindRq,
        Self::FindRsp,
        Self::MoveRq,
        Self::MoveRsp,
        Self::EchoRq,
        Self::EchoRsp,
        Self::EventReportRq,
        Self::EventReportRsp,
        Self::NGetRq,
        Self::NSetRq,
        Self::ActionRq,
        Self::ActionRsp,
        Self::CreateRq,
        Self::DeleteRq,
        Self::CancelRq,
    ];

    /// The number on the wire.
    #[must_use]
    pub const fn code(self) -> u16 {
        self as u16
    }

    /// From the number on the wire.
    #[must_use]
    pub fn from_code(code: u16) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.code() == code)
    }
}

/// Why bytes are not a command set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a command set can't be read: {0}")]
pub struct CommandError(&'static str);

/// Progress of a C-MOVE or C-GET (PS3.4 §C.4.2.1.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SubOperations {
    /// Not yet tried.
    pub remaining: u16,
    /// Done.
    pub completed: u16,
    /// Not done.
    pub failed: u16,
    /// Done, with a warning.
    pub warning: u16,
}

/// A command set. Elements are kept as they came, sorted by number.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Command {
    elements: Vec<(u16, Bytes)>,
}

impl Command {
    /// An empty command of this kind that says no data set follows.
    #[must_use]
    pub fn new(field: Field) -> Self {
        let mut command = Self::default();
        command.put_u16(element::COMMAND_FIELD, field.code());
        command.put_u16(element::DATA_SET_TYPE, NO_DATA_SET);
        command
    }

    /// A request with its message id and the SOP class it is about.
    #[must_use]
    pub fn request(field: Field, message_id: u16, sop_class: &str) -> Self {
        let class_element = match field {
            Field::ActionRq | Field::NGetRq | Field::NSetRq | Field::DeleteRq => element::REQUESTED_SOP_CLASS,
            _ => element::AFFECTED_SOP_CLASS,
        };
        let mut command = Self::new(field);
        command.put_u16(element::MESSAGE_ID, message_id);
        command.put_uid(class_element, sop_class);
        command
    }

    /// The response to this request with this status; SOP class and instance are repeated.
    #[must_use]
    pub fn respond(&self, status: Status) -> Self {
        let mut response = Self::default();
        response.put_u16(element::COMMAND_FIELD, self.code() | 0x8000);
        response.put_u16(element::DATA_SET_TYPE, NO_DATA_SET);
        response.put_u16(element::RESPONDED_TO, self.message_id().unwrap_or(0));
        response.put_u16(element::STATUS, status.0);
        let repeated = [
            (element::AFFECTED_SOP_CLASS, element::REQUESTED_SOP_CLASS),
            (element::AFFECTED_SOP_INSTANCE, element::REQUESTED_SOP_INSTANCE),
        ];
        for (affected, requested) in repeated {
            if let Some(value) = self.raw(affected).or_else(|| self.raw(requested)) {
                response.put(affected, value.clone());
            }
        }
        response
    }

    /// The same, saying why (Error Comment, 64 characters).
    #[must_use]
    pub fn with_comment(mut self, comment: &str) -> Self {
        let shown = comment.chars().map(|c| if c.is_ascii_graphic() || c == ' ' { c } else { '?' });
        let shown: String = shown.take(64).collect();
        self.put_text(element::ERROR_COMMENT, &shown);
        self
    }

    /// The same, with the progress of sub-operations. PS3.4 wants the remaining ones only while
    /// pending or cancelled.
    #[must_use]
    pub fn with_progress(mut self, progress: SubOperations) -> Self {
        let status = self.status().unwrap_or(Status::SUCCESS);
        if status.is_pending() || status == Status::CANCEL {
            self.put_u16(element::REMAINING, progress.remaining);
        }
        self.put_u16(element::COMPLETED, progress.completed);
        self.put_u16(element::FAILED, progress.failed);
        self.put_u16(element::WARNING, progress.warning);
        self
    }

    /// Reads a command set.
    ///
    /// # Errors
    /// [`CommandError`] when an element is cut off or of another group.
    pub fn decode(mut bytes: Bytes) -> Result<Self, CommandError> {
        let mut command = Self::default();
        while !bytes.is_empty() {
            if bytes.len() < 8 {
                return Err(CommandError("an element is cut off"));
            }
            let (group, number) = (bytes.get_u16_le(), bytes.get_u16_le());
            let length = bytes.get_u32_le() as usize;
            if group != 0 {
                return Err(CommandError("an element is not of group 0000"));
            }
            if length > bytes.len() {
                return Err(CommandError("an element's length leads outside"));
            }
            let value = bytes.split_to(length);
            if number != 0 {
                command.put(number, value);
            }
        }
        Ok(command)
    }

    /// Appends the command set's bytes, group length first.
    pub fn encode(&self, out: &mut Vec<u8>) {
        let length: usize = self.elements.iter().map(|(_, value)| 8 + value.len()).sum();
        encode_element(out, 0, &(length as u32).to_le_bytes());
        for (number, value) in &self.elements {
            encode_element(out, *number, value);
        }
    }

    /// Sets an element's bytes.
    pub fn put(&mut self, number: u16, value: Bytes) {
        match self.elements.binary_search_by_key(&number, |(at, _)| *at) {
            Ok(at) => self.elements[at].1 = value,
            Err(at) => self.elements.insert(at, (number, value)),
        }
    }

    /// Sets a US element.
    pub fn put_u16(&mut self, number: u16, value: u16) {
        self.put(number, Bytes::copy_from_slice(&value.to_le_bytes()));
    }

    /// Sets a UI element, padded with NUL.
    pub fn put_uid(&mut self, number: u16, uid: &str) {
        self.put(number, padded(uid, 0));
    }

    /// Sets an AE or LO element, padded with a space.
    pub fn put_text(&mut self, number: u16, text: &str) {
        self.put(number, padded(text, b' '));
    }

    /// Says that a data set follows.
    pub fn announce_data_set(&mut self) {
        self.put_u16(element::DATA_SET_TYPE, 0x0001);
    }

    fn raw(&self, number: u16) -> Option<&Bytes> {
        let at = self.elements.binary_search_by_key(&number, |(at, _)| *at).ok()?;
        Some(&self.elements[at].1)
    }

    /// A US element.
    #[must_use]
    pub fn u16(&self, number: u16) -> Option<u16> {
        self.raw(number)?.first_chunk().map(|bytes| u16::from_le_bytes(*bytes))
    }

    /// A text element without padding; unprintable bytes show as `?`.
    #[must_use]
    pub fn text(&self, number: u16) -> Option<String> {
        let value = self.raw(number)?;
        let shown = |&b: &u8| if (0x20..0x7f).contains(&b) { b as char } else { '?' };
        let end = value.iter().rposition(|&b| b != 0 && b != b' ').map_or(0, |at| at + 1);
        Some(value[..end].iter().map(shown).collect::<String>().trim_start().to_owned())
    }

    /// The command field's number, 0 when missing.
    #[must_use]
    pub fn code(&self) -> u16 {
        self.u16(element::COMMAND_FIELD).unwrap_or(0)
    }

    /// What is asked or answered, if it is known to us.
    #[must_use]
    pub fn field(&self) -> Option<Field> {
        Field::from_code(self.code())
    }

    /// A response rather than a request.
    #[must_use]
    pub fn is_response(&self) -> bool {
        self.code() & 0x8000 != 0
    }

    /// The request's id.
    #[must_use]
    pub fn message_id(&self) -> Option<u16> {
        self.u16(element::MESSAGE_ID)
    }

    /// The id of the request that this answers or cancels.
    #[must_use]
    pub fn responded_to(&self) -> Option<u16> {
        self.u16(element::RESPONDED_TO)
    }

    /// The response's status.
    #[must_use]
    pub fn status(&self) -> Option<Status> {
        self.u16(element::STATUS).map(Status)
    }

    /// Affected or Requested SOP Class UID.
    #[must_use]
    pub fn sop_class(&self) -> Option<String> {
        self.text(element::AFFECTED_SOP_CLASS).or_else(|| self.text(element::REQUESTED_SOP_CLASS))
    }

    /// Affected or Requested SOP Instance UID.
    #[must_use]
    pub fn sop_instance(&self) -> Option<String> {
        self.text(element::AFFECTED_SOP_INSTANCE).or_else(|| self.text(element::REQUESTED_SOP_INSTANCE))
    }

    /// Whether a data set follows.
    #[must_use]
    pub fn has_data_set(&self) -> bool {
        self.u16(element::DATA_SET_TYPE).is_some_and(|kind| kind != NO_DATA_SET)
    }

    /// Progress told by a C-MOVE or C-GET response.
    #[must_use]
    pub fn progress(&self) -> SubOperations {
        let count = |number| self.u16(number).unwrap_or(0);
        SubOperations {
            remaining: count(element::REMAINING),
            completed: count(element::COMPLETED),
            failed: count(element::FAILED),
            warning: count(element::WARNING),
        }
    }
}

fn padded(text: &str, pad: u8) -> Bytes {
    let mut value = text.as_bytes().to_vec();
    if value.len() % 2 == 1 {
        value.push(pad);
    }
    value.into()
}

fn encode_element(out: &mut Vec<u8>, number: u16, value: &[u8]) {
    out.extend_from_slice(&[0, 0]);
    out.extend_from_slice(&number.to_le_bytes());
    out.extend_from_slice(&(value.len() as u32).to_le_bytes());
    out.extend_from_slice(value);
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_command_goes_there_and_back() {
        let mut rq = Command::request(Field::StoreRq, 7, "1.2.840.10008.5.1.4.1.1.2");
        rq.put_uid(element::AFFECTED_SOP_INSTANCE, "1.2.3");
        rq.announce_data_set();
        let mut bytes = Vec::new();
        rq.encode(&mut bytes);
        let read = Command::decode(bytes.into()).unwrap();
        assert_eq!(read, rq);
        assert_eq!(read.field(), Some(Field::StoreRq));
        assert_eq!(read.sop_instance().as_deref(), Some("1.2.3"));
        assert!(read.has_data_set());
    }

    #[test]
    fn a_response_repeats_what_was_asked() {
        let mut rq = Command::request(Field::ActionRq, 9, "1.2.840.10008.1.20.1");
        rq.put_uid(element::REQUESTED_SOP_INSTANCE, "1.2.840.10008.1.20.1.1");
        let response = rq.respond(Status::SUCCESS);
        assert_eq!(response.field(), Some(Field::ActionRsp));
        assert_eq!(response.responded_to(), Some(9));
        assert_eq!(response.sop_class().as_deref(), Some("1.2.840.10008.1.20.1"));
        assert!(!response.has_data_set() && response.is_response());
    }

    #[test]
    fn remaining_is_told_only_while_pending() {
        let progress = SubOperations { remaining: 3, ..Default::default() };
        let rq = Command::request(Field::MoveRq, 1, "1.2");
        let pending = rq.respond(Status::PENDING).with_progress(progress);
        assert_eq!(pending.u16(element::REMAINING), Some(3));
        assert_eq!(rq.respond(Status::SUCCESS).with_progress(progress).u16(element::REMAINING), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(command) = Command::decode(bytes.into()) {
                let _ = (command.field(), command.status(), command.sop_class(), command.progress());
            }
        }
    }
}
