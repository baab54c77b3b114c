//! XML as a tree, without what could bring in anything from elsewhere.

use super::super::Doubt;
use quick_xml::Reader;
use quick_xml::escape::{escape, resolve_predefined_entity};
use quick_xml::events::{BytesStart, Event};
use std::borrow::Cow;

/// An element.
#[derive(Debug, Clone, Default)]
pub(super) struct Node {
    /// With its prefix.
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub content: Vec<Content>,
}

/// What an element holds.
#[derive(Debug, Clone)]
pub(super) enum Content {
    Element(Node),
    Text(String),
}

impl Node {
    /// The name without its prefix.
    pub(super) fn local(&self) -> &str {
        self.name.rsplit(':').next().unwrap_or_default()
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(one, _)| one == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn children(&self) -> impl Iterator<Item = &Self> {
        self.content.iter().filter_map(|content| match content {
            Content::Element(node) => Some(node),
            Content::Text(_) => None,
        })
    }

    /// All text in it.
    pub(super) fn text(&self) -> String {
        let parts = self.content.iter().map(|content| match content {
            Content::Element(node) => format!("{} ", node.text()),
            Content::Text(text) => text.clone(),
        });
        parts.collect()
    }
}

/// Elements in elements.
const DEEPEST: usize = 128;

const UNREADABLE: Doubt = Doubt("it can't be read as XML");

/// Reads a document; a document type or an entity of its own is refused.
pub(super) fn read(bytes: &[u8]) -> Result<Node, Doubt> {
    let text = decoded(bytes)?;
    let mut reader = Reader::from_str(&text);
    reader.config_mut().check_end_names = true;
    let mut open: Vec<Node> = vec![Node::default()];
    loop {
        let event = reader.read_event().map_err(|_| UNREADABLE)?;
        let top = open.last_mut().ok_or(UNREADABLE)?;
        match event {
            Event::Start(start) => {
                if open.len() > DEEPEST {
                    return Err(UNREADABLE);
                }
                open.push(node(&start)?);
            }
            Event::Empty(start) => top.content.push(Content::Element(node(&start)?)),
            Event::End(_) => {
                let done = open.pop().ok_or(UNREADABLE)?;
                open.last_mut().ok_or(UNREADABLE)?.content.push(Content::Element(done));
            }
            Event::Text(text) => add(top, &text.decode().map_err(|_| UNREADABLE)?),
            Event::CData(text) => add(top, &text.decode().map_err(|_| UNREADABLE)?),
            Event::GeneralRef(entity) => {
                let letter = entity.resolve_char_ref().map_err(|_| UNREADABLE)?.map(String::from);
                let name = entity.decode().map_err(|_| UNREADABLE)?;
                let known = letter.or_else(|| resolve_predefined_entity(&name).map(str::to_owned));
                add(top, &known.ok_or(Doubt("it uses entities of its own"))?);
            }
            Event::DocType(_) => return Err(Doubt("it declares a document type")),
            Event::Comment(_) | Event::PI(_) | Event::Decl(_) => {}
            Event::Eof => break,
        }
    }
    let [outside] = <[Node; 1]>::try_from(open).map_err(|_| UNREADABLE)?;
    let is_blank = |content: &Content| matches!(content, Content::Text(text) if text.trim().is_empty());
    let mut inside = outside.content.into_iter().filter(|content| !is_blank(content));
    match (inside.next(), inside.next()) {
        (Some(Content::Element(root)), None) => Ok(root),
        _ => Err(UNREADABLE),
    }
}

/// References split a text; it is one all the same.
fn add(node: &mut Node, text: &str) {
    match node.content.last_mut() {
        Some(Content::Text(last)) => last.push_str(text),
        _ => node.content.push(Content::Text(text.to_owned())),
    }
}

/// UTF-8, or Latin-1 where the document says so.
fn decoded(bytes: &[u8]) -> Result<Cow<'_, str>, Doubt> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let end = bytes.iter().rposition(|byte| !matches!(byte, 0 | b' ')).map_or(0, |at| at + 1);
    let bytes = &bytes[..end];
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).to_lowercase();
    let declared =
        head.split("encoding=").nth(1).and_then(|rest| rest.split(['"', '\'']).nth(1).map(str::to_owned));
    match declared.as_deref() {
        None | Some("utf-8" | "us-ascii") => {
            std::str::from_utf8(bytes).map(Cow::from).map_err(|_| UNREADABLE)
        }
        Some("iso-8859-1") => Ok(bytes.iter().map(|byte| char::from(*byte)).collect::<String>().into()),
        Some(_) => Err(Doubt("its XML is in an encoding that is not read")),
    }
}

fn node(start: &BytesStart<'_>) -> Result<Node, Doubt> {
    let name = std::str::from_utf8(start.name().into_inner()).map_err(|_| UNREADABLE)?.to_owned();
    let attributes = start.attributes().map(|attribute| {
        let attribute = attribute.map_err(|_| UNREADABLE)?;
        let key = std::str::from_utf8(attribute.key.into_inner()).map_err(|_| UNREADABLE)?.to_owned();
        let value = attribute.unescape_value().map_err(|_| Doubt("it uses entities of its own"))?;
        Ok((key, value.into_owned()))
    });
    Ok(Node { name, attributes: attributes.collect::<Result<_, Doubt>>()?, content: Vec::new() })
}

/// The document; the same tree always gives the same text.
pub(super) fn write(root: &Node) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    put(root, &mut out);
    out.push('\n');
    out
}

fn put(node: &Node, out: &mut String) {
    out.push('<');
    out.push_str(&node.name);
    for (name, value) in &node.attributes {
        out.push_str(&format!(" {name}=\"{}\"", escape(value.as_str())));
    }
    if node.content.is_empty() {
        out.push_str("/>");
        return;
    }
    out.push('>');
    for content in &node.content {
        match content {
            Content::Element(node) => put(node, out),
            Content::Text(text) => out.push_str(&escape(text.as_str())),
        }
    }
    out.push_str(&format!("</{}>", node.name));
}
