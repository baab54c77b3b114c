//! Findings of a sentence: by their terms, by a subject and its state, by what is called normal.

use crate::context::{Context, Nature, View};
use crate::lexicon::FindingEntry;
use crate::phrases::{Meaning, Word};
use crate::reading::{Assertion, Evidence, Finding, Laterality, Rule};
use crate::surroundings::{Where, own_words, severity};
use std::ops::Range;
use std::sync::Arc;

/// What a sentence takes from what stands before it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Background {
    /// Of the exam's name.
    pub exam: Where,
    /// Of the label that this sentence stands under.
    pub label: Where,
    /// Of the sentence before it, in the same paragraph (`The kidneys are normal. No stones.`).
    pub topic: Where,
}

/// A finding that was recognised, before anything is known of it.
#[derive(Clone, Debug)]
struct Named {
    entry: u32,
    rule: Rule,
    /// The words that mean it.
    noun: Range<usize>,
    /// The word whose context counts: of a statement its state.
    target: Range<usize>,
}

/// The findings of one sentence.
pub(crate) fn read(
    view: &View<'_>,
    background: &Background,
    sentence: usize,
    engine: &Arc<str>,
) -> Vec<Finding> {
    let mut named = terms(view);
    named.extend(statements(view, &named));
    named.sort_by_key(|named| (named.noun.start, named.noun.end));
    let nouns: Vec<Range<usize>> = named.iter().map(|named| named.noun.clone()).collect();
    let own = own_words(view, &nouns);
    let mut maker = Maker { view, background, sentence, engine, last: None, made: Vec::new() };
    for (named, own) in named.iter().zip(&own) {
        maker.make(named, own);
    }
    maker.made
}

fn terms(view: &View<'_>) -> Vec<Named> {
    let term = |found: &crate::phrases::Match| match found.meaning {
        Meaning::Finding(entry) => {
            let words = found.start..found.end;
            Some(Named { entry, rule: Rule::Term, noun: words.clone(), target: words })
        }
        _ => None,
    };
    view.matches.iter().filter_map(term).collect()
}

/// Subjects with a state that means something, or that are called normal.
fn statements(view: &View<'_>, terms: &[Named]) -> Vec<Named> {
    let mut found = Vec::new();
    for subject in view.matches {
        let Meaning::Subject(entry) = subject.meaning else { continue };
        let words = subject.start..subject.end;
        let Some((state, tokens)) = state_of(view, &words, entry) else { continue };
        let normal = Some(state) == view.lexicon.data.normal;
        let noun = words.start.min(tokens.start)..words.end.max(tokens.end);
        let told = terms.iter().any(|term| term.entry == entry && overlap(&term.noun, &noun));
        if !told {
            let rule = if normal { Rule::Normal } else { Rule::Statement };
            found.push(Named { entry, rule, noun, target: tokens });
        }
    }
    found
}

fn overlap(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start < other.end && other.start < one.end
}

/// How far a state may be from its subject, in tokens.
const FAR: usize = 9;

/// The nearest state of the subject that says something of this finding.
fn state_of(view: &View<'_>, subject: &Range<usize>, entry: u32) -> Option<(u32, Range<usize>)> {
    let finding = &view.lexicon.data.findings[entry as usize];
    let speaks = |state: u32| {
        finding.states.contains(&state) || finding.denied_by_normal && Some(state) == view.lexicon.data.normal
    };
    let mut best: Option<(usize, u32, Range<usize>)> = None;
    for found in view.matches {
        let Meaning::State(state) = found.meaning else { continue };
        let words = found.start..found.end;
        let Some(distance) = distance(view, subject, &words).filter(|_| speaks(state)) else { continue };
        if best.as_ref().is_none_or(|(nearest, ..)| distance < *nearest) {
            best = Some((distance, state, words));
        }
    }
    best.map(|(_, state, words)| (state, words))
}

