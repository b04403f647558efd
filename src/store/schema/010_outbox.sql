-- What was placed, or was about to be placed, in a mailing tool: noted before the tool is asked, so that a run that is
-- cut short is known, and the next one looks for what it made before it makes anything.
CREATE TABLE outbox (
    tool        TEXT NOT NULL,
    month       TEXT NOT NULL,
    fingerprint TEXT NOT NULL,         -- publish::Letter: of the email and of the list it is for
    state       TEXT NOT NULL CHECK (state IN ('intended', 'made', 'filled')),
    campaign    TEXT NOT NULL,         -- the tool's id; empty while it is only intended
    at          TEXT NOT NULL,
    PRIMARY KEY (tool, month, fingerprint)
) STRICT;
