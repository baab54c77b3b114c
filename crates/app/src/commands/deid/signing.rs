//! `isocenter deid evidence`: keys, signatures (Ed25519, RFC 8032) and checking a pack.

use anyhow::{Context as _, bail};
use deid::verify::evidence::digest;
use deid::verify::signature::{self, hex, unhex};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Make keys to sign evidence packs, and check packs
#[derive(clap::Subcommand)]
pub enum Command {
    /// Make a key to sign with, and FILE.pub for those who check
    NewKey {
        /// The private key's file, readable by its owner alone
        file: PathBuf,
    },
    /// Check that a pack is whole and signed by the holder of a key
    Check {
        /// The pack's folder
        pack: PathBuf,
        /// The public key
        #[arg(long, value_name = "PUB")]
        key: PathBuf,
    },
}

/// Runs.
pub fn run(command: &Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::NewKey { file } => new_key(file)?,
        Command::Check { pack, key } => check(pack, key)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn new_key(file: &Path) -> anyhow::Result<()> {
    if file.exists() {
        bail!("{} is there already; name another file", file.display());
    }
    let mut secret = [0; signature::KEY_BYTES];
    getrandom::fill(&mut secret).map_err(|_| anyhow::anyhow!("the system gives no random numbers"))?;
    super::write_private(&file.to_path_buf(), &format!("{}\n", hex(&secret)))?;
    let public = public_of(file);
    std::fs::write(&public, format!("{}\n", signature::public_key(&secret)))
        .with_context(|| format!("can't write {}", public.display()))?;
    println!("private key in {}, public key in {}", file.display(), public.display());
    Ok(())
}

fn public_of(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".pub");
    name.into()
}

/// Signs `evidence.json` of a pack, which names the digests of all the rest, into `evidence.sig`.
pub fn sign(pack: &Path, key: &Path) -> anyhow::Result<()> {
    let secret = unhex(&read(key)?)
        .with_context(|| format!("{} holds no private key of 64 hexadecimal digits", key.display()))?;
    let signature = signature::sign(&std::fs::read(pack.join("evidence.json"))?, &secret);
    std::fs::write(pack.join("evidence.sig"), format!("{signature}\n")).context("can't write the signature")
}

fn check(pack: &Path, key: &Path) -> anyhow::Result<()> {
    let document = std::fs::read(pack.join("evidence.json"))
        .with_context(|| format!("{} holds no evidence.json", pack.display()))?;
    let signature = pack.join("evidence.sig");
    if !signature.exists() {
        bail!("the pack is not signed: there is no evidence.sig");
    }
    if !signature::fits(&document, &read(&signature)?, &read(key)?) {
        bail!("the signature does not fit: the pack was changed, or signed with another key");
    }
    let told: Value = serde_json::from_slice(&document).context("evidence.json is damaged")?;
    let policy = std::fs::read(pack.join("policy.toml")).context("the pack holds no policy.toml")?;
    if told["policy"]["file"]["sha256"].as_str() != Some(&digest(&policy)) {
        bail!("policy.toml is not the one that was signed");
    }
    println!(
        "signed and whole: policy {} v{}, {} originals, {} files, isocenter {}",
        told["policy"]["id"].as_str().unwrap_or_default(),
        told["policy"]["version"],
        told["inputs"].as_array().map_or(0, Vec::len),
        told["outputs"].as_array().map_or(0, Vec::len),
        told["software"]["version"].as_str().unwrap_or_default(),
    );
    Ok(())
}

fn read(path: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("can't read {}", path.display()))
}
