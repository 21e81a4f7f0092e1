-- What a flow remembers of its conversations.
CREATE TABLE memory_bases (
    -- that of its collection
    id UUID PRIMARY KEY NOT NULL REFERENCES vector_collections (id) ON DELETE CASCADE,
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    flow_id UUID NOT NULL REFERENCES flows (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    -- that of its collection
    store_name TEXT NOT NULL,
    -- runs of a session until it is taken in
    threshold BIGINT NOT NULL,
    auto_capture BOOLEAN NOT NULL,
    embedding_provider TEXT NOT NULL,
    embedding_model TEXT NOT NULL,
    -- a model writes down what is worth keeping
    preprocessing BOOLEAN NOT NULL,
    preproc_provider TEXT,
    preproc_model TEXT,
    preproc_instructions TEXT,
    preproc_kill_phrase TEXT,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX ux_memory_bases_name ON memory_bases (user_id, name);
CREATE INDEX ix_memory_bases_flow ON memory_bases (flow_id, user_id);

CREATE TABLE memory_sessions (
    id UUID PRIMARY KEY NOT NULL,
    memory_base_id UUID NOT NULL REFERENCES memory_bases (id) ON DELETE CASCADE,
    session_id TEXT NOT NULL,
    -- the last message that was taken in
    cursor_id UUID,
    -- messages taken in
    total_processed BIGINT NOT NULL,
    -- runs since then
    pending_runs BIGINT NOT NULL,
    last_sync_at TIMESTAMPTZ
);
CREATE UNIQUE INDEX ux_memory_sessions_session ON memory_sessions (memory_base_id, session_id);

-- One row for each message that was taken in.
CREATE TABLE memory_entries (
    memory_base_id UUID NOT NULL REFERENCES memory_bases (id) ON DELETE CASCADE,
    message_id UUID NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    session_id TEXT NOT NULL,
    job_id UUID NOT NULL,
    -- chunks are '<message id>:<number>'; 0 where a note stands for the message
    chunks BIGINT NOT NULL,
    ingested_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (memory_base_id, message_id)
);
CREATE INDEX ix_memory_entries_session ON memory_entries (memory_base_id, session_id);
CREATE INDEX ix_memory_entries_message ON memory_entries (message_id);

-- What a model wrote down of some messages.
CREATE TABLE memory_notes (
    id UUID PRIMARY KEY NOT NULL,
    memory_base_id UUID NOT NULL REFERENCES memory_bases (id) ON DELETE CASCADE,
    session_id TEXT NOT NULL,
    job_id UUID NOT NULL,
    text TEXT NOT NULL,
    -- chunks are '<note id>:<number>'
    chunks BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX ix_memory_notes_session ON memory_notes (memory_base_id, session_id);

CREATE TABLE memory_runs (
    -- that of its job
    id UUID PRIMARY KEY NOT NULL,
    memory_base_id UUID NOT NULL REFERENCES memory_bases (id) ON DELETE CASCADE,
    session_id TEXT NOT NULL,
    -- 'queued', 'running', 'succeeded', 'failed', 'cancelled'
    status TEXT NOT NULL,
    error_message TEXT,
    total_messages BIGINT NOT NULL,
    done_messages BIGINT NOT NULL,
    chunks_created BIGINT NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    finished_at TIMESTAMPTZ
);
CREATE INDEX ix_memory_runs_base ON memory_runs (memory_base_id, started_at);
CREATE INDEX ix_memory_runs_status ON memory_runs (status);
