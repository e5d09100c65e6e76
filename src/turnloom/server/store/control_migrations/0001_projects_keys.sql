-- Projects and the keys that open them. Portable between SQLite and PostgreSQL; times are
-- microseconds since 1970, UTC.

CREATE TABLE projects
(
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    created_us BIGINT NOT NULL
);

-- Of a secret only its SHA-256 is kept. A revoked key stays, so that its last use can be seen.
CREATE TABLE keys
(
    public TEXT PRIMARY KEY,
    secret_sha256 TEXT NOT NULL UNIQUE,
    project TEXT NOT NULL REFERENCES projects (id),
    kind TEXT NOT NULL,
    note TEXT NOT NULL,
    created_us BIGINT NOT NULL,
    last_used_us BIGINT,
    revoked_us BIGINT
);

CREATE INDEX keys_by_project ON keys (project);
