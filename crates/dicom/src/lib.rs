//! `dicom` — the one door to DICOM: parse, write, JSON, XML, transcode, render, the DIMSE wire.
//! The only room that names the DICOM libraries and the codecs.
//!
//! Bytes come in, [`DataSet`]s and frames go out, and back again. Reading never copies values
//! (they are slices of the input), never recurses, and never allocates by a length someone declared.
//! It does no file or network access of its own, and an error never carries a value.
//!
//! Read in this order: [`dictionary`], [`transfer_syntax`], [`data_set`], [`read`], [`file`](mod@file), [`write`](mod@write),
//! [`json`], [`xml`], [`pixel`], [`sr`], [`made`], [`net`].

pub mod bulk;
pub mod data_set;
pub mod dictionary;
pub mod file;
pub mod json;
pub mod made;
pub mod net;
pub mod pixel;
pub mod read;
pub mod sr;
pub mod text;
pub mod transfer_syntax;
pub mod write;
pub mod xml;

pub use bulk::{BulkOptions, BulkPath, BulkReference, Metadata};
pub use data_set::{DataSet, Element, Fragments, Value};
pub use dicom_core::{Tag, VR as Vr};
pub use dicom_dictionary_std::{tags, uids};
pub use file::{FileMeta, Header, Part10, file_meta, open_file, read_header, read_header_prefix};
pub use read::{ReadError, ReadOptions, Stop, read_data_set};
pub use text::Charset;
pub use transfer_syntax::TransferSyntax;
pub use write::{write_data_set, write_file};

/// What group 2 of the files we write says of us: a UID made once from a random UUID (PS3.5 §B.2).
pub const IMPLEMENTATION_CLASS_UID: &str = "2.25.302043790172249692526321623266752743501";

/// The readable companion of [`IMPLEMENTATION_CLASS_UID`].
pub const IMPLEMENTATION_VERSION_NAME: &str = "ISOCENTER_0_1";