/// How far the state is from its subject: right before it, or after it in the same clause.
fn distance(view: &View<'_>, subject: &Range<usize>, state: &Range<usize>) -> Option<usize> {
    if state.end <= subject.start {
        // `enlarged heart`, `abnormal left axillary lymph nodes`
        let gap = subject.start - state.end;
        let words = (state.end..subject.start).all(|at| view.tokens[at].is_word());
        let near = gap <= 1 || gap <= 4 && view.all_places(state.end, subject.start);
        return (near && words).then_some(gap);
    }
    let gap = state.start.checked_sub(subject.end)?;
    let clear = !view.is_other_clause(subject.end, state.start) && !other_subject(view, subject, state);
    (gap <= FAR && clear).then_some(gap)
}

/// `Bowel: The appendix is dilated.`: after a label another subject has the state.
fn other_subject(view: &View<'_>, subject: &Range<usize>, state: &Range<usize>) -> bool {
    let Some(colon) = (subject.end..state.start).find(|at| view.tokens[*at].is(':')) else { return false };
    let named =
        |found: &crate::phrases::Match| matches!(found.meaning, Meaning::Subject(_) | Meaning::Place(_));
    view.matches.iter().any(|found| named(found) && found.start > colon && found.end <= state.start)
}

struct Maker<'a> {
    view: &'a View<'a>,
    background: &'a Background,
    sentence: usize,
    engine: &'a Arc<str>,
    /// Where the finding before this one is, and where its words end.
    last: Option<(Where, usize, Assertion)>,
    made: Vec<Finding>,
}

