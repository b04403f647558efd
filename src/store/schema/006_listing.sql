-- What people were shown: which papers a month's drafts listed, each as it was listed first. Truth, not
-- derived: scores, rules and texts change later, so nobody could work out again what stood where on the
-- day when somebody chose. `rebuild` leaves it alone.

CREATE TABLE listing (
    month    TEXT NOT NULL,
    work     TEXT NOT NULL,            -- work id as it was called then; readers resolve it
    part     TEXT NOT NULL CHECK (part IN ('item', 'more', 'candidate', 'question')),
    section  TEXT NOT NULL,            -- working group it stood under or would go to; empty for none
    score    REAL NOT NULL,
    place    INTEGER NOT NULL,         -- by score, from 1
    shown    INTEGER NOT NULL,         -- within its part as it was shown, from 1
    by_lot   INTEGER NOT NULL CHECK (by_lot IN (0, 1)),
    sources  TEXT NOT NULL,            -- JSON list of source ids
    first_at TEXT NOT NULL,
    PRIMARY KEY (month, work)
) STRICT, WITHOUT ROWID;

-- Out of how many papers a month's last draft was made: what was not listed counts as well.
CREATE TABLE listing_month (
    month      TEXT PRIMARY KEY,
    considered INTEGER NOT NULL,       -- in scope or in doubt
    in_scope   INTEGER NOT NULL,
    at         TEXT NOT NULL
) STRICT;
