//! Wishes about pictures that are passed over, which the answer tells (PS3.18 §8.3.5.1, §8.5.1.2).

use super::answer;
use axum::response::Response;

/// Adds a warning for each parameter that had no effect on a picture.
pub(super) fn warn(response: &mut Response, parameters: &[(String, String)]) {
    for text in parameters.iter().filter_map(|(name, value)| passed_over(name, value)) {
        answer::warn(response, &text);
    }
}

fn passed_over(name: &str, value: &str) -> Option<String> {
    match name {
        // Identity is not burned into pictures that leave their context.
        "annotation" => {
            let values: Vec<_> = value.split(',').map(|value| word(value.trim())).collect();
            Some(format!("The following annotation values are not supported: {}", values.join(", ")))
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
