//! JSON that a request brings. What is wrong with it is told by its place, never by its words: a body
//! may hold a patient's name, and refusals are written down by whoever stands in between.

use super::Problem;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;
use serde_json::error::Category;

/// A JSON body, read.
pub(super) struct JsonBody<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for JsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            let detail = "Send the body as application/json.";
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type", detail));
        }
        let bytes =
            Bytes::from_request(request, state).await.map_err(|rejected| match rejected.status() {
                StatusCode::PAYLOAD_TOO_LARGE => {
                    let detail = "The body is longer than limits.body_bytes allows.";
                    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", detail)
                }
                _ => Problem::bad_request("The body did not arrive whole."),
            })?;
        serde_json::from_slice(&bytes).map(Self).map_err(|error| misread(&error))
    }
}

/// JSON alone: a page of another site can't send that type without being asked first.
fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

fn misread(error: &serde_json::Error) -> Problem {
    let place = format!("line {}, column {}", error.line(), error.column());
    if error.classify() != Category::Data {
        return Problem::bad_request(format!("The body is not JSON: {place}."));
    }
    // Of the library's words only those that name our own fields are repeated.
    let words = error.to_string();
    let missing = words.strip_prefix("missing field `").and_then(|rest| rest.split('`').next());
    let detail = match missing {
        Some(field) => format!("The field {field:?} is missing."),
        None => format!("Something does not belong there: {place}. See /api/v1/openapi.json."),
    };
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "body", detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Wanted {
        #[expect(dead_code, reason = "only read")]
        limit: u32,
    }

    fn told(body: &str) -> String {
        let error = serde_json::from_str::<Wanted>(body).expect_err("a wrong body");
        serde_json::to_string(&misread(&error)).expect("a problem is plain data")
    }

    #[test]
    fn what_is_wrong_is_told_without_repeating_it() {
        for body in [r#"{"limit":"Doe^Jane"}"#, r#"{"Doe^Jane":1}"#, r#"{"limit":1} Doe^Jane"#] {
            assert!(!told(body).contains("Doe"), "{}", told(body));
        }
        assert!(told("{}").contains("limit"));
    }
}
