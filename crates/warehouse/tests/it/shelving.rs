//! Tables on a shelf: versions, and what is there when they are opened again.

use datafusion::arrow::array::AsArray as _;
use datafusion::arrow::datatypes::Int64Type;
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _};
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use store::Blobs;
use warehouse::engine::{Engine, Session};
use warehouse::rows::{Cell, Rows};
use warehouse::schema::{Type, table};
use warehouse::shelf::{Files, Shelf};

async fn put(shelf: &Shelf, bucket: i64, patients: &[i64]) -> u64 {
    let table = table("patient").unwrap();
    let mut rows = Rows::of(table);
    for patient in patients {
        rows.push([(*patient).into()]);
    }
    let buckets = BTreeSet::from([bucket]);
    shelf.replace(table, &buckets, vec![(bucket, rows.finish().unwrap())]).await.unwrap()
}

async fn rows(shelf: &Shelf, version: Option<u64>) -> u64 {
    shelf.files(table("patient").unwrap(), version).await.unwrap().iter().map(|file| file.rows).sum()
}

async fn every_version_stays(objects: Arc<dyn ObjectStore>) {
    let shelf = Shelf::open(objects.clone()).await.unwrap();
    let first = put(&shelf, 0, &[1, 2]).await;
    let second = put(&shelf, 1, &[5000]).await;
    assert_eq!(put(&shelf, 1, &[5000]).await, second, "the same rows are the same version");
    let third = put(&shelf, 0, &[1]).await;
    let shelf = Shelf::open(objects).await.unwrap();
    for (version, count) in [(Some(first), 2), (Some(second), 3), (Some(third), 2), (None, 2)] {
        assert_eq!(rows(&shelf, version).await, count, "{version:?}");
    }
    assert_eq!(put(&shelf, 1, &[]).await, third + 1);
    assert_eq!(rows(&shelf, None).await, 1);
    assert_eq!(shelf.last_bucket().await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_version_stays_in_memory() {
    every_version_stays(Arc::new(InMemory::new())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_version_stays_in_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    every_version_stays(Blobs::open(&folder.path().to_string_lossy()).unwrap().objects()).await;
}

/// Makes a table as an earlier program left it: without its last columns, in the log and in its files.
async fn without_last_columns(objects: &dyn ObjectStore, name: &str, gone: &[&str]) {
    for number in [0, 1] {
        let at = Path::from(format!("{name}/_delta_log/{number:020}.json"));
        let lines = objects.get(&at).await.unwrap().bytes().await.unwrap();
        let mut kept = String::new();
        for line in std::str::from_utf8(&lines).unwrap().lines() {
            let mut action: Value = serde_json::from_str(line).unwrap();
            if let Some(text) = action["metaData"]["schemaString"].as_str() {
                let mut schema: Value = serde_json::from_str(text).unwrap();
                let is_gone = |field: &Value| gone.contains(&field["name"].as_str().unwrap());
                schema["fields"].as_array_mut().unwrap().retain(|field| !is_gone(field));
                action["metaData"]["schemaString"] = schema.to_string().into();
            }
            if let Some(file) = action["add"]["path"].as_str() {
                let at = Path::from(format!("{name}/{file}"));
                action["add"]["size"] = shortened(objects, &at, gone.len()).await.into();
            }
            kept += &format!("{action}\n");
        }
        objects.put(&at, kept.into()).await.unwrap();
    }
}

async fn shortened(objects: &dyn ObjectStore, at: &Path, gone: usize) -> usize {
    let bytes = objects.get(at).await.unwrap().bytes().await.unwrap();
    let mut reader = ParquetRecordBatchReaderBuilder::try_new(bytes).unwrap().build().unwrap();
    let batch = reader.next().unwrap().unwrap();
    let left: Vec<usize> = (0..batch.num_columns() - gone).collect();
    let batch = batch.project(&left).unwrap();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    let size = bytes.len();
    objects.put(at, bytes.into()).await.unwrap();
    size
}

async fn count(session: &Session, sql: &str) -> i64 {
    let answer = session.ask(sql).await.unwrap();
    answer[0].column(0).as_primitive::<Int64Type>().value(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_of_an_earlier_program_gets_new_columns_and_keeps_its_versions() {
    let objects: Arc<dyn ObjectStore> = Arc::new(InMemory::new());
    let table = table("observation").unwrap();
    let row = |patient: i64, usual: Cell| {
        let mut cells = vec![Cell::Null; table.columns.len()];
        cells[0] = patient.into();
        cells[1] = patient.into();
        let at = table.columns.iter().position(|column| column.name == "usual_value").unwrap();
        cells[at] = usual;
        cells
    };
    let write = async |shelf: &Shelf, bucket: i64, cells: Vec<Cell>| {
        let mut rows = Rows::of(table);
        rows.push(cells);
        shelf.replace(table, &BTreeSet::from([bucket]), vec![(bucket, rows.finish().unwrap())]).await.unwrap()
    };
    let shelf = Shelf::open(objects.clone()).await.unwrap();
    let before = write(&shelf, 0, row(1, Cell::Null)).await;
    drop(shelf);
    without_last_columns(&*objects, "observation", &["usual_value", "usual_unit", "usual_by"]).await;

    let shelf = Shelf::open(objects.clone()).await.unwrap();
    let pinned = Files::from([("observation".into(), shelf.files(table, Some(before)).await.unwrap())]);
    let after = write(&shelf, 1, row(5000, Cell::Number(126.0))).await;
    assert_eq!(after, before + 2, "one version adds the columns, one the rows");
    let log =
        objects.get(&Path::from(format!("observation/_delta_log/{:020}.json", before + 1))).await.unwrap();
    assert!(std::str::from_utf8(&log.bytes().await.unwrap()).unwrap().contains("usual_value"));
    let engine = Engine::new(&shelf, Duration::from_secs(60)).unwrap();
    let newest = engine.over(2, &shelf.all_files(&Default::default()).await.unwrap()).unwrap();
    assert_eq!(count(&newest, "SELECT COUNT(*) FROM observation").await, 2);
    assert_eq!(count(&newest, "SELECT COUNT(usual_value) FROM observation").await, 1);
    let earlier = engine.over(1, &pinned).unwrap();
    assert_eq!(count(&earlier, "SELECT COUNT(*) FROM observation").await, 1);
    assert_eq!(count(&earlier, "SELECT COUNT(usual_value) FROM observation").await, 0);
    drop(Shelf::open(objects.clone()).await.unwrap());
    let again = Shelf::open(objects).await.unwrap();
    assert_eq!(again.versions().await["observation"], after, "once is enough");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_from_before_a_table_came_has_none_of_its_rows() {
    let objects: Arc<dyn ObjectStore> = Arc::new(InMemory::new());
    let shelf = Shelf::open(objects).await.unwrap();
    let table = table("membership").unwrap();
    let mut before = shelf.versions().await;
    before.remove("membership");
    let mut rows = Rows::of(table);
    rows.push(table.columns.iter().map(|column| if column.of == Type::Id { 1.into() } else { Cell::Null }));
    let rows = vec![(0, rows.finish().unwrap())];
    shelf.replace(table, &BTreeSet::from([0]), rows).await.unwrap();
    let newest = shelf.all_files(&shelf.versions().await).await.unwrap();
    assert_eq!(newest["membership"].len(), 1);
    let earlier = shelf.all_files(&before).await.unwrap();
    assert!(earlier["membership"].is_empty());
}
