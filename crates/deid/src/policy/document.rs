//! The document: readable TOML, every key explained in `docs/DEID.md`.

use super::Policy;
use crate::pixels::{Act, Area, ImageKind};
use crate::table::ProfileOption;
use dicom::{Tag, dictionary};
use serde::{Deserialize, Serialize};

/// The only format there is so far.
const FORMAT: u32 = 1;

/// A policy as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Document {
    /// The format of the document; 1.
    pub format: u32,
    /// Its name: small letters, digits, `-`, `+` and `.`.
    pub id: String,
    /// Its version, counted up with each change.
    pub version: u32,
    /// One line for people.
    pub title: String,
    /// More, for people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Options of the Basic profile (PS3.15 §E.3).
    #[serde(default)]
    pub options: Vec<ProfileOption>,
    /// Codes of subjects.
    #[serde(default)]
    pub subjects: Subjects,
    /// Dates and ages.
    #[serde(default)]
    pub dates: Dates,
    /// Free text.
    #[serde(default)]
    pub text: Text,
    /// Private attributes.
    #[serde(default)]
    pub private: Private,
    /// Text in pixels.
    #[serde(default)]
    pub pixels: Pixels,
    /// Exceptions, before everything else.
    #[serde(default)]
    pub rules: Vec<AttributeRule>,
}

/// How codes of subjects look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Subjects {
    /// What every code starts with.
    pub prefix: String,
    /// How many characters follow it: 6 to 24.
    pub length: usize,
}

impl Default for Subjects {
    fn default() -> Self {
        Self { prefix: "S-".into(), length: 12 }
    }
}

/// What becomes of dates that an option keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Dates {
    /// With `retain-longitudinal-modified-dates`: `shift` or `year`.
    pub modified: Modified,
    /// The least and the most days by which all dates of a subject move.
    pub shift_days: (i32, i32),
    /// Ages above it become it plus one; 0 for no cap.
    pub age_cap: u16,
}

impl Default for Dates {
    fn default() -> Self {
        Self { modified: Modified::Shift, shift_days: (-3650, -30), age_cap: 89 }
    }
}

/// How dates are modified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Modified {
    /// Moved by one number of days for each subject.
    Shift,
    /// Only the year is left.
    Year,
}

/// How free text is cleaned.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Text {
    /// What stands in the place of what was taken out.
    pub replacement: Replacement,
}

/// What stands in the place of an identifier.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Replacement {
    /// What it was: `[name]`, `[date]`.
    #[default]
    Label,
    /// Nothing.
    Blank,
}

/// Private attributes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Private {
    /// What becomes of an object with blocks of a creator that the policy does not list.
    pub unknown_creator: UnknownCreator,
    /// What is kept; everything else goes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keep: Vec<PrivateKeep>,
}

/// What becomes of an object with an unknown private creator.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnknownCreator {
    /// Its private attributes go.
    #[default]
    Remove,
    /// It is withheld as a whole.
    Quarantine,
}

/// Private attributes of a creator that are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PrivateKeep {
    /// The creator, as the element says it.
    pub creator: String,
    /// The group: four hexadecimal digits.
    pub group: String,
    /// The last two hexadecimal digits of the elements: `0C` for (gggg,xx0C).
    pub elements: Vec<String>,
    /// Whether text in them is cleaned as free text is.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub clean: bool,
}

/// Text in pixels.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Pixels {
    /// What becomes of images that may have text burned in.
    pub burned_in: BurnedIn,
    /// Which text is masked where it is searched.
    pub mask: Mask,
    /// What somebody has decided about images after looking at some. The first that fits stands before everything.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<ImageRule>,
}

/// A decision about all images that look alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ImageRule {
    /// Which ones.
    pub like: ImageKind,
    /// What becomes of them.
    pub action: ImageAction,
    /// What is masked: left, top, right, bottom in pixels; right and bottom are the first outside.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub boxes: Vec<[usize; 4]>,
    /// Why, for whoever reads the policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
}

/// What may be decided about images.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ImageAction {
    /// Their pixels pass as they are.
    Release,
    /// The boxes are masked in every frame, the rest passes.
    Mask,
    /// They are kept back.
    Withhold,
}

