//! What is said of a finding around it: denied, doubted, of the past, of somebody else, compared with before.
//!
//! In the spirit of `ConText` (Harkema, Chapman and others 2009): cues with a direction and a scope that terminators
//! end. Beyond it: lists keep a scope open to their last item, a clause of its own closes it, cues that stand before a
//! noun don't reach back, of two that disagree the nearer counts unless one covers the other.

mod clauses;
mod decide;

use crate::lexicon::{CueEntry, CueKind, Direction, Lexicon};
use crate::phrases::{Match, Meaning, Word};
use crate::reading::{Assertion, Change, Evidence, Experiencer, SectionKind, Temporality};
use crate::words::{Span, Token};
use std::ops::Range;

/// A sentence with everything that was found in it.
pub(crate) struct View<'a> {
    pub lexicon: &'a Lexicon,
    pub text: &'a str,
    /// Tokens of the whole text.
    pub tokens: &'a [Token],
    /// Bits of word groups by token of the whole text.
    pub flags: &'a [u64],
    /// The tokens of this sentence.
    pub range: Range<usize>,
    /// What was found in it.
    pub matches: &'a [Match],
    pub section: SectionKind,
    /// What may end a scope, in order.
    stops: Vec<Stop>,
    /// The cues, in order.
    cues: Vec<Cue>,
}

/// Ends scopes that would cross it.
#[derive(Clone, Copy, Debug)]
struct Stop {
    at: usize,
    kinds: u32,
    direction: Direction,
}

/// A cue in this sentence.
#[derive(Clone, Copy, Debug)]
struct Cue {
    rule: u32,
    kind: CueKind,
    start: usize,
    end: usize,
}

/// What is said of one stretch of words.
#[derive(Clone, Debug)]
pub(crate) struct Context {
    pub assertion: Assertion,
    pub temporality: Temporality,
    pub change: Option<Change>,
    pub experiencer: Experiencer,
    pub evidence: Vec<Evidence>,
}

/// What is known of the finding besides its words.
#[derive(Clone, Copy, Default)]
pub(crate) struct Nature {
    pub chronic: bool,
    pub event: bool,
    /// A stretch of text somebody asked for; terms of the lexicon mean what they mean with all their words
    /// (`non-displaced fracture`).
    pub asked: bool,
}

/// A cue that reaches the target.
#[derive(Clone, Copy)]
struct Reaching {
    cue: Cue,
    distance: usize,
}

impl<'a> View<'a> {
    pub(crate) fn new(
        lexicon: &'a Lexicon,
        text: &'a str,
        tokens: &'a [Token],
        flags: &'a [u64],
        (range, section): (Range<usize>, SectionKind),
        matches: &'a [Match],
    ) -> Self {
        let cues = cues(lexicon, matches);
        let mut view =
            Self { lexicon, text, tokens, flags, range, matches, section, stops: Vec::new(), cues };
        view.stops = view.find_stops();
        view
    }

    pub(crate) fn is(&self, at: usize, word: Word) -> bool {
        self.range.contains(&at) && self.flags[at] & (1 << word as u64) != 0
    }

    /// Whether the token is this word, in whatever letters.
    pub(crate) fn reads(&self, at: usize, word: &str) -> bool {
        self.tokens[at].span().of(self.text).eq_ignore_ascii_case(word)
    }

    pub(crate) fn span(&self, from: usize, to: usize) -> Span {
        Span { start: self.tokens[from].start, end: self.tokens[to - 1].end }
    }

    fn entry(&self, cue: Cue) -> &CueEntry {
        &self.lexicon.data.cues[cue.rule as usize]
    }

    /// What is said of the words `target`.
    pub(crate) fn context(&self, target: &Range<usize>, nature: Nature) -> Context {
        let reaching = self.reaching(target, nature.asked);
        let mut context = self.defaults(target, nature);
        self.decide_assertion(&reaching, &mut context);
        self.decide_time(&reaching, nature, &mut context);
        self.decide_resolved(target, &mut context);
        self.decide_experiencer(&reaching, &mut context);
        context
    }

    /// What the section says before any word does.
    fn defaults(&self, target: &Range<usize>, nature: Nature) -> Context {
        let mut context = Context {
            assertion: Assertion::Present,
            temporality: Temporality::Current,
            change: None,
            experiencer: Experiencer::Patient,
            evidence: Vec::new(),
        };
        let rule = match self.section {
            SectionKind::History => {
                context.temporality = Temporality::Historical;
                "section:history"
            }
            SectionKind::FamilyHistory => {
                context.experiencer = Experiencer::Family;
                "section:family_history"
            }
            SectionKind::Instructions => {
                context.temporality = Temporality::Hypothetical;
                "section:instructions"
            }
            _ if nature.chronic && self.stands_alone(target) => {
                context.temporality = Temporality::Historical;
                "chronic:alone"
            }
            _ => return context,
        };
        context.evidence.push(Evidence { rule: rule.into(), span: self.span(target.start, target.end) });
        context
    }

