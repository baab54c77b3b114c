//! An S3 endpoint for tests: moto's server, with one empty bucket.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A private S3 endpoint; stopped when this is dropped.
pub struct PrivateS3 {
    server: Child,
    port: u16,
    folder: TempDir,
}

impl PrivateS3 {
    /// Starts `moto_server`, from `$ISOCENTER_TEST_S3`, the project's `.venv` or the path. Returns
    /// nothing, with a line saying so, where it isn't installed, unless `CI` is set.
    ///
    /// # Panics
    /// When it is installed and doesn't start, or when `CI` is set and it isn't installed.
    #[must_use]
    #[expect(clippy::print_stderr, clippy::expect_used, reason = "a test without its server has failed")]
    pub fn start() -> Option<Self> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let credentials = "[default]\naws_access_key_id = test\naws_secret_access_key = test\n";
        std::fs::write(folder.path().join("credentials"), credentials).expect("a file");
        let port = free_port();
        let server = Command::new(program())
            .args(["-H", "127.0.0.1", "-p", &port.to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let Ok(server) = server else {
            assert!(std::env::var_os("CI").is_none(), "moto_server is not installed");
            eprintln!("skipped on S3: no moto_server");
            return None;
        };
        let started = Self { server, port, folder };
        started.wait_until_ready();
        Some(started)
    }

    /// The URI of a place in the bucket.
    #[must_use]
    pub fn uri(&self, prefix: &str) -> String {
        let credentials = self.folder.path().join("credentials");
        format!(
            "s3://bucket/{prefix}?region=us-east-1&endpoint=http://127.0.0.1:{}&allow_http=true&credentials_file={}",
            self.port,
            credentials.display()
        )
    }

    /// Makes the bucket as soon as the server answers.
    fn wait_until_ready(&self) {
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(60) {
            if self.make_bucket().is_ok_and(|answer| answer.contains(" 200 ")) {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("the private S3 endpoint did not become ready");
    }

    fn make_bucket(&self) -> std::io::Result<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        let host = format!("127.0.0.1:{}", self.port);
        write!(
            stream,
            "PUT /bucket HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    }
}

impl Drop for PrivateS3 {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn program() -> PathBuf {
    let own = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../.venv/bin/moto_server"));
    match std::env::var_os("ISOCENTER_TEST_S3") {
        Some(program) => program.into(),
        None if own.exists() => own,
        None => "moto_server".into(),
    }
}

#[expect(clippy::expect_used, reason = "a test without a port has failed")]
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("its address").port()
}
