//! A door with real rooms behind it, in a temporary folder.

use bytes::Bytes;
use catalog::ToIndex;
use dicom::net::negotiate::Context;
use dicom::net::scu::{self, ConnectError, Proposal};
use dicom::net::tcp::PromptStream;
use dicom::net::{Association, Timeouts};
use govern::{Peer, PeerRights};
use model::AeTitle;
use server::App;
use server::config::Dimse;
use server::dimse::{self, Listening};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

/// A door and what is behind it.
pub struct House {
    pub address: SocketAddr,
    pub tls_address: Option<SocketAddr>,
    pub app: Arc<App>,
    pub folder: tempfile::TempDir,
    stop: CancellationToken,
    _listening: Listening,
}

impl House {
    pub async fn open() -> Self {
        Self::open_with(|_| {}).await
    }

    pub async fn open_with(change: impl FnOnce(&mut Dimse)) -> Self {
        Self::open_in(tempfile::tempdir().unwrap(), change).await
    }

    pub async fn open_in(folder: tempfile::TempDir, change: impl FnOnce(&mut Dimse)) -> Self {
        let mut config = crate::running::config(&folder);
        std::fs::create_dir_all(&config.data).unwrap();
        change(&mut config.dimse);
        let app = App::open(config).await.unwrap();
        let stop = CancellationToken::new();
        let listening = dimse::open(&app, stop.clone()).await.unwrap();
        let (address, tls_address) = (listening.address.unwrap(), listening.tls_address);
        Self { address, tls_address, app, folder, stop, _listening: listening }
    }

    pub fn port(&self) -> String {
        self.address.port().to_string()
    }

    pub async fn add_peer(&self, title: &str, port: Option<u16>, rights: PeerRights) {
        let peer = Peer {
            name: title.to_lowercase(),
            ae_title: AeTitle::parse(title).unwrap(),
            host: Some("127.0.0.1".into()),
            port,
            tls: false,
            networks: Vec::new(),
            fingerprint: None,
            rights,
        };
        self.app.govern.peers.put(peer).await.unwrap();
    }

    pub async fn call(
        &self,
        calling: &str,
        contexts: &[(&str, &str)],
    ) -> Result<Association<PromptStream>, ConnectError> {
        self.call_as(|_| {}, calling, contexts).await
    }

    pub async fn call_as(
        &self,
        change: impl FnOnce(&mut Proposal),
        calling: &str,
        contexts: &[(&str, &str)],
    ) -> Result<Association<PromptStream>, ConnectError> {
        let contexts = contexts.iter().map(|&(class, syntax)| (class.into(), vec![syntax.into()])).collect();
        let title = |text: &str| AeTitle::parse(text).unwrap();
        let mut proposal = Proposal::new(title("ISOCENTER"), title(calling), contexts);
        change(&mut proposal);
        let stream = PromptStream::new(TcpStream::connect(self.address).await.unwrap()).unwrap();
        scu::connect(stream, &proposal, Timeouts::default()).await
    }

    /// Indexes everything in the archive, as the server's worker does.
    pub async fn index(&self) {
        let mut follower = self.app.archive.follow(None);
        while let Ok(Ok(fresh)) = tokio::time::timeout(Duration::from_millis(300), follower.next(100)).await {
            for one in fresh {
                let file = self.app.archive.read_all(&one.locator).await.unwrap();
                let header = dicom::read_header(&file).ok();
                let (head, locator) = (one.head.clone(), one.locator.clone());
                self.app
                    .catalog
                    .index(&[ToIndex { head, locator, header: header.map(std::sync::Arc::new) }], None)
                    .await
                    .unwrap();
            }
        }
    }

    /// Every file in the archive with its kind, in order.
    pub async fn files(&self) -> Vec<(intake::Kind, Bytes)> {
        let mut follower = self.app.archive.follow(None);
        let mut files = Vec::new();
        while let Ok(Ok(fresh)) = tokio::time::timeout(Duration::from_millis(300), follower.next(100)).await {
            for one in fresh {
                files.push((one.head.kind, self.app.archive.read_all(&one.locator).await.unwrap()));
            }
        }
        files
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// All that may be.
pub const EVERYTHING: PeerRights = PeerRights { may_store: true, may_query: true, may_retrieve: true };

/// The sample data, where it is.
pub fn shared(path: &str) -> Option<PathBuf> {
    let root = std::env::var("ISOCENTER_SHARED").map_or_else(
        |_| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")),
        PathBuf::from,
    );
    let path = root.join(path);
    if !path.exists() {
        eprintln!("skipped: the sample data is not here");
        return None;
    }
    Some(path)
}

/// A program of DCMTK, where it is installed.
pub fn dcmtk(tool: &str) -> Option<PathBuf> {
    let path = PathBuf::from("/usr/bin").join(tool);
    if !path.exists() {
        eprintln!("skipped: {tool} (DCMTK) is not installed");
        return None;
    }
    Some(path)
}

/// Runs a program; whether it succeeded, and all it said.
pub async fn run(program: &Path, arguments: &[&str]) -> (bool, String) {
    let output = tokio::process::Command::new(program).args(arguments).output().await.unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&said).into_owned())
}

/// A small instance: an uncompressed secondary capture in explicit VR little endian, without its
/// file meta information.
pub fn instance(study: &str, series: &str, sop: &str) -> Bytes {
    named(study, series, sop, "P1", "Doe^Jane")
}

/// The same of another patient.
pub fn named(study: &str, series: &str, sop: &str, patient: &str, name: &str) -> Bytes {
    use dicom::tags;
    let mut data_set = dicom::DataSet::new();
    data_set.put_text(tags::SOP_CLASS_UID, SECONDARY_CAPTURE);
    data_set.put_text(tags::SOP_INSTANCE_UID, sop);
    data_set.put_text(tags::STUDY_INSTANCE_UID, study);
    data_set.put_text(tags::SERIES_INSTANCE_UID, series);
    data_set.put_text(tags::PATIENT_ID, patient);
    data_set.put_text(tags::PATIENT_NAME, name);
    data_set.put_text(tags::STUDY_DATE, "20260102");
    data_set.put_text(tags::MODALITY, "OT");
    data_set.put_u16(tags::SAMPLES_PER_PIXEL, 1);
    data_set.put_text(tags::PHOTOMETRIC_INTERPRETATION, "MONOCHROME2");
    data_set.put_u16(tags::ROWS, 8);
    data_set.put_u16(tags::COLUMNS, 8);
    data_set.put_u16(tags::BITS_ALLOCATED, 8);
    data_set.put_u16(tags::BITS_STORED, 8);
    data_set.put_u16(tags::HIGH_BIT, 7);
    data_set.put_u16(tags::PIXEL_REPRESENTATION, 0);
    data_set.put_bytes(tags::PIXEL_DATA, dicom::Vr::OB, Bytes::from(vec![7; 64]));
    let mut bytes = Vec::new();
    let syntax = dicom::TransferSyntax::by_uid(EXPLICIT).unwrap();
    dicom::write_data_set(&data_set, &syntax, &mut bytes);
    bytes.into()
}

pub const SECONDARY_CAPTURE: &str = "1.2.840.10008.5.1.4.1.1.7";
pub const EXPLICIT: &str = "1.2.840.10008.1.2.1";
pub const IMPLICIT: &str = "1.2.840.10008.1.2";

/// The id of the context for a class.
pub fn context_of(contexts: &[Context], class: &str) -> Option<u8> {
    contexts.iter().find(|context| context.abstract_syntax == class).map(|context| context.id)
}
