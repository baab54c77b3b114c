//! SPM as a Specimen.

use super::content::{Content, compact};
use super::desk::Desk;
use super::group::Group;
use super::{coded, identifiers};
use crate::Segment;
use clinical::{Identifier, Told};
use serde_json::{Value, json};

/// Reads a group's specimens; gives logical references to them.
pub(super) fn read(desk: &mut Desk<'_>, group: &Group<'_>) -> Vec<Value> {
    let specimens = group.items.iter().filter(|item| item.id() == "SPM");
    specimens.filter_map(|spm| read_one(desk, group, spm)).collect()
}

fn read_one(desk: &mut Desk<'_>, group: &Group<'_>, spm: &Segment<'_>) -> Option<Value> {
    desk.take(spm);
    let mut keys = Vec::new();
    let numbers = [1, 2].map(|number| identifiers::of_eip(spm.field(2).component(number), "SID"));
    identifiers::add(&mut keys, numbers.into_iter().flatten());
    let mut specimen = Content::of("Specimen");
    specimen.list("identifier", keys.iter().map(Identifier::to_json).collect());
    specimen.field("type", spm.field(4), |kind| coded::of_table(kind, "0487"));
    specimen.put("subject", desk.subject());
    specimen.put("receivedTime", desk.date_time(spm, 18));
    let collected = desk.moment_of(spm.field(17).component(1), &spm.field_place(17)).map(String::from);
    let collection = json!({
        "collectedDateTime": collected,
        "method": coded::concept(spm.field(7)),
        "bodySite": coded::concept(spm.field(8)),
    });
    specimen.put("collection", compact(collection));
    if keys.is_empty() {
        let order = group.obr.map(|obr| [obr.field(2).raw(), obr.field(3).raw()]).unwrap_or_default();
        keys = desk.derived("SPM", &[order[0], order[1], spm.field(1).raw(), spm.field(4).raw()]);
    }
    let reference = keys.first().map(|key| key.refer("Specimen"));
    desk.record(&spm.place(), keys, specimen, Told::Whole);
    reference
}
