//! Why a message is refused: where, what, and the code of table 0357 for it.

/// A refusal. It names a place, never a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {problem}")]
pub struct Refusal {
    /// The segment or field: `MSH-10`, `PID[2]-3`.
    pub place: String,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What may be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// It doesn't begin with MSH.
    #[error("no MSH segment at the start")]
    NoHeader,
    /// MSH-1 and MSH-2 are no delimiters.
    #[error("no delimiters")]
    NoDelimiters,
    /// More segments than any real message has.
    #[error("more than 20000 segments")]
    TooManySegments,
    /// A field that must be there is not.
    #[error("required field missing")]
    Missing,
    /// A type of message that nothing can be read from.
    #[error("unsupported message type")]
    Type,
    /// Not a version of HL7 v2.
    #[error("unsupported version")]
    Version,
    /// Larger than is taken here.
    #[error("larger than is taken here")]
    TooLarge,
    /// It ended before its end.
    #[error("the frame was cut off")]
    Cut,
    /// We can't keep it now; it may be sent again.
    #[error("it can't be kept now, send it again later")]
    NotKept,
}

impl Refusal {
    /// One, at a place.
    #[must_use]
    pub fn at(place: impl Into<String>, problem: Problem) -> Self {
        Self { place: place.into(), problem }
    }
}

impl Problem {
    /// Code and text of table 0357.
    #[must_use]
    pub const fn code(self) -> (&'static str, &'static str) {
        match self {
            Self::NoHeader => ("100", "Segment sequence error"),
            Self::NoDelimiters => ("102", "Data type error"),
            Self::Missing => ("101", "Required field missing"),
            Self::Type => ("200", "Unsupported message type"),
            Self::Version => ("203", "Unsupported version id"),
            Self::TooManySegments | Self::TooLarge | Self::Cut | Self::NotKept => {
                ("207", "Application internal error")
            }
        }
    }

    /// True when the message as such is rejected (AR), false when something in it is wrong (AE): table 0008.
    #[must_use]
    pub const fn rejects(self) -> bool {
        matches!(
            self,
            Self::NoHeader
                | Self::NoDelimiters
                | Self::Type
                | Self::Version
                | Self::TooManySegments
                | Self::TooLarge
                | Self::Cut
        )
    }
}
