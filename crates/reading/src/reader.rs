//! From a text to its [`Reading`].

use crate::context::{Nature, View};
use crate::findings::Background;
use crate::lexicon::Lexicon;
use crate::phrases::{Match, Meaning};
use crate::reading::{Finding, Reading, Rule, SectionKind};
use crate::sections::{Layout, layout};
use crate::sentences::{Lines, flags};
use crate::surroundings::Where;
use crate::words::{Shape, Span, Token};
use crate::{categories, communications, findings, growth, measures, recommendations};
use std::ops::Range;
use std::sync::Arc;

/// The version of the rules in the program: another one may read the same text differently.
pub const ENGINE: &str = "3";

/// Reads reports with one lexicon; share it between threads.
#[derive(Debug)]
pub struct Reader {
    lexicon: Lexicon,
    engine: Arc<str>,
}

/// A text with everything that was found in it.
struct Prepared<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    matches: Vec<Match>,
    flags: Vec<u64>,
    layout: Layout,
}

impl Reader {
    /// With a lexicon.
    #[must_use]
    pub fn new(lexicon: Lexicon) -> Self {
        Self { lexicon, engine: ENGINE.into() }
    }

    /// The lexicon.
    #[must_use]
    pub fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    /// Reads a report. Any text can be read; one that says nothing gives a reading without findings.
    #[must_use]
    pub fn read(&self, text: &str) -> Reading {
        let prepared = self.prepare(text);
        let mut walk = Walk {
            reader: self,
            prepared: &prepared,
            reading: self.empty(&prepared),
            state: State::default(),
        };
        walk.all();
        walk.reading
    }

    /// What the text says of one stretch of it, whether the lexicon knows it or not. `None` if the stretch holds no
    /// word or is no part of the text.
    #[must_use]
    pub fn assess(&self, text: &str, span: Span) -> Option<Finding> {
        text.get(span.range())?;
        let prepared = self.prepare(text);
        let (sentence, target, range) = prepared.target(span)?;
        let view = self.view_of(&prepared, &range, prepared.section_of(sentence, span));
        let known = findings::read(&view, &Background::default(), sentence, &self.engine);
        let inside = known
            .into_iter()
            .filter(|finding| finding.span.overlaps(span))
            .max_by_key(|one| one.span.end - one.span.start);
        let context = view.context(&target, self.nature(&view, &target));
        let span = view.span(target.start, target.end);
        Some(Finding {
            finding: inside.as_ref().map_or_else(|| "asked".into(), |finding| finding.finding.clone()),
            broader: inside.as_ref().map_or_else(|| [].into(), |finding| finding.broader.clone()),
            span,
            sentence,
            section: view.section,
            assertion: context.assertion,
            temporality: context.temporality,
            change: context.change,
            experiencer: context.experiencer,
            laterality: inside.as_ref().and_then(|finding| finding.laterality),
            location: inside.as_ref().map_or_else(Vec::new, |finding| finding.location.clone()),
            severity: inside.as_ref().and_then(|finding| finding.severity),
            rule: Rule::Asked,
            evidence: context.evidence,
            lexicon: self.lexicon.version.clone(),
            engine: self.engine.clone(),
        })
    }

    /// What the lexicon knows of the words.
    fn nature(&self, view: &View<'_>, target: &Range<usize>) -> Nature {
        let mut nature = Nature { asked: true, ..Nature::default() };
        for found in
            view.matches.iter().filter(|found| found.start >= target.start && found.end <= target.end)
        {
            if let Meaning::Finding(number) = found.meaning {
                let entry = &self.lexicon.data.findings[number as usize];
                nature.chronic |= entry.chronic;
                nature.event |= entry.event;
            }
        }
        nature
    }

    fn prepare<'a>(&self, text: &'a str) -> Prepared<'a> {
        let tokens = self.lexicon.vocabulary.cut(text);
        let small = !tokens.iter().any(|token| token.capital);
        let lone =
            |found: &Match| matches!(found.meaning, Meaning::Side(_)) && !is_side(text, &tokens, found);
        let no_acronym = |found: &Match| {
            let meant = matches!(found.meaning, Meaning::Finding(_) | Meaning::Place(_) | Meaning::Exam(_));
            let one = found.end - found.start == 1;
            one && meant && !small && self.lexicon.vocabulary.is_no_acronym(text, &tokens[found.start])
        };
        let mut matches = self.lexicon.phrases.find(&tokens, |_| false);
        matches.retain(|found| !no_acronym(found) && !lone(found));
        let flags = flags(&tokens, &matches);
        let lines = Lines::new(text, &tokens, &flags);
        let layout = layout(&self.lexicon, &lines, &matches);
        Prepared { text, tokens, matches, flags, layout }
    }

    fn empty(&self, prepared: &Prepared<'_>) -> Reading {
        Reading {
            engine: self.engine.clone(),
            lexicon: self.lexicon.version.clone(),
            sections: prepared.layout.sections.clone(),
            sentences: prepared.layout.sentences.iter().map(|(sentence, _)| *sentence).collect(),
            findings: Vec::new(),
            measurements: Vec::new(),
            categories: Vec::new(),
            recommendations: Vec::new(),
            communications: Vec::new(),
        }
    }

    fn view<'a>(&'a self, prepared: &'a Prepared<'_>, sentence: usize) -> View<'a> {
        let (told, range) = &prepared.layout.sentences[sentence];
        let section =
            prepared.layout.sections.get(told.section).map_or(SectionKind::Body, |section| section.kind);
        self.view_of(prepared, range, section)
    }

    fn view_of<'a>(
        &'a self,
        prepared: &'a Prepared<'_>,
        range: &Range<usize>,
        section: SectionKind,
    ) -> View<'a> {
        let matches = prepared.matches_in(range);
        View::new(
            &self.lexicon,
            prepared.text,
            &prepared.tokens,
            &prepared.flags,
            (range.clone(), section),
            matches,
        )
    }
}

