//! What a report says, in the catalog's words.

use super::{Coded, Content, ImageMeasurement, Measurer};
use dicom::sr::code::{Code, concepts};
use dicom::sr::groups::{Observer, RegionOn};
use dicom::sr::{Group, ImageReference, Measured, report};
use dicom::{DataSet, tags};
use std::collections::HashMap;

/// Numbers of one report that are kept; far more than any report of measurements has.
const MOST: usize = 20_000;
/// What is no image: what was drawn or said about images.
const SEGMENTATION: &str = "1.2.840.10008.5.1.4.1.1.66.4";
/// SNOMED as DICOM coded it before 2019 (PS3.16 §8.1). Its codes are another numbering.
const SNOMED_BEFORE: [&str; 4] = ["SRT", "SNM3", "99SDM", "SNOMED-RT"];
/// Concepts whose earlier codes are known by their words.
const KNOWN: [Code; 18] = [
    concepts::LENGTH,
    concepts::DIAMETER,
    concepts::LONG_AXIS,
    concepts::SHORT_AXIS,
    concepts::ANGLE,
    concepts::COBB_ANGLE,
    concepts::AREA,
    concepts::PERIMETER,
    concepts::RADIUS,
    concepts::VOLUME,
    concepts::MEAN,
    concepts::DEVIATION,
    concepts::MINIMUM,
    concepts::MAXIMUM,
    concepts::MEDIAN,
    concepts::LEFT,
    concepts::RIGHT,
    concepts::BILATERAL,
];

/// The numbers of a report, and which reports it takes the place of.
pub(super) fn content(document: &DataSet, drawn: bool) -> Content {
    let report = report(document);
    let images = references(document, tags::CURRENT_REQUESTED_PROCEDURE_EVIDENCE_SEQUENCE);
    let others = references(document, tags::PERTINENT_OTHER_EVIDENCE_SEQUENCE);
    let images: HashMap<String, Place> = others.into_iter().chain(images).collect();
    let measurer = match report.observer {
        _ if drawn => Some(Measurer::Drawing),
        Some(Observer::Person) => Some(Measurer::Person),
        Some(Observer::Device) => Some(Measurer::Device),
        None => None,
    };
    let all = report.groups.iter().flat_map(|group| group.values.iter().map(move |value| (group, value)));
    Content {
        measurer,
        before: references(document, tags::PREDECESSOR_DOCUMENTS_SEQUENCE).into_keys().collect(),
        measurements: all.take(MOST).map(|(group, value)| measurement(group, value, &images)).collect(),
    }
}

fn measurement(group: &Group, value: &Measured, images: &HashMap<String, Place>) -> ImageMeasurement {
    let own = &value.own;
    let image = own.image.as_ref().filter(|image| is_image(image)).or_else(|| image_of(group));
    let sop = image.map(|image| image.sop.clone()).unwrap_or_default();
    let place = images.get(&sop).cloned().unwrap_or_default();
    let named = group.source_series.as_ref().filter(|_| place.series.is_empty());
    let series = named.cloned().unwrap_or(place.series);
    let first = |own: &Option<Code>, of_group: &Option<Code>| own.as_ref().or(of_group.as_ref()).map(coded);
    ImageMeasurement {
        study: place.study,
        series,
        sop,
        frame: image.and_then(|image| image.frame),
        concept: coded(&value.name),
        derivation: value.derivation.as_ref().map(coded),
        finding: group.finding.as_ref().map(coded),
        site: first(&own.site, &group.site),
        laterality: first(&own.laterality, &group.laterality),
        value: value.value,
        unit: plain(&value.unit.value),
        tracking_uid: group.tracking_uid.clone().map(|uid| plain(&uid)).unwrap_or_default(),
        algorithm: own
            .algorithm
            .clone()
            .or_else(|| group.algorithm.clone())
            .map(|text| plain(&text))
            .unwrap_or_default(),
    }
}

/// The image a group is about: what it was drawn on, else the first it names.
fn image_of(group: &Group) -> Option<&ImageReference> {
    let drawn = group.regions.iter().filter_map(|region| match &region.on {
        RegionOn::Image(image) => Some(image),
        RegionOn::Space(_) => None,
    });
    drawn.chain(&group.images).find(|image| is_image(image))
}

fn is_image(image: &ImageReference) -> bool {
    !image.sop_class.starts_with(SEGMENTATION)
}

/// Where an instance belongs.
#[derive(Debug, Clone, Default)]
struct Place {
    study: String,
    series: String,
}

/// The instances that a sequence of references names, by exam and series (PS3.3 table 10-11).
fn references(document: &DataSet, sequence: dicom::Tag) -> HashMap<String, Place> {
    let mut found = HashMap::new();
    for study in document.items(sequence) {
        let study_uid = study.uid(tags::STUDY_INSTANCE_UID).unwrap_or_default();
        for series in study.items(tags::REFERENCED_SERIES_SEQUENCE) {
            let series_uid = series.uid(tags::SERIES_INSTANCE_UID).unwrap_or_default();
            let place = Place { study: study_uid.clone(), series: series_uid };
            let sops = series.items(tags::REFERENCED_SOP_SEQUENCE).iter();
            let sops = sops.filter_map(|item| item.uid(tags::REFERENCED_SOP_INSTANCE_UID));
            found.extend(sops.map(|sop| (sop, place.clone())));
        }
    }
    found
}

fn coded(code: &Code) -> Coded {
    let earlier = SNOMED_BEFORE.contains(&code.scheme.as_ref()) || code.value.is_empty();
    let known = KNOWN.into_iter().find(|known| earlier && code.means(known));
    let known = known.as_ref().unwrap_or(code);
    Coded { scheme: plain(&known.scheme), code: plain(&known.value), meaning: plain(&known.meaning) }
}

/// No NUL: PostgreSQL takes none.
fn plain(text: &str) -> String {
    text.trim().replace('\0', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn earlier_codes_of_snomed_are_told_by_those_of_today() {
        let of = |value, scheme, meaning| coded(&Code::known(value, scheme, meaning)).code;
        assert_eq!(of("G-D705", "SRT", "Volume"), "118565006");
        assert_eq!(of("G-A101", "SRT", "Left"), "7771000");
        assert_eq!(of("T-C5300", "SRT", "pharyngeal tonsil (adenoid)"), "T-C5300", "nothing is known of it");
        assert_eq!(of("X1", "99LOCAL", "Volume"), "X1", "somebody's own code stays");
    }
}
