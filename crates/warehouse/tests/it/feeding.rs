//! What the records are told becomes facts, and moves with its patient.

use crate::filled::definition;
use catalog::Catalog;
use clinical::{Identifier, Record, Said, Statement, Told, When};
use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use intake::{Kind, Locator, NewEntryHead, SegmentId};
use model::{Door, Sha256Digest, Source, Timestamp};
use records::vocabulary::Vocabulary;
use records::{Records, Sent, Taken};
use serde_json::{Map, Value, json};
use std::time::Duration;
use store::{Blobs, Ledger};
use warehouse::ask::Sight;
use warehouse::clean::{Cleaned, Terms};
use warehouse::definition::Definition;
use warehouse::engine::omop::Vocabularies;
use warehouse::keep::{About, Frozen, FrozenRow};
use warehouse::members::Member;
use warehouse::protect::Protection;
use warehouse::statement::Statement as Asked;
use warehouse::{Warehouse, WarehouseError};

pub(crate) struct Hospital {
    pub(crate) ledger: Ledger,
    pub(crate) records: Records,
    pub(crate) warehouse: Warehouse,
    heard: i64,
    folder: tempfile::TempDir,
}

pub(crate) async fn open(ledger: Ledger) -> Hospital {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Blobs::open(&folder.path().to_string_lossy()).expect("a place");
    ledger.migrate_outbox().await.expect("an outbox");
    let catalog = Catalog::open(ledger.clone()).await.expect("a catalog");
    let records = Records::open(ledger.clone()).await.expect("records");
    let warehouse =
        Warehouse::open(ledger.clone(), catalog, records.clone(), &place).await.expect("a warehouse");
    let lexicon = reading::Lexicon::builtin().expect("a lexicon");
    let warehouse = warehouse.with_vocabulary(Vocabulary::of(&lexicon));
    Hospital { ledger, records, warehouse, heard: 0, folder }
}

impl Hospital {
    /// The same house whose facts were lost: what the ledger says of them, and their folder.
    pub(crate) async fn opened_on_nothing(self) -> Self {
        let mut tx = self.ledger.write().await.expect("a transaction");
        for table in ["fact_version", "fact_exam", "fact_bucket"] {
            let sql = sqlx::AssertSqlSafe(format!("DELETE FROM {table}"));
            sqlx::query(sql).execute(&mut *tx).await.expect("deleted");
        }
        tx.commit().await.expect("committed");
        open(self.ledger).await
    }

    /// Says something and lets the facts catch up.
    pub(crate) async fn say(&mut self, statements: Vec<Statement>) {
        self.note(statements).await;
        while self.warehouse.refresh(self.heard).await.expect("refreshed") {}
    }

    /// Says something that is not in the facts yet.
    pub(crate) async fn note(&mut self, statements: Vec<Statement>) {
        self.heard += 1;
        let name = format!("source-{}", self.heard);
        self.records.take(&[source(&name, self.heard, statements)]).await.expect("taken");
        self.warehouse.note(&[name], &[], ("facts", self.heard), self.heard).await.expect("noted");
    }

    pub(crate) async fn count(&self, definition: &Definition) -> u64 {
        let (_, answer) = self.warehouse.answer(definition, Sight::Rows).await.expect("an answer");
        answer.patients.count.expect("a count")
    }
}

fn source(id: &str, second: i64, statements: Vec<Statement>) -> Taken {
    let mut details = Map::new();
    details.insert("id".into(), id.into());
    details.insert("format".into(), "fhir".into());
    let received_at = Timestamp::from_micros(second * 1_000_000);
    let source = Source { door: Door::Mllp, account: "ris".into(), peer: None, path: None, received_at };
    let head =
        NewEntryHead { kind: Kind::Record, name: id.into(), digest: Sha256Digest([0; 32]), source, details };
    let locator = Locator { segment: SegmentId("1".into()), offset: 0, length: 1 };
    let sent = Sent { title: "TEST".into(), sender: "LAB".into(), ..Sent::default() };
    Taken {
        head,
        locator,
        sent,
        first: (0, 0),
        statements,
        left: vec![],
        ends: true,
        refusal: None,
        part: false,
    }
}

