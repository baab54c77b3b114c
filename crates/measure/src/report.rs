//! Someone's measurements as a report: TID 1500 with a group for each (TID 1501, 1410).

use crate::{Entry, Exam, MEASUREMENTS, Measurement, Shape, Version, Work, exam};
use dicom::made::Note;
use dicom::sr::COMPREHENSIVE_3D;
use dicom::sr::code::{Code, concepts};
use dicom::sr::item::{Item, Relation, references_by_series};
use dicom::{DataSet, tags};
use std::collections::BTreeSet;

/// The image a region was drawn on (TID 1410).
const ORIGINAL: Code = Code::known("111040", "DCM", "Original Source");
const DESCRIPTION: &str = "Measurements";
/// Out of the way of the device's own series.
const SERIES_NUMBER: &str = "9501";

/// Makes the object that keeps this version of someone's work.
#[must_use]
pub fn document(work: &Work, exam: &Exam, version: &Version) -> DataSet {
    let description = format!("{DESCRIPTION} of {}", work.author);
    let mut set = exam.object(version, COMPREHENSIVE_3D, "SR", &description);
    set.put_text(tags::SERIES_NUMBER, SERIES_NUMBER);
    set.put_text(tags::COMPLETION_FLAG, "PARTIAL");
    set.put_text(tags::VERIFICATION_FLAG, "UNVERIFIED");
    set.put_text(tags::PRELIMINARY_FLAG, "PRELIMINARY");
    set.put_items(tags::REFERENCED_PERFORMED_PROCEDURE_STEP_SEQUENCE, Vec::new());
    set.put_items(tags::PERFORMED_PROCEDURE_CODE_SEQUENCE, Vec::new());
    set.put_items(tags::AUTHOR_OBSERVER_SEQUENCE, vec![author(&work.author)]);
    put_references(&mut set, work, exam, version);
    root(work, exam).into_root(&mut set);
    let note = Note {
        kind: MEASUREMENTS.into(),
        number: version.number,
        replaces: version.replaces.clone(),
        changed: version.changed.clone(),
        work,
    };
    note.put(&mut set);
    set
}

/// The work an object of ours keeps.
#[must_use]
pub fn work_of(document: &DataSet) -> Option<Work> {
    let note = Note::<Work>::of(document)?;
    (note.kind == MEASUREMENTS).then_some(note.work)
}

fn author(account: &str) -> DataSet {
    let mut item = DataSet::new();
    item.put_text(tags::OBSERVER_TYPE, "PSN");
    item.put_text(tags::PERSON_NAME, account);
    item.put_items(tags::PERSON_IDENTIFICATION_CODE_SEQUENCE, Vec::new());
    item.put_items(tags::INSTITUTION_CODE_SEQUENCE, Vec::new());
    item.put_text(tags::INSTITUTION_NAME, "");
    item
}

fn put_references(set: &mut DataSet, work: &Work, exam: &Exam, version: &Version) {
    let study = set.uid(tags::STUDY_INSTANCE_UID).unwrap_or_default();
    let used = used_images(work);
    let images = used.iter().filter_map(|sop| {
        exam.images.get(*sop).map(|image| (image.series.as_str(), image.sop_class.as_str(), *sop))
    });
    let evidence = references_by_series(tags::CURRENT_REQUESTED_PROCEDURE_EVIDENCE_SEQUENCE, &study, images);
    let before = version.replaces.as_deref().map(|sop| (version.series.as_str(), COMPREHENSIVE_3D, sop));
    let before = references_by_series(tags::PREDECESSOR_DOCUMENTS_SEQUENCE, &study, before);
    for (tag, items) in evidence.into_iter().chain(before) {
        set.put_items(tag, items);
    }
}

fn used_images(work: &Work) -> BTreeSet<&str> {
    let places = work.present().filter_map(|entry| entry.measurement.image.as_ref());
    places.map(|place| place.sop.as_str()).collect()
}

