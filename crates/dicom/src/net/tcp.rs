//! TCP sockets that answer at once.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// A TCP stream that neither holds back its own small writes (`TCP_NODELAY`) nor its
/// acknowledgements (`TCP_QUICKACK`). Peers that leave Nagle's algorithm on, as DCMTK does by
/// default, write a message in two parts and wait up to 40 ms for the first part's
/// acknowledgement; Linux forgets the flag, so it is set again after each read.
#[derive(Debug)]
pub struct PromptStream {
    inner: TcpStream,
}

impl PromptStream {
    /// Takes a connected socket.
    ///
    /// # Errors
    /// When the system refuses `TCP_NODELAY`.
    pub fn new(inner: TcpStream) -> io::Result<Self> {
        inner.set_nodelay(true)?;
        let stream = Self { inner };
        stream.acknowledge_at_once();
        Ok(stream)
    }

    /// The socket underneath.
    #[must_use]
    pub const fn get_ref(&self) -> &TcpStream {
        &self.inner
    }

    #[cfg(target_os = "linux")]
    fn acknowledge_at_once(&self) {
        // Only a matter of speed: a system that refuses is slower, not wrong.
        let _ = socket2::SockRef::from(&self.inner).set_tcp_quickack(true);
    }

    #[cfg(not(target_os = "linux"))]
    fn acknowledge_at_once(&self) {}
}

impl AsyncRead for PromptStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.inner).poll_read(cx, buf);
        if read.is_ready() {
            self.acknowledge_at_once();
        }
        read
    }
}

impl AsyncWrite for PromptStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}

#[cfg(all(test, target_os = "linux"))]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    /// A peer with Nagle's algorithm on waits for the acknowledgement of its first part: it is sent at once,
    /// after every read anew, since the system forgets it whenever something is sent.
    #[tokio::test]
    async fn every_read_is_acknowledged_at_once() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut peer = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let mut stream = PromptStream::new(listener.accept().await.unwrap().0).unwrap();
        let mut byte = [0];
        for _ in 0..5 {
            peer.write_all(b"?").await.unwrap();
            stream.read_exact(&mut byte).await.unwrap();
            let socket = socket2::SockRef::from(stream.get_ref());
            assert!(socket.tcp_quickack().unwrap() && socket.tcp_nodelay().unwrap());
            stream.write_all(b"!").await.unwrap();
            peer.read_exact(&mut byte).await.unwrap();
        }
    }
}
