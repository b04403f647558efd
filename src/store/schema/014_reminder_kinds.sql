-- Of what people are reminded is for the program to know: a new kind needs no new table any more.
CREATE TABLE reminder_of_any_kind (
    kind      TEXT NOT NULL,
    subject   TEXT NOT NULL,
    since     TEXT NOT NULL,
    says      TEXT NOT NULL,
    mailed_at TEXT,
    ended_at  TEXT,
    PRIMARY KEY (kind, subject, since)
) STRICT;
INSERT INTO reminder_of_any_kind SELECT kind, subject, since, says, mailed_at, ended_at FROM reminder;
DROP TABLE reminder;
ALTER TABLE reminder_of_any_kind RENAME TO reminder;
CREATE INDEX reminder_open ON reminder (since) WHERE ended_at IS NULL;
