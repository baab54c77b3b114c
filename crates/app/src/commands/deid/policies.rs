//! `isocenter deid policy`

use super::policy;
use deid::policy::ready;
use std::process::ExitCode;

/// Show, check and compare policies
#[derive(clap::Subcommand)]
pub enum Command {
    /// List the ready-made policies and the options that can be added
    List,
    /// Print a policy, to start one of your own from
    Show {
        /// A file or a ready-made policy
        policy: String,
    },
    /// Check a policy
    Check {
        /// A file or a ready-made policy
        policy: String,
    },
    /// Tell what differs between two policies: keys, and what becomes of attributes
    Diff {
        /// A file or a ready-made policy
        before: String,
        /// Another one
        after: String,
    },
}

/// Runs.
pub fn run(command: &Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::List => list()?,
        Command::Show { policy: name } => match ready::text(name) {
            Some(text) => print!("{text}"),
            None => print!("{}", policy(name)?.document().to_toml()),
        },
        Command::Check { policy: name } => {
            let policy = policy(name)?;
            println!("{} is valid, sha256 {}", policy.label(), policy.digest());
        }
        Command::Diff { before, after } => {
            for difference in deid::difference(&policy(before)?, &policy(after)?) {
                println!("{}\n  - {}\n  + {}", difference.what, difference.before, difference.after);
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn list() -> anyhow::Result<()> {
    for name in ready::names() {
        println!("{name:<20} {}", policy(name)?.document().title);
    }
    println!("\noptions, added as basic+OPTION+OPTION:");
    deid::ProfileOption::ALL
        .iter()
        .for_each(|option| println!("  {:<36} {}", option.name(), option.code().1));
    Ok(())
}
