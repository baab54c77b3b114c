//! C-FIND, C-MOVE and C-GET.

use super::support::{EVERYTHING, EXPLICIT, House, IMPLICIT, SECONDARY_CAPTURE, dcmtk, instance, named, run};
use bytes::Bytes;
use dicom::net::dimse::Status;
use dicom::net::pdu::{Extended, Role};
use dicom::net::scu::{self, Answer, Outgoing, Sender};
use dicom::net::sop_class::Root;
use dicom::{DataSet, TransferSyntax, tags};
use std::process::Stdio;

/// Two exams of two patients; three instances.
async fn furnished() -> House {
    let house = House::open().await;
    let association = house.call("SCANNER", &[(SECONDARY_CAPTURE, EXPLICIT)]).await.unwrap();
    let mut sender = Sender::new(association);
    for (sop, data_set) in [
        ("1.2.1.1.1", instance("1.2.1", "1.2.1.1", "1.2.1.1.1")),
        ("1.2.1.1.2", instance("1.2.1", "1.2.1.1", "1.2.1.1.2")),
        ("1.2.2.1.1", named("1.2.2", "1.2.2.1", "1.2.2.1.1", "P2", "Müller^Jörg")),
    ] {
        let outgoing = Outgoing {
            sop_class: SECONDARY_CAPTURE,
            sop_instance: sop,
            transfer_syntax: EXPLICIT,
            data_set: &[data_set],
            originator: None,
        };
        assert_eq!(sender.send(&outgoing).await.unwrap(), Status::SUCCESS);
    }
    sender.release().await.unwrap();
    house.index().await;
    house.add_peer("WORKSTATION", None, EVERYTHING).await;
    house
}

fn encode(data_set: &DataSet, syntax: &str) -> Bytes {
    let mut bytes = Vec::new();
    dicom::write_data_set(data_set, &TransferSyntax::by_uid(syntax).unwrap(), &mut bytes);
    bytes.into()
}

fn identifier(level: &str, keys: &[(dicom::Tag, &str)]) -> DataSet {
    let mut identifier = DataSet::new();
    identifier.put_text(tags::QUERY_RETRIEVE_LEVEL, level);
    keys.iter().for_each(|(tag, value)| identifier.put_text(*tag, value));
    identifier
}

/// Asks, and gives the matches and the final status.
async fn ask(house: &House, root: Root, identifier: &DataSet) -> (Vec<DataSet>, Status) {
    let class = root.find();
    let mut association = house.call("WORKSTATION", &[(&class, IMPLICIT)]).await.unwrap();
    let mut finding = scu::find(&mut association, &class, encode(identifier, IMPLICIT)).await.unwrap();
    let mut matches = Vec::new();
    loop {
        match finding.next_answer().await.unwrap() {
            Answer::Match(bytes) => {
                let syntax = TransferSyntax::by_uid(IMPLICIT).unwrap();
                matches.push(dicom::read_data_set(&bytes, &syntax, &dicom::ReadOptions::default()).unwrap());
            }
            Answer::End(status) => return (matches, status),
        }
    }
}

#[tokio::test]
async fn every_level_is_answered() {
    let house = furnished().await;
    let count = async |root, level: &str, keys: &[(dicom::Tag, &str)]| {
        let (matches, status) = ask(&house, root, &identifier(level, keys)).await;
        assert_eq!(status, Status::SUCCESS);
        matches.len()
    };
    assert_eq!(count(Root::Patient, "PATIENT", &[(tags::PATIENT_ID, "")]).await, 2);
    assert_eq!(count(Root::Study, "STUDY", &[(tags::PATIENT_NAME, "Doe*")]).await, 1);
    assert_eq!(count(Root::Study, "SERIES", &[(tags::STUDY_INSTANCE_UID, "1.2.1")]).await, 1);
    let image = [(tags::STUDY_INSTANCE_UID, "1.2.1"), (tags::SERIES_INSTANCE_UID, "1.2.1.1")];
    assert_eq!(count(Root::Patient, "IMAGE", &[image[0], image[1], (tags::SOP_INSTANCE_UID, "")]).await, 2);
    let (_, status) = ask(&house, Root::Study, &identifier("PATIENT", &[])).await;
    assert_eq!(status, Status::DATA_SET_MISMATCH);
}

