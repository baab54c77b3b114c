//! The invented population of this warehouse: only its recipe is kept. Its facts are made from that whenever facts are
//! made, like the others from what the archive holds (ADR 86).

use crate::feed::mark;
use crate::synthetic::{Population, is_invented};
use crate::{Warehouse, WarehouseError};
use sqlx::Row as _;

impl Warehouse {
    /// The recipe of the population, where there is one.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn population(&self) -> Result<Option<Population>, sqlx::Error> {
        Ok(self.recipe().await?.filter(|population| population.patients > 0))
    }

    /// The recipe that was kept last, of nobody too: whoever had images still has them.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn recipe(&self) -> Result<Option<Population>, sqlx::Error> {
        let row = sqlx::query("SELECT patients, pictured, seed FROM fact_population");
        let row = row.fetch_optional(self.ledger.pool()).await?;
        row.map(|row| {
            Ok(Population {
                patients: row.try_get(0)?,
                pictured: row.try_get(1)?,
                seed: row.try_get::<i64, _>(2)?.cast_unsigned(),
            })
        })
        .transpose()
    }

    /// Keeps a recipe, and has the facts of its people made; of nobody, has those that are there taken away. Who had
    /// images before keeps them, so that nobody is there twice. The same again does nothing.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn populate(&self, mut population: Population, now: i64) -> Result<(), sqlx::Error> {
        let before = self.recipe().await?;
        if let Some(same) = before.filter(|before| before.seed == population.seed) {
            population.pictured = population.pictured.max(same.pictured);
        }
        if before == Some(population) || (before.is_none() && population.patients == 0) {
            return Ok(());
        }
        let most = before.map_or(0, |before| before.patients).max(population.patients);
        let widest = Population { patients: most, ..population };
        let mut tx = self.ledger.write().await?;
        sqlx::query("DELETE FROM fact_population").execute(&mut *tx).await?;
        sqlx::query("INSERT INTO fact_population (patients, pictured, seed) VALUES ($1, $2, $3)")
            .bind(population.patients)
            .bind(population.pictured)
            .bind(population.seed.cast_signed())
            .execute(&mut *tx)
            .await?;
        mark(&mut tx, widest.buckets(), now).await?;
        tx.commit().await
    }

    /// How many buckets of the population are not made yet.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn population_waits(&self) -> Result<usize, sqlx::Error> {
        let rows = sqlx::query("SELECT bucket FROM fact_bucket").fetch_all(self.ledger.pool()).await?;
        let buckets = rows.iter().map(|row| row.try_get::<i64, _>(0)).collect::<Result<Vec<_>, _>>()?;
        Ok(buckets.into_iter().filter(|bucket| is_invented(*bucket)).count())
    }

    /// How many people the records know of.
    ///
    /// # Errors
    /// [`WarehouseError`].
    pub async fn people_on_record(&self) -> Result<i64, WarehouseError> {
        Ok(self.records.last_person().await?)
    }
}
