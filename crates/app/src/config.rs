//! The settings: read from a file and the environment, checked key by key so that a mistake is
//! told with its line and what was probably meant.

pub mod document;
mod environment;
mod keys;

use anyhow::{Context as _, bail};
use keys::Keys;
use server::Config;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// The file looked for when none is named.
const DEFAULT_FILE: &str = "isocenter.toml";

/// The settings in force, and where those came from that are not defaults.
#[derive(Debug)]
pub struct Settings {
    /// The settings.
    pub config: Config,
    /// The file that was read.
    file: Option<PathBuf>,
    /// Key to source.
    sources: BTreeMap<String, String>,
}

impl Settings {
    /// Reads the file, then lets the environment change it.
    pub fn load(
        file: Option<&Path>,
        environment: impl Iterator<Item = (String, String)>,
    ) -> anyhow::Result<Self> {
        let keys = Keys::of_config();
        let file = file.map(Path::to_owned).or_else(default_file);
        let (mut table, mut sources) = match &file {
            Some(path) => read(path, &keys)?,
            None => <(Table, BTreeMap<_, _>)>::default(),
        };
        environment::apply(&mut table, &mut sources, &keys, environment)?;
        let config = Config::deserialize_from(table)?;
        Ok(Self { config, file, sources })
    }

    /// The settings as TOML, each that is not a default with its source.
    pub fn show(&self) -> anyhow::Result<String> {
        let mut text = String::new();
        for (key, value) in document::leaves(&Table::try_from(&self.config)?) {
            let source = self.sources.get(&key).map_or("default", String::as_str);
            writeln!(text, "{key} = {value}  # {source}")?;
        }
        Ok(text)
    }

    /// What a check says when nothing is wrong.
    pub fn verdict(&self) -> String {
        let file = self.file.as_ref().map_or("no settings file".into(), |file| file.display().to_string());
        let changed = self.sources.len();
        format!("{file}: no mistakes; {changed} settings differ from the defaults' source")
    }
}

fn default_file() -> Option<PathBuf> {
    Some(PathBuf::from(DEFAULT_FILE)).filter(|file| file.exists())
}

fn read(path: &Path, keys: &Keys) -> anyhow::Result<(Table, BTreeMap<String, String>)> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("the settings file {} can't be read", path.display()))?;
    let name = path.display().to_string();
    parse(&name, &text, keys)
}

/// Parses and checks the text of a settings file.
fn parse(name: &str, text: &str, keys: &Keys) -> anyhow::Result<(Table, BTreeMap<String, String>)> {
    let mistakes = keys.mistakes(text);
    if !mistakes.is_empty() {
        let lines: Vec<_> = mistakes.iter().map(|m| format!("{name}:{m}")).collect();
        bail!("{}", lines.join("\n       "));
    }
    // Types are checked by reading it as what it is; the error points at the line.
    if let Err(error) = toml::from_str::<Config>(text) {
        bail!("{name}: {error}");
    }
    let table: Table = toml::from_str(text)?;
    let sources = document::leaves(&table).map(|(key, _)| (key, name.to_owned())).collect();
    Ok((table, sources))
}

trait FromTable: Sized {
    fn deserialize_from(table: Table) -> anyhow::Result<Self>;
}

impl FromTable for Config {
    fn deserialize_from(table: Table) -> anyhow::Result<Self> {
        Ok(Value::Table(table).try_into()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mistake(text: &str) -> String {
        parse("isocenter.toml", text, &Keys::of_config()).expect_err("a mistake").to_string()
    }

    fn with_environment(pairs: &[(&str, &str)]) -> anyhow::Result<Settings> {
        Settings::load(None, pairs.iter().map(|(k, v)| ((*k).into(), (*v).into())))
    }

    #[test]
    fn an_unknown_key_is_told_with_its_line_and_a_hint() {
        assert_eq!(
            mistake("[store]\nobjcts = \"s3://images\"\n"),
            "isocenter.toml:2: unknown key `objcts` in [store]; did you mean `objects`?"
        );
        assert_eq!(mistake("[htpp]\n"), "isocenter.toml:1: unknown section [htpp]; did you mean `http`?");
    }

    #[test]
    fn a_wrong_type_is_told_with_its_line() {
        let told = mistake("[limits]\nconnections = \"many\"\n");
        assert!(told.contains("line 2") && told.contains("connections"), "{told}");
    }

    #[test]
    fn the_environment_wins_over_the_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("isocenter.toml");
        std::fs::write(&file, "[dimse]\nae_title = \"FILE\"\nmax_pdu = 65536\n").expect("written");
        let environment = [("ISOCENTER_DIMSE__AE_TITLE".into(), "ENV".into())];
        let settings = Settings::load(Some(&file), environment.into_iter()).expect("good");
        assert_eq!(settings.config.dimse.ae_title, "ENV");
        assert_eq!(settings.config.dimse.max_pdu, 65_536);
        assert!(settings.show().expect("shown").contains("# ISOCENTER_DIMSE__AE_TITLE"));
    }

    #[test]
    fn environment_values_take_the_type_of_their_key() {
        let settings = with_environment(&[
            ("ISOCENTER_DIMSE__ENABLED", "false"),
            ("ISOCENTER_DIMSE__AE_TITLE", "1234"),
            ("ISOCENTER_HTTP__LISTEN", "127.0.0.1:9000"),
        ])
        .expect("good");
        assert!(!settings.config.dimse.enabled);
        assert_eq!(settings.config.dimse.ae_title, "1234");
        assert_eq!(settings.config.http.listen.port(), 9000);
    }

    #[test]
    fn an_unknown_variable_is_told_with_a_hint() {
        let told = with_environment(&[("ISOCENTER_DIMSE__AETITLE", "X")]).expect_err("unknown").to_string();
        assert_eq!(
            told,
            "unknown variable ISOCENTER_DIMSE__AETITLE; did you mean ISOCENTER_DIMSE__AE_TITLE?"
        );
    }
}
