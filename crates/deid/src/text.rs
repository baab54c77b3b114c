//! Free text: first the identifiers that are known of the patient and the staff, then patterns of what is not.
//! Read in this order: [`known`], `fold`, `vocabulary`, `memo`, `sweep`, `patterns`, `misread`.

mod fold;
pub mod known;
mod memo;
mod misread;
mod patterns;
mod sweep;
mod vocabulary;

pub use known::Known;
pub(crate) use misread::{misread, reads_like};
pub(crate) use patterns::Patterns;
pub(crate) use sweep::{Depth, Sweep};

/// Whether all of it is words that name nobody, abbreviations and numbers.
pub(crate) fn are_words(text: &str) -> bool {
    let is_short = |folded: &str| folded.len() < 3 || folded.bytes().any(|b| b.is_ascii_digit());
    let one = |word: &fold::Word| vocabulary::is_word(&word.folded) || is_short(&word.folded);
    text.split('\\').all(|value| value.len() <= 32 && fold::words(value).iter().all(one))
}

/// The words of a text, folded.
pub(crate) fn folded_words(text: &str) -> Vec<String> {
    fold::words(text).into_iter().map(|word| word.folded).collect()
}

/// Whether a name before the folded word is one of medicine: `Baker cyst`.
pub(crate) fn follows_eponyms(folded: &str) -> bool {
    sweep::AFTER_EPONYMS.contains(&folded)
}

/// Whether a folded word names nobody.
pub(crate) fn is_known_word(folded: &str) -> bool {
    vocabulary::is_word(folded) || known::NO_NAMES.contains(&folded)
}

/// Runs of readable characters in bytes of another kind.
pub(crate) fn runs(bytes: &[u8]) -> impl Iterator<Item = &str> {
    const LEAST: usize = 4;
    let readable = |b: &u8| b.is_ascii_graphic() || *b == b' ';
    let pieces = bytes.split(move |b| !readable(b)).filter(|run| run.len() >= LEAST);
    pieces.filter_map(|run| std::str::from_utf8(run).ok())
}

/// What kind of thing was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub enum Found {
    /// A person.
    Name,
    /// A number or code of a patient, an order, a device.
    Id,
    /// A date.
    Date,
    /// A telephone or fax number.
    Phone,
    /// A place to write to, on the network too.
    Address,
    /// A house, department or room.
    Place,
    /// An age above the cap.
    Age,
}

impl Found {
    /// What stands in its place.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Name => "[name]",
            Self::Id => "[id]",
            Self::Date => "[date]",
            Self::Phone => "[phone]",
            Self::Address => "[address]",
            Self::Place => "[place]",
            Self::Age => "[age]",
        }
    }
}
