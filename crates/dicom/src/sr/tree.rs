//! Content trees of any writer, walked without recursion.

use super::{Code, Graphic};
use crate::{DataSet, tags};

/// Items of one document that are looked at; more than any report of measurements has.
const MOST_ITEMS: usize = 200_000;
/// Items in one another; templates nest less than ten.
const DEEPEST: usize = 32;

/// An item of a content tree.
#[derive(Debug, Clone, Copy)]
pub struct Node<'a>(pub &'a DataSet);

/// An item with its way from the root.
#[derive(Debug, Clone)]
pub struct Found<'a> {
    /// The item.
    pub node: Node<'a>,
    /// The items it is in, the root first, as places in the list of all.
    pub parents: Vec<usize>,
}

impl<'a> Node<'a> {
    /// (0040,A040), such as `NUM`.
    #[must_use]
    pub fn kind(self) -> String {
        self.0.text(tags::VALUE_TYPE).unwrap_or_default()
    }

    /// (0040,A010), such as `CONTAINS`.
    #[must_use]
    pub fn relation(self) -> String {
        self.0.text(tags::RELATIONSHIP_TYPE).unwrap_or_default()
    }

    /// What it is about.
    #[must_use]
    pub fn name(self) -> Option<Code> {
        self.0.items(tags::CONCEPT_NAME_CODE_SEQUENCE).first().map(Code::of)
    }

    /// Whether it is about this.
    #[must_use]
    pub fn is(self, concept: &Code) -> bool {
        self.name().is_some_and(|name| name.means(concept))
    }

    /// The items in it.
    pub fn children(self) -> impl Iterator<Item = Node<'a>> {
        self.0.items(tags::CONTENT_SEQUENCE).iter().map(Node)
    }

    /// The first item in it about this.
    #[must_use]
    pub fn child(self, concept: &Code) -> Option<Node<'a>> {
        self.children().find(|child| child.is(concept))
    }

    /// Its value as words: text, a UID, a person's name, a code's meaning.
    #[must_use]
    pub fn words(self) -> Option<String> {
        let text = |tag| self.0.text(tag).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        match self.kind().as_str() {
            "TEXT" => text(tags::TEXT_VALUE),
            "UIDREF" => text(tags::UID),
            "PNAME" => text(tags::PERSON_NAME),
            "CODE" => {
                self.0.items(tags::CONCEPT_CODE_SEQUENCE).first().map(|item| Code::of(item).meaning.into())
            }
            _ => None,
        }
    }

    /// Its value where that is coded.
    #[must_use]
    pub fn code(self) -> Option<Code> {
        (self.kind() == "CODE").then(|| self.0.items(tags::CONCEPT_CODE_SEQUENCE).first().map(Code::of))?
    }

    /// Its number and unit.
    #[must_use]
    pub fn number(self) -> Option<(f64, Code)> {
        let measured = self.0.items(tags::MEASURED_VALUE_SEQUENCE).first()?;
        let exact = measured.float(tags::FLOATING_POINT_VALUE);
        let value =
            exact.or_else(|| measured.float(tags::NUMERIC_VALUE)).filter(|value| value.is_finite())?;
        let unit = measured.items(tags::MEASUREMENT_UNITS_CODE_SEQUENCE).first().map(Code::of);
        Some((value, unit.unwrap_or(Code::known("1", "UCUM", "no units"))))
    }

    /// Its coordinates.
    #[must_use]
    pub fn coordinates(self) -> Option<(Graphic, Vec<f64>)> {
        let graphic = Graphic::parse(self.0.text(tags::GRAPHIC_TYPE)?.trim())?;
        let points = self.0.floats(tags::GRAPHIC_DATA);
        (!points.is_empty() && points.iter().all(|number| number.is_finite())).then_some((graphic, points))
    }
}

/// All items of a document, each after the one it is in.
#[must_use]
pub fn all(document: &DataSet) -> Vec<Found<'_>> {
    let mut found = vec![Found { node: Node(document), parents: Vec::new() }];
    let mut at = 0;
    while at < found.len() && found.len() < MOST_ITEMS {
        let parents: Vec<usize> = found[at].parents.iter().copied().chain([at]).collect();
        let node = found[at].node;
        let room = if parents.len() < DEEPEST { MOST_ITEMS - found.len() } else { 0 };
        found.extend(node.children().take(room).map(|node| Found { node, parents: parents.clone() }));
        at += 1;
    }
    found
}
