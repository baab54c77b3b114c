//! A table, row by row: of a delimited file the delimiter and character set are found or told; a Parquet file is known
//! by its first bytes. Columns by name.

use crate::columnar::{self, MAGIC};
use crate::input::Input;
use encoding_rs::{Encoding, UTF_8};
use std::cell::Cell;
use std::collections::{BTreeSet, HashMap};
use std::io::{self, BufRead, BufReader, Read};
use std::rc::Rc;

/// No row is longer; a quote that is never closed would swallow the file.
const LONGEST: u64 = 16 << 20;
/// The header is looked for in so many bytes.
const HEADER: usize = 64 << 10;

/// Why a table can't be read; holds nothing of it.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The bytes don't come.
    #[error("can't read the table")]
    Io(#[from] io::Error),
    /// No character set of this name.
    #[error("unknown character set `{0}`; one of the web's names is meant, such as utf-8 or windows-1252")]
    Charset(String),
    /// UTF-16, which can't be read by bytes.
    #[error("this is UTF-16; save the table as UTF-8")]
    Wide,
    /// Nothing in it.
    #[error("the table is empty: not even a header")]
    Empty,
    /// A column twice.
    #[error("the header names a column twice")]
    ColumnTwice,
    /// A row that doesn't end.
    #[error("a row of more than 16 MiB behind line {line}: probably a quote that is not closed")]
    TooLong {
        /// The last line that was read.
        line: u64,
    },
    /// The mapping is wrong.
    #[error("{0}")]
    Mapping(String),
    /// An OMOP folder without its patients.
    #[error("there is no PERSON table: nobody whose records these could be")]
    NoPerson,
    /// A Parquet file that can't be read, or not further.
    #[error("the Parquet file can't be read: {0}")]
    Parquet(String),
    /// Not a VCF.
    #[error("{0}")]
    Vcf(&'static str),
}

/// How a file is written, as far as it is known beforehand.
#[derive(Debug, Clone, Default)]
pub(crate) struct Form {
    pub delimiter: Option<u8>,
    pub charset: Option<String>,
    /// The columns that are wanted, in small letters; all where nobody says.
    pub wanted: Option<BTreeSet<String>>,
}

/// An open file.
pub(crate) struct Sheet {
    rows: Rows,
    pub columns: Rc<Columns>,
    line: u64,
}

enum Rows {
    Delimited(Box<Delimited>),
    Parquet(Box<columnar::Rows>),
}

struct Delimited {
    rows: csv::Reader<Bounded>,
    since_row: Rc<Cell<u64>>,
    encoding: &'static Encoding,
    record: csv::ByteRecord,
}

/// Where each column stands.
#[derive(Debug, Default)]
pub(crate) struct Columns {
    /// As the header writes them.
    pub names: Vec<String>,
    /// Columns that hold lists or groups: they have no cells.
    pub nested: Vec<String>,
    /// Whether the cells of each are numbers or moments by their type.
    typed: Vec<bool>,
    at: HashMap<String, usize>,
}

impl Columns {
    fn new(names: Vec<String>) -> Result<Self, TableError> {
        let at: HashMap<_, _> =
            names.iter().enumerate().map(|(at, name)| (name.to_ascii_lowercase(), at)).collect();
        let named = names.iter().filter(|name| !name.is_empty()).count();
        if at.len() - usize::from(at.contains_key("")) != named {
            return Err(TableError::ColumnTwice);
        }
        Ok(Self { names, nested: Vec::new(), typed: Vec::new(), at })
    }

    /// True when there is a column of this name, in small letters.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.at.contains_key(name)
    }
}

/// A row: its line in the file, and its cells.
pub(crate) struct Row {
    pub line: u64,
    cells: Vec<String>,
    columns: Rc<Columns>,
}

/// Why a row can't be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BadRow {
    pub line: u64,
    pub why: &'static str,
}

impl Row {
    /// What stands in a column, trimmed; none when it is empty or there is no such column.
    pub(crate) fn get(&self, column: &str) -> Option<&str> {
        let cell = self.cells.get(*self.columns.at.get(column)?)?.trim();
        (!cell.is_empty()).then_some(cell)
    }

