//! Statuses of DIMSE responses (PS3.7 Annex C, PS3.4).

use std::fmt;

/// (0000,0900)
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Status(pub u16);

/// What kind of status it is (PS3.7 §C.1 to C.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusClass {
    /// Done.
    Success,
    /// Done, with something to know.
    Warning,
    /// Not done.
    Failure,
    /// Ended because it was asked to.
    Cancel,
    /// More is to come.
    Pending,
}

impl Status {
    /// Done.
    pub const SUCCESS: Self = Self(0x0000);
    /// No such Action Type.
    pub const NO_SUCH_ACTION: Self = Self(0x0123);
    /// No such Event Type.
    pub const NO_SUCH_EVENT: Self = Self(0x0113);
    /// A required attribute is missing from the data set of an N- service.
    pub const MISSING_ATTRIBUTE: Self = Self(0x0120);
    /// Processing failure.
    pub const PROCESSING_FAILURE: Self = Self(0x0110);
    /// The SOP instance the request names is unknown.
    pub const NO_SUCH_INSTANCE: Self = Self(0x0112);
    /// The SOP class is not supported in this context.
    pub const SOP_CLASS_NOT_SUPPORTED: Self = Self(0x0122);
    /// Class and instance don't go together.
    pub const CLASS_INSTANCE_CONFLICT: Self = Self(0x0119);
    /// The caller may not do that.
    pub const NOT_AUTHORIZED: Self = Self(0x0124);
    /// A message with this id is being worked on.
    pub const DUPLICATE_INVOCATION: Self = Self(0x0210);
    /// The operation is not one this service has.
    pub const UNRECOGNIZED_OPERATION: Self = Self(0x0211);
    /// A field of the command is missing or can't be read.
    pub const MISTYPED_ARGUMENT: Self = Self(0x0212);
    /// Too little memory, disk or patience.
    pub const OUT_OF_RESOURCES: Self = Self(0xA700);
    /// C-MOVE, C-GET: the number of matches can't be found out.
    pub const CANNOT_COUNT_MATCHES: Self = Self(0xA701);
    /// C-MOVE, C-GET: no sub-operation can be performed.
    pub const CANNOT_PERFORM_SUB_OPERATIONS: Self = Self(0xA702);
    /// C-MOVE: the destination is not known.
    pub const MOVE_DESTINATION_UNKNOWN: Self = Self(0xA801);
    /// The data set or identifier is of another SOP class or instance than the request.
    pub const DATA_SET_MISMATCH: Self = Self(0xA900);
    /// C-MOVE, C-GET: done, but some sub-operations failed.
    pub const SOME_FAILED: Self = Self(0xB000);
    /// C-STORE: kept, though the data set is not what was expected under its name.
    pub const DATA_SET_MISMATCH_WARNING: Self = Self(0xB007);
    /// The data set or identifier can't be understood or processed.
    pub const CANNOT_UNDERSTAND: Self = Self(0xC000);
    /// Asked to stop.
    pub const CANCEL: Self = Self(0xFE00);
    /// More is to come.
    pub const PENDING: Self = Self(0xFF00);
    /// More is to come; some optional keys were not used.
    pub const PENDING_SOME_KEYS_IGNORED: Self = Self(0xFF01);

    /// What kind of status it is.
    #[must_use]
    pub const fn class(self) -> StatusClass {
        match self.0 {
            0 => StatusClass::Success,
            1 | 0x0107 | 0x0116 | 0xB000..=0xBFFF => StatusClass::Warning,
            0xFE00 => StatusClass::Cancel,
            0xFF00 | 0xFF01 => StatusClass::Pending,
            _ => StatusClass::Failure,
        }
    }

    /// Success or warning: the operation was carried out.
    #[must_use]
    pub const fn is_done(self) -> bool {
        matches!(self.class(), StatusClass::Success | StatusClass::Warning)
    }

    /// More responses follow.
    #[must_use]
    pub const fn is_pending(self) -> bool {
        matches!(self.class(), StatusClass::Pending)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let meaning = match self.0 {
            0x0000 => "success",
            0x0110 => "processing failure",
            0x0112 => "no such SOP instance",
            0x0122 => "SOP class not supported",
            0x0124 => "refused: not authorized",
            0x0211 => "unrecognised operation",
            0x0212 => "mistyped argument",
            0xA701 => "refused: out of resources, the matches can't be counted",
            0xA702 => "refused: out of resources, sub-operations can't be performed",
            0xA700..=0xA7FF => "refused: out of resources",
            0xA801 => "refused: move destination unknown",
            0xA900..=0xA9FF => "error: data set does not match SOP class",
            0xB000 => "warning: some sub-operations failed",
            0xB007 => "warning: data set does not match",
            0xC000..=0xCFFF => "error: cannot understand",
            0xFE00 => "cancelled",
            0xFF00 => "pending",
            0xFF01 => "pending, some keys not used",
            _ => match self.class() {
                StatusClass::Warning => "warning",
                _ => "failure",
            },
        };
        write!(f, "{meaning} ({:04X}H)", self.0)
    }
}

impl fmt::Debug for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04X}H", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_have_their_class() {
        assert_eq!(Status(0xA700).class(), StatusClass::Failure);
        assert_eq!(Status(0xB007).class(), StatusClass::Warning);
        assert_eq!(Status(0xFF01).class(), StatusClass::Pending);
        assert_eq!(Status(0xC123).to_string(), "error: cannot understand (C123H)");
        assert!(Status::SUCCESS.is_done() && !Status::CANCEL.is_done());
    }
}
