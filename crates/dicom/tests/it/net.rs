//! The wire, against itself and against DCMTK where it is installed.

use bytes::Bytes;
use isocenter_dicom::net::dimse::{Command, Field, Status, element};
use isocenter_dicom::net::negotiate::{Rules, SyntaxPreference, negotiate};
use isocenter_dicom::net::pdu::{Abort, Rejection};
use isocenter_dicom::net::scu::{self, ConnectError, Outgoing, Proposal, Sender};
use isocenter_dicom::net::sop_class::{IMPLICIT_LITTLE_ENDIAN, VERIFICATION};
use isocenter_dicom::net::tcp::PromptStream;
use isocenter_dicom::net::{Association, Event, NetError, Timeouts, scp};
use model::AeTitle;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::Command as Process;

const CT: &str = "1.2.840.10008.5.1.4.1.1.2";

type Held = Arc<Mutex<Vec<(String, String, Vec<u8>)>>>;

/// A server that takes everything into memory; it rejects calls to `NOBODY`.
async fn server() -> (SocketAddr, Held) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let held = Held::default();
    let shelf = held.clone();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            tokio::spawn(serve(PromptStream::new(socket).unwrap(), shelf.clone()));
        }
    });
    (address, held)
}

async fn serve(stream: PromptStream, held: Held) -> Result<(), NetError> {
    let caller = scp::greet(stream, 128 << 10, Timeouts::default()).await?;
    if caller.request().called.to_string() == "NOBODY" {
        return caller.reject(Rejection::CALLED_AE).await;
    }
    let syntaxes = SyntaxPreference::default();
    let rules = Rules {
        max_length: 128 << 10,
        syntaxes: &syntaxes,
        allows: &|_, _| true,
        find_abilities: [false; 4],
        confirm_identity: caller.request().user.identity.as_ref().is_some_and(|i| i.positive_response),
    };
    let agreement = negotiate(caller.request(), &rules).unwrap();
    let mut association = caller.accept(agreement).await?;
    while let Event::Message(message) = association.receive().await? {
        if message.command.field() == Some(Field::StoreRq) {
            let mut whole = Vec::new();
            while let Some(part) = association.fragment().await? {
                whole.extend_from_slice(&part);
            }
            let syntax = association.context(message.context).unwrap().transfer_syntax.clone();
            held.lock().unwrap().push((message.command.sop_instance().unwrap(), syntax, whole));
        }
        association.send(message.context, &message.command.respond(Status::SUCCESS)).await?;
    }
    Ok(())
}

fn title(text: &str) -> AeTitle {
    AeTitle::parse(text).unwrap()
}

async fn call(to: SocketAddr, contexts: &[(&str, &str)]) -> Result<Association<PromptStream>, ConnectError> {
    let contexts = contexts.iter().map(|&(class, syntax)| (class.into(), vec![syntax.into()])).collect();
    let proposal = Proposal::new(title("ISOCENTER"), title("TEST"), contexts);
    let stream = PromptStream::new(TcpStream::connect(to).await.unwrap()).unwrap();
    scu::connect(stream, &proposal, Timeouts::default()).await
}

#[tokio::test]
async fn we_understand_ourselves() {
    let (address, held) = server().await;
    let mut association =
        call(address, &[(VERIFICATION, IMPLICIT_LITTLE_ENDIAN), (CT, "1.9.8.7")]).await.unwrap();
    assert_eq!(scu::echo(&mut association).await.unwrap(), Status::SUCCESS);
    let mut sender = Sender::new(association);
    let sizes = [0usize, 1, 100, 65_536, 65_537, 3_000_001];
    for (n, size) in sizes.into_iter().enumerate() {
        let bytes: Bytes = (0..size).map(|i| (i * 31 + n) as u8).collect();
        let uid = format!("1.2.{n}");
        let data_set = [bytes.slice(..size / 3), bytes.slice(size / 3..)];
        let outgoing = Outgoing {
            sop_class: CT,
            sop_instance: &uid,
            transfer_syntax: "1.9.8.7",
            data_set: &data_set,
            originator: None,
        };
        assert_eq!(sender.send(&outgoing).await.unwrap(), Status::SUCCESS);
        let last = held.lock().unwrap().pop().unwrap();
        assert_eq!((last.0.as_str(), last.1.as_str()), (uid.as_str(), "1.9.8.7"));
        assert_eq!(last.2, bytes);
    }
    sender.release().await.unwrap();
}

