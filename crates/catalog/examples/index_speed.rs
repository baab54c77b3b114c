//! How fast a ledger takes instances, and what one costs in CPU.
//!
//! `cargo run --release -p isocenter-catalog --example index_speed -- sqlite:///tmp/speed.db 50000 100 [FILE.dcm]`
//!
//! Instances are made in memory, so many to a series; a file given is taken as their pattern. Reading the
//! header from its bytes is counted apart.
#![expect(clippy::print_stdout, reason = "the figures are the point")]

use bytes::Bytes;
use catalog::{Catalog, ToIndex};
use dicom::{DataSet, Header, Tag, TransferSyntax, Vr, tags};
use intake::{Kind, Locator, NewEntryHead, SegmentId};
use isocenter_catalog as catalog;
use model::{Door, Sha256Digest, Source, Timestamp};
use std::error::Error;
use std::time::{Duration, Instant};
use store::Ledger;

/// A header as large as a scanner's: about 260 elements, private ones and sequences too.
fn pattern() -> DataSet {
    let mut set = DataSet::new();
    set.put_text(tags::SOP_CLASS_UID, "1.2.840.10008.5.1.4.1.1.2");
    set.put_text(tags::MODALITY, "CT");
    set.put_text(tags::STUDY_DATE, "20260131");
    set.put_text(tags::STUDY_TIME, "101500");
    set.put_text(tags::STUDY_DESCRIPTION, "Chest routine");
    set.put_u16(tags::ROWS, 512);
    set.put_u16(tags::COLUMNS, 512);
    set.put_text(Tag(0x0009, 0x0010), "GEMS_IDEN_01");
    for element in 0..200_u16 {
        set.put_text_as(Tag(0x0009, 0x1000 + element), Vr::LO, &format!("value {element}"));
    }
    for nested in 0..10_u16 {
        let mut item = DataSet::new();
        item.put_text(tags::REFERENCED_SOP_INSTANCE_UID, "1.2.3.4");
        item.put_text(tags::CODE_MEANING, "meaning");
        set.put_items(Tag(0x0040, 0x0300 + nested), vec![item]);
    }
    set
}

fn file(pattern: &DataSet, n: u64, per_series: u64) -> Bytes {
    let (study, series) = (n / per_series / 4, n / per_series);
    let mut set = pattern.clone();
    set.put_text(tags::PATIENT_ID, &format!("P{study}"));
    set.put_text(tags::PATIENT_NAME, &format!("Name{study}^Given"));
    set.put_text(tags::ACCESSION_NUMBER, &format!("A{study}"));
    set.put_text(tags::STUDY_INSTANCE_UID, &format!("1.2.826.0.1.3680043.8.498.{study}"));
    set.put_text(tags::SERIES_INSTANCE_UID, &format!("1.2.826.0.1.3680043.8.498.{study}.{series}"));
    set.put_text(tags::SOP_INSTANCE_UID, &format!("1.2.826.0.1.3680043.8.498.{study}.{series}.{n}"));
    set.put_text(tags::INSTANCE_NUMBER, &(n % per_series).to_string());
    for varying in 0..20_u16 {
        set.put_text_as(Tag(0x0018, 0x9100 + varying), Vr::LO, &format!("{n}.{varying}"));
    }
    Bytes::from(dicom::write_file(&set, &TransferSyntax::EXPLICIT_LE, None))
}

fn to_index(header: Header, n: u64, length: usize) -> ToIndex {
    let source = Source {
        door: Door::CStore,
        account: "scanner".into(),
        peer: Some("CT1@10.0.0.1".into()),
        path: None,
        received_at: Timestamp::from_micros(n.cast_signed()),
    };
    let mut digest = [0; 32];
    digest[..8].copy_from_slice(&n.to_le_bytes());
    let head = NewEntryHead {
        kind: Kind::Instance,
        name: n.to_string(),
        digest: Sha256Digest(digest),
        source,
        details: serde_json::Map::new(),
    };
    let locator =
        Locator { segment: SegmentId("2026/11/a-000001".into()), offset: n * 4096, length: length as u64 };
    ToIndex { head, locator, header: Some(std::sync::Arc::new(header)) }
}

/// CPU time of this process so far.
fn cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|text| text.parse::<u64>().ok()).unwrap_or(0);
    Duration::from_millis((ticks(11) + ticks(12)) * 10)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let uri = arguments.first().ok_or("a ledger's URI is missing")?;
    let count: u64 = arguments.get(1).map_or(Ok(50_000), |text| text.parse())?;
    let per_series: u64 = arguments.get(2).map_or(Ok(100), |text| text.parse())?;
    let pattern = match arguments.get(3) {
        Some(path) => dicom::read_header(&Bytes::from(std::fs::read(path)?))?.data_set,
        None => pattern(),
    };
    let catalog = Catalog::open(Ledger::open(uri).await?).await?;
    let (mut read, mut indexed, mut wall) = (Duration::ZERO, Duration::ZERO, Duration::ZERO);
    for first in (0..count).step_by(1000) {
        let files: Vec<Bytes> = (first..first + 1000).map(|n| file(&pattern, n, per_series)).collect();
        let begun = cpu();
        let headers = files.iter().map(dicom::read_header).collect::<Result<Vec<_>, _>>()?;
        read += cpu() - begun;
        let items: Vec<ToIndex> =
            headers.into_iter().zip(&files).zip(first..).map(|((h, f), n)| to_index(h, n, f.len())).collect();
        let (begun, clock) = (cpu(), Instant::now());
        catalog.index(&items, Some(("speed", &first.to_string()))).await?;
        indexed += cpu() - begun;
        wall += clock.elapsed();
    }
    let each = |time: Duration| time.as_secs_f64() * 1e6 / count as f64;
    println!("{count} instances, {per_series} to a series");
    println!("header   {:>8.1} us CPU each", each(read));
    println!("index    {:>8.1} us CPU each", each(indexed));
    println!("index    {:>8.0} instances/s", count as f64 / wall.as_secs_f64());
    Ok(())
}
