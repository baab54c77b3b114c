//! Concepts: what an id of the vocabulary means, in the code system it comes from.

use crate::TableError;
use crate::ids::IdSet;
use crate::sheet::Sheet;
use clinical::vocabularies::url;
use serde_json::{Value, json};
use std::collections::HashMap;

/// Concept ids as codes, for those that the folder's vocabulary hasn't.
const OHDSI: &str = "https://fhir-terminology.ohdsi.org";

/// A concept.
#[derive(Debug, Clone)]
pub(crate) struct Concept {
    pub name: String,
    pub vocabulary: String,
    pub code: String,
}

/// The concepts that the tables use.
#[derive(Debug, Default)]
pub(crate) struct Concepts(HashMap<i64, Concept>);

impl Concepts {
    /// Reads those of CONCEPT that are used.
    pub(crate) fn read(mut sheet: Sheet, used: &IdSet) -> Result<Self, TableError> {
        let mut found = HashMap::new();
        while let Some(row) = sheet.next_row()? {
            let Ok(row) = row else { continue };
            let Some(id) = row.get("concept_id").and_then(|id| id.parse::<i64>().ok()) else { continue };
            let text = |column: &str| row.get(column).unwrap_or_default().to_owned();
            if used.contains(id) {
                let (name, vocabulary) = (text("concept_name"), text("vocabulary_id"));
                found.insert(id, Concept { name, vocabulary, code: text("concept_code") });
            }
        }
        Ok(Self(found))
    }

    pub(crate) fn get(&self, id: i64) -> Option<&Concept> {
        self.0.get(&id)
    }

    /// A concept as a FHIR Coding; none for 0, which means that nothing fits.
    pub(crate) fn coding(&self, id: i64) -> Option<Value> {
        if id == 0 {
            return None;
        }
        let Some(concept) = self.get(id) else {
            return Some(json!({"system": OHDSI, "code": id.to_string()}));
        };
        let system = match url(&concept.vocabulary) {
            Some(url) => url.to_owned(),
            None => format!("{OHDSI}/{}", concept.vocabulary.to_ascii_lowercase().replace(' ', "-")),
        };
        Some(json!({"system": system, "code": concept.code, "display": concept.name}))
    }
}

/// Adds the concepts that a table uses.
pub(super) fn used(mut sheet: Sheet, used: &mut IdSet) -> Result<(), TableError> {
    let named = |name: &&String| name.to_ascii_lowercase().ends_with("concept_id");
    let columns: Vec<_> =
        sheet.columns.names.iter().filter(named).map(|name| name.to_ascii_lowercase()).collect();
    while let Some(row) = sheet.next_row()? {
        let Ok(row) = row else { continue };
        for column in &columns {
            if let Some(id) = row.get(column).and_then(|id| id.parse::<i64>().ok()) {
                used.insert(id);
            }
        }
    }
    Ok(())
}
