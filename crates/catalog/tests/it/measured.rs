use crate::making::{Made, catalog, event, indexed, made};
use async_trait::async_trait;
use catalog::index::{DELETED, PURGED, RESTORED};
use catalog::{Catalog, Headers, Located, MeasuredReport, Measurer};
use dicom::sr::code::{Code, concepts};
use dicom::sr::item::{Item, Relation, references_by_series};
use dicom::{DataSet, tags};
use serde_json::json;
use sqlx::Row;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use store::Ledger;

/// Documents by SOP Instance UID; each is taken away when it was read.
#[derive(Default)]
struct Shelf(Mutex<HashMap<String, DataSet>>);

#[async_trait]
impl Headers for Shelf {
    async fn header(&self, instance: &Located) -> Option<DataSet> {
        self.0.lock().unwrap().remove(&instance.sop)
    }
}

/// The `n`th report of exam 1.2.1: one length on image 1.2.1.2.1, whose series the evidence tells in the first alone.
fn report(n: u32, millimetres: f64) -> Made {
    let mut made = made("p", 1, 9, n);
    for (tag, text) in [(tags::SOP_CLASS_UID, "1.2.840.10008.5.1.4.1.1.88.33"), (tags::MODALITY, "SR")] {
        made.set.put_text(tag, text);
    }
    let image = Item::image(Relation::Contains, None, "1.2.840.10008.5.1.4.1.1.2", "1.2.1.2.1", Some(3));
    let site =
        Item::code(Relation::HasConceptMod, &concepts::FINDING_SITE, &Code::known("39607008", "SCT", "Lung"));
    let side =
        Item::code(Relation::HasConceptMod, &Code::known("G-C171", "SRT", "Laterality"), &concepts::LEFT);
    let length = Item::number(&concepts::LENGTH, millimetres, &Code::unit("mm", "millimetre"));
    let group = Item::container(&concepts::GROUP, Some("1501"), vec![image, site.with(vec![side]), length]);
    let all = Item::container(&concepts::MEASUREMENTS, None, vec![group]);
    let observer = Item::code(Relation::HasObsContext, &concepts::OBSERVER_TYPE, &concepts::DEVICE);
    Item::container(&concepts::REPORT, Some("1500"), vec![observer, all]).into_root(&mut made.set);
    if n == 1 {
        let images = [("1.2.1.2", "1.2.840.10008.5.1.4.1.1.2", "1.2.1.2.1")];
        let sequence = tags::CURRENT_REQUESTED_PROCEDURE_EVIDENCE_SEQUENCE;
        if let Some((tag, items)) = references_by_series(sequence, "1.2.1", images) {
            made.set.put_items(tag, items);
        }
    }
    made
}

async fn kept(ledger: Ledger, made: &[Made]) -> (Catalog, Arc<Shelf>) {
    let shelf = Arc::new(Shelf::default());
    put(&shelf, made);
    let catalog = catalog(ledger).await.with_headers(shelf.clone());
    indexed(&catalog, made).await;
    (catalog, shelf)
}

fn put(shelf: &Shelf, made: &[Made]) {
    let sop = |one: &Made| one.set.uid(tags::SOP_INSTANCE_UID).unwrap();
    shelf.0.lock().unwrap().extend(made.iter().map(|one| (sop(one), one.set.clone())));
}

async fn told(catalog: &Catalog) -> Vec<MeasuredReport> {
    catalog.measured_reports(&["1.2.1".into()]).await.unwrap()
}

fn values(reports: &[MeasuredReport]) -> Vec<f64> {
    reports.iter().flat_map(|report| &report.measurements).map(|one| one.value).collect()
}

async fn rows(catalog: &Catalog) -> i64 {
    let row = sqlx::query("SELECT COUNT(*) FROM measured").fetch_one(catalog.ledger().pool()).await.unwrap();
    row.try_get(0).unwrap()
}

