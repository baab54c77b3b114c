//! Instances to measure with, and a place to do it.

use anyhow::Context as _;
use dicom::{DataSet, TransferSyntax, Vr, tags, write_file};
use server::Config;
use std::path::{Path, PathBuf};

/// What to measure with.
#[derive(clap::Args)]
pub struct Samples {
    /// Where to measure; the disk under it is what counts [default: the system's temporary folder]
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
    /// Instances to make
    #[arg(long, value_name = "N", default_value_t = 2000)]
    pub instances: u32,
    /// Bytes of pixels in each, such as 8192 (64²) or 524288 (512²)
    #[arg(long, value_name = "BYTES", default_value_t = 8192)]
    pub pixels: usize,
    /// Rounds; the median counts
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub rounds: u32,
}

impl Samples {
    pub fn scratch(&self) -> anyhow::Result<Scratch> {
        let parent = self.folder.clone().unwrap_or_else(std::env::temp_dir);
        let path = parent.join(format!("isocenter-bench-{}", std::process::id()));
        std::fs::create_dir_all(&path).with_context(|| format!("{} can't be made", path.display()))?;
        Ok(Scratch(path))
    }

    /// One instance: `round` makes its UIDs new, so that it is stored and not found held.
    pub fn instance(&self, round: u32, number: u32) -> Vec<u8> {
        let (study, series) = (number / 500, number / 100);
        let mut set = DataSet::new();
        set.put_text(tags::SOP_CLASS_UID, "1.2.840.10008.5.1.4.1.1.2");
        set.put_text(tags::SOP_INSTANCE_UID, &format!("2.25.{round}.{study}.{series}.{number}"));
        set.put_text(tags::STUDY_INSTANCE_UID, &format!("2.25.{round}.{study}"));
        set.put_text(tags::SERIES_INSTANCE_UID, &format!("2.25.{round}.{study}.{series}"));
        set.put_text(tags::MODALITY, "CT");
        set.put_text(tags::PATIENT_NAME, "Bench^Mark");
        set.put_text(tags::PATIENT_ID, &format!("BENCH{study}"));
        set.put_text(tags::STUDY_DATE, "20260101");
        set.put_text(tags::STUDY_DESCRIPTION, "Chest");
        set.put_text(tags::INSTANCE_NUMBER, &number.to_string());
        set.put_bytes(tags::PIXEL_DATA, Vr::OW, noise(number, self.pixels));
        write_file(&set, &TransferSyntax::EXPLICIT_LE, None)
    }
}

/// Bytes that do not compress, the same every time.
fn noise(seed: u32, length: usize) -> Vec<u8> {
    let mut state = u64::from(seed).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend(state.to_le_bytes());
    }
    bytes.truncate(length & !1);
    bytes
}

/// A folder that is removed when it is dropped.
pub struct Scratch(PathBuf);

impl Scratch {
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Settings of an installation in this folder, which nobody can reach.
    pub fn config(&self, config: &Config, name: &str) -> Config {
        let mut config = Config { data: self.0.join(name), ..config.clone() };
        config.store = server::config::Store::default();
        config.dimse.enabled = false;
        config
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Best effort: it is in the temporary folder.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Waits until everything written under a folder is on its disk.
pub fn sync(folder: &Path) -> anyhow::Result<()> {
    let status = std::process::Command::new("sync").arg("-f").arg(folder).status();
    anyhow::ensure!(status.context("`sync` can't be run")?.success(), "`sync -f` failed");
    Ok(())
}
