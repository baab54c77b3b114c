//! DICOM unique identifiers, one type for each thing they name (PS3.5 §9.1).

use std::fmt;

/// Why a text is not a UID.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UidError {
    /// Nothing between the padding.
    #[error("the UID is empty")]
    Empty,
    /// PS3.5 §9.1 allows 64 characters.
    #[error("the UID has {0} characters; 64 are allowed")]
    TooLong(usize),
    /// Only digits and dots are allowed. The offending text is not repeated: it may be anything.
    #[error("the UID has a character other than digits and dots at position {0}")]
    Character(usize),
}

/// Takes the padding (NUL or space) off a UID and checks its characters and length.
///
/// Empty components and leading zeros break PS3.5 §9.1 too, but real devices send them,
/// they are safe in file names and they identify; so they are let in.
fn checked(text: &str) -> Result<&str, UidError> {
    let uid = text.trim_matches(['\0', ' ']);
    if uid.is_empty() {
        return Err(UidError::Empty);
    }
    if let Some(at) = uid.bytes().position(|b| !b.is_ascii_digit() && b != b'.') {
        return Err(UidError::Character(at));
    }
    if uid.len() > 64 {
        return Err(UidError::TooLong(uid.len()));
    }
    Ok(uid)
}

macro_rules! uid_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Box<str>);

        impl $name {
            /// Parses a UID of 1 to 64 digits and dots; padding is taken off.
            ///
            /// # Errors
            /// [`UidError`] when it is empty, too long or has another character.
            pub fn parse(text: &str) -> Result<Self, UidError> {
                checked(text).map(|uid| Self(uid.into()))
            }

            /// The UID without padding.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = UidError;
            fn from_str(text: &str) -> Result<Self, UidError> {
                Self::parse(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = UidError;
            fn try_from(text: String) -> Result<Self, UidError> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(uid: $name) -> String {
                uid.0.into()
            }
        }
    };
}

uid_type!(
    /// Names one exam (a DICOM study): (0020,000D).
    StudyInstanceUid
);
uid_type!(
    /// Names one series of an exam: (0020,000E).
    SeriesInstanceUid
);
uid_type!(
    /// Names one SOP instance: (0008,0018).
    SopInstanceUid
);
uid_type!(
    /// Names what kind of object an instance is: (0008,0016), PS3.4 §B.5 and PS3.6 Table A-1.
    SopClassUid
);
uid_type!(
    /// Names how an instance's data set and pixels are encoded: (0002,0010), PS3.5 §10.
    TransferSyntaxUid
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_is_taken_off() {
        assert_eq!(SopInstanceUid::parse("1.2.3\0").map(|u| u.to_string()), Ok("1.2.3".into()));
        assert_eq!(SopInstanceUid::parse(" 1.2.3 ").map(|u| u.to_string()), Ok("1.2.3".into()));
    }

    #[test]
    fn a_path_is_not_a_uid() {
        assert_eq!(StudyInstanceUid::parse("../etc"), Err(UidError::Character(2)));
        assert_eq!(StudyInstanceUid::parse(""), Err(UidError::Empty));
        assert_eq!(StudyInstanceUid::parse(&"1".repeat(65)), Err(UidError::TooLong(65)));
    }
}
