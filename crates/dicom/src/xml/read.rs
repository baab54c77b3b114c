//! XML to data set.

use super::write::{GROUPS, PARTS};
use crate::bulk::{BulkPath, BulkReference, Metadata};
use crate::data_set::pad;
use crate::json::values_to_bytes;
use crate::{Charset, DataSet, Element, Tag, Value, Vr, dictionary, tags};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use serde_json::Value as Json;

/// As deep as the reader of data sets goes.
const MAX_DEPTH: usize = 64;
/// More values than any attribute has, so that a number can't ask for endless empty ones.
const MAX_VALUES: usize = 1 << 16;

/// Why XML is not a data set. Never carries a value.
#[derive(Debug, thiserror::Error)]
pub enum XmlError {
    /// Not XML, or XML that ends early.
    #[error("not well-formed XML, at byte {at}")]
    Syntax {
        /// Where.
        at: u64,
    },
    /// Another document.
    #[error("the document is not a NativeDicomModel")]
    NotTheModel,
    /// An attribute without a proper tag or VR.
    #[error("a DicomAttribute at byte {at} has no proper tag or VR")]
    NoTag {
        /// Where.
        at: u64,
    },
    /// An attribute is not as Annex A.1 wants it.
    #[error("{tag}: {problem}")]
    Attribute {
        /// Which.
        tag: Tag,
        /// What is wrong.
        problem: &'static str,
    },
}

/// Reads one `NativeDicomModel` document.
///
/// # Errors
/// [`XmlError`], naming the attribute.
pub fn from_xml(text: &[u8]) -> Result<Metadata, XmlError> {
    let mut parser = Parser { xml: Reader::from_reader(text), path: Vec::new(), bulk: Vec::new() };
    loop {
        match parser.next()? {
            Event::Start(start) if start.local_name().as_ref() == b"NativeDicomModel" => break,
            Event::Empty(start) if start.local_name().as_ref() == b"NativeDicomModel" => {
                return Ok(Metadata::in_utf_8(DataSet::new(), Vec::new()));
            }
            Event::Start(_) | Event::Empty(_) | Event::Eof => return Err(XmlError::NotTheModel),
            _ => {}
        }
    }
    let data_set = parser.data_set()?;
    Ok(Metadata::in_utf_8(data_set, parser.bulk))
}

struct Parser<'a> {
    xml: Reader<&'a [u8]>,
    path: Vec<(Tag, usize)>,
    bulk: Vec<BulkReference>,
}

/// What stands inside one attribute.
#[derive(Default)]
struct Content {
    values: Vec<Json>,
    items: Vec<DataSet>,
    binary: Option<Bytes>,
    uri: Option<String>,
}

