-- A draft that is being written: noted before its file is, and taken away with the commit that follows. When
-- the disk is full or the machine stops in between, this row tells which of the two texts the file is, so that
-- what the machine removed is never taken for what a person removed.
CREATE TABLE draft_pending (
    month      TEXT PRIMARY KEY,
    before     TEXT NOT NULL,          -- SHA-256 of the file as it was; empty for none
    after      TEXT NOT NULL,          -- SHA-256 of the file as it is to be
    base       TEXT NOT NULL,          -- the base that belongs to it
    written_at TEXT NOT NULL
) STRICT;
