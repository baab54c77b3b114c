//! What can be wrong with a lexicon, told so that it can be mended.

use super::files::{File, Finding};
use super::tables::CueKind;
use crate::phrases::Word;
use std::collections::HashMap;

/// Why a lexicon can't be used.
#[derive(Debug, thiserror::Error)]
pub enum LexiconError {
    /// It is no TOML, or has a key that nobody knows.
    #[error("{file}: {message}")]
    Syntax {
        /// The file.
        file: String,
        /// What the reader says, with the line.
        message: String,
    },
    /// An entry names something that does not exist.
    #[error("{file}: {entry}: there is no {what} `{name}`{}", hint(.meant.as_deref()))]
    Unknown {
        /// The file.
        file: String,
        /// The entry.
        entry: String,
        /// What is missing.
        what: &'static str,
        /// Its name.
        name: String,
        /// What may have been meant.
        meant: Option<String>,
    },
    /// An entry has a phrase without a word.
    #[error("{file}: {entry}: `{phrase}` has no word in it")]
    Empty {
        /// The file.
        file: String,
        /// The entry.
        entry: String,
        /// The phrase.
        phrase: String,
    },
    /// A phrase stands for two findings.
    #[error("{file}: `{phrase}` stands for the finding `{first}` already and can't stand for `{second}` too")]
    Twice {
        /// The file.
        file: String,
        /// The phrase.
        phrase: String,
        /// The finding that has it.
        first: String,
        /// The finding that wants it.
        second: String,
    },
    /// A finding is broader than itself.
    #[error("{file}: the finding `{id}` is a kind of itself (through `broader`)")]
    Circle {
        /// The file.
        file: String,
        /// The finding.
        id: String,
    },
    /// An entry lacks something.
    #[error("{file}: {entry}: {what}")]
    Incomplete {
        /// The file.
        file: String,
        /// The entry.
        entry: String,
        /// What is missing, and what to do.
        what: &'static str,
    },
}

fn hint(meant: Option<&str>) -> String {
    meant.map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default()
}

/// Looks at everything.
pub(super) fn check(file: &File) -> Result<(), LexiconError> {
    references(file)?;
    phrases(file)?;
    cues(file)?;
    words(file)?;
    circles(file)?;
    ambiguous(file)
}

fn references(file: &File) -> Result<(), LexiconError> {
    let findings: Vec<&str> = file.finding.iter().map(|finding| finding.id.as_str()).collect();
    let places: Vec<&str> = file.place.iter().map(|place| place.id.as_str()).collect();
    let states: Vec<&str> = file.state.iter().map(|state| state.id.as_str()).collect();
    for entry in &file.finding {
        let told =
            |what, name, known: &[&str]| known_name(&entry.file, &finding_name(entry), what, name, known);
        entry.broader.iter().try_for_each(|name| told("finding", name, &findings))?;
        entry.denies.iter().try_for_each(|name| told("finding", name, &findings))?;
        entry.within.iter().try_for_each(|name| told("place", name, &places))?;
        entry.states.iter().try_for_each(|name| told("state", name, &states))?;
    }
    for entry in &file.place {
        let name = format!("place `{}`", entry.id);
        entry.part_of.iter().try_for_each(|other| known_name(&entry.file, &name, "place", other, &places))?;
    }
    Ok(())
}

fn finding_name(finding: &Finding) -> String {
    format!("finding `{}`", finding.id)
}

fn known_name(
    file: &str,
    entry: &str,
    what: &'static str,
    name: &str,
    known: &[&str],
) -> Result<(), LexiconError> {
    if known.contains(&name) {
        return Ok(());
    }
    let (file, entry) = (file.to_owned(), entry.to_owned());
    Err(LexiconError::Unknown { file, entry, what, name: name.to_owned(), meant: nearest(name, known) })
}

/// The known name that is written most alike, if any is.
fn nearest(name: &str, known: &[&str]) -> Option<String> {
    let best = known.iter().map(|other| (distance(name, other), *other)).min()?;
    (best.0 <= name.len() / 3).then(|| best.1.to_owned())
}

