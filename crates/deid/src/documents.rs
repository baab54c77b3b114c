//! Documents inside objects: read, swept and written anew, or withheld with the reason.
//! Read in this order: `pdf`, `cda`.

mod cda;
mod pdf;

use crate::policy::{Action, Policy, Why};
use crate::table::ProfileOption;
use crate::text::{Depth, Found, Sweep};
use crate::wall::Reason;
use dicom::{DataSet, tags, uids};

/// Why a document can't be cleaned. Never carries a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Doubt(pub &'static str);

impl From<Doubt> for Reason {
    fn from(doubt: Doubt) -> Self {
        Self::Document(doubt.0)
    }
}

/// What documents are cleaned with.
#[derive(Clone, Copy)]
pub(crate) struct Cleaning<'a> {
    pub sweep: Sweep<'a>,
    /// The subject's code, where a document names the patient in a field of its own.
    pub code: &'a str,
    /// What stands for a UID.
    pub uid: &'a dyn Fn(&str) -> String,
    /// Whether sex and the like stay.
    pub characteristics: bool,
    /// What becomes of a date in DICOM's writing, if the policy keeps any.
    pub date: &'a dyn Fn(&str) -> Option<String>,
}

impl Cleaning<'_> {
    /// The text without identifiers.
    pub(crate) fn text(&self, text: &str) -> String {
        self.sweep.text(text, Depth::Patterns).unwrap_or_else(|| text.to_owned())
    }

    /// What stands in the place of something found.
    pub(crate) fn label(&self, found: Found) -> &'static str {
        match self.sweep.replacement {
            crate::policy::Replacement::Label => found.label(),
            crate::policy::Replacement::Blank => "",
        }
    }
}

/// The most bytes of a document that is read.
const LARGEST: usize = 64 << 20;

/// What becomes of the document of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It is read, swept and written anew.
    Clean,
    /// A rule of the policy puts nothing or a dummy in its place.
    Gone,
    /// Nobody may read it.
    Withheld,
}

/// What the policy says of documents. Table E.1-1 has no option for them; their text is cleaned by policies that
/// clean descriptors or structured content (PS3.15 §E.3.5, §E.3.4), which ask for the same of text elsewhere.
pub(crate) fn fate(policy: &Policy) -> Fate {
    let rule = policy.rule(tags::ENCAPSULATED_DOCUMENT);
    let options = [ProfileOption::CleanDescriptors, ProfileOption::CleanStructuredContent];
    match (rule.why, rule.action) {
        (Why::Policy(_), Action::Remove | Action::Empty | Action::Dummy) => Fate::Gone,
        (Why::Policy(_), Action::Clean(_)) => Fate::Clean,
        _ if options.iter().any(|option| policy.has(*option)) => Fate::Clean,
        _ => Fate::Withheld,
    }
}

/// The document of an object (PS3.3 §A.45), cleaned.
pub(crate) fn clean(set: &DataSet, cleaning: &Cleaning<'_>) -> Result<Vec<u8>, Doubt> {
    let element = set.get(tags::ENCAPSULATED_DOCUMENT).and_then(|element| element.value.bytes());
    let bytes = element.ok_or(Doubt("it can't be read"))?;
    // A byte may stand behind the document to make its length even.
    let length = set.int(tags::ENCAPSULATED_DOCUMENT_LENGTH).and_then(|length| usize::try_from(length).ok());
    let bytes = length.and_then(|length| bytes.get(..length)).unwrap_or(bytes);
    if bytes.len() > LARGEST {
        return Err(Doubt("it is larger than 64 MiB"));
    }
    match set.uid(tags::SOP_CLASS_UID).as_deref() {
        Some(uids::ENCAPSULATED_PDF_STORAGE) => pdf::clean(bytes, cleaning),
        Some(uids::ENCAPSULATED_CDA_STORAGE) => cda::clean(bytes, cleaning),
        _ => Err(Doubt("only PDF and CDA are read")),
    }
}
