//! How a definition is looked up: what is read more than once is made once and kept, the rest is a part of the
//! statement that reads it.

use crate::compile::{Compiled, Dialect, compile_as};
use crate::definition::Definition;
use crate::engine::{AskError, Kept, Session};
use std::sync::Arc;
use tokio::sync::OnceCell;

/// A definition that was looked up.
pub(super) struct Lookup {
    session: Arc<Session>,
    own: Compiled,
    /// What begins the names of its tables.
    begin: String,
    /// Tables that those of exams read, too.
    _stages: Vec<Kept>,
    patients: Kept,
    exams: OnceCell<(Vec<Kept>, Kept)>,
}

impl Lookup {
    pub(super) async fn of(session: Arc<Session>, definition: &Definition) -> Result<Self, AskError> {
        let begin = session.fresh();
        let own = compile_as(definition, Dialect::Ansi, &begin);
        let _stages = made(&session, &own, false).await?;
        let patients = session.keep(format!("{begin}patients"), &own.members).await?;
        Ok(Self { session, own, begin, _stages, patients, exams: OnceCell::new() })
    }

    /// Patients and exams that two statements give.
    pub(super) async fn chosen(session: Arc<Session>, patients: &str, exams: &str) -> Result<Self, AskError> {
        let begin = session.fresh();
        let mut own = compile_as(&Definition::everybody(), Dialect::Ansi, &begin);
        own.all_exams = false;
        let patients = session.keep(format!("{begin}patients"), patients).await?;
        let exams = session.keep(format!("{begin}exams"), exams).await?;
        let exams = OnceCell::new_with(Some((Vec::new(), exams)));
        Ok(Self { session, own, begin, _stages: Vec::new(), patients, exams })
    }

    /// The table of its patients: `patient`.
    pub(super) fn patients(&self) -> &str {
        self.patients.name()
    }

    /// The table of its exams: `patient`, `exam`; made when it is asked for.
    pub(super) async fn exams(&self) -> Result<&str, AskError> {
        let made = || async {
            let parts = made(&self.session, &self.own, true).await?;
            let exams = self.own.exams_of(self.patients.name());
            Ok::<_, AskError>((parts, self.session.keep(format!("{}exams", self.begin), &exams).await?))
        };
        Ok(self.exams.get_or_try_init(made).await?.1.name())
    }

    /// Whether all exams of its patients are meant.
    pub(super) const fn means_all_exams(&self) -> bool {
        self.own.all_exams
    }
}

/// Makes the stages of patients, or those that only exams need.
async fn made(session: &Session, compiled: &Compiled, of_exams: bool) -> Result<Vec<Kept>, AskError> {
    let mut made = Vec::new();
    for (stage, reads) in compiled.stages.iter().zip(reads(compiled)) {
        if stage.of_exams != of_exams || reads == 0 {
            continue;
        }
        let name = stage.name.clone();
        made.push(match reads {
            1 => session.name(name, &stage.sql).await?,
            _ => session.keep(name, &stage.sql).await?,
        });
    }
    Ok(made)
}

/// How often each stage is read by statements that are needed.
fn reads(compiled: &Compiled) -> Vec<usize> {
    let exams = compiled.exams_of("");
    let mut needed = vec![compiled.members.as_str(), exams.as_str()];
    let mut reads = vec![0; compiled.stages.len()];
    for (n, stage) in compiled.stages.iter().enumerate().rev() {
        reads[n] = needed.iter().map(|sql| times(sql, &stage.name)).sum();
        if reads[n] > 0 {
            needed.push(&stage.sql);
        }
    }
    reads
}

/// How often a name stands in a statement.
fn times(sql: &str, name: &str) -> usize {
    sql.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| *word == name).count()
}
