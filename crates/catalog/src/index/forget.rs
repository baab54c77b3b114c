//! Dropping exams from a catalog that shows what is made of originals elsewhere: what may no longer be shown, or
//! is to be made anew.

use super::refresh::{Touched, refresh};
use super::{IndexError, events, take_turn};
use crate::Catalog;

impl Catalog {
    /// Forgets all instances of exams, by Study Instance UID. Indexed again, they are there again; they describe
    /// the exam anew where they say that they arrived earlier.
    ///
    /// # Errors
    /// [`IndexError`]; nothing is forgotten then.
    pub async fn forget(&self, studies: &[String]) -> Result<(), IndexError> {
        let mut tx = self.ledger.write().await?;
        take_turn(self.engine(), &mut tx).await?;
        let mut touched = Touched::default();
        for study in studies {
            let series =
                "series IN (SELECT r.id FROM series r JOIN study s ON s.id = r.study WHERE s.uid = $1)";
            for gone in [
                format!("DELETE FROM measured WHERE instance IN (SELECT id FROM instance WHERE {series})"),
                format!("DELETE FROM instance WHERE {series}"),
            ] {
                // Safe: made of constants.
                sqlx::query(sqlx::AssertSqlSafe(gone)).bind(study).execute(&mut *tx).await?;
            }
            events::recount(self.engine(), &mut tx, study, &mut touched).await?;
        }
        refresh(self.engine(), &mut tx, &touched).await?;
        tx.commit().await?;
        // Series that were dropped would be taken for known.
        if let Ok(mut seen) = self.seen.lock() {
            seen.clear();
        }
        Ok(())
    }
}
