//! One object larger than memory should ever hold: a multi-frame made while it is sent.

use super::header;
use super::peer::Peer;
use bytes::Bytes;
use dicom::net::Event;
use dicom::net::dimse::{Command, Field, Status, element};
use dicom::net::sop_class::EXPLICIT_LITTLE_ENDIAN;
use dicom::{TransferSyntax, tags, write_data_set};
use serde_json::json;
use std::time::Instant;

/// Send one multi-frame object of some GB by C-STORE, made on the way; prints JSON
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    peer: Peer,
    /// Frames of 1000² pixels, 2 MB each; at most 2147
    #[arg(long, value_name = "N", default_value_t = 2000, value_parser = clap::value_parser!(u32).range(1..=2147))]
    frames: u32,
}

/// Multi-frame Grayscale Word Secondary Capture Image Storage.
const CLASS: &str = "1.2.840.10008.5.1.4.1.1.7.3";
const FRAME: usize = 2_000_000;

pub async fn run(args: Args) -> anyhow::Result<()> {
    let contexts = vec![(CLASS.to_owned(), vec![EXPLICIT_LITTLE_ENDIAN.to_owned()])];
    let mut association = args.peer.associate(contexts, Vec::new()).await?;
    let context = association.contexts().first().map_or(1, |context| context.id);
    let (instance, head) = head(args.frames);
    let mut command = Command::request(Field::StoreRq, association.next_message_id(), CLASS);
    command.put_u16(element::PRIORITY, 0);
    command.put_uid(element::AFFECTED_SOP_INSTANCE, &instance);
    let started = Instant::now();
    association.begin_with(context, command).await?;
    association.send_part(context, &[head], false).await?;
    let frame = Bytes::from((0..FRAME).map(|at| (at % 251) as u8).collect::<Vec<_>>());
    for number in 1..=args.frames {
        association.send_part(context, std::slice::from_ref(&frame), number == args.frames).await?;
    }
    let Event::Message(answer) = association.receive().await? else {
        anyhow::bail!("the server ended the association without an answer");
    };
    let seconds = started.elapsed().as_secs_f64();
    let stored = answer.command.status() == Some(Status::SUCCESS);
    let bytes = u64::from(args.frames) * FRAME as u64;
    association.release().await?;
    println!(
        "{}",
        json!({ "instances": 1, "bytes": bytes, "seconds": seconds, "refused": u8::from(!stored) })
    );
    Ok(())
}

/// Everything before the pixels.
fn head(frames: u32) -> (String, Bytes) {
    let mut set = header::slice(9999, 0, 0, 0, 1000);
    set.put_text(tags::SOP_CLASS_UID, CLASS);
    set.put_text(tags::NUMBER_OF_FRAMES, &frames.to_string());
    let instance = set.uid(tags::SOP_INSTANCE_UID).unwrap_or_default();
    let mut head = Vec::with_capacity(8192);
    write_data_set(&set, &TransferSyntax::EXPLICIT_LE, &mut head);
    head.extend_from_slice(b"\xE0\x7F\x10\x00OW\0\0");
    head.extend_from_slice(&(frames * FRAME as u32).to_le_bytes());
    (instance, head.into())
}