async fn a_report_is_read_once(ledger: Ledger) {
    let (catalog, shelf) = kept(ledger, &[made("p", 1, 2, 1), report(1, 8.0), report(2, 9.0)]).await;
    let first = told(&catalog).await;
    assert_eq!(values(&first), [8.0, 9.0]);
    assert!(shelf.0.lock().unwrap().contains_key("1.2.1.2.1"), "an image is no report");
    assert_eq!(told(&catalog).await, first, "the shelf has nothing any more");
    let one = &first[0].measurements[0];
    let laterality = one.laterality.as_ref().map(|code| code.code.as_str());
    assert_eq!((one.sop.as_str(), one.frame, laterality), ("1.2.1.2.1", Some(3), Some("7771000")));
    assert_eq!(first[0].measurer, Some(Measurer::Device));
    let series = |report: &MeasuredReport| report.measurements[0].series.clone();
    assert_eq!(
        [series(&first[0]), series(&first[1])],
        ["1.2.1.2", "1.2.1.2"],
        "by evidence, and by its own row"
    );
    catalog.clear().await.unwrap();
    assert_eq!(rows(&catalog).await, 0);
}

async fn what_cannot_be_read_now_is_read_later(ledger: Ledger) {
    let (catalog, shelf) = kept(ledger, &[report(1, 8.0)]).await;
    shelf.0.lock().unwrap().clear();
    assert!(told(&catalog).await.is_empty());
    put(&shelf, &[report(1, 8.0)]);
    assert_eq!(values(&told(&catalog).await), [8.0]);
}

async fn a_report_takes_the_place_of_the_one_it_names(ledger: Ledger) {
    let mut second = report(2, 9.0);
    let before = [("1.2.1.9", "1.2.840.10008.5.1.4.1.1.88.33", "1.2.1.9.1")];
    if let Some((tag, items)) = references_by_series(tags::PREDECESSOR_DOCUMENTS_SEQUENCE, "1.2.1", before) {
        second.set.put_items(tag, items);
    }
    let mut silent = second.clone().with(tags::SOP_INSTANCE_UID, "1.2.1.9.3");
    silent.set.put_items(tags::CONTENT_SEQUENCE, Vec::new());
    let (catalog, shelf) = kept(ledger, &[report(1, 8.0), silent]).await;
    assert_eq!(values(&told(&catalog).await), [8.0], "one that measured nothing takes nobody's place");
    put(&shelf, std::slice::from_ref(&second));
    indexed(&catalog, &[second]).await;
    assert_eq!(values(&told(&catalog).await), [9.0]);
    // The newer one deleted, the one before holds again.
    let about =
        json!({"studyInstanceUid": "1.2.1", "seriesInstanceUid": "1.2.1.9", "sopInstanceUid": "1.2.1.9.2"});
    catalog.index(&[event("events/d.json", 900_000, DELETED, &about)], None).await.unwrap();
    assert_eq!(values(&told(&catalog).await), [8.0]);
    let restored = event("events/r.json", 900_001, RESTORED, &json!({"deletion": "events/d.json"}));
    catalog.index(&[restored], None).await.unwrap();
    assert_eq!(values(&told(&catalog).await), [9.0]);
}

async fn what_is_purged_or_forgotten_leaves_no_numbers(ledger: Ledger) {
    let (catalog, shelf) = kept(ledger, &[report(1, 8.0)]).await;
    told(&catalog).await;
    assert_eq!(rows(&catalog).await, 1);
    let deleted = event("events/d.json", 900_000, DELETED, &json!({"studyInstanceUid": "1.2.1"}));
    let purged = event("events/p.json", 900_002, PURGED, &json!({"deletion": "events/d.json"}));
    catalog.index(&[deleted, purged], None).await.unwrap();
    assert_eq!(rows(&catalog).await, 0);
    let later = report(1, 8.0).received(2_000_000);
    put(&shelf, std::slice::from_ref(&later));
    indexed(&catalog, &[later]).await;
    assert_eq!(values(&told(&catalog).await), [8.0]);
    catalog.forget(&["1.2.1".into()]).await.unwrap();
    assert_eq!(rows(&catalog).await, 0);
}

store::each_ledger!(
    a_report_is_read_once,
    what_cannot_be_read_now_is_read_later,
    a_report_takes_the_place_of_the_one_it_names,
    what_is_purged_or_forgotten_leaves_no_numbers,
);
