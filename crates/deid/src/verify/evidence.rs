//! The evidence pack: what was done, with what, and what a search of the result found. Nothing in it identifies.

use super::Score;
use super::bound::upper_bound;
use super::canary::Counted;
use super::pictures::{Pictures, Reader};
use super::residual::{Category, Identifiers, Trace};
use crate::policy::Policy;
use bytes::Bytes;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What a search of everything that was written found.
#[derive(Default)]
pub struct Residue {
    /// SHA-256 of every original that is DICOM.
    pub inputs: Vec<String>,
    /// Name and SHA-256 of every file that was searched.
    pub outputs: Vec<(String, String)>,
    /// How many different identifiers were looked for.
    pub looked_for: BTreeMap<Category, u64>,
    /// How many bytes were searched.
    pub bytes: u64,
    /// How many values of attributes.
    pub values: u64,
    /// Files that can't be read as DICOM: only their bytes were searched.
    pub unreadable: u64,
    /// By file, as a number from 0.
    pub traces: Vec<(usize, Trace)>,
    /// What was read in pixels, if anybody read them.
    pub pictures: Option<Pictures>,
}

/// A share that leaks, as far as the sample tells.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Bound {
    /// What was checked: files, values, canaries.
    pub of: &'static str,
    /// How many of them leaked.
    pub leaks: u64,
    /// How many were checked.
    pub checked: u64,
    /// With 95 % confidence at most this share leaks (Clopper and Pearson, one-sided).
    pub upper_bound: f64,
}

impl Bound {
    fn new(of: &'static str, leaks: u64, checked: u64) -> Self {
        Self { of, leaks, checked, upper_bound: upper_bound(leaks, checked) }
    }
}

impl std::fmt::Display for Bound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { of, leaks, checked, upper_bound } = self;
        let most = 100.0 * upper_bound;
        write!(f, "{leaks} of {checked} {of} leak; with 95 % confidence at most {most:.4} % of such {of} do")
    }
}

impl Residue {
    /// Notes what is looked for from now on.
    pub fn look_for(&mut self, identifiers: &Identifiers) {
        for (category, count) in identifiers.counts() {
            *self.looked_for.entry(category).or_default() += count;
        }
    }

    /// Searches a file that was written, and with a reader its pixels.
    pub fn search(
        &mut self,
        identifiers: &Identifiers,
        name: String,
        file: &Bytes,
        reader: Option<Reader<'_>>,
    ) {
        let mut searched = identifiers.search(file);
        if let Some(reader) = reader {
            searched.traces.extend(self.pictures.get_or_insert_default().look(file, identifiers, reader));
        }
        self.bytes += searched.bytes;
        self.values += searched.values;
        self.unreadable += u64::from(searched.unreadable);
        let index = self.outputs.len();
        self.traces.extend(searched.traces.into_iter().map(|trace| (index, trace)));
        self.outputs.push((name, digest(file)));
    }

    /// Whether nothing was found and all of it could be read.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        let unread = self.pictures.map_or(0, |pictures| pictures.unreadable);
        self.traces.is_empty() && self.unreadable + unread == 0
    }

    /// Traces of a category.
    #[must_use]
    pub fn found(&self, category: Category) -> u64 {
        self.traces.iter().filter(|(_, trace)| trace.category == category).count() as u64
    }

    /// The upper bounds of the shares of files, of values and of images that leak.
    #[must_use]
    pub fn bounds(&self) -> Vec<Bound> {
        let mut leaking: Vec<_> = self.traces.iter().map(|(file, _)| file).collect();
        leaking.dedup();
        let files = Bound::new("files", leaking.len() as u64, self.outputs.len() as u64);
        let values = Bound::new("values", self.traces.len() as u64, self.values);
        let read = self.pictures.filter(|pictures| pictures.read > 0);
        let images = read.map(|pictures| Bound::new("images", pictures.leaking, pictures.read));
        [files, values].into_iter().chain(images).collect()
    }
}

impl Counted {
    /// The upper bound of the share of canaries that come through.
    #[must_use]
    pub fn bound(&self) -> Bound {
        Bound::new("canaries", self.through.values().sum(), self.planted.values().sum())
    }
}

/// Which program made the files.
pub struct Software {
    version: &'static str,
    sha256: String,
}

impl Software {
    /// This program.
    ///
    /// # Errors
    /// Its file can't be read.
    pub fn this() -> std::io::Result<Self> {
        let program = std::env::current_exe().and_then(std::fs::read)?;
        Ok(Self { version: env!("CARGO_PKG_VERSION"), sha256: digest(&program) })
    }
}

/// What goes into a pack.
pub struct Evidence<'a> {
    /// The program.
    pub software: &'a Software,
    /// The policy that was used.
    pub policy: &'a Policy,
    /// The project whose objects were searched.
    pub project: Option<&'a str>,
    /// What the search found.
    pub residue: &'a Residue,
    /// What became of canaries.
    pub canaries: Option<&'a Counted>,
    /// How many objects were withheld, by a word for the reason.
    pub withheld: &'a BTreeMap<String, u64>,
    /// What an answer key says.
    pub score: Option<&'a Score>,
}

