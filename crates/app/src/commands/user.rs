//! `isocenter user`

use crate::connection::{Connection, answer};
use anyhow::{Context as _, bail};
use govern::Role;
use reqwest::Method;
use serde_json::{Value, json};
use server::Config;
use std::io::{IsTerminal as _, Read as _};
use std::process::ExitCode;

/// Accounts: who may sign in and with which roles
#[derive(clap::Subcommand)]
#[command(after_help = "\
Examples:
  isocenter user add ann --role broker
  isocenter user passwd ann
  isocenter user link ann                        a sign-in link that works once
  isocenter user token ann --label nightly --days 30

Roles: admin runs the installation; broker does all work on identified images; researcher works
inside projects and sees nothing identified; auditor reads the audit log.")]
pub enum Command {
    /// Make an account; it has no password until `passwd`, and can sign in with a link
    Add {
        /// 1 to 64 of the characters a-z 0-9 . _ - @
        name: String,
        /// A role; may be given again
        #[arg(long = "role", short, required = true, value_name = "ROLE")]
        roles: Vec<Role>,
    },
    /// List the accounts
    List,
    /// Give an account other roles
    Roles {
        /// The account
        name: String,
        /// Its roles from now on
        #[arg(required = true)]
        roles: Vec<Role>,
    },
    /// Disable an account: its sessions end, its tokens stop working
    Disable {
        /// The account
        name: String,
    },
    /// Enable an account again
    Enable {
        /// The account
        name: String,
    },
    /// Set a password; asks for it, or reads it from standard input
    Passwd {
        /// The account
        name: String,
    },
    /// Print a sign-in link that works once
    Link {
        /// The account
        name: String,
    },
    /// Print a new access token for scripts
    Token {
        /// The account in whose name it acts
        name: String,
        /// What it is for
        #[arg(long)]
        label: String,
        /// Days until it stops working, 1 to 366
        #[arg(long, default_value_t = 90)]
        days: u16,
        /// A role it may use; may be given again [default: all the account has]
        #[arg(long = "role", short, value_name = "ROLE")]
        roles: Vec<Role>,
    },
}

/// Runs it.
pub async fn run(config: Config, command: Command) -> anyhow::Result<ExitCode> {
    let connection = Connection::open(config).await?;
    let result = act(&connection, command).await;
    connection.close().await?;
    result.map(|()| ExitCode::SUCCESS)
}

async fn act(connection: &Connection, command: Command) -> anyhow::Result<()> {
    match command {
        Command::Add { name, roles } => {
            let body = json!({ "name": name, "roles": roles });
            let _: Value = connection.send(Method::POST, "/api/v1/accounts", &body).await?;
            println!("made {name}; next: isocenter user passwd {name}, or isocenter user link {name}");
        }
        Command::List => list(&connection.get("/api/v1/accounts").await?),
        Command::Roles { name, roles } => change(connection, &name, &json!({ "roles": roles })).await?,
        Command::Disable { name } => change(connection, &name, &json!({ "disabled": true })).await?,
        Command::Enable { name } => change(connection, &name, &json!({ "disabled": false })).await?,
        Command::Passwd { name } => {
            change(connection, &name, &json!({ "password": read_password(&name)? })).await?;
        }
        Command::Link { name } => {
            let made = answer(connection.request(Method::POST, &format!("{}/link", path(&name)?))).await?;
            println!("{}", text(&made.json().await?, "url")?);
        }
        Command::Token { name, label, days, roles } => {
            let roles = (!roles.is_empty()).then_some(roles);
            let body = json!({ "name": label, "expiresInDays": days, "roles": roles });
            let path = format!("{}/tokens", path(&name)?);
            let made: Value = connection.send(Method::POST, &path, &body).await?;
            println!("{}", text(&made, "secret")?);
        }
    }
    Ok(())
}

async fn change(connection: &Connection, name: &str, change: &Value) -> anyhow::Result<()> {
    let account: Value = connection.send(Method::PATCH, &path(name)?, change).await?;
    list(&json!({ "accounts": [account] }));
    Ok(())
}

/// Names are plain, so a path needs no escaping; anything else is no name.
fn path(name: &str) -> anyhow::Result<String> {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-@".contains(&b);
    if name.is_empty() || name == "." || name == ".." || !name.bytes().all(plain) {
        bail!("there is no account `{name}`");
    }
    Ok(format!("/api/v1/accounts/{name}"))
}

fn list(body: &Value) {
    let accounts = body["accounts"].as_array().map_or(&[][..], Vec::as_slice);
    for account in accounts {
        let name = account["name"].as_str().unwrap_or_default();
        let roles = account["roles"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let roles = roles.collect::<Vec<_>>().join(",");
        let state = if account["disabled"] == true { "  disabled" } else { "" };
        let seen = account["signedInAt"].as_str().unwrap_or("never");
        println!("{name:24} {roles:24} last signed in {seen}{state}");
    }
}

fn text<'a>(body: &'a Value, key: &str) -> anyhow::Result<&'a str> {
    body[key].as_str().with_context(|| format!("the server's answer has no {key}"))
}

/// From the terminal without showing it, twice; else from standard input.
fn read_password(name: &str) -> anyhow::Result<String> {
    if !std::io::stdin().is_terminal() {
        let mut text = String::new();
        std::io::stdin().take(4096).read_to_string(&mut text)?;
        return Ok(text.trim_end_matches(['\r', '\n']).to_owned());
    }
    let terminal = console::Term::stderr();
    let ask = |prompt: String| -> anyhow::Result<String> {
        terminal.write_str(&prompt)?;
        Ok(terminal.read_secure_line()?)
    };
    let password = ask(format!("New password for {name}: "))?;
    if password != ask("Again: ".into())? {
        bail!("the two passwords differ");
    }
    Ok(password)
}
