//! What the doors offer: the capabilities document (PS3.18 §8.9) and the DICOMweb part of the
//! conformance statement, both made from one table.

use super::{BASE, answer};
use crate::App;
use crate::http::{Caller, Problem};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use govern::{Action, Resource};
use std::fmt::Write as _;
use std::sync::Arc;
use view::ViewError;

/// One resource of a service.
struct Offer {
    service: &'static str,
    method: &'static str,
    /// Templates under the base.
    paths: &'static [&'static str],
    gives: &'static [&'static str],
    takes: &'static [&'static str],
    parameters: &'static [&'static str],
    section: &'static str,
}

const STUDIES: &str = "/studies";
const STUDY: &str = "/studies/{study}";
const SERIES: &str = "/studies/{study}/series/{series}";
const INSTANCE: &str = "/studies/{study}/series/{series}/instances/{instance}";

const DICOM: &str = "multipart/related; type=\"application/dicom\"";
const JSON: &str = "application/dicom+json";
const XML: &str = "multipart/related; type=\"application/dicom+xml\"";
const PICTURES: &[&str] = &["image/jpeg", "image/png"];
const QUERY: &[&str] = &["{attribute}", "includefield", "fuzzymatching", "limit", "offset"];

const OFFERS: &[Offer] = &[
    Offer {
        service: "Search",
        method: "GET",
        paths: &[
            "/studies",
            "/series",
            "/instances",
            "/studies/{study}/series",
            "/studies/{study}/instances",
            "/studies/{study}/series/{series}/instances",
        ],
        gives: &[JSON, XML],
        takes: &[],
        parameters: QUERY,
        section: "10.6",
    },
    Offer {
        service: "Store",
        method: "POST",
        paths: &[STUDIES, STUDY],
        gives: &[JSON, "application/dicom+xml"],
        takes: &[DICOM, "multipart/related; type=\"application/dicom+json\"", XML],
        parameters: &[],
        section: "10.5",
    },
    Offer {
        service: "Retrieve",
        method: "GET",
        paths: &[STUDY, SERIES, INSTANCE],
        gives: &[DICOM, "application/zip", "application/dicom (one instance)"],
        takes: &[],
        parameters: &["accept"],
        section: "10.4.1.1.1",
    },
    Offer {
        service: "Retrieve metadata",
        method: "GET",
        paths: &[
            "/studies/{study}/metadata",
            "/studies/{study}/series/{series}/metadata",
            "/studies/{study}/series/{series}/instances/{instance}/metadata",
        ],
        gives: &[JSON, XML],
        takes: &[],
        parameters: &["accept"],
        section: "10.4.1.1.2",
    },
    Offer {
        service: "Retrieve frames",
        method: "GET",
        paths: &["/studies/{study}/series/{series}/instances/{instance}/frames/{frames}"],
        gives: &[
            "multipart/related of application/octet-stream, image/jls, image/dicom-rle, or as received",
            "the same alone for one frame",
        ],
        takes: &[],
        parameters: &["accept"],
        section: "10.4.1.1.6",
    },
    Offer {
        service: "Retrieve bulk data",
        method: "GET",
        paths: &["/studies/{study}/series/{series}/instances/{instance}/bulkdata/{path}"],
        gives: &["application/octet-stream", "multipart/related; type=\"application/octet-stream\""],
        takes: &[],
        parameters: &["accept"],
        section: "10.4.1.1.5",
    },
    Offer {
        service: "Retrieve rendered",
        method: "GET",
        paths: &[
            "/studies/{study}/rendered",
            "/studies/{study}/series/{series}/rendered",
            "/studies/{study}/series/{series}/instances/{instance}/rendered",
            "/studies/{study}/series/{series}/instances/{instance}/frames/{frames}/rendered",
        ],
        gives: PICTURES,
        takes: &[],
        parameters: &["accept", "annotation", "window", "viewport", "quality"],
        section: "10.4.1.1.3",
    },
    Offer {
        service: "Retrieve thumbnail",
        method: "GET",
        paths: &[
            "/studies/{study}/thumbnail",
            "/studies/{study}/series/{series}/thumbnail",
            "/studies/{study}/series/{series}/instances/{instance}/thumbnail",
            "/studies/{study}/series/{series}/instances/{instance}/frames/{frames}/thumbnail",
        ],
        gives: PICTURES,
        takes: &[],
        parameters: &["accept", "annotation", "viewport", "window", "quality"],
        section: "10.4.1.1.4",
    },
    Offer {
        service: "Delete (not in the standard; can be undone until a purge)",
        method: "DELETE",
        paths: &[STUDY, SERIES, INSTANCE],
        gives: &[],
        takes: &[],
        parameters: &["reason"],
        section: "8.2",
    },
];

/// The capabilities document: WADL, or JSON of the same content.
pub(super) async fn get(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    // What is offered is no one's data: whoever may see the system's state may see it, unrecorded.
    let _grant = caller.authorize(&app, Action::Status, &Resource::Archive).await?;
    let base = format!("{}{BASE}", app.base_url());
    let accepted = super::request::accepted(&[], &headers);
    let offers = ["application/vnd.sun.wadl+xml", "application/xml", "application/json"];
    match accepted.best(&offers) {
        Some((_, "application/json")) => Ok(answer::whole("application/json", json(&base))),
        Some((_, media_type)) => Ok(answer::whole(media_type, wadl(&base))),
        None => Err(ViewError::NotAcceptable(offers.join(", ")).into()),
    }
}

