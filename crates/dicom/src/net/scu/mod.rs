//! The side that calls: ask for an association, then echo, send, query or fetch.

mod connect;
mod retrieve;
mod sender;

pub use connect::{ConnectError, Proposal, connect};
pub use retrieve::{Answer, Finding, Moving, Progress, find, r#move};
pub use sender::{Outgoing, SendError, Sender, contexts_for};

use super::association::{Association, Event, Message};
use super::dimse::{Command, Field, Status};
use super::sop_class::VERIFICATION;
use super::wire::NetError;
use tokio::io::{AsyncRead, AsyncWrite};

/// Asks for an answer (C-ECHO, PS3.4 Annex A). The association must have a Verification context.
///
/// # Errors
/// [`NetError`] when none comes.
pub async fn echo<S: AsyncRead + AsyncWrite + Unpin + Send>(
    association: &mut Association<S>,
) -> Result<Status, NetError> {
    let context = association.context_for(VERIFICATION).map(|context| context.id);
    let context = context.ok_or(NetError::Protocol("the peer does not take C-ECHO"))?;
    let id = association.next_message_id();
    association.send(context, &Command::request(Field::EchoRq, id, VERIFICATION)).await?;
    let response = response_to(association, id).await?;
    Ok(response.command.status().unwrap_or(Status::PROCESSING_FAILURE))
}

/// Waits for the response to this request of ours.
pub(super) async fn response_to<S: AsyncRead + AsyncWrite + Unpin + Send>(
    association: &mut Association<S>,
    id: u16,
) -> Result<Message, NetError> {
    match association.receive().await? {
        Event::Message(message)
            if message.command.is_response() && message.command.responded_to() == Some(id) =>
        {
            Ok(message)
        }
        Event::Message(_) => Err(NetError::Protocol("a message came that answers nothing")),
        Event::Released => Err(NetError::Closed("by a release, without answering")),
        Event::Closed => Err(NetError::Closed("without answering")),
    }
}