impl Maker<'_> {
    fn make(&mut self, named: &Named, own: &Range<usize>) {
        let view = self.view;
        let entry = &view.lexicon.data.findings[named.entry as usize];
        let mut context =
            view.context(&named.target, Nature { chronic: entry.chronic, event: entry.event, asked: false });
        if named.rule == Rule::Normal {
            let subject = view.span(named.noun.start, named.noun.end);
            // `no acute findings heart size normal`: the denial is of what stands before the subject.
            if context.evidence.iter().any(|why| why.span.end <= subject.start) {
                context.assertion = Assertion::Present;
            }
            if !deny(view, named, &mut context) {
                return;
            }
        }
        let place = self.place(named, own, context.assertion);
        if entry.nothing {
            return;
        }
        let severity = severity(view, own, &named.noun);
        if let Some((_, tokens)) = &severity {
            let span = view.span(tokens.start, tokens.end);
            context.evidence.push(Evidence { rule: "severity".into(), span });
        }
        let mut entries = self.specialised(named.entry, &place);
        entries.extend(self.left_out(named));
        for number in entries {
            let entry = &view.lexicon.data.findings[number as usize];
            let side = if entry.unsided { None } else { place.side };
            let finding = Finding {
                finding: entry.key.clone(),
                broader: entry.broader.clone(),
                span: view.span(named.noun.start, named.noun.end),
                sentence: self.sentence,
                section: view.section,
                assertion: context.assertion,
                temporality: context.temporality,
                change: context.change,
                experiencer: context.experiencer,
                laterality: side,
                location: place
                    .places
                    .iter()
                    .map(|place| view.lexicon.data.places[*place as usize].key.clone())
                    .collect(),
                severity: severity.as_ref().map(|(severity, _)| *severity),
                rule: named.rule,
                evidence: context.evidence.clone(),
                lexicon: view.lexicon.version.clone(),
                engine: self.engine.clone(),
            };
            self.add(entry, finding);
        }
        self.last = Some((place, named.noun.end, context.assertion));
    }

    /// Adds a finding and those that are denied with it.
    fn add(&mut self, entry: &FindingEntry, finding: Finding) {
        if finding.assertion == Assertion::Absent {
            for denied in &entry.denies {
                let denied = &self.view.lexicon.data.findings[*denied as usize];
                let implied = Finding {
                    finding: denied.key.clone(),
                    broader: denied.broader.clone(),
                    rule: Rule::Normal,
                    laterality: finding.laterality.filter(|_| !denied.unsided),
                    ..finding.clone()
                };
                self.made.push(implied);
            }
        }
        self.made.push(finding);
    }

    /// Where it is: by its own words, else where what it explains or belongs to is, else by the label.
    fn place(&self, named: &Named, own: &Range<usize>, assertion: Assertion) -> Where {
        let mut place = Where::among(self.view, own);
        if let Some((before, end, _)) =
            self.last.as_ref().filter(|last| last.2 == assertion || assertion == Assertion::Possible)
            && self.continues(*end, named.noun.start)
        {
            if place.places.is_empty() && place.side.is_none() {
                place.side = before.side;
            }
            if place.places.is_empty() {
                place.places.clone_from(&before.places);
            }
        }
        let label = &self.background.label;
        if place.places.is_empty() {
            place.places.clone_from(&label.places);
        } else {
            // `L4-L5: Disc bulge …`
            let levels = label.places.iter().filter(|place| self.view.lexicon.data.is_level(**place));
            let levels: Vec<u32> = levels.filter(|level| !place.places.contains(level)).copied().collect();
            place.places.extend(levels);
        }
        place.side = place.side.or(label.side).or_else(|| self.side_of_exam());
        place
    }

    /// The side of the exam, where it is of one side only (`left wrist, three views`).
    fn side_of_exam(&self) -> Option<Laterality> {
        let side = self.background.exam.side?;
        let one = matches!(side, Laterality::Left | Laterality::Right);
        (one && self.view.section.is_result()).then_some(side)
    }

    /// Whether the words since the last finding tie this one to it (`suspicious for`, `with adjacent`, `and`).
    fn continues(&self, end: usize, start: usize) -> bool {
        end <= start && self.view.ties(end, start)
    }

    /// `pericardial or pleural effusion`: the noun stands once for both.
    fn left_out(&self, named: &Named) -> Option<u32> {
        let view = self.view;
        let lexicon = view.lexicon;
        let joined = named.noun.start.checked_sub(1).filter(|at| view.range.contains(at))?;
        let joins = view.is(joined, Word::Or) || view.is(joined, Word::And) || view.tokens[joined].is('/');
        let before = view
            .matches
            .iter()
            .find(|found| found.end == joined && matches!(found.meaning, Meaning::Place(_)));
        let place = before.filter(|_| joins)?;
        let broader = lexicon.data.findings[named.entry as usize].broader.first()?;
        let broader = lexicon.data.findings.iter().find(|entry| entry.key == *broader)?;
        let here = Where::among(view, &(place.start..place.end));
        let fits = |number: &&u32| {
            **number != named.entry
                && lexicon.data.findings[**number as usize]
                    .within
                    .iter()
                    .any(|place| here.lies_in(lexicon, *place))
        };
        broader.special.iter().find(fits).copied()
    }

    /// What it is called where it is.
    fn specialised(&self, entry: u32, place: &Where) -> Vec<u32> {
        let lexicon = self.view.lexicon;
        let special = &lexicon.data.findings[entry as usize].special;
        if special.is_empty() {
            return vec![entry];
        }
        let sentence = Where::among(self.view, &self.view.range);
        for here in [place, &sentence, &self.background.topic, &self.background.exam] {
            let fits = |number: &&u32| {
                lexicon.data.findings[**number as usize]
                    .within
                    .iter()
                    .any(|place| here.lies_in(lexicon, *place))
            };
            let fitting: Vec<u32> = special.iter().filter(fits).copied().collect();
            if !fitting.is_empty() {
                return fitting;
            }
            if here.is_certain(lexicon) && !std::ptr::eq(here, &self.background.topic) {
                break;
            }
        }
        let otherwise = special.iter().find(|number| lexicon.data.findings[**number as usize].otherwise);
        vec![otherwise.copied().unwrap_or(entry)]
    }
}

/// A subject called normal denies the finding; called not normal it says nothing.
fn deny(view: &View<'_>, named: &Named, context: &mut Context) -> bool {
    if context.assertion != Assertion::Present {
        return false;
    }
    context.assertion = Assertion::Absent;
    let span = view.span(named.target.start, named.target.end);
    context.evidence.push(Evidence { rule: "absent:normal".into(), span });
    true
}
