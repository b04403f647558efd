-- What the secretariat is reminded of: the draft is ready, a source does not answer, a run was missed.
-- A row is one matter from when it began; it ends when there is nothing to remind of any more.
CREATE TABLE reminder (
    kind      TEXT NOT NULL CHECK (kind IN ('draft', 'source', 'job', 'missed')),
    subject   TEXT NOT NULL,
    since     TEXT NOT NULL,
    says      TEXT NOT NULL,
    mailed_at TEXT,
    ended_at  TEXT,
    PRIMARY KEY (kind, subject, since)
) STRICT;
CREATE INDEX reminder_open ON reminder (since) WHERE ended_at IS NULL;
