//! Words of reports in a definition: what can be asked, and whether the lexicon has them.

use super::{Condition, Criterion, Definition, Test, Wrong, wrong};
use crate::schema::Type;
use records::vocabulary::{Phrase, Vocabulary};

/// Phrases of one test.
const MOST: usize = 200;
/// Words of a phrase.
const LONGEST: usize = 12;
/// Letters that a beginning has at least.
const BEGINNING: usize = 3;

/// Looks through a test of words, or one that says words of something else.
pub(super) fn check(test: &Test, of: Type, place: &str) -> Result<(), Wrong> {
    let others = !test.any_of.is_empty() || !test.starts_with.is_empty() || test.contains.is_some();
    if of != Type::Words {
        return wrong(place, "says and orFindings are for the words of a report: {\"of\": \"report\", \"tests\": [{\"field\": \"words\", …}]}".into());
    }
    if others || test.min.is_some() || test.max.is_some() {
        return wrong(place, "words are asked for with says, orFindings or known".into());
    }
    if test.says.is_empty() && test.or_findings.is_empty() && test.known.is_none() {
        return wrong(place, "it tests nothing: give says, orFindings or known".into());
    }
    if test.says.len() + test.or_findings.len() > MOST {
        return wrong(place, format!("at most {MOST} phrases"));
    }
    if let Some(n) = test.or_findings.iter().position(|key| !is_key(key)) {
        return wrong(
            &format!("{place}.orFindings[{n}]"),
            "a finding is a key of the lexicon, such as lung_opacity".into(),
        );
    }
    test.says
        .iter()
        .enumerate()
        .try_for_each(|(n, said)| phrase(&Phrase::of(said), &format!("{place}.says[{n}]")))
}

fn phrase(phrase: &Phrase, place: &str) -> Result<(), Wrong> {
    let short = phrase.words.last().is_none_or(|last| last.chars().count() < BEGINNING);
    match phrase.words.len() {
        0 => wrong(place, "it has no word in it".into()),
        _ if phrase.begins && short => wrong(place, format!("a beginning has at least {BEGINNING} letters")),
        1..=LONGEST => Ok(()),
        _ => wrong(place, format!("at most {LONGEST} words: take the ones that matter")),
    }
}

fn is_key(key: &str) -> bool {
    !key.is_empty() && key.len() <= 100 && key.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c))
}

impl Definition {
    /// Looks whether the lexicon has all words that reports are asked for. The tables hold no others, so one that is
    /// not in it, such as a name, would only ever find nothing. The error does not repeat it.
    ///
    /// # Errors
    /// The first word that is none.
    pub fn check_words(&self, vocabulary: &Vocabulary) -> Result<(), Wrong> {
        condition(&self.patients, "patients", vocabulary)?;
        let controls = self.controls.as_ref();
        controls.map_or(Ok(()), |controls| condition(&controls.patients, "controls.patients", vocabulary))
    }
}

fn condition(of: &Condition, place: &str, vocabulary: &Vocabulary) -> Result<(), Wrong> {
    let each = |parts: &[Condition], word: &str| {
        parts
            .iter()
            .enumerate()
            .try_for_each(|(n, part)| condition(part, &format!("{place}.{word}[{n}]"), vocabulary))
    };
    match of {
        Condition::All(parts) => each(parts, "all"),
        Condition::Any(parts) => each(parts, "any"),
        Condition::Not(part) => condition(part, &format!("{place}.not"), vocabulary),
        Condition::Has(one) => criterion(one, &format!("{place}.has"), vocabulary),
    }
}

fn criterion(one: &Criterion, place: &str, vocabulary: &Vocabulary) -> Result<(), Wrong> {
    for (n, test) in one.tests.iter().enumerate() {
        for (m, said) in test.says.iter().enumerate() {
            if let Some(at) = vocabulary.unknown(&Phrase::of(said)) {
                let what = format!(
                    "word {} is not in the lexicon, and other words are not kept: write it otherwise, or add it to the \
                     site's words (reading.lexicon)",
                    at + 1
                );
                return wrong(&format!("{place}.tests[{n}].says[{m}]"), what);
            }
        }
    }
    for (n, around) in one.around.iter().enumerate() {
        let place = format!("{place}.around[{n}]");
        criterion(&around.has, &format!("{place}.has"), vocabulary)?;
        if let Some(without) = &around.without {
            criterion(without, &format!("{place}.without"), vocabulary)?;
        }
    }
    Ok(())
}
