SELECT
  t.id * 2 AS measurement_id,
  t.patient AS person_id,
  t.concept AS measurement_concept_id,
  t.date AS measurement_date,
  CAST(t.date AS TIMESTAMP) AS measurement_datetime,
  CAST(NULL AS VARCHAR) AS measurement_time,
  32817 AS measurement_type_concept_id,
  0 AS operator_concept_id,
  t.value AS value_as_number,
  0 AS value_as_concept_id,
  COALESCE(u.concept, 0) AS unit_concept_id,
  CAST(NULL AS DOUBLE) AS range_low,
  CAST(NULL AS DOUBLE) AS range_high,
  CAST(NULL AS BIGINT) AS provider_id,
  CAST(NULL AS BIGINT) AS visit_occurrence_id,
  CAST(NULL AS BIGINT) AS visit_detail_id,
  substr(t.code, 1, 50) AS measurement_source_value,
  t.source_concept AS measurement_source_concept_id,
  substr(t.unit, 1, 50) AS unit_source_value,
  COALESCE(u.source, 0) AS unit_source_concept_id,
  CAST(t.value AS VARCHAR) AS value_source_value,
  CAST(NULL AS BIGINT) AS measurement_event_id,
  CAST(NULL AS INT) AS meas_event_field_concept_id
FROM CODED(observation) t
LEFT JOIN omop.known u ON u.vocabulary = 'UCUM' AND u.code = t.unit
WHERE t.value IS NOT NULL
UNION ALL
SELECT
  t.id * 2 + 1,
  t.patient,
  t.concept,
  t.date,
  CAST(t.date AS TIMESTAMP),
  CAST(NULL AS VARCHAR),
  CASE t.made_by WHEN 'device' THEN 32880 ELSE 32817 END,
  0,
  t.value,
  0,
  COALESCE(u.concept, 0),
  CAST(NULL AS DOUBLE),
  CAST(NULL AS DOUBLE),
  CAST(NULL AS BIGINT),
  CAST(NULL AS BIGINT),
  CAST(NULL AS BIGINT),
  substr(t.code, 1, 50),
  t.source_concept,
  substr(t.unit, 1, 50),
  COALESCE(u.source, 0),
  CAST(t.value AS VARCHAR),
  CAST(NULL AS BIGINT),
  CAST(NULL AS INT)
FROM MEASURED(image_measurement) t
LEFT JOIN omop.known u ON u.vocabulary = 'UCUM' AND u.code = t.unit
