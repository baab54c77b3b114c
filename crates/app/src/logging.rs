//! Log lines on standard error: for people, or as JSON for a collector.

use anyhow::Context as _;
use server::config::{Log, LogFormat};
use std::io::IsTerminal as _;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::SubscriberBuilder;
use tracing_subscriber::util::SubscriberInitExt as _;

/// What reads PDF quotes the file where it finds it odd; tables of facts tell of every step. What goes wrong in them
/// is told by our own errors.
const QUIET: [&str; 9] = [
    "lopdf=off",
    "buoyant_kernel=off",
    "buoyant_kernel_engine=off",
    "deltalake_core=off",
    "datafusion=off",
    // It tells of every tile.
    "jpeg2k=off",
    // They quote statements and what is in them.
    "ballista_core=off",
    "ballista_scheduler=off",
    "ballista_executor=off",
];

/// Starts logging for the life of the process.
pub fn start(log: &Log) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&log.level).context("log.level is not a log filter")?;
    let filter = QUIET
        .iter()
        .try_fold(filter, |filter, quiet| Ok::<_, anyhow::Error>(filter.add_directive(quiet.parse()?)))?;
    let builder = SubscriberBuilder::default().with_env_filter(filter).with_writer(std::io::stderr);
    match log.format {
        LogFormat::Human => {
            builder.with_ansi(std::io::stderr().is_terminal()).with_target(false).finish().init();
        }
        LogFormat::Json => builder.json().flatten_event(true).finish().init(),
    }
    Ok(())
}
