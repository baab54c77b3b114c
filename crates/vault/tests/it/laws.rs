//! What the vault promises.

use isocenter_vault::{MasterKey, OpenError, Person, RequestError, Vault};
use model::{Phi, Timestamp};
use store::Ledger;
use tempfile::TempDir;

const MASTER: [u8; 32] = [1; 32];

async fn ledger(folder: &TempDir) -> Ledger {
    let uri = format!("sqlite://{}", folder.path().join("vault.db").display());
    Ledger::open(&uri).await.expect("a ledger")
}

async fn open(folder: &TempDir, master: &[u8; 32]) -> Result<Vault, OpenError> {
    Vault::open(ledger(folder).await, &MasterKey::from_bytes(master)).await
}

fn person() -> Phi<Person> {
    Phi::new(Person {
        subject: "patient MRN-48151623".into(),
        patient_id: "MRN-48151623".into(),
        issuer: "HOUSE".into(),
        exam: "1.2.840.99999.1".into(),
        exams: Vec::new(),
    })
}

fn now() -> Timestamp {
    Timestamp::from_micros(1_000_000)
}

#[tokio::test]
async fn what_was_kept_is_there_after_a_restart_and_nothing_of_it_in_the_clear() {
    let folder = TempDir::new().expect("a folder");
    let vault = open(&folder, &MASTER).await.expect("opens");
    let key = vault.project_key("trial").await.expect("a key");
    vault.enrol("trial", "S-1", &person()).await.expect("enrolled");
    vault.set_known("trial", "S-1", &Phi::new(b"bruckner".to_vec())).await.expect("kept");
    let pairs = [("2.25.7".to_owned(), Phi::new("1.2.840.99999.1.7".to_owned()))];
    vault.keep_uids("trial", "S-1", &pairs).await.expect("kept");
    vault.close().await;

    let vault = open(&folder, &MASTER).await.expect("opens again");
    assert_eq!(vault.project_key("trial").await.expect("a key"), key);
    let subject = vault.subject("trial", "S-1").await.expect("answers").expect("is there");
    assert_eq!((subject.person.reveal(), subject.generation), (person().reveal(), 1));
    let known = vault.known("trial", "S-1").await.expect("answers").expect("is there");
    assert_eq!(known.reveal(), b"bruckner");
    let (code, original) = vault.original("trial", "2.25.7").await.expect("answers").expect("is there");
    assert_eq!((code.as_str(), original.reveal().as_str()), ("S-1", "1.2.840.99999.1.7"));
    assert!(vault.original("other", "2.25.7").await.expect("answers").is_none());
    vault.close().await;

    for entry in std::fs::read_dir(folder.path()).expect("a folder") {
        let bytes = std::fs::read(entry.expect("an entry").path()).expect("readable");
        for secret in ["MRN-48151623", "1.2.840.99999", "bruckner"] {
            assert!(!bytes.windows(secret.len()).any(|part| part == secret.as_bytes()), "{secret}");
        }
    }
}

#[tokio::test]
async fn another_master_key_opens_nothing() {
    let folder = TempDir::new().expect("a folder");
    open(&folder, &MASTER).await.expect("opens").close().await;
    assert!(matches!(open(&folder, &[2; 32]).await, Err(OpenError::OtherKey)));
}

#[tokio::test]
async fn keys_change_and_everything_stays() {
    let folder = TempDir::new().expect("a folder");
    let vault = open(&folder, &MASTER).await.expect("opens");
    let key = vault.project_key("trial").await.expect("a key");
    vault.enrol("trial", "S-1", &person()).await.expect("enrolled");
    let [old, new] = [&MASTER, &[2; 32]].map(MasterKey::from_bytes);
    vault.change_master(&old, &new).await.expect("changed");
    assert!(matches!(vault.change_master(&old, &new).await, Err(OpenError::OtherKey)));
    assert_eq!(vault.change_data_key(&new).await.expect("changed"), 2);
    vault.close().await;

    assert!(matches!(open(&folder, &MASTER).await, Err(OpenError::OtherKey)));
    let vault = open(&folder, &[2; 32]).await.expect("opens");
    assert_eq!(vault.project_key("trial").await.expect("a key"), key);
    let found = vault.projects_of("patient MRN-48151623").await.expect("answers");
    assert_eq!(
        found.iter().map(|(project, of)| (project.as_str(), of.code.as_str())).collect::<Vec<_>>(),
        [("trial", "S-1")]
    );
}

#[tokio::test]
async fn a_project_brings_its_key_from_elsewhere_but_never_gets_a_second_one() {
    let folder = TempDir::new().expect("a folder");
    let vault = open(&folder, &MASTER).await.expect("opens");
    assert!(vault.bring_project_key("trial", &[9; 32]).await.expect("answers"));
    assert!(vault.bring_project_key("trial", &[9; 32]).await.expect("answers"));
    assert!(!vault.bring_project_key("trial", &[8; 32]).await.expect("answers"));
    assert_eq!(vault.project_key("trial").await.expect("a key"), [9; 32]);
}

#[tokio::test]
async fn going_back_takes_two_people_and_shows_once() {
    let folder = TempDir::new().expect("a folder");
    let vault = open(&folder, &MASTER).await.expect("opens");
    vault.enrol("trial", "S-1", &person()).await.expect("enrolled");
    let reason = Phi::new("an incidental finding must be told".to_owned());
    let ask = |code: &'static str| vault.ask(("trial", code), &reason, "ann", now());
    assert!(matches!(ask("S-2").await, Err(RequestError::Missing)));
    let short = vault.ask(("trial", "S-1"), &Phi::new("why not".into()), "ann", now()).await;
    assert!(matches!(short, Err(RequestError::Reason)));
    let id = ask("S-1").await.expect("asked");
    assert!(matches!(vault.show(id, "ann", now()).await, Err(RequestError::NotToShow)));
    assert!(matches!(vault.answer(id, true, "ann", now()).await, Err(RequestError::SamePerson)));
    vault.answer(id, true, "bob", now()).await.expect("answered");
    assert!(matches!(vault.answer(id, false, "eve", now()).await, Err(RequestError::Answered)));
    assert!(matches!(vault.show(id, "bob", now()).await, Err(RequestError::NotToShow)));
    assert_eq!(vault.show(id, "ann", now()).await.expect("shown").reveal(), person().reveal());
    assert!(matches!(vault.show(id, "ann", now()).await, Err(RequestError::NotToShow)));
    let refused = ask("S-1").await.expect("asked");
    vault.answer(refused, false, "bob", now()).await.expect("answered");
    assert!(matches!(vault.show(refused, "ann", now()).await, Err(RequestError::NotToShow)));
    assert_eq!(vault.requests("trial").await.expect("answers").len(), 2);
}
