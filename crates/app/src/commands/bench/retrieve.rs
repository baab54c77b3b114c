//! C-GET and C-MOVE to a receiver that counts and forgets.

use super::peer::Peer;
use dicom::net::dimse::{Command, Field, Status, element};
use dicom::net::negotiate::{Rules, SyntaxPreference, negotiate};
use dicom::net::pdu::Role;
use dicom::net::scu;
use dicom::net::sop_class::{EXPLICIT_LITTLE_ENDIAN, IMPLICIT_LITTLE_ENDIAN, Root};
use dicom::net::tcp::PromptStream;
use dicom::net::{Association, Event, NetError, Timeouts, scp};
use dicom::{DataSet, TransferSyntax, tags, write_data_set};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use tokio::net::TcpListener;

/// Fetch exams from any DICOM server by C-GET or C-MOVE and forget them; prints JSON
#[derive(clap::Args)]
pub struct Args {
    /// Study Instance UIDs
    #[arg(required = true, value_name = "UID")]
    exams: Vec<String>,
    #[command(flatten)]
    peer: Peer,
    /// By C-MOVE to a receiver on this port of this machine, which the server must know under our
    /// AE title; otherwise by C-GET
    #[arg(long, value_name = "PORT")]
    move_to: Option<u16>,
}

/// CT Image Storage.
const CLASS: &str = "1.2.840.10008.5.1.4.1.1.2";

#[derive(Default)]
struct Tally {
    instances: AtomicU64,
    bytes: AtomicU64,
}

pub async fn run(args: Args) -> anyhow::Result<()> {
    let tally = Arc::new(Tally::default());
    let started = Instant::now();
    let status = match args.move_to {
        Some(port) => r#move(&args, port, &tally).await?,
        None => get(&args, &tally).await?,
    };
    anyhow::ensure!(status == Status::SUCCESS, "the server ended with status {status}");
    let seconds = started.elapsed().as_secs_f64();
    let (instances, bytes) = (tally.instances.load(Ordering::Relaxed), tally.bytes.load(Ordering::Relaxed));
    println!("{}", json!({ "instances": instances, "bytes": bytes, "seconds": seconds }));
    Ok(())
}

fn identifier(exam: &str) -> Vec<u8> {
    let mut set = DataSet::new();
    set.put_text(tags::QUERY_RETRIEVE_LEVEL, "STUDY");
    set.put_text(tags::STUDY_INSTANCE_UID, exam);
    let mut bytes = Vec::new();
    write_data_set(&set, &TransferSyntax::or_unknown(IMPLICIT_LITTLE_ENDIAN), &mut bytes);
    bytes
}

async fn r#move(args: &Args, port: u16, tally: &Arc<Tally>) -> anyhow::Result<Status> {
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    let receiver = tokio::spawn(receive(listener, tally.clone()));
    let class = Root::Study.r#move();
    let contexts = vec![(class.clone(), vec![IMPLICIT_LITTLE_ENDIAN.to_owned()])];
    let mut association = args.peer.associate(contexts, Vec::new()).await?;
    let mut status = Status::SUCCESS;
    for exam in &args.exams {
        let (title, identifier) = (args.peer.calling()?, identifier(exam).into());
        let ended = scu::r#move(&mut association, &class, &title, identifier).await?.finish().await?;
        if ended.status != Status::SUCCESS {
            status = ended.status;
        }
    }
    association.release().await?;
    receiver.abort();
    Ok(status)
}

async fn receive(listener: TcpListener, tally: Arc<Tally>) {
    while let Ok((socket, _)) = listener.accept().await {
        let tally = tally.clone();
        tokio::spawn(async move {
            if let Err(error) = take_all(socket, &tally).await {
                tracing::error!(%error, "the receiver failed");
            }
        });
    }
}

async fn take_all(socket: tokio::net::TcpStream, tally: &Tally) -> anyhow::Result<()> {
    let caller = scp::greet(PromptStream::new(socket)?, 128 << 10, Timeouts::default()).await?;
    let syntaxes = SyntaxPreference::default();
    let rules = Rules {
        max_length: 128 << 10,
        syntaxes: &syntaxes,
        allows: &|_, _| true,
        find_abilities: [false; 4],
        confirm_identity: false,
    };
    let Ok(agreement) = negotiate(caller.request(), &rules) else { anyhow::bail!("no agreement") };
    let mut association = caller.accept(agreement).await?;
    while let Event::Message(message) = association.receive().await? {
        take(&mut association, message.context, &message.command, tally).await?;
    }
    Ok(())
}

/// Takes the data set of a C-STORE request and answers.
async fn take(
    association: &mut Association<PromptStream>,
    context: u8,
    command: &Command,
    tally: &Tally,
) -> Result<(), NetError> {
    while let Some(part) = association.fragment().await? {
        tally.bytes.fetch_add(part.len() as u64, Ordering::Relaxed);
    }
    tally.instances.fetch_add(1, Ordering::Relaxed);
    association.send(context, &command.respond(Status::SUCCESS)).await
}

async fn get(args: &Args, tally: &Tally) -> anyhow::Result<Status> {
    let class = Root::Study.get();
    let storage = (CLASS.to_owned(), vec![EXPLICIT_LITTLE_ENDIAN.to_owned()]);
    let contexts = vec![(class.clone(), vec![IMPLICIT_LITTLE_ENDIAN.to_owned()]), storage];
    let role = Role { sop_class: CLASS.into(), scu: false, scp: true };
    let mut association = args.peer.associate(contexts, vec![role]).await?;
    let mut status = Status::SUCCESS;
    for exam in &args.exams {
        let ended = get_one(&mut association, &class, exam, tally).await?;
        if ended != Status::SUCCESS {
            status = ended;
        }
    }
    association.release().await?;
    Ok(status)
}

async fn get_one(
    association: &mut Association<PromptStream>,
    class: &str,
    exam: &str,
    tally: &Tally,
) -> anyhow::Result<Status> {
    let context = association.context_for(class).map_or(1, |context| context.id);
    let mut command = Command::request(Field::GetRq, association.next_message_id(), class);
    command.put_u16(element::PRIORITY, 0);
    association.send_with(context, command, &[identifier(exam).into()]).await?;
    while let Event::Message(message) = association.receive().await? {
        if message.command.field() == Some(Field::StoreRq) {
            take(association, message.context, &message.command, tally).await?;
            continue;
        }
        let status = message.command.status().unwrap_or(Status::PROCESSING_FAILURE);
        if !status.is_pending() {
            return Ok(status);
        }
    }
    anyhow::bail!("the server ended the association")
}
