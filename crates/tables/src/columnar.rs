//! A Parquet file, row by row: its typed columns as the cells that a delimited file would have. Rows are read a row
//! group at a time and a page of each column at a time; nothing else is in memory.
//! Read in this order: this file, [`cells`], [`chunks`].

mod cells;
mod chunks;

use crate::input::AtAnyPlace;
use crate::sheet::TableError;
use cells::Moments;
use chunks::Chunks;
use parquet::basic::{LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::{Row, reader::RowIter};
use parquet::schema::types::{Type, TypePtr};
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// How a Parquet file begins and ends.
pub(crate) const MAGIC: &[u8; 4] = b"PAR1";
/// The sizes behind the file's contents: theirs, and the end's sign.
const ENDS: usize = 8;
/// A file's contents are no longer: thousands of columns and row groups take a few MiB.
const CONTENTS: u64 = 64 << 20;

/// The rows of a file.
pub(crate) struct Rows {
    rows: RowIter<'static>,
    troubles: chunks::Troubles,
    columns: Vec<Column>,
    read: u64,
    all: u64,
    broken: bool,
}

/// A column whose cells are one value each.
pub(crate) struct Column {
    pub name: String,
    moments: Moments,
    /// Whether its cells are numbers or moments by their type, not texts that may be written in any way.
    pub typed: bool,
    /// Whether anybody wants its cells; else they are empty.
    wanted: bool,
}

/// A row: its cells, or why it has none.
pub(crate) type Cells = Result<Vec<String>, &'static str>;

impl Rows {
    /// Opens a file for some of its columns, by names in small letters, or for all; gives the names of those that hold
    /// lists or groups beside it.
    pub(crate) fn open(
        file: Arc<dyn AtAnyPlace>,
        wanted: Option<&BTreeSet<String>>,
    ) -> Result<(Self, Vec<String>), TableError> {
        check_ends(&*file)?;
        let chunks = Chunks::new(file);
        let troubles = chunks.troubles();
        let opened = guarded(|| {
            let reader = SerializedFileReader::new(chunks)?;
            let meta = reader.metadata().file_metadata();
            let all = u64::try_from(meta.num_rows()).unwrap_or_default();
            let (flat, nested): (Vec<_>, Vec<_>) =
                meta.schema().get_fields().iter().cloned().partition(|one| is_flat(one));
            let columns: Vec<Column> = flat.iter().map(|one| column(one, wanted)).collect();
            let read = flat.into_iter().zip(&columns).filter(|(_, column)| column.wanted).map(|(one, _)| one);
            let wanted =
                Type::group_type_builder(meta.schema().name()).with_fields(read.collect()).build()?;
            let rows = RowIter::from_file_into(Box::new(reader)).project(Some(wanted))?;
            let nested: Vec<String> = nested.iter().map(|one| one.name().to_owned()).collect();
            Ok((rows, columns, nested, all))
        });
        let (rows, columns, nested, all) = opened.map_err(|why| troubles.told(why, 0, 0))?;
        Ok((Self { rows, troubles, columns, read: 0, all, broken: false }, nested))
    }

    pub(crate) fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The next row; none behind the last one.
    pub(crate) fn next_row(&mut self) -> Result<Option<Cells>, TableError> {
        if self.broken {
            return Ok(None);
        }
        let rows = &mut self.rows;
        match guarded(|| rows.next().transpose()) {
            Ok(Some(row)) => {
                self.read += 1;
                Ok(Some(self.cells(row)))
            }
            Ok(None) if self.read < self.all => Err(self.breaks(Broken::Damaged)),
            Ok(None) => Ok(None),
            Err(why) => Err(self.breaks(why)),
        }
    }

    fn breaks(&mut self, why: Broken) -> TableError {
        self.broken = true;
        self.troubles.told(why, self.read, self.all)
    }

    fn cells(&self, row: Row) -> Cells {
        let fields = row.into_columns();
        let mut fields = fields.iter();
        let cell = |column: &Column| match column.wanted.then(|| fields.next()) {
            None => Ok(String::new()),
            Some(Some((_, field))) => cells::cell(field, column.moments),
            Some(None) => Err("it has fewer cells than there are columns"),
        };
        self.columns.iter().map(cell).collect()
    }
}

/// Why a file isn't read further.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Broken {
    Damaged,
    /// Compressed or written in a way that isn't known.
    Unknown,
}

/// A damaged file must not end more than its own reading: the library refuses some by panicking.
fn guarded<T>(work: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, Broken> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(ParquetError::NYI(_))) => Err(Broken::Unknown),
        _ => Err(Broken::Damaged),
    }
}

/// The sizes at the end are true before anything is made room for.
fn check_ends(file: &dyn AtAnyPlace) -> Result<(), TableError> {
    let all = file.length();
    let behind = all.checked_sub(ENDS as u64).filter(|behind| *behind >= MAGIC.len() as u64);
    let Some(behind) = behind else { return Err(TableError::Parquet(CUT_OFF.into())) };
    let end = file.read_at(behind, ENDS)?;
    if &end[4..] == b"PARE" {
        return Err(TableError::Parquet("it is encrypted".into()));
    }
    if &end[4..] != MAGIC {
        return Err(TableError::Parquet(CUT_OFF.into()));
    }
    let contents = u64::from(u32::from_le_bytes([end[0], end[1], end[2], end[3]]));
    if contents > behind - MAGIC.len() as u64 || contents > CONTENTS {
        return Err(TableError::Parquet("the size of its contents is not true".into()));
    }
    Ok(())
}

const CUT_OFF: &str = "it doesn't end as Parquet does; it was probably cut off, so copy it again";

fn is_flat(one: &Type) -> bool {
    let info = one.get_basic_info();
    one.is_primitive() && info.has_repetition() && info.repetition() != Repetition::REPEATED
}

fn column(of: &TypePtr, wanted: Option<&BTreeSet<String>>) -> Column {
    let info = of.get_basic_info();
    let moments = match info.logical_type_ref() {
        Some(LogicalType::Timestamp(stamp)) => {
            Moments { zoned: stamp.is_adjusted_to_u_t_c, nanos: stamp.unit == TimeUnit::NANOS, stamp: true }
        }
        _ => Moments::default(),
    };
    let typed = !matches!(of.get_physical_type(), Physical::BYTE_ARRAY | Physical::FIXED_LEN_BYTE_ARRAY)
        || matches!(info.logical_type_ref(), Some(LogicalType::Decimal(_)));
    let wanted = wanted.is_none_or(|wanted| wanted.contains(&info.name().trim().to_ascii_lowercase()));
    Column { name: info.name().to_owned(), moments, typed, wanted }
}
