SELECT
  t.id AS note_nlp_id,
  t.report AS note_id,
  0 AS section_concept_id,
  CAST(NULL AS VARCHAR) AS snippet,
  CAST(NULL AS VARCHAR) AS "offset",
  substr(t.finding, 1, 250) AS lexical_variant,
  0 AS note_nlp_concept_id,
  0 AS note_nlp_source_concept_id,
  'Isocenter' AS nlp_system,
  t.date AS nlp_date,
  CAST(t.date AS TIMESTAMP) AS nlp_datetime,
  CASE t.assertion WHEN 'absent' THEN 'N' ELSE 'Y' END AS term_exists,
  substr(t.temporality, 1, 50) AS term_temporal,
  concat_ws(';', 'assertion=' || t.assertion, 'subject=' || t.experiencer, 'laterality=' || t.laterality,
    'location=' || replace(btrim(t.location, '|'), '|', ','), 'severity=' || t.severity,
    'size=' || CAST(t.size AS VARCHAR) || ' mm') AS term_modifiers
FROM PLAIN(finding) t
