SELECT
  patient AS observation_period_id,
  patient AS person_id,
  CAST(MIN(first) AS DATE) AS observation_period_start_date,
  CAST(MAX(last) AS DATE) AS observation_period_end_date,
  32817 AS period_type_concept_id
FROM (
  SELECT patient, day AS first, day AS last FROM exam
  UNION ALL SELECT patient, day AS first, day AS last FROM "order"
  UNION ALL SELECT patient, day AS first, day AS last FROM report
  UNION ALL SELECT patient, day AS first, COALESCE(end_day, day) AS last FROM encounter
  UNION ALL SELECT patient, day AS first, day AS last FROM condition
  UNION ALL SELECT patient, day AS first, COALESCE(end_day, day) AS last FROM procedure
  UNION ALL SELECT patient, day AS first, day AS last FROM medication
  UNION ALL SELECT patient, day AS first, day AS last FROM observation
) happened
WHERE first IS NOT NULL AND patient IN (SELECT patient FROM patient WHERE birth_year IS NOT NULL)
GROUP BY patient
