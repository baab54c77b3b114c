//! `clinical` — what messages and files say about patients, before anybody has decided what is true.
//!
//! Every way in (HL7 v2, FHIR, OMOP, tables, VCF) is translated to [`Statement`]s: what is said, about whom, and
//! where in the source it stands. A record is a FHIR R4 resource; references to other records are *logical*
//! (`{"type": …, "identifier": …}`), never addresses, because nobody knows yet under which id a record will be kept.
//! Holds no records and does no I/O.
//!
//! Read in this order: [`identifier`], [`when`], [`statement`], [`codes`], [`units`], [`usual`],
//! [`vocabularies`].

pub mod codes;
pub mod identifier;
pub mod measures;
pub mod statement;
pub mod units;
pub mod usual;
pub mod vocabularies;
pub mod when;

pub use identifier::Identifier;
pub use statement::{Left, OrderState, Part, Record, Said, Statement, Told};
pub use when::When;
