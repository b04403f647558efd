-- What was fetched, byte for byte. Append-only: reprocessing never asks a source again.
CREATE TABLE payload (
    id         INTEGER PRIMARY KEY,
    sha256     TEXT NOT NULL,
    source     TEXT NOT NULL,
    url        TEXT NOT NULL,
    fetched_at TEXT NOT NULL,
    kind       TEXT NOT NULL,          -- JSON of model::PayloadKind
    size       INTEGER NOT NULL,       -- bytes before compression
    body       BLOB NOT NULL,          -- zstd
    UNIQUE (source, url, sha256)
) STRICT;

-- What one source said once. Append-only: a changed text is a new version.
CREATE TABLE record (
    source    TEXT NOT NULL,
    native_id TEXT NOT NULL,
    version   INTEGER NOT NULL,
    payload   INTEGER REFERENCES payload (id),
    seen_at   TEXT NOT NULL,
    hash      TEXT NOT NULL,
    body      TEXT NOT NULL,           -- JSON of model::Record
    PRIMARY KEY (source, native_id, version)
) STRICT;

-- Identity over time. A work that was joined to another stays as a redirect for ever.
CREATE TABLE work (
    id       TEXT PRIMARY KEY,
    born     INTEGER NOT NULL UNIQUE,  -- order of first sight; the older work keeps its id
    redirect TEXT REFERENCES work (id),
    revision INTEGER NOT NULL          -- store revision at which readers' view of it last changed
) STRICT;
CREATE INDEX work_by_revision ON work (revision);

CREATE TABLE member (
    source     TEXT NOT NULL,
    native_id  TEXT NOT NULL,
    work_id    TEXT NOT NULL REFERENCES work (id),
    arrival    INTEGER NOT NULL UNIQUE,
    reason     TEXT NOT NULL,          -- why it was attached, for people
    deleted_at TEXT,                   -- when its source withdrew it
    PRIMARY KEY (source, native_id)
) STRICT;
CREATE INDEX member_by_work ON member (work_id);

-- The persisted union-find. A DOI under several titles is a container, so several works may share it.
CREATE TABLE identifier (
    kind    TEXT NOT NULL,
    value   TEXT NOT NULL,
    work_id TEXT NOT NULL REFERENCES work (id),
    PRIMARY KEY (kind, value, work_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX identifier_by_work ON identifier (work_id);

CREATE TABLE block (
    key     TEXT NOT NULL,
    work_id TEXT NOT NULL REFERENCES work (id),
    PRIMARY KEY (key, work_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX block_by_work ON block (work_id);

-- Pairs that may be one study: a person decides.
CREATE TABLE maybe_pair (
    a         TEXT NOT NULL REFERENCES work (id),
    b         TEXT NOT NULL REFERENCES work (id),
    reasons   TEXT NOT NULL,           -- JSON list
    opened_at TEXT NOT NULL,
    PRIMARY KEY (a, b)
) STRICT;

-- Truth that people told us. It outranks every later opinion of the machine.
CREATE TABLE verdict (
    a      TEXT NOT NULL,
    b      TEXT NOT NULL,
    answer TEXT NOT NULL CHECK (answer IN ('same', 'different')),
    who    TEXT NOT NULL,
    at     TEXT NOT NULL,
    PRIMARY KEY (a, b)
) STRICT;

CREATE TABLE tag_override (
    work_id TEXT NOT NULL,
    facet   TEXT NOT NULL,
    value   TEXT NOT NULL,
    action  TEXT NOT NULL CHECK (action IN ('add', 'remove')),
    who     TEXT NOT NULL,
    at      TEXT NOT NULL,
    PRIMARY KEY (work_id, facet, value)
) STRICT;

CREATE TABLE decision (
    month   TEXT NOT NULL,
    id      TEXT NOT NULL,             -- key of the question, as in the draft file
    answer  TEXT NOT NULL,
    at      TEXT NOT NULL,
    PRIMARY KEY (month, id)
) STRICT;

-- Derived: the folded work, its relations, its judgement. Can be deleted and rebuilt.
CREATE TABLE work_view (
    work_id TEXT PRIMARY KEY REFERENCES work (id),
    hash    TEXT NOT NULL,
    body    TEXT NOT NULL              -- JSON of model::Work
) STRICT;

CREATE TABLE relation (
    work_id     TEXT NOT NULL REFERENCES work (id),
    kind        TEXT NOT NULL,
    target_kind TEXT NOT NULL,         -- pmid, doi or work
    target      TEXT NOT NULL,
    PRIMARY KEY (work_id, kind, target_kind, target)
) STRICT, WITHOUT ROWID;
CREATE INDEX relation_by_target ON relation (target_kind, target);

CREATE TABLE judgement (
    work_id    TEXT PRIMARY KEY REFERENCES work (id),
    rules_hash TEXT NOT NULL,
    body       TEXT NOT NULL           -- JSON of model::Judgement
) STRICT;

-- The ledger of issues: what was rendered, and what went into each.
CREATE TABLE issue (
    month       TEXT PRIMARY KEY,
    rendered_at TEXT NOT NULL,
    manifest    TEXT NOT NULL,         -- SHA-256 of manifest.json
    body        TEXT NOT NULL          -- JSON of model::Issue: what was sent stays as it was
) STRICT;

CREATE TABLE issue_item (
    month    TEXT NOT NULL REFERENCES issue (month),
    work_id  TEXT NOT NULL,
    section  TEXT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (month, work_id)
) STRICT;
CREATE INDEX issue_item_by_work ON issue_item (work_id);

-- What the machine last wrote into a draft, and every text of it that was ever seen.
CREATE TABLE draft_base (
    month      TEXT PRIMARY KEY,
    text       TEXT NOT NULL,
    written_at TEXT NOT NULL
) STRICT;

CREATE TABLE draft_copy (
    month   TEXT NOT NULL,
    sha256  TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    text    TEXT NOT NULL,
    PRIMARY KEY (month, sha256)
) STRICT;

CREATE TABLE source_state (
    source TEXT PRIMARY KEY,
    body   TEXT NOT NULL               -- JSON of model::SourceState
) STRICT;

CREATE TABLE job (
    name        TEXT NOT NULL,
    due         TEXT NOT NULL,
    started_at  TEXT NOT NULL,
    finished_at TEXT,
    outcome     TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (name, due)
) STRICT;

CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
INSERT INTO meta (key, value) VALUES ('revision', '0'), ('next', '1');
