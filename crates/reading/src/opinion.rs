//! A second word on findings, by a model beside the rules. The rules' word stays; where the two differ, it shows.
//!
//! The model is somebody else's, and so is what runs it: here is what it is asked, and what its answers mean.

mod wordpiece;

pub use wordpiece::{Encoded, VocabularyError, WordPiece};

use crate::reading::{Assertion, Experiencer, Finding, Reading, Rule, Temporality};
use crate::words::Span;
use serde::Serialize;

/// A sentence with a finding in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked<'a> {
    /// The number of the finding in its reading.
    pub finding: usize,
    /// The sentence before it.
    pub before: &'a str,
    /// Its words.
    pub words: &'a str,
    /// The sentence after it.
    pub after: &'a str,
}

/// Something that says of findings in their sentences whether they are there.
pub trait Model: Send + Sync {
    /// What went wrong.
    type Error: std::error::Error;

    /// A word on each, in their order.
    ///
    /// # Errors
    /// Whatever keeps it from answering; nothing is known of any of them then.
    fn judge(&self, asked: &[Asked<'_>]) -> Result<Vec<Judged>, Self::Error>;
}

/// What a model says of a finding.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judged {
    /// What its label means.
    pub label: Label,
    /// How sure it is, from 0 to 1.
    pub sure: f32,
}

/// What a label of a model means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label {
    /// Asserted, denied or doubted.
    pub assertion: Assertion,
    /// When, where the label says so.
    pub temporality: Option<Temporality>,
}

/// A label that means nothing here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the label `{0}` is not one: write present, absent or possible, and behind it, if the model says when, current, \
     historical or hypothetical"
)]
pub struct LabelError(String);

impl Label {
    /// Reads `present`, `ABSENT`, `possible historical`.
    ///
    /// # Errors
    /// [`LabelError`] for anything else.
    pub fn parse(text: &str) -> Result<Self, LabelError> {
        let wrong = || LabelError(text.chars().take(40).collect());
        let lower = text.to_lowercase();
        let mut words = lower.split([' ', '/', ',']).filter(|word| !word.is_empty());
        let assertion = match words.next() {
            Some("present") => Assertion::Present,
            Some("absent") => Assertion::Absent,
            Some("possible") => Assertion::Possible,
            _ => return Err(wrong()),
        };
        let temporality = match words.next() {
            None => None,
            Some("current") => Some(Temporality::Current),
            Some("historical") => Some(Temporality::Historical),
            Some("hypothetical") => Some(Temporality::Hypothetical),
            Some(_) => return Err(wrong()),
        };
        if words.next().is_some() { Err(wrong()) } else { Ok(Self { assertion, temporality }) }
    }

    /// Whether it says something else of the finding than the rules do. Of time it knows past, only in case, and now:
    /// new, changed and unchanged are now.
    #[must_use]
    pub fn differs(self, finding: &Finding) -> bool {
        let time = |one: Temporality| match one {
            Temporality::Historical | Temporality::Hypothetical => one,
            _ => Temporality::Current,
        };
        let other_time = self.temporality.is_some_and(|said| time(said) != time(finding.temporality));
        self.assertion != finding.assertion || other_time
    }
}

/// A model's word on a finding, beside the rules'.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Opinion {
    /// The number of the finding in its reading.
    pub finding: usize,
    /// Asserted, denied or doubted.
    pub assertion: Assertion,
    /// When, where the model says so.
    pub temporality: Option<Temporality>,
    /// How sure the model is, from 0 to 1.
    pub sure: f32,
    /// Whether the rules say something else.
    pub differs: bool,
}

impl Reading {
    /// A model's word on the findings: those of the patient that stand there in words of their own. What is denied
    /// because something else was called normal has no words a model could look at.
    ///
    /// # Errors
    /// The model's.
    pub fn opinions<M: Model>(&self, text: &str, model: &M) -> Result<Vec<Opinion>, M::Error> {
        let own = |(_, finding): &(usize, &Finding)| {
            finding.experiencer == Experiencer::Patient && finding.rule != Rule::Normal
        };
        let findings = self.findings.iter().enumerate().filter(own);
        let asked: Vec<_> = findings.filter_map(|(number, one)| self.asked(text, number, one)).collect();
        let judged = if asked.is_empty() { Vec::new() } else { model.judge(&asked)? };
        let opinion = |(asked, judged): (&Asked<'_>, Judged)| Opinion {
            finding: asked.finding,
            assertion: judged.label.assertion,
            temporality: judged.label.temporality,
            sure: judged.sure,
            differs: judged.label.differs(&self.findings[asked.finding]),
        };
        Ok(asked.iter().zip(judged).map(opinion).collect())
    }

    /// The finding in its sentence; a title that is read together with the sentence after it is part of it.
    fn asked<'a>(&self, text: &'a str, number: usize, finding: &Finding) -> Option<Asked<'a>> {
        let sentence = self.sentences.get(finding.sentence)?.span;
        let Span { start, end } = finding.span;
        Some(Asked {
            finding: number,
            before: text.get(sentence.start.min(start)..start)?,
            words: text.get(start..end)?,
            after: text.get(end..sentence.end.max(end))?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Lexicon, Reader};
    use std::convert::Infallible;

    /// Says absent wherever `without` stands before.
    struct Simple;

    impl Model for Simple {
        type Error = Infallible;

        fn judge(&self, asked: &[Asked<'_>]) -> Result<Vec<Judged>, Infallible> {
            let word = |one: &Asked<'_>| {
                let name = if one.before.contains("ithout") { "absent" } else { "present" };
                Judged { label: Label::parse(name).expect("a label"), sure: 1.0 }
            };
            Ok(asked.iter().map(word).collect())
        }
    }

    #[test]
    fn a_model_is_asked_of_each_finding_in_its_sentence() {
        let text =
            "FINDINGS: Lungs without nodule.\nThere is no effusion.\nFAMILY HISTORY: mother with embolism.";
        let reading = Reader::new(Lexicon::builtin().expect("a lexicon")).read(text);
        let told = reading.opinions(text, &Simple).expect("words");
        let said: Vec<_> = told
            .iter()
            .map(|one| (&*reading.findings[one.finding].finding, one.assertion, one.differs))
            .collect();
        assert_eq!(said[0].1, Assertion::Absent, "{said:?}");
        assert!(!said[0].2, "both deny the nodule");
        assert_eq!((said[1].1, said[1].2), (Assertion::Present, true), "the rules deny the effusion");
        assert_eq!(said.len(), 2, "what a relative has is not asked about: {said:?}");
    }

    #[test]
    fn labels_are_words_of_ours() {
        let label = Label::parse("PRESENT historical").expect("a label");
        assert_eq!((label.assertion, label.temporality), (Assertion::Present, Some(Temporality::Historical)));
        for wrong in ["", "maybe", "present sometimes", "present current twice"] {
            assert!(Label::parse(wrong).is_err(), "{wrong}");
        }
    }
}
