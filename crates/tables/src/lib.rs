//! `tables` — tables in: OMOP CDM 5.4, any delimited or Parquet file with a mapping, and variants per subject (VCF), as
//! [`clinical::Statement`]s.
//!
//! Takes readers; gives [`clinical::Part`]s one after the other, a row at a time. Each row is read, kept or refused,
//! and [`Count`] says how many of each there were. Nothing is as large in memory as a file: of a vocabulary only the
//! concepts that are used, of ids a bit each, of a Parquet file a page of each column.
//!
//! Read in this order: [`input`], `sheet`, `columnar`, `values`, `count`, `ids`, `omop`, `mapped`, `vcf`, `codes`.

pub mod codes;
mod columnar;
mod count;
mod ids;
pub mod input;
pub mod mapped;
pub mod omop;
mod sheet;
mod values;
pub mod vcf;

pub use count::Count;
pub use sheet::TableError;
