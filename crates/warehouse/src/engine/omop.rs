//! The facts as tables of the OMOP CDM 5.4 and of its imaging extension, in a schema of their own: views that a
//! statement reads like the facts (<https://ohdsi.github.io/CommonDataModel/cdm54.html>,
//! <https://doi.org/10.1007/s10278-024-00982-6>).
//!
//! A code becomes a concept by the vocabularies that a site keeps as it downloaded them; without, every concept is 0,
//! which in OMOP means that none is known, and the code stands in the source's column.

use super::{AskError, CATALOG, Session};
use datafusion::arrow::datatypes::{DataType, Field, Schema};
use datafusion::catalog::MemorySchemaProvider;
use datafusion::common::TableReference;
use datafusion::error::DataFusionError;
use datafusion::prelude::{CsvReadOptions, SessionContext};
use std::fmt::Write as _;
use std::io::{self, BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The schema that the tables are in.
pub const SCHEMA: &str = "omop";
/// The column that its tables are cut into parts by.
pub const PERSON: &str = "person_id";

/// A table of the model.
#[derive(Debug, Clone, Copy)]
pub struct View {
    /// Its name.
    pub name: &'static str,
    sql: &'static str,
    /// How its rows of some persons are found, where they name none: a column, and the table that knows it and them.
    pub by: Option<(&'static str, &'static str)>,
}

impl View {
    const fn of(name: &'static str, sql: &'static str) -> Self {
        Self { name, sql, by: None }
    }

    /// A statement that reads its rows of persons with numbers from one to another, each with both ends.
    #[must_use]
    pub fn of_persons(&self, first: i64, last: i64) -> String {
        let among = format!("{PERSON} BETWEEN {first} AND {last}");
        let among = match self.by {
            None => among,
            Some((key, table)) => format!("{key} IN (SELECT {key} FROM {SCHEMA}.{table} WHERE {among})"),
        };
        format!("SELECT * FROM {SCHEMA}.{} WHERE {among}", self.name)
    }
}

/// The tables whose rows belong to persons; a row of one names only rows of earlier ones.
pub const TABLES: &[View] = &[
    View::of("person", include_str!("omop/person.sql")),
    View::of("observation_period", include_str!("omop/observation_period.sql")),
    View::of("death", include_str!("omop/death.sql")),
    View::of("visit_occurrence", include_str!("omop/visit_occurrence.sql")),
    View::of("condition_occurrence", include_str!("omop/condition_occurrence.sql")),
    View::of("procedure_occurrence", include_str!("omop/procedure_occurrence.sql")),
    View::of("drug_exposure", include_str!("omop/drug_exposure.sql")),
    View::of("measurement", include_str!("omop/measurement.sql")),
    View::of("observation", include_str!("omop/observation.sql")),
    View::of("note", include_str!("omop/note.sql")),
    View { by: Some(("note_id", "note")), ..View::of("note_nlp", include_str!("omop/note_nlp.sql")) },
    View::of("image_occurrence", include_str!("omop/image_occurrence.sql")),
    View::of("image_feature", include_str!("omop/image_feature.sql")),
];

/// The table that tells of the others: one row.
pub const ABOUT: View = View::of("cdm_source", include_str!("omop/cdm_source.sql"));

/// Where a concept stands that has no other code.
const OHDSI: &str = "https://fhir-terminology.ohdsi.org";

/// A folder of vocabularies: CONCEPT.csv, and what it has of CONCEPT_RELATIONSHIP.csv and VOCABULARY.csv, as
/// downloaded from <https://athena.ohdsi.org> (separated by tabs) or by commas.
#[derive(Debug, Clone)]
pub struct Vocabularies {
    concepts: PathBuf,
    relationships: Option<PathBuf>,
    releases: Option<PathBuf>,
}

impl Vocabularies {
    /// Looks whether a folder has them.
    ///
    /// # Errors
    /// When it can't be read, or has no CONCEPT.csv.
    pub fn at(folder: &Path) -> io::Result<Self> {
        let mut found: [Option<PathBuf>; 3] = Default::default();
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().to_lowercase();
            let names = ["concept.csv", "concept_relationship.csv", "vocabulary.csv"];
            if let Some(at) = names.iter().position(|one| *one == name) {
                found[at] = Some(entry.path().canonicalize()?);
            }
        }
        let [concepts, relationships, releases] = found;
        let none = || io::Error::new(io::ErrorKind::NotFound, "there is no CONCEPT.csv in it");
        Ok(Self { concepts: concepts.ok_or_else(none)?, relationships, releases })
    }
}

