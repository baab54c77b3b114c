//! The container's laws, for any entry.

use crate::archive::container::{EntryHead, Sketch, padding};
use crate::common::digest;
use intake::{Kind, NewEntryHead};
use model::{Door, Source, Timestamp};
use proptest::prelude::*;

fn any_name() -> impl Strategy<Value = String> {
    prop_oneof![
        "[0-9.]{1,60}1/[0-9.]{1,60}1/[0-9.]{1,60}1\\.dcm",
        "[a-zA-Z0-9_äöü-]{1,120}(/[a-zA-Z0-9_日本-]{1,60}){0,4}",
    ]
}

fn any_head() -> impl Strategy<Value = NewEntryHead> {
    let details = proptest::collection::hash_map("[a-zA-Z]{1,10}", "\\PC{0,200}", 0..8);
    (any_name(), any::<i32>(), proptest::option::of("\\PC{0,300}"), details).prop_map(
        |(name, seconds, path, details)| NewEntryHead {
            kind: Kind::Attachment,
            digest: digest(name.as_bytes()),
            name,
            source: Source {
                door: Door::Upload,
                account: "a".into(),
                peer: None,
                path,
                received_at: Timestamp::from_micros(i64::from(seconds) * 1_000_000),
            },
            details: details.into_iter().map(|(key, value)| (key, value.into())).collect(),
        },
    )
}

proptest! {
    /// A run of entries is read back as it was written, whatever it holds.
    #[test]
    fn entries_go_there_and_back(entries in proptest::collection::vec((any_head(), 0..3000_usize), 1..8)) {
        let mut bytes = Vec::new();
        for (head, length) in &entries {
            let mut sketch = Sketch::new(head, *length as u64, None);
            sketch.set_synced(bytes.len() as u64);
            bytes.extend_from_slice(sketch.bytes());
            bytes.resize(bytes.len() + length, 0x55);
            bytes.extend_from_slice(padding(*length as u64));
        }
        let mut at = 0;
        for (head, length) in &entries {
            let read = EntryHead::parse(&bytes[at..]).unwrap();
            prop_assert_eq!(&read.head, head);
            prop_assert_eq!((read.synced, read.length), (at as u64, *length as u64));
            at += read.whole_length() as usize;
        }
        prop_assert_eq!(at, bytes.len());
    }

    /// Whatever stands in a segment, reading a head neither panics nor invents one.
    #[test]
    fn junk_is_no_head(junk in proptest::collection::vec(any::<u8>(), 0..3000)) {
        prop_assert!(EntryHead::parse(&junk).is_err());
    }

    /// One flipped bit in a header block never goes unnoticed.
    #[test]
    fn a_flipped_bit_in_a_header_is_noticed(head in any_head(), bit in 0..512 * 8_usize) {
        let sketch = Sketch::new(&head, 77, None);
        let mut bytes = sketch.bytes().to_vec();
        let last = bytes.len() - 512;
        for block in [0, last] {
            bytes[block + bit / 8] ^= 1 << (bit % 8);
            let checksum_field = (148..156).contains(&(bit / 8));
            prop_assert!(EntryHead::parse(&bytes).is_err() || checksum_field);
            bytes[block + bit / 8] ^= 1 << (bit % 8);
        }
    }
}
