-- Every text that a month's draft had, in the order in which it was seen or written, with who wrote it and what the
-- machine had last written then: so that a file can be put back as it was, and nothing that the machine wrote
-- later is taken for what a person took out. A text is kept once, whatever it was: a draft, or a base.
CREATE TABLE draft_text (
    sha256 TEXT PRIMARY KEY,
    size   INTEGER NOT NULL,           -- bytes as it was
    body   BLOB NOT NULL               -- zstd
) STRICT;

CREATE TABLE draft_version (
    month      TEXT NOT NULL,
    number     INTEGER NOT NULL,       -- counted up from 1 in each month
    sha256     TEXT NOT NULL,
    at         TEXT NOT NULL,
    written_by TEXT NOT NULL,          -- store::DraftBy
    base       TEXT,                   -- of draft_text; empty: the machine had written none; NULL: not known
    PRIMARY KEY (month, number)
) STRICT, WITHOUT ROWID;

-- What was seen before is in draft_copy and stays there.
INSERT INTO draft_version (month, number, sha256, at, written_by, base)
    SELECT month, row_number() OVER (PARTITION BY month ORDER BY seen_at, rowid), sha256, seen_at, 'earlier', NULL
    FROM draft_copy;
