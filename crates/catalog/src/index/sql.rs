//! One statement over many rows: the rows travel as one JSON parameter.

use serde_json::Value;
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;
use store::{Engine, WriteTx};

/// A statement over `{rows}`, a table with one column `value` that holds JSON arrays.
/// `{unhex:x}` turns hexadecimal text to bytes.
pub(crate) struct Statement(pub &'static str);

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
    pub(crate) async fn run(
        &self,
        engine: Engine,
        tx: &mut WriteTx,
        rows: Vec<Value>,
    ) -> Result<u64, sqlx::Error> {
        if rows.is_empty() {
            return Ok(0);
        }
        let query = sqlx::query(AssertSqlSafe(self.text(engine)));
        let done = query.bind(Value::Array(rows).to_string()).execute(&mut **tx).await?;
        Ok(done.rows_affected())
    }

    /// Runs it and gives the rows it returns.
    pub(crate) async fn fetch(
        &self,
        engine: Engine,
        tx: &mut WriteTx,
        rows: Vec<Value>,
    ) -> Result<Vec<AnyRow>, sqlx::Error> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let query = sqlx::query(AssertSqlSafe(self.text(engine)));
        query.bind(Value::Array(rows).to_string()).fetch_all(&mut **tx).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_braces_become_the_engines() {
        let statement = Statement("SELECT {unhex:value->>1} FROM {rows}");
        assert_eq!(statement.text(Engine::Sqlite), "SELECT unhex(value->>1) FROM json_each($1)");
        assert!(statement.text(Engine::Postgres).starts_with("SELECT decode(value->>1, 'hex') FROM jsonb"));
    }
}
