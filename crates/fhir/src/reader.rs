//! A file of FHIR, part by part.

use crate::bundle::{self, Content, Entry};
use crate::json::{self, JsonError};
use crate::names;
use crate::references::{Known, Target};
use crate::resource::Translator;
use clinical::Part;
use serde_json::{Map, Value};
use std::collections::VecDeque;
use std::io::{self, BufRead, Read};

/// Where a file comes from: what the ids in it mean.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The base address of the server that gave the ids, where it is known.
    pub system: Option<String>,
    /// A name of the file itself, such as `urn:sha256:…`: what ids within a Bundle mean when no server is known.
    pub file: String,
    /// The largest Bundle, and the longest line, in bytes.
    pub largest: u64,
}

impl Origin {
    /// A file of this name, with the usual bound.
    #[must_use]
    pub fn new(system: Option<&str>, file: &str) -> Self {
        let system = system.map(|system| system.trim_end_matches('/').to_owned());
        Self { system, file: file.to_owned(), largest: 256 << 20 }
    }
}

/// Why a file as a whole can't be read; holds nothing of it.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The bytes don't come.
    #[error("can't read the file")]
    Io(#[from] io::Error),
    /// FHIR's other form.
    #[error("this is XML; FHIR is read as JSON or NDJSON")]
    Xml,
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// Too much at once.
    #[error("a Bundle or a line of more than {largest} bytes; split it, or export it as NDJSON")]
    TooLarge {
        /// The bound.
        largest: u64,
    },
    /// No JSON.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// JSON, but of something else.
    #[error("not FHIR: no resourceType")]
    NotFhir,
}

/// Reads a Bundle, a resource or NDJSON lines; gives each entry's parts in order.
pub struct Reader<R> {
    input: R,
    origin: Origin,
    waiting: VecDeque<Part>,
    /// The number of the last line, once it is known that there are lines.
    line: Option<usize>,
    started: bool,
}

impl<R: BufRead> Reader<R> {
    /// Reads from here on.
    pub fn new(input: R, origin: Origin) -> Self {
        Self { input, origin, waiting: VecDeque::new(), line: None, started: false }
    }

    fn fill(&mut self) -> Result<bool, ReadError> {
        if !self.started {
            self.started = true;
            self.start()?;
            return Ok(true);
        }
        let Some(line) = self.line else { return Ok(false) };
        let Some(bytes) = self.next_line()? else { return Ok(false) };
        self.line = Some(line + 1);
        self.take_line(&bytes, line + 1);
        Ok(true)
    }

    /// Finds out what the file is: lines when the first one, or the one behind it, is a whole object.
    fn start(&mut self) -> Result<(), ReadError> {
        let mut blank = 0;
        let mut first = loop {
            let line = self.next_line()?.ok_or(ReadError::Empty)?;
            let line = line.strip_prefix(b"\xEF\xBB\xBF").map_or(line.clone(), <[u8]>::to_vec);
            if line.iter().any(|byte| !byte.is_ascii_whitespace()) {
                break line;
            }
            blank += 1;
        };
        match first.trim_ascii_start() {
            [b'<', ..] => return Err(ReadError::Xml),
            [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => return Err(JsonError::NotUtf8.into()),
            _ => {}
        }
        let number = blank + 1;
        let Some(second) = self.next_line()? else {
            return self.whole(&first);
        };
        if is_object(&first) || is_object(&second) {
            self.take_line(&first, number);
            self.take_line(&second, number + 1);
            self.line = Some(number + 1);
            return Ok(());
        }
        first.extend(second);
        let room = (self.origin.largest + 1).saturating_sub(first.len() as u64);
        self.input.by_ref().take(room).read_to_end(&mut first)?;
        self.check(first.len())?;
        self.whole(&first)
    }

    fn check(&self, length: usize) -> Result<(), ReadError> {
        let largest = self.origin.largest;
        if length as u64 > largest { Err(ReadError::TooLarge { largest }) } else { Ok(()) }
    }

    fn next_line(&mut self) -> Result<Option<Vec<u8>>, ReadError> {
        let mut line = Vec::new();
        self.input.by_ref().take(self.origin.largest + 1).read_until(b'\n', &mut line)?;
        self.check(line.len())?;
        Ok((!line.is_empty()).then_some(line))
    }

    /// A document: a Bundle or a resource.
    fn whole(&mut self, bytes: &[u8]) -> Result<(), ReadError> {
        let Value::Object(object) = json::parse(bytes)? else { return Err(ReadError::NotFhir) };
        if !object.get("resourceType").is_some_and(Value::is_string) {
            return Err(ReadError::NotFhir);
        }
        self.take_document(object, "resource");
        Ok(())
    }

    fn take_line(&mut self, bytes: &[u8], number: usize) {
        let place = format!("line {number}");
        if bytes.trim_ascii().is_empty() {
            return;
        }
        match json::parse(bytes) {
            Ok(Value::Object(object)) => self.take_document(object, &place),
            Ok(_) => self.waiting.push_back(Part::refused(place, "not an object")),
            Err(JsonError::Syntax { column, what, .. }) => {
                self.waiting.push_back(Part::refused(place, format!("not JSON at column {column}: {what}")));
            }
            Err(error) => self.waiting.push_back(Part::refused(place, error.to_string())),
        }
    }

    fn take_document(&mut self, object: Map<String, Value>, place: &str) {
        let is_bundle = object.get("resourceType").is_some_and(|kind| kind == "Bundle");
        let alone = place == "resource";
        let entries = if is_bundle {
            bundle::entries(object, if alone { "" } else { place })
        } else {
            vec![Entry { place: place.into(), full_url: None, content: Content::Resource(object) }]
        };
        // Ids are told apart by their file only where the file is a world of its own.
        let file = is_bundle.then_some(self.origin.file.as_str());
        let known = known(&entries, self.origin.system.as_deref().or(file));
        let translator = Translator { scope: self.origin.system.as_deref(), file, known: &known };
        self.waiting.extend(entries.into_iter().flat_map(|entry| translator.entry(entry)));
    }
}

fn is_object(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    line.starts_with(b"{") && line.ends_with(b"}") && json::parse(line).is_ok_and(|value| value.is_object())
}

/// The names of all resources of a Bundle.
fn known(entries: &[Entry], scope: Option<&str>) -> Known {
    let mut known = Known::default();
    for entry in entries {
        let Content::Resource(resource) = &entry.content else { continue };
        let Some(kind) = resource.get("resourceType").and_then(Value::as_str) else { continue };
        let full_url = entry.full_url.as_deref();
        let scope = full_url.and_then(names::base_of).or(scope);
        let names = names::all(resource, kind, scope, full_url);
        known.add(&Target { kind: kind.into(), names });
    }
    known
}

impl<R: BufRead> Iterator for Reader<R> {
    type Item = Result<Part, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(part) = self.waiting.pop_front() {
                return Some(Ok(part));
            }
            match self.fill() {
                Ok(true) => {}
                Ok(false) => return None,
                Err(error) => {
                    self.line = None;
                    return Some(Err(error));
                }
            }
        }
    }
}