#[tokio::test]
async fn requests_sent_ahead_are_answered_in_order() {
    let (address, held) = server().await;
    let association = call(address, &[(CT, IMPLICIT_LITTLE_ENDIAN)]).await.unwrap();
    let mut sender = Sender::new(association);
    let data_set = [Bytes::from(vec![1; 40_000])];
    let mut ids = Vec::new();
    for n in 0..20 {
        let uid = format!("1.2.{n}");
        let outgoing = Outgoing {
            sop_class: CT,
            sop_instance: &uid,
            transfer_syntax: IMPLICIT_LITTLE_ENDIAN,
            data_set: &data_set,
            originator: None,
        };
        ids.push(sender.start(&outgoing).await.unwrap());
    }
    for id in ids {
        assert_eq!(sender.finish(id).await.unwrap(), Status::SUCCESS);
    }
    assert_eq!(held.lock().unwrap().len(), 20);
}

#[tokio::test]
async fn a_rejection_says_why() {
    let (address, _) = server().await;
    let contexts = vec![(VERIFICATION.into(), vec![IMPLICIT_LITTLE_ENDIAN.into()])];
    let proposal = Proposal::new(title("NOBODY"), title("TEST"), contexts);
    let stream = TcpStream::connect(address).await.unwrap();
    match scu::connect(stream, &proposal, Timeouts::default()).await {
        Err(ConnectError::Rejected(rejection)) => assert_eq!(rejection, Rejection::CALLED_AE),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_peer_that_breaks_the_protocol_is_aborted_with_the_reason() {
    let (address, _) = server().await;
    let too_long = [4u8, 0, 0, 0x10, 0, 0];
    let command_in_no_context = [4u8, 0, 0, 0, 0, 6, 0, 0, 0, 2, 99, 3];
    for (bytes, abort) in [
        (&too_long[..], Abort::INVALID_PARAMETER),
        (&command_in_no_context[..], Abort::UNEXPECTED_PDU),
        (&[9u8, 0, 0, 0, 0, 0][..], Abort::UNRECOGNIZED_PDU),
    ] {
        let mut raw = raw_association(address).await;
        raw.write_all(bytes).await.unwrap();
        let mut answer = [0; 10];
        raw.read_exact(&mut answer).await.unwrap();
        assert_eq!(answer, [7, 0, 0, 0, 0, 4, 0, 0, abort.source, abort.reason]);
    }
}

/// Both sides ask for release at once (PS3.8 §9.2, states 9 to 12): the caller confirms the peer's wish,
/// and ends once its own is confirmed.
#[tokio::test]
async fn a_release_collision_ends_in_order() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    const RELEASE_RQ: [u8; 10] = [5, 0, 0, 0, 0, 4, 0, 0, 0, 0];
    const RELEASE_RP: [u8; 10] = [6, 0, 0, 0, 0, 4, 0, 0, 0, 0];
    let peer = tokio::spawn(async move {
        let (mut raw, _) = listener.accept().await.unwrap();
        let mut header = [0; 6];
        raw.read_exact(&mut header).await.unwrap();
        let length = u32::from_be_bytes(header[2..].try_into().unwrap());
        let mut request = vec![0; length as usize];
        raw.read_exact(&mut request).await.unwrap();
        let caller = [&header[..], &request].concat();
        raw.write_all(&accepting(&caller)).await.unwrap();
        raw.write_all(&RELEASE_RQ).await.unwrap();
        let mut said = [[0; 10]; 2];
        raw.read_exact(&mut said[0]).await.unwrap();
        raw.read_exact(&mut said[1]).await.unwrap();
        raw.write_all(&RELEASE_RP).await.unwrap();
        said
    });
    let association = call(address, &[(VERIFICATION, IMPLICIT_LITTLE_ENDIAN)]).await.unwrap();
    association.release().await.unwrap();
    assert_eq!(peer.await.unwrap(), [RELEASE_RQ, RELEASE_RP]);
}

/// The A-ASSOCIATE-AC that accepts all of a request.
fn accepting(request: &[u8]) -> Vec<u8> {
    use isocenter_dicom::net::pdu::{Pdu, decode, encode};
    let Pdu::AssociateRq(request) = decode(1, Bytes::copy_from_slice(&request[6..])).unwrap() else {
        panic!()
    };
    let syntaxes = SyntaxPreference::default();
    let rules = Rules {
        max_length: 128 << 10,
        syntaxes: &syntaxes,
        allows: &|_, _| true,
        find_abilities: [false; 4],
        confirm_identity: false,
    };
    let mut bytes = Vec::new();
    encode(&Pdu::AssociateAc(negotiate(&request, &rules).unwrap().answer), &mut bytes);
    bytes
}

/// An association made by hand, for saying what a decent peer wouldn't.
async fn raw_association(address: SocketAddr) -> TcpStream {
    use isocenter_dicom::net::pdu::{AssociateRq, Pdu, ProposedContext, UserInformation, WireTitle, encode};
    let request = Pdu::AssociateRq(AssociateRq {
        protocol_version: 1,
        called: WireTitle::of(&title("ISOCENTER")),
        calling: WireTitle::of(&title("RAW")),
        application_context: "1.2.840.10008.3.1.1.1".into(),
        contexts: vec![ProposedContext {
            id: 1,
            abstract_syntax: VERIFICATION.into(),
            transfer_syntaxes: vec![IMPLICIT_LITTLE_ENDIAN.into()],
        }],
        user: UserInformation::default(),
    });
    let mut bytes = Vec::new();
    encode(&request, &mut bytes);
    let mut raw = TcpStream::connect(address).await.unwrap();
    // One byte at a time: where a message is cut must not matter.
    for byte in bytes {
        raw.write_all(&[byte]).await.unwrap();
    }
    let mut header = [0; 6];
    raw.read_exact(&mut header).await.unwrap();
    assert_eq!(header[0], 2);
    let length = u32::from_be_bytes(header[2..].try_into().unwrap());
    raw.read_exact(&mut vec![0; length as usize]).await.unwrap();
    raw
}

#[tokio::test]
async fn fragments_may_be_cut_anywhere() {
    let (address, _) = server().await;
    let mut raw = raw_association(address).await;
    let mut command = Vec::new();
    let mut echo = Command::request(Field::EchoRq, 5, VERIFICATION);
    echo.put_u16(element::PRIORITY, 0);
    echo.encode(&mut command);
    let (front, back) = command.split_at(9);
    let mut bytes = Vec::new();
    for (part, control) in [(front, 1u8), (&[][..], 1), (back, 3)] {
        let length = part.len() as u32;
        bytes.extend_from_slice(&[4, 0]);
        bytes.extend_from_slice(&(length + 6).to_be_bytes());
        bytes.extend_from_slice(&(length + 2).to_be_bytes());
        bytes.extend_from_slice(&[1, control]);
        bytes.extend_from_slice(part);
    }
    raw.write_all(&bytes).await.unwrap();
    let mut header = [0; 12];
    raw.read_exact(&mut header).await.unwrap();
    assert_eq!((header[0], header[10], header[11]), (4, 1, 3));
}

fn dcmtk(tool: &str) -> Option<PathBuf> {
    let path = PathBuf::from("/usr/bin").join(tool);
    if !path.exists() {
        eprintln!("skipped: {tool} (DCMTK) is not installed");
        return None;
    }
    Some(path)
}

#[tokio::test(flavor = "multi_thread")]
async fn dcmtk_echoes_with_every_way_of_asking() {
    let Some(echoscu) = dcmtk("echoscu") else { return };
    let (address, _) = server().await;
    let port = address.port().to_string();
    for extra in
        [&[][..], &["--propose-pc", "128", "--propose-ts", "38"], &["-pdu", "4096", "--repeat", "20"]]
    {
        let output =
            Process::new(&echoscu).args(["-v", "127.0.0.1", &port]).args(extra).output().await.unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let refused =
        Process::new(&echoscu).args(["-v", "-aec", "NOBODY", "127.0.0.1", &port]).output().await.unwrap();
    let said =
        String::from_utf8_lossy(&refused.stderr).into_owned() + &String::from_utf8_lossy(&refused.stdout);
    assert!(!refused.status.success() && said.contains("Called AE Title Not Recognized"), "{said}");
}

/// The file's bytes after its file meta information, by its group length.
fn after_meta(file: &[u8]) -> &[u8] {
    let length = u32::from_le_bytes(file[140..144].try_into().unwrap()) as usize;
    &file[144 + length..]
}

#[tokio::test(flavor = "multi_thread")]
async fn what_dcmtk_sends_arrives_bit_for_bit() {
    let Some(storescu) = dcmtk("storescu") else { return };
    let shared = std::env::var("ISOCENTER_SHARED").map_or_else(
        |_| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")),
        PathBuf::from,
    );
    let folder = shared.join("data/dicom/cornerstone");
    if !folder.exists() {
        eprintln!("skipped: the sample data is not here");
        return;
    }
    let (address, held) = server().await;
    let mut sent = 0;
    for entry in walk(&folder) {
        let file = std::fs::read(&entry).unwrap();
        let output = Process::new(&storescu)
            .args(["-R", "127.0.0.1", &address.port().to_string()])
            .arg(&entry)
            .output()
            .await
            .unwrap();
        let taken: Vec<_> = held.lock().unwrap().drain(..).collect();
        if !output.status.success() {
            continue; // DCMTK can't read or propose every file.
        }
        let same = taken.iter().any(|(_, _, bytes)| bytes == after_meta(&file));
        assert!(same || recoded(&entry), "{} changed on its way", entry.display());
        sent += 1;
    }
    assert!(sent >= 5, "only {sent} files were sent");
}

/// DCMTK writes data sets anew before sending (lengths, padding), so only files whose encoding is
/// the one it would write can be compared.
fn recoded(path: &std::path::Path) -> bool {
    !path.to_string_lossy().contains("TransferSyntax_1.2.840.10008.1.2.4")
}

fn walk(folder: &std::path::Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}
