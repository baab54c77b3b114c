//! Consent, whose shape R5 has changed most: the decision stands beside its provisions there.

use serde_json::{Map, Value, json};

const R5_ONLY: [&str; 8] =
    ["subject", "date", "grantor", "grantee", "manager", "controller", "decision", "policyBasis"];

/// True when an element says that it is R5's.
pub(super) fn is_r5(resource: &Map<String, Value>) -> bool {
    let listed = |name: &str| resource.get(name).is_some_and(Value::is_array);
    R5_ONLY.iter().any(|name| resource.contains_key(*name))
        || listed("provision")
        || listed("sourceAttachment")
}

/// Carries it to R4.
pub(super) fn carry(resource: &mut Map<String, Value>, lost: &mut Vec<String>) {
    for (later, earlier) in [
        ("subject", "patient"),
        ("date", "dateTime"),
        ("grantor", "performer"),
        ("controller", "organization"),
    ] {
        if let Some(value) = resource.shift_remove(later) {
            resource.insert(earlier.into(), value);
        }
    }
    for name in ["sourceAttachment", "sourceReference"] {
        if let Some(Value::Array(list)) = resource.get_mut(name) {
            let first = list.first_mut().map(Value::take).unwrap_or_default();
            resource.insert(name.into(), first);
        }
    }
    policy(resource);
    provision(resource);
    // R4 must say what a consent is about (R4 §6.2.4, scope); R5 has dropped it.
    let scope = json!({"coding": [{
        "system": "http://terminology.hl7.org/CodeSystem/consentscope",
        "code": "patient-privacy",
    }]});
    resource.entry("scope").or_insert(scope);
    for name in ["grantee", "manager", "period", "policyText"] {
        if resource.shift_remove(name).is_some() {
            lost.push(format!("R4 has no place for R5's {name}"));
        }
    }
}

fn policy(resource: &mut Map<String, Value>) {
    if let Some(Value::Array(list)) = resource.shift_remove("regulatoryBasis")
        && let Some(first) = list.into_iter().next()
    {
        resource.insert("policyRule".into(), first);
    }
    if let Some(basis) = resource.shift_remove("policyBasis")
        && let Some(url) = basis["url"].as_str()
    {
        resource.insert("policy".into(), json!([{"uri": url}]));
    }
}

/// What is decided becomes the type of the outer provision, exceptions the ones within, of the other type.
fn provision(resource: &mut Map<String, Value>) {
    let decision = resource.shift_remove("decision");
    let inner = match resource.shift_remove("provision") {
        Some(Value::Array(list)) => list,
        Some(one) => return drop(resource.insert("provision".into(), one)),
        None => Vec::new(),
    };
    let Some(Value::String(decision)) = decision else {
        if !inner.is_empty() {
            resource.insert("provision".into(), json!({"provision": inner}));
        }
        return;
    };
    let other = if decision == "permit" { "deny" } else { "permit" };
    let typed = |mut one: Value| {
        if let Value::Object(object) = &mut one {
            object.entry("type").or_insert(other.into());
        }
        one
    };
    let inner: Vec<_> = inner.into_iter().map(typed).collect();
    let mut outer = json!({"type": decision});
    if !inner.is_empty() {
        outer["provision"] = inner.into();
    }
    resource.insert("provision".into(), outer);
}