impl ImageRule {
    /// What is to be done.
    #[must_use]
    pub fn act(&self) -> Act {
        match self.action {
            ImageAction::Release => Act::Release,
            ImageAction::Withhold => Act::Withhold,
            ImageAction::Mask => Act::Mask(
                self.boxes
                    .iter()
                    .map(|[left, top, right, bottom]| Area {
                        top: *top,
                        left: *left,
                        bottom: *bottom,
                        right: *right,
                    })
                    .collect(),
            ),
        }
    }

    /// What is wrong with it.
    ///
    /// # Errors
    /// What would be right.
    pub fn check(&self) -> Result<(), &'static str> {
        let is_box = |[left, top, right, bottom]: &[usize; 4]| left < right && top < bottom;
        match self.action {
            ImageAction::Mask if self.boxes.is_empty() || self.boxes.len() > 100 => {
                Err("to mask needs 1 to 100 boxes")
            }
            ImageAction::Release | ImageAction::Withhold if !self.boxes.is_empty() => {
                Err("boxes only belong to mask")
            }
            _ if !self.boxes.iter().all(is_box) => {
                Err("a box is left, top, right, bottom, each side with pixels")
            }
            _ => Ok(()),
        }
    }
}

/// Which text in pixels is masked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mask {
    /// All but sides, measures, settings of devices and the like.
    #[default]
    AllText,
    /// What is known of the people, what looks like an identifier, and what can't be read.
    Identifiers,
}

/// What becomes of images that may have text burned in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BurnedIn {
    /// All images are searched for text, on every frame; what is found is masked. Needs an OCR engine: without
    /// one, images that may have text are withheld.
    Search,
    /// They are withheld, whatever Burned In Annotation (0028,0301) says: it is often wrong.
    #[default]
    Quarantine,
    /// They pass where Burned In Annotation says NO.
    TrustAttribute,
    /// They pass. Whoever writes this vouches for the pixels.
    Accept,
}

/// An exception for one attribute, wherever it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct AttributeRule {
    /// A keyword, or eight hexadecimal digits.
    pub attribute: String,
    /// What becomes of it.
    pub action: RuleAction,
    /// Why, for whoever reads the policy or asks `explain`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
}

/// What a rule may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RuleAction {
    /// Keep the value, but for identifiers that are known.
    Keep,
    /// Take what identifies out of the value.
    Clean,
    /// Remove the attribute; empty or a dummy where the object would not be valid without.
    Remove,
    /// Make it empty.
    Empty,
    /// A value that says nothing.
    Dummy,
    /// The UIDs in it are replaced.
    Uid,
    /// The code of the subject.
    Code,
}

/// What is wrong with a policy.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// The text is no such document.
    #[error("{0}")]
    Toml(Box<toml::de::Error>),
    /// Something in it can't be.
    #[error("{place}: {problem}")]
    Content {
        /// The key.
        place: String,
        /// What is wrong, and what would be right.
        problem: String,
    },
    /// No such ready-made policy.
    #[error("no policy file and no ready-made policy is called “{name}”; ready-made: {known}")]
    Unknown {
        /// The name asked for.
        name: String,
        /// The names there are.
        known: String,
    },
}

impl Document {
    /// Reads and checks a document.
    ///
    /// # Errors
    /// [`DocumentError`], saying where and what would be right.
    pub fn parse(text: &str) -> Result<Self, DocumentError> {
        let document: Self = toml::from_str(text).map_err(|error| DocumentError::Toml(Box::new(error)))?;
        document.check()?;
        Ok(document)
    }

    /// The plain form: the same policy always the same text.
    #[must_use]
    pub fn to_toml(&self) -> String {
        toml::to_string_pretty(self).unwrap_or_default()
    }

    /// Makes it ready to run.
    ///
    /// # Errors
    /// [`DocumentError`] as [`Document::parse`].
    pub fn compile(self) -> Result<Policy, DocumentError> {
        self.check()?;
        super::compile::compile(self)
    }

