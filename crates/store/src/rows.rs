//! One statement over many rows: the rows travel as one JSON parameter.

use crate::{Engine, WriteTx};
use serde_json::Value;
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;

/// A statement over `{rows}`, a table with one column `value` that holds JSON arrays.
/// `{unhex:x}` turns hexadecimal text to bytes.
#[derive(Debug, Clone, Copy)]
pub struct Statement(pub &'static str);

impl Statement {
    fn text(&self, engine: Engine) -> String {
        let rows = engine.pick("json_each($1)", "jsonb_array_elements(CAST($1 AS jsonb)) AS rows(value)");
        let mut text = self.0.replace("{rows}", rows);
        while let Some(start) = text.find("{unhex:") {
            let end = text[start..].find('}').map_or(text.len() - 1, |at| start + at);
            let inner = text[start + 7..end].to_owned();
            let call = match engine {
                Engine::Sqlite => format!("unhex({inner})"),
                Engine::Postgres => format!("decode({inner}, 'hex')"),
            };
            text.replace_range(start..=end, &call);
        }
        text
    }

    /// Runs it; gives how many rows it changed.
    ///
    /// # Errors
    /// The engine's.
    pub async fn run(&self, engine: Engine, tx: &mut WriteTx, rows: Vec<Value>) -> Result<u64, sqlx::Error> {
        if rows.is_empty() {
            return Ok(0);
        }
        let query = sqlx::query(AssertSqlSafe(self.text(engine)));
        let done = query.bind(parameter(rows)).execute(&mut **tx).await?;
        Ok(done.rows_affected())
    }

    /// Runs it and gives the rows it returns.
    ///
    /// # Errors
    /// The engine's.
    pub async fn fetch(
        &self,
        engine: Engine,
        tx: &mut WriteTx,
        rows: Vec<Value>,
    ) -> Result<Vec<AnyRow>, sqlx::Error> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let query = sqlx::query(AssertSqlSafe(self.text(engine)));
        query.bind(parameter(rows)).fetch_all(&mut **tx).await
    }
}

/// The rows as one parameter. No engine keeps a NUL within a text: each becomes U+FFFD.
fn parameter(mut rows: Vec<Value>) -> String {
    rows.iter_mut().for_each(without_nul);
    Value::Array(rows).to_string()
}

fn without_nul(value: &mut Value) {
    match value {
        Value::String(text) if text.contains('\0') => *text = text.replace('\0', "\u{fffd}"),
        Value::Array(list) => list.iter_mut().for_each(without_nul),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nul_never_reaches_an_engine() {
        let rows = vec![serde_json::json!(["a\0b", 1, "c"])];
        assert_eq!(parameter(rows), "[[\"a\u{fffd}b\",1,\"c\"]]");
    }

    #[test]
    fn words_in_braces_become_the_engines() {
        let statement = Statement("SELECT {unhex:value->>1} FROM {rows}");
        assert_eq!(statement.text(Engine::Sqlite), "SELECT unhex(value->>1) FROM json_each($1)");
        assert!(statement.text(Engine::Postgres).starts_with("SELECT decode(value->>1, 'hex') FROM jsonb"));
    }
}
