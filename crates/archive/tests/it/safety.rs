//! Nothing acknowledged is lost and nothing half-written is served: power cuts, kills,
//! full disks, failed flushes.

use crate::archive::{Archive, ArchiveConfig};
use crate::common::{config, content, digest, entry, head, open, segment_files};
use crate::disks::TestDisk;
use futures::TryStreamExt;
use intake::{Appended, Locator, Shelf, ShelfError};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

type Acked = Arc<Mutex<Vec<(u64, Appended)>>>;

/// Appends from several callers until the archive refuses or is gone.
fn append_forever(archive: &Arc<Archive>, acked: &Acked) {
    for caller in 0..8 {
        let (archive, acked) = (archive.clone(), acked.clone());
        tokio::spawn(async move {
            for n in (caller..).step_by(8) {
                let done = if n % 50 == 7 {
                    append_large(&archive, n, 300_000).await
                } else {
                    archive.append(entry(n, (n as usize * 37) % 9000)).await
                };
                let Ok(appended) = done else { return };
                acked.lock().unwrap().push((n, appended));
            }
        });
    }
}

async fn append_large(archive: &Archive, n: u64, length: usize) -> Result<Appended, ShelfError> {
    let bytes = content(n, length);
    let mut large = archive.begin_large().await?;
    large.write(bytes.clone()).await?;
    large.finish(head(n, &bytes)).await
}

/// Every acknowledged entry is there, and everything that is there is whole.
async fn check(archive: &Archive, acked: &[(u64, Appended)]) {
    for (_, appended) in acked {
        let bytes = archive.read_all(&appended.locator).await.unwrap();
        assert_eq!(digest(&bytes), appended.digest);
    }
    let held: Vec<_> = archive.scan(None).try_collect().await.unwrap();
    for scanned in held {
        let bytes = archive.read_all(&scanned.locator).await.unwrap();
        assert_eq!(digest(&bytes), scanned.head.digest, "{}", scanned.head.name);
    }
}

