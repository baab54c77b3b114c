//! `tables` — tables in: OMOP CDM 5.4, any delimited file with a mapping, and variants per subject (VCF), as
//! [`clinical::Statement`]s.
//!
//! Takes readers; gives [`clinical::Part`]s one after the other, a row at a time. Each row is read, kept or refused,
//! and [`Count`] says how many of each there were. Nothing is as large in memory as a file: of a vocabulary only the
//! concepts that are used, of ids a bit each.
//!
//! Read in this order: `sheet`, `values`, `count`, `ids`, `omop`, `mapped`, `vcf`, `codes`.

pub mod codes;
mod count;
mod ids;
pub mod mapped;
pub mod omop;
mod sheet;
mod values;
pub mod vcf;

pub use count::Count;
pub use sheet::TableError;
