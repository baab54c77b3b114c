//! From the files as written to tables by number and one tree of phrases.

use super::Lexicon;
use super::files::{File, Finding};
use super::forms::Forms;
use super::tables::{Compiled, CueEntry, CueKind, Direction, FindingEntry, PlaceEntry, System, UnitEntry};
use crate::phrases::{ExamWord, Meaning, Phrases, Word};
use crate::words::Vocabulary;
use std::collections::HashMap;
use std::sync::Arc;

/// Compiles what was checked.
pub(super) fn compile(file: &File, version: Arc<str>) -> Lexicon {
    let mut compiler = Compiler { vocabulary: Vocabulary::default(), phrases: Phrases::default() };
    let data = compiler.all(file);
    let Compiler { mut vocabulary, mut phrases } = compiler;
    vocabulary.allow_misspellings();
    phrases.finish(&vocabulary);
    Lexicon { version, vocabulary, phrases, data }
}

struct Compiler {
    vocabulary: Vocabulary,
    phrases: Phrases,
}

impl Compiler {
    fn all(&mut self, file: &File) -> Compiled {
        let forms = Forms { plural: &file.plural, spelling: &file.spelling };
        let places = numbers(file.place.iter().map(|place| place.id.as_str()));
        let states = numbers(file.state.iter().map(|state| state.id.as_str()));
        self.acronyms(file);
        let mut data = Compiled {
            findings: self.findings(file, &forms, &places, &states),
            places: self.places(file, &forms, &places),
            cues: self.cues(file, &forms),
            normal: states.get("normal").copied(),
            ..Compiled::default()
        };
        for (number, state) in file.state.iter().enumerate() {
            self.add_all(&state.words, &forms, Meaning::State(number as u32));
        }
        for section in &file.section {
            self.add_all(&section.titles, &forms, Meaning::Header(data.headers.len() as u32));
            data.headers.push(section.kind);
        }
        for unit in &file.unit {
            self.add_all(&unit.words, &forms, Meaning::Unit(data.units.len() as u32));
            data.units.push(UnitEntry { ucum: unit.ucum.as_str().into(), quantity: unit.quantity });
        }
        self.systems(file, &forms, &mut data);
        self.small_words(file, &forms);
        data
    }

    fn add(&mut self, phrase: &str, meaning: Meaning) {
        let words = self.vocabulary.learn_phrase(phrase);
        self.phrases.add(&words, meaning);
    }

    fn add_all(&mut self, phrases: &[String], forms: &Forms<'_>, meaning: Meaning) {
        phrases.iter().flat_map(|phrase| forms.spelled(phrase)).for_each(|phrase| self.add(&phrase, meaning));
    }

    /// Terms of one word in capitals.
    fn acronyms(&mut self, file: &File) {
        let findings = file.finding.iter().flat_map(|finding| &finding.terms);
        let places = file.place.iter().flat_map(|place| &place.terms);
        let exams = file.exam.iter().flat_map(|exam| &exam.heads);
        let all: Vec<&String> = findings.chain(places).chain(exams).collect();
        let single = |term: &&&String| term.len() <= 6 && term.bytes().all(|byte| byte.is_ascii_alphabetic());
        let capitals = |term: &&&String| term.bytes().all(|byte| byte.is_ascii_uppercase());
        let small: Vec<String> =
            all.iter().filter(|term| !capitals(term)).map(|term| term.to_lowercase()).collect();
        let acronyms = all.iter().filter(single).filter(capitals).map(|term| term.to_lowercase());
        let only: Vec<String> = acronyms.filter(|term| !small.contains(term)).collect();
        let ids: Vec<_> = only.iter().map(|term| self.vocabulary.learn(term)).collect();
        self.vocabulary.set_acronyms(ids.into_iter());
    }

    fn findings(
        &mut self,
        file: &File,
        forms: &Forms<'_>,
        places: &HashMap<&str, u32>,
        states: &HashMap<&str, u32>,
    ) -> Vec<FindingEntry> {
        for (number, finding) in file.finding.iter().enumerate() {
            let terms = finding.terms.iter().flat_map(|term| forms.of(term));
            terms.for_each(|term| self.add(&term, Meaning::Finding(number as u32)));
            let subjects = finding.subjects.iter().flat_map(|subject| forms.of(subject));
            subjects.for_each(|subject| self.add(&subject, Meaning::Subject(number as u32)));
        }
        let entry = |finding| finding_entry(file, finding, places, states);
        file.finding.iter().map(entry).collect()
    }

    fn places(&mut self, file: &File, forms: &Forms<'_>, places: &HashMap<&str, u32>) -> Vec<PlaceEntry> {
        for (number, place) in file.place.iter().enumerate() {
            let terms = place.terms.iter().flat_map(|term| forms.of(term));
            terms.for_each(|term| self.add(&term, Meaning::Place(number as u32)));
        }
        let part_of =
            |name: &Option<String>| name.as_ref().and_then(|name| places.get(name.as_str()).copied());
        let entry = |place: &super::files::Place| PlaceEntry {
            key: place.id.as_str().into(),
            part_of: part_of(&place.part_of),
            measured: place.measured,
            vague: place.vague,
            side: place.side,
        };
        file.place.iter().map(entry).collect()
    }

