//! Where bytes came from: which door, whose account, which peer, when.

use crate::Timestamp;
use std::fmt;

/// An application entity title: 1 to 16 characters of the default repertoire,
/// no backslash or control character, padding not significant (PS3.5 §6.2, VR AE).
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AeTitle(Box<str>);

/// The text can't be an AE title.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an AE title has 1 to 16 printable ASCII characters and no backslash")]
pub struct AeTitleError;

impl AeTitle {
    /// Parses an AE title; leading and trailing spaces are not significant.
    ///
    /// # Errors
    /// [`AeTitleError`] when it is empty, too long, or has a character AE forbids.
    pub fn parse(text: &str) -> Result<Self, AeTitleError> {
        let title = text.trim_matches([' ', '\0']);
        let allowed = |b: u8| (0x20..0x7f).contains(&b) && b != b'\\';
        if title.is_empty() || title.len() > 16 || !title.bytes().all(allowed) {
            return Err(AeTitleError);
        }
        Ok(Self(title.into()))
    }

    /// The title without padding.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AeTitle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for AeTitle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for AeTitle {
    type Error = AeTitleError;
    fn try_from(text: String) -> Result<Self, AeTitleError> {
        Self::parse(&text)
    }
}

impl From<AeTitle> for String {
    fn from(title: AeTitle) -> String {
        title.0.into()
    }
}

/// The front door something came in by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Door {
    /// C-STORE (PS3.4 Annex B).
    CStore,
    /// STOW-RS (PS3.18 §10.5).
    Stow,
    /// `isocenter import`.
    Import,
    /// The browser's upload page.
    Upload,
    /// Query and retrieve from another PACS, or asking a FHIR server for what is new.
    Fetch,
    /// Made by Isocenter itself, such as the demo hospital.
    Made,
    /// HL7 v2 over MLLP.
    Mllp,
}

impl Door {
    /// The word used in records and reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CStore => "c-store",
            Self::Stow => "stow",
            Self::Import => "import",
            Self::Upload => "upload",
            Self::Fetch => "fetch",
            Self::Made => "made",
            Self::Mllp => "mllp",
        }
    }
}

/// Where something came from. Kept in the archive beside the bytes.
/// `path` may name a patient, so it is kept and shown to those who may see it, never logged.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Source {
    /// The door.
    pub door: Door,
    /// The account that brought it, by name.
    pub account: String,
    /// The network peer: an AE title and address for DIMSE, an address for HTTP.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peer: Option<String>,
    /// The file's path as the sender named it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// When its last byte arrived.
    pub received_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ae_titles_are_trimmed_and_bounded() {
        assert_eq!(AeTitle::parse("  MODALITY ").map(|t| t.to_string()), Ok("MODALITY".into()));
        assert_eq!(AeTitle::parse("A\\B"), Err(AeTitleError));
        assert_eq!(AeTitle::parse("                 "), Err(AeTitleError));
    }
}
