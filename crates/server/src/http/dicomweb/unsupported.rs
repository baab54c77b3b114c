//! Wishes about pictures that are passed over, which the answer tells (PS3.18 §8.3.5.1, §8.5.1.2).

use super::answer;
use axum::response::Response;
use dicom::pixel::render::Annotation;

/// Adds a warning for each parameter that had no effect on a picture.
pub(super) fn warn(response: &mut Response, parameters: &[(String, String)]) {
    for text in parameters.iter().filter_map(|(name, value)| passed_over(name, value)) {
        answer::warn(response, &text);
    }
}

/// The keywords of PS3.18 §8.3.5.1.1.
const ANNOTATIONS: [&str; 2] = ["patient", "technique"];

/// What is to be written into a picture.
pub(super) fn annotation(value: &str) -> Annotation {
    let asked = |keyword| value.split(',').any(|value| value.trim() == keyword);
    Annotation { patient: asked(ANNOTATIONS[0]), technique: asked(ANNOTATIONS[1]) }
}

fn passed_over(name: &str, value: &str) -> Option<String> {
    match name {
        "annotation" => {
            let unknown = value.split(',').map(str::trim).filter(|value| !ANNOTATIONS.contains(value));
            let unknown: Vec<_> = unknown.map(word).collect();
            let text = format!("The following annotation values are not supported: {}", unknown.join(", "));
            (!unknown.is_empty()).then_some(text)
        }
        // Pictures have no profile: "no" is what they are.
        "iccprofile" if value == "no" => None,
        "iccprofile" => Some("The iccprofile parameter is not supported: pictures have no profile".into()),
        "presentationUID" | "presentationSeriesUID" => {
            Some(format!("The {name} parameter is not supported: no presentation state is applied"))
        }
        _ => None,
    }
}

/// A keyword as it may stand in a header; anything else is not repeated.
fn word(text: &str) -> &str {
    let plain = !text.is_empty() && text.len() <= 32 && text.bytes().all(|b| b.is_ascii_alphanumeric());
    if plain { text } else { "?" }
}
