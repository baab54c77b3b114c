//! Scoring a run against an answer key: one row for each thing that must or must not be there any more.
//! The format is in the sample data's `ANSWER_KEY_FORMAT.md`; the actions are those of MIDI-B.
//! Beside it: what identifies and is left ([`residual`]), in pixels too ([`pictures`]), canaries ([`canary`]), what both say of what was not
//! looked at ([`bound`]), and the pack that proves it to others ([`evidence`], [`signature`]).

pub mod bound;
pub mod canary;
mod check;
pub mod evidence;
pub mod pictures;
mod pixels;
pub mod residual;
pub mod signature;

use crate::ProjectKey;
use bytes::Bytes;
use std::collections::BTreeMap;

/// One row of an answer key.
#[derive(Clone)]
pub struct Check {
    /// The file of the original, for people.
    pub file: String,
    /// The original's SOP Instance UID.
    pub sop_instance: String,
    /// Where: `(0010,1002)[0].(0010,0020)`.
    pub path: String,
    /// The keyword, for people.
    pub attribute: String,
    /// What it said; identifies.
    pub value: String,
    /// What is asked.
    pub action: Asked,
    /// What the action is about; identifies.
    pub text: String,
}

/// What a row asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Asked {
    /// The attribute must still be there.
    TagRetained,
    /// It must have a value.
    TextNotNull,
    /// The text must be in the value.
    TextRetained,
    /// The text must not be in the value.
    TextRemoved,
    /// The old date must be gone, and all dates of a patient must have moved by the same days.
    DateShifted,
    /// The old UID must not be anywhere.
    UidChanged,
    /// Equal old UIDs must be equal new ones.
    UidConsistent,
    /// Equal old patient ids must be equal new ones.
    PatientIdConsistent,
    /// The text in a box must be unreadable.
    PixelsHidden,
    /// The pixels must be as they were.
    PixelsRetained,
    /// A remark.
    Note,
}

impl Asked {
    const ALL: &'static [(&'static str, Self, &'static str)] = &[
        ("tag_retained", Self::TagRetained, "DICOM"),
        ("text_notnull", Self::TextNotNull, "DICOM"),
        ("text_retained", Self::TextRetained, "TCIA"),
        ("text_removed", Self::TextRemoved, "HIPAA"),
        ("date_shifted", Self::DateShifted, "HIPAA"),
        ("uid_changed", Self::UidChanged, "HIPAA"),
        ("uid_consistent", Self::UidConsistent, "DICOM"),
        ("patid_consistent", Self::PatientIdConsistent, "DICOM"),
        ("pixels_hidden", Self::PixelsHidden, "HIPAA"),
        ("pixels_retained", Self::PixelsRetained, "TCIA"),
        ("note", Self::Note, "—"),
    ];

    /// As the key spells it.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, asked, _)| *asked == self).map_or("", |(name, ..)| name)
    }

    /// HIPAA, DICOM or TCIA.
    #[must_use]
    pub fn category(self) -> &'static str {
        Self::ALL.iter().find(|(_, asked, _)| *asked == self).map_or("", |(.., category)| category)
    }
}

/// What is wrong with an answer key.
#[derive(Debug, thiserror::Error)]
pub enum KeyFormatError {
    /// The first line names other columns.
    #[error(
        "the first line must name the columns file, sop_instance_uid, tag, attribute, value, action, action_text"
    )]
    Columns,
    /// A line does not fit.
    #[error("line {0} has not seven fields, or an action that is not known")]
    Line(usize),
}

/// Reads an answer key.
///
/// # Errors
/// [`KeyFormatError`], with the line but never its content.
pub fn parse_key(text: &str) -> Result<Vec<Check>, KeyFormatError> {
    let mut lines = text.lines();
    if !lines.next().is_some_and(|first| first.starts_with("file\tsop_instance_uid\ttag\t")) {
        return Err(KeyFormatError::Columns);
    }
    let numbered = lines.enumerate().filter(|(_, line)| !line.is_empty());
    numbered.map(|(index, line)| parse_line(line).ok_or(KeyFormatError::Line(index + 2))).collect()
}

fn parse_line(line: &str) -> Option<Check> {
    let fields: Vec<_> = line.split('\t').collect();
    let [file, uid, path, attribute, value, action, rest @ ..] = fields.as_slice() else { return None };
    let (_, action, _) = Asked::ALL.iter().find(|(name, ..)| name == action)?;
    Some(Check {
        file: (*file).into(),
        sop_instance: (*uid).into(),
        path: (*path).into(),
        attribute: (*attribute).into(),
        value: (*value).into(),
        action: *action,
        text: rest.first().copied().unwrap_or_default().into(),
    })
}

/// How often a check held.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Count {
    /// It held.
    pub passed: u64,
    /// It did not.
    pub failed: u64,
    /// There is no output for the file: nothing leaked, nothing of use either.
    pub withheld: u64,
}

/// A check that did not hold.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Failure {
    /// The row, from 1.
    pub row: usize,
    /// The file of the original.
    pub file: String,
    /// Where.
    pub path: String,
    /// The keyword.
    pub attribute: String,
    /// What was asked.
    pub action: &'static str,
}

/// What a run scores.
#[derive(Debug, Clone, Default, serde::Serialize)]
pub struct Score {
    /// By category.
    pub categories: BTreeMap<&'static str, Count>,
    /// By action.
    pub actions: BTreeMap<&'static str, Count>,
    /// Everything that did not hold; no values.
    pub failures: Vec<Failure>,
}

/// Scores the outputs, each under its new SOP Instance UID.
#[must_use]
pub fn score(checks: &[Check], outputs: &BTreeMap<String, Bytes>, key: &ProjectKey) -> Score {
    let mut scorer = check::Scorer::new(outputs, key);
    checks.iter().for_each(|check| scorer.learn(check));
    let mut score = Score::default();
    for (index, check) in checks.iter().enumerate().filter(|(_, check)| check.action != Asked::Note) {
        let held = scorer.holds(check);
        for count in [
            score.categories.entry(check.action.category()).or_default(),
            score.actions.entry(check.action.name()).or_default(),
        ] {
            match held {
                None => count.withheld += 1,
                Some(true) => count.passed += 1,
                Some(false) => count.failed += 1,
            }
        }
        if held == Some(false) {
            score.failures.push(Failure {
                row: index + 1,
                file: check.file.clone(),
                path: check.path.clone(),
                attribute: check.attribute.clone(),
                action: check.action.name(),
            });
        }
    }
    score
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_and_errors_name_the_line() {
        let first = "file\tsop_instance_uid\ttag\tattribute\tvalue\taction\taction_text\n";
        let row = "a.dcm\t1.2\t(0010,0010)\tPatientName\tDoe\ttext_removed\tDoe\n";
        assert_eq!(parse_key(&format!("{first}{row}")).map(|rows| rows.len()).ok(), Some(1));
        assert!(matches!(parse_key(row), Err(KeyFormatError::Columns)));
        assert!(matches!(parse_key(&format!("{first}{row}x\ty\n")), Err(KeyFormatError::Line(3))));
    }
}