/// The texts of a pack.
pub struct Pack {
    /// `policy.toml`
    pub policy: String,
    /// `evidence.json`: what is signed; it names the digests of all the rest.
    pub document: String,
    /// `evidence.md`: the same for people.
    pub page: String,
}

impl Evidence<'_> {
    /// Writes the pack.
    #[must_use]
    pub fn pack(&self) -> Pack {
        let policy = self.policy.document().to_toml();
        let document = format!("{:#}\n", self.document(&policy));
        let page = self.page(&digest(document.as_bytes()));
        Pack { policy, document, page }
    }

    /// Whether nothing that was looked for came through.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.residue.is_clean()
            && self.canaries.is_none_or(|counted| counted.bound().leaks == 0)
            && self.score.is_none_or(|score| score.failures.is_empty())
    }

    fn bounds(&self) -> Vec<Bound> {
        let canaries = self.canaries.map(Counted::bound);
        self.residue.bounds().into_iter().chain(canaries).collect()
    }

    fn document(&self, policy: &str) -> Value {
        let residue = self.residue;
        let mut inputs = residue.inputs.clone();
        inputs.sort();
        let output = |(file, sha256): &(String, String)| json!({ "file": file, "sha256": sha256 });
        let found = |(category, count): (&Category, &u64)| json!({ "category": category, "looked_for": count, "found": residue.found(*category) });
        let trace = |(file, trace): &(usize, Trace)| json!({ "file": residue.outputs[*file].0, "category": trace.category, "place": trace.place });
        json!({
            "format": 1,
            "software": { "name": "isocenter", "version": self.software.version, "sha256": self.software.sha256 },
            "policy": {
                "id": self.policy.document().id,
                "version": self.policy.document().version,
                "sha256": self.policy.digest(),
                "file": { "name": "policy.toml", "sha256": digest(policy.as_bytes()) },
            },
            "project": self.project,
            "inputs": inputs,
            "outputs": residue.outputs.iter().map(output).collect::<Vec<_>>(),
            "withheld": self.withheld,
            "search": {
                "bytes": residue.bytes,
                "values": residue.values,
                "unreadable": residue.unreadable,
                "pictures": residue.pictures,
                "identifiers": residue.looked_for.iter().map(found).collect::<Vec<_>>(),
                "traces": residue.traces.iter().map(trace).collect::<Vec<_>>(),
            },
            "canaries": self.canaries,
            "risk": { "method": "Clopper-Pearson, one-sided", "confidence": 0.95, "bounds": self.bounds() },
            "score": self.score.map(|score| json!({ "categories": score.categories, "actions": score.actions })),
        })
    }

    fn page(&self, sha256: &str) -> String {
        let (residue, policy) = (self.residue, self.policy);
        let of = self.project.map(|project| format!("Project {project}. ")).unwrap_or_default();
        let mut page = format!(
            "# Evidence of de-identification\n\n{of}Policy {}, SHA-256 `{}` (`policy.toml`). Software isocenter {}.\n\
             {} originals, {} files written, {} withheld. All figures and hashes: `evidence.json`, SHA-256 `{sha256}`.\n\n\
             ## What was searched for\n{} values and {} bytes; {} files could not be read.\n\n\
             | identifiers | looked for | found |\n|---|--:|--:|\n",
            policy.label(),
            policy.digest(),
            self.software.version,
            residue.inputs.len(),
            residue.outputs.len(),
            self.withheld.values().sum::<u64>(),
            residue.values,
            residue.bytes,
            residue.unreadable,
        );
        for (category, count) in &residue.looked_for {
            let _ = writeln!(page, "| {category} | {count} | {} |", residue.found(*category));
        }
        if let Some(canaries) = self.canaries {
            page.push_str(
                "\n## Canaries\n| invented identifiers | planted | came through |\n|---|--:|--:|\n",
            );
            for (category, planted) in &canaries.planted {
                let through = canaries.through.get(category).copied().unwrap_or_default();
                let _ = writeln!(page, "| {category} | {planted} | {through} |");
            }
        }
        page.push_str("\n## What may be left\n");
        for bound in self.bounds() {
            let _ = writeln!(page, "- {bound} (Clopper-Pearson).");
        }
        if let Some(score) = self.score {
            page.push_str("\n## Score\n| category | passed | failed | withheld |\n|---|--:|--:|--:|\n");
            for (name, count) in &score.categories {
                let _ =
                    writeln!(page, "| {name} | {} | {} | {} |", count.passed, count.failed, count.withheld);
            }
        }
        page.push_str(&pixels(residue.pictures));
        page
    }
}

fn pixels(pictures: Option<Pictures>) -> String {
    let Some(Pictures { read, frames, leaking, unreadable, passed_over }) = pictures else {
        return "\n## Pixels\nNobody read the pixels in this search.\n".into();
    };
    format!(
        "\n## Pixels\n{frames} frames of {read} images were read by an OCR engine; identifiers were found in {leaking}. \
         {unreadable} could not be read. {passed_over} images of kinds without text were passed over.\n"
    )
}

/// SHA-256 in hexadecimal.
#[must_use]
pub fn digest(bytes: &[u8]) -> String {
    super::signature::hex(&Sha256::digest(bytes))
}