impl<'a> Parser<'a> {
    fn next(&mut self) -> Result<Event<'a>, XmlError> {
        let at = self.xml.buffer_position();
        self.xml.read_event().map_err(|_| XmlError::Syntax { at })
    }

    const fn malformed(&self) -> XmlError {
        XmlError::Syntax { at: self.xml.buffer_position() }
    }

    /// The attributes up to the end of the element that is open.
    fn data_set(&mut self) -> Result<DataSet, XmlError> {
        let mut data_set = DataSet::from_elements(Vec::new(), Charset::UTF_8);
        loop {
            let (start, is_empty) = match self.next()? {
                Event::Start(start) => (start, false),
                Event::Empty(start) => (start, true),
                Event::End(_) => return Ok(data_set),
                Event::Eof => return Err(self.malformed()),
                _ => continue,
            };
            if start.local_name().as_ref() == b"DicomAttribute" {
                self.attribute(&start, is_empty, &mut data_set)?;
            } else if !is_empty {
                self.skip(&start)?;
            }
        }
    }

    fn attribute(
        &mut self,
        start: &BytesStart<'_>,
        is_empty: bool,
        to: &mut DataSet,
    ) -> Result<(), XmlError> {
        let no_tag = XmlError::NoTag { at: self.xml.buffer_position() };
        let Some(tag) = named(start, b"tag").as_deref().and_then(parse_tag) else {
            return Err(no_tag);
        };
        let tag = match named(start, b"privateCreator") {
            Some(creator) => private_tag(to, tag, &creator),
            None => tag,
        };
        let vr = match named(start, b"vr") {
            Some(vr) => vr.parse().map_err(|_| no_tag)?,
            None => dictionary::implicit_vr(tag, false),
        };
        let content = if is_empty { Content::default() } else { self.content(tag)? };
        let value = self.value(tag, vr, content)?;
        to.insert(Element { tag, vr, value });
        Ok(())
    }

    fn content(&mut self, tag: Tag) -> Result<Content, XmlError> {
        let mut content = Content::default();
        loop {
            match self.next()? {
                Event::Start(start) => self.part(tag, &start, &mut content)?,
                Event::Empty(start) => match start.local_name().as_ref() {
                    b"BulkData" => content.uri = named(&start, b"uri").or_else(|| named(&start, b"uuid")),
                    b"Item" => content.items.push(DataSet::from_elements(Vec::new(), Charset::UTF_8)),
                    _ => {}
                },
                Event::End(_) => return Ok(content),
                Event::Eof => return Err(self.malformed()),
                _ => {}
            }
        }
    }

    fn part(&mut self, tag: Tag, start: &BytesStart<'_>, content: &mut Content) -> Result<(), XmlError> {
        let wrong = |problem| XmlError::Attribute { tag, problem };
        match start.local_name().as_ref() {
            b"Value" => {
                let text = self.text()?;
                place(&mut content.values, number(start), text).ok_or(wrong("has too many values"))
            }
            b"PersonName" => {
                let name = self.person_name()?;
                place(&mut content.values, number(start), name).ok_or(wrong("has too many values"))
            }
            b"InlineBinary" => {
                let text: String = self.text()?.split_ascii_whitespace().collect();
                let bytes =
                    STANDARD.decode(text).map_err(|_| wrong("has an InlineBinary that is not base64"))?;
                content.binary = Some(bytes.into());
                Ok(())
            }
            b"BulkData" => {
                content.uri = named(start, b"uri").or_else(|| named(start, b"uuid"));
                self.skip(start)
            }
            b"Item" if self.path.len() >= MAX_DEPTH => Err(wrong("is nested too deep")),
            b"Item" => {
                self.path.push((tag, content.items.len()));
                content.items.push(self.data_set()?);
                self.path.pop();
                Ok(())
            }
            _ => self.skip(start),
        }
    }

    fn value(&mut self, tag: Tag, vr: Vr, content: Content) -> Result<Value, XmlError> {
        if vr == Vr::SQ && (content.uri.is_some() || content.binary.is_some()) {
            return Err(XmlError::Attribute { tag, problem: "is a sequence and must have items" });
        }
        if let Some(uri) = content.uri {
            self.bulk.push(BulkReference { path: BulkPath { items: self.path.clone(), tag }, uri });
            return Ok(Value::Bytes(Bytes::new()));
        }
        if vr == Vr::SQ {
            return Ok(Value::Items(content.items));
        }
        if let Some(bytes) = content.binary {
            return Ok(Value::Bytes(pad(bytes.into(), vr).into()));
        }
        if tag == tags::SPECIFIC_CHARACTER_SET && !content.values.is_empty() {
            return Ok(Value::Bytes(Bytes::from_static(b"ISO_IR 192")));
        }
        let bytes =
            values_to_bytes(vr, &content.values).map_err(|problem| XmlError::Attribute { tag, problem })?;
        Ok(Value::Bytes(pad(bytes, vr).into()))
    }

    /// Family^given^middle^prefix^suffix of up to three groups.
    fn person_name(&mut self) -> Result<String, XmlError> {
        let mut groups: [String; 3] = Default::default();
        loop {
            match self.next()? {
                Event::Start(start) => {
                    let name = start.local_name();
                    match GROUPS.iter().position(|group| group.as_bytes() == name.as_ref()) {
                        Some(index) => groups[index] = self.name_parts()?,
                        None => self.skip(&start)?,
                    }
                }
                Event::End(_) => return Ok(groups.join("=").trim_end_matches('=').to_owned()),
                Event::Eof => return Err(self.malformed()),
                _ => {}
            }
        }
    }

    fn name_parts(&mut self) -> Result<String, XmlError> {
        let mut parts: [String; 5] = Default::default();
        loop {
            match self.next()? {
                Event::Start(start) => {
                    let name = start.local_name();
                    match PARTS.iter().position(|part| part.as_bytes() == name.as_ref()) {
                        Some(index) => parts[index] = self.text()?,
                        None => self.skip(&start)?,
                    }
                }
                Event::End(_) => return Ok(parts.join("^").trim_end_matches('^').to_owned()),
                Event::Eof => return Err(self.malformed()),
                _ => {}
            }
        }
    }

    /// The text up to the end of the element that is open.
    fn text(&mut self) -> Result<String, XmlError> {
        let mut text = String::new();
        loop {
            match self.next()? {
                Event::Text(part) => text.push_str(&part.xml_content().map_err(|_| self.malformed())?),
                Event::CData(part) => text.push_str(&part.xml_content().map_err(|_| self.malformed())?),
                Event::GeneralRef(reference) => {
                    let character = reference.resolve_char_ref().map_err(|_| self.malformed())?;
                    match (character, reference.as_ref()) {
                        (Some(character), _) => text.push(character),
                        (None, name) => text.push_str(entity(name).ok_or_else(|| self.malformed())?),
                    }
                }
                Event::End(_) => return Ok(text),
                Event::Start(_) | Event::Eof => return Err(self.malformed()),
                _ => {}
            }
        }
    }

    fn skip(&mut self, start: &BytesStart<'_>) -> Result<(), XmlError> {
        let end = start.to_end().into_owned();
        self.xml.read_to_end(end.name()).map(drop).map_err(|_| self.malformed())
    }
}

