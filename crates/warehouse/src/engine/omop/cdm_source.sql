SELECT
  'Isocenter' AS cdm_source_name,
  'Isocenter' AS cdm_source_abbreviation,
  '' AS cdm_holder,
  'Facts of an imaging research warehouse: images, orders, reports and the clinical record' AS source_description,
  CAST(NULL AS VARCHAR) AS source_documentation_reference,
  CAST(NULL AS VARCHAR) AS cdm_etl_reference,
  CAST(now() AS DATE) AS source_release_date,
  CAST(now() AS DATE) AS cdm_release_date,
  'v5.4' AS cdm_version,
  756265 AS cdm_version_concept_id,
  COALESCE((SELECT MAX(version) FROM omop.release), 'none') AS vocabulary_version
