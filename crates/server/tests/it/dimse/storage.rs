//! C-STORE and C-ECHO.

use super::support::{EXPLICIT, House, IMPLICIT, SECONDARY_CAPTURE, dcmtk, instance, run, shared};
use bytes::Bytes;
use dicom::net::dimse::Status;
use dicom::net::scu::{self, Outgoing, Sender};
use dicom::net::sop_class::VERIFICATION;
use dicom::net::tcp::PromptStream;
use intake::Kind;

async fn send(sender: &mut Sender<PromptStream>, sop: &str, data_set: Bytes) -> Status {
    let outgoing = Outgoing {
        sop_class: SECONDARY_CAPTURE,
        sop_instance: sop,
        transfer_syntax: EXPLICIT,
        data_set: &[data_set],
        originator: None,
    };
    sender.send(&outgoing).await.unwrap()
}

#[tokio::test]
async fn what_is_acknowledged_is_in_the_archive_bit_for_bit() {
    let house = House::open().await;
    let contexts = [(VERIFICATION, IMPLICIT), (SECONDARY_CAPTURE, EXPLICIT)];
    let mut association = house.call("SCANNER", &contexts).await.unwrap();
    assert_eq!(scu::echo(&mut association).await.unwrap(), Status::SUCCESS);
    let mut sender = Sender::new(association);
    let sent = instance("1.2.1", "1.2.1.1", "1.2.1.1.1");
    assert_eq!(send(&mut sender, "1.2.1.1.1", sent.clone()).await, Status::SUCCESS);
    // Again: held already, and success.
    assert_eq!(send(&mut sender, "1.2.1.1.1", sent.clone()).await, Status::SUCCESS);
    sender.release().await.unwrap();
    let files = house.files().await;
    assert_eq!(files.len(), 1);
    let part10 = dicom::open_file(&files[0].1).unwrap();
    assert_eq!(part10.transfer_syntax.uid(), EXPLICIT);
    assert_eq!(files[0].1.slice(usize::try_from(part10.data_set_at).unwrap()..), sent);
}

#[tokio::test]
async fn an_instance_other_than_announced_is_refused_and_kept_in_quarantine() {
    let house = House::open().await;
    let association = house.call("SCANNER", &[(SECONDARY_CAPTURE, EXPLICIT)]).await.unwrap();
    let mut sender = Sender::new(association);
    let other = instance("1.2.1", "1.2.1.1", "1.2.1.1.2");
    assert_eq!(send(&mut sender, "1.2.1.1.1", other).await, Status::DATA_SET_MISMATCH);
    let rubbish = Bytes::from_static(b"this is no data set at all, whatever its sender says of it");
    assert_eq!(send(&mut sender, "1.2.1.1.3", rubbish).await, Status::CANNOT_UNDERSTAND);
    let kinds: Vec<Kind> = house.files().await.into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, [Kind::Quarantine, Kind::Quarantine]);
}

#[tokio::test]
async fn under_a_name_that_is_no_uid_it_is_kept_in_quarantine_and_its_sender_told() {
    let house = House::open().await;
    let association = house.call("SCANNER", &[(SECONDARY_CAPTURE, EXPLICIT)]).await.unwrap();
    let mut sender = Sender::new(association);
    let sent = instance("1.2.1", "1.2.1.1", "1.2.1.1.1");
    let too_long = "1.2.".repeat(40);
    for name in ["", "1.2.X.../etc", too_long.as_str()] {
        assert_eq!(send(&mut sender, name, sent.clone()).await, Status::CANNOT_UNDERSTAND, "{name}");
    }
    let files = house.files().await;
    assert_eq!(files.len(), 3);
    for (kind, file) in files {
        let part10 = dicom::open_file(&file).unwrap();
        assert_eq!(kind, Kind::Quarantine);
        assert_eq!(file.slice(usize::try_from(part10.data_set_at).unwrap()..), sent);
    }
    assert_eq!(send(&mut sender, "1.2.1.1.1", sent).await, Status::SUCCESS, "the association goes on");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_associations_at_once_lose_nothing() {
    let house = std::sync::Arc::new(House::open().await);
    let mut senders = tokio::task::JoinSet::new();
    for n in 0..100 {
        let house = house.clone();
        senders.spawn(async move {
            let association = house.call("SCANNER", &[(SECONDARY_CAPTURE, EXPLICIT)]).await.unwrap();
            let mut sender = Sender::new(association);
            for k in 0..5 {
                let sop = format!("1.2.{n}.1.{k}");
                let data_set = instance(&format!("1.2.{n}"), &format!("1.2.{n}.1"), &sop);
                assert_eq!(send(&mut sender, &sop, data_set).await, Status::SUCCESS);
            }
            sender.release().await.unwrap();
        });
    }
    senders.join_all().await;
    assert_eq!(house.files().await.len(), 500);
}

#[tokio::test(flavor = "multi_thread")]
async fn dcmtk_sends_a_folder() {
    let (Some(storescu), Some(folder)) = (dcmtk("storescu"), shared("data/series/crlm-ct-1004")) else {
        return;
    };
    let house = House::open().await;
    let port = house.port();
    let arguments = ["-aec", "ISOCENTER", "-xv", "+sd", "+r", "+sp", "*.dcm", "127.0.0.1", &port];
    let (done, said) = run(&storescu, &[&arguments[..], &[folder.to_str().unwrap()]].concat()).await;
    assert!(done, "{said}");
    let files = house.files().await;
    assert!(!files.is_empty() && files.iter().all(|(kind, _)| *kind == Kind::Instance));
}
