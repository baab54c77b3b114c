//! Reading without keeping: what would happen.

use super::gather::Gathered;
use super::import::What;
use super::report::Outcome;
use clinical::{Left, Part, Said};
use intake::Format;
use std::fmt::Display;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use tables::input::Input;
use tables::mapped::{Mapped, Mapping};
use tables::omop::{Omop, Table};
use tables::vcf::Vcf;

/// Reads a file and counts.
pub(super) fn read(one: &Gathered, what: &What) -> Outcome {
    let mut outcome = Outcome::of(one);
    let read = match &one.format {
        Ok(format) => count(*format, one, what, &mut outcome),
        Err(why) => Err(why.clone()),
    };
    if let Err(why) = read {
        outcome.unreadable = outcome.statements == 0 && outcome.kept == 0;
        outcome.refuse("file".into(), why);
    }
    outcome
}

fn count(format: Format, one: &Gathered, what: &What, outcome: &mut Outcome) -> Result<(), String> {
    let system = what.system.as_deref();
    // What ids mean that mean nothing elsewhere; nobody else sees it here.
    let scope = system.unwrap_or("urn:file");
    match format {
        Format::Hl7v2 => hl7(&one.path, outcome),
        Format::Fhir | Format::FhirNdjson => {
            let origin = fhir::Origin::new(system, scope);
            all(fhir::Reader::new(BufReader::new(open(&one.path)?), origin), outcome)
        }
        Format::Vcf if system.is_none() => {
            Err("the names of its samples mean nothing by themselves; pass --system".into())
        }
        Format::Vcf => all(Vcf::open(Box::new(open(&one.path)?), scope).map_err(told)?, outcome),
        Format::Omop => {
            all(Omop::open(one.tables.iter().map(table).collect(), scope).map_err(told)?, outcome)
        }
        _ => {
            let text = what.mapping.as_ref().map_or("", |(_, text)| text);
            let mapping = Mapping::parse(text).map_err(told)?;
            all(Mapped::open(Box::new(open(&one.path)?), &mapping, scope).map_err(told)?, outcome)
        }
    }
}

fn told(error: impl Display) -> String {
    error.to_string()
}

fn open(path: &Path) -> Result<File, String> {
    File::open(path).map_err(told)
}

fn table(path: &PathBuf) -> Table<'_> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Table { name, open: Box::new(move || Ok(Box::new(File::open(path)?) as Box<dyn Input>)) }
}

fn all<E: Display>(
    parts: impl Iterator<Item = Result<Part, E>>,
    outcome: &mut Outcome,
) -> Result<(), String> {
    for part in parts {
        match part.map_err(told)? {
            Part::Said(statement) => say(&statement.said, outcome),
            Part::Left(left) => leave(left, outcome),
        }
    }
    Ok(())
}

fn say(said: &Said, outcome: &mut Outcome) {
    outcome.statements += 1;
    let kind = match said {
        Said::Record(record) => record.kind.as_str(),
        Said::Merge { .. } | Said::Unmerge { .. } | Said::Move { .. } => "who is who",
    };
    *outcome.kinds.entry(kind.to_owned()).or_default() += 1;
}

fn leave(left: Left, outcome: &mut Outcome) {
    if left.refused {
        outcome.refuse(left.place, left.why);
    } else {
        outcome.kept += 1;
    }
}

fn hl7(path: &Path, outcome: &mut Outcome) -> Result<(), String> {
    let content = std::fs::read(path).map_err(told)?;
    let batch = hl7::batch::split(&content);
    if batch.messages.is_empty() {
        return Err("there is no MSH segment in it".into());
    }
    batch.left.into_iter().for_each(|left| leave(left, outcome));
    for (at, message) in batch.messages.iter().enumerate() {
        let place = format!("message[{}]", at + 1);
        match hl7::Message::parse(message) {
            Ok(message) => {
                let translation = hl7::translate(&message);
                translation.statements.iter().for_each(|statement| say(&statement.said, outcome));
                for left in translation.left {
                    leave(Left { place: format!("{place}.{}", left.place), ..left }, outcome);
                }
            }
            Err(refusal) => outcome.refuse(place, refusal.to_string()),
        }
    }
    Ok(())
}
