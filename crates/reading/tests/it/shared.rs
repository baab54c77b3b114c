//! Sample data beside the repository; tests that need it skip with one line where it is absent.

use std::path::PathBuf;

/// A file of the sample data, if it is here.
pub fn sample(path: &str) -> Option<String> {
    let root = std::env::var_os("ISOCENTER_SHARED").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")),
        PathBuf::from,
    );
    let text = std::fs::read(root.join("data").join(path)).ok();
    if text.is_none() {
        eprintln!("skipped: there is no ../shared/data/{path}");
    }
    text.map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// Reads with the lexicon of the program.
pub fn reader() -> reading::Reader {
    reading::Reader::new(reading::Lexicon::builtin().expect("the built-in lexicon is right"))
}
