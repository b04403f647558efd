-- Papers that a month's drafts could have listed and did not, as far as no draft of the month listed them:
-- papers leave (dropped, sent) and come between two drafts, so neither draft's own count holds them all.
-- Truth like what was listed.

CREATE TABLE listing_other (
    month    TEXT NOT NULL,
    work     TEXT NOT NULL,            -- work id as it was called then; readers resolve it
    in_scope INTEGER NOT NULL CHECK (in_scope IN (0, 1)), -- 0: in doubt or a near-duplicate in every draft
    PRIMARY KEY (month, work)
) STRICT, WITHOUT ROWID;
