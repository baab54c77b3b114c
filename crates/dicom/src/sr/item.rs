//! Content items (PS3.3 §C.17.3.2), made.

use super::Code;
use crate::{DataSet, Tag, Vr, data_set, tags};

/// How an item belongs to the one it is in (PS3.3 Table C.17.3-8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// It is part of it.
    Contains,
    /// It says who observed, and what.
    HasObsContext,
    /// It narrows the concept's meaning.
    HasConceptMod,
    /// It says what more is true of it.
    HasProperties,
    /// The value was computed from it.
    InferredFrom,
    /// The coordinates lie on it.
    SelectedFrom,
}

impl Relation {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Contains => "CONTAINS",
            Self::HasObsContext => "HAS OBS CONTEXT",
            Self::HasConceptMod => "HAS CONCEPT MOD",
            Self::HasProperties => "HAS PROPERTIES",
            Self::InferredFrom => "INFERRED FROM",
            Self::SelectedFrom => "SELECTED FROM",
        }
    }
}

/// What coordinates draw (PS3.3 §C.18.6.1.2, §C.18.9.1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Graphic {
    /// One point.
    Point,
    /// Several points.
    Multipoint,
    /// Lines from point to point; closed when the last point is the first.
    Polyline,
    /// The centre and a point on the circle.
    Circle,
    /// The ends of the major axis, then those of the minor axis.
    Ellipse,
    /// A closed outline in space.
    Polygon,
    /// The ends of the three axes of a body in space.
    Ellipsoid,
}

impl Graphic {
    /// The defined term.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Point => "POINT",
            Self::Multipoint => "MULTIPOINT",
            Self::Polyline => "POLYLINE",
            Self::Circle => "CIRCLE",
            Self::Ellipse => "ELLIPSE",
            Self::Polygon => "POLYGON",
            Self::Ellipsoid => "ELLIPSOID",
        }
    }

    /// The graphic of a defined term.
    #[must_use]
    pub fn parse(term: &str) -> Option<Self> {
        let all = [
            Self::Point,
            Self::Multipoint,
            Self::Polyline,
            Self::Circle,
            Self::Ellipse,
            Self::Polygon,
            Self::Ellipsoid,
        ];
        all.into_iter().find(|graphic| graphic.as_str() == term)
    }
}

/// A content item on its way into a tree.
#[derive(Debug, Clone)]
pub struct Item(DataSet);

impl Item {
    fn new(relation: Relation, kind: &str, name: Option<&Code>) -> Self {
        let mut set = DataSet::new();
        set.put_text(tags::RELATIONSHIP_TYPE, relation.as_str());
        set.put_text(tags::VALUE_TYPE, kind);
        if let Some(name) = name {
            set.put_items(tags::CONCEPT_NAME_CODE_SEQUENCE, vec![name.to_item()]);
        }
        Self(set)
    }

    /// A container; `template` is the TID it follows.
    #[must_use]
    pub fn container(name: &Code, template: Option<&str>, children: Vec<Self>) -> Self {
        let mut item = Self::new(Relation::Contains, "CONTAINER", Some(name));
        item.0.put_text(tags::CONTINUITY_OF_CONTENT, "SEPARATE");
        if let Some(template) = template {
            let mut of = DataSet::new();
            of.put_text(tags::MAPPING_RESOURCE, "DCMR");
            of.put_text(tags::TEMPLATE_IDENTIFIER, template);
            item.0.put_items(tags::CONTENT_TEMPLATE_SEQUENCE, vec![of]);
        }
        item.with(children)
    }

    /// Text.
    #[must_use]
    pub fn text(relation: Relation, name: &Code, text: &str) -> Self {
        let mut item = Self::new(relation, "TEXT", Some(name));
        item.0.put_text(tags::TEXT_VALUE, text);
        item
    }

    /// A person's name.
    #[must_use]
    pub fn person(relation: Relation, name: &Code, person: &str) -> Self {
        let mut item = Self::new(relation, "PNAME", Some(name));
        item.0.put_text(tags::PERSON_NAME, person);
        item
    }

    /// A UID.
    #[must_use]
    pub fn uid(relation: Relation, name: &Code, uid: &str) -> Self {
        let mut item = Self::new(relation, "UIDREF", Some(name));
        item.0.put_text(tags::UID, uid);
        item
    }

    /// A concept as value.
    #[must_use]
    pub fn code(relation: Relation, name: &Code, value: &Code) -> Self {
        let mut item = Self::new(relation, "CODE", Some(name));
        item.0.put_items(tags::CONCEPT_CODE_SEQUENCE, vec![value.to_item()]);
        item
    }

