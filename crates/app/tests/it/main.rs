//! The command line as people use it: the real binary on a temporary folder.
#![allow(clippy::unwrap_used)]

mod demo;
mod import;
mod records;
mod reports;
mod settings;
mod users;

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

/// The binary, kept away from the settings of whoever runs the tests.
fn isocenter(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_isocenter"));
    command.current_dir(folder).env_clear().env("USER", "tester");
    command.env("ISOCENTER_HTTP__LISTEN", "127.0.0.1:0").env("ISOCENTER_DIMSE__LISTEN", "127.0.0.1:0");
    command.stdin(Stdio::null());
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    isocenter(folder).args(arguments).output().unwrap()
}

/// What a command printed, after it succeeded.
fn printed(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// What a command complained of, after it failed.
fn complaint(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    assert!(!output.status.success(), "{arguments:?} succeeded");
    String::from_utf8(output.stderr).unwrap()
}

/// A running server; killed when dropped.
struct Server(Child);

impl Server {
    fn start(folder: &Path) -> Self {
        let mut child = isocenter(folder).arg("serve").stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        assert!(line.starts_with("Isocenter is ready at http://127.0.0.1:"), "{line}");
        Self(child)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
