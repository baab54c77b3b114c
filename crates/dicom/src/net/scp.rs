//! The side that is called: read a request, then accept or reject it.

use super::association::{Association, Peer};
use super::negotiate::Agreement;
use super::pdu::{Abort, AssociateRq, Pdu, Rejection};
use super::wire::{NetError, Timeouts, Wire};
use tokio::io::{AsyncRead, AsyncWrite};

/// A caller who waits for an answer to its request.
#[derive(Debug)]
pub struct Caller<S> {
    wire: Wire<S>,
    timeouts: Timeouts,
    request: AssociateRq,
}

/// Waits for the request on a new connection (PS3.8 §9.2, state 2). `max_length` is the longest
/// P-DATA-TF body that will be taken, in bytes.
///
/// # Errors
/// [`NetError`] when no request comes in time; a caller that sent something else was told.
pub async fn greet<S: AsyncRead + AsyncWrite + Unpin + Send>(
    stream: S,
    max_length: u32,
    timeouts: Timeouts,
) -> Result<Caller<S>, NetError> {
    let mut wire = Wire::new(stream, max_length);
    // One timer for all of it: a request that drips in does not wind it up again.
    let request = tokio::time::timeout(timeouts.artim, read_request(&mut wire, timeouts)).await;
    let late = NetError::Timeout { waiting_for: "an association request", after: timeouts.artim };
    match request.unwrap_or(Err(late)) {
        Ok(request) => Ok(Caller { wire, timeouts, request }),
        Err(error) => {
            if let Some(abort) = error.abort() {
                wire.abort(abort).await;
            }
            Err(error)
        }
    }
}

async fn read_request<S: AsyncRead + AsyncWrite + Unpin + Send>(
    wire: &mut Wire<S>,
    timeouts: Timeouts,
) -> Result<AssociateRq, NetError> {
    let frame = wire.frame(timeouts.artim, "an association request").await?;
    match frame.ok_or(NetError::Closed("before it asked for anything"))?.decode()? {
        Pdu::AssociateRq(request) => Ok(request),
        Pdu::Abort(abort) => Err(NetError::Aborted(abort)),
        _ => Err(NetError::Protocol("the first PDU is not an association request")),
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Caller<S> {
    /// What it asks for.
    pub const fn request(&self) -> &AssociateRq {
        &self.request
    }

    /// Says no.
    ///
    /// # Errors
    /// [`NetError`] when the caller doesn't listen; it is let go in any case.
    pub async fn reject(mut self, rejection: Rejection) -> Result<(), NetError> {
        self.wire.send(&Pdu::AssociateRj(rejection), self.timeouts.stall).await?;
        self.wire.linger(std::time::Duration::from_secs(5).min(self.timeouts.artim)).await;
        Ok(())
    }

    /// Says yes, to what was agreed.
    ///
    /// # Errors
    /// [`NetError`] when the caller doesn't listen.
    pub async fn accept(mut self, agreement: Agreement) -> Result<Association<S>, NetError> {
        let peer = Peer {
            called: self.request.called,
            calling: self.request.calling,
            max_length: self.request.user.max_length.unwrap_or(0),
            implementation: self.request.user.implementation_version_name,
        };
        self.wire.send(&Pdu::AssociateAc(agreement.answer), self.timeouts.stall).await?;
        Ok(Association::new(self.wire, agreement.contexts, peer, self.timeouts))
    }

    /// Breaks off without an answer.
    pub async fn abort(mut self, abort: Abort) {
        self.wire.abort(abort).await;
    }
}
