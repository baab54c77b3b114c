//! Instances to measure with, and a place to do it.

use super::header;
use anyhow::Context as _;
use dicom::{TransferSyntax, Vr, tags, write_file};
use server::Config;
use std::path::{Path, PathBuf};

/// What to measure with.
#[derive(clap::Args)]
pub struct Samples {
    /// Where to measure; the disk under it is what counts [default: the system's temporary folder]
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
    #[command(flatten)]
    pub made: Made,
    /// Rounds; the median counts
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub rounds: u32,
}

/// Instances that are made up: CT slices with the header a scanner writes.
#[derive(clap::Args)]
pub struct Made {
    /// Instances to make
    #[arg(long, value_name = "N", default_value_t = 2000)]
    pub instances: u32,
    /// Rows and columns of each
    #[arg(long, value_name = "PIXELS", default_value_t = 64)]
    pub size: u16,
    /// Instances in a series
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub series: u32,
    /// Series in an exam
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub exam: u32,
}

impl Made {
    /// One instance: `round` makes its UIDs new, so that it is stored and not found held.
    pub fn instance(&self, round: u32, number: u32) -> Vec<u8> {
        let series = number / self.series.max(1);
        let exam = series / self.exam.max(1);
        let mut set = header::slice(round, exam, series, number, self.size);
        let bytes = usize::from(self.size) * usize::from(self.size) * 2;
        set.put_bytes(tags::PIXEL_DATA, Vr::OW, pixels(number, bytes));
        write_file(&set, &TransferSyntax::EXPLICIT_LE, None)
    }

    /// Writes all of them below a folder, exam by exam and series by series.
    pub fn write(&self, folder: &Path, round: u32) -> anyhow::Result<()> {
        for number in 0..self.instances {
            let series = number / self.series.max(1);
            let exam = series / self.exam.max(1);
            let below = folder.join(format!("exam{exam:04}/series{series:04}"));
            std::fs::create_dir_all(&below)?;
            std::fs::write(below.join(format!("{number:06}.dcm")), self.instance(round, number))?;
        }
        Ok(())
    }
}

impl Samples {
    pub fn scratch(&self) -> anyhow::Result<Scratch> {
        let parent = self.folder.clone().unwrap_or_else(std::env::temp_dir);
        let path = parent.join(format!("isocenter-bench-{}", std::process::id()));
        std::fs::create_dir_all(&path).with_context(|| format!("{} can't be made", path.display()))?;
        Ok(Scratch(path))
    }
}

/// Twelve-bit samples: a slope with the noise of a scanner, the same every time.
fn pixels(seed: u32, length: usize) -> Vec<u8> {
    let mut state = u64::from(seed).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let slope = (bytes.len() as u64 * 3000 / length as u64) * 0x0001_0001_0001_0001;
        bytes.extend(((state & 0x001F_001F_001F_001F) + slope).to_le_bytes());
    }
    bytes.truncate(length);
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
