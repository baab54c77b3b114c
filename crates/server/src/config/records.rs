//! Settings of the clinical record.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The clinical record: what counts as current, and servers that are asked for what is new.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Records {
    /// Days for which the last that is known of a medicine keeps it current, where nothing says that it goes on
    /// or was stopped.
    #[schemars(range(min = 0, max = 3650))]
    pub current_medication_days: u32,
    /// FHIR servers that are asked for what is new, by a name, e.g. ehr = { url =
    /// "https://ehr.example.org/fhir/r4", client_id = "isocenter", key_file = "/etc/isocenter/ehr.pem", types =
    /// ["Patient", "Encounter", "Condition"] }. docs/RECORDS.md has every key.
    pub fhir: BTreeMap<String, FhirSource>,
}

impl Default for Records {
    fn default() -> Self {
        Self { current_medication_days: 100, fhir: BTreeMap::new() }
    }
}

/// A FHIR server that is asked for what is new.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FhirSource {
    /// Its base address. Beyond this machine it must be https.
    pub url: String,
    /// What it calls us, for SMART Backend Services. Left out: it is asked without a token.
    #[serde(default)]
    pub client_id: Option<String>,
    /// Our private key, PEM (PKCS #8): P-384 for ES384, RSA for RS384. Needed with `client_id`.
    #[serde(default)]
    pub key_file: Option<PathBuf>,
    /// The key's id; left out: its thumbprint (RFC 7638).
    #[serde(default)]
    pub key_id: Option<String>,
    /// Where tokens are asked for; left out: as its `.well-known/smart-configuration` says.
    #[serde(default)]
    pub token_url: Option<String>,
    /// What to ask for; left out: `system/TYPE.read` of each type.
    #[serde(default)]
    pub scope: Option<String>,
    /// The resource types, in the order in which they are asked for.
    #[serde(default = "usual_types")]
    pub types: Vec<String>,
    /// Minutes between two rounds.
    #[serde(default = "usual_interval")]
    #[schemars(range(min = 1, max = 44640))]
    pub interval_minutes: u32,
    /// Resources to a page.
    #[serde(default = "usual_page")]
    #[schemars(range(min = 1, max = 10000))]
    pub page: u32,
    /// The first round takes what was changed since then, e.g. 2024-01-01; left out: everything.
    #[serde(default)]
    pub since: Option<String>,
    /// Whether the first round is a Bulk Data export (`$export`), for servers that have it.
    #[serde(default)]
    pub bulk: bool,
    /// Certificates of more authorities that may vouch for it, a PEM file.
    #[serde(default)]
    pub authorities: Option<PathBuf>,
}

const fn usual_interval() -> u32 {
    15
}

const fn usual_page() -> u32 {
    200
}

fn usual_types() -> Vec<String> {
    [
        "Patient",
        "Encounter",
        "Condition",
        "Procedure",
        "Observation",
        "MedicationRequest",
        "MedicationDispense",
        "MedicationStatement",
        "MedicationAdministration",
        "ServiceRequest",
        "DiagnosticReport",
        "ImagingStudy",
    ]
    .map(str::to_owned)
    .into()
}
