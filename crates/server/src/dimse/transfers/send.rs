//! From us to the peer (C-STORE).

use super::work::{Running, TransferError};
use crate::dimse::call;
use crate::dimse::deliver::{Delivered, Delivery, Way, read_ahead};
use crate::dimse::retrieve::{by_kinds, kinds};
use crate::dimse::stream::Stream;
use crate::projects::Room;
use catalog::Located;
use dicom::net::pdu::Abort;
use dicom::net::{Association, scu};
use futures::StreamExt as _;
use govern::Peer;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long an instance that is on its way when the transfer is cancelled may take to arrive.
const LAST_INSTANCE: Duration = Duration::from_secs(2);

pub(super) async fn send(running: &mut Running<'_>, peer: &Peer) -> Result<(), TransferError> {
    if !running.place().gives_to(running.app, &peer.principal()).await? {
        return Err(TransferError::NoMember);
    }
    let (room, rest) = running.what_is_left().await?;
    for group in by_kinds(rest) {
        let proposal = call::proposal(running.app, peer, scu::contexts_for(&kinds(&group)))?;
        let calling = call::call(running.app, peer, &proposal);
        let mut association = running.unless_cancelled(calling).await?;
        match send_group(running, &room, &mut association, group).await {
            Ok(()) => {
                let _ = association.release().await;
            }
            Err(TransferError::Cancelled) => {
                association.abort(Abort::BY_USER).await;
                return Err(TransferError::Cancelled);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

async fn send_group(
    running: &mut Running<'_>,
    room: &Room,
    association: &mut Association<Stream>,
    group: Vec<Located>,
) -> Result<(), TransferError> {
    let from = Arc::clone(room.view.files());
    let stop = running.stop();
    let (started, mut sent) = (Instant::now(), 0);
    let mut files = Box::pin(read_ahead(Arc::clone(&from), group));
    while let Some((one, file)) = files.next().await {
        if stop.is_cancelled() {
            return Err(TransferError::Cancelled);
        }
        let mut delivery = Delivery::new(&from, association, Way::ToPeer, None);
        let delivery = async {
            match file {
                Ok(file) => delivery.deliver(&one, file).await,
                Err(()) => Ok(Delivered::Failed("it can't be read from the archive")),
            }
        };
        let last_moment = async {
            stop.cancelled().await;
            tokio::time::sleep(LAST_INSTANCE).await;
        };
        let delivered = tokio::select! {
            delivered = delivery => delivered?,
            () = last_moment => return Err(TransferError::Cancelled),
        };
        count(running, &one, delivered);
        sent += 1;
        running.note_now_and_then().await?;
        running.throttle(started, sent).await;
    }
    Ok(())
}

fn count(running: &mut Running<'_>, one: &Located, delivered: Delivered) {
    match delivered {
        Delivered::Done | Delivered::Warned => running.transfer.completed += 1,
        Delivered::Failed(why) => {
            let peer = &running.transfer.peer;
            tracing::warn!(sop_instance.uid = %one.sop, peer, why, "an instance was not sent");
            running.transfer.failed += 1;
        }
    }
}
