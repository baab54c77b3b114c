//! Names of volumes by the Brain Imaging Data Structure (BIDS 1.10, <https://bids-specification.readthedocs.io/>).
//! What BIDS has no place for stands in folders that `.bidsignore` names.

use std::collections::BTreeMap;

/// What a volume's name depends on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scan {
    /// (0008,0060)
    pub modality: String,
    /// Series description and protocol, as they leave.
    pub words: String,
    /// Whether it is weighted by diffusion.
    pub diffusion: bool,
    /// Whether it has several times.
    pub times: bool,
}

/// Where a volume goes: a folder and the end of its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kind {
    /// anat, dwi, func, pet; or one that BIDS does not know.
    pub folder: String,
    /// Parts before the suffix, such as `task-unknown`.
    pub parts: &'static str,
    /// T1w, T2w, bold, …
    pub suffix: String,
}

/// Folders that BIDS knows.
const KNOWN: [&str; 4] = ["anat", "dwi", "func", "pet"];

/// What kind of scan it is.
#[must_use]
pub fn kind(scan: &Scan) -> Kind {
    let words = scan.words.to_lowercase();
    let has = |any: &[&str]| any.iter().any(|word| words.contains(word));
    let of = |folder: &str, suffix: &str| Kind { folder: folder.into(), parts: "", suffix: suffix.into() };
    match scan.modality.as_str() {
        "PT" => of("pet", "pet"),
        "MR" if scan.diffusion => of("dwi", "dwi"),
        "MR" if scan.times && has(&["bold", "fmri", "rest", "task"]) => {
            Kind { parts: "task-unknown_", ..of("func", "bold") }
        }
        "MR" if has(&["flair"]) => of("anat", "FLAIR"),
        "MR" if has(&["swi", "t2*", "t2star"]) => of("anat", "T2starw"),
        "MR" if has(&["t1", "mprage", "bravo", "spgr", "tfe"]) => of("anat", "T1w"),
        "MR" if has(&["t2"]) => of("anat", "T2w"),
        "MR" if has(&["proton", "pd_", "pdw", "pd "]) => of("anat", "PDw"),
        other => {
            let plain: String = other.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
            let plain = if plain.is_empty() { "other".into() } else { plain };
            of(&plain, &plain)
        }
    }
}

/// Gives each volume a name of its own.
#[derive(Debug, Default)]
pub struct Names {
    runs: BTreeMap<String, u32>,
}

impl Names {
    /// The path of a volume below `bids/`, without its ending.
    pub fn next(&mut self, subject: &str, session: usize, scan: &Scan) -> String {
        let kind = kind(scan);
        let (sub, ses) = (format!("sub-{}", label(subject)), format!("ses-{session}"));
        let begins = format!("{sub}/{ses}/{}/{sub}_{ses}_{}", kind.folder, kind.parts);
        let run = self.runs.entry(format!("{begins}{}", kind.suffix)).or_default();
        *run += 1;
        format!("{begins}run-{run}_{}", kind.suffix)
    }
}

/// Whether BIDS has a folder of this name for scans.
#[must_use]
pub fn knows(folder: &str) -> bool {
    KNOWN.contains(&folder)
}

/// A subject's label: letters and digits alone.
#[must_use]
pub fn label(subject: &str) -> String {
    subject.chars().filter(char::is_ascii_alphanumeric).collect()
}

/// `participants.tsv`: label, the subject's code, sex, age at the first exam.
#[must_use]
pub fn participants(people: &[(String, String, Option<i64>)]) -> String {
    let mut lines = String::from("participant_id\tsubject\tsex\tage\n");
    for (subject, sex, age) in people {
        let sex = match sex.as_str() {
            "male" => "M",
            "female" => "F",
            "other" => "O",
            _ => "n/a",
        };
        let age = age.map_or_else(|| "n/a".to_owned(), |age| age.to_string());
        lines.push_str(&format!("sub-{}\t{subject}\t{sex}\t{age}\n", label(subject)));
    }
    lines
}

/// `participants.json`: what the columns mean.
#[must_use]
pub fn participants_about() -> serde_json::Value {
    serde_json::json!({
        "subject": { "Description": "The subject's code, as in the tables and the DICOM files." },
        "sex": { "Description": "Sex", "Levels": { "M": "male", "F": "female", "O": "other" } },
        "age": { "Description": "Age at the first exam of the release; the oldest are one group.", "Units": "years" },
    })
}

/// `dataset_description.json`.
#[must_use]
pub fn description(title: &str, license: &str) -> serde_json::Value {
    let license = if license.trim().is_empty() { "See README.md" } else { license };
    serde_json::json!({
        "Name": title,
        "BIDSVersion": "1.10.0",
        "DatasetType": "raw",
        "License": license,
        "GeneratedBy": [{ "Name": "Isocenter", "Version": env!("CARGO_PKG_VERSION") }],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan(modality: &str, words: &str) -> Scan {
        Scan { modality: modality.into(), words: words.into(), ..Scan::default() }
    }

    #[test]
    fn scans_are_named_by_what_they_say() {
        for (modality, words, folder, suffix) in [
            ("MR", "Sag T1 MPRAGE", "anat", "T1w"),
            ("MR", "ax T2 FLAIR", "anat", "FLAIR"),
            ("MR", "Axial T2 TSE", "anat", "T2w"),
            ("PT", "whole body", "pet", "pet"),
            ("CT", "Thorax 1.0", "ct", "ct"),
            ("", "", "other", "other"),
        ] {
            let kind = kind(&scan(modality, words));
            assert_eq!((kind.folder.as_str(), kind.suffix.as_str()), (folder, suffix), "{words}");
        }
        let diffusion = Scan { diffusion: true, times: true, ..scan("MR", "ep2d") };
        assert_eq!(kind(&diffusion).folder, "dwi");
        assert_eq!(kind(&Scan { times: true, ..scan("MR", "rest bold") }).parts, "task-unknown_");
    }

    #[test]
    fn each_volume_has_a_name_of_its_own() {
        let mut names = Names::default();
        assert_eq!(names.next("S-A1", 1, &scan("MR", "T1")), "sub-SA1/ses-1/anat/sub-SA1_ses-1_run-1_T1w");
        assert_eq!(
            names.next("S-A1", 1, &scan("MR", "t1 post")),
            "sub-SA1/ses-1/anat/sub-SA1_ses-1_run-2_T1w"
        );
        assert_eq!(names.next("S-A1", 2, &scan("CT", "")), "sub-SA1/ses-2/ct/sub-SA1_ses-2_run-1_ct");
        assert!(knows("anat") && !knows("ct"));
    }

    #[test]
    fn participants_say_nothing_but_sex_and_age() {
        let told =
            participants(&[("S-A1".into(), "female".into(), Some(61)), ("S-B2".into(), String::new(), None)]);
        assert_eq!(
            told,
            "participant_id\tsubject\tsex\tage\nsub-SA1\tS-A1\tF\t61\nsub-SB2\tS-B2\tn/a\tn/a\n"
        );
    }
}
