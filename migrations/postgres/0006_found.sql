-- How often a step had to be done again because rows were found behind it.
ALTER TABLE erasure_steps ADD COLUMN reopened BIGINT NOT NULL DEFAULT 0;
