SELECT
  t.id AS note_id,
  t.patient AS person_id,
  t.date AS note_date,
  CAST(t.date AS TIMESTAMP) AS note_datetime,
  32817 AS note_type_concept_id,
  0 AS note_class_concept_id,
  substr(t.title, 1, 250) AS note_title,
  -- Facts hold no text.
  '' AS note_text,
  32678 AS encoding_concept_id,
  0 AS language_concept_id,
  CAST(NULL AS BIGINT) AS provider_id,
  CAST(NULL AS BIGINT) AS visit_occurrence_id,
  CAST(NULL AS BIGINT) AS visit_detail_id,
  substr(t.status, 1, 50) AS note_source_value,
  -- The exam's procedure; 1147082 is the field procedure_occurrence.procedure_occurrence_id.
  t.exam * 2 + 1 AS note_event_id,
  CASE WHEN t.exam IS NOT NULL THEN CAST(1147082 AS INT) END AS note_event_field_concept_id
FROM PLAIN(report) t
