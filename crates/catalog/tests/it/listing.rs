use crate::making::{Made, catalog, event, indexed, made};
use catalog::index::DELETED;
use catalog::{Catalog, ExamFilter, ExamPage};
use dicom::tags;
use model::StudyInstanceUid;
use serde_json::json;
use store::Ledger;

fn ward() -> Vec<Made> {
    vec![
        made("100", 1, 1, 1).with(tags::PATIENT_NAME, "Müller^Jörg").with(tags::STUDY_DATE, "20260103"),
        made("aB7", 2, 2, 1).with(tags::PATIENT_NAME, "Doe^Jane").with(tags::STUDY_DATE, "20260102"),
        made("102", 3, 1, 1).with(tags::STUDY_DESCRIPTION, "Knie links").with(tags::STUDY_DATE, "20260101"),
        made("103", 4, 2, 1).with(tags::PATIENT_NAME, "Ct^Amelie").with(tags::STUDY_DATE, ""),
    ]
}

async fn find(catalog: &Catalog, filter: ExamFilter) -> Vec<String> {
    let page = catalog.search_exams(&filter, None, 50).await.unwrap();
    assert!(page.exact);
    assert_eq!(page.total, i64::try_from(page.exams.len()).unwrap());
    page.exams.into_iter().map(|exam| exam.study).collect()
}

fn text(text: &str) -> ExamFilter {
    ExamFilter { text: text.into(), ..ExamFilter::default() }
}

async fn exams_are_found_as_one_types(ledger: Ledger) {
    let catalog = catalog(ledger).await;
    indexed(&catalog, &ward()).await;
    let typed = async |words: &str| find(&catalog, text(words)).await;
    assert_eq!(typed("").await, ["1.2.1", "1.2.2", "1.2.3", "1.2.4"]);
    assert_eq!(typed("mu").await, ["1.2.1"]);
    assert_eq!(typed("MÜLL jö").await, ["1.2.1"]);
    assert_eq!(typed("oe^ja").await, ["1.2.2"]);
    assert_eq!(typed("ab").await, [""; 0]);
    assert_eq!(typed("ab7").await, ["1.2.2"]);
    assert_eq!(typed("knie").await, ["1.2.3"]);
    assert_eq!(typed("a3").await, ["1.2.3"]);
    assert_eq!(typed("chest ct").await, ["1.2.2", "1.2.4"]);
    assert_eq!(typed("mr 2026-01-03").await, ["1.2.1"]);
    assert_eq!(typed("nobody").await, [""; 0]);
    assert_eq!(typed("100% \" ' *").await, [""; 0]);
}

async fn filters_narrow_the_list(ledger: Ledger) {
    let catalog = catalog(ledger).await;
    indexed(&catalog, &ward()).await;
    let all = ExamFilter::default;
    assert_eq!(find(&catalog, ExamFilter { modality: "MR".into(), ..all() }).await, ["1.2.1", "1.2.3"]);
    let days = ExamFilter { from: Some(20_260_102), to: Some(20_260_103), ..all() };
    assert_eq!(find(&catalog, days.clone()).await, ["1.2.1", "1.2.2"]);
    assert_eq!(find(&catalog, ExamFilter { patient: "doe".into(), ..days }).await, ["1.2.2"]);
    assert_eq!(find(&catalog, ExamFilter { patient: "103".into(), ..all() }).await, ["1.2.4"]);
    assert_eq!(find(&catalog, ExamFilter { accession: "A4".into(), ..all() }).await, ["1.2.4"]);
    assert_eq!(find(&catalog, ExamFilter { description: "links".into(), ..all() }).await, ["1.2.3"]);
    assert_eq!(find(&catalog, ExamFilter { accession: "links".into(), ..all() }).await, [""; 0]);
}

/// Every page of a search, one after the other.
async fn pages(catalog: &Catalog, filter: &ExamFilter, limit: usize) -> (Vec<String>, ExamPage) {
    let (mut all, mut cursor) = (Vec::new(), None::<String>);
    loop {
        let page = catalog.search_exams(filter, cursor.as_deref(), limit).await.unwrap();
        all.extend(page.exams.iter().map(|exam| exam.study.clone()));
        cursor = page.next.clone();
        if cursor.is_none() {
            return (all, page);
        }
    }
}