fn mrn(value: &str) -> Identifier {
    Identifier::new("NGH", value, Some("MR")).expect("an identifier")
}

fn said(said: Said) -> Statement {
    Statement { said, at: When::parse("2024-01-01T00:00:00").ok(), place: "X".into() }
}

fn record(kind: &str, key: &str, patient: &str, content: Value) -> Statement {
    let keys = if kind == "Patient" {
        vec![mrn(patient)]
    } else {
        vec![Identifier::new("EHR", key, None).expect("a key")]
    };
    let patient = if kind == "Patient" { vec![] } else { vec![mrn(patient)] };
    said(Said::Record(Box::new(Record {
        kind: kind.into(),
        keys,
        patient,
        content,
        told: Told::Whole,
        state: None,
    })))
}

pub(crate) fn person(id: &str, birth: &str) -> Statement {
    record(
        "Patient",
        id,
        id,
        json!({"resourceType": "Patient", "birthDate": birth, "gender": "female",
        "name": [{"family": id}], "identifier": [mrn(id).to_json()]}),
    )
}

pub(crate) fn condition(key: &str, patient: &str, code: &str, day: &str) -> Statement {
    record(
        "Condition",
        key,
        patient,
        json!({"resourceType": "Condition", "onsetDateTime": day,
        "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": code, "display": "In words"}]}}),
    )
}

pub(crate) fn has(criterion: &Value) -> Definition {
    definition(json!({"language": 1, "patients": {"has": criterion}}))
}

fn cancer() -> Value {
    json!({"of": "condition", "tests": [{"field": "code", "startsWith": ["C34"]}]})
}

async fn facts_follow_the_records(ledger: Ledger) {
    let mut hospital = open(ledger).await;
    assert_eq!(hospital.count(&has(&cancer())).await, 0);
    hospital
        .say(vec![
            person("A", "1960-05-01"),
            person("B", "1970-01-01"),
            condition("1", "A", "C34.1", "2024-03-01"),
        ])
        .await;
    assert_eq!(hospital.count(&has(&cancer())).await, 1);
    let old = json!({"of": "condition", "tests": [{"field": "age", "min": 63, "max": 63}]});
    assert_eq!(hospital.count(&has(&old)).await, 1, "the age on that day");
    let before = json!({"of": "condition", "tests": [{"field": "day", "max": "2024-02-29"}]});
    assert_eq!(hospital.count(&has(&before)).await, 0);
    hospital.say(vec![condition("2", "B", "C34.9", "2024-04-01")]).await;
    assert_eq!(hospital.count(&has(&cancer())).await, 2);
    // The same again changes nothing, and makes no version.
    let version = hospital.warehouse.newest().await.expect("tables").version;
    hospital.say(vec![condition("2", "B", "C34.9", "2024-04-01")]).await;
    assert_eq!(hospital.warehouse.newest().await.expect("tables").version, version);
}

fn report(key: &str, patient: &str, text: &str) -> Statement {
    record(
        "DiagnosticReport",
        key,
        patient,
        json!({"resourceType": "DiagnosticReport", "status": "final", "effectiveDateTime": "2024-03-05",
        "conclusion": text}),
    )
}

