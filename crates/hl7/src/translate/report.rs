//! ORU as DiagnosticReports: a text with what it is about, or results one by one.

use super::content::Content;
use super::desk::Desk;
use super::group::{self, Group, Numbers};
use super::observation::{self, Under};
use super::report_text::{Text, is_report_code};
use super::{codes, identifiers, order, people, specimen};
use crate::Segment;
use clinical::{Identifier, OrderState, Told};
use serde_json::{Value, json};

/// Reads every group of a result message.
pub(super) fn read(desk: &mut Desk<'_>) {
    let groups = group::groups(desk);
    if groups.iter().all(|group| group.obr.is_none()) {
        desk.leave("MSH-9", "a result message without a result", true);
    }
    observation::of_patient(desk);
    let bare: Vec<_> = groups.iter().filter(|group| is_bare(group)).collect();
    let told = groups.len() - bare.len();
    for group in groups.iter().filter(|group| group.obr.is_some()) {
        // One text for several orders stands under one of them.
        let also: Vec<_> = if told == 1 && !is_bare(group) { bare.clone() } else { Vec::new() };
        read_one(desk, group, &also);
    }
}

fn is_bare(group: &Group<'_>) -> bool {
    !group.items.iter().any(|item| matches!(item.id(), "OBX" | "NTE"))
}

fn read_one(desk: &mut Desk<'_>, group: &Group<'_>, also: &[&Group<'_>]) {
    let numbers = group.numbers();
    let code = group.obr.and_then(|obr| obr.first(25)).unwrap_or_default().to_ascii_uppercase();
    let cancelled = code == "X";
    let state = if cancelled { OrderState::Cancelled } else { OrderState::Reported };
    let status = match code.as_str() {
        "X" => "revoked",
        "F" | "C" | "A" => "completed",
        _ => "active",
    };
    order::reported(desk, &group.place(), group, &numbers, state, status);
    group.take(desk, &["TQ1", "ZDS", "IPC"]);
    if is_bare(group) && !cancelled {
        return; // its text stands under another order
    }
    let mut based_on = references(&numbers);
    based_on.extend(also.iter().flat_map(|group| references(&group.numbers())));
    if is_text(group) {
        of_text(desk, group, &numbers, based_on);
    } else {
        of_results(desk, group, &numbers, based_on);
    }
}

/// References to the order under each of its numbers.
pub(super) fn references(numbers: &Numbers) -> Vec<Value> {
    let all = numbers.placer.iter().chain(&numbers.filler);
    all.map(|number| number.refer("ServiceRequest")).collect()
}

/// True for an imaging report or another text: by service, by a study, by report codes, by what types there are.
pub(super) fn is_text(group: &Group<'_>) -> bool {
    if let Some(images) = group.service().and_then(|service| codes::makes_images(&service)) {
        return images;
    }
    let mut observations = group.items.iter().filter(|item| item.id() == "OBX");
    let of_study = |item: &Segment<'_>| matches!(item.id(), "ZDS" | "IPC") || group::study_of(item).is_some();
    if group.items.iter().any(|item| of_study(item) || (item.id() == "OBX" && is_report_code(item))) {
        return true;
    }
    let kind = |obx: &Segment<'_>| obx.first(2).unwrap_or_default();
    let lines = group
        .items
        .iter()
        .filter(|item| item.id() == "OBX")
        .any(|obx| matches!(kind(obx).as_str(), "TX" | "FT"));
    lines && observations.all(|obx| matches!(kind(obx).as_str(), "TX" | "FT" | "ST" | "ED" | "RP" | ""))
}

/// True when the order's service or a study says that images were made.
pub(super) fn is_imaging(group: &Group<'_>) -> bool {
    let images = group.service().and_then(|service| codes::makes_images(&service));
    let study = || group.items.iter().any(|item| item.id() == "OBX" && group::study_of(item).is_some());
    images.unwrap_or_else(study)
}

/// Gathers the text; what is no text becomes observations the report refers to.
pub(super) fn gather(desk: &mut Desk<'_>, items: &[Segment<'_>], under: &mut Under) -> (Text, Vec<Value>) {
    let (mut text, mut results, mut behind_text) = (Text::default(), Vec::new(), true);
    for (at, item) in items.iter().enumerate() {
        match item.id() {
            "OBX" if group::study_of(item).is_some() => desk.take(item),
            "OBX" => {
                behind_text = text.take(item);
                if behind_text {
                    desk.take(item);
                } else {
                    let notes = items[at + 1..].iter().take_while(|next| next.id() == "NTE");
                    let notes: Vec<_> = notes.copied().collect();
                    results.extend(observation::read_one(desk, item, &notes, under));
                }
            }
            "NTE" if behind_text => {
                desk.take(item);
                text.take_note(item);
            }
            _ => {}
        }
    }
    (text, results)
}

