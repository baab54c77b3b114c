//! From the identifier of a retrieval to the instances it means (PS3.4 §C.4.2.2.1).

use catalog::{Catalog, Level, Located, Query, Scope};
use dicom::{DataSet, Tag, tags};
use model::{SeriesInstanceUid, SopInstanceUid, StudyInstanceUid};
use std::collections::HashSet;

/// Why there is nothing to retrieve.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ScopeError {
    /// The identifier lacks the unique key of its level, or has one that is no UID.
    #[error("the identifier's unique key is missing or invalid")]
    Key,
    /// The catalog.
    #[error("the catalog did not answer")]
    Catalog(#[from] sqlx::Error),
}

/// The instances an identifier means, in the order they are held; none that is deleted.
pub(crate) async fn resolve(catalog: &Catalog, identifier: &DataSet) -> Result<Vec<Located>, ScopeError> {
    let level = identifier.text(tags::QUERY_RETRIEVE_LEVEL).unwrap_or_default();
    match level.trim() {
        "PATIENT" => of_patient(catalog, identifier).await,
        "STUDY" => of_studies(catalog, &uids(identifier, tags::STUDY_INSTANCE_UID)?).await,
        "SERIES" => of_series(catalog, identifier).await,
        "IMAGE" => of_images(catalog, identifier).await,
        _ => Err(ScopeError::Key),
    }
}

fn uids(identifier: &DataSet, tag: Tag) -> Result<Vec<String>, ScopeError> {
    let values = identifier.texts(tag).into_iter().map(|uid| uid.trim_matches(['\0', ' ']).to_owned());
    let values: Vec<_> = values.filter(|uid| !uid.is_empty()).collect();
    if values.is_empty() { Err(ScopeError::Key) } else { Ok(values) }
}

async fn of_patient(catalog: &Catalog, identifier: &DataSet) -> Result<Vec<Located>, ScopeError> {
    let patient = identifier.text(tags::PATIENT_ID).unwrap_or_default();
    // A wild card would fetch the patients of others.
    if patient.trim().is_empty() || patient.contains(['*', '?', '\\']) {
        return Err(ScopeError::Key);
    }
    let query = Query::all(Level::Study).with(tags::PATIENT_ID, patient.trim());
    let found = catalog.query(&query).await?;
    let studies: Vec<_> = found.rows.into_iter().filter_map(|row| row.study).collect();
    of_studies(catalog, &studies).await
}

async fn of_studies(catalog: &Catalog, studies: &[String]) -> Result<Vec<Located>, ScopeError> {
    let mut all = Vec::new();
    for study in studies {
        let study = StudyInstanceUid::parse(study).map_err(|_| ScopeError::Key)?;
        all.extend(catalog.locate(&Scope::Study(study)).await?);
    }
    Ok(all)
}

async fn of_series(catalog: &Catalog, identifier: &DataSet) -> Result<Vec<Located>, ScopeError> {
    let mut all = Vec::new();
    let within = uids(identifier, tags::STUDY_INSTANCE_UID).unwrap_or_default();
    for series in uids(identifier, tags::SERIES_INSTANCE_UID)? {
        let studies = match within.as_slice() {
            [] => studies_of(catalog, &series).await?,
            given => given.to_vec(),
        };
        let series = SeriesInstanceUid::parse(&series).map_err(|_| ScopeError::Key)?;
        for study in studies {
            let study = StudyInstanceUid::parse(&study).map_err(|_| ScopeError::Key)?;
            all.extend(catalog.locate(&Scope::Series(study, series.clone())).await?);
        }
    }
    Ok(all)
}

/// A relational retrieval names no exam.
async fn studies_of(catalog: &Catalog, series: &str) -> Result<Vec<String>, ScopeError> {
    let query = Query::all(Level::Series).with(tags::SERIES_INSTANCE_UID, series);
    Ok(catalog.query(&query).await?.rows.into_iter().filter_map(|row| row.study).collect())
}

async fn of_images(catalog: &Catalog, identifier: &DataSet) -> Result<Vec<Located>, ScopeError> {
    let within = |tag| uids(identifier, tag).unwrap_or_default().into_iter().collect::<HashSet<_>>();
    let (studies, series) = (within(tags::STUDY_INSTANCE_UID), within(tags::SERIES_INSTANCE_UID));
    let mut all = Vec::new();
    for sop in uids(identifier, tags::SOP_INSTANCE_UID)? {
        let sop = SopInstanceUid::parse(&sop).map_err(|_| ScopeError::Key)?;
        all.extend(catalog.locate_sop(&sop).await?);
    }
    all.retain(|one| studies.is_empty() || studies.contains(&one.study));
    all.retain(|one| series.is_empty() || series.contains(&one.series));
    Ok(all)
}