#[tokio::test]
async fn answers_are_in_the_character_set_of_the_question_where_it_has_the_letters() {
    let house = furnished().await;
    let mut question = identifier("STUDY", &[(tags::PATIENT_ID, "P2"), (tags::PATIENT_NAME, "")]);
    for (asked, told) in [("ISO_IR 100", "ISO_IR 100"), ("ISO_IR 144", "ISO_IR 192")] {
        question.put_text(tags::SPECIFIC_CHARACTER_SET, asked);
        let question = dicom::read_data_set(
            &encode(&question, IMPLICIT),
            &TransferSyntax::by_uid(IMPLICIT).unwrap(),
            &dicom::ReadOptions::default(),
        );
        let (matches, _) = ask(&house, Root::Study, &question.unwrap()).await;
        assert_eq!(matches[0].text(tags::SPECIFIC_CHARACTER_SET).as_deref(), Some(told));
        assert_eq!(matches[0].text(tags::PATIENT_NAME).as_deref(), Some("Müller^Jörg"));
        assert_eq!(matches[0].text(tags::RETRIEVE_AE_TITLE).as_deref(), Some("ISOCENTER"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn dcmtk_finds_what_is_held() {
    let Some(findscu) = dcmtk("findscu") else { return };
    let house = furnished().await;
    let port = house.port();
    let ask = async |title: &str| {
        let keys = ["-k", "QueryRetrieveLevel=STUDY", "-k", "PatientID=P1", "-k", "StudyInstanceUID"];
        run(&findscu, &[&["-S", "-aet", title][..], &keys, &["127.0.0.1", &port]].concat()).await
    };
    let (done, said) = ask("WORKSTATION").await;
    assert!(done && said.contains("(Pending)"), "{said}");
    let (_, said) = ask("STRANGER").await;
    assert!(!said.contains("(Pending)"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn dcmtk_gets_an_exam() {
    let Some(getscu) = dcmtk("getscu") else { return };
    let house = furnished().await;
    let folder = tempfile::tempdir().unwrap();
    let port = house.port();
    let into = folder.path().to_str().unwrap();
    let arguments = [
        "-S",
        "-aet",
        "WORKSTATION",
        "-od",
        into,
        "-k",
        "QueryRetrieveLevel=STUDY",
        "-k",
        "StudyInstanceUID=1.2.1",
        "127.0.0.1",
        &port,
    ];
    let (done, said) = run(&getscu, &arguments).await;
    assert!(done, "{said}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn dcmtk_moves_an_exam_to_a_known_peer_only() {
    let (Some(movescu), Some(storescp)) = (dcmtk("movescu"), dcmtk("storescp")) else { return };
    let house = furnished().await;
    let folder = tempfile::tempdir().unwrap();
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut receiver = tokio::process::Command::new(storescp)
        .args(["-od", folder.path().to_str().unwrap(), &free.to_string()])
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    house.add_peer("RECEIVER", Some(free), Default::default()).await;
    for _ in 0..100 {
        if tokio::net::TcpStream::connect(("127.0.0.1", free)).await.is_ok() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let port = house.port();
    let mover = async |destination: &str| {
        let arguments = [
            "-S",
            "-aet",
            "WORKSTATION",
            "-aem",
            destination,
            "-k",
            "QueryRetrieveLevel=SERIES",
            "-k",
            "StudyInstanceUID=1.2.1",
            "-k",
            "SeriesInstanceUID=1.2.1.1",
            "127.0.0.1",
            &port,
        ];
        run(&movescu, &arguments).await
    };
    let (done, said) = mover("RECEIVER").await;
    assert!(done, "{said}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "{said}");
    let (done, said) = mover("NOWHERE").await;
    assert!(!done && said.contains("A801") || said.contains("MoveDestinationUnknown"), "{said}");
    receiver.kill().await.unwrap();
}

#[tokio::test]
async fn what_a_peer_does_not_take_is_transcoded_or_told_as_failed() {
    use dicom::net::Event;
    use dicom::net::dimse::{Command, Field};
    let house = furnished().await;
    let class = Root::Study.get();
    for (syntax, expected) in
        [(IMPLICIT, Status::SUCCESS), ("1.2.3.4.5", Status::CANNOT_PERFORM_SUB_OPERATIONS)]
    {
        let contexts = [(class.as_str(), IMPLICIT), (SECONDARY_CAPTURE, syntax)];
        let role = Role { sop_class: SECONDARY_CAPTURE.into(), scu: false, scp: true };
        let information = Extended { sop_class: class.clone(), information: Bytes::from_static(&[1]) };
        let change = |proposal: &mut dicom::net::scu::Proposal| {
            proposal.roles = vec![role];
            proposal.extended = vec![information];
        };
        let mut association = house.call_as(change, "WORKSTATION", &contexts).await.unwrap();
        let context = association.context_for(&class).unwrap().id;
        let wanted = identifier("STUDY", &[(tags::STUDY_INSTANCE_UID, "1.2.1")]);
        let request = Command::request(Field::GetRq, 1, &class);
        association.send_with(context, request, &[encode(&wanted, IMPLICIT)]).await.unwrap();
        let mut got = 0;
        let status = loop {
            let Event::Message(message) = association.receive().await.unwrap() else { panic!() };
            if message.command.field() == Some(Field::StoreRq) {
                let bytes = association.data_set(1 << 20).await.unwrap();
                let syntax = TransferSyntax::by_uid(syntax).unwrap();
                let read = dicom::read_data_set(&bytes, &syntax, &dicom::ReadOptions::default()).unwrap();
                assert_eq!(read.uid(tags::STUDY_INSTANCE_UID).as_deref(), Some("1.2.1"));
                got += 1;
                let response = message.command.respond(Status::SUCCESS);
                association.send(message.context, &response).await.unwrap();
            } else if !message.command.status().unwrap().is_pending() {
                assert_eq!(usize::from(message.command.progress().completed), got);
                break message.command.status().unwrap();
            }
        };
        assert_eq!(status, expected);
        assert_eq!(got, if expected == Status::SUCCESS { 2 } else { 0 });
    }
}
