//! What a resource is called: its own identifiers, and its id at the place that gave it.

use clinical::Identifier;
use serde_json::{Map, Value};

/// Ids of this system are unique everywhere (RFC 9562).
pub(crate) const UUID: &str = "urn:uuid";
/// So are these (R4 §2.24.0.1, oid).
pub(crate) const OID: &str = "urn:oid";
/// Addresses that are no resource's.
pub(crate) const URI: &str = "urn:ietf:rfc:3986";

/// A UUID in its own form, in small letters.
pub(crate) fn uuid(text: &str) -> Option<String> {
    let dash = |at: usize| matches!(at, 8 | 13 | 18 | 23);
    let fits = |(at, byte): (usize, u8)| if dash(at) { byte == b'-' } else { byte.is_ascii_hexdigit() };
    (text.len() == 36 && text.bytes().enumerate().all(fits)).then(|| text.to_ascii_lowercase())
}

/// The name of the resource with this id at that place: global when the id is a UUID.
pub(crate) fn of_id(scope: Option<&str>, kind: &str, id: &str) -> Option<Identifier> {
    if let Some(uuid) = uuid(id) {
        return Identifier::new(UUID, &uuid, None);
    }
    Identifier::new(&format!("{}/{kind}", scope?), id, None)
}

/// The name behind `urn:uuid:…` and `urn:oid:…`.
pub(crate) fn of_urn(url: &str) -> Option<Identifier> {
    if let Some(id) = url.strip_prefix("urn:uuid:") {
        return Identifier::new(UUID, &id.to_ascii_lowercase(), None);
    }
    Identifier::new(OID, url.strip_prefix("urn:oid:")?, None)
}

/// `BASE/Type/id` or `Type/id`, with or without `/_history/n`, as its parts (R4 §2.3.0.1).
pub(crate) fn of_address(url: &str) -> Option<(Option<&str>, &str, &str)> {
    let url = url.split_once("/_history/").map_or(url, |(before, _)| before);
    let mut parts = url.rsplitn(3, '/');
    let (id, kind, base) = (parts.next()?, parts.next()?, parts.next());
    let fits = !id.is_empty() && id.len() <= 64 && !id.contains(['?', '#', '|']);
    (fits && crate::types::is_known(kind)).then_some((base, kind, id))
}

/// The base address in a full URL, if it has one.
pub(crate) fn base_of(full_url: &str) -> Option<&str> {
    let web = full_url.starts_with("http://") || full_url.starts_with("https://");
    web.then(|| of_address(full_url)).flatten().and_then(|(base, _, _)| base)
}

/// The identifiers that a resource says it has.
///
/// An accession number is not among them: several orders may share one, so it names none.
pub(crate) fn said_by(resource: &Map<String, Value>) -> Vec<Identifier> {
    let list = match resource.get("identifier") {
        Some(Value::Array(list)) => list.as_slice(),
        Some(one @ Value::Object(_)) => std::slice::from_ref(one),
        _ => &[],
    };
    list.iter().filter_map(Identifier::of_json).filter(|one| !one.is("ACSN")).collect()
}

/// Every name of a resource, the strongest first: identifiers of a known system, ids, identifiers of nobody.
pub(crate) fn all(
    resource: &Map<String, Value>,
    kind: &str,
    scope: Option<&str>,
    full_url: Option<&str>,
) -> Vec<Identifier> {
    let (mut names, vague): (Vec<_>, Vec<_>) =
        said_by(resource).into_iter().partition(|one| !one.system.is_empty());
    names.extend(full_url.and_then(of_urn));
    if let Some(id) = resource.get("id").and_then(Value::as_str) {
        names.extend(of_id(scope, kind, id));
        // An absolute reference to a UUID would find it under its global name.
    } else if let Some((base, kind, id)) = full_url.and_then(of_address) {
        names.extend(of_id(base, kind, id));
    }
    names.extend(vague);
    let mut seen = std::collections::HashSet::new();
    names.retain(|one| seen.insert((one.system.clone(), one.value.clone())));
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_means_something_at_its_place() {
        let made = of_id(Some("http://a/fhir"), "Patient", "1");
        assert_eq!(made, Identifier::new("http://a/fhir/Patient", "1", None));
        assert_eq!(of_id(None, "Patient", "1"), None);
        let global = of_id(None, "Patient", "0F49D2D0-59BE-4f72-a22b-0a582367b44b");
        assert_eq!(global, Identifier::new(UUID, "0f49d2d0-59be-4f72-a22b-0a582367b44b", None));
    }

    #[test]
    fn addresses_are_taken_apart() {
        assert_eq!(
            of_address("http://a/fhir/Patient/1/_history/2"),
            Some((Some("http://a/fhir"), "Patient", "1"))
        );
        assert_eq!(of_address("Patient/1"), Some((None, "Patient", "1")));
        assert_eq!(of_address("http://a/fhir/Thing/1"), None);
        assert_eq!(base_of("https://a/Patient/1"), Some("https://a"));
        assert_eq!(base_of("urn:uuid:x"), None);
    }
}
