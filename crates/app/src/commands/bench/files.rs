//! Instances in memory, ready to be sent.

use anyhow::Context as _;
use bytes::Bytes;
use dicom::net::scu::Outgoing;
use std::path::PathBuf;

/// One instance.
pub struct Loaded {
    class: String,
    instance: String,
    syntax: String,
    data_set: Bytes,
}

impl Loaded {
    /// As C-STORE sends it.
    pub fn outgoing(&self) -> Outgoing<'_> {
        Outgoing {
            sop_class: &self.class,
            sop_instance: &self.instance,
            transfer_syntax: &self.syntax,
            data_set: std::slice::from_ref(&self.data_set),
            originator: None,
        }
    }

    /// SOP class and transfer syntax.
    pub fn kind(&self) -> (String, String) {
        (self.class.clone(), self.syntax.clone())
    }

    /// Bytes of the data set.
    pub fn length(&self) -> u64 {
        self.data_set.len() as u64
    }
}

/// Every DICOM file below these folders, in the order of their names.
pub fn load(paths: &[PathBuf]) -> anyhow::Result<Vec<Loaded>> {
    let mut loaded = Vec::new();
    for root in paths {
        for entry in walkdir::WalkDir::new(root).sort_by_file_name() {
            let entry = entry?;
            if entry.file_type().is_file() {
                let bytes = Bytes::from(std::fs::read(entry.path())?);
                loaded.push(instance(&bytes).with_context(|| entry.path().display().to_string())?);
            }
        }
    }
    anyhow::ensure!(!loaded.is_empty(), "there is nothing to send");
    Ok(loaded)
}

fn instance(bytes: &Bytes) -> anyhow::Result<Loaded> {
    let file = dicom::open_file(bytes)?;
    let at = usize::try_from(file.data_set_at)?;
    Ok(Loaded {
        class: file.meta.sop_class().context("no SOP class in the file meta information")?,
        instance: file.meta.sop_instance().context("no SOP instance in the file meta information")?,
        syntax: file.transfer_syntax.uid().to_owned(),
        data_set: bytes.slice(at..),
    })
}