    fn check(&self) -> Result<(), DocumentError> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-+.".contains(c);
        let (from, to) = self.dates.shift_days;
        let has = |option| self.options.contains(&option);
        let both = has(ProfileOption::RetainFullDates) && has(ProfileOption::RetainModifiedDates);
        check(self.format == FORMAT, "format", "only 1 is known")?;
        check(!self.id.is_empty() && self.id.chars().all(plain), "id", "small letters, digits, - + . only")?;
        check(self.version > 0, "version", "versions count from 1")?;
        check(self.title.len() <= 200, "title", "at most 200 characters")?;
        check((6..=24).contains(&self.subjects.length), "subjects.length", "6 to 24")?;
        check(
            is_code_prefix(&self.subjects.prefix),
            "subjects.prefix",
            "at most 16 letters, digits, - and _",
        )?;
        check(from < to, "dates.shift-days", "two numbers, the smaller one first")?;
        check(from >= -36_500 && to <= 36_500, "dates.shift-days", "at most 36500 days either way")?;
        check(!both, "options", "full dates and modified dates exclude each other")?;
        let lists = self.private.keep.is_empty() || has(ProfileOption::RetainSafePrivate);
        check(lists, "private.keep", "only with the option retain-safe-private")?;
        for (index, rule) in self.pixels.images.iter().enumerate() {
            let place = format!("pixels.images, number {}", index + 1);
            rule.check().or_else(|problem| check(false, &place, problem))?;
        }
        self.rules.iter().enumerate().try_for_each(|(index, rule)| rule.tag(index).map(|_| ()))
    }
}

fn is_code_prefix(text: &str) -> bool {
    text.len() <= 16 && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
}

pub(super) fn check(holds: bool, place: &str, problem: &str) -> Result<(), DocumentError> {
    if holds {
        return Ok(());
    }
    Err(DocumentError::Content { place: place.into(), problem: problem.into() })
}

impl AttributeRule {
    /// The attribute's tag.
    pub(super) fn tag(&self, index: usize) -> Result<Tag, DocumentError> {
        let digits = self.attribute.replace(['(', ')', ',', ' '], "");
        if let Some(tag) = dictionary::parse_tag(&digits) {
            return Ok(tag);
        }
        let near = crate::iod::attributes()
            .filter_map(dictionary::keyword)
            .max_by(|a, b| near(a, &self.attribute).total_cmp(&near(b, &self.attribute)).then(b.cmp(a)));
        let hint = near.map(|keyword| format!("; did you mean {keyword}?")).unwrap_or_default();
        Err(DocumentError::Content {
            place: format!("rules, number {}: attribute", index + 1),
            problem: format!("“{}” is neither a keyword nor eight hexadecimal digits{hint}", self.attribute),
        })
    }
}

fn near(keyword: &str, text: &str) -> f64 {
    strsim::jaro_winkler(&keyword.to_lowercase(), &text.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAST: &str = "format = 1\nid = \"a\"\nversion = 1\ntitle = \"A\"\n";

    fn refusal(more: &str) -> String {
        Document::parse(&format!("{LEAST}{more}"))
            .map(|_| ())
            .map_err(|e| e.to_string())
            .expect_err("refused")
    }

    #[test]
    fn the_least_document_is_the_basic_profile() {
        assert!(Document::parse(LEAST).is_ok_and(|document| document.options.is_empty()));
    }

    #[test]
    fn errors_say_where_and_what_would_be_right() {
        assert!(refusal("option = []").contains("unknown field `option`"));
        assert!(refusal("options = [\"retain-uid\"]").contains("retain-uids"));
        let rule = "[[rules]]\nattribute = \"PatientNames\"\naction = \"keep\"";
        assert!(refusal(rule).contains("did you mean PatientName?"), "{}", refusal(rule));
        assert!(refusal("[dates]\nshift-days = [5, -5]").contains("the smaller one first"));
        let both = "options = [\"retain-longitudinal-full-dates\", \"retain-longitudinal-modified-dates\"]";
        assert!(refusal(both).contains("exclude each other"));
    }

    #[test]
    fn the_plain_form_reads_back_the_same() {
        let text = format!("# a comment\n{LEAST}[[rules]]\nattribute = \"StudyID\"\naction = \"keep\"\n");
        let document = Document::parse(&text).expect("valid");
        assert_eq!(Document::parse(&document.to_toml()).expect("valid"), document);
    }
}
