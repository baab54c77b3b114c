//! Protocol data units of the upper layer (PS3.8 §9.3), as values; [`decode()`] and [`encode`]
//! turn them from and to bytes. Nothing here reads more than it was given, and nothing is
//! allocated by a length a peer declared.

mod decode;
mod encode;
mod user;

pub use decode::{PduError, decode};
pub use encode::encode;
pub use user::{CommonExtended, Extended, IdentityKind, Role, UserIdentity, UserInformation};

use bytes::{Buf, Bytes};
use std::fmt;

/// The one application context there is (PS3.7 §A.2.1).
pub const DICOM_APPLICATION_CONTEXT: &str = "1.2.840.10008.3.1.1.1";

/// Bytes before a PDU's body: kind, reserved, length (PS3.8 §9.3.1).
pub const PDU_HEADER: usize = 6;

/// Bytes before a PDV's data: length, context, control (PS3.8 §9.3.5.1).
pub const PDV_HEADER: usize = 6;

/// The kinds of PDU (PS3.8 Table 9-11 onwards).
pub mod kind {
    /// A-ASSOCIATE-RQ
    pub const ASSOCIATE_RQ: u8 = 1;
    /// A-ASSOCIATE-AC
    pub const ASSOCIATE_AC: u8 = 2;
    /// A-ASSOCIATE-RJ
    pub const ASSOCIATE_RJ: u8 = 3;
    /// P-DATA-TF
    pub const DATA: u8 = 4;
    /// A-RELEASE-RQ
    pub const RELEASE_RQ: u8 = 5;
    /// A-RELEASE-RP
    pub const RELEASE_RP: u8 = 6;
    /// A-ABORT
    pub const ABORT: u8 = 7;
}

/// One protocol data unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pdu {
    /// Asks for an association.
    AssociateRq(AssociateRq),
    /// Grants one.
    AssociateAc(AssociateAc),
    /// Refuses one.
    AssociateRj(Rejection),
    /// Carries presentation data values; walk them with [`Pdvs`].
    Data(Bytes),
    /// Asks to end the association in order.
    ReleaseRq,
    /// Agrees to that.
    ReleaseRp,
    /// Ends it at once.
    Abort(Abort),
}

/// An AE title as it stands on the wire: 16 bytes, padded with spaces.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct WireTitle(pub [u8; 16]);

impl WireTitle {
    /// Pads a title.
    #[must_use]
    pub fn of(title: &model::AeTitle) -> Self {
        let mut field = [b' '; 16];
        let bytes = title.as_str().as_bytes();
        field[..bytes.len()].copy_from_slice(bytes);
        Self(field)
    }

    /// The title without padding, if it is one.
    #[must_use]
    pub fn title(&self) -> Option<model::AeTitle> {
        std::str::from_utf8(&self.0).ok().and_then(|text| model::AeTitle::parse(text).ok())
    }
}

impl fmt::Display for WireTitle {
    /// Safe to log: anything but printable ASCII shows as `?`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.0.iter().map(|&b| if (0x20..0x7f).contains(&b) { b as char } else { '?' });
        f.write_str(shown.collect::<String>().trim())
    }
}

impl fmt::Debug for WireTitle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{self}\"")
    }
}

/// A-ASSOCIATE-RQ (PS3.8 §9.3.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssociateRq {
    /// A bit for each version spoken; bit 0 is version 1.
    pub protocol_version: u16,
    /// Who is called.
    pub called: WireTitle,
    /// Who calls.
    pub calling: WireTitle,
    /// [`DICOM_APPLICATION_CONTEXT`].
    pub application_context: String,
    /// What the caller wants to speak about, and how.
    pub contexts: Vec<ProposedContext>,
    /// Everything else that is negotiated.
    pub user: UserInformation,
}

/// A presentation context in a request (PS3.8 §9.3.2.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposedContext {
    /// Odd, 1 to 255.
    pub id: u8,
    /// The SOP class, mostly.
    pub abstract_syntax: String,
    /// The encodings the caller can use, in its order.
    pub transfer_syntaxes: Vec<String>,
}

/// A-ASSOCIATE-AC (PS3.8 §9.3.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssociateAc {
    /// A bit for each version spoken.
    pub protocol_version: u16,
    /// As in the request.
    pub called: WireTitle,
    /// As in the request.
    pub calling: WireTitle,
    /// As in the request.
    pub application_context: String,
    /// An answer for each proposed context.
    pub contexts: Vec<AnsweredContext>,
    /// Everything else that is negotiated.
    pub user: UserInformation,
}

/// What became of a proposed presentation context (PS3.8 §9.3.3.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnsweredContext {
    /// The proposed context's id.
    pub id: u8,
    /// Accepted, or why not.
    pub result: ContextResult,
    /// The encoding to use; without meaning unless accepted.
    pub transfer_syntax: String,
}

/// Table 9-18 of PS3.8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContextResult {
    /// 0
    Accepted,
    /// 1: refused by the service user.
    UserRejection,
    /// 2: refused by the provider, no reason.
    NoReason,
    /// 3
    AbstractSyntaxNotSupported,
    /// 4
    TransferSyntaxesNotSupported,
}

impl ContextResult {
    /// The number on the wire.
    #[must_use]
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// From the number on the wire; unknown numbers are refusals.
    #[must_use]
    pub const fn from_code(code: u8) -> Self {
        match code {
            0 => Self::Accepted,
            1 => Self::UserRejection,
            3 => Self::AbstractSyntaxNotSupported,
            4 => Self::TransferSyntaxesNotSupported,
            _ => Self::NoReason,
        }
    }
}

