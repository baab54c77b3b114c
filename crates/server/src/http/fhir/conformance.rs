//! FHIR's part of the conformance statement, from the table of types.

use super::BASE;
use super::types::{self, By, COMMON, INCLUDES, TYPES, Type};
use std::fmt::Write as _;

const HEAD: &str = "\
Read only, FHIR R4 (4.0.1), JSON. `GET /fhir/metadata` gives the CapabilityStatement to anybody; all else needs an access token
(`Authorization: Bearer`) or a session of somebody who may read the archive. A Patient is a person as all identifiers connected by now make
it; an ImagingStudy an exam of the archive, under its Study Instance UID, with its WADO-RS endpoint; every other resource a record with its
versions. References point at what is held here; elsewhere they stay logical (identifiers).

Logical ids follow from a name that a source gave: who issued it, for what type, the value. They are the same when records are made again,
and whatever came first. Something that has several names answers to the id of each; the resource that is given has the one it goes by,
which may change when it gets another name.
";

const INTERACTIONS: &str = "\
| interaction | address |
|---|---|
| read | `GET /fhir/TYPE/ID` |
| vread | `GET /fhir/TYPE/ID/_history/VERSION` |
| history of an instance | `GET /fhir/TYPE/ID/_history` |
| search | `GET /fhir/TYPE?…`, `POST /fhir/TYPE/_search`; identifiers belong in the body of the latter |
| everything about a patient | `GET /fhir/Patient/ID/$everything` |
| capabilities | `GET /fhir/metadata` |
";

const RESULTS: &str = "\
`_count`, `_total=none`, `_summary=count`, `_include` and the `next` link of pages are known, and `_type` and `_since` of `$everything`; `_sort`,
`_elements`, `_contained` and `_pretty` change nothing. Any other parameter is an error. Dates take `eq`, `ne`, `gt`, `lt`, `ge`, `le`, `sa`, `eb` and `ap`;
tokens `SYSTEM|VALUE`, `|VALUE` and `VALUE`; values separated by commas are alternatives. `patient` and `subject` take a Patient's id, and
`patient.identifier`. ";

const IN: &str = "\
R4 and R5: one resource, a Bundle of any type (document, message, transaction, batch, searchset, collection, history) or NDJSON, as file
(`isocenter records import`), by `POST /api/v1/records/sources`, or asked for from servers of `records.fhir`. R5 is carried to R4 where
R4 has a place; what it has none for is listed. Every entry is read, kept or refused with a reason.
";

/// FHIR's part of the statement, in Markdown.
#[must_use]
pub fn conformance() -> String {
    let mut text = format!("## FHIR\n{HEAD}\n### Interactions\n{INTERACTIONS}\n### Resources\n");
    let common = COMMON.iter().map(|(name, _)| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let _ = write!(
        text,
        "Every type has {common}; Patient and ImagingStudy no `_lastUpdated`.\n\n| resource | search parameters |\n|---|---|\n"
    );
    for kind in TYPES {
        let _ = writeln!(text, "| {} | {} |", kind.0, parameters(kind));
    }
    let included = INCLUDES.iter().map(|(name, _)| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let _ = write!(text, "\n{RESULTS}`_include` follows {included}.\n\n### Taken in\n{IN}");
    text.replace("/fhir", BASE)
}

fn parameters(kind: &Type) -> String {
    let own = kind.1.iter().filter(|(_, by)| types::is_offered(kind, *by));
    let named: Vec<_> = own.map(|(name, by)| format!("`{name}` ({})", form(*by))).collect();
    if named.is_empty() { "–".into() } else { named.join(", ") }
}

/// What kind of parameter it is (R4 §3.1.1.4).
pub(super) const fn form(by: By) -> &'static str {
    match by {
        By::Patient => "reference",
        By::Known | By::Time => "date",
        _ => "token",
    }
}
