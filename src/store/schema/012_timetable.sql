-- When jobs are due and what came of them. A row is one due moment of one job, so that none is
-- planned or done twice: 'planned' waits for its moment, 'running' was begun, 'failed' waits for
-- not_before, 'done' is over, 'joined' was left to a later run of the same job, and 'missed' was
-- never done. A row may speak for several moments, the last of which it has.
CREATE TABLE job_new (
    name        TEXT NOT NULL,
    due         TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('planned', 'running', 'failed', 'done', 'joined', 'missed')),
    moments     INTEGER NOT NULL DEFAULT 1,
    tries       INTEGER NOT NULL DEFAULT 0,
    not_before  TEXT,
    started_at  TEXT,
    finished_at TEXT,
    outcome     TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (name, due)
) STRICT;
INSERT INTO job_new (name, due, state, tries, started_at, finished_at, outcome)
    SELECT name, due, iif(finished_at IS NULL, 'running', 'done'), 1, started_at, finished_at, outcome FROM job;
DROP TABLE job;
ALTER TABLE job_new RENAME TO job;
CREATE INDEX job_open ON job (state) WHERE state IN ('planned', 'running', 'failed');
