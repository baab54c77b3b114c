//! PID with MRG: two patients who are one (A18, A30, A34, A36, A39, A40, A46 to A48), and two who are not (A37).

use super::desk::Desk;
use super::{encounter, identifiers, moves, patient};
use crate::Segment;
use clinical::{Identifier, Said};

/// Reads a message that merges patients; false when it is none.
pub(super) fn read(desk: &mut Desk<'_>) -> bool {
    match desk.trigger.as_str() {
        "A18" | "A30" | "A34" | "A39" | "A40" | "A46" | "A47" | "A48" => merges(desk),
        "A36" => {
            merges(desk);
            moves::account_numbers(desk);
        }
        "A37" => unmerge(desk),
        _ => return false,
    }
    true
}

/// Each MRG belongs to the PID before it.
fn merges(desk: &mut Desk<'_>) {
    let mut kept: Option<Segment<'_>> = None;
    for segment in desk.segments() {
        match segment.id() {
            "PID" => {
                patient::read_one(desk, &segment);
                kept = Some(segment);
            }
            "MRG" => merge(desk, kept.as_ref(), &segment),
            _ => {}
        }
    }
    if desk.all("PID").len() == 1 {
        encounter::read(desk);
    }
}

fn merge(desk: &mut Desk<'_>, pid: Option<&Segment<'_>>, mrg: &Segment<'_>) {
    let kept = pid.map(patient::keys).unwrap_or_default();
    let pairs = pairs(&kept, &gone(mrg));
    if pairs.is_empty() {
        desk.leave_segment(mrg, "nobody to merge: MRG-1 names no other patient than PID-3", true);
        return;
    }
    desk.take(mrg);
    for (kept, gone) in pairs {
        desk.say(&mrg.place(), Said::Merge { kept, gone });
    }
}

/// MRG-1, else what older senders put in MRG-4 or MRG-2.
pub(super) fn gone(mrg: &Segment<'_>) -> Vec<Identifier> {
    let of = |number: usize| {
        mrg.field(number).repeats().filter_map(identifiers::of_cx).take(50).collect::<Vec<_>>()
    };
    [1, 4, 2].into_iter().map(of).find(|found| !found.is_empty()).unwrap_or_default()
}

/// Each number that goes, with the one that stays: of the same authority and type, else of the same authority, else
/// of the same type, else the first.
fn pairs(kept: &[Identifier], gone: &[Identifier]) -> Vec<(Identifier, Identifier)> {
    let same = |one: &Identifier, other: &Identifier| one.system == other.system && one.value == other.value;
    let gone = gone.iter().filter(|gone| !kept.iter().any(|kept| same(kept, gone)));
    let pair = |gone: &Identifier| Some((counterpart(kept, gone)?.clone(), gone.clone()));
    gone.filter_map(pair).collect()
}

fn counterpart<'k>(kept: &'k [Identifier], gone: &Identifier) -> Option<&'k Identifier> {
    let system = |one: &&Identifier| one.system == gone.system;
    let kind = |one: &&Identifier| one.kind == gone.kind;
    let both = kept.iter().find(|one| system(one) && kind(one));
    both.or_else(|| kept.iter().find(system)).or_else(|| kept.iter().find(kind)).or_else(|| kept.first())
}

/// A37: the message's two patients were taken for one.
fn unmerge(desk: &mut Desk<'_>) {
    let pids = desk.all("PID");
    pids.iter().for_each(|pid| patient::read_one(desk, pid));
    let [first, second] = pids.as_slice() else {
        desk.leave("MSH-9", "taking a merge back needs two patients", true);
        return;
    };
    let other = patient::keys(second);
    let pair = patient::keys(first).into_iter().find_map(|kept| {
        let other = counterpart(&other, &kept)?.clone();
        Some((kept, other))
    });
    if let Some((kept, gone)) = pair {
        desk.say(&second.place(), Said::Unmerge { kept, gone });
    }
}
