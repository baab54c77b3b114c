//! `fhir` — FHIR in: what a Bundle, a resource or NDJSON lines say, as [`clinical::Statement`]s.
//!
//! Takes the bytes of one file and where it comes from ([`Origin`]); gives [`clinical::Part`]s, one entry or line after
//! the other: a statement, or what is left and why. Nothing of a file goes unmentioned. Resources of R5 are carried to
//! R4; references become logical, because an id means something at its server alone. XML is refused.
//! NDJSON streams: one line is in memory. A Bundle is read whole, up to [`Origin::largest`].
//!
//! Decimals are kept as numbers, so a trailing zero (`7.40`) is in the original alone.
//!
//! Read in this order: `reader`, `json`, `bundle`, `types`, `names`, `references`, `resource`, `orders`, `earlier`, `concept_map`.

mod bundle;
mod concept_map;
mod earlier;
mod json;
mod names;
mod orders;
mod reader;
mod references;
mod resource;
mod types;

pub use concept_map::{is_concept_map, read_concept_map};
pub use reader::{Origin, ReadError, Reader};