async fn pages_leave_nothing_out(ledger: Ledger) {
    let catalog = catalog(ledger).await;
    // More than are sorted for words.
    let exams: Vec<_> = (1..=2300).map(|study| made("p", study, study % 2, 1)).collect();
    for part in exams.chunks(1000) {
        indexed(&catalog, part).await;
    }
    for (filter, expected) in
        [(text(""), 2300), (text("ct"), 1150), (text("chest"), 2300), (text("name ct"), 1150)]
    {
        let (mut all, last) = pages(&catalog, &filter, 170).await;
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), expected);
        assert!(last.total == i64::try_from(expected).unwrap() || (!last.exact && last.total < 2300));
    }
    // A jump gives what paging gives there, whichever way the exams are found.
    for filter in [text(""), text("ct"), text("chest"), text("name ct")] {
        let (all, _) = pages(&catalog, &filter, 170).await;
        for skip in [0, 1, 700, all.len() - 3, all.len(), all.len() + 50] {
            let page = catalog.search_exams(&filter, Some(&skip.to_string()), 5).await.unwrap();
            let jumped: Vec<_> = page.exams.into_iter().map(|exam| exam.study).collect();
            assert_eq!(
                jumped,
                all[skip.min(all.len())..(skip + 5).min(all.len())],
                "{} +{skip}",
                filter.text
            );
        }
    }
    assert!(catalog.search_exams(&text(""), Some("nonsense"), 5).await.is_err());
}

async fn an_exam_is_shown_in_full(ledger: Ledger) {
    let catalog = catalog(ledger).await;
    indexed(&catalog, &[made("p", 1, 2, 2), made("p", 1, 2, 1), made("p", 1, 1, 1)]).await;
    let study = StudyInstanceUid::parse("1.2.1").unwrap();
    let exam = catalog.exam(&study).await.unwrap().unwrap();
    assert_eq!((exam.patient_name.as_str(), exam.series, exam.instances), ("Name^p", 2, 3));
    let series = catalog.series_of(&study).await.unwrap();
    let numbers = |at: usize| series[at].instances.iter().map(|i| i.number.unwrap()).collect::<Vec<_>>();
    assert_eq!((series[0].number, numbers(0), numbers(1)), (Some(1), vec![1], vec![1, 2]));
    let sources = catalog.sources(&study).await.unwrap();
    assert_eq!((sources.len(), sources[0].instances, sources[0].peer.as_str()), (1, 3, "CT1@10.0.0.1"));
}

async fn deletions_and_conflicts_are_listed(ledger: Ledger) {
    let catalog = catalog(ledger).await;
    indexed(&catalog, &[made("p", 1, 2, 1), made("p", 2, 1, 1), made("p", 1, 2, 1).digest(5)]).await;
    let conflicts = catalog.conflicts(None, 10).await.unwrap();
    assert_eq!((conflicts.len(), conflicts[0].digest.0[0], conflicts[0].sop.as_str()), (1, 5, "1.2.1.2.1"));
    assert!(catalog.conflicts(Some(conflicts[0].id), 10).await.unwrap().is_empty());
    let about = json!({"studyInstanceUid": "1.2.1", "reason": "test"});
    catalog.index(&[event("events/d.json", 900_000, DELETED, &about)], None).await.unwrap();
    let deleted = catalog.deletions(None, 10).await.unwrap();
    assert_eq!((deleted.len(), deleted[0].instances, deleted[0].reason.as_str()), (1, 1, "test"));
    assert_eq!(catalog.hidden_by("events/d.json").await.unwrap().len(), 1);
    assert_eq!(find(&catalog, text("")).await, ["1.2.2"]);
    assert_eq!(catalog.exam(&StudyInstanceUid::parse("1.2.1").unwrap()).await.unwrap(), None);
}

store::each_ledger!(
    exams_are_found_as_one_types,
    filters_narrow_the_list,
    pages_leave_nothing_out,
    an_exam_is_shown_in_full,
    deletions_and_conflicts_are_listed,
);
