//! Any file can be attached, with the same guarantees.

use crate::memory_shelf::MemoryShelf;
use crate::objects::source;
use bytes::Bytes;
use intake::{Kind, Limits};
use std::sync::atomic::Ordering::SeqCst;

#[tokio::test]
async fn an_attachment_of_any_size_is_kept_bit_for_bit() {
    for size in [0, 10, 5000] {
        let (intake, shelf) = MemoryShelf::intake(Limits { in_memory: 1000, ..Limits::default() });
        let subject = "patient:P1".parse().unwrap();
        let mut attaching = intake.begin_attachment(subject, "a/b/scan.nii.gz", "application/gzip");
        let bytes = vec![3; size];
        for piece in bytes.chunks(400) {
            attaching.push(Bytes::copy_from_slice(piece)).await.unwrap();
        }
        let attached = attaching.finish(source()).await.unwrap();
        assert_eq!(shelf.content(&attached.locator), bytes);
        let (head, _) = MemoryShelf::of(Kind::Attachment, &shelf).remove(0);
        assert_eq!(head.details["fileName"], "scan.nii.gz");
        assert_eq!(head.details["subject"], "patient");
        assert_eq!(head.name, format!("attachments/{}", attached.id));
    }
}

#[tokio::test]
async fn a_full_disk_attaches_nothing() {
    let (intake, shelf) = MemoryShelf::intake(Limits::default());
    shelf.full.store(true, SeqCst);
    let attaching = intake.begin_attachment("exam:1.2".parse().unwrap(), "x", "");
    assert!(attaching.finish(source()).await.unwrap_err().is_full());
}