    /// Whether a column's cells are numbers or moments by their type: then no mapping need say how they are written.
    pub(crate) fn is_typed(&self, column: &str) -> bool {
        let at = self.columns.at.get(column);
        at.and_then(|at| self.columns.typed.get(*at)).copied().unwrap_or_default()
    }
}

impl Sheet {
    pub(crate) fn open(input: Box<dyn Input>, form: &Form) -> Result<Self, TableError> {
        if let Some(file) = input.at_any_place()?
            && file.length() >= MAGIC.len() as u64
            && file.read_at(0, MAGIC.len())?[..] == MAGIC[..]
        {
            return Self::parquet(columnar::Rows::open(file, form.wanted.as_ref())?);
        }
        Self::delimited(input, form)
    }

    /// The first and the last word of a place in it: `line`, or `row` where there are no lines.
    pub(crate) const fn unit(&self) -> &'static str {
        match self.rows {
            Rows::Delimited(_) => "line",
            Rows::Parquet(_) => "row",
        }
    }

    fn parquet((rows, nested): (columnar::Rows, Vec<String>)) -> Result<Self, TableError> {
        let names = rows.columns().iter().map(|column| column.name.trim().to_owned()).collect();
        let typed = rows.columns().iter().map(|column| column.typed).collect();
        let columns = Columns { nested, typed, ..Columns::new(names)? };
        Ok(Self { rows: Rows::Parquet(Box::new(rows)), columns: Rc::new(columns), line: 0 })
    }

    fn delimited(input: Box<dyn Input>, form: &Form) -> Result<Self, TableError> {
        let encoding = match &form.charset {
            Some(label) => {
                Encoding::for_label(label.as_bytes()).ok_or_else(|| TableError::Charset(label.clone()))?
            }
            None => UTF_8,
        };
        let mut input = BufReader::with_capacity(HEADER, input);
        let start = input.fill_buf()?;
        if start.starts_with(b"\xFF\xFE") || start.starts_with(b"\xFE\xFF") || !encoding.is_ascii_compatible()
        {
            return Err(TableError::Wide);
        }
        let mark = if start.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        let delimiter = form.delimiter.unwrap_or_else(|| sniff(&start[mark..]));
        input.consume(mark);
        let since_row = Rc::new(Cell::new(0));
        let bounded = Bounded { inner: input, since_row: since_row.clone() };
        let rows = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .from_reader(bounded);
        let mut rows = Delimited { rows, since_row, encoding, record: csv::ByteRecord::new() };
        let mut line = 0;
        let columns = Rc::new(rows.header(&mut line)?);
        Ok(Self { rows: Rows::Delimited(Box::new(rows)), columns, line })
    }

    /// The next row; none behind the last one.
    pub(crate) fn next_row(&mut self) -> Result<Option<Result<Row, BadRow>>, TableError> {
        let wide = self.columns.names.len();
        let cells = match &mut self.rows {
            Rows::Delimited(rows) => rows.next_cells(&mut self.line)?.map(|cells| match cells {
                Err(()) => Err("not in the character set of the table"),
                Ok(cells) if cells.len() != wide => Err("it has more or fewer cells than the header"),
                Ok(cells) => Ok(cells),
            }),
            Rows::Parquet(rows) => {
                self.line += 1;
                rows.next_row()?
            }
        };
        let Some(cells) = cells else { return Ok(None) };
        let (line, columns) = (self.line, self.columns.clone());
        Ok(Some(cells.map(|cells| Row { line, cells, columns }).map_err(|why| BadRow { line, why })))
    }
}

impl Delimited {
    fn header(&mut self, line: &mut u64) -> Result<Columns, TableError> {
        let names = match self.next_cells(line)? {
            None => return Err(TableError::Empty),
            Some(Err(_)) => return Err(TableError::Mapping("the header is not in the character set".into())),
            Some(Ok(names)) => names,
        };
        Columns::new(names.iter().map(|name| name.trim().to_owned()).collect())
    }

