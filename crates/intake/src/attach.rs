//! Any file, attached to a patient, an exam or a project: the same law, no questions about DICOM.

use crate::{
    incoming::{Incoming, Intake},
    outcome::IntakeError,
    place::append,
    shelf::{Kind, Locator, NewEntryHead},
};
use bytes::Bytes;
use model::{Phi, Sha256Digest, Source};
use serde_json::Map;
use sha2::{Digest, Sha256};

/// Characters kept of a file name.
const NAME_LIMIT: usize = 200;

/// What a file is attached to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SubjectKind {
    /// A patient, by Patient ID.
    Patient,
    /// An exam, by Study Instance UID.
    Exam,
    /// A project, by its name.
    Project,
}

impl SubjectKind {
    /// The word used in the archive and the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Patient => "patient",
            Self::Exam => "exam",
            Self::Project => "project",
        }
    }
}

impl std::str::FromStr for SubjectKind {
    type Err = SubjectError;
    fn from_str(word: &str) -> Result<Self, SubjectError> {
        match word {
            "patient" => Ok(Self::Patient),
            "exam" => Ok(Self::Exam),
            "project" => Ok(Self::Project),
            _ => Err(SubjectError),
        }
    }
}

/// Not `patient:ID`, `exam:UID` or `project:NAME`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a file is attached to patient:ID, exam:STUDY-INSTANCE-UID or project:NAME")]
pub struct SubjectError;

/// Whom or what a file is attached to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Patient, exam or project.
    pub kind: SubjectKind,
    /// Its id. A Patient ID identifies, so it is kept from logs.
    pub id: Phi<String>,
}

impl Subject {
    /// A subject with this id.
    ///
    /// # Errors
    /// [`SubjectError`] when the id is empty, too long or has control characters.
    pub fn new(kind: SubjectKind, id: &str) -> Result<Self, SubjectError> {
        let id = id.trim();
        if id.is_empty() || id.chars().count() > 128 || id.chars().any(char::is_control) {
            return Err(SubjectError);
        }
        Ok(Self { kind, id: Phi::new(id.into()) })
    }
}

impl std::str::FromStr for Subject {
    type Err = SubjectError;
    fn from_str(text: &str) -> Result<Self, SubjectError> {
        let (kind, id) = text.split_once(':').ok_or(SubjectError)?;
        Self::new(kind.parse()?, id)
    }
}

/// A file that is attached and durable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attached {
    /// Its id: the same file attached to the same subject under the same name has the same.
    pub id: String,
    /// SHA-256 of its bytes.
    pub digest: Sha256Digest,
    /// Where they stand.
    pub locator: Locator,
    /// The name that was kept.
    pub file_name: String,
    /// The media type that was kept.
    pub media_type: String,
}

/// A file to be attached, on its way in. Dropped unfinished, it leaves nothing behind.
pub struct Attaching {
    incoming: Incoming,
    subject: Subject,
    file_name: String,
    media_type: String,
}

impl Intake {
    /// Starts a file that is to be attached. Of a path only the last part is kept as its name.
    #[must_use]
    pub fn begin_attachment(&self, subject: Subject, name: &str, media_type: &str) -> Attaching {
        let incoming = self.begin();
        let file_name = file_name(name);
        Attaching { incoming, subject, file_name, media_type: safe_media_type(media_type) }
    }
}

impl Attaching {
    /// Says which SHA-256 the sender computed.
    pub const fn expect(&mut self, digest: Sha256Digest) {
        self.incoming.expect(digest);
    }

    /// Adds bytes; see [`Incoming::push`].
    ///
    /// # Errors
    /// As [`Incoming::push`].
    pub async fn push(&mut self, bytes: Bytes) -> Result<(), IntakeError> {
        self.incoming.push(bytes).await
    }

    /// Makes the file durable.
    ///
    /// # Errors
    /// [`IntakeError`]; nothing is attached.
    pub async fn finish(self, source: Source) -> Result<Attached, IntakeError> {
        let Self { incoming, subject, file_name, media_type } = self;
        let shelf = incoming.intake.inner.shelf.clone();
        let (body, digest, _room) = incoming.into_body()?;
        let id = id(&subject, &file_name, &digest);
        let mut details = Map::new();
        details.insert("id".into(), id.as_str().into());
        details.insert("subject".into(), subject.kind.as_str().into());
        details.insert("subjectId".into(), subject.id.reveal().as_str().into());
        details.insert("fileName".into(), file_name.as_str().into());
        details.insert("mediaType".into(), media_type.as_str().into());
        let name = format!("attachments/{id}");
        let head = NewEntryHead { kind: Kind::Attachment, name, digest, source, details };
        let appended = append(&*shelf, body, head, None).await?;
        Ok(Attached { id, digest, locator: appended.locator, file_name, media_type })
    }
}

/// 32 hexadecimal digits.
fn id(subject: &Subject, file_name: &str, digest: &Sha256Digest) -> String {
    let mut hasher = Sha256::new();
    for part in [subject.kind.as_str(), subject.id.reveal(), file_name] {
        hasher.update(part);
        hasher.update([0]);
    }
    hasher.update(digest.0);
    Sha256Digest(hasher.finalize().into()).to_hex()[..32].into()
}

/// The last part of a path, without characters that could mislead a reader or a shell's terminal.
pub(crate) fn file_name(path: &str) -> String {
    let last = path.rsplit(['/', '\\']).find(|part| !part.is_empty()).unwrap_or_default();
    let kept: String = last.chars().filter(|c| is_plain(*c)).take(NAME_LIMIT).collect();
    match kept.trim() {
        "" | "." | ".." => "file".into(),
        name => name.into(),
    }
}

/// Bidirectional overrides make `exe.fdp` look like `pdf.exe`.
fn is_plain(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

fn safe_media_type(media_type: &str) -> String {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"!#$&-^_.+/".contains(&b);
    let essence = crate::multipart::media_type(media_type);
    let well_formed = essence.len() <= 127
        && essence.bytes().all(allowed)
        && essence.split('/').filter(|part| !part.is_empty()).count() == 2;
    if well_formed { essence } else { "application/octet-stream".into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_cut_to_its_last_part() {
        assert_eq!(file_name("../../etc/passwd"), "passwd");
        assert_eq!(file_name("C:\\scans\\b.nii.gz"), "b.nii.gz");
        assert_eq!(file_name(".."), "file");
        assert_eq!(file_name("a\u{202E}fdp.exe\n"), "afdp.exe");
    }

    #[test]
    fn a_media_type_that_is_none_is_plain_bytes() {
        assert_eq!(safe_media_type("Application/PDF; charset=x"), "application/pdf");
        assert_eq!(safe_media_type("text/html\r\nX: y"), "application/octet-stream");
        assert_eq!(safe_media_type(""), "application/octet-stream");
    }

    #[test]
    fn subjects_are_named_by_kind_and_id() {
        let subject: Subject = "patient: 12:3".parse().expect("it is sound");
        assert_eq!((subject.kind, subject.id.reveal().as_str()), (SubjectKind::Patient, "12:3"));
        assert!("patient".parse::<Subject>().is_err());
        assert!("visit:1".parse::<Subject>().is_err());
    }
}
