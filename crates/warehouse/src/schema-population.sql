-- The recipe of the invented population: its facts are made from it. At most one row. The seed is a number of 64 bits.
CREATE TABLE fact_population (patients BIGINT NOT NULL, pictured BIGINT NOT NULL, seed BIGINT NOT NULL);
