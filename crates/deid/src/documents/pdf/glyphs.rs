//! Every operator that shows text, of pages and of the forms they use.

use super::super::Doubt;
use super::font::{Font, Style};
use super::real;
use super::state::{Matrix, State};
use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Document, Object, ObjectId, Stream};
use std::collections::HashMap;
use std::rc::Rc;

/// Something that is shown, and where.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::documents) struct Glyph {
    pub text: Box<str>,
    /// Where it begins, on the base line, in points.
    pub from: (f64, f64),
    /// Where it ends.
    pub to: (f64, f64),
    /// How high a line is, in points.
    pub size: f64,
    pub style: Style,
    /// Glyphs of one string that is shown have one number.
    pub run: usize,
    /// It stands for something that was taken out.
    pub is_label: bool,
}

/// More than any report has.
const MOST_GLYPHS: usize = 1_000_000;
const MOST_OPERATIONS: usize = 5_000_000;
/// Forms in forms.
const DEEPEST: usize = 12;

/// Reads pages one after the other.
pub(super) struct Reader<'a> {
    document: &'a Document,
    fonts: HashMap<ObjectId, Rc<Font>>,
    glyphs: Vec<Glyph>,
    /// Points² of the page that pictures cover, those over one another counted each.
    pictured: f64,
    run: usize,
    operations: usize,
    bytes_left: usize,
    shown: usize,
}

const DAMAGED: Doubt = Doubt("a page can't be read");
const TOO_MUCH: Doubt = Doubt("there is more in it than can be read");

impl<'a> Reader<'a> {
    pub(super) fn new(document: &'a Document, bytes: usize) -> Self {
        Self {
            document,
            fonts: HashMap::new(),
            glyphs: Vec::new(),
            pictured: 0.0,
            run: 0,
            operations: 0,
            bytes_left: bytes,
            shown: 0,
        }
    }

    /// What a page shows, and how much of it is pictures.
    pub(super) fn page(&mut self, page: &'a Dictionary) -> Result<(Vec<Glyph>, f64), Doubt> {
        let content = self.contents(page)?;
        let resources = super::inherited(self.document, page, b"Resources").and_then(|r| r.as_dict().ok());
        self.content(&content, resources, State::new(Matrix::ONE), 0)?;
        Ok((std::mem::take(&mut self.glyphs), std::mem::take(&mut self.pictured)))
    }

    /// The streams of a page are read as one (ISO 32000-1 §7.8.2).
    fn contents(&mut self, page: &'a Dictionary) -> Result<Vec<u8>, Doubt> {
        let Ok(object) = page.get_deref(b"Contents", self.document) else { return Ok(Vec::new()) };
        let streams = match object {
            Object::Array(streams) => streams.iter().collect(),
            one => vec![one],
        };
        let mut content = Vec::new();
        for stream in streams {
            let (_, object) = self.document.dereference(stream).map_err(|_| DAMAGED)?;
            content.extend(self.bytes_of(object.as_stream().map_err(|_| DAMAGED)?)?);
            content.push(b'\n');
        }
        Ok(content)
    }

    fn bytes_of(&mut self, stream: &Stream) -> Result<Vec<u8>, Doubt> {
        let content = stream.get_plain_content_with_limit(self.bytes_left).map_err(|_| DAMAGED)?;
        self.bytes_left = self.bytes_left.saturating_sub(content.len());
        Ok(content)
    }

    fn content(
        &mut self,
        content: &[u8],
        resources: Option<&'a Dictionary>,
        start: State,
        depth: usize,
    ) -> Result<(), Doubt> {
        if depth > DEEPEST {
            return Err(TOO_MUCH);
        }
        let content = Content::decode(content).map_err(|_| DAMAGED)?;
        let (mut state, mut saved) = (start, Vec::new());
        for operation in &content.operations {
            self.operations += 1;
            if self.operations > MOST_OPERATIONS || saved.len() > 1000 {
                return Err(TOO_MUCH);
            }
            match operation.operator.as_str() {
                "q" => saved.push(state.clone()),
                "Q" => state = saved.pop().unwrap_or(state),
                "Do" => self.object(operation, resources, &state, depth)?,
                "Tf" => self.choose(operation, resources, &mut state)?,
                "gs" => self.graphics_state(operation, resources, &mut state)?,
                "BI" => self.pictured += state.ctm.area(),
                _ => self.text(operation, &mut state)?,
            }
        }
        Ok(())
    }

