//! What a cohort is made of: how many of each kind.

use super::{Cohort, MARK, Sight, id};
use crate::Warehouse;
use crate::engine::{AskError, Session};
use crate::protect::{Count, Counted};
use crate::schema::{Table, Type};
use datafusion::arrow::array::{Array as _, RecordBatch};
use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};
use serde::Serialize;
use utoipa::ToSchema;

/// Values of a facet that are told.
const MOST: usize = 30;

/// How many of each kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Facet {
    /// `sex`, `age`, `year`, `modality`, `bodyPart`, `manufacturer`, `finding`, `condition`.
    pub name: String,
    /// Values, those of most patients first; years and ages in their order.
    pub values: Vec<FacetValue>,
}

/// One kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FacetValue {
    /// The value; none: not known.
    pub value: Option<String>,
    /// The value in words, where a code has some.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display: Option<String>,
    /// Patients of the cohort that have it.
    pub patients: Count,
}

/// A facet's rows: `value`, `display` and `patient`.
struct Asked {
    name: &'static str,
    /// In its own order, not by count.
    ordered: bool,
    sql: fn(patients: &str, exams: &str) -> String,
}

const FACETS: [Asked; 8] = [
    Asked {
        name: "sex",
        ordered: false,
        sql: |patients, _| {
            format!(
                "SELECT p.sex AS value, NULL AS display, p.patient FROM patient p WHERE p.patient IN (SELECT patient FROM {patients})"
            )
        },
    },
    Asked { name: "age", ordered: true, sql: |_, exams| of_exams("CAST(e.age / 10 * 10 AS INT)", exams) },
    Asked { name: "year", ordered: true, sql: |_, exams| of_exams("e.year", exams) },
    Asked {
        name: "modality",
        ordered: false,
        sql: |_, exams| of_exams("unnest(string_to_array(btrim(e.modalities, '|'), '|'))", exams),
    },
    Asked { name: "bodyPart", ordered: false, sql: |_, exams| of_exams("e.body_part", exams) },
    Asked { name: "manufacturer", ordered: false, sql: |_, exams| of_exams("e.manufacturer", exams) },
    Asked {
        name: "finding",
        ordered: false,
        sql: |_, exams| {
            format!(
                "SELECT f.finding AS value, NULL AS display, f.patient FROM finding f WHERE f.assertion = 'present' \
                 AND f.experiencer = 'patient' AND f.exam IN (SELECT exam FROM {exams})"
            )
        },
    },
    Asked {
        name: "condition",
        ordered: false,
        sql: |patients, _| {
            format!(
                "SELECT c.code AS value, c.display, c.patient FROM condition c \
                 WHERE c.patient IN (SELECT patient FROM {patients})"
            )
        },
    },
];

fn of_exams(value: &str, exams: &str) -> String {
    format!(
        "SELECT {value} AS value, NULL AS display, e.patient FROM exam e WHERE e.exam IN (SELECT exam FROM {exams})"
    )
}

impl Warehouse {
    /// What a cohort is made of.
    ///
    /// # Errors
    /// [`AskError`].
    pub async fn facets(&self, cohort: &Cohort, sight: Sight) -> Result<Vec<Facet>, AskError> {
        let mut facets = Vec::new();
        for asked in FACETS {
            let of = cohort.shown(sight);
            let rows = (asked.sql)(of.patients(), of.exams().await?);
            let order = if asked.ordered { "value NULLS LAST" } else { "patients DESC, value" };
            let values = grouped(self, &cohort.session, &rows, order, sight).await?;
            facets.push(Facet { name: asked.name.into(), values });
        }
        Ok(facets)
    }
}

/// Values of a column, protected like any count.
pub(super) async fn values(
    warehouse: &Warehouse,
    session: &Session,
    table: &Table,
    column: &str,
    begins: &str,
    sight: Sight,
) -> Result<Vec<FacetValue>, AskError> {
    let list = table.column(column).is_some_and(|column| column.of == Type::List);
    let value = if list {
        format!("unnest(string_to_array(btrim(t.\"{column}\", '|'), '|'))")
    } else {
        format!("CAST(t.\"{column}\" AS VARCHAR)")
    };
    // `code` has `display`, `site_code` has `site_display`.
    let words = column.strip_suffix("code").map(|of| format!("{of}display"));
    let words = words.filter(|words| table.column(words).is_some());
    let display = words.map_or_else(|| "NULL".to_owned(), |words| format!("t.{words}"));
    let all = format!("SELECT {value} AS value, {display} AS display, t.patient FROM \"{}\" t", table.name);
    let begins = begins.to_lowercase().replace('\'', "''");
    let rows = format!(
        "SELECT value, display, patient FROM ({all}) q WHERE value IS NOT NULL AND \
         (strpos(LOWER(value), '{begins}') > 0 OR strpos(LOWER(COALESCE(display, '')), '{begins}') > 0)"
    );
    grouped(warehouse, session, &rows, "patients DESC, value", sight).await
}

async fn grouped(
    warehouse: &Warehouse,
    session: &Session,
    rows: &str,
    order: &str,
    sight: Sight,
) -> Result<Vec<FacetValue>, AskError> {
    let sql = format!(
        "SELECT value, MAX(display) AS display, CAST(COUNT(*) AS BIGINT) AS patients, CAST(MIN({MARK}) AS BIGINT) AS mark \
         FROM (SELECT value, MAX(display) AS display, patient FROM ({rows}) r GROUP BY value, patient) d \
         GROUP BY value ORDER BY {order} LIMIT {MOST}"
    );
    let batches = session.ask(&sql).await?;
    let mut values = Vec::new();
    for batch in &batches {
        for row in 0..batch.num_rows() {
            let patients = id(batch, 2, row).cast_unsigned();
            let counted = Counted { patients, count: patients, mark: id(batch, 3, row) };
            let patients = warehouse.told(counted, sight);
            // A value that only a few have would say who they are.
            if patients.count.is_some() {
                values.push(FacetValue {
                    value: text(batch, 0, row),
                    display: text(batch, 1, row),
                    patients,
                });
            }
        }
    }
    Ok(values)
}

pub(super) fn text(batch: &RecordBatch, column: usize, row: usize) -> Option<String> {
    let column = batch.column(column);
    let options = FormatOptions::default();
    let formatter = ArrayFormatter::try_new(column.as_ref(), &options).ok()?;
    (!column.is_null(row)).then(|| formatter.value(row).to_string())
}
