//! Who is let in, and what those hear who are not.

use super::support::{EVERYTHING, EXPLICIT, House, IMPLICIT, SECONDARY_CAPTURE, context_of};
use bytes::Bytes;
use dicom::net::Association;
use dicom::net::pdu::{IdentityKind, Rejection, UserIdentity};
use dicom::net::scu::ConnectError;
use dicom::net::sop_class::{Root, STORAGE_COMMITMENT, VERIFICATION};
use dicom::net::tcp::PromptStream;
use govern::{PeerRights, Role, Roles};
use model::Timestamp;
use server::config::UnknownPeers;

fn rejection(result: Result<Association<PromptStream>, ConnectError>) -> Rejection {
    match result {
        Err(ConnectError::Rejected(rejection)) => rejection,
        other => panic!("not rejected: {other:?}"),
    }
}

const ECHO: [(&str, &str); 1] = [(VERIFICATION, IMPLICIT)];

#[tokio::test]
async fn a_wrong_called_title_is_rejected_when_that_is_asked_for() {
    let house = House::open_with(|config| {
        config.any_called_title = false;
        config.ae_title = "ARCHIVE".into();
    })
    .await;
    assert_eq!(rejection(house.call("SCANNER", &ECHO).await), Rejection::CALLED_AE);
}

#[tokio::test]
async fn a_stranger_is_rejected_when_only_peers_are_let_in() {
    let house = House::open_with(|config| config.unknown_peers = UnknownPeers::Refuse).await;
    assert_eq!(rejection(house.call("STRANGER", &ECHO).await), Rejection::CALLING_AE);
    house.add_peer("SCANNER", None, EVERYTHING).await;
    assert!(house.call("SCANNER", &ECHO).await.is_ok());
}

#[tokio::test]
async fn contexts_are_accepted_by_right() {
    let house = House::open().await;
    let store_only = PeerRights { may_store: true, ..PeerRights::default() };
    house.add_peer("CT1", None, store_only).await;
    house.add_peer("WORKSTATION", None, EVERYTHING).await;
    let (find, get) = (Root::Study.find(), Root::Patient.get());
    let contexts = [
        (VERIFICATION, IMPLICIT),
        (find.as_str(), IMPLICIT),
        (get.as_str(), EXPLICIT),
        (STORAGE_COMMITMENT, EXPLICIT),
        (SECONDARY_CAPTURE, "1.2.3.4.5"),
        ("1.2.840.10008.5.1.4.31", IMPLICIT),
    ];
    let accepted = async |calling: &str| {
        let association = house.call(calling, &contexts).await.unwrap();
        contexts.map(|(class, _)| context_of(association.contexts(), class).is_some())
    };
    assert_eq!(accepted("CT1").await, [true, false, false, true, true, false]);
    assert_eq!(accepted("WORKSTATION").await, [true, true, true, true, true, false]);
    assert_eq!(accepted("UNKNOWN").await, [true, false, false, true, true, false]);
}

#[tokio::test]
async fn one_association_too_many_is_rejected_for_now() {
    let house = House::open_with(|config| config.max_associations = 2).await;
    let _first = house.call("A", &ECHO).await.unwrap();
    let second = house.call("B", &ECHO).await.unwrap();
    assert_eq!(rejection(house.call("C", &ECHO).await), Rejection::LOCAL_LIMIT);
    second.release().await.unwrap();
    let again = async || house.call("C", &ECHO).await;
    for _ in 0..50 {
        if again().await.is_ok() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("the seat was not given back");
}

#[tokio::test]
async fn an_account_may_come_by_user_identity() {
    let house = House::open_with(|config| config.unknown_peers = UnknownPeers::Refuse).await;
    let roles = Roles::from_iter([Role::Broker]);
    house.app.govern.accounts.create("ann", &roles, Timestamp::now()).await.unwrap();
    house.app.govern.accounts.set_password("ann", "correct horse battery").await.unwrap();
    let identity = |passcode: &'static str| UserIdentity {
        kind: IdentityKind::UsernamePasscode,
        positive_response: true,
        primary: Bytes::from_static(b"ann"),
        secondary: Bytes::from_static(passcode.as_bytes()),
    };
    let call = async |passcode: &'static str| {
        house.call_as(|proposal| proposal.identity = Some(identity(passcode)), "LAPTOP", &ECHO).await
    };
    assert!(call("correct horse battery").await.is_ok());
    assert_eq!(rejection(call("wrong horse").await), Rejection::USER_IDENTITY);
}
