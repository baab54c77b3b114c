//! Log lines on standard error: for people, or as JSON for a collector.

use anyhow::Context as _;
use server::config::{Log, LogFormat};
use std::io::IsTerminal as _;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::SubscriberBuilder;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Starts logging for the life of the process.
pub fn start(log: &Log) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&log.level).context("log.level is not a log filter")?;
    // What reads PDF quotes the file where it finds it odd.
    let filter = filter.add_directive("lopdf=off".parse()?);
    let builder = SubscriberBuilder::default().with_env_filter(filter).with_writer(std::io::stderr);
    match log.format {
        LogFormat::Human => {
            builder.with_ansi(std::io::stderr().is_terminal()).with_target(false).finish().init();
        }
        LogFormat::Json => builder.json().flatten_event(true).finish().init(),
    }
    Ok(())
}
