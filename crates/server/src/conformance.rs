//! The conformance statement `docs/CONFORMANCE.md`, made from the tables the doors work by, so that
//! it can't say something else than they do. A test compares; `isocenter config conformance` prints.

use crate::dimse;
use crate::http::{dicomweb, fhir};
use crate::mllp;

/// A part of the statement: each door adds its own here.
type Section = fn() -> String;

const SECTIONS: &[Section] =
    &[dimse::conformance, dicomweb::conformance, mllp::conformance, fhir::conformance];

const HEAD: &str = "# Conformance\n\n\
What Isocenter's doors speak, as PS3.2 asks for DICOM. This page is made by `isocenter config conformance`.\n\n";

/// The whole statement in Markdown.
#[must_use]
pub fn statement() -> String {
    let identity = format!(
        "Implementation Class UID `{}`, Implementation Version Name `{}`.\n\n",
        dicom::IMPLEMENTATION_CLASS_UID,
        dicom::IMPLEMENTATION_VERSION_NAME
    );
    let sections: Vec<String> = SECTIONS.iter().map(|section| section()).collect();
    format!("{HEAD}{identity}{}", sections.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Set `ISOCENTER_WRITE_DOCS` to write the page instead of comparing it.
    #[test]
    fn the_page_says_what_the_doors_do() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/CONFORMANCE.md");
        if std::env::var_os("ISOCENTER_WRITE_DOCS").is_some() {
            std::fs::write(path, statement()).expect("docs can be written");
        }
        let written = std::fs::read_to_string(path).expect("the page is there");
        assert!(written == statement(), "docs/CONFORMANCE.md is out of date: `make docs` writes it");
    }
}
