//! `isocenter cohort omop`

use super::{list, text};
use crate::connection::{Connection, answer};
use anyhow::{Context as _, bail};
use indicatif::{ProgressBar, ProgressStyle};
use reqwest::Method;
use serde_json::{Value, json};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// The end of the name of a file that is not whole yet.
const PART: &str = "part";

/// Where and how it is written.
#[derive(clap::Args)]
pub struct Args {
    /// A folder that is empty or doesn't exist yet
    folder: PathBuf,
    /// csv, one file a table; or parquet, one for every 50,000 persons
    #[arg(long, default_value = "csv", value_parser = ["csv", "parquet"])]
    form: String,
}

/// Writes every table.
pub async fn write(connection: &Connection, args: &Args) -> anyhow::Result<()> {
    empty(&args.folder)?;
    let model = connection.get::<Value>("/api/v1/omop").await?;
    // Nobody at all makes one part, for the names of the columns.
    let parts = match list(&model["parts"]).count() {
        0 => vec![(json!(0), json!(0))],
        _ => list(&model["parts"]).map(|part| (part[0].clone(), part[1].clone())).collect(),
    };
    let tables: Vec<&str> = list(&model["tables"]).map(text).collect();
    let bar = ProgressBar::new((tables.len() * parts.len()) as u64);
    bar.set_style(ProgressStyle::with_template("{msg:24} {bar:30} {pos}/{len}  {eta} left")?);
    for table in &tables {
        bar.set_message((*table).to_owned());
        let mut writing = Writing::begin(&args.folder, table, &args.form)?;
        for (first, last) in &parts {
            let asked = format!(
                "/api/v1/omop/{table}?form={}&facts={}&first={first}&last={last}",
                args.form, model["facts"]
            );
            writing.part(connection, &asked).await?;
            bar.inc(1);
        }
        writing.end()?;
    }
    let about = text(&model["about"]);
    let mut writing = Writing::begin(&args.folder, about, &args.form)?;
    writing
        .part(connection, &format!("/api/v1/omop/{about}?form={}&facts={}", args.form, model["facts"]))
        .await?;
    writing.end()?;
    bar.finish_and_clear();
    println!(
        "{} tables of facts version {} written to {}",
        tables.len() + 1,
        model["facts"],
        args.folder.display()
    );
    if model["concepts"] == false {
        println!("Every concept is 0: the setting facts.vocabularies names no vocabularies to find them in.");
    }
    Ok(())
}

fn empty(folder: &Path) -> anyhow::Result<()> {
    let told = || format!("{} can't be used", folder.display());
    fs::create_dir_all(folder).with_context(told)?;
    if fs::read_dir(folder).with_context(told)?.next().is_some() {
        bail!("{} is not empty: name a folder that is, or doesn't exist yet", folder.display());
    }
    Ok(())
}

/// A table on its way into files, which have their names once they are whole.
struct Writing {
    folder: PathBuf,
    table: String,
    form: String,
    files: Vec<PathBuf>,
    parts: usize,
}

impl Writing {
    fn begin(folder: &Path, table: &str, form: &str) -> anyhow::Result<Self> {
        let folder = if form == "csv" { folder.to_owned() } else { folder.join(table) };
        fs::create_dir_all(&folder)?;
        Ok(Self { folder, table: table.into(), form: form.into(), files: Vec::new(), parts: 0 })
    }

    /// Adds what the server answers: to the one file of CSV without the header again, as a file of Parquet.
    async fn part(&mut self, connection: &Connection, asked: &str) -> anyhow::Result<()> {
        let one = self.form == "csv";
        let name = if one { self.table.clone() } else { format!("{:05}", self.parts) };
        let path = self.folder.join(format!("{name}.{}.{PART}", self.form));
        let file = File::options().create(true).append(true).open(&path)?;
        let mut out = Headless { to: BufWriter::new(file), skip: one && self.parts > 0 };
        let mut rows = answer(connection.request(Method::GET, asked)).await?;
        let broken = || format!("the rows of {} broke off: remove the folder and begin again", self.table);
        while let Some(bytes) = rows.chunk().await.with_context(broken)? {
            out.write_all(&bytes)?;
        }
        out.flush()?;
        if !self.files.contains(&path) {
            self.files.push(path);
        }
        self.parts += 1;
        Ok(())
    }

    fn end(self) -> io::Result<()> {
        self.files.iter().try_for_each(|path| fs::rename(path, path.with_extension("")))
    }
}

/// Leaves a first line out.
struct Headless<W> {
    to: W,
    skip: bool,
}

impl<W: Write> Write for Headless<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.skip {
            return self.to.write(bytes);
        }
        let Some(end) = bytes.iter().position(|byte| *byte == b'\n') else { return Ok(bytes.len()) };
        self.skip = false;
        Ok(end + 1)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_left_out_wherever_it_is_cut() {
        let mut out = Headless { to: Vec::new(), skip: true };
        for piece in ["pers", "on_id\n1\n", "2\n"] {
            out.write_all(piece.as_bytes()).expect("written");
        }
        assert_eq!(out.to, b"1\n2\n");
    }

    #[test]
    fn a_folder_that_holds_something_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        empty(&folder.path().join("new")).expect("made");
        assert!(empty(folder.path()).is_err());
    }
}
