//! The papers of a package: what it is, of whom, by which rules, how to cite it, and the sums of its files.
//! Nothing in them depends on when they are written: made again, they are the same bytes.

use crate::checks::{Check, Severity};
use crate::columns::Outgoing;
use crate::desk::{KeptFile, Member, Missing, Package, Release};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use warehouse::schema::{Table, Type};

/// The papers' names.
pub const MANIFEST: &str = "manifest.json";
/// RO-Crate's own.
pub const CRATE: &str = "ro-crate-metadata.json";
/// For people.
pub const README: &str = "README.md";
/// As `sha256sum --check` reads it.
pub const CHECKSUMS: &str = "checksums.sha256";
/// What the columns of the tables mean.
pub const DICTIONARY: &str = "tables/data-dictionary.csv";

/// What a package is, for its papers.
#[derive(Debug)]
pub struct About<'a> {
    /// The release.
    pub release: &'a Release,
    /// Its members that are in it.
    pub members: &'a [Member],
    /// What it lacks.
    pub missing: &'a [Missing],
    /// What it holds; digest and moment are not looked at.
    pub counts: &'a Package,
}

impl About<'_> {
    fn approved(&self) -> String {
        self.release.approved_at().map(|at| at.to_string()).unwrap_or_default()
    }

    /// How to cite it.
    #[must_use]
    pub fn citation(&self) -> String {
        let Release { id, request, pinned, .. } = self.release;
        let day: String = self.approved().chars().take(10).collect();
        format!(
            "{}. {}. Release {id} of frozen cohort {} ({day}), sha256:{}.",
            request.title, pinned.project_title, request.frozen, pinned.digest
        )
    }

    /// `manifest.json`.
    #[must_use]
    pub fn manifest(&self) -> Value {
        let Release { id, request, pinned, .. } = self.release;
        let member = |one: &Member| {
            let study = (!one.named.is_empty()).then_some(&one.named);
            json!({ "subject": one.subject, "study": study })
        };
        json!({
            "format": 1,
            "release": id,
            "title": request.title,
            "purpose": request.purpose,
            "project": { "id": request.project, "title": pinned.project_title },
            "cohort": { "id": pinned.cohort, "version": pinned.cohort_version, "name": pinned.cohort_name },
            "frozen": { "id": request.frozen, "digest": pinned.digest, "facts": pinned.facts },
            "definition": pinned.definition,
            "policy": pinned.policy,
            "software": { "name": "Isocenter", "version": env!("CARGO_PKG_VERSION") },
            "approvedAt": self.approved(),
            "expires": request.expires,
            "forms": request.forms,
            "counts": {
                "subjects": self.counts.subjects,
                "exams": self.counts.exams,
                "series": self.counts.series,
                "instances": self.counts.instances,
            },
            "missing": self.missing,
            "citation": self.citation(),
            "members": self.members.iter().map(member).collect::<Vec<_>>(),
        })
    }

    /// `ro-crate-metadata.json`, RO-Crate 1.1 (<https://w3id.org/ro/crate/1.1>).
    #[must_use]
    pub fn ro_crate(&self, files: &[KeptFile]) -> Value {
        let Release { request, pinned, .. } = self.release;
        let part = |file: &KeptFile| json!({ "@id": file.path });
        let parts: Vec<Value> = files.iter().map(part).collect();
        let mut graph = vec![
            json!({
                "@type": "CreativeWork", "@id": CRATE,
                "conformsTo": { "@id": "https://w3id.org/ro/crate/1.1" }, "about": { "@id": "./" },
            }),
            json!({
                "@id": "./", "@type": "Dataset",
                "name": request.title,
                "description": request.purpose,
                "identifier": format!("urn:isocenter:release:{}", self.release.id),
                "datePublished": self.approved(),
                "expires": request.expires,
                "license": { "@id": "#terms" },
                "creditText": self.citation(),
                "isBasedOn": { "@id": format!("urn:isocenter:frozen:{}", request.frozen) },
                "hasPart": parts,
            }),
            json!({
                "@id": "#terms", "@type": "CreativeWork", "name": "Terms of use",
                "description": "The project's terms, which who asked accepted.",
                "text": terms(&pinned.terms),
            }),
            json!({
                "@id": format!("urn:isocenter:frozen:{}", request.frozen), "@type": "Dataset",
                "name": format!("{}, version {}, as it was frozen", pinned.cohort_name, pinned.cohort_version),
                "sha256": pinned.digest, "version": pinned.facts,
            }),
            json!({
                "@id": "#isocenter", "@type": "SoftwareApplication", "name": "Isocenter",
                "version": env!("CARGO_PKG_VERSION"),
            }),
            json!({
                "@id": "#made", "@type": "CreateAction", "instrument": { "@id": "#isocenter" },
                "object": { "@id": format!("urn:isocenter:frozen:{}", request.frozen) }, "result": { "@id": "./" },
                "description": format!("De-identified by policy {} version {}, sha256:{}",
                    pinned.policy.id, pinned.policy.version, pinned.policy.digest),
            }),
        ];
        graph.extend(files.iter().map(described));
        json!({ "@context": "https://w3id.org/ro/crate/1.1/context", "@graph": graph })
    }

    /// `README.md`.
    #[must_use]
    pub fn readme(&self) -> String {
        let Release { id, request, pinned, .. } = self.release;
        let Package { subjects, exams, series, instances, .. } = self.counts;
        let mut text = format!(
            "# {}\n\nRelease {id} of project {} ({}).\n\nPurpose: {}\n\n\
             {subjects} subjects, {exams} exams, {series} series, {instances} instances.\n\
             It is to be used until {}.\n\n## What is in it\n",
            request.title, request.project, pinned.project_title, request.purpose, request.expires
        );
        for form in &request.forms {
            text.push_str(match form.as_str() {
                "dicom" => "- `dicom/<subject>/<study>/<series>/<instance>.dcm`: de-identified DICOM files\n",
                "nifti" => "- `bids/`: volumes as NIfTI with sidecars, named by BIDS\n",
                "tables" => "- `tables/`: facts as Parquet and CSV; `tables/data-dictionary.csv` says what columns mean\n",
                "reports" => "- `reports/<subject>/<id>.txt`: reports without what identifies people; `reports/report.csv` has a row for each `id`\n",
                _ => "- nothing is copied: the project's DICOMweb service shows the exams, and statements (SQL) ask the facts\n",
            });
        }
        text.push_str(
            "- `manifest.json`: definition, members, policy, versions\n\
             - `ro-crate-metadata.json`: the same for programs that read RO-Crate\n\
             - `checksums.sha256`: run `sha256sum --check checksums.sha256`\n\n\
             Patients are subject codes. UIDs are the project's own. Dates moved by some days, the same for\n\
             everything of a person, where the policy moves dates: intervals are as they were.\n\n## What is missing\n",
        );
        if self.missing.is_empty() {
            text.push_str("Nothing.\n");
        }
        for Missing { what, why, count } in self.missing {
            let _ = writeln!(text, "- {count} {what}: {why}");
        }
        let _ = write!(
            text,
            "\n## Terms of use\n{}\n\n## How to cite it\n{}\n",
            terms(&pinned.terms),
            self.citation()
        );
        text
    }
}

