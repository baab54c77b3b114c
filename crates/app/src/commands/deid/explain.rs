//! `isocenter deid explain`

use super::{key, policy};
use anyhow::Context as _;
use bytes::Bytes;
use deid::{Explained, Known, ProjectKey, Wall};
use std::path::PathBuf;
use std::process::ExitCode;

/// Tell for each attribute of a file what becomes of it, and by which rule of which policy version
#[derive(clap::Args)]
pub struct Args {
    /// The file
    file: PathBuf,
    /// A policy: a TOML file, or a ready-made one, also with options added as basic+retain-uids
    #[arg(long, value_name = "POLICY")]
    policy: String,
    /// The project key; without it codes, UIDs and shifts are only examples
    #[arg(long, value_name = "FILE", env = "ISOCENTER_DEID_KEY_FILE")]
    key_file: Option<PathBuf>,
    /// Only this attribute: a keyword or eight hexadecimal digits
    #[arg(long, value_name = "ATTRIBUTE")]
    attribute: Option<String>,
    /// The folder with the detector that finds text in pixels [default: lib/isocenter beside the program's folder]
    #[arg(long, value_name = "FOLDER", env = "ISOCENTER_DEID_DETECTOR")]
    detector: Option<PathBuf>,
    /// The program that reads text in pixels: Tesseract 4 or 5, Debian's package tesseract-ocr
    #[arg(long, value_name = "PROGRAM", default_value = "tesseract", env = "ISOCENTER_DEID_OCR")]
    ocr: std::ffi::OsString,
    /// Show the values before and after; those before identify
    #[arg(long)]
    values: bool,
}

/// Explains.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let key = args.key_file.as_deref().map(|path| key(path, false)).transpose()?;
    let wall = Wall::new(policy(&args.policy)?, key.unwrap_or_else(|| ProjectKey::from_bytes(&[0; 32])))
        .with_engines(super::engines(args.detector.as_deref(), &args.ocr));
    let bytes = std::fs::read(&args.file).with_context(|| format!("can't read {}", args.file.display()))?;
    println!("policy {}, sha256 {}", wall.policy().label(), wall.policy().digest());
    match wall.explain(&Bytes::from(bytes), &Known::default()) {
        Ok((_, explained)) => {
            explained.iter().filter(|one| args.wants(one)).for_each(|one| args.print(one));
            Ok(ExitCode::SUCCESS)
        }
        Err(withheld) => {
            println!("withheld: {withheld}");
            Ok(ExitCode::from(3))
        }
    }
}

impl Args {
    fn wants(&self, one: &Explained) -> bool {
        let Some(wanted) = &self.attribute else { return true };
        let digits: String =
            one.path.rsplit('.').next().unwrap_or_default().chars().filter(char::is_ascii_hexdigit).collect();
        one.keyword == wanted || digits.eq_ignore_ascii_case(wanted)
    }

    fn print(&self, one: &Explained) {
        let outcome = format!("{:?}", one.outcome).to_lowercase();
        println!("{:<36} {:<34} {outcome:<11} {}", one.path, one.keyword, one.why);
        if self.values {
            println!(
                "    before  {}\n    after   {}",
                one.before.reveal().escape_debug(),
                one.after.escape_debug()
            );
        }
    }
}
