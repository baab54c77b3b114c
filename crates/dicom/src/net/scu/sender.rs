//! Sending instances (C-STORE as SCU, PS3.4 Annex B).

use super::response_to;
use crate::net::association::Association;
use crate::net::dimse::{Command, Field, Status, element};
use crate::net::sop_class::{EXPLICIT_LITTLE_ENDIAN, IMPLICIT_LITTLE_ENDIAN};
use crate::net::wire::NetError;
use bytes::Bytes;
use model::AeTitle;
use std::collections::HashMap;
use tokio::io::{AsyncRead, AsyncWrite};

/// An instance to send.
#[derive(Debug, Clone, Copy)]
pub struct Outgoing<'a> {
    /// (0008,0016)
    pub sop_class: &'a str,
    /// (0008,0018)
    pub sop_instance: &'a str,
    /// The encoding of `data_set`.
    pub transfer_syntax: &'a str,
    /// The data set: a file from after its file meta information, in parts.
    pub data_set: &'a [Bytes],
    /// Who asked for it by C-MOVE, with the request's message id.
    pub originator: Option<(&'a AeTitle, u16)>,
}

/// Why an instance was not sent.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The peer took no context for this SOP class with this transfer syntax.
    #[error("the peer does not take this SOP class in this transfer syntax")]
    NotAccepted,
    /// The association is over.
    #[error(transparent)]
    Net(#[from] NetError),
}

/// Sends instances over one association.
#[derive(Debug)]
pub struct Sender<S> {
    association: Association<S>,
    contexts: HashMap<(String, String), u8>,
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Sender<S> {
    /// Sends over this association.
    pub fn new(association: Association<S>) -> Self {
        let key = |context: &crate::net::negotiate::Context| {
            ((context.abstract_syntax.clone(), context.transfer_syntax.clone()), context.id)
        };
        let contexts = association.contexts().iter().map(key).collect();
        Self { association, contexts }
    }

    /// The transfer syntaxes the peer takes for a SOP class.
    pub fn syntaxes_for<'a>(&'a self, class: &'a str) -> impl Iterator<Item = &'a str> {
        let of_class = self.association.contexts().iter().filter(move |c| c.abstract_syntax == class);
        of_class.map(|context| context.transfer_syntax.as_str())
    }

    /// Sends one instance and waits for the peer's status.
    ///
    /// # Errors
    /// [`SendError`]; after [`SendError::NotAccepted`] the association can still be used.
    pub async fn send(&mut self, instance: &Outgoing<'_>) -> Result<Status, SendError> {
        let id = self.start(instance).await?;
        Ok(self.finish(id).await?)
    }

    /// Sends one instance without waiting for the answer. Only within the number of operations
    /// the peer agreed to.
    ///
    /// # Errors
    /// As [`Sender::send`].
    pub async fn start(&mut self, instance: &Outgoing<'_>) -> Result<u16, SendError> {
        let key = (instance.sop_class.to_owned(), instance.transfer_syntax.to_owned());
        let context = *self.contexts.get(&key).ok_or(SendError::NotAccepted)?;
        let id = self.association.next_message_id();
        let command = store_request(id, instance);
        self.association.send_with(context, command, instance.data_set).await?;
        Ok(id)
    }

    /// Waits for the answer to an instance sent.
    ///
    /// # Errors
    /// [`NetError`]; the association is over.
    pub async fn finish(&mut self, id: u16) -> Result<Status, NetError> {
        let response = response_to(&mut self.association, id).await?;
        Ok(response.command.status().unwrap_or(Status::PROCESSING_FAILURE))
    }

    /// The association underneath.
    pub const fn association(&mut self) -> &mut Association<S> {
        &mut self.association
    }

    /// Ends the association in order.
    ///
    /// # Errors
    /// [`NetError`] when the peer doesn't agree in time.
    pub async fn release(self) -> Result<(), NetError> {
        self.association.release().await
    }
}

/// A C-STORE-RQ for this instance.
#[must_use]
pub(crate) fn store_request(id: u16, instance: &Outgoing<'_>) -> Command {
    let mut command = Command::request(Field::StoreRq, id, instance.sop_class);
    command.put_u16(element::PRIORITY, 0);
    command.put_uid(element::AFFECTED_SOP_INSTANCE, instance.sop_instance);
    if let Some((title, message_id)) = instance.originator {
        command.put_text(element::MOVE_ORIGINATOR, title.as_str());
        command.put_u16(element::MOVE_ORIGINATOR_ID, message_id);
    }
    command
}

/// Contexts to propose for sending instances of these SOP classes and transfer syntaxes: one for
/// each pair, so that the peer says of each whether it takes it, and one uncompressed for each
/// class to fall back to. At most 128, the pairs first.
#[must_use]
pub fn contexts_for(kinds: &[(String, String)]) -> Vec<(String, Vec<String>)> {
    let plain = [EXPLICIT_LITTLE_ENDIAN, IMPLICIT_LITTLE_ENDIAN];
    let mut contexts: Vec<(String, Vec<String>)> = Vec::new();
    for (class, syntax) in kinds {
        let context = (class.clone(), vec![syntax.clone()]);
        if !contexts.contains(&context) {
            contexts.push(context);
        }
    }
    let mut classes: Vec<&String> = kinds.iter().map(|(class, _)| class).collect();
    classes.sort();
    classes.dedup();
    for class in classes {
        for syntax in plain {
            let context = (class.clone(), vec![syntax.to_owned()]);
            if !contexts.contains(&context) {
                contexts.push(context);
            }
        }
    }
    contexts.truncate(128);
    contexts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_pair_is_proposed_once_with_plain_ones_to_fall_back_to() {
        let pair = |class: &str, syntax: &str| (class.to_owned(), syntax.to_owned());
        let contexts =
            contexts_for(&[pair("1.2", "9"), pair("1.2", "9"), pair("1.2", IMPLICIT_LITTLE_ENDIAN)]);
        let syntaxes: Vec<&str> = contexts.iter().map(|(_, syntaxes)| syntaxes[0].as_str()).collect();
        assert_eq!(syntaxes, ["9", IMPLICIT_LITTLE_ENDIAN, EXPLICIT_LITTLE_ENDIAN]);
    }
}
