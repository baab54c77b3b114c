SELECT
  patient AS person_id,
  CAST(death_day AS DATE) AS death_date,
  CAST(CAST(death_day AS DATE) AS TIMESTAMP) AS death_datetime,
  32817 AS death_type_concept_id,
  0 AS cause_concept_id,
  CAST(NULL AS VARCHAR) AS cause_source_value,
  0 AS cause_source_concept_id
FROM patient WHERE death_day IS NOT NULL AND birth_year IS NOT NULL
