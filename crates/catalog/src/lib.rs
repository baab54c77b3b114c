//! `catalog` — What is on the shelves: patients, exams, series, instances and all attributes.
