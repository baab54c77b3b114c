//! Storage commitment.

use super::support::{EVERYTHING, EXPLICIT, House, SECONDARY_CAPTURE, instance};
use dicom::net::dimse::{Command, Field, Status, element};
use dicom::net::negotiate::{Rules, SyntaxPreference, negotiate};
use dicom::net::scu::{Outgoing, Sender};
use dicom::net::sop_class::{STORAGE_COMMITMENT, STORAGE_COMMITMENT_INSTANCE};
use dicom::net::tcp::PromptStream;
use dicom::net::{Association, Event, Timeouts, scp};
use dicom::{DataSet, ReadOptions, TransferSyntax, read_data_set, tags};

async fn with_instance() -> House {
    let house = House::open().await;
    let association = house.call("SCANNER", &[(SECONDARY_CAPTURE, EXPLICIT)]).await.unwrap();
    let mut sender = Sender::new(association);
    let outgoing = Outgoing {
        sop_class: SECONDARY_CAPTURE,
        sop_instance: "1.2.1.1.1",
        transfer_syntax: EXPLICIT,
        data_set: &[instance("1.2.1", "1.2.1.1", "1.2.1.1.1")],
        originator: None,
    };
    assert_eq!(sender.send(&outgoing).await.unwrap(), Status::SUCCESS);
    house.index().await;
    house
}

/// Asks for commitment of one instance that is held under its class; gives the answer's status.
async fn ask(association: &mut Association<PromptStream>, class: &str) -> Status {
    let mut item = DataSet::new();
    item.put_text(tags::REFERENCED_SOP_CLASS_UID, class);
    item.put_text(tags::REFERENCED_SOP_INSTANCE_UID, "1.2.1.1.1");
    let mut request = DataSet::new();
    request.put_text(tags::TRANSACTION_UID, "1.2.77");
    request.put_items(tags::REFERENCED_SOP_SEQUENCE, vec![item]);
    let mut bytes = Vec::new();
    dicom::write_data_set(&request, &TransferSyntax::by_uid(EXPLICIT).unwrap(), &mut bytes);
    let context = association.context_for(STORAGE_COMMITMENT).unwrap().id;
    let mut command = Command::request(Field::ActionRq, 1, STORAGE_COMMITMENT);
    command.put_uid(element::REQUESTED_SOP_INSTANCE, STORAGE_COMMITMENT_INSTANCE);
    command.put_u16(element::ACTION_TYPE, 1);
    association.send_with(context, command, &[bytes.into()]).await.unwrap();
    let Event::Message(answer) = association.receive().await.unwrap() else { panic!() };
    answer.command.status().unwrap()
}

/// Takes a report: its event type and data set.
async fn report(association: &mut Association<PromptStream>) -> (u16, DataSet) {
    let Event::Message(message) = association.receive().await.unwrap() else { panic!() };
    assert_eq!(message.command.field(), Some(Field::EventReportRq));
    let bytes = association.data_set(1 << 20).await.unwrap();
    association.send(message.context, &message.command.respond(Status::SUCCESS)).await.unwrap();
    let syntax = TransferSyntax::by_uid(EXPLICIT).unwrap();
    let read = read_data_set(&bytes, &syntax, &ReadOptions::default()).unwrap();
    assert_eq!(read.uid(tags::TRANSACTION_UID).as_deref(), Some("1.2.77"));
    (message.command.u16(element::EVENT_TYPE).unwrap(), read)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_comes_on_the_same_association_while_it_is_open() {
    let house = with_instance().await;
    for (class, event) in [(SECONDARY_CAPTURE, 1), ("1.2.840.10008.5.1.4.1.1.2", 2)] {
        let mut association = house.call("SCANNER", &[(STORAGE_COMMITMENT, EXPLICIT)]).await.unwrap();
        assert_eq!(ask(&mut association, class).await, Status::SUCCESS);
        let (said, report) = report(&mut association).await;
        assert_eq!(said, event);
        let failed = report.items(tags::FAILED_SOP_SEQUENCE);
        assert_eq!(failed.len(), usize::from(event == 2));
        if let [item] = failed {
            assert_eq!(item.int(tags::FAILURE_REASON), Some(0x0119));
        }
        association.release().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_peer_that_hung_up_is_called_back() {
    let house = with_instance().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    house.add_peer("SCANNER", Some(listener.local_addr().unwrap().port()), EVERYTHING).await;
    let mut association = house.call("SCANNER", &[(STORAGE_COMMITMENT, EXPLICIT)]).await.unwrap();
    assert_eq!(ask(&mut association, SECONDARY_CAPTURE).await, Status::SUCCESS);
    drop(association);
    let (socket, _) = listener.accept().await.unwrap();
    let stream = PromptStream::new(socket).unwrap();
    let caller = scp::greet(stream, 65_536, Timeouts::default()).await.unwrap();
    let role = &caller.request().user.roles[0];
    assert!(!role.scu && role.scp && role.sop_class == STORAGE_COMMITMENT);
    let rules = Rules {
        max_length: 65_536,
        syntaxes: &SyntaxPreference::default(),
        allows: &|_, _| true,
        find_abilities: [false; 4],
        confirm_identity: false,
    };
    let agreement = negotiate(caller.request(), &rules).unwrap();
    let mut association = caller.accept(agreement).await.unwrap();
    assert_eq!(report(&mut association).await.0, 1);
}
