SELECT
  t.id * 2 AS procedure_occurrence_id,
  t.patient AS person_id,
  t.concept AS procedure_concept_id,
  t.date AS procedure_date,
  CAST(t.date AS TIMESTAMP) AS procedure_datetime,
  CAST(t.end_day AS DATE) AS procedure_end_date,
  CAST(CAST(t.end_day AS DATE) AS TIMESTAMP) AS procedure_end_datetime,
  32817 AS procedure_type_concept_id,
  0 AS modifier_concept_id,
  CAST(NULL AS INT) AS quantity,
  CAST(NULL AS BIGINT) AS provider_id,
  CAST(NULL AS BIGINT) AS visit_occurrence_id,
  CAST(NULL AS BIGINT) AS visit_detail_id,
  substr(t.code, 1, 50) AS procedure_source_value,
  t.source_concept AS procedure_source_concept_id,
  CAST(NULL AS VARCHAR) AS modifier_source_value
FROM CODED(procedure) t
UNION ALL
-- Every exam is a procedure, which its series point at.
SELECT
  t.exam * 2 + 1 AS procedure_occurrence_id,
  t.patient AS person_id,
  0 AS procedure_concept_id,
  t.date AS procedure_date,
  COALESCE(CAST(t.at AS TIMESTAMP), CAST(t.date AS TIMESTAMP)) AS procedure_datetime,
  t.date AS procedure_end_date,
  CAST(NULL AS TIMESTAMP) AS procedure_end_datetime,
  32817 AS procedure_type_concept_id,
  0 AS modifier_concept_id,
  CAST(NULL AS INT) AS quantity,
  CAST(NULL AS BIGINT) AS provider_id,
  CAST(NULL AS BIGINT) AS visit_occurrence_id,
  CAST(NULL AS BIGINT) AS visit_detail_id,
  substr(COALESCE(t.description, btrim(t.modalities, '|')), 1, 50) AS procedure_source_value,
  0 AS procedure_source_concept_id,
  CAST(NULL AS VARCHAR) AS modifier_source_value
FROM PLAIN(exam) t