/// A-ASSOCIATE-RJ (PS3.8 §9.3.4): result, source, reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rejection {
    /// 1 permanent, 2 transient.
    pub result: u8,
    /// 1 service user, 2 provider (ACSE), 3 provider (presentation).
    pub source: u8,
    /// Its meaning depends on the source (PS3.8 Table 9-21).
    pub reason: u8,
}

impl Rejection {
    /// Permanent, by the user: no reason given.
    pub const NO_REASON: Self = Self { result: 1, source: 1, reason: 1 };
    /// Permanent, by the user: application context name not supported.
    pub const APPLICATION_CONTEXT: Self = Self { result: 1, source: 1, reason: 2 };
    /// Permanent, by the user: calling AE title not recognised.
    pub const CALLING_AE: Self = Self { result: 1, source: 1, reason: 3 };
    /// Permanent, by the user: called AE title not recognised.
    pub const CALLED_AE: Self = Self { result: 1, source: 1, reason: 7 };
    /// Permanent, by the provider: no reason given. Used when a user identity is not accepted
    /// (PS3.7 §D.3.3.7).
    pub const USER_IDENTITY: Self = Self { result: 1, source: 2, reason: 1 };
    /// Permanent, by the provider: protocol version not supported.
    pub const PROTOCOL_VERSION: Self = Self { result: 1, source: 2, reason: 2 };
    /// Transient, by the provider: temporary congestion.
    pub const CONGESTION: Self = Self { result: 2, source: 3, reason: 1 };
    /// Transient, by the provider: local limit exceeded.
    pub const LOCAL_LIMIT: Self = Self { result: 2, source: 3, reason: 2 };
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let result = if self.result == 2 { "for now" } else { "for good" };
        let reason = match (self.source, self.reason) {
            (1, 2) => "application context not supported",
            (1, 3) => "calling AE title not recognised",
            (1, 7) => "called AE title not recognised",
            (2, 2) => "protocol version not supported",
            (3, 1) => "temporary congestion",
            (3, 2) => "local limit exceeded",
            _ => "no reason given",
        };
        write!(
            f,
            "rejected {result}: {reason} (result {}, source {}, reason {})",
            self.result, self.source, self.reason
        )
    }
}

/// A-ABORT (PS3.8 §9.3.8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Abort {
    /// 0 service user, 2 provider.
    pub source: u8,
    /// Only meant when the provider aborts (PS3.8 Table 9-26).
    pub reason: u8,
}

impl Abort {
    /// The user wants no more.
    pub const BY_USER: Self = Self { source: 0, reason: 0 };
    /// No reason said.
    pub const NOT_SPECIFIED: Self = Self { source: 2, reason: 0 };
    /// A PDU of unknown kind.
    pub const UNRECOGNIZED_PDU: Self = Self { source: 2, reason: 1 };
    /// A PDU that has no place here.
    pub const UNEXPECTED_PDU: Self = Self { source: 2, reason: 2 };
    /// A parameter that can't be read.
    pub const UNRECOGNIZED_PARAMETER: Self = Self { source: 2, reason: 4 };
    /// A parameter that has no place here.
    pub const UNEXPECTED_PARAMETER: Self = Self { source: 2, reason: 5 };
    /// A parameter with an impossible value, such as a length.
    pub const INVALID_PARAMETER: Self = Self { source: 2, reason: 6 };
}

impl fmt::Display for Abort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.source == 0 {
            return f.write_str("aborted by the peer's application");
        }
        let reason = match self.reason {
            1 => "unrecognised PDU",
            2 => "unexpected PDU",
            4 => "unrecognised PDU parameter",
            5 => "unexpected PDU parameter",
            6 => "invalid PDU parameter",
            _ => "no reason given",
        };
        write!(f, "aborted by the upper layer: {reason}")
    }
}

/// A presentation data value: a fragment of a command or a data set (PS3.8 §9.3.5.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pdv {
    /// The presentation context's id.
    pub context: u8,
    /// Part of a command set, or else of a data set (PS3.8 Annex E.2).
    pub is_command: bool,
    /// The last fragment.
    pub is_last: bool,
    /// The fragment, sharing the PDU's memory.
    pub data: Bytes,
}

/// Walks the values of a P-DATA-TF PDU.
#[derive(Debug, Clone, Default)]
pub struct Pdvs(Bytes);

impl Pdvs {
    /// The values in this body.
    #[must_use]
    pub fn new(body: Bytes) -> Self {
        Self(body)
    }

    /// The next value, or `None` at the end.
    ///
    /// # Errors
    /// [`PduError::Parameter`] when a length leads outside the PDU.
    pub fn next_pdv(&mut self) -> Result<Option<Pdv>, PduError> {
        if self.0.is_empty() {
            return Ok(None);
        }
        if self.0.len() < PDV_HEADER {
            return Err(PduError::Parameter("a data value is cut off"));
        }
        let length = self.0.get_u32() as usize;
        if length < 2 || length > self.0.len() {
            return Err(PduError::Parameter("a data value's length leads outside its PDU"));
        }
        let context = self.0.get_u8();
        let control = self.0.get_u8();
        let data = self.0.split_to(length - 2);
        Ok(Some(Pdv { context, is_command: control & 1 != 0, is_last: control & 2 != 0, data }))
    }
}