fn small_segments(folder: &Path) -> ArchiveConfig {
    ArchiveConfig { segment_size: 500_000, largest_shared: 200_000, ..config(folder) }
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_power_cuts_lose_nothing_acknowledged() {
    let (mut total, mut on_zeros) = (0, 0);
    for cut in 0..20 {
        let (before, after) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let disk = Arc::new(TestDisk::default());
        let config = small_segments(before.path());
        let archive = Arc::new(Archive::open_on(config, disk.clone()).await.unwrap());
        let acked = Acked::default();
        append_forever(&archive, &acked);
        tokio::time::sleep(Duration::from_millis(15 + cut * 13)).await;
        let seen = disk.cut(before.path(), after.path(), cut, || acked.lock().unwrap().clone());
        archive.close();
        on_zeros += usize::from(ends_in_zeros(after.path()));
        let archive = Archive::open(small_segments(after.path())).await.unwrap();
        check(&archive, &seen).await;
        archive.append(entry(1 << 40, 100)).await.unwrap();
        total += seen.len();
    }
    println!("{total} entries were acknowledged over 20 cuts");
    assert!(total > 1000);
    assert!(on_zeros > 0, "no cut met zeros laid out ahead");
}

/// Whether a segment was left with the zeros that are laid out ahead of what is written.
fn ends_in_zeros(folder: &Path) -> bool {
    if !folder.join("segments").exists() {
        return false; // the power went before the first
    }
    segment_files(folder).iter().any(|path| std::fs::read(path).unwrap().ends_with(&[0; 50_000]))
}

/// The writer that `kill_9_loses_nothing_acknowledged` kills; does nothing on its own.
#[tokio::test(flavor = "multi_thread")]
async fn writer_to_be_killed() {
    let Some(folder) = std::env::var_os("ISOCENTER_TEST_KILL") else { return };
    let archive = Arc::new(Archive::open(small_segments(folder.as_ref())).await.unwrap());
    let acked = Acked::default();
    append_forever(&archive, &acked);
    loop {
        tokio::time::sleep(Duration::from_micros(500)).await;
        for (n, Appended { locator, digest }) in std::mem::take(&mut *acked.lock().unwrap()) {
            let line = serde_json::json!([n, locator, digest]);
            writeln!(std::io::stdout(), "acked {line}").unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn kill_9_loses_nothing_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let mut all = Vec::new();
    for round in 0..6 {
        let mut writer = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "safety::writer_to_be_killed", "--nocapture"])
            .env("ISOCENTER_TEST_KILL", folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(150 + round * 61));
        writer.kill().unwrap();
        let lines = BufReader::new(writer.stdout.take().unwrap()).lines();
        all.extend(lines.map_while(Result::ok).filter_map(|line| parse_acked(&line)));
        writer.wait().unwrap();
        check(&open(folder.path()).await, &all).await;
    }
    println!("{} entries were acknowledged over 6 kills", all.len());
    assert!(all.len() > 100);
}

fn parse_acked(line: &str) -> Option<(u64, Appended)> {
    let json = line.split_once("acked ")?.1;
    let (n, locator, digest): (u64, Locator, _) = serde_json::from_str(json).ok()?;
    Some((n, Appended { locator, digest }))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_refuses_and_goes_on_when_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let disk = Arc::new(TestDisk::default());
    let config = small_segments(folder.path());
    let archive = Archive::open_on(config, disk.clone()).await.unwrap();
    let mut acked = vec![(1, archive.append(entry(1, 5000)).await.unwrap())];
    for room in [0, 100, 1700, 5000] {
        disk.limit_room(Some(room));
        // Longer than what is laid out ahead, which is room that the file has already.
        let refused = archive.append(entry(2, 700_000)).await;
        assert!(matches!(refused, Err(ShelfError::Full { .. })), "{refused:?}");
        disk.limit_room(Some(room));
        assert!(append_large(&archive, 3, 300_000).await.is_err());
        disk.limit_room(None);
        acked.push((room, archive.append(entry(room, 3000)).await.unwrap()));
    }
    check(&archive, &acked).await;
    drop(archive);
    let archive = open(folder.path()).await;
    check(&archive, &acked).await;
    let held: Vec<_> = archive.scan(None).try_collect().await.unwrap();
    assert_eq!(held.len(), acked.len(), "what was refused is not there");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_failed_flush_the_segment_is_abandoned() {
    let folder = tempfile::tempdir().unwrap();
    let disk = Arc::new(TestDisk::default());
    let archive = Archive::open_on(small_segments(folder.path()), disk.clone()).await.unwrap();
    let first = archive.append(entry(1, 5000)).await.unwrap();
    disk.fail_flushes(true);
    let refused = archive.append(entry(2, 5000)).await;
    assert!(matches!(refused, Err(ShelfError::Io { .. })), "{refused:?}");
    disk.fail_flushes(false);
    let second = archive.append(entry(3, 5000)).await.unwrap();
    assert_ne!(first.locator.segment, second.locator.segment);
    let acked = [(1, first), (3, second)];
    check(&archive, &acked).await;
    drop(archive);
    check(&open(folder.path()).await, &acked).await;
}

/// A real file system that really is full, where we may mount one.
#[tokio::test(flavor = "multi_thread")]
async fn a_really_full_file_system_refuses() {
    let folder = tempfile::tempdir().unwrap();
    let mounted =
        Command::new("mount").args(["-t", "tmpfs", "-o", "size=2m", "tmpfs"]).arg(folder.path()).output();
    if !mounted.is_ok_and(|done| done.status.success()) {
        println!("skipped: may not mount a small tmpfs");
        return;
    }
    let mut acked = Vec::new();
    let refused = {
        let archive = open(folder.path()).await;
        loop {
            match archive.append(entry(acked.len() as u64, 100_000)).await {
                Ok(appended) => acked.push((0, appended)),
                Err(refused) => break refused,
            }
        }
    };
    let archive = open(folder.path()).await;
    check(&archive, &acked).await;
    drop(archive);
    Command::new("umount").arg(folder.path()).status().unwrap();
    assert!(matches!(refused, ShelfError::Full { .. }), "{refused:?}");
    assert!(acked.len() > 10);
}
