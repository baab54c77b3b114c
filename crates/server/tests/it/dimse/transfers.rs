//! Peers through the API: two servers that echo, query, send and fetch.

use super::support::{EVERYTHING, EXPLICIT, House, SECONDARY_CAPTURE, instance};
use crate::running::{Browser, Running};
use dicom::net::dimse::{Command, Field, Status, SubOperations};
use dicom::net::negotiate::{Rules, SyntaxPreference, negotiate};
use dicom::net::scu::{Outgoing, Sender};
use dicom::net::tcp::PromptStream;
use dicom::net::{Association, Event, Message, NetError, Timeouts, scp};
use dicom::{DataSet, TransferSyntax, tags};
use govern::Role;
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;

async fn post(browser: &Browser<'_>, path: &str, body: &Value) -> (u16, Value) {
    let answer = browser.request(Method::POST, path).json(body).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

/// Waits until a transfer is as it should be.
async fn when(browser: &Browser<'_>, id: &Value, is: impl Fn(&Value) -> bool) -> Value {
    let mut last = Value::Null;
    for _ in 0..600 {
        let body: Value = browser.get("/api/v1/transfers").send().await.unwrap().json().await.unwrap();
        let transfers = body["transfers"].as_array().unwrap();
        last = transfers.iter().find(|one| one["id"] == *id).unwrap().clone();
        if is(&last) {
            return last;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it does not get there: {last}");
}

/// Waits until a transfer ends.
async fn ended(browser: &Browser<'_>, id: &Value) -> Value {
    when(browser, id, |one| one["state"] == "done" || one["state"] == "failed").await
}

async fn cancel(browser: &Browser<'_>, id: &Value) -> (u16, Value) {
    let answer = browser.request(Method::DELETE, &format!("/api/v1/transfers/{id}")).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

/// Whether the log tells who cancelled it.
async fn is_told(browser: &Browser<'_>, id: &Value) -> bool {
    let body: Value = browser.get("/api/v1/audit?limit=50").send().await.unwrap().json().await.unwrap();
    let rows = body["rows"].as_array().unwrap();
    rows.iter().any(|row| row["detail"]["change"] == "cancelled" && row["detail"]["transfer"] == *id)
}

/// Sends an exam of so many instances to a house.
async fn fill(house: &House, instances: u32) {
    let association = house.call("SCANNER", &[(SECONDARY_CAPTURE, EXPLICIT)]).await.unwrap();
    let mut sender = Sender::new(association);
    for n in 1..=instances {
        let sop = format!("1.2.1.1.{n}");
        let outgoing = Outgoing {
            sop_class: SECONDARY_CAPTURE,
            sop_instance: &sop,
            transfer_syntax: EXPLICIT,
            data_set: &[instance("1.2.1", "1.2.1.1", &sop)],
            originator: None,
        };
        assert_eq!(sender.send(&outgoing).await.unwrap(), Status::SUCCESS);
    }
    house.index().await;
}

/// A port nobody listens on now.
fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exam_is_found_fetched_and_sent_back() {
    let remote = House::open_with(|config| config.ae_title = "REMOTE".into()).await;
    fill(&remote, 3).await;
    let port = free_port();
    let ours = Running::start_with(|config| config.dimse.listen.set_port(port)).await;
    remote.add_peer("ISOCENTER", Some(port), EVERYTHING).await;
    ours.account("root", Role::Admin).await;
    let root = ours.sign_in("root").await;

    let entry = json!({
        "name": "remote", "aeTitle": "REMOTE", "host": "127.0.0.1", "port": remote.address.port(),
        "mayStore": true,
    });
    assert_eq!(post(&root, "/api/v1/peers", &entry).await.0, 201);
    assert_eq!(post(&root, "/api/v1/peers/remote/echo", &json!({})).await.0, 200);
    let question = json!({ "level": "STUDY", "keys": { "PatientID": "P1", "StudyInstanceUID": "" } });
    let (status, found) = post(&root, "/api/v1/peers/remote/query", &question).await;
    assert_eq!((status, &found["matches"][0]["0020000D"]["Value"][0]), (200, &json!("1.2.1")));

    let exam = json!({ "studyInstanceUid": "1.2.1" });
    let (status, begun) = post(&root, "/api/v1/peers/remote/fetch", &exam).await;
    assert_eq!(status, 202, "{begun}");
    let fetched = ended(&root, &begun["id"]).await;
    assert_eq!((&fetched["state"], &fetched["completed"]), (&json!("done"), &json!(3)), "{fetched}");

    let (status, begun) = post(&root, "/api/v1/peers/remote/send", &exam).await;
    assert_eq!(status, 202, "{begun}");
    let sent = ended(&root, &begun["id"]).await;
    assert_eq!((&sent["state"], &sent["completed"]), (&json!("done"), &json!(3)), "{sent}");

    let (status, problem) = post(&root, "/api/v1/peers/nobody/echo", &json!({})).await;
    assert_eq!((status, &problem["status"]), (404, &json!(404)));
    ours.account("ann", Role::Researcher).await;
    let ann = ours.sign_in("ann").await;
    assert_eq!(post(&ann, "/api/v1/peers/remote/send", &exam).await.0, 403);
    drop((root, ann));
    ours.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_send_is_cancelled_and_what_arrived_is_told() {
    let remote = House::open_with(|config| config.ae_title = "REMOTE".into()).await;
    remote.add_peer("ISOCENTER", None, EVERYTHING).await;
    let ours = Running::start().await;
    ours.account("root", Role::Admin).await;
    let root = ours.sign_in("root").await;
    let files: Vec<u8> = (1..=40).flat_map(|n| stow_part(&format!("1.2.1.1.{n}"))).collect();
    let body = [files.as_slice(), b"--x--"].concat();
    let kind = "multipart/related; type=\"application/dicom\"; boundary=x";
    let sent = root.request(Method::POST, "/dicom-web/studies").header("content-type", kind).body(body);
    assert_eq!(sent.send().await.unwrap().status(), 200);
    let entry = json!({
        "name": "remote", "aeTitle": "REMOTE", "host": "127.0.0.1", "port": remote.address.port(),
    });
    assert_eq!(post(&root, "/api/v1/peers", &entry).await.0, 201);

    // Two a second: 40 of them would take longer than the test waits.
    let exam = json!({ "studyInstanceUid": "1.2.1", "instancesPerSecond": 2 });
    let (status, begun) = post(&root, "/api/v1/peers/remote/send", &exam).await;
    assert_eq!(status, 202, "{begun}");
    let id = &begun["id"];
    when(&root, id, |one| one["completed"].as_i64() > Some(1)).await;
    assert_eq!(cancel(&root, id).await.0, 200);
    // One that was on its way may still arrive; then the row tells what the peer has.
    let mut arrived = 0;
    for _ in 0..100 {
        arrived = remote.files().await.len() as i64;
        if when(&root, id, |_| true).await["completed"] == arrived {
            break;
        }
    }
    let settled = when(&root, id, |_| true).await;
    assert!((2..40).contains(&arrived), "{arrived}");
    assert_eq!((&settled["state"], &settled["completed"]), (&json!("cancelled"), &json!(arrived)));
    assert_eq!(settled["reason"], "cancelled by root");
    assert!(is_told(&root, id).await);
    assert_eq!(cancel(&root, id).await.0, 409, "it has ended");
    assert_eq!(cancel(&root, &json!(4711)).await.0, 404);
    drop(root);
    ours.stop().await.unwrap();
}

fn stow_part(sop: &str) -> Vec<u8> {
    let data_set = instance("1.2.1", "1.2.1.1", sop);
    let meta = dicom::file_meta(SECONDARY_CAPTURE, sop, EXPLICIT, None);
    [b"--x\r\nContent-Type: application/dicom\r\n\r\n".as_slice(), &meta, &data_set, b"\r\n"].concat()
}

/// A peer with one series of a hundred instances that goes on sending until it is told to stop.
/// One that is stubborn doesn't listen, and gives how its association ended.
async fn endless(stubborn: bool) -> (u16, tokio::task::JoinHandle<&'static str>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let serving = tokio::spawn(async move {
        loop {
            let (socket, _) = listener.accept().await.unwrap();
            let mut association = accept(PromptStream::new(socket).unwrap()).await;
            while let Ok(Event::Message(message)) = association.receive().await {
                match message.command.field() {
                    Some(Field::FindRq) => tell_series(&mut association, &message).await,
                    Some(Field::MoveRq) => return send_on(&mut association, &message, stubborn).await,
                    _ => {}
                }
            }
        }
    });
    (port, serving)
}

async fn accept(stream: PromptStream) -> Association<PromptStream> {
    let caller = scp::greet(stream, 65_536, Timeouts::default()).await.unwrap();
    let rules = Rules {
        max_length: 65_536,
        syntaxes: &SyntaxPreference::default(),
        allows: &|_, _| true,
        find_abilities: [false; 4],
        confirm_identity: false,
    };
    let agreement = negotiate(caller.request(), &rules).unwrap();
    caller.accept(agreement).await.unwrap()
}

async fn tell_series(association: &mut Association<PromptStream>, message: &Message) {
    association.data_set(65_536).await.unwrap();
    let mut series = DataSet::new();
    series.put_text(tags::SERIES_INSTANCE_UID, "1.2.1.1");
    series.put_text(tags::NUMBER_OF_SERIES_RELATED_INSTANCES, "100");
    let syntax = association.context(message.context).unwrap().transfer_syntax.clone();
    let mut bytes = Vec::new();
    dicom::write_data_set(&series, &TransferSyntax::by_uid(&syntax).unwrap(), &mut bytes);
    let pending = message.command.respond(Status::PENDING);
    association.send_with(message.context, pending, &[bytes.into()]).await.unwrap();
    association.send(message.context, &message.command.respond(Status::SUCCESS)).await.unwrap();
}

async fn send_on(
    association: &mut Association<PromptStream>,
    message: &Message,
    stubborn: bool,
) -> &'static str {
    association.data_set(65_536).await.unwrap();
    let id = message.command.message_id().unwrap();
    let counts = SubOperations { remaining: 93, completed: 7, failed: 0, warning: 0 };
    let respond = |status| -> Command { message.command.respond(status).with_progress(counts) };
    loop {
        if association.send(message.context, &respond(Status::PENDING)).await.is_err() {
            return "gone";
        }
        match association.is_cancelled(id).await {
            Ok(true) if !stubborn => break,
            Ok(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            Err(NetError::Aborted(_)) => return "aborted",
            Err(_) => return "gone",
        }
    }
    association.send(message.context, &respond(Status::CANCEL)).await.unwrap();
    match association.receive().await {
        Ok(Event::Released) => "cancelled",
        _ => "gone",
    }
}

async fn a_fetch_cancelled(stubborn: bool) -> &'static str {
    let (port, serving) = endless(stubborn).await;
    let ours = Running::start().await;
    ours.account("root", Role::Admin).await;
    let root = ours.sign_in("root").await;
    let entry = json!({ "name": "remote", "aeTitle": "REMOTE", "host": "127.0.0.1", "port": port });
    assert_eq!(post(&root, "/api/v1/peers", &entry).await.0, 201);
    let exam = json!({ "studyInstanceUid": "1.2.1" });
    let (_, begun) = post(&root, "/api/v1/peers/remote/fetch", &exam).await;
    let id = &begun["id"];
    when(&root, id, |one| one["completed"] == 7 && one["total"] == 100).await;
    assert_eq!(cancel(&root, id).await.0, 200);
    let how = serving.await.unwrap();
    let stopped = when(&root, id, |one| one["completed"] == 7).await;
    assert_eq!((&stopped["state"], &stopped["failed"]), (&json!("cancelled"), &json!(0)));
    assert!(is_told(&root, id).await);
    drop(root);
    ours.stop().await.unwrap();
    how
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fetch_that_is_cancelled_asks_the_peer_to_stop() {
    assert_eq!(a_fetch_cancelled(false).await, "cancelled");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_peer_that_goes_on_after_being_asked_to_stop_is_cut_off() {
    assert_eq!(a_fetch_cancelled(true).await, "aborted");
}
