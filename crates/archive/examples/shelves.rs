//! Measures the archive beside the physical limit, in one run:
//! `cargo run --release --example shelves -- FOLDER [SECONDS]`.
//!
//! For small (16 KB) and larger (528 KB) instances: raw writes with `fdatasync`, one file for
//! each instance, and the archive, with 1 and with 32 callers.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use bytes::Bytes;
use intake::{Kind, NewEntry, Shelf};
use isocenter_archive::{Archive, ArchiveConfig};
use model::{Door, Sha256Digest, Source, Timestamp};
use std::fs::File;
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

fn main() {
    let mut args = std::env::args().skip(1);
    let folder = PathBuf::from(args.next().unwrap_or_else(|| "bench/out/shelves".into()));
    let seconds = args.next().map_or(2.0, |s| s.parse().unwrap());
    let time = Duration::from_secs_f64(seconds);
    for size in [16 << 10, 528 << 10] {
        println!("\n{} KB instances, instances/s", size >> 10);
        let bench = Bench { folder: folder.clone(), content: vec![0x5a; size].into(), time };
        let alone = bench.show("raw append + fdatasync, 1 each", Bench::raw(&bench, 1), None);
        let grouped = bench.show("raw append + fdatasync, 32 each", bench.raw(32), None);
        bench.show("file for each + fsync, 1 caller", bench.files(1), Some(alone));
        bench.show("file for each + fsync, 32 callers", bench.files(32), Some(grouped));
        bench.show("archive, 1 caller", bench.archive(1), Some(alone));
        bench.show("archive, 32 callers", bench.archive(32), Some(grouped));
        bench.show("archive, 128 callers", bench.archive(128), Some(grouped));
    }
}

struct Bench {
    folder: PathBuf,
    content: Bytes,
    time: Duration,
}

impl Bench {
    fn show(&self, what: &str, rate: f64, limit: Option<f64>) -> f64 {
        let ratio = limit.map(|limit| format!("{:5.2} of the limit", rate / limit)).unwrap_or_default();
        println!("{what:36} {rate:9.0}  {ratio}");
        rate
    }

    fn fresh(&self) -> PathBuf {
        let _ = std::fs::remove_dir_all(&self.folder);
        std::fs::create_dir_all(&self.folder).unwrap();
        self.folder.clone()
    }

    /// What the disk can do: a group of instances, one write, one flush.
    fn raw(&self, group: usize) -> f64 {
        let file = File::create(self.fresh().join("raw")).unwrap();
        let bytes = self.content.repeat(group);
        let (began, mut done) = (Instant::now(), 0);
        while began.elapsed() < self.time {
            file.write_all_at(&bytes, (done * self.content.len()) as u64).unwrap();
            file.sync_data().unwrap();
            done += group;
        }
        done as f64 / began.elapsed().as_secs_f64()
    }

    fn files(&self, callers: usize) -> f64 {
        let (folder, done) = (self.fresh(), AtomicU64::new(0));
        let began = Instant::now();
        std::thread::scope(|scope| {
            for caller in 0..callers {
                let (folder, done) = (&folder, &done);
                scope.spawn(move || {
                    let folder = folder.join(caller.to_string());
                    std::fs::create_dir(&folder).unwrap();
                    for n in 0.. {
                        if began.elapsed() > self.time {
                            break;
                        }
                        self.write_file(&folder, n);
                        done.fetch_add(1, Ordering::Relaxed);
                    }
                });
            }
        });
        done.into_inner() as f64 / began.elapsed().as_secs_f64()
    }

    fn write_file(&self, folder: &Path, n: u64) {
        let mut file = File::create(folder.join(n.to_string())).unwrap();
        file.write_all(&self.content).unwrap();
        file.sync_all().unwrap();
        File::open(folder).unwrap().sync_all().unwrap();
    }

    fn archive(&self, callers: u64) -> f64 {
        let folder = self.fresh();
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let archive = Arc::new(Archive::open(ArchiveConfig::new(folder)).await.unwrap());
            let began = Instant::now();
            let tasks: Vec<_> = (0..callers)
                .map(|caller| {
                    tokio::spawn(append(archive.clone(), self.content.clone(), caller, began + self.time))
                })
                .collect();
            let mut done = 0;
            for task in tasks {
                done += task.await.unwrap();
            }
            done as f64 / began.elapsed().as_secs_f64()
        })
    }
}

async fn append(archive: Arc<Archive>, content: Bytes, caller: u64, until: Instant) -> u64 {
    let mut done = 0;
    while Instant::now() < until {
        let entry = NewEntry {
            kind: Kind::Instance,
            name: format!("1.2.840.113619.2.{caller}/1.2.840.113619.3.1/1.2.840.113619.4.{done}.dcm"),
            digest: Sha256Digest([0; 32]),
            source: Source {
                door: Door::Import,
                account: "bench".into(),
                peer: None,
                path: None,
                received_at: Timestamp::from_micros(1_790_000_000_000_000),
            },
            details: serde_json::Map::new(),
            content: vec![content.clone()],
            header: None,
        };
        archive.append(entry).await.unwrap();
        done += 1;
    }
    done
}
