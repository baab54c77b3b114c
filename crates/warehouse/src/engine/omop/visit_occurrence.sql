SELECT
  t.id AS visit_occurrence_id,
  t.patient AS person_id,
  CASE t.class
    WHEN 'IMP' THEN 9201 WHEN 'ACUTE' THEN 9201 WHEN 'NONAC' THEN 9201 WHEN 'SS' THEN 9201
    WHEN 'AMB' THEN 9202 WHEN 'EMER' THEN 9203 ELSE 0 END AS visit_concept_id,
  t.date AS visit_start_date,
  CAST(t.date AS TIMESTAMP) AS visit_start_datetime,
  CAST(GREATEST(COALESCE(t.end_day, t.day), t.day) AS DATE) AS visit_end_date,
  CAST(CAST(GREATEST(COALESCE(t.end_day, t.day), t.day) AS DATE) AS TIMESTAMP) AS visit_end_datetime,
  32817 AS visit_type_concept_id,
  CAST(NULL AS BIGINT) AS provider_id,
  CAST(NULL AS BIGINT) AS care_site_id,
  t.class AS visit_source_value,
  0 AS visit_source_concept_id,
  0 AS admitted_from_concept_id,
  CAST(NULL AS VARCHAR) AS admitted_from_source_value,
  0 AS discharged_to_concept_id,
  CAST(NULL AS VARCHAR) AS discharged_to_source_value,
  CAST(NULL AS BIGINT) AS preceding_visit_occurrence_id
FROM PLAIN(encounter) t
