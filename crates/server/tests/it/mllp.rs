//! The HL7 door: what was acknowledged is kept, what can't be read is kept too and told, and nobody waits for somebody else.

use hl7::mllp::{Frames, framed};
use intake::Kind;
use server::App;
use server::config::Mllp;
use server::mllp::{self, Listening, OpenError};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

/// A door and what is behind it.
struct House {
    app: Arc<App>,
    folder: tempfile::TempDir,
    stop: CancellationToken,
    listening: Listening,
}

impl House {
    async fn open() -> Self {
        Self::open_with(|_, _| {}).await.unwrap()
    }

    async fn open_with(change: impl FnOnce(&mut Mllp, &Path)) -> Result<Self, OpenError> {
        let folder = tempfile::tempdir().unwrap();
        let mut config = crate::running::config(&folder);
        std::fs::create_dir_all(&config.data).unwrap();
        config.mllp.listen = Some("127.0.0.1:0".parse().unwrap());
        change(&mut config.mllp, folder.path());
        let app = App::open(config).await.unwrap();
        let stop = CancellationToken::new();
        let listening = mllp::open(&app, stop.clone()).await?;
        Ok(Self { app, folder, stop, listening })
    }

    async fn call(&self) -> Caller<TcpStream> {
        Caller::new(TcpStream::connect(self.listening.address.unwrap()).await.unwrap())
    }