fn root(work: &Work, exam: &Exam) -> Item {
    let mut children = vec![
        Item::code(Relation::HasConceptMod, &concepts::LANGUAGE, &concepts::ENGLISH),
        Item::code(Relation::HasObsContext, &concepts::OBSERVER_TYPE, &concepts::PERSON),
        Item::person(Relation::HasObsContext, &concepts::PERSON_NAME, &work.author),
        Item::text(Relation::HasObsContext, &concepts::LOGIN_NAME, &work.author),
        Item::code(Relation::HasObsContext, &concepts::OBSERVER_TYPE, &concepts::DEVICE),
        Item::uid(Relation::HasObsContext, &concepts::DEVICE_UID, dicom::IMPLEMENTATION_CLASS_UID),
        Item::text(Relation::HasObsContext, &concepts::DEVICE_NAME, "Isocenter"),
        Item::code(Relation::HasConceptMod, &concepts::PROCEDURE, &concepts::IMAGING),
    ];
    children.extend(library(work, exam));
    let groups: Vec<_> = work.present().map(|entry| group(entry, exam)).collect();
    if groups.is_empty() {
        let nothing = "All measurements were removed; earlier versions have them.";
        children.push(Item::text(Relation::Contains, &concepts::COMMENT, nothing));
    }
    children.push(Item::container(&concepts::MEASUREMENTS, None, groups));
    Item::container(&concepts::REPORT, Some("1500"), children)
}

/// The images measured (TID 1600).
fn library(work: &Work, exam: &Exam) -> Option<Item> {
    let images: Vec<_> = used_images(work)
        .into_iter()
        .filter_map(|sop| {
            Some(Item::image(Relation::Contains, None, &exam.images.get(sop)?.sop_class, sop, None))
        })
        .collect();
    let group = Item::container(&concepts::LIBRARY_GROUP, None, images.clone());
    (!images.is_empty()).then(|| Item::container(&concepts::LIBRARY, None, vec![group]))
}

fn group(entry: &Entry, exam: &Exam) -> Item {
    let measurement = &entry.measurement;
    let called = if measurement.label.is_empty() { &measurement.tool } else { &measurement.label };
    let mut children = vec![
        Item::text(Relation::HasObsContext, &concepts::TRACKING_IDENTIFIER, called),
        Item::uid(Relation::HasObsContext, &concepts::TRACKING_UID, &measurement.tracking_uid),
    ];
    if !measurement.label.is_empty() {
        children.push(Item::text(Relation::Contains, &concepts::COMMENT, &measurement.label));
    }
    let region = measurement.regions().next();
    if let Some(region) = region {
        let name = Some(&concepts::IMAGE_REGION);
        children.push(drawn(Relation::Contains, name, region, measurement, exam));
    }
    children.extend(measurement.values.iter().map(|value| number(value, measurement, exam)));
    let template = if region.is_some() { "1410" } else { "1501" };
    Item::container(&concepts::GROUP, Some(template), children).observed(&exam::date_time(entry.changed_at))
}

fn number(value: &crate::Value, measurement: &Measurement, exam: &Exam) -> Item {
    let unit = Code::unit(&value.unit, unit_words(&value.unit));
    let mut within = Vec::new();
    if let Some(derivation) = value.derivation {
        within.push(Item::code(Relation::HasConceptMod, &concepts::DERIVATION, &derivation.code()));
    }
    if let Some(shape) = value.shape.and_then(|at| measurement.shapes.get(at)) {
        within.push(drawn(Relation::InferredFrom, None, shape, measurement, exam));
    }
    Item::number(&value.quantity.code(&value.unit), value.value, &unit).with(within)
}

fn drawn(
    relation: Relation,
    name: Option<&Code>,
    shape: &Shape,
    measurement: &Measurement,
    exam: &Exam,
) -> Item {
    let Some(place) = &measurement.image else {
        let uid = measurement.frame_of_reference_uid.as_deref().unwrap_or_default();
        return Item::in_space(relation, name, shape.graphic, &shape.points, uid);
    };
    let sop_class = exam.images.get(&place.sop).map_or("", |image| image.sop_class.as_str());
    let image = Item::image(Relation::SelectedFrom, Some(&ORIGINAL), sop_class, &place.sop, place.frame);
    Item::on_image(relation, name, shape.graphic, &shape.points).with(vec![image])
}

/// What a unit's code means, in words.
fn unit_words(code: &str) -> &str {
    match code {
        "mm" => "millimetre",
        "mm2" => "square millimetre",
        "mm3" => "cubic millimetre",
        "cm" => "centimetre",
        "cm2" => "square centimetre",
        "deg" => "degree",
        "[hnsf'U]" => "Hounsfield unit",
        "{SUVbw}g/ml" => "standardized uptake value by body weight",
        "{pixels}" => "pixels",
        "{pixels}2" => "square pixels",
        "1" => "no units",
        other => other,
    }
}
