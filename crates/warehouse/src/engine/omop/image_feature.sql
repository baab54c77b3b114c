SELECT
  t.id AS image_feature_id,
  t.patient AS person_id,
  s.id AS image_occurrence_id,
  1147330 AS image_feature_event_field_concept_id,
  t.id * 2 + 1 AS image_feature_event_id,
  t.concept AS image_feature_concept_id,
  CASE t.made_by WHEN 'device' THEN 32880 ELSE 32817 END AS image_feature_type_concept_id,
  t.finding_concept AS image_finding_concept_id,
  MIN(t.id) OVER (PARTITION BY t.patient, COALESCE(t.tracking_uid, CAST(t.id AS VARCHAR))) AS image_finding_id,
  t.site_concept AS anatomic_site_concept_id,
  t.algorithm AS alg_system,
  CAST(NULL AS TIMESTAMP) AS alg_datetime
FROM MEASURED(image_measurement) t
JOIN series s ON s.series_uid = t.series_uid AND s.patient = t.patient
