//! The same thing brought to every door ends the same way, and each door says so.

use super::{data_set, file, soon};
use crate::running::Running;
use dicom::net::Timeouts;
use dicom::net::dimse::Status;
use dicom::net::scu::{self, Outgoing, Proposal, Sender};
use dicom::net::tcp::PromptStream;
use dicom::{DataSet, TransferSyntax, Vr, tags};
use govern::Role;
use intake::import::{Import, IntakeSink, Verdict, run};
use model::AeTitle;
use reqwest::Method;
use serde_json::Value;
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

const CT: &str = "1.2.840.10008.5.1.4.1.1.2";

/// What each door says of a data set: C-STORE's status, STOW's reason, import's verdict.
#[derive(Debug, PartialEq, Eq)]
struct Said {
    store: Status,
    stow: (u16, u64),
    import: Verdict,
}

async fn c_store(running: &Running, set: &DataSet) -> Status {
    let title = |text: &str| AeTitle::parse(text).unwrap();
    let contexts = vec![(CT.into(), vec![TransferSyntax::EXPLICIT_LE.uid().into()])];
    let proposal = Proposal::new(title("ISOCENTER"), title("SCANNER"), contexts);
    let stream = PromptStream::new(TcpStream::connect(running.dimse).await.unwrap()).unwrap();
    let association = scu::connect(stream, &proposal, Timeouts::default()).await.unwrap();
    let mut bytes = Vec::new();
    dicom::write_data_set(set, &TransferSyntax::EXPLICIT_LE, &mut bytes);
    let syntax = TransferSyntax::EXPLICIT_LE;
    let outgoing = Outgoing {
        sop_class: CT,
        sop_instance: &set.uid(tags::SOP_INSTANCE_UID).unwrap_or_default(),
        transfer_syntax: syntax.uid(),
        data_set: &[bytes.into()],
        originator: None,
    };
    let mut sender = Sender::new(association);
    let status = sender.send(&outgoing).await.unwrap();
    sender.release().await.unwrap();
    status
}

async fn stow(running: &Running, set: &DataSet) -> (u16, u64) {
    let bob = running.sign_in("bob").await;
    let request = bob.request(Method::POST, "/dicom-web/studies").header("content-type", "application/dicom");
    let answer = request.body(file(set)).send().await.unwrap();
    let status = answer.status().as_u16();
    let told: Value = answer.json().await.unwrap();
    let reason = |sequence: &str, reason: &str| told[sequence]["Value"][0][reason]["Value"][0].as_u64();
    let warned = reason("00081199", "00081196");
    let failed = reason("00081198", "00081197").or_else(|| reason("0008119A", "00081197"));
    (status, warned.or(failed).unwrap_or(0))
}

async fn import(running: &Running, set: &DataSet) -> Verdict {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("one.dcm"), file(set)).unwrap();
    let sink = Arc::new(IntakeSink::new(running.app.intake.clone(), "tester".into(), None));
    let import = Import { roots: vec![folder.path().to_owned()], readers: 1, journal: None };
    let mut verdicts = Vec::new();
    run(import, sink, CancellationToken::new(), |line| verdicts.push(line.settled.outcome)).await.unwrap();
    assert_eq!(verdicts.len(), 1);
    verdicts.remove(0)
}

async fn at_every_door(running: &Running, set: &DataSet) -> Said {
    Said {
        store: c_store(running, set).await,
        stow: stow(running, set).await,
        import: import(running, set).await,
    }
}

async fn open() -> Running {
    let running = Running::start().await;
    running.account("bob", Role::Broker).await;
    running
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unusable_uid_ends_in_quarantine_and_is_told_at_every_door() {
    let running = open().await;
    let said = Said { store: Status::CANNOT_UNDERSTAND, stow: (409, 0xC000), import: Verdict::Quarantined };
    for (n, (tag, uid)) in [
        (tags::SOP_INSTANCE_UID, "1.2.three"),
        (tags::SOP_INSTANCE_UID, "../../1.2"),
        (tags::SOP_CLASS_UID, "CT"),
        (tags::STUDY_INSTANCE_UID, "1.2.34567890.1234567890.1234567890.1234567890.1234567890.1234567890"),
    ]
    .into_iter()
    .enumerate()
    {
        let mut set = data_set(&format!("1.{n}"));
        set.put_bytes(tag, Vr::UI, uid.as_bytes().to_vec());
        for _ in 0..2 {
            assert_eq!(at_every_door(&running, &set).await, said, "{uid}");
        }
    }
    // The two files of each data set: as the network brought it, and as it was written to one.
    let bob = running.sign_in("bob").await;
    let kept = soon(|| bob.get("/api/v1/quarantine"), |kept| items(kept).len() == 8).await;
    for one in items(&kept) {
        assert_eq!(one["reason"], "invalid-uid", "{one}");
        assert!(one["source"].as_str().is_some_and(|source| source.contains(": ")), "who sent it: {one}");
    }
}

fn items(page: &Value) -> &[Value] {
    page["items"].as_array().map_or(&[], Vec::as_slice)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conflict_is_told_each_time_it_is_sent_at_every_door() {
    let running = open().await;
    let original = data_set("1.1");
    let mut changed = original.clone();
    changed.put_text(tags::PATIENT_ID, "P2");
    let held = Said { store: Status::SUCCESS, stow: (200, 0), import: Verdict::AlreadyHeld };
    assert_eq!(c_store(&running, &original).await, Status::SUCCESS);
    let told =
        Said { store: Status::DATA_SET_MISMATCH_WARNING, stow: (202, 0xB007), import: Verdict::Conflict };
    for _ in 0..2 {
        assert_eq!(at_every_door(&running, &changed).await, told);
        assert_eq!(at_every_door(&running, &original).await, held);
    }
    running.app.intake.forget_all();
    let bob = running.sign_in("bob").await;
    soon(
        || bob.get("/api/v1/conflicts"),
        |listed| listed["conflicts"].as_array().is_some_and(|all| all.len() == 1),
    )
    .await;
    assert_eq!(at_every_door(&running, &changed).await, told, "what the catalog alone knows is told too");
    assert_eq!(at_every_door(&running, &original).await, held);
}
