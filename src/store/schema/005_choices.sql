-- What people said of a paper's place in an issue: keep, maybe, drop, or taken back ('undo'); and what a
-- rendered draft shows was passed over. Every row stays; the newest on a record counts. Like a word on a
-- tag it speaks of the records that the paper had when it was said, so it goes with them wherever they
-- are joined or parted.

CREATE TABLE choice (
    number INTEGER PRIMARY KEY,        -- counted up: a later one has a higher one
    choice TEXT NOT NULL CHECK (choice IN ('keep', 'maybe', 'drop', 'passed', 'undo')),
    month  TEXT,                       -- of the issue that it was said for
    work   TEXT NOT NULL,              -- id and title of the paper as they stood
    title  TEXT NOT NULL,
    who    TEXT NOT NULL,
    at     TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT;

CREATE TABLE choice_record (
    record INTEGER NOT NULL REFERENCES member (number),
    choice INTEGER NOT NULL REFERENCES choice (number),
    PRIMARY KEY (record, choice)
) STRICT, WITHOUT ROWID;
CREATE INDEX choice_record_by_choice ON choice_record (choice);