impl Session {
    /// Adds the tables of OMOP.
    pub(crate) async fn add_omop(&self, vocabularies: Option<&Vocabularies>) -> Result<(), AskError> {
        let catalog = self.context.catalog(CATALOG);
        let catalog = catalog.ok_or_else(|| DataFusionError::Internal("no catalog".into()))?;
        catalog.register_schema(SCHEMA, Arc::new(MemorySchemaProvider::new()))?;
        add_vocabularies(&self.context, vocabularies).await?;
        self.view("known", known(vocabularies)).await?;
        self.view("release", release(vocabularies)).await?;
        for view in TABLES.iter().chain([&ABOUT]) {
            self.view(view.name, &expanded(view.sql)).await?;
        }
        Ok(())
    }

    async fn view(&self, name: &str, sql: &str) -> Result<(), AskError> {
        let view = self.plan(sql).await?.into_view();
        self.context.register_table(TableReference::partial(SCHEMA, name), view)?;
        Ok(())
    }
}

/// A code's own concept (`source`), and the standard one it means (`concept`).
const fn known(vocabularies: Option<&Vocabularies>) -> &'static str {
    match vocabularies {
        None => {
            "SELECT '' AS vocabulary, '' AS code, CAST(0 AS BIGINT) AS source, CAST(0 AS BIGINT) AS concept WHERE FALSE"
        }
        Some(Vocabularies { relationships: None, .. }) => {
            "SELECT vocabulary_id AS vocabulary, concept_code AS code, CAST(concept_id AS BIGINT) AS source, \
             CASE standard_concept WHEN 'S' THEN CAST(concept_id AS BIGINT) ELSE 0 END AS concept FROM omop.concept"
        }
        // Of several standard concepts that a code means together one is taken: a row stays one row.
        Some(_) => {
            "SELECT c.vocabulary_id AS vocabulary, c.concept_code AS code, CAST(c.concept_id AS BIGINT) AS source, \
             COALESCE(m.concept, CASE c.standard_concept WHEN 'S' THEN CAST(c.concept_id AS BIGINT) ELSE 0 END) AS concept \
             FROM omop.concept c LEFT JOIN (SELECT concept_id_1, MIN(CAST(concept_id_2 AS BIGINT)) AS concept \
             FROM omop.concept_relationship WHERE relationship_id = 'Maps to' AND COALESCE(invalid_reason, '') = '' \
             GROUP BY concept_id_1) m ON m.concept_id_1 = c.concept_id"
        }
    }
}

const fn release(vocabularies: Option<&Vocabularies>) -> &'static str {
    match vocabularies {
        Some(Vocabularies { releases: Some(_), .. }) => {
            "SELECT vocabulary_version AS version FROM omop.vocabulary WHERE vocabulary_id = 'None'"
        }
        _ => "SELECT '' AS version WHERE FALSE",
    }
}

async fn add_vocabularies(
    context: &SessionContext,
    vocabularies: Option<&Vocabularies>,
) -> Result<(), AskError> {
    let Some(Vocabularies { concepts, relationships, releases }) = vocabularies else { return Ok(()) };
    let files = [
        ("concept", Some(concepts)),
        ("concept_relationship", relationships.as_ref()),
        ("vocabulary", releases.as_ref()),
    ];
    for (name, path) in files.into_iter().filter_map(|(name, path)| Some((name, path?))) {
        let (delimiter, schema) = header(path).map_err(DataFusionError::from)?;
        let mut options = CsvReadOptions::new().delimiter(delimiter).schema(&schema).file_extension("");
        if delimiter == b'\t' {
            // Quotes in names of concepts are only quotes.
            options = options.quote(0);
        }
        let path = path.to_string_lossy();
        context.register_csv(TableReference::partial(SCHEMA, name), path.as_ref(), options).await?;
    }
    Ok(())
}

