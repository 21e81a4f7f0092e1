-- One text for SQLite and PostgreSQL: SQLite keeps these type names as they are and stores uuids as
-- 16-byte blobs, times as RFC 3339 text in UTC (which sorts as it reads), booleans as 0 and 1.
-- JSON is TEXT on both, so that what was saved comes back byte for byte.
--
-- A wide text that light reads do not want (`flows.data`) stands last in its table: SQLite then never
-- walks its overflow pages for them.

CREATE TABLE users (
    id UUID PRIMARY KEY NOT NULL,
    username TEXT NOT NULL,
    -- the name in lower case, made by the program: the two databases do not agree on lower()
    username_key TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    profile_image TEXT,
    store_api_key TEXT,
    is_active BOOLEAN NOT NULL,
    is_superuser BOOLEAN NOT NULL,
    optins TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    last_login_at TIMESTAMPTZ,
    retired_at TIMESTAMPTZ
);
CREATE UNIQUE INDEX ux_users_username_key ON users (username_key);

CREATE TABLE sessions (
    id UUID PRIMARY KEY NOT NULL,
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    origin TEXT NOT NULL,
    refresh_hash TEXT NOT NULL,
    previous_refresh_hash TEXT,
    rotated_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    last_seen_at TIMESTAMPTZ NOT NULL,
    user_agent TEXT,
    ip TEXT
);
CREATE UNIQUE INDEX ux_sessions_refresh_hash ON sessions (refresh_hash);
CREATE INDEX ix_sessions_previous ON sessions (previous_refresh_hash);
CREATE INDEX ix_sessions_user ON sessions (user_id);
CREATE INDEX ix_sessions_expires ON sessions (expires_at);

CREATE TABLE api_keys (
    id UUID PRIMARY KEY NOT NULL,
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name TEXT,
    key_hash TEXT NOT NULL,
    prefix TEXT NOT NULL,
    last4 TEXT NOT NULL,
    is_active BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ,
    last_used_at TIMESTAMPTZ,
    total_uses BIGINT NOT NULL,
    scopes TEXT,
    limit_per_minute BIGINT,
    limit_per_day BIGINT,
    rolled_from UUID
);
CREATE UNIQUE INDEX ux_api_keys_key_hash ON api_keys (key_hash);
CREATE INDEX ix_api_keys_user ON api_keys (user_id, created_at);