fn entity(name: &[u8]) -> Option<&'static str> {
    Some(match name {
        b"amp" => "&",
        b"lt" => "<",
        b"gt" => ">",
        b"quot" => "\"",
        b"apos" => "'",
        _ => return None,
    })
}

fn named(start: &BytesStart<'_>, name: &[u8]) -> Option<String> {
    let attribute = start.try_get_attribute(name).ok()??;
    Some(attribute.unescape_value().ok()?.into_owned())
}

fn number(start: &BytesStart<'_>) -> Option<usize> {
    named(start, b"number")?.parse().ok()
}

fn parse_tag(text: &str) -> Option<Tag> {
    let hex = text.len() == 8 && text.bytes().all(|b| b.is_ascii_hexdigit());
    let number = u32::from_str_radix(text, 16).ok().filter(|_| hex)?;
    Some(Tag((number >> 16) as u16, number as u16))
}

/// Puts a value at its number, or after the others if it has none; `None` if there are too many.
fn place(values: &mut Vec<Json>, number: Option<usize>, text: String) -> Option<()> {
    let index = number.map_or(values.len(), |number| number.saturating_sub(1));
    if index >= MAX_VALUES {
        return None;
    }
    if index >= values.len() {
        values.resize(index + 1, Json::Null);
    }
    values[index] = Json::String(text);
    Some(())
}

/// The tag of a private element in the block of its creator, which gets one if it has none yet.
fn private_tag(data_set: &mut DataSet, tag: Tag, creator: &str) -> Tag {
    if tag.1 > 0xFF || tag.0.is_multiple_of(2) {
        return tag;
    }
    if let Some(known) = data_set.private_tag(tag.0, creator, tag.1 as u8) {
        return known;
    }
    let free = (0x10..=0xFF).map(|block| Tag(tag.0, block)).find(|block| !data_set.contains(*block));
    let Some(block) = free else {
        return tag;
    };
    data_set.put_text_as(block, Vr::LO, creator);
    Tag(tag.0, block.1 << 8 | tag.1)
}
