//! ConceptMap of R4 and R5 (R4 §4.10): which code of one system means which of another.

use clinical::codes::{Code, MapPart, Mapped};
use clinical::{Left, When};
use serde_json::Value;

/// How a target relates to its source, where it may stand for it: the same, or wider.
const STANDS_FOR: [&str; 7] =
    ["equal", "equivalent", "wider", "subsumes", "source-is-narrower-than-target", "", "relatedto"];

/// Whether JSON is a ConceptMap.
#[must_use]
pub fn is_concept_map(content: &Value) -> bool {
    content["resourceType"] == "ConceptMap"
}

/// Every element of a ConceptMap. Targets that are narrower, disjoint or missing are left, and said so.
#[must_use]
pub fn read_concept_map(content: &Value) -> Vec<MapPart> {
    let period = |name: &str| When::parse(content["effectivePeriod"][name].as_str()?).ok();
    let (from, to) = (period("start"), period("end"));
    let mut parts = Vec::new();
    for (at, group) in list(&content["group"]).iter().enumerate() {
        for (element_at, element) in list(&group["element"]).iter().enumerate() {
            let place = format!("group[{at}].element[{element_at}]");
            let targets = list(&element["target"]);
            if targets.is_empty() {
                parts.push(left(&place, "it has no target", false));
            }
            for target in targets {
                parts.push(match mapped(group, element, target) {
                    Ok((source, target, display)) => MapPart::Mapped(Mapped {
                        source,
                        target,
                        display,
                        from: from.clone(),
                        to: to.clone(),
                    }),
                    Err((why, refused)) => left(&place, why, refused),
                });
            }
        }
    }
    parts
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn left(place: &str, why: &str, refused: bool) -> MapPart {
    MapPart::Left(Left { place: place.into(), why: why.into(), refused })
}

fn mapped(
    group: &Value,
    element: &Value,
    target: &Value,
) -> Result<(Code, Code, String), (&'static str, bool)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().trim().to_owned();
    // A version behind the system (R5) is no part of its name.
    let system = |value: &Value| text(value).split('|').next().unwrap_or_default().to_owned();
    let relation =
        target["relationship"].as_str().or_else(|| target["equivalence"].as_str()).unwrap_or_default();
    let source = Code { system: system(&group["source"]), code: text(&element["code"]) };
    let found = Code { system: system(&group["target"]), code: text(&target["code"]) };
    if source.code.is_empty() || found.code.is_empty() {
        return Err(("no source code, or no target code", false));
    }
    if found.system.is_empty() {
        return Err(("its group names no target system", true));
    }
    if !STANDS_FOR.contains(&relation) {
        return Err(("its target can't stand for it: narrower, inexact or not the same", false));
    }
    Ok((source, found, text(&target["display"])))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_can_stand_for_a_code_maps_it_and_the_rest_is_told() {
        let map = json!({"resourceType": "ConceptMap", "effectivePeriod": {"start": "2020"}, "group": [{
            "source": "urn:lab", "target": "http://loinc.org|2.77", "element": [
                {"code": "GLU", "target": [{"code": "2345-7", "display": "Glucose", "equivalence": "equivalent"}]},
                {"code": "K", "target": [{"code": "2823-3", "relationship": "equivalent"},
                    {"code": "6298-4", "equivalence": "narrower"}]},
                {"code": "X"}, {"code": "Y", "target": [{"equivalence": "unmatched"}]}]},
            {"source": "urn:lab", "element": [{"code": "Z", "target": [{"code": "1"}]}]}]});
        let parts = read_concept_map(&map);
        let maps: Vec<_> = parts
            .iter()
            .filter_map(|part| match part {
                MapPart::Mapped(one) => Some((one.source.code.as_str(), one.target.code.as_str())),
                MapPart::Left(_) => None,
            })
            .collect();
        assert_eq!(maps, [("GLU", "2345-7"), ("K", "2823-3")]);
        assert_eq!(parts.len(), 6);
        assert!(matches!(&parts[0], MapPart::Mapped(one) if one.target.system == "http://loinc.org"));
        assert!(is_concept_map(&map));
    }
}