    fn next_cells(&mut self, line: &mut u64) -> Result<Option<Result<Vec<String>, ()>>, TableError> {
        self.since_row.set(0);
        match self.rows.read_byte_record(&mut self.record) {
            Ok(false) => return Ok(None),
            Ok(true) => {}
            Err(_) if self.since_row.get() > LONGEST => return Err(TableError::TooLong { line: *line }),
            Err(error) => return Err(cause(error).into()),
        }
        *line = self.record.position().map_or(*line + 1, csv::Position::line);
        let cells = self.record.iter().map(|cell| {
            let text = self.encoding.decode_without_bom_handling_and_without_replacement(cell);
            text.map(std::borrow::Cow::into_owned).ok_or(())
        });
        Ok(Some(cells.collect()))
    }
}

/// The reader's own error, not wrapped: whoever gave the bytes knows it.
fn cause(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        _ => io::Error::other("the table can't be parsed"),
    }
}

/// The delimiter that the header has most of, outside of quotes.
fn sniff(start: &[u8]) -> u8 {
    let mut quoted = false;
    let mut counts = [(b',', 0), (b'\t', 0), (b';', 0), (b'|', 0)];
    for byte in start {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            _ if !quoted => {
                counts.iter_mut().filter(|(one, _)| one == byte).for_each(|(_, count)| *count += 1);
            }
            _ => {}
        }
    }
    // The first of those that are equal.
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(one, _)| *one)
}

/// Stops within a row that is too long.
struct Bounded {
    inner: BufReader<Box<dyn Input>>,
    since_row: Rc<Cell<u64>>,
}

impl Read for Bounded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.since_row.set(self.since_row.get() + read as u64);
        if self.since_row.get() > LONGEST {
            return Err(io::Error::other("a row too long"));
        }
        Ok(read)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn open(bytes: &'static [u8], form: &Form) -> Result<Sheet, TableError> {
        Sheet::open(Box::new(bytes), form)
    }

    #[test]
    fn delimiters_are_found() {
        for text in ["a;b,c;d\n1;2;3\n", "a\tb\n", "a|b\n", "\"a,b\";c;d\n", "\u{feff}a,b\n"] {
            let sheet = open(text.as_bytes(), &Form::default()).unwrap();
            assert_eq!(sheet.columns.names[0].chars().next(), Some('a'), "{text}");
            assert!(sheet.columns.names.len() > 1, "{text}");
        }
    }

    #[test]
    fn rows_know_their_lines_and_bad_ones_are_told() {
        let mut sheet = open(b"A,b\n\"x\ny\",2\n3\n\xE9,4\n 5 ,\n", &Form::default()).unwrap();
        let row = sheet.next_row().unwrap().unwrap().ok().unwrap();
        assert_eq!((row.line, row.get("a"), row.get("b"), row.get("c")), (2, Some("x\ny"), Some("2"), None));
        let short = sheet.next_row().unwrap().unwrap().err().unwrap();
        assert_eq!((short.line, short.why), (4, "it has more or fewer cells than the header"));
        assert_eq!(sheet.next_row().unwrap().unwrap().err().unwrap().line, 5);
        let row = sheet.next_row().unwrap().unwrap().ok().unwrap();
        assert_eq!((row.get("a"), row.get("b")), (Some("5"), None));
        assert!(sheet.next_row().unwrap().is_none());
    }

    #[test]
    fn character_sets_are_told() {
        let form = Form { charset: Some("windows-1252".into()), ..Form::default() };
        let mut sheet = open(b"a,b\n\xE9,\x80\n", &form).unwrap();
        assert_eq!(sheet.next_row().unwrap().unwrap().ok().unwrap().get("b"), Some("€"));
        assert!(matches!(open(b"\xFF\xFEa\0", &Form::default()), Err(TableError::Wide)));
        let form = Form { charset: Some("latin-99".into()), ..Form::default() };
        assert!(matches!(open(b"a", &form), Err(TableError::Charset(_))));
        assert!(matches!(open(b"", &Form::default()), Err(TableError::Empty)));
        assert!(matches!(open(b"a,A\n", &Form::default()), Err(TableError::ColumnTwice)));
    }

    #[test]
    fn a_quote_that_is_never_closed_does_not_fill_the_memory() {
        let endless = b"a\n\"".chain(io::repeat(b'x'));
        let mut sheet = Sheet::open(Box::new(endless), &Form::default()).unwrap();
        assert!(matches!(sheet.next_row(), Err(TableError::TooLong { line: 1 })));
    }
}