    fn cues(&mut self, file: &File, forms: &Forms<'_>) -> Vec<CueEntry> {
        let mut entries = Vec::new();
        for (group, cue) in file.cue.iter().enumerate() {
            let all = if cue.kind == "stop" { u32::MAX } else { 0 };
            let bits = cue.stops.iter().map(|kind| CueKind::named(kind).bit());
            let stops = bits.reduce(|a, b| a | b).unwrap_or(all);
            for phrase in &cue.phrases {
                let number = entries.len() as u32;
                let meaning = match cue.kind.as_str() {
                    "stop" => Meaning::Stop(number, group as u8),
                    _ => Meaning::Cue(number),
                };
                forms.spelled(phrase).iter().for_each(|form| self.add(form, meaning));
                entries.push(CueEntry {
                    kind: CueKind::named(&cue.kind),
                    direction: direction(cue.direction.as_deref()),
                    reach: cue.reach.unwrap_or(usize::MAX),
                    closing: cue.closing,
                    stops,
                    rule: format!("{}:{phrase}", cue.kind).into(),
                });
            }
        }
        entries
    }

    fn systems(&mut self, file: &File, forms: &Forms<'_>, data: &mut Compiled) {
        for category in &file.category {
            for (value, phrases) in &category.described {
                let value = data.described.iter().position(|known| known == value).unwrap_or_else(|| {
                    data.described.push(value.clone());
                    data.described.len() - 1
                });
                self.add_all(phrases, forms, Meaning::Described(data.systems.len() as u32, value as u32));
            }
            for (names, glued) in [(&category.names, false), (&category.prefixes, true)] {
                let number = data.systems.len() as u32;
                self.add_all(names, forms, Meaning::System(number));
                let mut values: Vec<String> =
                    category.values.iter().map(|value| value.to_uppercase()).collect();
                values.sort_by_key(|value| std::cmp::Reverse(value.len()));
                if glued {
                    let all = names
                        .iter()
                        .flat_map(|name| values.iter().map(move |value| format!("{name}{value}")));
                    all.collect::<Vec<_>>()
                        .iter()
                        .for_each(|phrase| self.add(phrase, Meaning::System(number)));
                }
                let (key, modifiers) = (category.id.as_str().into(), category.modifiers.clone());
                let strip = category.strip.to_uppercase();
                data.systems.push(System { key, values, modifiers, strip, glued });
            }
        }
    }

    fn small_words(&mut self, file: &File, forms: &Forms<'_>) {
        for side in &file.side {
            self.add_all(&side.words, forms, Meaning::Side(side.side));
        }
        for severity in &file.severity {
            self.add_all(&severity.words, forms, Meaning::Severity(severity.severity));
        }
        for (word, name) in Word::ALL {
            let words = file.words.get(*name).map_or(&[][..], Vec::as_slice);
            self.add_all(words, forms, Meaning::Word(*word));
        }
        if let Some(exam) = &file.exam {
            for head in exam.heads.iter().flat_map(|head| forms.of(head)) {
                self.add(&head, Meaning::Exam(ExamWord::Head));
            }
            self.add_all(&exam.beside, forms, Meaning::Exam(ExamWord::Beside));
        }
    }
}

fn numbers<'a>(names: impl Iterator<Item = &'a str>) -> HashMap<&'a str, u32> {
    names.enumerate().map(|(number, name)| (name, number as u32)).collect()
}

fn direction(name: Option<&str>) -> Direction {
    match name {
        Some("backward") => Direction::Backward,
        Some("both") => Direction::Both,
        _ => Direction::Forward,
    }
}

fn finding_entry(
    file: &File,
    finding: &Finding,
    places: &HashMap<&str, u32>,
    states: &HashMap<&str, u32>,
) -> FindingEntry {
    let special = file.finding.iter().enumerate().filter(|(_, other)| {
        other.broader.as_ref() == Some(&finding.id) && (other.otherwise || !other.within.is_empty())
    });
    let number = |known: &HashMap<&str, u32>, name: &String| known.get(name.as_str()).copied();
    FindingEntry {
        key: finding.id.as_str().into(),
        broader: broader(file, finding),
        special: special.map(|(number, _)| number as u32).collect(),
        within: finding.within.iter().filter_map(|name| number(places, name)).collect(),
        otherwise: finding.otherwise,
        states: finding.states.iter().filter_map(|name| number(states, name)).collect(),
        denied_by_normal: finding.denied_by_normal,
        denies: finding.denies.iter().filter_map(|name| position(file, name)).collect(),
        chronic: finding.chronic,
        event: finding.event,
        unsided: finding.unsided,
        nothing: finding.nothing,
    }
}

fn position(file: &File, id: &str) -> Option<u32> {
    file.finding.iter().position(|other| other.id == id).map(|number| number as u32)
}

/// The chain of what it is a kind of; circles were excluded.
fn broader(file: &File, finding: &Finding) -> Arc<[Arc<str>]> {
    let mut chain: Vec<Arc<str>> = Vec::new();
    let mut next = finding.broader.as_deref();
    while let Some(name) = next {
        chain.push(name.into());
        next = file.finding.iter().find(|other| other.id == name).and_then(|other| other.broader.as_deref());
    }
    chain.into()
}
