//! Accepting connections at a socket, as many as there is room for, with an orderly end. What is spoken over them is
//! the doors' own.

use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// How a door accepts.
pub(crate) struct Accepting {
    /// What is spoken, for the log: `DICOM`.
    pub name: &'static str,
    /// No more are accepted then.
    pub stop: CancellationToken,
    /// What those that are open have to finish after the stop.
    pub patience: Duration,
}

/// Accepts until the stop. `seat` gives what is held while a connection is open, knowing how many of this socket are, or
/// nothing when there is no room; `welcome` speaks with a sender.
pub(crate) async fn accept<S, F>(
    accepting: Accepting,
    socket: TcpListener,
    mut seat: impl FnMut(usize) -> Option<S>,
    mut welcome: impl FnMut(TcpStream, SocketAddr) -> F,
) where
    S: Send + 'static,
    F: Future<Output = ()> + Send + 'static,
{
    let Accepting { name, stop, patience } = accepting;
    let mut open = JoinSet::new();
    loop {
        while open.try_join_next().is_some() {}
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = socket.accept() => accepted,
        };
        let (stream, remote) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of file descriptors, accepting again at once would only spin.
                tracing::warn!(%error, "a {name} connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let Some(seat) = seat(open.len()) else {
            tracing::warn!(peer.address = %remote.ip(), "too many {name} connections; one was closed");
            continue;
        };
        let welcome = welcome(stream, remote);
        open.spawn(async move {
            welcome.await;
            drop(seat);
        });
    }
    let ended = async { while open.join_next().await.is_some() {} };
    if tokio::time::timeout(patience, ended).await.is_err() {
        tracing::warn!("some {name} connections did not finish in time and were cut off");
    }
}
