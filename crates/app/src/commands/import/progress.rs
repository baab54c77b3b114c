//! The bar: how much, how fast, how long. Quiet when nobody looks at a terminal.

use indicatif::{HumanCount, ProgressBar, ProgressDrawTarget, ProgressStyle};
use intake::import::{Line, Tally, Verdict};
use std::io::IsTerminal;
use std::path::PathBuf;
use std::time::Duration;

pub(super) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// Starts the bar, and counts what there is beside it to tell the time that is left.
    pub(super) fn start(roots: &[PathBuf]) -> Self {
        if !std::io::stderr().is_terminal() {
            return Self { bar: ProgressBar::hidden() };
        }
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        bar.set_style(style("{spinner} {bytes} · {bytes_per_sec} · {msg}"));
        bar.enable_steady_tick(Duration::from_millis(120));
        let (counting, roots) = (bar.clone(), roots.to_vec());
        tokio::task::spawn_blocking(move || {
            let bytes = roots.iter().map(size_of).sum();
            counting.set_length(bytes);
            counting.set_style(style(
                "{bar:24} {percent:>3} % · {bytes} of {total_bytes} · {bytes_per_sec} · {eta} left · {msg}",
            ));
        });
        Self { bar }
    }

    pub(super) fn add(&mut self, line: &Line, tally: &Tally) {
        self.bar.inc(line.size.unwrap_or(0));
        let stored = HumanCount(tally.count(Verdict::Stored));
        let already = tally.count(Verdict::AlreadyHeld);
        let mut message = format!("{} files, {stored} stored", HumanCount(tally.files));
        if already > 0 {
            message += &format!(", {} already there", HumanCount(already));
        }
        self.bar.set_message(message);
    }

    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// Bytes of the files under a root. Archives count as they are, packed.
fn size_of(root: &PathBuf) -> u64 {
    let files = walkdir::WalkDir::new(root).follow_links(true).into_iter().filter_map(Result::ok);
    let files = files.filter(|entry| entry.file_type().is_file());
    files.filter_map(|entry| entry.metadata().ok()).map(|metadata| metadata.len()).sum()
}
