//! Callers that break the protocol, say nothing or stop half-way: each is cut off with its reason, and
//! the next one is served.

use super::support::{EXPLICIT, House, IMPLICIT, SECONDARY_CAPTURE, context_of};
use dicom::net::pdu::{Abort, AssociateRq, Pdu, ProposedContext, UserInformation, WireTitle, encode, kind};
use dicom::net::sop_class::{Root, STORAGE_COMMITMENT, VERIFICATION};
use govern::PeerRights;
use model::AeTitle;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Longer than any test may take; only to fail instead of hanging.
const LONG: Duration = Duration::from_secs(60);

async fn impatient() -> House {
    House::open_with(|config| {
        config.idle_seconds = 1;
        config.max_pdu = 16 << 10;
    })
    .await
}

fn request() -> Vec<u8> {
    let title = |text: &str| WireTitle::of(&AeTitle::parse(text).unwrap());
    let request = Pdu::AssociateRq(AssociateRq {
        protocol_version: 1,
        called: title("ISOCENTER"),
        calling: title("RAW"),
        application_context: "1.2.840.10008.3.1.1.1".into(),
        contexts: vec![ProposedContext {
            id: 1,
            abstract_syntax: VERIFICATION.into(),
            transfer_syntaxes: vec![IMPLICIT.into()],
        }],
        user: UserInformation::default(),
    });
    let mut bytes = Vec::new();
    encode(&request, &mut bytes);
    bytes
}

async fn connect(house: &House) -> TcpStream {
    TcpStream::connect(house.address).await.unwrap()
}

/// A connection with an association on it.
async fn associated(house: &House) -> TcpStream {
    let mut raw = connect(house).await;
    raw.write_all(&request()).await.unwrap();
    let mut header = [0; 6];
    raw.read_exact(&mut header).await.unwrap();
    assert_eq!(header[0], kind::ASSOCIATE_AC);
    let length = u32::from_be_bytes(header[2..].try_into().unwrap());
    raw.read_exact(&mut vec![0; length as usize]).await.unwrap();
    raw
}

/// Everything it says until it hangs up.
async fn last_words(raw: &mut TcpStream) -> Vec<u8> {
    let mut said = Vec::new();
    // A reset after the last word is a way to hang up.
    let _ = tokio::time::timeout(LONG, raw.read_to_end(&mut said)).await.expect("it hangs up");
    said
}

fn aborted(abort: Abort) -> Vec<u8> {
    vec![kind::ABORT, 0, 0, 0, 0, 4, 0, 0, abort.source, abort.reason]
}

#[tokio::test]
async fn whoever_says_nothing_or_half_a_request_is_cut_off() {
    let house = impatient().await;
    for part in [0, 1, 5, 6, 40, request().len() - 1] {
        let mut raw = connect(&house).await;
        raw.write_all(&request()[..part]).await.unwrap();
        assert_eq!(last_words(&mut raw).await, aborted(Abort::NOT_SPECIFIED), "{part} bytes");
    }
    associated(&house).await;
}

/// ARTIM counts from the connection on (PS3.8 §9.1.5): a byte now and then does not stop it.
#[tokio::test]
async fn a_request_that_drips_in_is_cut_off_too() {
    let house = impatient().await;
    let mut raw = connect(&house).await;
    let (mut read, mut write) = raw.split();
    let drip = async {
        for byte in request().iter().cycle() {
            if write.write_all(&[*byte]).await.is_err() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    };
    let mut answer = [0; 10];
    tokio::select! {
        () = drip => panic!("it was listened to for ever"),
        read = tokio::time::timeout(LONG, read.read_exact(&mut answer)) => { read.unwrap().unwrap(); }
    }
    assert_eq!(answer.to_vec(), aborted(Abort::NOT_SPECIFIED));
}

#[tokio::test]
async fn an_idle_association_is_aborted() {
    let house = impatient().await;
    let mut raw = associated(&house).await;
    assert_eq!(last_words(&mut raw).await, aborted(Abort::NOT_SPECIFIED));
    let mut raw = associated(&house).await;
    // Half a P-DATA-TF, then silence.
    raw.write_all(&[kind::DATA, 0, 0, 0, 0, 100, 0, 0]).await.unwrap();
    assert_eq!(last_words(&mut raw).await, aborted(Abort::NOT_SPECIFIED));
}

#[tokio::test]
async fn what_has_no_place_in_the_protocol_ends_in_an_abort_that_says_why() {
    let house = House::open_with(|config| config.max_pdu = 16 << 10).await;
    let data = [kind::DATA, 0, 0, 0, 0, 8, 0, 0, 0, 4, 1, 3, 0, 0];
    let too_long_data = [kind::DATA, 0, 0, 0, 0x40, 1];
    let too_long_request = [kind::ASSOCIATE_RQ, 0, 0xFF, 0xFF, 0xFF, 0xFF];
    let release = [kind::RELEASE_RQ, 0, 0, 0, 0, 4, 0, 0, 0, 0];
    let unknown = [9, 0, 0, 0, 0, 4, 0, 0, 0, 0];
    for (said, abort) in [
        (&data[..], Abort::UNEXPECTED_PDU),
        (&release[..], Abort::UNEXPECTED_PDU),
        (&unknown[..], Abort::UNRECOGNIZED_PDU),
        (&too_long_request[..], Abort::INVALID_PARAMETER),
        (&too_long_data[..], Abort::INVALID_PARAMETER),
    ] {
        let mut raw = connect(&house).await;
        raw.write_all(said).await.unwrap();
        assert_eq!(last_words(&mut raw).await, aborted(abort), "before an association: {said:?}");
    }
    for (said, abort) in [
        (&request()[..], Abort::UNEXPECTED_PDU),
        (&unknown[..], Abort::UNRECOGNIZED_PDU),
        (&too_long_data[..], Abort::INVALID_PARAMETER),
    ] {
        let mut raw = associated(&house).await;
        raw.write_all(said).await.unwrap();
        assert_eq!(last_words(&mut raw).await, aborted(abort), "on an association: {said:?}");
    }
}

/// What each right of a peer lets it do, by what is accepted of it.
#[tokio::test]
async fn each_right_opens_its_services_and_no_other() {
    let house = House::open().await;
    let (find, r#move, get) = (Root::Study.find(), Root::Study.r#move(), Root::Study.get());
    let contexts = [
        (VERIFICATION, IMPLICIT),
        (SECONDARY_CAPTURE, EXPLICIT),
        (STORAGE_COMMITMENT, EXPLICIT),
        (find.as_str(), IMPLICIT),
        (r#move.as_str(), IMPLICIT),
        (get.as_str(), IMPLICIT),
    ];
    for bits in 0..8u8 {
        let rights =
            PeerRights { may_store: bits & 1 != 0, may_query: bits & 2 != 0, may_retrieve: bits & 4 != 0 };
        let title = format!("PEER{bits}");
        house.add_peer(&title, None, rights).await;
        let association = house.call(&title, &contexts).await.unwrap();
        let accepted = contexts.map(|(class, _)| context_of(association.contexts(), class).is_some());
        let PeerRights { may_store, may_query, may_retrieve } = rights;
        // What a C-GET brings comes in contexts of storage.
        let expected = [true, may_store || may_retrieve, may_store, may_query, may_retrieve, may_retrieve];
        assert_eq!(accepted, expected, "{rights:?}");
        association.release().await.unwrap();
    }
}