fn json(base: &str) -> String {
    let resources = OFFERS.iter().flat_map(|offer| {
        offer.paths.iter().map(move |path| {
            serde_json::json!({
                "service": offer.service, "method": offer.method, "path": path, "section": format!("PS3.18 §{}", offer.section),
                "gives": offer.gives, "takes": offer.takes, "parameters": offer.parameters,
            })
        })
    });
    serde_json::json!({ "base": base, "resources": resources.collect::<Vec<_>>() }).to_string()
}

fn wadl(base: &str) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<application xmlns=\"http://wadl.dev.java.net/2009/02\">\n",
    );
    let _ = writeln!(out, "  <resources base=\"{}\">", escaped(base));
    let mut paths: Vec<&str> = OFFERS.iter().flat_map(|offer| offer.paths).copied().collect();
    paths.sort_unstable();
    paths.dedup();
    for path in paths {
        let _ = writeln!(out, "    <resource path=\"{}\">", path.trim_start_matches('/'));
        for offer in OFFERS.iter().filter(|offer| offer.paths.contains(&path)) {
            method(&mut out, offer);
        }
        out.push_str("    </resource>\n");
    }
    out.push_str("  </resources>\n</application>\n");
    out
}

fn method(out: &mut String, offer: &Offer) {
    let _ =
        writeln!(out, "      <method name=\"{}\" id=\"{}\">", offer.method, offer.service.replace(' ', ""));
    out.push_str("        <request>\n");
    for parameter in offer.parameters {
        let _ = writeln!(out, "          <param name=\"{parameter}\" style=\"query\"/>");
    }
    for media_type in offer.takes {
        let _ = writeln!(out, "          <representation mediaType=\"{}\"/>", escaped(media_type));
    }
    out.push_str("        </request>\n        <response>\n");
    for media_type in offer.gives {
        let _ = writeln!(out, "          <representation mediaType=\"{}\"/>", escaped(media_type));
    }
    out.push_str("        </response>\n      </method>\n");
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;")
}

/// The DICOMweb part of the conformance statement, in Markdown.
#[must_use]
pub fn conformance() -> String {
    let mut out = String::from("## DICOMweb (PS3.18)\n\n");
    let _ = writeln!(out, "All paths are under `{BASE}`; the URI service is at `/wado`.\n");
    out.push_str(
        "| service | method and path | gives | takes | parameters | section |\n|---|---|---|---|---|---|\n",
    );
    for offer in OFFERS {
        let paths: Vec<String> =
            offer.paths.iter().map(|path| format!("`{} {path}`", offer.method)).collect();
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} | {} |",
            offer.service,
            paths.join("<br>"),
            cells(offer.gives),
            cells(offer.takes),
            cells(offer.parameters),
            offer.section
        );
    }
    out.push_str(TRANSFER_SYNTAXES);
    transfer_syntaxes(&mut out);
    out.push_str(NOTES);
    out
}

fn cells(items: &[&str]) -> String {
    items.iter().map(|item| format!("`{item}`")).collect::<Vec<_>>().join("<br>")
}

const TRANSFER_SYNTAXES: &str = "\n### Transfer syntaxes\n\nEvery transfer syntax is stored and given back as received. \
     Frames of those marked *decoded* can also be had uncompressed and as pictures; those marked *encoded* can be asked \
     for with the `transfer-syntax` parameter whatever the instance is kept in.\n\n| transfer syntax | UID | frames as | decoded | encoded |\n|---|---|---|---|---|\n";

fn transfer_syntaxes(out: &mut String) {
    for ts in dicom::transfer_syntax::all() {
        let uid = ts.uid();
        let mark = |yes: bool| if yes { "yes" } else { "" };
        let decoded = mark(dicom::pixel::can_decode(uid));
        let encoded = mark(dicom::pixel::can_encode(uid));
        let kind = view::media::of_transfer_syntax(uid);
        let _ = writeln!(out, "| {} | {uid} | `{kind}` | {decoded} | {encoded} |", ts.name());
    }
}

const NOTES: &str = "\n### Choices\n\n\
- Without `transfer-syntax`, `application/dicom` means Explicit VR Little Endian (PS3.18 §8.7.3.5.2): compressed instances are decoded, \
  uncompressed little-endian ones are given as received, and what can't be decoded (video) is given as received too. \
  `transfer-syntax=*`, `*/*` and `application/zip` give every instance as received; \
  what came without preamble or group 2 has them put before it, since other programs could not open it.\n\
- An instance that can't be had in the form asked for is left out of an answer of several, which is then `206` with a `Warning`; \
  alone it is `406` with the forms on offer.\n\
- Nothing is ever compressed with loss. Pictures apply the Modality LUT, the first VOI window or LUT (or `window`), palettes, and MONOCHROME1; \
  presentation states are not applied. `annotation` is `patient`, `technique` or both, in Latin and Greek letters. \
  Other values of it, `iccprofile` (other than `no`) and `presentationUID` are passed over, which a `Warning` with code 299 tells \
  (PS3.18 §8.3.5).\n\
- A single instance and bulk data given alone can be had in part: `Range`, `If-Range`, `206`, `416` (RFC 9110 §14). Of several \
  ranges in one request all is given.\n\
- Searches take ranges of a date and of the time that goes with it as one range of moments. `TimezoneOffsetFromUTC` is passed \
  over, which a `Warning` tells: dates and times match as they are in the instances.\n\
- Identifiers stay out of caches: answers are `private, no-cache` and carry an `ETag` where they can't change.\n\
- The URI service does not anonymise.\n\
- What people measure and mark is kept as Comprehensive 3D SR (TID 1500) and as Segmentation of type BINARY, in series of their \
  own; each change is an instance, of which the newest is listed. The private elements (0099,xx01) of `ISOCENTER WORK 1` hold \
  the exact state and mean nothing in instances from elsewhere.\n";