async fn of_a_report_the_words_of_the_lexicon_are_kept(ledger: Ledger) {
    let mut hospital = open(ledger).await;
    let text = "Mrs. Featherstonehaugh, MRN 4711007: ground-glass opacity in the left upper lobe.";
    hospital
        .say(vec![
            person("A", "1960-05-01"),
            condition("1", "A", "C34.1", "2024-03-01"),
            report("2", "A", text),
        ])
        .await;
    let says = |said: &str, to: i32| {
        let says = json!({"of": "report", "tests": [{"field": "words", "says": [said]}]});
        let mut first = cancer();
        first["around"] = json!([{"near": {"days": {"from": 0, "to": to}}, "has": says}]);
        has(&first)
    };
    assert_eq!(hospital.count(&says("ground glass", 4)).await, 1);
    assert_eq!(hospital.count(&says("ground glass", 3)).await, 0);
    assert_eq!(hospital.count(&says("glass ground", 4)).await, 0);
    // What is not in the table can't be found by any question.
    let session = hospital.warehouse.newest().await.expect("tables");
    let table = warehouse::schema::table("report").expect("a table");
    let patient =
        hospital.warehouse.look(&has(&cancer())).await.expect("a look").patients().await.expect("one")[0];
    let rows = format!("{:?}", session.rows_of(table, &[patient]).await.expect("rows"));
    assert!(rows.contains(" ground glass opacity ") && rows.contains(" left upper lobe "), "{rows}");
    assert!(!rows.to_lowercase().contains("feather") && !rows.contains("4711007"), "{rows}");
    assert_eq!(hospital.count(&says("Featherstonehaugh", 4)).await, 0);
}

async fn rows_move_when_patients_are_joined_and_parted(ledger: Ledger) {
    let mut hospital = open(ledger).await;
    hospital.say(vec![person("A", "1960-05-01"), person("B", "1960-05-01")]).await;
    hospital
        .say(vec![condition("1", "A", "C34.1", "2024-03-01"), condition("2", "B", "J18.9", "2024-03-10")])
        .await;
    let near = json!([{"near": {"days": {"from": 0, "to": 30}}, "has": {"of": "condition"}}]);
    let mut both = cancer();
    both["around"] = near;
    assert_eq!(hospital.count(&has(&both)).await, 0);
    hospital.say(vec![said(Said::Merge { kept: mrn("A"), gone: mrn("B") })]).await;
    assert_eq!(hospital.count(&has(&both)).await, 1);
    assert_eq!(hospital.count(&definition(json!({"language": 1, "patients": {"all": []}}))).await, 1);
    let later = Statement {
        at: When::parse("2024-02-01T00:00:00").ok(),
        ..said(Said::Unmerge { kept: mrn("A"), gone: mrn("B") })
    };
    hospital.say(vec![later]).await;
    assert_eq!(hospital.count(&has(&both)).await, 0);
    assert_eq!(hospital.count(&definition(json!({"language": 1, "patients": {"all": []}}))).await, 2);
}

async fn a_frozen_cohort_stays_what_it_was(ledger: Ledger) {
    let mut hospital = open(ledger).await;
    hospital.say(vec![person("A", "1960-05-01"), condition("1", "A", "C34.1", "2024-03-01")]).await;
    let about = About { name: "Lung".into(), ..About::default() };
    let asked = has(&cancer());
    let id = hospital.warehouse.make_cohort(&about, &asked, "", "ann", 5).await.expect("kept");
    let frozen = hospital.warehouse.freeze(&id, 1, &asked, "ann", 6).await.expect("frozen");
    let again = hospital.warehouse.freeze(&id, 1, &asked, "ann", 7).await.expect("frozen");
    assert_eq!(frozen, again, "nothing changed: it is the same one");
    let others = hospital.warehouse.make_cohort(&about, &asked, "", "ben", 7).await.expect("kept");
    let his = hospital.warehouse.freeze(&others, 1, &asked, "ben", 7).await.expect("frozen");
    assert_eq!((his.cohort.as_str(), &his.digest), (others.as_str(), &frozen.digest));
    assert_ne!(his.id, frozen.id, "whoever sees one may not see the other");
    assert_eq!(hospital.warehouse.freeze(&others, 1, &asked, "ben", 8).await.expect("frozen").id, his.id);
    let members = hospital.warehouse.members(&frozen).await.expect("members");
    hospital.say(vec![person("B", "1970-01-01"), condition("2", "B", "C34.9", "2024-04-01")]).await;
    assert_eq!(hospital.count(&asked).await, 2);
    let kept = hospital.warehouse.frozen(&frozen.id).await.expect("an answer").expect("it is there");
    assert_eq!(hospital.warehouse.members(&kept).await.expect("members"), members);
    let pinned = std::sync::Arc::new(hospital.warehouse.pinned(kept.facts).await.expect("that version"));
    let cohort = warehouse::ask::Cohort::of(pinned, &kept.definition).await.expect("an answer");
    assert_eq!(cohort.members().await.expect("members"), members, "asked again of the same version");
    let second = hospital.warehouse.freeze(&id, 1, &asked, "ann", 8).await.expect("frozen");
    assert_ne!(second.id, frozen.id);
}

