-- Identity hangs on records: a work is a group of records, and its id stays with the record that
-- founded it. Names, keys and likenesses belong to records, so nothing has to move when works join
-- or part, and what was joined can be taken apart again.

CREATE TABLE member_new (
    number     INTEGER PRIMARY KEY,    -- order of arrival
    source     TEXT NOT NULL,
    native_id  TEXT NOT NULL,
    work_id    TEXT REFERENCES work (id), -- NULL only while a record is being taken in
    deleted_at TEXT,                   -- when its source withdrew it; it still counts for identity
    UNIQUE (source, native_id)
) STRICT;
INSERT INTO member_new SELECT arrival, source, native_id, work_id, deleted_at FROM member;
DROP TABLE member;
ALTER TABLE member_new RENAME TO member;
CREATE INDEX member_by_work ON member (work_id);

-- The record that a work's id was minted for. The id means the work that holds this record, for ever.
ALTER TABLE work ADD COLUMN founder INTEGER REFERENCES member (number);
CREATE TEMP TABLE lead AS
    WITH RECURSIVE lead (id, target) AS (
        SELECT id, id FROM work WHERE redirect IS NULL
        UNION ALL SELECT w.id, l.target FROM work w JOIN lead l ON w.redirect = l.id
    ) SELECT id, target FROM lead;
UPDATE work SET
    redirect = (SELECT nullif(l.target, work.id) FROM lead l WHERE l.id = work.id),
    founder = (SELECT min(m.number) FROM lead l JOIN member m ON m.work_id = l.target WHERE l.id = work.id);
CREATE INDEX work_by_founder ON work (founder);

-- A DOI under several titles is a container, so records of several works may share it.
CREATE TABLE identifier_new (
    kind   TEXT NOT NULL,
    value  TEXT NOT NULL,
    record INTEGER NOT NULL REFERENCES member (number),
    PRIMARY KEY (kind, value, record)
) STRICT, WITHOUT ROWID;
INSERT INTO identifier_new
    SELECT i.kind, i.value, min(m.number) FROM identifier i JOIN member m ON m.work_id = i.work_id
    GROUP BY i.kind, i.value, i.work_id;
DROP TABLE identifier;
ALTER TABLE identifier_new RENAME TO identifier;
CREATE INDEX identifier_by_record ON identifier (record);

-- Derived: what makes two records worth comparing.
DROP TABLE block;
CREATE TABLE block (
    key    INTEGER NOT NULL,
    record INTEGER NOT NULL REFERENCES member (number),
    PRIMARY KEY (key, record)
) STRICT, WITHOUT ROWID;
CREATE INDEX block_by_record ON block (record);

-- Derived: two records that are one study, or may be.
DROP TABLE maybe_pair;
CREATE TABLE pair (
    a        INTEGER NOT NULL REFERENCES member (number),
    b        INTEGER NOT NULL REFERENCES member (number),
    strength INTEGER NOT NULL,         -- 1-100 how sure that they are one; 0: a person decides
    reasons  TEXT NOT NULL,            -- JSON list
    PRIMARY KEY (a, b)
) STRICT, WITHOUT ROWID;
CREATE INDEX pair_by_b ON pair (b);

-- Truth that people told us, and what was sent: every answer stays, taken back or not.
CREATE TABLE verdict_new (
    number    INTEGER PRIMARY KEY,
    answer    TEXT NOT NULL CHECK (answer IN ('same', 'different')),
    a         TEXT NOT NULL,           -- work ids and titles as they stood
    b         TEXT NOT NULL,
    title_a   TEXT NOT NULL,
    title_b   TEXT NOT NULL,
    who       TEXT NOT NULL,
    at        TEXT NOT NULL,
    note      TEXT NOT NULL,
    issue     TEXT,                    -- the month whose issue keeps these records together
    undone_at TEXT
) STRICT;
CREATE TABLE verdict_record (
    verdict INTEGER NOT NULL REFERENCES verdict_new (number),
    side    TEXT NOT NULL CHECK (side IN ('a', 'b')),
    record  INTEGER NOT NULL REFERENCES member (number),
    PRIMARY KEY (verdict, side, record)
) STRICT, WITHOUT ROWID;
INSERT INTO verdict_new (answer, a, b, title_a, title_b, who, at, note)
    SELECT answer, a, b, '', '', who, at, '' FROM verdict ORDER BY at, a, b;
INSERT INTO verdict_record
    SELECT v.number, 'a', m.number FROM verdict_new v JOIN lead l ON l.id = v.a JOIN member m ON m.work_id = l.target
    UNION SELECT v.number, 'b', m.number FROM verdict_new v JOIN lead l ON l.id = v.b JOIN member m ON m.work_id = l.target;
DROP TABLE verdict;
ALTER TABLE verdict_new RENAME TO verdict;
DROP TABLE lead;

-- Derived from the verdicts that stand: the newest word on two records.
CREATE TABLE said (
    a       INTEGER NOT NULL REFERENCES member (number),
    b       INTEGER NOT NULL REFERENCES member (number),
    answer  TEXT NOT NULL CHECK (answer IN ('same', 'different')),
    verdict INTEGER NOT NULL,
    PRIMARY KEY (a, b)
) STRICT, WITHOUT ROWID;
CREATE INDEX said_by_b ON said (b);

-- By which rules the records were last put into works; 0: they have to be compared anew.
INSERT INTO meta (key, value) VALUES ('merged-by', '0') ON CONFLICT (key) DO UPDATE SET value = '0';
