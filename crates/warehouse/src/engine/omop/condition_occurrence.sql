SELECT
  t.id AS condition_occurrence_id,
  t.patient AS person_id,
  t.concept AS condition_concept_id,
  t.date AS condition_start_date,
  CAST(t.date AS TIMESTAMP) AS condition_start_datetime,
  CAST(t.end_day AS DATE) AS condition_end_date,
  CAST(CAST(t.end_day AS DATE) AS TIMESTAMP) AS condition_end_datetime,
  32817 AS condition_type_concept_id,
  0 AS condition_status_concept_id,
  CAST(NULL AS VARCHAR) AS stop_reason,
  CAST(NULL AS BIGINT) AS provider_id,
  CAST(NULL AS BIGINT) AS visit_occurrence_id,
  CAST(NULL AS BIGINT) AS visit_detail_id,
  substr(t.code, 1, 50) AS condition_source_value,
  t.source_concept AS condition_source_concept_id,
  substr(t.status, 1, 50) AS condition_status_source_value
FROM CODED(condition) t
