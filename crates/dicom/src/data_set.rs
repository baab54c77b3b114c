//! Data sets (PS3.5 §7): elements sorted by tag, sequences as nested data sets.
//! Values are kept as the bytes that were read, in little endian and in their character set;
//! the typed look-ups in [`get`](self) and the `put_…` methods convert.

mod get;
mod private;
mod put;

pub(crate) use get::{Kind, Number, ascii_values, is_single, kind, number_size, numbers};
pub(crate) use put::{decimal_string, is_encoded, pad, padding};

use crate::{Charset, Tag, Vr, tags};
use bytes::Bytes;

/// Elements sorted by tag, no tag twice. Cheap to clone: values share the bytes they were read from.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct DataSet {
    elements: Vec<Element>,
    charset: Charset,
}

/// One element (PS3.5 §7.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// What it says.
    pub tag: Tag,
    /// How the value is written.
    pub vr: Vr,
    /// The value.
    pub value: Value,
}

/// The value of an element.
#[derive(Clone, PartialEq, Eq)]
pub enum Value {
    /// Everything but sequences and encapsulated pixel data: little endian, text not yet decoded,
    /// padding kept.
    Bytes(Bytes),
    /// The items of a sequence.
    Items(Vec<DataSet>),
    /// Encapsulated pixel data.
    Fragments(Box<Fragments>),
}

/// Encapsulated pixel data (PS3.5 §A.4).
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Fragments {
    /// The basic offset table's value, often empty.
    pub offset_table: Bytes,
    /// The fragments that follow it.
    pub fragments: Vec<Bytes>,
}

impl DataSet {
    /// An empty data set.
    #[must_use]
    pub const fn new() -> Self {
        Self { elements: Vec::new(), charset: Charset::DEFAULT }
    }

    /// Takes elements in any order; of two with the same tag the later one counts.
    #[must_use]
    pub fn from_elements(mut elements: Vec<Element>, inherited: Charset) -> Self {
        if !elements.is_sorted_by(|a, b| a.tag < b.tag) {
            sort(&mut elements);
        }
        let mut data_set = Self { elements, charset: inherited };
        data_set.charset = data_set.declared_charset().unwrap_or(inherited);
        data_set
    }

    /// Takes what a reader found, whose character set is known already; or gives back the tag of
    /// two elements that contradict each other.
    pub(crate) fn assemble(mut elements: Vec<Element>, charset: Charset) -> Result<Self, Tag> {
        if !elements.is_sorted_by(|a, b| a.tag < b.tag) {
            elements.sort_by_key(|element| element.tag);
            let pair = elements.array_windows().find(|[a, b]| a.tag == b.tag && a != b);
            if let Some([contradicting, _]) = pair {
                return Err(contradicting.tag);
            }
            elements.dedup();
        }
        Ok(Self { elements, charset })
    }

    /// The element of a tag.
    #[must_use]
    pub fn get(&self, tag: Tag) -> Option<&Element> {
        self.position(tag).ok().map(|at| &self.elements[at])
    }

    /// The element of a tag, to be changed.
    pub fn get_mut(&mut self, tag: Tag) -> Option<&mut Element> {
        self.position(tag).ok().map(|at| &mut self.elements[at])
    }

    /// Whether there is an element of this tag, even an empty one.
    #[must_use]
    pub fn contains(&self, tag: Tag) -> bool {
        self.position(tag).is_ok()
    }

    /// All elements by ascending tag.
    pub fn iter(&self) -> std::slice::Iter<'_, Element> {
        self.elements.iter()
    }

    /// How many elements it has, not counting nested ones.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.elements.len()
    }

    /// Whether it has no element.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.elements.is_empty()
    }

    /// Puts an element in its place, giving back the one it replaces.
    /// A Specific Character Set declares how text is read from then on; it does not re-encode any.
    pub fn insert(&mut self, element: Element) -> Option<Element> {
        let tag = element.tag;
        let old = match self.position(tag) {
            Ok(at) => Some(std::mem::replace(&mut self.elements[at], element)),
            Err(at) => {
                self.elements.insert(at, element);
                None
            }
        };
        self.settle_charset(tag);
        old
    }

    /// Takes an element out.
    pub fn remove(&mut self, tag: Tag) -> Option<Element> {
        let at = self.position(tag).ok()?;
        Some(self.elements.remove(at))
    }

    /// The same, in memory of its own.
    #[must_use]
    pub fn detached(&self) -> Self {
        Self { elements: self.elements.iter().map(Element::detached).collect(), charset: self.charset }
    }

    /// Keeps the elements the predicate wants.
    pub fn retain(&mut self, keep: impl FnMut(&Element) -> bool) {
        self.elements.retain(keep);
    }

    /// The character set its text is in: its own, else the one of the data set around it.
    #[must_use]
    pub const fn charset(&self) -> &Charset {
        &self.charset
    }

    fn position(&self, tag: Tag) -> Result<usize, usize> {
        self.elements.binary_search_by_key(&tag, |element| element.tag)
    }

    fn declared_charset(&self) -> Option<Charset> {
        match &self.get(tags::SPECIFIC_CHARACTER_SET)?.value {
            Value::Bytes(bytes) => Some(Charset::parse(bytes)),
            _ => None,
        }
    }

    /// After a change of `tag`: items inherit the character set of what they are in (PS3.5 §7.5.3).
    fn settle_charset(&mut self, tag: Tag) {
        if tag == tags::SPECIFIC_CHARACTER_SET {
            let charset = self.declared_charset().unwrap_or_default();
            self.inherit(charset);
        } else if let Ok(at) = self.position(tag) {
            inherit_items(&mut self.elements[at], self.charset);
        }
    }

    fn inherit(&mut self, charset: Charset) {
        self.charset = charset;
        for element in &mut self.elements {
            inherit_items(element, charset);
        }
    }
}

