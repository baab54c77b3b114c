use crate::{complaint, isocenter, printed};

#[test]
fn a_mistake_in_the_settings_is_told_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("isocenter.toml"), "[store]\nobjcts = \"x\"\n").unwrap();
    let told = complaint(folder.path(), &["config", "check"]);
    assert_eq!(told, "error: isocenter.toml:2: unknown key `objcts` in [store]; did you mean `objects`?\n");
}

#[test]
fn the_example_passes_the_check() {
    let folder = tempfile::tempdir().unwrap();
    let example = printed(folder.path(), &["config", "example"]);
    std::fs::write(folder.path().join("isocenter.toml"), example).unwrap();
    assert!(printed(folder.path(), &["config", "check"]).contains("no mistakes"));
}

#[test]
fn beyond_loopback_the_server_says_what_it_needs() {
    let folder = tempfile::tempdir().unwrap();
    let mut serve = isocenter(folder.path());
    let output = serve.args(["serve", "--listen", "0.0.0.0:0"]).output().unwrap();
    assert!(!output.status.success());
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("set http.tls_certificate and http.tls_key"), "{told}");
}

#[test]
fn every_command_explains_itself() {
    let folder = tempfile::tempdir().unwrap();
    for command in ["serve", "user", "audit"] {
        let help = printed(folder.path(), &[command, "--help"]);
        assert!(help.contains("Example"), "{command}");
    }
}