fn of_text(desk: &mut Desk<'_>, group: &Group<'_>, numbers: &Numbers, based_on: Vec<Value>) {
    let keys = keys(desk, group, numbers);
    let effective = group.obr.and_then(|obr| desk.moment(&obr, 7)).map(|moment| String::from(moment).into());
    let mut under = Under::order(&numbers.order_keys(desk, group), effective.clone(), "imaging", None);
    let (text, results) = gather(desk, &group.items, &mut under);
    let (status, told) = standing(group, &text);
    let mut report = head(desk, group, numbers, based_on, effective);
    report.put("status", Some(status));
    report.list("result", results);
    put_text(&mut report, &text);
    desk.record(&group.place(), keys, report, told);
}

pub(super) fn put_text(report: &mut Content, text: &Text) {
    report.put("conclusion", text.impression());
    report.list("presentedForm", text.attachments());
}

/// Status by OBR-25 and OBX-11. An addendum that comes alone is added behind what is there.
fn standing(group: &Group<'_>, text: &Text) -> (&'static str, Told) {
    let said = group.obr.and_then(|obr| obr.first(25));
    let own = |item: &&Segment<'_>| item.id() == "OBX" && group::study_of(item).is_none();
    let observed = || group.items.iter().filter(own).find_map(|obx| obx.first(11));
    let code = said.or_else(observed).unwrap_or_default().to_ascii_uppercase();
    let whole = if text.whole().is_some() || !text.documents.is_empty() { Told::Whole } else { Told::Change };
    match code.as_str() {
        "A" | "B" if text.addendum && text.body => ("appended", Told::Whole),
        "A" | "B" => ("appended", Told::Added),
        "F" | "C" if text.addendum && !text.body => ("appended", Told::Added),
        "F" if text.addendum => ("appended", whole),
        "F" if text.corrected => ("corrected", whole),
        "R" => ("partial", whole),
        "U" => ("final", whole),
        code => (codes::report_status(code), whole),
    }
}

fn of_results(desk: &mut Desk<'_>, group: &Group<'_>, numbers: &Numbers, based_on: Vec<Value>) {
    let keys = keys(desk, group, numbers);
    let effective = group.obr.and_then(|obr| desk.moment(&obr, 7)).map(|moment| String::from(moment).into());
    let specimens = specimen::read(desk, group);
    let order_keys = numbers.order_keys(desk, group);
    let mut under = Under::order(&order_keys, effective.clone(), "laboratory", specimens.first().cloned());
    under.based_on(based_on.clone());
    let results = observation::read_all(desk, &group.items, &mut under);
    let code = group.obr.and_then(|obr| obr.first(25)).unwrap_or_default().to_ascii_uppercase();
    let mut report = head(desk, group, numbers, based_on, effective);
    report.put("status", Some(codes::report_status(&code)));
    report.list("specimen", specimens);
    report.list("result", results);
    desk.record(&group.place(), keys, report, Told::Change);
}

/// The report's own id (OBR-51), else the filler's number, the placer's, the accession.
pub(super) fn keys(desk: &Desk<'_>, group: &Group<'_>, numbers: &Numbers) -> Vec<Identifier> {
    let mut keys = Vec::new();
    identifiers::add(&mut keys, group.obr.and_then(|obr| identifiers::of_ei(obr.field(51), None)));
    identifiers::add(&mut keys, numbers.filler.iter().cloned());
    if keys.is_empty() { numbers.order_keys(desk, group) } else { keys }
}

/// What every report says besides its results.
pub(super) fn head(
    desk: &mut Desk<'_>,
    group: &Group<'_>,
    numbers: &Numbers,
    based_on: Vec<Value>,
    effective: Option<Value>,
) -> Content {
    let mut report = Content::of("DiagnosticReport");
    report.list("identifier", numbers.to_json());
    report.list("basedOn", based_on);
    report.list("category", categories(group));
    report.put("subject", desk.subject());
    report.put("encounter", desk.encounter().filter(|_| desk.visit.is_some()));
    report.put("effectiveDateTime", effective);
    report.list("imagingStudy", numbers.studies.iter().map(|uid| imaging_study(uid)).collect());
    if let Some(obr) = group.obr {
        report.put("code", order::code(&obr));
        report.put("issued", desk.moment(&obr, 22).map(String::from));
        report.list("resultsInterpreter", interpreters(&obr));
    }
    report
}

pub(super) fn imaging_study(uid: &str) -> Value {
    json!({"type": "ImagingStudy", "identifier": identifiers::study(uid)})
}

fn categories(group: &Group<'_>) -> Vec<Value> {
    let service =
        group.service().map(|code| json!({"coding": [{"system": codes::v2("0074"), "code": code}]}));
    service.into_iter().chain(group.modality()).collect()
}

/// OBR-32 and OBR-33: NDL, whose person stands in the first component; some send XCN.
fn interpreters(obr: &Segment<'_>) -> Vec<Value> {
    let people = [32, 33].into_iter().flat_map(|number| obr.field(number).repeats().take(10));
    let person = |part: crate::Part<'_>| {
        let whole = part.component(2).first().is_some() && part.subcomponent(2).is_empty();
        if whole { people::person(part) } else { people::person_in_component(part) }
    };
    people.filter_map(person).collect()
}
