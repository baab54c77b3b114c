//! Mapping tables of codes: a table with `source_code` and `target_code`, or OMOP's CONCEPT with
//! CONCEPT_RELATIONSHIP (`Maps to`).

use crate::TableError;
use crate::ids::IdSet;
use crate::omop::Table;
use crate::omop::concepts::Concepts;
use crate::sheet::{Form, Row, Sheet};
use clinical::codes::{Code, MapPart, Mapped};
use clinical::{Left, When};
use serde_json::Value;

/// Relationships that are read at once: each concept of theirs is held in memory.
const MOST: usize = 3_000_000;

/// What a table is, by its header.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Map,
    Concepts,
    Relationships,
    Other,
}

/// Reads the tables and gives every line of a map; `each` says whether to go on.
///
/// # Errors
/// [`TableError`] when a table can't be read, or relationships come without their concepts.
pub fn read(tables: &[Table<'_>], each: &mut dyn FnMut(MapPart) -> bool) -> Result<(), TableError> {
    let mut kinds = Vec::with_capacity(tables.len());
    for table in tables {
        kinds.push(kind(&open(table)?));
    }
    let of = |wanted: Kind| {
        tables.iter().zip(&kinds).filter(move |(_, kind)| **kind == wanted).map(|(one, _)| one)
    };
    for table in of(Kind::Other) {
        let why = "no mapping table: there are no columns source_code and target_code";
        if !each(left(table, 1, why, true)) {
            return Ok(());
        }
    }
    for table in of(Kind::Map) {
        if !read_map(table, each)? {
            return Ok(());
        }
    }
    let relationships: Vec<_> = of(Kind::Relationships).collect();
    if relationships.is_empty() {
        return Ok(());
    }
    let Some(concepts) = of(Kind::Concepts).next() else {
        let why = "CONCEPT_RELATIONSHIP comes with the CONCEPT table of the same vocabulary";
        return Err(TableError::Mapping(why.into()));
    };
    read_omop(concepts, &relationships, each)
}

fn open(table: &Table<'_>) -> Result<Sheet, TableError> {
    Sheet::open((table.open)()?, &Form::default())
}

fn kind(sheet: &Sheet) -> Kind {
    let has = |names: &[&str]| names.iter().all(|name| sheet.columns.has(name));
    if has(&["source_code", "target_code", "target_system"]) {
        Kind::Map
    } else if has(&["concept_id_1", "concept_id_2", "relationship_id"]) {
        Kind::Relationships
    } else if has(&["concept_id", "concept_code", "vocabulary_id"]) {
        Kind::Concepts
    } else {
        Kind::Other
    }
}

fn left(table: &Table<'_>, line: u64, why: &str, refused: bool) -> MapPart {
    let name = table.name.rsplit(['/', '\\']).next().unwrap_or_default();
    MapPart::Left(Left { place: format!("{name}:{line}"), why: why.into(), refused })
}

fn read_map(table: &Table<'_>, each: &mut dyn FnMut(MapPart) -> bool) -> Result<bool, TableError> {
    let mut sheet = open(table)?;
    while let Some(row) = sheet.next_row()? {
        let part = match row {
            Ok(row) => match mapped(&row) {
                Ok(mapped) => MapPart::Mapped(mapped),
                Err(why) => left(table, row.line, why, true),
            },
            Err(bad) => left(table, bad.line, bad.why, true),
        };
        if !each(part) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn mapped(row: &Row) -> Result<Mapped, &'static str> {
    let text = |column: &str| row.get(column).unwrap_or_default().to_owned();
    let code = |system: &str, code: &str| Code { system: text(system), code: text(code) };
    let (source, target) = (code("source_system", "source_code"), code("target_system", "target_code"));
    if source.code.is_empty() || target.code.is_empty() {
        return Err("no source code, or no target code");
    }
    if target.system.is_empty() {
        return Err("no target system");
    }
    let display = row.get("display").or_else(|| row.get("target_display")).unwrap_or_default().to_owned();
    Ok(Mapped { source, target, display, from: day(row, "valid_from")?, to: day(row, "valid_to")? })
}

/// A day as FHIR writes it, or as `YYYYMMDD`.
fn day(row: &Row, column: &str) -> Result<Option<When>, &'static str> {
    let Some(text) = row.get(column) else { return Ok(None) };
    let read = When::parse(text).or_else(|_| When::parse_hl7(text));
    read.map(Some).map_err(|_| "a day of validity that is none; write YYYY-MM-DD")
}

/// A relationship that maps, and isn't to itself.
fn pair(row: &Row) -> Option<(i64, i64)> {
    let id = |column: &str| row.get(column)?.parse::<i64>().ok();
    let maps = row.get("relationship_id").is_some_and(|name| name.eq_ignore_ascii_case("maps to"));
    let (one, other) = (id("concept_id_1")?, id("concept_id_2")?);
    (maps && row.get("invalid_reason").is_none() && one != other).then_some((one, other))
}

fn read_omop(
    concepts: &Table<'_>,
    relationships: &[&Table<'_>],
    each: &mut dyn FnMut(MapPart) -> bool,
) -> Result<(), TableError> {
    let (mut used, mut count) = (IdSet::default(), 0);
    for table in relationships {
        let mut sheet = open(table)?;
        while let Some(row) = sheet.next_row()? {
            let Some((one, other)) = row.ok().as_ref().and_then(pair) else { continue };
            count += 1;
            used.insert(one);
            used.insert(other);
        }
    }
    if count > MOST {
        let why = format!("{count} relationships are too many at once; load them vocabulary by vocabulary");
        return Err(TableError::Mapping(why));
    }
    let concepts = Concepts::read(open(concepts)?, &used)?;
    for table in relationships {
        if !relate(table, &concepts, each)? {
            return Ok(());
        }
    }
    Ok(())
}

fn relate(
    table: &Table<'_>,
    concepts: &Concepts,
    each: &mut dyn FnMut(MapPart) -> bool,
) -> Result<bool, TableError> {
    let (mut sheet, mut others) = (open(table)?, 0_u64);
    while let Some(row) = sheet.next_row()? {
        let part = match row {
            Ok(row) => match pair(&row) {
                Some(pair) => related(table, &row, concepts, pair),
                None => {
                    others += 1;
                    continue;
                }
            },
            Err(bad) => left(table, bad.line, bad.why, true),
        };
        if !each(part) {
            return Ok(false);
        }
    }
    let why = format!("{others} relationships that map no code to another");
    Ok(others == 0 || each(left(table, 1, &why, false)))
}

fn related(table: &Table<'_>, row: &Row, concepts: &Concepts, (one, other): (i64, i64)) -> MapPart {
    let coded = |id| concepts.get(id).and_then(|_| concepts.coding(id));
    let (Some(source), Some(target)) = (coded(one), coded(other)) else {
        return left(table, row.line, "a concept that CONCEPT hasn't", true);
    };
    let text = |coding: &Value, name: &str| coding[name].as_str().unwrap_or_default().to_owned();
    let code = |coding: &Value| Code { system: text(coding, "system"), code: text(coding, "code") };
    match (day(row, "valid_start_date"), day(row, "valid_end_date")) {
        (Ok(from), Ok(to)) => MapPart::Mapped(Mapped {
            source: code(&source),
            target: code(&target),
            display: text(&target, "display"),
            from,
            to,
        }),
        (Err(why), _) | (_, Err(why)) => left(table, row.line, why, true),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::input::Input;

    fn table(name: &str, text: &'static str) -> Table<'static> {
        Table { name: name.into(), open: Box::new(move || Ok(Box::new(text.as_bytes()) as Box<dyn Input>)) }
    }

    fn all(tables: &[Table<'_>]) -> Result<(Vec<Mapped>, Vec<Left>), TableError> {
        let (mut mapped, mut left) = (Vec::new(), Vec::new());
        read(tables, &mut |part| {
            match part {
                MapPart::Mapped(one) => mapped.push(one),
                MapPart::Left(one) => left.push(one),
            }
            true
        })?;
        Ok((mapped, left))
    }

    #[test]
    fn each_line_maps_or_is_told() {
        let text = "source_system;source_code;target_system;target_code;display;valid_from;valid_to\n\
            urn:lab;GLU;http://loinc.org;2345-7;Glucose;2020-01-01;\n;X;http://loinc.org;1-8;;;20231231\n\
            urn:lab;;http://loinc.org;1;;;\nurn:lab;A;;1;;;\nurn:lab;A;s;1;;soon;\n";
        let (mapped, left) = all(&[table("a/labs.csv", text)]).unwrap();
        assert_eq!(mapped.len(), 2);
        assert_eq!(mapped[0].source, Code { system: "urn:lab".into(), code: "GLU".into() });
        assert_eq!((mapped[0].target.code.as_str(), mapped[0].display.as_str()), ("2345-7", "Glucose"));
        assert_eq!(mapped[1].to.as_ref().map(When::as_str), Some("2023-12-31"));
        let told: Vec<_> = left.iter().map(|one| (one.place.as_str(), one.why.as_str())).collect();
        assert_eq!(
            told,
            [
                ("labs.csv:4", "no source code, or no target code"),
                ("labs.csv:5", "no target system"),
                ("labs.csv:6", "a day of validity that is none; write YYYY-MM-DD"),
            ]
        );
    }

    #[test]
    fn omop_maps_what_is_valid_and_not_to_itself() {
        let concepts = "concept_id\tconcept_name\tvocabulary_id\tconcept_code\n1\tDM II\tICD10CM\tE11\n\
            2\tType 2 diabetes mellitus\tSNOMED\t44054006\n";
        let relationships = "concept_id_1\tconcept_id_2\trelationship_id\tvalid_start_date\tvalid_end_date\tinvalid_reason\n\
            1\t2\tMaps to\t19700101\t20991231\t\n2\t2\tMaps to\t19700101\t20991231\t\n\
            1\t2\tMaps to\t19700101\t20991231\tD\n1\t2\tIs a\t19700101\t20991231\t\n1\t9\tMaps to\t19700101\t20991231\t\n";
        let tables = [table("CONCEPT_RELATIONSHIP.csv", relationships), table("CONCEPT.csv", concepts)];
        let (mapped, left) = all(&tables).unwrap();
        assert_eq!(mapped.len(), 1);
        assert_eq!(mapped[0].source.system, "http://hl7.org/fhir/sid/icd-10-cm");
        assert_eq!(
            mapped[0].target,
            Code { system: "http://snomed.info/sct".into(), code: "44054006".into() }
        );
        assert_eq!(left.len(), 2, "{left:?}");
        assert!(all(&tables[..1]).is_err());
    }

    #[test]
    fn other_tables_are_refused() {
        let (mapped, left) = all(&[table("x.csv", "a,b\n1,2\n")]).unwrap();
        assert!(mapped.is_empty() && left[0].refused);
    }
}
