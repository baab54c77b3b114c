//! Messages and files about patients: kept as they came, read by whoever follows the archive.

use crate::{
    attach::file_name,
    incoming::{Incoming, Intake},
    outcome::IntakeError,
    place::append,
    shelf::{Kind, Locator, NewEntryHead},
};
use bytes::Bytes;
use model::{Phi, Sha256Digest, Source};
use serde::{Deserialize, Serialize};
use serde_json::Map;
use sha2::{Digest, Sha256};

/// How a record's source is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// HL7 v2: one message, or a batch.
    Hl7v2,
    /// FHIR: one resource or Bundle as JSON.
    Fhir,
    /// FHIR: resources as newline-delimited JSON.
    FhirNdjson,
    /// A list (JSON: `{"files": [{"name": …, "id": …}]}`) of the [`Format::Part`]s that are one OMOP CDM.
    Omop,
    /// A table with a mapping: a list as for [`Format::Omop`] whose file `mapping.toml` tells the columns' roles.
    Table,
    /// Variants (VCF).
    Vcf,
    /// A table that maps codes: a list as for [`Format::Omop`] of its files.
    Codes,
    /// A file that is read with others, by a list that names it.
    Part,
    /// A person's decision about records or links, as JSON.
    Decision,
    /// Numbers that names of persons and records were given, as newline-delimited JSON: kept by Isocenter itself.
    Numbers,
}

impl Format {
    /// The word used in the archive and the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hl7v2 => "hl7v2",
            Self::Fhir => "fhir",
            Self::FhirNdjson => "fhir-ndjson",
            Self::Omop => "omop",
            Self::Table => "table",
            Self::Vcf => "vcf",
            Self::Codes => "codes",
            Self::Part => "part",
            Self::Decision => "decision",
            Self::Numbers => "numbers",
        }
    }

    /// The format of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        use Format::{Codes, Decision, Fhir, FhirNdjson, Hl7v2, Numbers, Omop, Part, Table, Vcf};
        [Hl7v2, Fhir, FhirNdjson, Omop, Table, Vcf, Codes, Part, Decision, Numbers]
            .into_iter()
            .find(|format| format.as_str() == word)
    }
}

/// What is told of a record's source besides its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordHead {
    /// How it is to be read.
    pub format: Format,
    /// Its file's name, where it has one. It may identify somebody, so it is kept from logs.
    pub file_name: Option<Phi<String>>,
    /// Who issued the ids in it that don't say so themselves: a FHIR server's base address, a data set's name.
    pub system: Option<String>,
}

/// A record's source that is durable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptRecord {
    /// Its id: the same bytes read the same way have the same.
    pub id: String,
    /// SHA-256 of its bytes.
    pub digest: Sha256Digest,
    /// Where they stand.
    pub locator: Locator,
}

/// A record's source on its way in. Dropped unfinished, it leaves nothing behind.
pub struct Recording {
    incoming: Incoming,
    head: RecordHead,
}

impl Intake {
    /// Starts a message or file about patients. Of a path only the last part is kept as its name.
    #[must_use]
    pub fn begin_record(&self, head: RecordHead) -> Recording {
        Recording { incoming: self.begin(), head }
    }
}

impl Recording {
    /// Says which SHA-256 the sender computed.
    pub const fn expect(&mut self, digest: Sha256Digest) {
        self.incoming.expect(digest);
    }

    /// Adds bytes; see [`Incoming::push`].
    ///
    /// # Errors
    /// As [`Incoming::push`].
    pub async fn push(&mut self, bytes: Bytes) -> Result<(), IntakeError> {
        self.incoming.push(bytes).await
    }

    /// Makes it durable. It will be read by the records' worker.
    ///
    /// # Errors
    /// [`IntakeError`]; nothing is kept.
    pub async fn finish(self, source: Source) -> Result<KeptRecord, IntakeError> {
        let Self { incoming, head } = self;
        let shelf = incoming.intake.inner.shelf.clone();
        let (body, digest, _room) = incoming.into_body()?;
        let id = record_id(head.format, head.system.as_deref(), &digest);
        let mut details = Map::new();
        details.insert("id".into(), id.as_str().into());
        details.insert("format".into(), head.format.as_str().into());
        if let Some(name) = &head.file_name {
            details.insert("fileName".into(), file_name(name.reveal()).into());
        }
        if let Some(system) = &head.system {
            details.insert("system".into(), system.as_str().into());
        }
        let entry =
            NewEntryHead { kind: Kind::Record, name: format!("records/{id}"), digest, source, details };
        let appended = append(&*shelf, body, entry, None).await?;
        Ok(KeptRecord { id, digest, locator: appended.locator })
    }
}

/// The id of a source: 32 hexadecimal digits.
#[must_use]
pub fn record_id(format: Format, system: Option<&str>, digest: &Sha256Digest) -> String {
    let mut hasher = Sha256::new();
    for part in [format.as_str(), system.unwrap_or_default()] {
        hasher.update(part);
        hasher.update([0]);
    }
    hasher.update(digest.0);
    Sha256Digest(hasher.finalize().into()).to_hex()[..32].into()
}
