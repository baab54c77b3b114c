//! Vocabularies of OMOP, and the systems that FHIR and HL7 v2 know the same codes by.

/// Names in HL7 v2 messages (table 0396) of vocabularies that OMOP has.
const HL7V2: &[(&str, &str)] = &[
    ("SNOMED", "SCT"),
    ("LOINC", "LN"),
    ("ICD10CM", "I10C"),
    ("ICD10", "I10"),
    ("ICD9CM", "I9C"),
    ("RxNorm", "RXNORM"),
    ("CPT4", "C4"),
    ("CVX", "CVX"),
    ("NDC", "NDC"),
    ("ATC", "ATC"),
    ("UCUM", "UCUM"),
];

/// Every `vocabulary_id` with the URL that FHIR knows it by; of two with one URL the more usual is the first.
fn urls() -> impl Iterator<Item = (&'static str, &'static str)> {
    let lines = include_str!("../data/vocabularies.tsv").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once('\t'))
}

/// The URL that FHIR knows a vocabulary by.
#[must_use]
pub fn url(vocabulary: &str) -> Option<&'static str> {
    urls().find(|(name, _)| *name == vocabulary).map(|(_, url)| url)
}

/// Every `vocabulary_id` with a name that a system goes by, in messages or in resources.
pub fn systems() -> impl Iterator<Item = (&'static str, &'static str)> {
    urls().chain(HL7V2.iter().copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vocabularies_are_known_by_url_and_by_their_name_in_messages() {
        assert_eq!(url("LOINC"), Some("http://loinc.org"));
        assert_eq!(url("none"), None);
        let of = |system| systems().find(|(_, name)| *name == system).map(|(vocabulary, _)| vocabulary);
        assert_eq!(of("http://snomed.info/sct"), Some("SNOMED"));
        assert_eq!(of("LN"), Some("LOINC"));
        assert!(HL7V2.iter().all(|(vocabulary, _)| url(vocabulary).is_some()));
    }
}
