//! The measurements in a report of any writer.
//!
//! TID 1500 gathers them in measurement groups. Reports from before it (AIM's, for one) have containers
//! of their own, with a tracking UID; where there is neither, what stands in one container belongs together.

use super::code::{Code, concepts};
use super::tree::{Found, Node, all};
use super::{COMPREHENSIVE_3D, Graphic};
use crate::{DataSet, tags};
use std::collections::BTreeMap;

/// A report as far as it measures.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Its title.
    pub title: String,
    /// The person who observed, as the report names them.
    pub author: Option<String>,
    /// The device or program that did, where no person is named.
    pub device: Option<String>,
    /// Who observed, as far as it is said.
    pub observer: Option<Observer>,
    /// Its groups, in the document's order.
    pub groups: Vec<Group>,
}

/// What kind of observer a report names (TID 1002).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Observer {
    /// A person, with whatever program.
    Person,
    /// A device or program alone.
    Device,
}

/// What was measured of one thing.
#[derive(Debug, Clone, Default)]
pub struct Group {
    /// The words it is tracked by.
    pub tracking_identifier: Option<String>,
    /// The UID it is tracked by.
    pub tracking_uid: Option<String>,
    /// What it is and where, in words.
    pub findings: Vec<String>,
    /// What it is, as coded.
    pub finding: Option<Code>,
    /// Where it is, as coded.
    pub site: Option<Code>,
    /// On which side that is, as coded.
    pub laterality: Option<Code>,
    /// What the observer wrote.
    pub comments: Vec<String>,
    /// The name and version of the algorithm that measured (TID 4019).
    pub algorithm: Option<String>,
    /// The series that was segmented, where it is named and no image is (TID 1411).
    pub source_series: Option<String>,
    /// The numbers.
    pub values: Vec<Measured>,
    /// Where it was drawn.
    pub regions: Vec<Region>,
    /// Images without coordinates it is about.
    pub images: Vec<ImageReference>,
}

/// A number.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// What it is.
    pub name: Code,
    /// How it was made of many: a mean, a maximum.
    pub derivation: Option<Code>,
    /// The number.
    pub value: f64,
    /// Its unit.
    pub unit: Code,
    /// What it says by itself, where it is not that of the group (TID 300, 1419).
    pub own: Own,
}

/// What a number says by itself.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Own {
    /// The image it was taken from.
    pub image: Option<ImageReference>,
    /// Where that is.
    pub site: Option<Code>,
    /// On which side.
    pub laterality: Option<Code>,
    /// The algorithm.
    pub algorithm: Option<String>,
}

/// Coordinates.
#[derive(Debug, Clone, PartialEq)]
pub struct Region {
    /// What they draw.
    pub graphic: Graphic,
    /// Column and row for each point, or x, y and z in mm.
    pub points: Vec<f64>,
    /// Where they lie.
    pub on: RegionOn,
}

/// What coordinates lie on.
#[derive(Debug, Clone, PartialEq)]
pub enum RegionOn {
    /// An image.
    Image(ImageReference),
    /// A frame of reference.
    Space(String),
}

/// An image, or one of its frames.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ImageReference {
    /// (0008,1150)
    pub sop_class: String,
    /// (0008,1155)
    pub sop: String,
    /// (0008,1160), the first of them.
    pub frame: Option<u32>,
}

/// Whether this kind of report may hold measurements of images: dose reports and logs have numbers of
/// another sort.
#[must_use]
pub fn is_report(sop_class: &str) -> bool {
    const CLASSES: [&str; 4] = [
        "1.2.840.10008.5.1.4.1.1.88.11",
        "1.2.840.10008.5.1.4.1.1.88.22",
        "1.2.840.10008.5.1.4.1.1.88.33",
        "1.2.840.10008.5.1.4.1.1.88.35",
    ];
    sop_class == COMPREHENSIVE_3D || CLASSES.contains(&sop_class)
}

