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
    /// Its groups, in the document's order.
    pub groups: Vec<Group>,
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
    /// What the observer wrote.
    pub comments: Vec<String>,
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
    let in_library = || item.parents.iter().any(|at| items[*at].node.is(&concepts::LIBRARY));
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
    Some(Measured { name, derivation: derivation.map(Code::of), value, unit })
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
