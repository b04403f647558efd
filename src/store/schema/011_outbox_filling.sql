-- A fourth state between made and filled: the tool was about to be asked to put the email into the draft, so that whoever
-- was cut off there looks before writing. A check of a column cannot be changed in place.
CREATE TABLE outbox_new (
    tool        TEXT NOT NULL,
    month       TEXT NOT NULL,
    fingerprint TEXT NOT NULL,         -- publish::Letter: of the email and of the list it is for
    state       TEXT NOT NULL CHECK (state IN ('intended', 'made', 'filling', 'filled')),
    campaign    TEXT NOT NULL,         -- the tool's id; empty while it is only intended
    at          TEXT NOT NULL,
    PRIMARY KEY (tool, month, fingerprint)
) STRICT;
INSERT INTO outbox_new SELECT tool, month, fingerprint, state, campaign, at FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_new RENAME TO outbox;
