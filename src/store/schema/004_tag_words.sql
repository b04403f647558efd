-- What people said of a paper's tags. Every word stays; the newest on a record and a slot counts. Like a
-- verdict it speaks of the records that the paper had when it was said, so it goes with them wherever
-- they are joined or parted.

CREATE TABLE tag_word (
    number INTEGER PRIMARY KEY,        -- counted up: a later word has a higher one
    slot   TEXT NOT NULL,              -- what a later word takes the place of: a facet, or facet:value
    facet  TEXT NOT NULL,
    value  TEXT NOT NULL,
    action TEXT NOT NULL CHECK (action IN ('add', 'remove', 'undo')),
    work   TEXT NOT NULL,              -- id and title of the paper as they stood
    title  TEXT NOT NULL,
    who    TEXT NOT NULL,
    at     TEXT NOT NULL,
    note   TEXT NOT NULL
) STRICT;

CREATE TABLE tag_word_record (
    record INTEGER NOT NULL REFERENCES member (number),
    word   INTEGER NOT NULL REFERENCES tag_word (number),
    PRIMARY KEY (record, word)
) STRICT, WITHOUT ROWID;
CREATE INDEX tag_word_record_by_word ON tag_word_record (word);

-- Of the words so far only those on scope were ever written; the slots of the others follow the rule.
INSERT INTO tag_word (slot, facet, value, action, work, title, who, at, note)
    SELECT CASE WHEN facet IN ('scope', 'design', 'primary', 'finding') THEN facet ELSE facet || ':' || value END,
        facet, value, action, work_id, '', who, at, '' FROM tag_override ORDER BY at, work_id, facet, value;
INSERT OR IGNORE INTO tag_word_record (record, word)
    SELECT m.number, t.number FROM tag_word t JOIN member m ON m.work_id = t.work
    UNION SELECT w.founder, t.number FROM tag_word t JOIN work w ON w.id = t.work WHERE w.founder IS NOT NULL;
DROP TABLE tag_override;