    /// Whether the sentence is nothing but the target: an entry of a list of problems.
    fn stands_alone(&self, target: &Range<usize>) -> bool {
        let said = self.range.clone().filter(|at| self.tokens[*at].is_word() && !target.contains(at));
        said.count() <= 1 && !self.section.is_result() | (self.section == SectionKind::Body)
    }

    /// The cues whose scope holds the target.
    fn reaching(&self, target: &Range<usize>, asked: bool) -> Vec<Reaching> {
        let inside = |cue: &Cue| cue.start < target.end && target.start < cue.end;
        if self.cues.iter().any(inside) {
            return self.reaching_with_cues_inside(target, asked);
        }
        self.cues.iter().filter_map(|cue| self.reaches(*cue, target)).collect()
    }

    /// The target has words of cues in it (`no change in vision` is itself denied by `no`): cues are looked for again
    /// in what is around it. One that opens the target counts for it.
    fn reaching_with_cues_inside(&self, target: &Range<usize>, asked: bool) -> Vec<Reaching> {
        let tokens = &self.tokens[self.range.clone()];
        let from = self.range.start;
        let around = self.lexicon.phrases.find(tokens, |at| target.contains(&(at + from)));
        let shifted: Vec<Match> = around
            .iter()
            .map(|found| Match { start: found.start + from, end: found.end + from, ..*found })
            .collect();
        let opens = self.cues.iter().filter(|cue| asked && self.opens(cue, target));
        let opening = opens.map(|cue| Reaching { cue: *cue, distance: 0 });
        let outside = cues(self.lexicon, &shifted).into_iter().filter_map(|cue| self.reaches(cue, target));
        opening.chain(outside).collect()
    }

    /// `no known allergies`, asked for as a whole.
    fn opens(&self, cue: &Cue, target: &Range<usize>) -> bool {
        let denies = matches!(cue.kind, CueKind::Absent | CueKind::Resolved | CueKind::Historical);
        denies
            && cue.start == target.start
            && cue.end < target.end
            && self.entry(*cue).direction != Direction::Backward
    }

    fn reaches(&self, cue: Cue, target: &Range<usize>) -> Option<Reaching> {
        let entry = self.entry(cue);
        let forward = cue.end <= target.start;
        let (gap, fits) = match entry.direction {
            Direction::Forward if !forward && self.is_answer(cue) => (target.end..cue.start, true),
            Direction::Forward => (cue.end..target.start, forward && !self.is_left_alone(cue)),
            Direction::Backward => {
                let gap = target.end..cue.start;
                let of_it =
                    !(entry.closing && (self.describes_next(cue) || self.is_of_other_side(cue, &gap)));
                (gap, !forward && of_it)
            }
            Direction::Both if forward => {
                (cue.end..target.start, !is_modifier(cue.kind) || self.is_before_noun(cue))
            }
            Direction::Both => (target.end..cue.start, !is_modifier(cue.kind) || !self.is_before_noun(cue)),
        };
        if !fits || gap.start > gap.end {
            return None;
        }
        let distance = gap.clone().filter(|at| self.tokens[*at].is_word()).count();
        let open = distance <= entry.reach
            && !self.is_stopped(cue, &gap, forward)
            && !self.is_taken(cue, &gap, forward);
        open.then_some(Reaching { cue, distance })
    }

    fn evidence(&self, cue: Cue) -> Evidence {
        Evidence { rule: self.entry(cue).rule.clone(), span: self.span(cue.start, cue.end) }
    }
}

fn cues(lexicon: &Lexicon, matches: &[Match]) -> Vec<Cue> {
    let cue = |found: &Match| match found.meaning {
        Meaning::Cue(rule) => {
            let kind = lexicon.data.cues[rule as usize].kind;
            Some(Cue { rule, kind, start: found.start, end: found.end })
        }
        _ => None,
    };
    matches.iter().filter_map(cue).collect()
}

/// Adjectives: they belong to one noun.
fn is_modifier(kind: CueKind) -> bool {
    change(kind).is_some()
}

fn change(kind: CueKind) -> Option<Change> {
    Some(match kind {
        CueKind::Resolved => Change::Resolved,
        CueKind::New => Change::New,
        CueKind::Increased => Change::Increased,
        CueKind::Decreased => Change::Decreased,
        CueKind::Changed => Change::Changed,
        CueKind::Unchanged => Change::Unchanged,
        _ => return None,
    })
}

fn temporality(change: Change) -> Temporality {
    match change {
        Change::Resolved => Temporality::Resolved,
        Change::New => Temporality::New,
        Change::Increased | Change::Decreased | Change::Changed => Temporality::Changed,
        Change::Unchanged => Temporality::Unchanged,
    }
}
