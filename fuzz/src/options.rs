//! The command line.

use std::time::Duration;

/// What to run.
pub(crate) struct Options {
    target: String,
    /// For how long, all targets together.
    pub time: Duration,
    /// Chooses the sequence of inputs.
    pub seed: u64,
    /// Where in that sequence to start.
    pub from: u64,
}

impl Options {
    pub(crate) fn parse(mut args: impl Iterator<Item = String>) -> Result<Self, String> {
        let target = args.next().ok_or("which target?")?;
        let mut options = Self { target, time: Duration::from_secs(10), seed: 1, from: 0 };
        while let Some(name) = args.next() {
            let value = args.next().and_then(|value| value.parse::<u64>().ok());
            let value = value.ok_or_else(|| format!("{name} needs a number"))?;
            match name.as_str() {
                "--seconds" => options.time = Duration::from_secs(value),
                "--seed" => options.seed = value,
                "--from" => options.from = value,
                _ => return Err(format!("unknown option {name}")),
            }
        }
        let known = crate::TARGETS.iter().any(|target| options.chooses(target.name));
        if known { Ok(options) } else { Err(format!("unknown target {}", options.target)) }
    }

    pub(crate) fn chooses(&self, name: &str) -> bool {
        self.target == "all" || self.target == name
    }
}