    fn resource(&self, resources: Option<&'a Dictionary>, kind: &[u8], name: &Object) -> Option<&'a Object> {
        let all = resources?.get_deref(kind, self.document).and_then(Object::as_dict).ok()?;
        all.get(name.as_name().ok()?).ok()
    }

    fn object(
        &mut self,
        operation: &Operation,
        resources: Option<&'a Dictionary>,
        state: &State,
        depth: usize,
    ) -> Result<(), Doubt> {
        let found = operation.operands.first().and_then(|name| self.resource(resources, b"XObject", name));
        let Some(found) = found else { return Ok(()) };
        let (_, object) = self.document.dereference(found).map_err(|_| DAMAGED)?;
        let stream = object.as_stream().map_err(|_| DAMAGED)?;
        if stream.dict.get_deref(b"Subtype", self.document).and_then(Object::as_name).ok() != Some(b"Form") {
            self.pictured += state.ctm.area();
            return Ok(());
        }
        let matrix = stream.dict.get_deref(b"Matrix", self.document).and_then(Object::as_array);
        let numbers: Vec<_> = matrix.into_iter().flatten().filter_map(|n| real(self.document, n)).collect();
        let own = <[f64; 6]>::try_from(numbers).map_or(Matrix::ONE, Matrix);
        let inner = stream.dict.get_deref(b"Resources", self.document).and_then(Object::as_dict).ok();
        let content = self.bytes_of(stream)?;
        let start = State { ctm: own.then(state.ctm), ..state.clone() };
        self.content(&content, inner.or(resources), start, depth + 1)
    }

    fn choose(
        &mut self,
        operation: &Operation,
        resources: Option<&'a Dictionary>,
        state: &mut State,
    ) -> Result<(), Doubt> {
        let [name, size] = operation.operands.as_slice() else { return Err(DAMAGED) };
        let font = self.resource(resources, b"Font", name);
        state.font = font.map(|font| self.font(font)).transpose()?;
        state.size = real(self.document, size).ok_or(DAMAGED)?;
        Ok(())
    }

    /// A graphics state may choose a font as well (ISO 32000-1 Table 58).
    fn graphics_state(
        &mut self,
        operation: &Operation,
        resources: Option<&'a Dictionary>,
        state: &mut State,
    ) -> Result<(), Doubt> {
        let found = operation.operands.first().and_then(|name| self.resource(resources, b"ExtGState", name));
        let font = found
            .and_then(|found| self.document.dereference(found).ok()?.1.as_dict().ok())
            .and_then(|dict| dict.get_deref(b"Font", self.document).and_then(Object::as_array).ok());
        if let Some([font, size]) = font.map(Vec::as_slice) {
            state.font = Some(self.font(font)?);
            state.size = real(self.document, size).ok_or(DAMAGED)?;
        }
        Ok(())
    }

    fn font(&mut self, object: &Object) -> Result<Rc<Font>, Doubt> {
        let (id, dict) = self.document.dereference(object).map_err(|_| DAMAGED)?;
        if let Some(font) = id.and_then(|id| self.fonts.get(&id)) {
            return Ok(font.clone());
        }
        let font = Rc::new(Font::read(self.document, dict.as_dict().map_err(|_| DAMAGED)?, self.bytes_left)?);
        if let Some(id) = id {
            self.fonts.insert(id, font.clone());
        }
        Ok(font)
    }

    fn text(&mut self, operation: &Operation, state: &mut State) -> Result<(), Doubt> {
        let operands = &operation.operands;
        let number = |at: usize| operands.get(at).and_then(|n| real(self.document, n)).ok_or(DAMAGED);
        match operation.operator.as_str() {
            "cm" => state.ctm = matrix(operands)?.then(state.ctm),
            "BT" => (state.text, state.line) = (Matrix::ONE, Matrix::ONE),
            "Tm" => {
                state.line = matrix(operands)?;
                state.text = state.line;
            }
            "Tc" => state.between_letters = number(0)?,
            "Tw" => state.between_words = number(0)?,
            "Tz" => state.stretch = number(0)? / 100.0,
            "TL" => state.leading = number(0)?,
            "Ts" => state.rise = number(0)?,
            "Td" => state.next_line(number(0)?, number(1)?),
            "TD" => {
                state.leading = -number(1)?;
                state.next_line(number(0)?, number(1)?);
            }
            "T*" => state.next_line(0.0, -state.leading),
            "Tj" => self.show(operands.first(), state)?,
            "'" => {
                state.next_line(0.0, -state.leading);
                self.show(operands.first(), state)?;
            }
            "\"" => {
                (state.between_words, state.between_letters) = (number(0)?, number(1)?);
                state.next_line(0.0, -state.leading);
                self.show(operands.get(2), state)?;
            }
            "TJ" => self.show_pieces(operands.first(), state)?,
            _ => {}
        }
        Ok(())
    }

    fn show_pieces(&mut self, pieces: Option<&Object>, state: &mut State) -> Result<(), Doubt> {
        let pieces = pieces.and_then(|pieces| pieces.as_array().ok()).ok_or(DAMAGED)?;
        for piece in pieces {
            match real(self.document, piece) {
                Some(back) => state.advance(-back / 1000.0 * state.size * state.stretch),
                None => self.show(Some(piece), state)?,
            }
        }
        Ok(())
    }

    fn show(&mut self, string: Option<&Object>, state: &mut State) -> Result<(), Doubt> {
        let bytes = string.and_then(|string| string.as_str().ok()).ok_or(DAMAGED)?;
        let font = state.font.clone().ok_or(Doubt("text has no font"))?;
        self.run += 1;
        for code in font.codes(bytes) {
            let width = code.width / 1000.0;
            let place = state.rendering();
            let word = if code.is_space { state.between_words } else { 0.0 };
            let by = (width * state.size + state.between_letters + word) * state.stretch;
            if let Some(text) = code.text {
                self.push(&text, place, width, font.style)?;
            }
            state.advance(by);
        }
        Ok(())
    }

    fn push(&mut self, text: &str, place: Matrix, width: f64, style: Style) -> Result<(), Doubt> {
        self.shown += 1;
        if self.shown > MOST_GLYPHS {
            return Err(TOO_MUCH);
        }
        let (from, to) = (place.apply((0.0, 0.0)), place.apply((width, 0.0)));
        let [_, _, c, d, ..] = place.0;
        let size = c.hypot(d);
        let sound = |n: f64| n.is_finite() && n.abs() < 1e6;
        if ![from.0, from.1, to.0, to.1, size].into_iter().all(sound) {
            return Err(DAMAGED);
        }
        let run = self.run;
        self.glyphs.push(Glyph { text: text.into(), from, to, size, style, run, is_label: false });
        Ok(())
    }
}

fn matrix(operands: &[Object]) -> Result<Matrix, Doubt> {
    let numbers: Vec<_> = operands.iter().filter_map(|n| n.as_float().ok().map(f64::from)).collect();
    <[f64; 6]>::try_from(numbers).map(Matrix).map_err(|_| DAMAGED)
}