    /// Every message in the archive, in order.
    async fn messages(&self) -> Vec<String> {
        let mut follower = self.app.archive.follow(None);
        let mut found = Vec::new();
        while let Ok(Ok(fresh)) = tokio::time::timeout(Duration::from_millis(300), follower.next(100)).await {
            for one in fresh.into_iter().filter(|one| one.head.kind == Kind::Record) {
                assert_eq!(one.head.details["format"], "hl7v2");
                let content = self.app.archive.read_all(&one.locator).await.unwrap();
                found.push(String::from_utf8_lossy(&content).into_owned());
            }
        }
        found
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// A sender.
struct Caller<S> {
    stream: S,
    frames: Frames,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Caller<S> {
    fn new(stream: S) -> Self {
        Self { stream, frames: Frames::new(1 << 20) }
    }

    async fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.unwrap();
        self.stream.flush().await.unwrap();
    }

    /// The next answer; none when the other end hangs up.
    async fn answer(&mut self) -> Option<String> {
        loop {
            if let Some(frame) = self.frames.next_frame().unwrap() {
                return Some(String::from_utf8(frame).unwrap());
            }
            let mut piece = [0; 4096];
            let read =
                tokio::time::timeout(Duration::from_secs(20), self.stream.read(&mut piece)).await.unwrap();
            match read {
                Ok(0) | Err(_) => return None,
                Ok(count) => self.frames.push(&piece[..count]),
            }
        }
    }

    /// MSA-1 and MSA-2 of the answer to a message.
    async fn told(&mut self, message: &str) -> String {
        self.send(&framed(message.as_bytes())).await;
        msa(&self.answer().await.unwrap())
    }
}

fn msa(answer: &str) -> String {
    let fields = answer.split("MSA|").nth(1).unwrap().split(['|', '\r']);
    fields.take(2).collect::<Vec<_>>().join(" ")
}

fn message(id: &str) -> String {
    format!("MSH|^~\\&|RIS|NGH|ISO|RES|20240105||ADT^A08|{id}|P|2.5.1\rPID|1||M{id}^^^NGH^MR||Doe^Jane\r")
}

#[tokio::test]
async fn what_is_acknowledged_is_kept() {
    let house = House::open().await;
    let mut caller = house.call().await;
    assert_eq!(caller.told(&message("1")).await, "AA 1");
    assert_eq!(caller.told(&message("2")).await, "AA 2");
    assert_eq!(house.messages().await, [message("1"), message("2")]);
    // Sent once more, it is taken once more.
    assert_eq!(house.call().await.told(&message("1")).await, "AA 1");
}

#[tokio::test]
async fn what_cannot_be_read_is_kept_and_told() {
    let house = House::open().await;
    let mut caller = house.call().await;
    let unknown = "MSH|^~\\&|A|B|||20240105||QRY^Q01|7|P|2.3\rQRD|1\r";
    let nameless = "MSH|^~\\&|A|B|||20240105||ADT^A08||P|2.3\rPID|1||M1\r";
    let nobody = "MSH|^~\\&|A|B|||20240105||ADT^A08|8|P|2.5\rPID|1||||Secret^Name\r";
    assert_eq!(caller.told(unknown).await, "AR 7");
    assert_eq!(caller.told(nameless).await, "AE ");
    caller.send(&framed(nobody.as_bytes())).await;
    let answer = caller.answer().await.unwrap();
    assert!(answer.contains("MSA|AE|8|PID: required field missing\rERR||PID^1|101"), "{answer}");
    assert!(!answer.contains("Secret"));
    assert_eq!(caller.told("hello").await, "AR ");
    assert_eq!(house.messages().await, [unknown, nameless, nobody, "hello"]);
}

#[tokio::test]
async fn frames_sent_together_are_answered_in_order() {
    let house = House::open().await;
    let mut caller = house.call().await;
    let all: Vec<_> = (0..200).map(|number| message(&number.to_string())).collect();
    let wire: Vec<u8> = all.iter().flat_map(|message| framed(message.as_bytes())).collect();
    caller.send(&wire).await;
    for number in 0..200 {
        assert_eq!(msa(&caller.answer().await.unwrap()), format!("AA {number}"));
    }
    assert_eq!(house.messages().await, all);
}

#[tokio::test]
async fn a_frame_may_come_byte_by_byte_and_a_sender_may_go() {
    let house = House::open().await;
    let mut slow = house.call().await;
    let wire = framed(message("1").as_bytes());
    let (first, rest) = wire.split_at(wire.len() / 2);
    for byte in first {
        slow.send(&[*byte]).await;
    }
    // Nobody waits for the slow one, nor for one that goes.
    let mut gone = house.call().await;
    gone.send(first).await;
    drop(gone);
    assert_eq!(house.call().await.told(&message("2")).await, "AA 2");
    slow.send(rest).await;
    assert_eq!(msa(&slow.answer().await.unwrap()), "AA 1");
    assert_eq!(house.messages().await, [message("2"), message("1")]);
}

#[tokio::test]
async fn what_is_too_large_or_cut_is_told_and_the_next_is_taken() {
    let house = House::open_with(|config, _| config.message_bytes = 65_536).await.unwrap();
    let mut caller = house.call().await;
    let large = message("1") + &"x".repeat(200_000);
    caller.send(&framed(large.as_bytes())).await;
    let answer = caller.answer().await.unwrap();
    assert!(answer.contains("MSA|AR||MSH: larger than is taken here"), "{answer}");
    caller.send(b"\x0bMSH|^~\\&|cut").await;
    assert_eq!(caller.told(&message("2")).await, "AR ");
    assert_eq!(msa(&caller.answer().await.unwrap()), "AA 2");
    assert_eq!(house.messages().await, [message("2")]);
}

#[tokio::test]
async fn a_batch_in_a_frame_is_answered_by_a_batch() {
    let house = House::open().await;
    let mut caller = house.call().await;
    let batch = format!("BHS|^~\\&|A\r{}{}BTS|2\r", message("1"), message("2"));
    caller.send(&framed(batch.as_bytes())).await;
    let answer = caller.answer().await.unwrap();
    assert!(answer.starts_with("BHS|") && answer.ends_with("BTS|2\r"), "{answer}");
    assert_eq!(answer.matches("MSA|AA|").count(), 2);
}

#[tokio::test]
async fn who_asks_for_no_answer_gets_none() {
    let house = House::open().await;
    let mut caller = house.call().await;
    let silent = message("1").replace("|2.5.1", "|2.5.1|||NE|NE");
    caller.send(&framed(silent.as_bytes())).await;
    assert_eq!(caller.told(&message("2").replace("|2.5.1", "|2.5.1|||AL|NE")).await, "CA 2");
    assert_eq!(house.messages().await.len(), 2);
}

#[tokio::test]
async fn other_protocols_and_sleepers_are_hung_up_on() {
    let house =
        House::open_with(|config, _| (config.stall_seconds, config.idle_seconds) = (1, 2)).await.unwrap();
    let mut browser = house.call().await;
    browser.send(b"GET / HTTP/1.1\r\n\r\n").await;
    assert_eq!(browser.answer().await, None);
    let mut sleeper = house.call().await;
    sleeper.send(b"\x0bMSH|").await;
    assert_eq!(sleeper.answer().await, None);
    assert_eq!(house.call().await.answer().await, None);
}

#[tokio::test]
async fn connections_are_bounded() {
    let house = House::open_with(|config, _| config.connections = 1).await.unwrap();
    let mut first = house.call().await;
    assert_eq!(first.told(&message("1")).await, "AA 1");
    assert_eq!(house.call().await.answer().await, None);
    assert_eq!(first.told(&message("2")).await, "AA 2");
}

#[tokio::test]
async fn only_those_who_are_listed_may_send() {
    let far = House::open_with(|config, _| config.peers = vec!["192.0.2.0/24".into()]).await.unwrap();
    assert_eq!(far.call().await.answer().await, None);
    let near = House::open_with(|config, _| config.peers = vec!["127.0.0.0/8".into()]).await.unwrap();
    assert_eq!(near.call().await.told(&message("1")).await, "AA 1");
}

#[tokio::test]
async fn beyond_this_machine_somebody_must_be_named() {
    let everywhere = || Some("0.0.0.0:0".parse().unwrap());
    let plain = House::open_with(|config, _| config.listen = everywhere()).await;
    assert!(matches!(plain.err(), Some(OpenError::PlainForAll(_))));
    let listed = House::open_with(|config, _| {
        (config.listen, config.peers) = (everywhere(), vec!["127.0.0.1".into()]);
    });
    assert!(listed.await.is_ok());
    let secure =
        House::open_with(|config, _| (config.listen, config.tls_listen) = (None, everywhere())).await;
    assert!(matches!(secure.err(), Some(OpenError::TlsForAll(_))));
    let bare = House::open_with(|config, _| config.tls_listen = Some("127.0.0.1:0".parse().unwrap())).await;
    assert!(matches!(bare.err(), Some(OpenError::WithoutCertificate)));
    let wrong = House::open_with(|config, _| config.peers = vec!["10.0.0.0/99".into()]).await;
    assert!(wrong.err().unwrap().to_string().contains("10.0.0.0/99"));
}

#[tokio::test]
async fn over_tls_a_certificate_is_proof() {
    use crate::dimse::tls::{authority, write};
    let house = House::open_with(|config, folder| {
        let authority = authority(folder);
        write(folder, "server", Some(&authority));
        write(folder, "client", Some(&authority));
        config.tls_listen = Some("127.0.0.1:0".parse().unwrap());
        config.tls_certificate = Some(folder.join("server.pem"));
        config.tls_key = Some(folder.join("server.key"));
        config.tls_client_authorities = Some(folder.join("authority.pem"));
    });
    let house = house.await.unwrap();
    let mut known = Caller::new(secure(&house, true).await);
    assert_eq!(known.told(&message("1")).await, "AA 1");
    let mut unknown = Caller::new(secure(&house, false).await);
    let _ = unknown.stream.write_all(&framed(message("2").as_bytes())).await;
    assert_eq!(unknown.answer().await, None);
    assert_eq!(house.messages().await, [message("1")]);
}

async fn secure(house: &House, with_certificate: bool) -> tokio_rustls::client::TlsStream<TcpStream> {
    use rustls_pki_types::pem::PemObject as _;
    use rustls_pki_types::{CertificateDer, PrivateKeyDer};
    let pem = |name: &str| CertificateDer::from_pem_file(house.folder.path().join(name)).unwrap();
    let mut roots = rustls::RootCertStore::empty();
    roots.add(pem("authority.pem")).unwrap();
    let client = rustls::ClientConfig::builder().with_root_certificates(roots);
    let client = if with_certificate {
        let key = PrivateKeyDer::from_pem_file(house.folder.path().join("client.key")).unwrap();
        client.with_client_auth_cert(vec![pem("client.pem")], key).unwrap()
    } else {
        client.with_no_client_auth()
    };
    let stream = TcpStream::connect(house.listening.tls_address.unwrap()).await.unwrap();
    let connector = tokio_rustls::TlsConnector::from(Arc::new(client));
    connector.connect("localhost".try_into().unwrap(), stream).await.unwrap()
}
