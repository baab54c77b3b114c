//! Where a scope ends: at terminators, at marks, and where a clause of its own begins.

use super::{Cue, Stop, View, is_modifier};
use crate::lexicon::{CueKind, Direction};
use crate::phrases::{Match, Meaning, Word};
use crate::words::Shape;
use std::ops::Range;

/// Kinds that say whether it is there.
const ASSERTING: u32 = 1 << CueKind::Absent as u32
    | 1 << CueKind::Possible as u32
    | 1 << CueKind::Question as u32
    | 1 << CueKind::Present as u32;
/// Kinds whose lists go on over clauses (`history of asthma, he also has gout`).
const LONG: u32 = 1 << CueKind::Hypothetical as u32;

/// What may follow a cue that closes its clause.
const AFTER: [&str; 13] =
    ["in", "on", "at", "for", "by", "to", "from", "bilaterally", "but", "as", "given", "because", "due"];

impl View<'_> {
    /// Everything that may end a scope in this sentence.
    pub(super) fn find_stops(&self) -> Vec<Stop> {
        let mut stops: Vec<Stop> = self.matches.iter().filter_map(|found| self.stop_of(found)).collect();
        stops.extend(self.range.clone().filter_map(|at| self.mark_or_clause(at)));
        stops.sort_by_key(|stop| stop.at);
        stops
    }

    fn stop_of(&self, found: &Match) -> Option<Stop> {
        let (Meaning::Stop(rule, _) | Meaning::Cue(rule)) = found.meaning else { return None };
        let entry = &self.lexicon.data.cues[rule as usize];
        let kinds = entry.stops;
        (kinds != 0).then_some(Stop { at: found.start, kinds, direction: entry.direction })
    }

    fn mark_or_clause(&self, at: usize) -> Option<Stop> {
        let stop = |kinds, direction| Some(Stop { at, kinds, direction });
        match self.tokens[at].shape {
            Shape::Mark(';') => stop(!(1 << CueKind::Historical as u32 | LONG), Direction::Both),
            Shape::Mark(':') => stop(!LONG & !(1 << CueKind::Historical as u32), Direction::Forward),
            Shape::Mark(',') if self.closes_parenthesis(at) => None,
            Shape::Mark(',') if self.opens_clause(at + 1) => stop(!LONG, Direction::Both),
            Shape::Mark(',') if self.opens_statement(at + 1) => stop(ASSERTING, Direction::Forward),
            Shape::Mark('-' | '–' | '—') if self.dash(at) => stop(ASSERTING, Direction::Forward),
            _ if self.is(at, Word::And) && self.opens_clause(at + 1) => stop(!LONG, Direction::Both),
            _ => None,
        }
    }

    /// A dash between spaces.
    fn dash(&self, at: usize) -> bool {
        self.tokens[at].spaced && self.tokens.get(at + 1).is_some_and(|next| next.spaced)
    }

    /// A subject or a verb begins here: a clause that says something of its own.
    fn opens_clause(&self, at: usize) -> bool {
        if self.is(at, Word::Pronoun) || self.is(at, Word::Verb) {
            return true;
        }
        self.is(at, Word::Article) && self.verb_follows(at)
    }

    /// `Opacities, likely infectious, have improved`: the verb is the subject's before the first comma.
    fn closes_parenthesis(&self, at: usize) -> bool {
        let first = (self.range.start..at).find(|before| self.tokens[*before].is(','));
        let verb = |to: usize| (self.range.start..to).any(|at| self.is(at, Word::Verb));
        self.is(at + 1, Word::Verb) && first.is_some_and(|_| !verb(at))
    }

    /// Whether the word is part of `consistent with`, `suspicious for`: what follows is what stands before.
    pub(crate) fn explains(&self, at: usize) -> bool {
        self.cues.iter().any(|cue| {
            matches!(cue.kind, CueKind::Possible | CueKind::Present) && (cue.start..cue.end).contains(&at)
        })
    }

    /// Whether a denial begins here.
    pub(crate) fn denies(&self, at: usize) -> bool {
        self.cues.iter().any(|cue| cue.kind == CueKind::Absent && cue.start == at)
    }

    /// `small on the right, none on the left`: denied is one side, another one was named.
    pub(super) fn is_of_other_side(&self, cue: Cue, gap: &Range<usize>) -> bool {
        let side = |from: usize, to: usize| {
            self.matches.iter().any(|found| {
                matches!(found.meaning, Meaning::Side(_)) && found.start >= from && found.end <= to
            })
        };
        cue.kind == CueKind::Absent && side(cue.end, cue.end + 4) && side(gap.start, gap.end)
    }

    /// Whether a verb comes before the next comma.
    fn verb_follows(&self, at: usize) -> bool {
        let rest = (at..self.range.end).take_while(|at| !self.tokens[*at].is(','));
        rest.take(9).any(|at| self.is(at, Word::Verb))
    }

    /// `no effusion, small hernia`, but not `no focal, large or new lesion`: an adjective that asserts, and no `or`
    /// that takes it back into the list.
    fn opens_statement(&self, at: usize) -> bool {
        self.is(at, Word::Opener) && !self.alternative_follows(at)
    }

    fn alternative_follows(&self, at: usize) -> bool {
        let ends = |at: &usize| self.tokens[*at].is(';') || self.is(*at, Word::Verb);
        (at..self.range.end).take_while(|at| !ends(at)).any(|at| self.is(at, Word::Or))
    }

    /// Whether something between cue and target ends the scope.
    pub(super) fn is_stopped(&self, cue: Cue, gap: &Range<usize>, forward: bool) -> bool {
        let first = self.stops.partition_point(|stop| stop.at < gap.start);
        let between = self.stops[first..].iter().take_while(|stop| stop.at < gap.end);
        let crossing = |stop: &Stop| match stop.direction {
            Direction::Forward => forward,
            Direction::Backward => !forward,
            Direction::Both => true,
        };
        let mut stopping = between.filter(|stop| stop.kinds & cue.kind.bit() != 0 && crossing(stop));
        // `Negative for: …`, `neither kidney shows …`
        stopping.any(|stop| {
            let leads = self.tokens[stop.at].is(':') && stop.at == gap.start;
            let subject = self.is(stop.at, Word::Reporting) && !self.finding_within(gap.start, stop.at);
            !leads && !subject
        })
    }

    fn finding_within(&self, from: usize, to: usize) -> bool {
        let within = |found: &&Match| found.start >= from && found.end <= to;
        self.matches.iter().filter(within).any(|found| matches!(found.meaning, Meaning::Finding(_)))
    }

    /// Whether something nearer takes the cue for itself.
    pub(super) fn is_taken(&self, cue: Cue, gap: &Range<usize>, forward: bool) -> bool {
        match forward {
            true if is_modifier(cue.kind) => self.other_noun_between(gap),
            false => self.taken_backward(cue, gap),
            true => false,
        }
    }

    /// `stable cardiomegaly with effusion`: the adjective is the first noun's.
    fn other_noun_between(&self, gap: &Range<usize>) -> bool {
        let ends_noun = |at: usize| self.is(at, Word::With) || self.is(at, Word::Verb);
        let noun = self.matches.iter().any(|found| {
            matches!(found.meaning, Meaning::Finding(_)) && found.start >= gap.start && found.end <= gap.end
        });
        noun && gap.clone().any(ends_noun)
    }

    /// `Effusion: no.` — a denial at the end answers what stands before it.
    pub(super) fn is_answer(&self, cue: Cue) -> bool {
        let last =
            (cue.end..self.range.end).all(|at| matches!(self.tokens[at].shape, Shape::Mark('.' | ')' | ',')));
        let asked = cue.start > self.range.start
            && matches!(self.tokens[cue.start - 1].shape, Shape::Mark(':' | '-' | '–' | '—' | '?' | '='));
        cue.kind == CueKind::Absent && last && asked
    }

    /// `negative deflections`: before a noun the word says nothing of what stands before it.
    pub(super) fn describes_next(&self, cue: Cue) -> bool {
        let next = cue.end;
        let plain = [
            Word::And,
            Word::Or,
            Word::With,
            Word::Verb,
            Word::Pronoun,
            Word::Opener,
            Word::Earlier,
            Word::Distance,
        ];
        // `hypodensities likely chronic ischemia`: a doubt before an adjective is of what follows.
        let doubt = cue.kind == CueKind::Possible;
        let open = |word: &Word| !(doubt && *word == Word::Opener);
        self.range.contains(&next)
            && self.tokens[next].is_word()
            && !plain.iter().filter(|word| open(word)).any(|word| self.is(next, *word))
            && !AFTER.iter().any(|word| self.reads(next, word))
    }

    /// Whether a clause of its own begins between two tokens.
    pub(crate) fn is_other_clause(&self, from: usize, to: usize) -> bool {
        let stops = self.stops.iter().filter(|stop| (from..to).contains(&stop.at));
        stops
            .into_iter()
            .any(|stop| stop.kinds & CueKind::Unchanged.bit() != 0 && !self.tokens[stop.at].is(':'))
    }

    /// Whether all tokens belong to names of places and sides.
    pub(crate) fn all_places(&self, from: usize, to: usize) -> bool {
        let spatial = |found: &&Match| matches!(found.meaning, Meaning::Place(_) | Meaning::Side(_));
        let covers = |at: usize| {
            self.matches.iter().filter(spatial).any(|found| (found.start..found.end).contains(&at))
        };
        (from..to).all(covers)
    }

    /// Whether the words between two findings say that the second explains the first or lies with it.
    pub(crate) fn ties(&self, from: usize, to: usize) -> bool {
        let explains = self.cues.iter().any(|cue| {
            matches!(cue.kind, CueKind::Possible | CueKind::Present) && cue.start >= from && cue.end <= to
        });
        let joined = (from..to).any(|at| self.is(at, Word::With) || self.is(at, Word::And));
        (explains || joined) && !self.is_other_clause(from, to)
    }

    /// Cues that follow: the verb before them is theirs; a verb or a comma further left ends their subject, unless the
    /// comma is one of a list.
    fn taken_backward(&self, cue: Cue, gap: &Range<usize>) -> bool {
        let mut end = gap.end;
        while end > gap.start && self.is(end - 1, Word::Verb) {
            end -= 1;
        }
        let subject = gap.start..end;
        if self.is_singular(cue) && self.noun_after_and(&subject, cue) {
            return true;
        }
        // `measures 5 mm, unchanged`: after a comma it speaks of the subject again.
        let again = is_modifier(cue.kind) && self.tokens[cue.start - 1].is(',');
        if !again && subject.clone().any(|at| self.is(at, Word::Verb)) && !self.relative(&subject) {
            return true;
        }
        let comma = subject.clone().rev().find(|at| self.tokens[*at].is(','));
        let in_list = |comma: usize| (comma..end).any(|at| self.is(at, Word::Or) || self.is(at, Word::And));
        let noun_after = |comma: usize| {
            self.matches.iter().any(|found| {
                matches!(found.meaning, Meaning::Finding(_)) && found.start > comma && found.end <= cue.start
            })
        };
        comma.is_some_and(|comma| noun_after(comma) && !in_list(comma))
    }

    /// `is not seen`: of one thing, the nearest.
    fn is_singular(&self, cue: Cue) -> bool {
        ["is", "was", "has", "remains"].iter().any(|verb| self.reads(cue.start, verb))
    }

    /// Whether another finding stands between `and` and the cue.
    fn noun_after_and(&self, subject: &Range<usize>, cue: Cue) -> bool {
        let and = subject.clone().rev().find(|at| self.is(*at, Word::And));
        let is_noun = |found: &Match| matches!(found.meaning, Meaning::Finding(_)) && found.end <= cue.start;
        and.is_some_and(|and| self.matches.iter().any(|found| is_noun(found) && found.start > and))
    }

    /// `pain, which she had last week, resolved`, `nodule measuring …`.
    fn relative(&self, subject: &Range<usize>) -> bool {
        let clauses = ["which", "that", "who"];
        subject.clone().any(|at| clauses.contains(&self.tokens[at].span().of(self.text)))
    }

    /// `compared with prior is a nodule`: no noun follows that could be of the past.
    pub(super) fn is_left_alone(&self, cue: Cue) -> bool {
        cue.kind == CueKind::Historical && cue.end - cue.start == 1 && self.is(cue.end, Word::Verb)
    }

    /// `New since the prior exam is a nodule`: where the noun begins.
    fn inverted(&self, cue: Cue) -> Option<usize> {
        let leads = cue.start == self.range.start
            && ["since", "from", "compared"].iter().any(|word| self.reads(cue.end - 1, word));
        let mut rest = (cue.end..self.range.end).take(8).filter(|_| leads);
        rest.find(|at| self.reads(*at, "is") || self.reads(*at, "are"))
            .map(|verb| verb + 2)
            .filter(|at| *at < self.range.end)
    }

    /// Whether the cue is an adjective before a noun (`unchanged nodule`), not after a verb (`is unchanged`).
    pub(super) fn is_before_noun(&self, cue: Cue) -> bool {
        let next = self.inverted(cue).unwrap_or(cue.end);
        if next >= self.range.end
            || !(self.tokens[next].is_word() || self.tokens[next].shape == Shape::Number)
        {
            return false;
        }
        // `unchanged since 2021, probably a cyst`
        let since = ["since", "from", "compared", "when", "as"].iter().any(|word| self.reads(next, word));
        if since {
            return false;
        }
        let ends = |at: usize| {
            let mark = matches!(self.tokens[at].shape, Shape::Mark(mark) if mark != '-' && mark != '/' && mark != ',');
            mark || self.is(at, Word::With) || self.is(at, Word::Verb)
        };
        let not_noun = [Word::And, Word::Or, Word::Earlier].iter().any(|word| self.is(next, *word));
        // `increase in the effusion`, `again seen is a hernia`, but not `is unchanged the …`.
        let last = next - 1;
        let leads = self.reads(last, "in") || self.reads(last, "of") || self.is(last, Word::Verb);
        if ends(next) || not_noun || self.is(next, Word::Article) && !leads {
            return false;
        }
        let noun = (next..self.range.end.min(next + 8))
            .take_while(|at| !ends(*at))
            .last()
            .map_or(next, |last| last + 1);
        self.matches.iter().any(|found| {
            let named =
                matches!(found.meaning, Meaning::Finding(_) | Meaning::Subject(_) | Meaning::State(_));
            named && found.start >= next && found.start < noun
        })
    }
}