    /// A number with its unit. Decimal strings have 16 characters: the exact number is beside it where
    /// those do not say it all (PS3.3 Table C.18.1-1).
    #[must_use]
    pub fn number(name: &Code, value: f64, unit: &Code) -> Self {
        let mut measured = DataSet::new();
        let decimal = data_set::decimal_string(value);
        measured.put_text_as(tags::NUMERIC_VALUE, Vr::DS, &decimal);
        if decimal.parse() != Ok(value) {
            measured.put_f64(tags::FLOATING_POINT_VALUE, value);
        }
        measured.put_items(tags::MEASUREMENT_UNITS_CODE_SEQUENCE, vec![unit.to_item()]);
        let mut item = Self::new(Relation::Contains, "NUM", Some(name));
        item.0.put_items(tags::MEASURED_VALUE_SEQUENCE, vec![measured]);
        item
    }

    /// Coordinates on an image, in columns and rows from the corner of the first pixel: its centre is
    /// at (0.5, 0.5) (PS3.3 §C.18.6.1.1).
    #[must_use]
    pub fn on_image(relation: Relation, name: Option<&Code>, graphic: Graphic, points: &[f64]) -> Self {
        let mut item = Self::new(relation, "SCOORD", name);
        item.0.put_text(tags::GRAPHIC_TYPE, graphic.as_str());
        item.0.put_bytes(tags::GRAPHIC_DATA, Vr::FL, singles(points));
        item
    }

    /// Coordinates in space, in mm in a frame of reference.
    #[must_use]
    pub fn in_space(
        relation: Relation,
        name: Option<&Code>,
        graphic: Graphic,
        points: &[f64],
        frame_of_reference: &str,
    ) -> Self {
        let mut item = Self::new(relation, "SCOORD3D", name);
        item.0.put_text(tags::GRAPHIC_TYPE, graphic.as_str());
        item.0.put_bytes(tags::GRAPHIC_DATA, Vr::FL, singles(points));
        item.0.put_text(tags::REFERENCED_FRAME_OF_REFERENCE_UID, frame_of_reference);
        item
    }

    /// An image, or one of its frames.
    #[must_use]
    pub fn image(
        relation: Relation,
        name: Option<&Code>,
        sop_class: &str,
        sop: &str,
        frame: Option<u32>,
    ) -> Self {
        let mut item = Self::new(relation, "IMAGE", name);
        item.0.put_items(tags::REFERENCED_SOP_SEQUENCE, vec![reference(sop_class, sop, frame)]);
        item
    }

    /// With when it was observed (VR DT).
    #[must_use]
    pub fn observed(mut self, at: &str) -> Self {
        self.0.put_text(tags::OBSERVATION_DATE_TIME, at);
        self
    }

    /// With items in it, after those it has.
    #[must_use]
    pub fn with(mut self, children: Vec<Self>) -> Self {
        let mut all = self.0.items(tags::CONTENT_SEQUENCE).to_vec();
        all.extend(children.into_iter().map(|child| child.0));
        if !all.is_empty() {
            self.0.put_items(tags::CONTENT_SEQUENCE, all);
        }
        self
    }

    /// Puts it into a document as its root.
    pub fn into_root(self, document: &mut DataSet) {
        let ours = self.0.into_iter().filter(|element| element.tag != tags::RELATIONSHIP_TYPE);
        for element in ours {
            document.insert(element);
        }
    }
}

/// An item of a sequence of references to instances.
#[must_use]
pub fn reference(sop_class: &str, sop: &str, frame: Option<u32>) -> DataSet {
    let mut item = DataSet::new();
    item.put_text(tags::REFERENCED_SOP_CLASS_UID, sop_class);
    item.put_text(tags::REFERENCED_SOP_INSTANCE_UID, sop);
    if let Some(frame) = frame {
        item.put_text(tags::REFERENCED_FRAME_NUMBER, &frame.to_string());
    }
    item
}

/// References by exam and series, as evidence and predecessors are told (PS3.3 Table C.17-3).
#[must_use]
pub fn references_by_series<'a>(
    tag: Tag,
    study: &str,
    instances: impl IntoIterator<Item = (&'a str, &'a str, &'a str)>,
) -> Option<(Tag, Vec<DataSet>)> {
    let mut by_series: std::collections::BTreeMap<&str, Vec<DataSet>> = std::collections::BTreeMap::new();
    for (series, sop_class, sop) in instances {
        by_series.entry(series).or_default().push(reference(sop_class, sop, None));
    }
    if by_series.is_empty() {
        return None;
    }
    let series = by_series.into_iter().map(|(uid, instances)| {
        let mut item = DataSet::new();
        item.put_text(tags::SERIES_INSTANCE_UID, uid);
        item.put_items(tags::REFERENCED_SOP_SEQUENCE, instances);
        item
    });
    let mut exam = DataSet::new();
    exam.put_text(tags::STUDY_INSTANCE_UID, study);
    exam.put_items(tags::REFERENCED_SERIES_SEQUENCE, series.collect());
    Some((tag, vec![exam]))
}

fn singles(points: &[f64]) -> Vec<u8> {
    points.iter().flat_map(|number| (*number as f32).to_le_bytes()).collect()
}
