//! `isocenter-fuzz` — damaged input for every parser of strangers' bytes.
//! Deterministic: the same target, seed and round give the same input, so a finding can be repeated.
//! Panics, endless work, memory out of proportion and broken promises (see [`targets`]) fail the run.
//!
//! Read in this order: [`targets`], [`seeds`], [`mutate`].

mod mutate;
mod options;
mod seeds;
mod targets;

use mutate::Mutator;
use options::Options;
use peak_alloc::PeakAlloc;
use std::io::{self, Write as _};
use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;
use std::time::{Duration, Instant};
use targets::{TARGETS, Target};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// No input is so large that an honest parser needs longer.
const LONGEST: Duration = Duration::from_secs(5);

fn main() -> ExitCode {
    match Options::parse(std::env::args().skip(1)) {
        Ok(options) => run(&options),
        Err(problem) => {
            let names: Vec<_> = TARGETS.iter().map(|target| target.name).collect();
            let usage = "usage: isocenter-fuzz TARGET|all [--seconds N] [--seed N] [--from ROUND]";
            tell(format_args!("{problem}\n{usage}\ntargets: {}", names.join(", ")));
            ExitCode::from(2)
        }
    }
}

fn run(options: &Options) -> ExitCode {
    // A finding is reported by us, with what it takes to repeat it.
    panic::set_hook(Box::new(|_| {}));
    let chosen: Vec<_> = TARGETS.iter().filter(|target| options.chooses(target.name)).collect();
    let share = options.time / chosen.len().max(1) as u32;
    let failed = chosen.iter().filter(|target| !fuzz(target, options, share)).count();
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Runs one target until its time is over; true if nothing was found.
fn fuzz(target: &Target, options: &Options, time: Duration) -> bool {
    let seeds = (target.seeds)();
    let start = Instant::now();
    let mut round = options.from;
    while start.elapsed() < time {
        let input = Mutator::new(options.seed, round).input(&seeds);
        if let Err(finding) = try_one(target, &input) {
            let (name, seed, size) = (target.name, options.seed, input.len());
            tell(format_args!(
                "{name}: {finding}\n  {size} bytes; repeat: {name} --seed {seed} --from {round}"
            ));
            keep(name, &input);
            return false;
        }
        round += 1;
    }
    let rounds = round - options.from;
    tell(format_args!("{}: {rounds} inputs from {} seeds, nothing found", target.name, seeds.len()));
    true
}

fn try_one(target: &Target, input: &[u8]) -> Result<(), String> {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let start = Instant::now();
    let outcome = panic::catch_unwind(AssertUnwindSafe(|| (target.run)(input)));
    let used = MEMORY.peak_usage().saturating_sub(before);
    let allowed = (target.memory)(input.len());
    match outcome {
        Err(payload) => Err(format!("panic: {}", message(payload.as_ref()))),
        Ok(Err(broken)) => Err(broken),
        Ok(Ok(())) if start.elapsed() > LONGEST => Err(format!("took {:?}", start.elapsed())),
        Ok(Ok(())) if used > allowed => Err(format!("{used} bytes of memory, {allowed} allowed")),
        Ok(Ok(())) => Ok(()),
    }
}

fn message(payload: &(dyn std::any::Any + Send)) -> &str {
    let text = payload.downcast_ref::<&str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}

/// Leaves the input for a debugger.
fn keep(name: &str, input: &[u8]) {
    let path = std::env::temp_dir().join(format!("isocenter-fuzz-{name}.bin"));
    if std::fs::write(&path, input).is_ok() {
        tell(format_args!("  the input is in {}", path.display()));
    }
}

fn tell(text: std::fmt::Arguments<'_>) {
    // There is nobody left to tell if this fails.
    let _: io::Result<()> = writeln!(io::stderr(), "{text}");
}