/// Reads a report. What is not understood is left out.
#[must_use]
pub fn report(document: &DataSet) -> Report {
    let items = all(document);
    let mut groups: BTreeMap<usize, Group> = BTreeMap::new();
    for item in items.iter().filter(|item| counts(item, &items)) {
        if let Some(home) = home(item, &items) {
            let group = groups.entry(home).or_insert_with(|| described(items[home].node));
            take(group, item.node);
        }
    }
    let words = |concept| items.iter().find(|item| item.node.is(concept)).and_then(|item| item.node.words());
    Report {
        title: Node(document).name().map(|name| name.meaning.into()).unwrap_or_default(),
        author: words(&concepts::PERSON_NAME),
        device: words(&concepts::DEVICE_NAME),
        observer: observer(document, &items),
        groups: groups.into_values().filter(Group::says_something).collect(),
    }
}

impl Group {
    fn says_something(&self) -> bool {
        !self.values.is_empty() || !self.regions.is_empty() || self.tracking_uid.is_some()
    }
}

/// Whether an item is part of what was measured, not of how the images were acquired.
fn counts(item: &Found<'_>, items: &[Found<'_>]) -> bool {
    // Height and weight of the patient were not measured on images (TID 1007, 3602).
    let elsewhere = [concepts::LIBRARY, concepts::PATIENT_CHARACTERISTICS];
    let in_library =
        || item.parents.iter().any(|at| elsewhere.iter().any(|concept| items[*at].node.is(concept)));
    matches!(item.node.kind().as_str(), "NUM" | "SCOORD" | "SCOORD3D" | "IMAGE" | "TEXT" | "CODE")
        && item.node.relation() != "HAS ACQ CONTEXT"
        && !in_library()
}

/// The group an item belongs to: the outermost container that is tracked or called a group, else the
/// one around a number or coordinates.
fn home(item: &Found<'_>, items: &[Found<'_>]) -> Option<usize> {
    let mut inner = item.parents.iter().copied().skip(1);
    let tracked = |at: &usize| {
        let node = items[*at].node;
        node.is(&concepts::GROUP) || node.child(&concepts::TRACKING_UID).is_some()
    };
    inner.clone().find(tracked).or_else(|| {
        let measures = matches!(item.node.kind().as_str(), "NUM" | "SCOORD" | "SCOORD3D");
        inner.rfind(|at| items[*at].node.kind() == "CONTAINER").filter(|_| measures)
    })
}

fn described(group: Node<'_>) -> Group {
    let words = |concept| group.child(concept).and_then(Node::words);
    Group {
        tracking_identifier: words(&concepts::TRACKING_IDENTIFIER),
        tracking_uid: words(&concepts::TRACKING_UID),
        finding: group.child(&concepts::FINDING).and_then(Node::code),
        site: site(group),
        laterality: laterality(group),
        algorithm: algorithm(group),
        source_series: words(&concepts::SOURCE_SERIES),
        ..Group::default()
    }
}

fn take(group: &mut Group, node: Node<'_>) {
    match node.kind().as_str() {
        "NUM" => group.values.extend(measured(node)),
        "SCOORD" | "SCOORD3D" => {
            if let Some(region) = region(node).filter(|region| !group.regions.contains(region)) {
                group.regions.push(region);
            }
        }
        "IMAGE" if node.relation() == "CONTAINS" => group.images.extend(image(node)),
        "TEXT" if node.is(&concepts::COMMENT) => group.comments.extend(node.words()),
        "CODE" if node.is(&concepts::FINDING) || node.is(&concepts::FINDING_SITE) => {
            group.findings.extend(node.words());
        }
        _ => {}
    }
}

