//! Which of the cues that reach a finding count.

use super::{Context, Cue, Nature, Reaching, View, change, temporality};
use crate::lexicon::{CueKind, Direction};
use crate::phrases::Word;
use crate::reading::{Assertion, Change, Experiencer, Temporality};
use std::ops::Range;

impl View<'_> {
    /// Of those that speak of whether it is there, the one that counts.
    pub(super) fn decide_assertion(&self, reaching: &[Reaching], context: &mut Context) {
        let kinds =
            [CueKind::Absent, CueKind::Possible, CueKind::Question, CueKind::Present, CueKind::Resolved];
        let mut speaking: Vec<Reaching> =
            reaching.iter().filter(|one| kinds.contains(&one.cue.kind)).copied().collect();
        speaking.sort_by_key(|one| (one.distance, one.cue.kind != CueKind::Absent));
        let Some(mut best) = speaking.first().copied() else { return };
        if let Some(covering) = speaking.iter().find(|one| self.covers(**one, best)) {
            best = *covering;
        }
        context.assertion = match best.cue.kind {
            CueKind::Possible | CueKind::Question => Assertion::Possible,
            CueKind::Present => Assertion::Present,
            _ => Assertion::Absent,
        };
        context.evidence.push(self.evidence(best.cue));
    }

    /// `no evidence suggesting …`: what is denied before it is doubted is denied.
    fn covers(&self, one: Reaching, best: Reaching) -> bool {
        let (denial, doubt) = (one.cue, best.cue);
        let predicate = self.entry(denial).direction == Direction::Backward;
        if predicate && doubt.end <= denial.start {
            // `The possible nodule is not confirmed.`
            return denial.kind == CueKind::Absent
                && matches!(doubt.kind, CueKind::Possible | CueKind::Question);
        }
        let stronger = match doubt.kind {
            CueKind::Possible | CueKind::Question => denial.kind == CueKind::Absent,
            CueKind::Present => {
                matches!(denial.kind, CueKind::Absent | CueKind::Possible | CueKind::Question)
            }
            _ => false,
        };
        stronger && denial.end <= doubt.start && self.entry(denial).direction != Direction::Backward
    }

    pub(super) fn decide_time(&self, reaching: &[Reaching], nature: Nature, context: &mut Context) {
        let of = |kind: CueKind| {
            reaching.iter().filter(move |one| one.cue.kind == kind).min_by_key(|one| one.distance)
        };
        if let Some(nearest) =
            reaching.iter().filter(|one| change(one.cue.kind).is_some()).min_by_key(|one| one.distance)
        {
            context.change = change(nearest.cue.kind);
            context.evidence.push(self.evidence(nearest.cue));
        }
        let holds = |one: &&Reaching| nature.event || !self.only_for_events(one.cue);
        let past = reaching.iter().filter(|one| one.cue.kind == CueKind::Historical).filter(holds);
        let past = past.min_by_key(|one| one.distance);
        if let (Some(now), None) = (of(CueKind::Current), past) {
            context.temporality = Temporality::Current;
            context.evidence.push(self.evidence(now.cue));
        } else if let Some(past) = past {
            context.temporality = Temporality::Historical;
            context.evidence.push(self.evidence(past.cue));
        }
        if let Some(perhaps) = of(CueKind::Hypothetical) {
            context.temporality = Temporality::Hypothetical;
            context.evidence.push(self.evidence(perhaps.cue));
        }
        if context.temporality == Temporality::Current {
            context.temporality = context.change.map_or(Temporality::Current, temporality);
        }
    }

    /// `no longer seen`, `the previously seen effusion is not seen`: what was there and is not has resolved.
    pub(super) fn decide_resolved(&self, target: &Range<usize>, context: &mut Context) {
        if context.assertion != Assertion::Absent || context.temporality != Temporality::Current {
            return;
        }
        let no_longer = context.evidence.iter().any(|why| why.rule.starts_with("absent:no longer"));
        let from = target.start.saturating_sub(6).max(self.range.start);
        let to = self.range.end.min(target.end + 5);
        let mentioned = (from..to).any(|at| self.is(at, Word::Mentioned));
        if no_longer || mentioned {
            context.temporality = Temporality::Resolved;
            context.change = Some(Change::Resolved);
        }
    }

    /// `chronic` makes an infarct an old one; a chronic bronchitis is a present one.
    fn only_for_events(&self, cue: Cue) -> bool {
        &*self.entry(cue).rule == "historical:chronic"
    }

    pub(super) fn decide_experiencer(&self, reaching: &[Reaching], context: &mut Context) {
        let kinds = [CueKind::Family, CueKind::Other];
        let nearest =
            reaching.iter().filter(|one| kinds.contains(&one.cue.kind)).min_by_key(|one| one.distance);
        let Some(nearest) = nearest else { return };
        let family = nearest.cue.kind == CueKind::Family;
        context.experiencer = if family { Experiencer::Family } else { Experiencer::Other };
        context.evidence.push(self.evidence(nearest.cue));
    }
}
