//! Records that belong to another patient or carry another number than was said: A35, A41 to A45, A49, A50.

use super::content::Content;
use super::desk::Desk;
use super::{encounter, identifiers, merge, patient};
use crate::Segment;
use clinical::{Identifier, Said, Told};

/// Reads a message that moves records; false when it is none.
pub(super) fn read(desk: &mut Desk<'_>) -> bool {
    let moved = match desk.trigger.as_str() {
        "A35" | "A41" | "A49" => None,
        "A42" | "A50" => None,
        "A43" => Some(Moved::All),
        "A44" => Some(Moved::Account),
        "A45" => Some(Moved::Visit),
        _ => return false,
    };
    patient::read(desk);
    encounter::read(desk);
    match moved {
        Some(moved) => desk.all("MRG").iter().for_each(|mrg| move_one(desk, mrg, moved)),
        None if matches!(desk.trigger.as_str(), "A42" | "A50") => visit_numbers(desk),
        None => account_numbers(desk),
    }
    true
}

#[derive(Clone, Copy, PartialEq)]
enum Moved {
    All,
    Account,
    Visit,
}

/// From the patient of MRG-1 to the patient of PID. Without MRG-1 it is the same patient, and the number alone changes.
fn move_one(desk: &mut Desk<'_>, mrg: &Segment<'_>, moved: Moved) {
    let from = merge::gone(mrg).into_iter().find(|gone| !is_patient(desk, gone));
    let record = match moved {
        Moved::All => None,
        Moved::Account => identifiers::of_cx_as(mrg.field(3), "AN"),
        Moved::Visit => identifiers::of_cx_as(mrg.field(5), "VN"),
    };
    match (from, desk.patient.first().cloned()) {
        (Some(_), Some(_)) if moved != Moved::All && record.is_none() => {
            desk.leave_segment(mrg, "it doesn't say which record moves (MRG-3, MRG-5)", true);
        }
        (Some(from), Some(to)) => {
            desk.take(mrg);
            desk.say(&mrg.place(), Said::Move { record, from, to });
        }
        _ if moved == Moved::All => desk.leave_segment(mrg, "nobody to move from (MRG-1)", true),
        _ => account_number(desk, mrg),
    }
}

fn is_patient(desk: &Desk<'_>, gone: &Identifier) -> bool {
    desk.patient.iter().any(|known| known.system == gone.system && known.value == gone.value)
}

/// The account of PID-18 was known under MRG-3.
pub(super) fn account_numbers(desk: &mut Desk<'_>) {
    desk.all("MRG").iter().for_each(|mrg| account_number(desk, mrg));
}

fn account_number(desk: &mut Desk<'_>, mrg: &Segment<'_>) {
    let kept = desk.one("PID").and_then(|pid| identifiers::of_cx_as(pid.field(18), "AN"));
    two_numbers(desk, mrg, kept, identifiers::of_cx_as(mrg.field(3), "AN"));
}

/// The visit of PV1-19 was known under MRG-5.
fn visit_numbers(desk: &mut Desk<'_>) {
    for mrg in desk.all("MRG") {
        let kept = desk.one("PV1").and_then(|pv1| identifiers::of_cx_as(pv1.field(19), "VN"));
        two_numbers(desk, &mrg, kept, identifiers::of_cx_as(mrg.field(5), "VN"));
    }
}

/// An Encounter under both its numbers. These messages never make two patients one: MRG-1 must name the same.
fn two_numbers(desk: &mut Desk<'_>, mrg: &Segment<'_>, kept: Option<Identifier>, gone: Option<Identifier>) {
    let other = merge::gone(mrg).into_iter().any(|gone| !is_patient(desk, &gone));
    if other && desk.trigger != "A36" {
        let place = mrg.field_place(1);
        desk.leave(&place, "names another patient than PID-3, which this kind of message can't merge", true);
    }
    let (Some(kept), Some(gone)) = (kept, gone) else {
        desk.leave_segment(mrg, "it doesn't say which number takes the place of which", true);
        return;
    };
    desk.take(mrg);
    let mut encounter = Content::of("Encounter");
    let mut old = gone.to_json();
    old["use"] = "old".into();
    encounter.list("identifier", vec![kept.to_json(), old]);
    encounter.put("subject", desk.subject());
    desk.record(&mrg.place(), vec![kept, gone], encounter, Told::Change);
}