impl Prepared<'_> {
    /// Matches that begin in these tokens. One that runs over the end of a sentence would be rare, and is left out.
    fn matches_in(&self, range: &Range<usize>) -> &[Match] {
        let from = self.matches.partition_point(|found| found.start < range.start);
        let mut to = from + self.matches[from..].partition_point(|found| found.start < range.end);
        while to > from && self.matches[to - 1].end > range.end {
            to -= 1;
        }
        &self.matches[from..to]
    }

    /// The sentence that holds a stretch of text, the tokens of the stretch and those of the sentence. A title is read
    /// together with the sentence after it.
    fn target(&self, span: Span) -> Option<(usize, Range<usize>, Range<usize>)> {
        let from = self.tokens.partition_point(|token| token.end <= span.start);
        let to = self.tokens.partition_point(|token| token.start < span.end);
        let sentences = &self.layout.sentences;
        let after = sentences.partition_point(|(_, range)| range.end <= from);
        let last = sentences.partition_point(|(_, range)| range.start < to);
        let number = last.checked_sub(1).filter(|last| *last >= after);
        let range = match number {
            Some(number) => sentences[number].1.clone(),
            None => from..sentences.get(after).map_or(self.tokens.len(), |(_, range)| range.end),
        };
        let words = from.max(range.start)..to.min(range.end);
        let number = number.unwrap_or(after.min(sentences.len().saturating_sub(1)));
        (words.start < words.end).then_some((number, words, range))
    }

    /// What the section is for in which a stretch of text stands.
    fn section_of(&self, sentence: usize, span: Span) -> SectionKind {
        let told = self.layout.sentences.get(sentence).filter(|(sentence, _)| sentence.span.overlaps(span));
        let number = told.map(|(sentence, _)| sentence.section);
        let holds = |section: &&crate::reading::Section| section.span.overlaps(span);
        let section = match number {
            Some(number) => self.layout.sections.get(number),
            None => self.layout.sections.iter().find(holds),
        };
        section.map_or(SectionKind::Body, |section| section.kind)
    }
}

/// What is remembered from sentence to sentence.
#[derive(Default)]
struct State {
    background: Background,
    section: usize,
    /// The number of the last finding, and its sentence.
    last: Option<(usize, usize)>,
}

struct Walk<'a> {
    reader: &'a Reader,
    prepared: &'a Prepared<'a>,
    reading: Reading,
    state: State,
}

impl Walk<'_> {
    fn all(&mut self) {
        for number in 0..self.prepared.layout.sentences.len() {
            self.sentence(number);
        }
    }

    fn sentence(&mut self, number: usize) {
        let view = self.reader.view(self.prepared, number);
        self.remember(&view, number);
        let first = self.reading.findings.len();
        let found = findings::read(&view, &self.state.background, number, &self.reader.engine);
        let before = self.state.last.filter(|(_, sentence)| number - sentence <= 1);
        let before = before.map(|(at, _)| (at, &self.reading.findings[at]));
        let measured = measures::read(&view, number, (&found, first), before);
        let here = Where::among(&view, &view.range);
        if !here.places.is_empty() {
            self.state.background.topic = here;
        }
        let told = found.iter().rposition(|finding| finding.rule != Rule::Normal);
        self.reading.findings.extend(found);
        growth::apply(&mut self.reading.findings, &measured);
        self.reading.measurements.extend(measured);
        if let Some(told) = told {
            self.state.last = Some((first + told, number));
        }
        categories::add_modifiers(&view, &mut self.reading.categories);
        self.reading.categories.extend(categories::read(&view, number));
        self.reading.recommendations.extend(recommendations::read(&view, number));
        self.reading.communications.extend(communications::read(&view, number));
    }

    /// Learns from the exam's name, and from the label that the sentence begins with.
    fn remember(&mut self, view: &View<'_>, number: usize) {
        let section = self.reading.sentences[number].section;
        if view.section == SectionKind::Exam && self.state.background.exam.is_empty() {
            self.state.background.exam = Where::among(view, &view.range);
        }
        let new_section = std::mem::replace(&mut self.state.section, section) != section;
        let first = view.range.start;
        if new_section || self.prepared.tokens[first].lines > 0 {
            self.state.background.topic = Where::default();
        }
        if new_section || self.prepared.tokens[first].lines > 1 {
            self.state.background.label = Where::default();
        }
        if let Some(colon) = label(view) {
            self.state.background.label = Where::among(view, &(first..colon));
        }
    }
}

/// `R effusion`, `L hip`, but not `R/O`, `L-spine`, `R. Smith`: a capital before a word in small letters, or a whole word.
fn is_side(text: &str, tokens: &[Token], found: &Match) -> bool {
    let token = &tokens[found.start];
    if token.end - token.start > 1 {
        return true;
    }
    let next = tokens.get(found.end).filter(|next| next.is_word() && next.spaced && !next.capital);
    let before = found.start.checked_sub(1).map(|before| &tokens[before]);
    let free = before.is_none_or(|before| !matches!(before.shape, Shape::Mark('/' | '-')));
    token.capital && free && next.is_some_and(|next| !next.span().of(text).starts_with("spine"))
}

/// Where the sentence's label ends: `Liver:`, at most six words.
fn label(view: &View<'_>) -> Option<usize> {
    let mut colon = view.range.clone().take(8);
    colon.find(|at| view.tokens[*at].is(':')).filter(|at| *at > view.range.start)
}