fn inherit_items(element: &mut Element, charset: Charset) {
    if let Value::Items(items) = &mut element.value {
        let inheriting = items.iter_mut().filter(|item| item.declared_charset().is_none());
        inheriting.filter(|item| item.charset != charset).for_each(|item| item.inherit(charset));
    }
}

impl Element {
    /// The same, in memory of its own: what is kept for long must not hold the file it was read from.
    #[must_use]
    pub fn detached(&self) -> Self {
        let copied = |bytes: &Bytes| Bytes::copy_from_slice(bytes);
        let value = match &self.value {
            Value::Bytes(bytes) => Value::Bytes(copied(bytes)),
            Value::Items(items) => Value::Items(items.iter().map(DataSet::detached).collect()),
            Value::Fragments(pixels) => Value::Fragments(Box::new(Fragments {
                offset_table: copied(&pixels.offset_table),
                fragments: pixels.fragments.iter().map(copied).collect(),
            })),
        };
        Self { value, ..*self }
    }
}

/// Stable, so that of equal tags the last one read stays last and can be kept.
fn sort(elements: &mut Vec<Element>) {
    elements.sort_by_key(|element| element.tag);
    elements.dedup_by(|later, kept| {
        let same = later.tag == kept.tag;
        if same {
            std::mem::swap(later, kept);
        }
        same
    });
}

impl<'a> IntoIterator for &'a DataSet {
    type Item = &'a Element;
    type IntoIter = std::slice::Iter<'a, Element>;
    fn into_iter(self) -> Self::IntoIter {
        self.elements.iter()
    }
}

impl IntoIterator for DataSet {
    type Item = Element;
    type IntoIter = std::vec::IntoIter<Element>;
    fn into_iter(self) -> Self::IntoIter {
        self.elements.into_iter()
    }
}

impl FromIterator<Element> for DataSet {
    fn from_iter<I: IntoIterator<Item = Element>>(elements: I) -> Self {
        Self::from_elements(elements.into_iter().collect(), Charset::DEFAULT)
    }
}

/// Shows how many elements, never a value: data sets are protected health information.
impl std::fmt::Debug for DataSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DataSet({} elements)", self.elements.len())
    }
}

/// Shows sizes, never content.
impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Bytes(bytes) => write!(f, "{} bytes", bytes.len()),
            Self::Items(items) => write!(f, "{} items", items.len()),
            Self::Fragments(pixels) => write!(f, "{} fragments", pixels.fragments.len()),
        }
    }
}

impl Value {
    /// The plain bytes, if it is not a sequence and not encapsulated.
    #[must_use]
    pub const fn bytes(&self) -> Option<&Bytes> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// Whether nothing is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Bytes(bytes) => bytes.is_empty(),
            Self::Items(items) => items.is_empty(),
            Self::Fragments(pixels) => pixels.fragments.is_empty(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn element(group: u16, value: &'static str) -> Element {
        Element { tag: Tag(group, 0x0010), vr: Vr::LO, value: Value::Bytes(Bytes::from(value)) }
    }

    #[test]
    fn elements_are_sorted_and_the_later_duplicate_counts() {
        let set: DataSet = [element(0x20, "b"), element(0x10, "a"), element(0x20, "c")].into_iter().collect();
        assert_eq!(set.iter().map(|e| e.tag.0).collect::<Vec<_>>(), [0x10, 0x20]);
        assert_eq!(set.text(Tag(0x20, 0x10)).as_deref(), Some("c"));
    }

    #[test]
    fn insert_gives_back_what_it_replaces() {
        let mut set = DataSet::new();
        assert!(set.insert(element(0x10, "a")).is_none());
        assert!(set.insert(element(0x10, "b")).is_some());
        assert_eq!(set.len(), 1);
        assert!(set.remove(Tag(0x10, 0x10)).is_some());
        assert!(set.is_empty());
    }

    #[test]
    fn debug_shows_no_value() {
        let set: DataSet = [element(0x10, "Doe^Jane")].into_iter().collect();
        assert!(!format!("{set:?} {:?}", set.get(Tag(0x10, 0x10))).contains("Doe"));
    }
}
