use crate::{Server, complaint, isocenter, printed};
use std::io::Write as _;
use std::process::Stdio;

#[test]
fn users_are_managed_with_and_without_a_server() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    printed(folder, &["user", "add", "ann", "--role", "admin"]);
    let server = Server::start(folder);
    printed(folder, &["user", "add", "bob", "--role", "broker", "--role", "auditor"]);
    let list = printed(folder, &["user", "list"]);
    assert!(list.contains("ann") && list.contains("broker,auditor"), "{list}");
    assert!(printed(folder, &["user", "link", "bob"]).contains("/auth/link/"));
    assert!(printed(folder, &["user", "token", "bob", "--label", "x"]).starts_with("iso_"));
    let last = complaint(folder, &["user", "disable", "ann"]);
    assert!(last.contains("`ann` is the last administrator"), "{last}");
    drop(server);
    assert!(printed(folder, &["user", "disable", "bob"]).contains("disabled"));
    assert!(complaint(folder, &["user", "link", "nobody"]).contains("no such account"));
}

#[test]
fn a_password_is_read_from_standard_input() {
    let folder = tempfile::tempdir().unwrap();
    printed(folder.path(), &["user", "add", "ann", "--role", "admin"]);
    let mut passwd = isocenter(folder.path());
    let mut child = passwd.args(["user", "passwd", "ann"]).stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"correct horse\n").unwrap();
    assert!(child.wait().unwrap().success());
}

#[test]
fn the_audit_log_is_checked_against_a_head_that_was_kept() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    printed(folder, &["user", "add", "ann", "--role", "admin"]);
    let head = printed(folder, &["audit", "head"]);
    printed(folder, &["user", "add", "bob", "--role", "broker"]);
    let verdict = printed(folder, &["audit", "verify", "--head", head.trim()]);
    assert!(verdict.contains("the chain is whole"), "{verdict}");
    let list = printed(folder, &["audit", "list"]);
    assert!(list.contains("operator:tester manage-accounts account:bob done"), "{list}");
    let forged = format!("1:{}", "0".repeat(64));
    let output = crate::run(folder, &["audit", "verify", "--head", &forged]);
    assert!(!output.status.success());
    assert!(String::from_utf8(output.stdout).unwrap().contains("the log was remade"));
}