CREATE TABLE variables (
    id UUID PRIMARY KEY NOT NULL,
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    default_fields TEXT NOT NULL,
    category TEXT,
    is_environment_managed BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX ux_variables_user_name ON variables (user_id, name);

CREATE TABLE projects (
    id UUID PRIMARY KEY NOT NULL,
    user_id UUID REFERENCES users (id) ON DELETE CASCADE,
    parent_id UUID REFERENCES projects (id) ON DELETE SET NULL,
    name TEXT NOT NULL,
    description TEXT,
    auth_settings TEXT,
    is_default BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX ux_projects_user_name ON projects (user_id, name);
CREATE INDEX ix_projects_parent ON projects (parent_id);

CREATE TABLE flows (
    id UUID PRIMARY KEY NOT NULL,
    user_id UUID REFERENCES users (id) ON DELETE CASCADE,
    project_id UUID REFERENCES projects (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    description TEXT,
    icon TEXT,
    icon_bg_color TEXT,
    gradient TEXT,
    is_component BOOLEAN NOT NULL,
    webhook BOOLEAN NOT NULL,
    endpoint_name TEXT,
    tags TEXT,
    locked BOOLEAN,
    mcp_enabled BOOLEAN,
    action_name TEXT,
    action_description TEXT,
    access_type TEXT NOT NULL,
    flow_type TEXT NOT NULL,
    a2a_enabled BOOLEAN NOT NULL,
    a2a_card_overrides TEXT,
    fs_path TEXT,
    name_key TEXT,
    version_token UUID,
    last_modified_by UUID,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    data TEXT
);
CREATE UNIQUE INDEX ux_flows_user_name ON flows (user_id, name);
CREATE UNIQUE INDEX ux_flows_user_endpoint ON flows (user_id, endpoint_name);
CREATE INDEX ix_flows_project ON flows (project_id, user_id, updated_at);
CREATE INDEX ix_flows_user_updated ON flows (user_id, updated_at);

CREATE TABLE flow_versions (
    id UUID PRIMARY KEY NOT NULL,
    flow_id UUID NOT NULL REFERENCES flows (id) ON DELETE CASCADE,
    user_id UUID REFERENCES users (id) ON DELETE SET NULL,
    version_number INTEGER NOT NULL,
    description TEXT,
    retained BOOLEAN NOT NULL,
    retained_reason TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    data TEXT
);
CREATE UNIQUE INDEX ux_flow_versions_number ON flow_versions (flow_id, version_number);
CREATE INDEX ix_flow_versions_user ON flow_versions (user_id);

-- The tables of runs have no foreign keys: a shared flow is run under an id of its own that has no row,
-- and the hot path does not pay for the look-ups. Deleting a flow or a user deletes their rows.
CREATE TABLE messages (
    id UUID PRIMARY KEY NOT NULL,
    user_id UUID,
    flow_id UUID,
    run_id UUID,
    session_id TEXT NOT NULL,
    context_id TEXT,
    timestamp TIMESTAMPTZ NOT NULL,
    sender TEXT NOT NULL,
    sender_name TEXT NOT NULL,
    text TEXT NOT NULL,
    files TEXT NOT NULL,
    error BOOLEAN NOT NULL,
    edit BOOLEAN NOT NULL,
    is_output BOOLEAN NOT NULL,
    category TEXT NOT NULL,
    duration DOUBLE PRECISION,
    properties TEXT NOT NULL,
    content_blocks TEXT NOT NULL,
    session_metadata TEXT
);
-- Every question names the user; standing here too, it makes SQLite take the narrowest index.
CREATE INDEX ix_messages_session ON messages (session_id, user_id, flow_id, timestamp);
-- Grows at the end of each flow only, and lists the sessions of a flow without reading the messages.
CREATE INDEX ix_messages_flow ON messages (flow_id, user_id, timestamp, session_id);
CREATE INDEX ix_messages_user ON messages (user_id, timestamp);

CREATE TABLE runs (
    id UUID PRIMARY KEY NOT NULL,
    user_id UUID,
    flow_id UUID NOT NULL,
    session_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    -- the start of a server process that the run belongs to
    boot_id UUID NOT NULL,
    api_key_id UUID,
    created_at TIMESTAMPTZ NOT NULL,
    started_at TIMESTAMPTZ,
    finished_at TIMESTAMPTZ,
    input_tokens BIGINT NOT NULL,
    output_tokens BIGINT NOT NULL,
    total_tokens BIGINT NOT NULL,
    error TEXT,
    input TEXT,
    result TEXT
);
CREATE INDEX ix_runs_user ON runs (user_id, created_at);
CREATE INDEX ix_runs_flow ON runs (flow_id, created_at);
CREATE INDEX ix_runs_unfinished ON runs (status) WHERE finished_at IS NULL;

CREATE TABLE run_events (
    run_id UUID NOT NULL,
    seq BIGINT NOT NULL,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (run_id, seq)
);

CREATE TABLE transactions (
    id UUID PRIMARY KEY NOT NULL,
    user_id UUID,
    flow_id UUID NOT NULL,
    run_id UUID,
    session_id TEXT,
    timestamp TIMESTAMPTZ NOT NULL,
    vertex_id TEXT NOT NULL,
    target_id TEXT,
    status TEXT NOT NULL,
    error TEXT,
    inputs TEXT,
    outputs TEXT
);
CREATE INDEX ix_transactions_flow ON transactions (flow_id, timestamp);
CREATE INDEX ix_transactions_run ON transactions (run_id);

CREATE TABLE vertex_builds (
    id UUID PRIMARY KEY NOT NULL,
    user_id UUID,
    flow_id UUID NOT NULL,
    run_id UUID,
    vertex_id TEXT NOT NULL,
    timestamp TIMESTAMPTZ NOT NULL,
    valid BOOLEAN NOT NULL,
    params TEXT,
    data TEXT,
    artifacts TEXT
);
CREATE INDEX ix_vertex_builds_flow ON vertex_builds (flow_id, vertex_id, timestamp);

CREATE TABLE files (
    id UUID PRIMARY KEY NOT NULL,
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    path TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    provider TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX ux_files_user_name ON files (user_id, name);
CREATE UNIQUE INDEX ux_files_path ON files (path);

CREATE TABLE audit (
    seq BIGINT PRIMARY KEY NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    actor_id UUID,
    actor TEXT NOT NULL,
    credential TEXT,
    action TEXT NOT NULL,
    object_kind TEXT NOT NULL,
    object_id TEXT,
    outcome TEXT NOT NULL,
    ip TEXT,
    request_id TEXT,
    details TEXT,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE INDEX ix_audit_at ON audit (at);
CREATE INDEX ix_audit_actor ON audit (actor_id, seq);
CREATE INDEX ix_audit_object ON audit (object_kind, object_id, seq);

CREATE TABLE settings (
    key TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);