/// What separates the columns of a table, and their names: all of them are text.
fn header(path: &Path) -> io::Result<(u8, Schema)> {
    let mut line = String::new();
    BufReader::new(std::fs::File::open(path)?).read_line(&mut line)?;
    let (delimiter, by) = if line.contains('\t') { (b'\t', '\t') } else { (b',', ',') };
    let name = |name: &str| name.trim().trim_start_matches('\u{feff}').trim_matches('"').to_lowercase();
    let columns = line.split(by).map(|column| Field::new(name(column), DataType::Utf8, true));
    Ok((delimiter, Schema::new(columns.collect::<Vec<_>>())))
}

/// A view's statement, with `PLAIN(table)`, `CODED(table)` and `MEASURED(table)` written out.
fn expanded(sql: &str) -> String {
    replaced(&replaced(&replaced(sql, "CODED(", coded), "MEASURED(", measured), "PLAIN(", plain)
}

fn replaced(sql: &str, mark: &str, with: impl Fn(&str) -> String) -> String {
    let mut parts = sql.split(mark);
    let mut all = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (table, rest) = part.split_once(')').unwrap_or((part, ""));
        all.push_str(&with(table));
        all.push_str(rest);
    }
    all
}

/// Rows that the model can take: with a day, and of persons whose year of birth is known.
fn plain(table: &str) -> String {
    format!(
        "(SELECT * FROM {table} WHERE day IS NOT NULL AND patient IN \
         (SELECT patient FROM patient WHERE birth_year IS NOT NULL))"
    )
}

/// The same with `source_concept`, the concept of the code as received, and `concept`, the standard one: of that code,
/// of the one it was mapped to, or as the sender said it.
fn coded(table: &str) -> String {
    let (own, standard) = (vocabulary("t.system"), vocabulary("t.standard_system"));
    format!(
        "(SELECT t.*, COALESCE(o.source, 0) AS source_concept, COALESCE(NULLIF(o.concept, 0), NULLIF(s.concept, 0), \
         CASE '{OHDSI}' WHEN t.system THEN TRY_CAST(t.code AS BIGINT) WHEN t.standard_system \
         THEN TRY_CAST(t.standard_code AS BIGINT) END, 0) AS concept FROM PLAIN({table}) t \
         LEFT JOIN omop.known o ON o.vocabulary = {own} AND o.code = t.code \
         LEFT JOIN omop.known s ON s.vocabulary = {standard} AND s.code = t.standard_code)"
    )
}

/// The same of what was measured on images: `source_concept`, `concept`, and the concepts of finding and site.
fn measured(table: &str) -> String {
    let join = |name: &str, of: &str| {
        let vocabulary = vocabulary(&format!("t.{of}system"));
        format!(
            "LEFT JOIN omop.known {name} ON {name}.vocabulary = {vocabulary} AND {name}.code = t.{of}code"
        )
    };
    format!(
        "(SELECT t.*, COALESCE(o.source, 0) AS source_concept, COALESCE(o.concept, 0) AS concept, \
         COALESCE(f.concept, 0) AS finding_concept, COALESCE(p.concept, 0) AS site_concept FROM PLAIN({table}) t {} {} {})",
        join("o", ""),
        join("f", "finding_"),
        join("p", "site_")
    )
}

/// The vocabulary of a system.
fn vocabulary(system: &str) -> String {
    let mut all = format!("CASE {system}");
    for (vocabulary, name) in clinical::vocabularies::systems() {
        let _ = write!(all, " WHEN '{name}' THEN '{vocabulary}'");
    }
    all + " END"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_says_which_rows_it_takes() {
        let sql = expanded("SELECT * FROM PLAIN(encounter) t JOIN CODED(condition) c ON TRUE");
        assert!(
            sql.contains("FROM encounter WHERE day") && sql.contains("FROM condition WHERE day"),
            "{sql}"
        );
        assert!(!sql.contains("PLAIN(") && !sql.contains("CODED("));
    }

    #[test]
    fn rows_of_some_persons_are_found_where_they_name_none() {
        let view = TABLES.iter().find(|view| view.name == "note_nlp").expect("a table");
        assert_eq!(
            view.of_persons(1, 9),
            "SELECT * FROM omop.note_nlp WHERE note_id IN (SELECT note_id FROM omop.note WHERE person_id BETWEEN 1 AND 9)"
        );
    }

    #[test]
    fn a_folder_without_concepts_is_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let error = Vocabularies::at(folder.path()).expect_err("nothing there");
        assert_eq!(error.to_string(), "there is no CONCEPT.csv in it");
    }
}
