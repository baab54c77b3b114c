//! Writes an evidence pack into a folder.

use super::signing;
use anyhow::Context as _;
use deid::verify::evidence::Evidence;
use std::path::Path;

/// Writes `policy.toml`, `evidence.json`, `evidence.md`, and `evidence.sig` if it is to be signed.
pub fn write(evidence: &Evidence<'_>, folder: &Path, sign: Option<&Path>) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("can't make {}", folder.display()))?;
    let pack = evidence.pack();
    let texts =
        [("policy.toml", &pack.policy), ("evidence.json", &pack.document), ("evidence.md", &pack.page)];
    for (name, text) in texts {
        let path = folder.join(name);
        std::fs::write(&path, text).with_context(|| format!("can't write {}", path.display()))?;
    }
    match sign {
        Some(key) => signing::sign(folder, key),
        None => Ok(()),
    }
}
