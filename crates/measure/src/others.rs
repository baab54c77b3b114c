//! Measurements in reports that other programs made, in our words.

use crate::{Derivation, Place, Shape};
use dicom::DataSet;
use dicom::sr::code::{Code, concepts};
use dicom::sr::groups::RegionOn;
use dicom::sr::{self, Group};
use serde::Serialize;
use utoipa::ToSchema;

/// A measurement in a report of another program: shown, never changed.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Foreign {
    /// The UID it is tracked by, where it has one.
    pub tracking_uid: Option<String>,
    /// What it is called there.
    pub label: String,
    /// What was drawn, and on what.
    pub regions: Vec<ForeignRegion>,
    /// What it came to.
    pub values: Vec<ForeignValue>,
}

/// A shape with what it lies on.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ForeignRegion {
    /// What was drawn.
    pub shape: Shape,
    /// The image it lies on.
    pub image: Option<Place>,
    /// The frame of reference it lies in, where there is no image.
    pub frame_of_reference_uid: Option<String>,
}

/// A number with its name in words: other programs measure more than we do.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ForeignValue {
    /// What it is.
    pub name: String,
    /// How it was made of many.
    pub derivation: Option<String>,
    /// The number.
    pub value: f64,
    /// Its unit, as coded.
    pub unit: String,
}

/// What a report says was measured, and who measured.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ForeignReport {
    /// The person, or the program where no person is named.
    pub author: String,
    /// The report's title.
    pub title: String,
    /// The measurements.
    pub measurements: Vec<Foreign>,
}

/// Reads a report of any program.
#[must_use]
pub fn read(document: &DataSet) -> ForeignReport {
    let report = sr::report(document);
    ForeignReport {
        author: report.author.or(report.device).unwrap_or_default(),
        title: report.title,
        measurements: report.groups.iter().map(foreign).collect(),
    }
}

fn foreign(group: &Group) -> Foreign {
    let mut words: Vec<&str> = Vec::new();
    let identifier = group.tracking_identifier.iter();
    for word in group.findings.iter().chain(&group.comments).chain(identifier) {
        if !words.contains(&word.as_str()) {
            words.push(word);
        }
    }
    let whole_images = group.images.iter().filter(|_| group.regions.is_empty());
    let values = group.values.iter().map(|measured| ForeignValue {
        name: measured.name.meaning.clone().into(),
        derivation: measured.derivation.as_ref().map(derivation_words),
        value: measured.value,
        unit: measured.unit.value.clone().into(),
    });
    Foreign {
        tracking_uid: group.tracking_uid.clone(),
        label: words.join(", "),
        regions: group.regions.iter().map(region).chain(whole_images.map(whole)).collect(),
        values: values.collect(),
    }
}

fn derivation_words(code: &Code) -> String {
    let known = [
        (concepts::MEAN, Derivation::Mean),
        (concepts::DEVIATION, Derivation::StandardDeviation),
        (concepts::MINIMUM, Derivation::Minimum),
        (concepts::MAXIMUM, Derivation::Maximum),
        (concepts::MEDIAN, Derivation::Median),
    ];
    let found = known.into_iter().find(|(concept, _)| code.means(concept));
    found.map_or_else(|| code.meaning.clone().into(), |(concept, _)| concept.meaning.into())
}

fn place(image: &sr::ImageReference) -> Place {
    Place { series: String::new(), sop: image.sop.clone(), frame: image.frame }
}

fn whole(image: &sr::ImageReference) -> ForeignRegion {
    let shape = Shape { graphic: sr::Graphic::Multipoint, points: Vec::new() };
    ForeignRegion { shape, image: Some(place(image)), frame_of_reference_uid: None }
}

fn region(region: &sr::Region) -> ForeignRegion {
    let shape = Shape { graphic: region.graphic, points: region.points.clone() };
    match &region.on {
        RegionOn::Image(image) => {
            ForeignRegion { shape, image: Some(place(image)), frame_of_reference_uid: None }
        }
        RegionOn::Space(uid) => {
            ForeignRegion { shape, image: None, frame_of_reference_uid: Some(uid.clone()) }
        }
    }
}