fn terms(text: &str) -> &str {
    if text.trim().is_empty() { "The project states no terms; ask whoever leads it." } else { text }
}

fn described(file: &KeptFile) -> Value {
    let format = match file.path.rsplit('.').next().unwrap_or_default() {
        "dcm" => "application/dicom",
        "gz" => "application/gzip",
        "json" => "application/json",
        "csv" => "text/csv",
        "tsv" => "text/tab-separated-values",
        "md" => "text/markdown",
        "parquet" => "application/vnd.apache.parquet",
        _ => "text/plain",
    };
    json!({ "@id": file.path, "@type": "File", "contentSize": file.size, "encodingFormat": format, "sha256": file.sha256 })
}

/// `checksums.sha256`: a line for each file, by path.
#[must_use]
pub fn checksums(files: &[KeptFile]) -> String {
    files.iter().map(|file| format!("{}  {}\n", file.sha256, file.path)).collect()
}

/// SHA-256 in hexadecimal.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The data dictionary: a line for each column that leaves.
#[must_use]
pub fn dictionary(tables: &[(&Table, &[Outgoing])]) -> String {
    let mut lines = String::from("table,column,type,about,table_about\n");
    for (table, columns) in tables {
        for one in *columns {
            let of = match one.column.of {
                Type::Id => "int64",
                Type::Int => "int32",
                Type::Number => "float64",
                Type::Text => "string",
                Type::Words => "string: words between blanks",
                Type::List => "string: values between bars",
                Type::Date => "date",
                Type::Moment => "timestamp",
                Type::Map => "map",
            };
            let _ = writeln!(
                lines,
                "{},{},{of},{},{}",
                table.name,
                one.column.name,
                quoted(one.column.about),
                quoted(table.about)
            );
        }
    }
    lines
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// What the gate found: files in which something of an identity is left, and where in the first ones. Nothing of what
/// it is.
#[must_use]
pub fn residual(files: u64, found: &[(String, String, String)]) -> Check {
    if found.is_empty() {
        let says = format!("{files} files were searched for what identifies their people: nothing is left.");
        return Check::new("residual", Severity::Ok, says, 0);
    }
    let place = |(file, category, place): &(String, String, String)| format!("{file}: {category} at {place}");
    let places: Vec<String> = found.iter().take(10).map(place).collect();
    let mut names: Vec<&String> = found.iter().map(|(file, ..)| file).collect();
    names.dedup();
    let says = format!(
        "In {} of {files} files something is left that identifies: {}. Nothing leaves. Correct the policy or decide \
         about the images on the project's page, then make it again.",
        names.len(),
        places.join("; ")
    );
    Check::new("residual", Severity::Stop, says, names.len() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::{Decided, Pinned};
    use crate::request::{Form, Recipient, ReleaseRequest};
    use crate::state::State;
    use model::Timestamp;

    fn release() -> Release {
        let recipient =
            Recipient { name: "Rita".into(), email: "r@uni.example".into(), institution: String::new() };
        let request = ReleaseRequest {
            frozen: "00aa".into(),
            project: "lung".into(),
            title: "Nodules".into(),
            purpose: "To learn".into(),
            recipients: vec![recipient],
            terms: true,
            expires: "2030-01-31".into(),
            ethics: String::new(),
            forms: vec![Form::Dicom, Form::Tables],
        };
        let pinned = Pinned { terms: "CC BY 4.0".into(), digest: "ff00".into(), ..Pinned::default() };
        let (by, reason) = ("bob".into(), String::new());
        let at = Timestamp::from_micros(1_700_000_000_000_000);
        let decisions = vec![Decided { by, at, approve: true, reason }];
        let progress = (0, 0, String::new());
        Release {
            id: "0011".into(),
            request,
            asked_by: "rita".into(),
            asked_at: at,
            pinned,
            state: State::Making,
            ethics_type: String::new(),
            checks: Vec::new(),
            missing: Vec::new(),
            progress,
            package: None,
            fetching: None,
            without: String::new(),
            decisions,
        }
    }

    #[test]
    fn papers_name_members_terms_and_files_and_never_the_patients_number() {
        let release = release();
        let member =
            Member { patient: 987_654, study: "1.2.3".into(), subject: "S-1".into(), named: "2.25.9".into() };
        let members = [member];
        let missing = [Missing { what: "instance".into(), why: "withheld".into(), count: 2 }];
        let counts = Package { subjects: 1, ..Package::default() };
        let about = About { release: &release, members: &members, missing: &missing, counts: &counts };
        let file = KeptFile {
            path: "dicom/S-1/2.25.9/2.25.8/2.25.7.dcm".into(),
            size: 9,
            sha256: sha256(b"x"),
            form: "dicom".into(),
            subject: "S-1".into(),
            study: "1.2.3".into(),
        };
        let crate_ = about.ro_crate(std::slice::from_ref(&file));
        let all = format!("{}{crate_}{}", about.manifest(), about.readme());
        for told in ["2.25.9", "S-1", "CC BY 4.0", "2 instance: withheld", "sha256:ff00"] {
            assert!(all.contains(told), "{told}");
        }
        for hidden in ["987654", "1.2.3\""] {
            assert!(!all.contains(hidden), "{hidden}");
        }
        assert_eq!(crate_["@graph"][0]["conformsTo"]["@id"], "https://w3id.org/ro/crate/1.1");
        assert_eq!(checksums(std::slice::from_ref(&file)), format!("{}  {}\n", file.sha256, file.path));
    }

    #[test]
    fn a_finding_is_told_by_its_place_and_stops() {
        let found = [("dicom/a.dcm".to_owned(), "names".to_owned(), "(0008,103E)".to_owned())];
        let told = residual(3, &found);
        assert!(told.stops() && told.says.contains("(0008,103E)") && told.count == 1);
        assert!(!residual(3, &[]).stops());
    }
}