/// How many letters have to be changed, added or left out.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut before = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let same = before + usize::from(from != *to);
            before = row[j + 1];
            row[j + 1] = same.min(before + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

fn phrases(file: &File) -> Result<(), LexiconError> {
    for entry in &file.finding {
        for phrase in entry.terms.iter().chain(&entry.subjects) {
            has_word(&entry.file, &finding_name(entry), phrase)?;
        }
        let silent = entry.terms.is_empty() && entry.subjects.is_empty() && entry.within.is_empty();
        if silent
            && !entry.otherwise
            && !file.finding.iter().any(|other| other.broader.as_ref() == Some(&entry.id))
        {
            let what =
                "nothing leads to it: give it `terms`, or `broader` and `in`, or `subjects` and `states`";
            return Err(incomplete(&entry.file, finding_name(entry), what));
        }
        if !entry.subjects.is_empty() && entry.states.is_empty() {
            return Err(incomplete(&entry.file, finding_name(entry), "`subjects` need `states`"));
        }
        if (!entry.within.is_empty() || entry.otherwise) && entry.broader.is_none() {
            return Err(incomplete(&entry.file, finding_name(entry), "`in` and `otherwise` need `broader`"));
        }
    }
    file.place.iter().try_for_each(|entry| {
        let name = format!("place `{}`", entry.id);
        entry.terms.iter().try_for_each(|phrase| has_word(&entry.file, &name, phrase))
    })
}

fn incomplete(file: &str, entry: String, what: &'static str) -> LexiconError {
    LexiconError::Incomplete { file: file.to_owned(), entry, what }
}

fn has_word(file: &str, entry: &str, phrase: &str) -> Result<(), LexiconError> {
    if phrase.chars().any(|c| c.is_alphanumeric() || crate::words::speaks(c)) {
        return Ok(());
    }
    Err(LexiconError::Empty { file: file.to_owned(), entry: entry.to_owned(), phrase: phrase.to_owned() })
}

fn cues(file: &File) -> Result<(), LexiconError> {
    let kinds: Vec<&str> = CueKind::ALL.iter().map(|(_, name)| *name).collect();
    for cue in &file.cue {
        let entry = format!("cue of kind `{}`", cue.kind);
        known_name(&cue.file, &entry, "kind", &cue.kind, &kinds)?;
        cue.stops.iter().try_for_each(|kind| known_name(&cue.file, &entry, "kind", kind, &kinds))?;
        if let Some(direction) = &cue.direction {
            known_name(&cue.file, &entry, "direction", direction, &["forward", "backward", "both"])?;
        } else if !matches!(cue.kind.as_str(), "stop" | "nothing") {
            return Err(incomplete(&cue.file, entry, "it needs `direction`: forward, backward or both"));
        }
        cue.phrases.iter().try_for_each(|phrase| has_word(&cue.file, &entry, phrase))?;
    }
    Ok(())
}

fn words(file: &File) -> Result<(), LexiconError> {
    let known: Vec<&str> = Word::ALL.iter().map(|(_, name)| *name).collect();
    file.words.keys().try_for_each(|name| known_name("words.toml", "[words]", "group of words", name, &known))
}

fn circles(file: &File) -> Result<(), LexiconError> {
    let broader: HashMap<&str, &str> =
        file.finding.iter().filter_map(|f| Some((f.id.as_str(), f.broader.as_deref()?))).collect();
    for entry in &file.finding {
        let mut at = entry.id.as_str();
        for _ in 0..=broader.len() {
            let Some(next) = broader.get(at) else { break };
            at = next;
            if at == entry.id {
                return Err(LexiconError::Circle { file: entry.file.clone(), id: entry.id.clone() });
            }
        }
    }
    Ok(())
}

fn ambiguous(file: &File) -> Result<(), LexiconError> {
    let mut owners: HashMap<String, &str> = HashMap::new();
    for entry in &file.finding {
        for term in &entry.terms {
            let key = term.to_lowercase().replace('-', " ");
            let first = *owners.entry(key).or_insert(&entry.id);
            if first != entry.id {
                let (file, phrase) = (entry.file.clone(), term.clone());
                return Err(LexiconError::Twice {
                    file,
                    phrase,
                    first: first.to_owned(),
                    second: entry.id.clone(),
                });
            }
        }
    }
    Ok(())
}