async fn cohorts_have_versions_and_owners(ledger: Ledger) {
    let hospital = open(ledger).await;
    let warehouse = &hospital.warehouse;
    let about = |name: &str, shared| About { name: name.into(), about: String::new(), shared };
    let id = warehouse.make_cohort(&about("Lung", false), &has(&cancer()), "", "ann", 5).await.expect("kept");
    assert!(warehouse.cohort(&id, "bob").await.expect("an answer").is_none());
    warehouse
        .change_cohort(&id, &about("Lung cancer", true), &has(&cancer()), "ann", 6)
        .await
        .expect("changed");
    assert_eq!(warehouse.cohort(&id, "bob").await.expect("an answer").expect("shared").version, 1);
    let all = Definition::everybody();
    warehouse.change_cohort(&id, &about("All", true), &all, "ann", 7).await.expect("changed");
    let versions = warehouse.cohort_versions(&id).await.expect("versions");
    assert_eq!(versions.iter().map(|version| version.version).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(versions[0].definition, all);
    warehouse.remove_cohort(&id, 8).await.expect("removed");
    assert!(warehouse.cohorts("ann").await.expect("a list").is_empty());
}

async fn small_counts_are_hidden_from_who_may_not_see_rows(ledger: Ledger) {
    let mut hospital = open(ledger).await;
    let mut said = Vec::new();
    for n in 0..40 {
        let id = format!("P{n}");
        said.extend([
            person(&id, "1960-05-01"),
            condition(&id, &id, if n < 8 { "C34.1" } else { "J18.9" }, "2024-01-01"),
        ]);
    }
    hospital.say(said).await;
    let sight = Sight::Counts(Protection::default());
    let (cohort, few) = hospital.warehouse.answer(&has(&cancer()), sight).await.expect("an answer");
    assert_eq!((few.patients.count, few.patients.fewer_than), (None, Some(11)));
    let facets = hospital.warehouse.facets(&cohort, sight).await.expect("facets");
    assert!(facets.iter().flat_map(|facet| &facet.values).all(|value| value.patients.count.is_none()));
    let all = Definition::everybody();
    let (_, many) = hospital.warehouse.answer(&all, sight).await.expect("an answer");
    let told = many.patients.count.expect("a count");
    assert!(told.abs_diff(40) <= 10 && told % 10 == 0, "{told}");
    // Asked in other words, the same patients are told alike.
    let same = definition(json!({"language": 1, "patients": {"any": [{"all": []}, {"has": cancer()}]}}));
    assert_eq!(hospital.warehouse.answer(&same, sight).await.expect("an answer").1.patients, many.patients);
}

/// As somebody asks who knows a day of birth: for many groups with the person who has it, and without.
async fn a_changed_answer_is_rare_where_one_person_is_left_out(ledger: Ledger) {
    let mut hospital = open(ledger).await;
    let (people, sought) = (120, 60);
    let year = |n: i32| 1890 + n;
    let said = (0..people).flat_map(|n| {
        let id = format!("P{n}");
        let code = if n % 2 == 0 { "C34.1" } else { "J18.9" };
        [person(&id, &format!("{}-05-01", year(n))), condition(&id, &id, code, "2024-01-01")]
    });
    hospital.say(said.collect()).await;
    let sight = Sight::Counts(Protection::default());
    let born = |from: i32, to: i32| {
        let years = json!([{"field": "birth_year", "min": year(from), "max": year(to)}]);
        json!({"has": {"of": "patient", "tests": years}})
    };
    let count = async |parts: Vec<Value>| {
        let asked = definition(json!({"language": 1, "patients": {"all": parts}}));
        let told = hospital.warehouse.answer(&asked, sight).await.expect("an answer").1.patients.count;
        told.expect("told")
    };
    let (mut asked, mut changed) = (0, 0);
    for from in (0..36).step_by(7) {
        for to in (82..people).step_by(6) {
            let group = vec![json!({"has": cancer()}), born(from, to)];
            let without = [group.clone(), vec![json!({"not": born(sought, sought)})]].concat();
            let truth = (from..=to).filter(|n| n % 2 == 0).count() as u64;
            let (with, without) = (count(group).await, count(without).await);
            assert!(with.abs_diff(truth) <= 10, "{with} of {truth}");
            asked += 1;
            changed += i32::from(with != without);
        }
    }
    assert!(changed * 3 <= asked, "{changed} of {asked} answers tell that somebody is there");
}

/// Vocabularies as Athena gives them: separated by tabs, with quotes that are only quotes.
async fn codes_become_the_concepts_that_they_map_to(ledger: Ledger) {
    let mut hospital = open(ledger).await;
    hospital
        .say(vec![
            person("A", "1960-05-01"),
            condition("1", "A", "C34.1", "2024-03-01"),
            condition("2", "A", "J18.9", "2024-03-02"),
            condition("3", "A", "X99", "2024-03-03"),
        ])
        .await;
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, lines: &[&str]| {
        std::fs::write(folder.path().join(name), lines.join("\n") + "\n").expect("written");
    };
    let concepts = [
        "concept_id\tconcept_name\tvocabulary_id\tstandard_concept\tconcept_code",
        "45561807\tMalignant \"upper lobe\tICD10CM\t\tC34.1",
        "4110705\tTumour of upper lobe\tSNOMED\tS\t254626006",
        "45542739\tPneumonia\tICD10CM\t\tJ18.9",
    ];
    write("CONCEPT.csv", &concepts);
    let relationships = [
        "concept_id_1\tconcept_id_2\trelationship_id\tvalid_end_date\tinvalid_reason",
        "45561807\t4110705\tMaps to\t20991231\t",
        "45561807\t254761\tIs a\t20991231\t",
        "45542739\t443882\tMaps to\t20200101\tD",
    ];
    write("CONCEPT_RELATIONSHIP.csv", &relationships);
    let warehouse = hospital.warehouse.with_concepts(Vocabularies::at(folder.path()).expect("vocabularies"));
    let sql = "SELECT condition_concept_id, condition_source_concept_id FROM omop.condition_occurrence \
               ORDER BY condition_start_date";
    let asked = Asked { sql: sql.into(), ..Asked::default() };
    let rows = warehouse.open_statement(&asked, Duration::from_secs(30)).await.expect("rows");
    assert_eq!(rows.numbers().await.expect("numbers"), [(4_110_705, 45_561_807), (0, 45_542_739), (0, 0)]);
}

async fn one_patients_way_is_told(ledger: Ledger) {
    let mut hospital = open(ledger).await;
    hospital.say(vec![person("A", "1960-05-01"), condition("1", "A", "C34.1", "2024-03-01")]).await;
    let look = hospital.warehouse.look(&Definition::everybody()).await.expect("everybody");
    let patient = look.patients().await.expect("patients")[0];
    let asked = definition(json!({"language": 1, "patients": {"all": [{"has": cancer()},
        {"not": {"has": {"of": "condition", "tests": [{"field": "code", "anyOf": ["J18.9"]}]}}},
        {"has": {"of": "encounter"}}]}}));
    let why = hospital.warehouse.why(&asked, patient).await.expect("why");
    assert!(!why.is_in);
    let found: Vec<(&str, i64)> = why.criteria.iter().map(|one| (one.place.as_str(), one.rows)).collect();
    assert_eq!(
        found,
        [("patients.all[0].has", 1), ("patients.all[1].not.has", 0), ("patients.all[2].has", 0)]
    );
}

/// At once: what nobody needs goes.
const NOW: Terms = Terms { versions: Duration::ZERO, withdrawn: Duration::ZERO, files: Duration::ZERO };

/// Later than any file of a test.
fn later() -> i64 {
    Timestamp::now().as_micros() + 3_600_000_000
}

/// How many files of tables there are.
fn files(hospital: &Hospital) -> usize {
    let tables = std::fs::read_dir(hospital.folder.path()).expect("the folder");
    let names =
        tables.flat_map(|table| std::fs::read_dir(table.expect("a table").path()).into_iter().flatten());
    names
        .filter(|name| {
            name.as_ref().is_ok_and(|name| name.path().extension().is_some_and(|end| end == "parquet"))
        })
        .count()
}

async fn versions_go_unless_a_frozen_cohort_pins_them(ledger: Ledger) {
    let mut hospital = open(ledger).await;
    let asked = has(&cancer());
    for (n, (id, key)) in [("A", "1"), ("B", "2"), ("C", "3")].into_iter().enumerate() {
        hospital.say(vec![person(id, "1960-05-01"), condition(key, id, "C34.1", "2024-03-01")]).await;
        if n == 1 {
            hospital.warehouse.freeze("lung", 1, &asked, "ann", 6).await.expect("frozen");
        }
    }
    let pinned = hospital.warehouse.frozen_of("lung").await.expect("frozen")[0].clone();
    let (before, first) = (files(&hospital), pinned.facts - 1);
    assert!(hospital.warehouse.pinned(first).await.is_ok());
    // Versions of these tests are made a few microseconds after 1970.
    let kept = Terms { versions: Duration::from_secs(4_000_000_000), ..NOW };
    let cleaned = hospital.warehouse.clean(kept, later()).await.expect("cleaned");
    assert_eq!(cleaned, Cleaned::default(), "its time has not come");
    let cleaned = hospital.warehouse.clean(NOW, later()).await.expect("cleaned");
    assert_eq!((cleaned.versions, cleaned.people), (2, 0));
    assert_eq!(before - files(&hospital), cleaned.files);
    assert!(cleaned.files >= 2, "patients and conditions of the first version");
    assert!(matches!(hospital.warehouse.pinned(first).await, Err(WarehouseError::Cleaned)));
    assert_eq!(asked_of(&hospital, &pinned).await.len(), 2);
    assert_eq!(hospital.count(&asked).await, 3);
    assert_eq!(hospital.warehouse.clean(NOW, later()).await.expect("cleaned"), Cleaned::default());
}

/// Who is in a frozen cohort when its version is asked again.
async fn asked_of(hospital: &Hospital, frozen: &Frozen) -> Vec<FrozenRow> {
    let session = std::sync::Arc::new(hospital.warehouse.pinned(frozen.facts).await.expect("that version"));
    let cohort = warehouse::ask::Cohort::of(session, &frozen.definition).await.expect("an answer");
    cohort.members().await.expect("members")
}

async fn who_withdraws_is_out_at_once_and_out_of_every_version_in_time(ledger: Ledger) {
    let mut hospital = open(ledger).await;
    let asked = has(&cancer());
    hospital.say(vec![person("A", "1960-05-01"), condition("1", "A", "C34.1", "2024-03-01")]).await;
    hospital.say(vec![person("B", "1961-05-01"), condition("2", "B", "C34.2", "2024-03-01")]).await;
    let frozen = hospital.warehouse.freeze("lung", 1, &asked, "ann", 6).await.expect("frozen");
    let members = hospital.warehouse.members(&frozen).await.expect("members");
    let leaves = members[0].patient;
    let now = Timestamp::now().as_micros();
    hospital.warehouse.withdraw(leaves, now).await.expect("noted");
    assert_eq!(
        hospital.warehouse.clean(NOW, later()).await.expect("cleaned").people,
        0,
        "still in the newest"
    );
    while hospital.warehouse.refresh(now).await.expect("refreshed") {}
    assert_eq!(hospital.count(&asked).await, 1);
    assert_eq!(asked_of(&hospital, &frozen).await.len(), 2, "the schedule's time has not come");
    let day = Terms { withdrawn: Duration::from_secs(86_400), ..NOW };
    assert_eq!(hospital.warehouse.clean(day, later()).await.expect("cleaned").people, 0);
    assert_eq!(hospital.warehouse.gone_since(leaves).await.expect("an answer"), None);

    assert_eq!(hospital.warehouse.clean(NOW, later()).await.expect("cleaned").people, 1);
    assert!(hospital.warehouse.gone_since(leaves).await.expect("an answer").is_some());
    assert_eq!(asked_of(&hospital, &frozen).await, members[1..]);
    assert_eq!(
        hospital.warehouse.members(&frozen).await.expect("the list still proves itself"),
        members[1..]
    );
    assert!(!text_of_all(&hospital).contains("C34.1"), "no file says what they had");
    // What is said of them later makes no rows either.
    hospital.say(vec![condition("3", "A", "C34.9", "2025-01-01")]).await;
    assert_eq!(hospital.count(&asked).await, 1);
}

/// What stands in every file of the table of conditions.
fn text_of_all(hospital: &Hospital) -> String {
    let mut text = String::new();
    for file in std::fs::read_dir(hospital.folder.path().join("condition")).expect("the table") {
        let path = file.expect("a file").path();
        if path.extension().is_some_and(|end| end == "parquet") {
            let file = std::fs::File::open(path).expect("it opens");
            let rows =
                ParquetRecordBatchReaderBuilder::try_new(file).expect("Parquet").build().expect("rows");
            text.push_str(&rows.map(|batch| format!("{:?}", batch.expect("rows"))).collect::<String>());
        }
    }
    text
}

async fn memberships_said_again_have_nothing_made_again(ledger: Ledger) {
    let hospital = open(ledger).await;
    let member = |study: &str, left: bool| Member {
        study: study.into(),
        only_this: false,
        since: 20_000,
        left,
        until: left.then_some(20_100),
        consent: String::new(),
    };
    let tell = async |project: &str, title: &str, members: Vec<Member>| {
        hospital.warehouse.set_members(project, title, members, 5).await.expect("told");
        let changed = hospital.warehouse.is_behind().await.expect("an answer");
        while hospital.warehouse.refresh(6).await.expect("refreshed") {}
        changed
    };
    let both = || vec![member("1.2.1", false), member("1.2.2", false)];
    assert!(tell("lung", "Lung", both()).await);
    assert!(!tell("lung", "Lung", both().into_iter().rev().collect()).await, "the same in another order");
    assert!(tell("heart", "Heart", vec![member("1.2.1", false)]).await, "the same exam in another project");
    assert!(tell("lung", "Lung", vec![member("1.2.1", true), member("1.2.2", false)]).await);
    assert!(tell("lung", "Lungs", vec![member("1.2.1", true), member("1.2.2", false)]).await);
    assert!(tell("lung", "Lungs", vec![]).await);
    assert!(!tell("lung", "Lungs", vec![]).await);
    assert!(!tell("heart", "Heart", vec![member("1.2.1", false)]).await, "another project stays as it was");
}

store::each_ledger!(
    facts_follow_the_records,
    memberships_said_again_have_nothing_made_again,
    of_a_report_the_words_of_the_lexicon_are_kept,
    versions_go_unless_a_frozen_cohort_pins_them,
    who_withdraws_is_out_at_once_and_out_of_every_version_in_time,
    rows_move_when_patients_are_joined_and_parted,
    a_frozen_cohort_stays_what_it_was,
    cohorts_have_versions_and_owners,
    small_counts_are_hidden_from_who_may_not_see_rows,
    a_changed_answer_is_rare_where_one_person_is_left_out,
    codes_become_the_concepts_that_they_map_to,
    one_patients_way_is_told,
);