fn measured(node: Node<'_>) -> Option<Measured> {
    let (value, unit) = node.number()?;
    let derivation = node.child(&concepts::DERIVATION);
    let derivation = derivation.and_then(|item| item.0.items(tags::CONCEPT_CODE_SEQUENCE).first());
    let label =
        node.children().find(|child| child.name().is_some_and(|name| name.meaning == "Dimension Label"));
    let mut name = node.name().unwrap_or(Code::known("", "", "Value"));
    if let Some(label) = label.and_then(Node::words) {
        // AIM names every number alike and says in a label what it is.
        name.meaning = label.into();
    }
    let own = Own {
        image: measured_on(node),
        site: site(node),
        laterality: laterality(node),
        algorithm: algorithm(node),
    };
    Some(Measured { name, derivation: derivation.map(Code::of), value, unit, own })
}

/// A person where one is named, in the document or in its header; else a device where one is.
fn observer(document: &DataSet, items: &[Found<'_>]) -> Option<Observer> {
    let named = |concept: &Code| items.iter().any(|item| item.node.is(concept));
    let is = |concept: &Code| {
        let observers = items.iter().filter(|item| item.node.is(&concepts::OBSERVER_TYPE));
        observers.filter_map(|item| item.node.code()).any(|code| code.means(concept))
    };
    let types = document.items(tags::AUTHOR_OBSERVER_SEQUENCE).iter();
    let types: Vec<String> = types.filter_map(|item| item.text(tags::OBSERVER_TYPE)).collect();
    let typed = |word: &str| types.iter().any(|own| own.trim() == word);
    if is(&concepts::PERSON) || named(&concepts::PERSON_NAME) || typed("PSN") {
        return Some(Observer::Person);
    }
    let device = is(&concepts::DEVICE) || named(&concepts::DEVICE_UID) || typed("DEV");
    device.then_some(Observer::Device)
}

fn site(node: Node<'_>) -> Option<Code> {
    node.child(&concepts::FINDING_SITE).and_then(Node::code)
}

/// Beside the site or within it.
fn laterality(node: Node<'_>) -> Option<Code> {
    let within = node.child(&concepts::FINDING_SITE).and_then(|site| site.child(&concepts::LATERALITY));
    node.child(&concepts::LATERALITY).or(within).and_then(Node::code)
}

fn algorithm(node: Node<'_>) -> Option<String> {
    let name = node.child(&concepts::ALGORITHM_NAME).and_then(Node::words)?;
    let version = node.child(&concepts::ALGORITHM_VERSION).and_then(Node::words);
    Some(version.map_or_else(|| name.clone(), |version| format!("{name} {version}")))
}

/// The image a number was taken from, or that coordinates it was taken from lie on.
fn measured_on(node: Node<'_>) -> Option<ImageReference> {
    let direct = || node.children().filter(|child| child.kind() == "IMAGE").find_map(image);
    let drawn = node.children().filter(|child| child.kind() == "SCOORD");
    let drawn = drawn.flat_map(Node::children).filter(|child| child.kind() == "IMAGE");
    drawn.into_iter().find_map(image).or_else(direct)
}

fn region(node: Node<'_>) -> Option<Region> {
    let (graphic, points) = node.coordinates()?;
    let in_space = node.kind() == "SCOORD3D";
    if points.len() % if in_space { 3 } else { 2 } != 0 {
        return None;
    }
    let on = if in_space {
        RegionOn::Space(node.0.uid(tags::REFERENCED_FRAME_OF_REFERENCE_UID)?)
    } else {
        RegionOn::Image(node.children().find_map(image)?)
    };
    Some(Region { graphic, points, on })
}

fn image(node: Node<'_>) -> Option<ImageReference> {
    let item = node.0.items(tags::REFERENCED_SOP_SEQUENCE).first()?;
    let frame = item.int(tags::REFERENCED_FRAME_NUMBER).and_then(|frame| u32::try_from(frame).ok());
    Some(ImageReference {
        sop_class: item.uid(tags::REFERENCED_SOP_CLASS_UID).unwrap_or_default(),
        sop: item.uid(tags::REFERENCED_SOP_INSTANCE_UID)?,
        // Some writers count from 0; there is no frame 0.
        frame: frame.filter(|frame| *frame > 0),
    })
}
