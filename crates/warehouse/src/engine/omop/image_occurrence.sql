SELECT
  t.id AS image_occurrence_id,
  t.patient AS person_id,
  t.exam * 2 + 1 AS procedure_occurrence_id,
  CAST(NULL AS BIGINT) AS visit_occurrence_id,
  0 AS anatomic_site_concept_id,
  '/dicomweb/studies/' || e.study_uid || '/series/' || t.series_uid AS wadors_uri,
  '' AS local_path,
  t.date AS image_occurrence_date,
  e.study_uid AS image_study_uid,
  t.series_uid AS image_series_uid,
  COALESCE(m.concept, 0) AS modality_concept_id,
  t.modality AS modality_source_value,
  t.body_part AS anatomic_site_source_value
FROM PLAIN(series) t JOIN exam e ON e.exam = t.exam
LEFT JOIN omop.known m ON m.vocabulary = 'DICOM' AND m.code = t.modality
