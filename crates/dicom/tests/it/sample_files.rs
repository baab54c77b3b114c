//! Real and damaged files: each is read or refused with a reason, none panics.

use crate::shared;
use bytes::Bytes;
use isocenter_dicom as dicom;

#[test]
fn every_sample_is_read_or_refused_with_a_reason() {
    for name in ["dicom", "series", "longitudinal", "deid", "linked-scenario", "wsi"] {
        let Some(folder) = shared::folder(name) else { continue };
        let (mut read, mut cut, mut refused) = (0, 0, Vec::new());
        for path in shared::files(&folder) {
            let bytes = Bytes::from(std::fs::read(&path).unwrap());
            match dicom::read_header(&bytes) {
                Ok(header) if header.complete => read += 1,
                Ok(_) => {
                    cut += 1;
                    eprintln!("cut {}", path.display());
                }
                Err(error) => refused.push((path, error)),
            }
        }
        eprintln!("{name}: {read} read, {cut} cut short, {} refused", refused.len());
        for (path, error) in refused {
            eprintln!("  {}: {error}", path.display());
        }
    }
}
