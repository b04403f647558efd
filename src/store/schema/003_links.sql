-- Derived: by which names a work may be named by others (offers), and which names it carries itself
-- (seeks). One that seeks what another offers may be linked to it, whichever came first.
CREATE TABLE link_key (
    key     TEXT NOT NULL,
    role    TEXT NOT NULL CHECK (role IN ('offers', 'seeks')),
    work_id TEXT NOT NULL REFERENCES work (id),
    PRIMARY KEY (key, role, work_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX link_key_by_work ON link_key (work_id);
