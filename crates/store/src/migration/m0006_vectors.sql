-- A collection is what is searched together: a knowledge base, a memory, or the store of a node.
CREATE TABLE vector_collections (
    id UUID PRIMARY KEY NOT NULL,
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    -- 0 until the first vector is there
    dimensions BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX ux_vector_collections_name ON vector_collections (user_id, kind, name);

CREATE TABLE knowledge_bases (
    -- that of its collection
    id UUID PRIMARY KEY NOT NULL REFERENCES vector_collections (id) ON DELETE CASCADE,
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    embedding_provider TEXT NOT NULL,
    embedding_model TEXT NOT NULL,
    chunk_size BIGINT NOT NULL,
    chunk_overlap BIGINT NOT NULL,
    separator TEXT,
    column_config TEXT NOT NULL,
    -- 'empty', 'ingesting', 'ready', 'failed'
    status TEXT NOT NULL,
    failure_reason TEXT,
    last_job_id UUID,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX ux_knowledge_bases_name ON knowledge_bases (user_id, name);

CREATE TABLE ingestion_runs (
    id UUID PRIMARY KEY NOT NULL,
    knowledge_base_id UUID NOT NULL REFERENCES knowledge_bases (id) ON DELETE CASCADE,
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    job_id UUID NOT NULL,
    source_type TEXT NOT NULL,
    source_name TEXT NOT NULL,
    -- 'queued', 'running', 'succeeded', 'failed', 'cancelled'
    status TEXT NOT NULL,
    error_message TEXT,
    total_items BIGINT NOT NULL,
    succeeded BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    skipped BIGINT NOT NULL,
    total_bytes BIGINT NOT NULL,
    chunks_created BIGINT NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    finished_at TIMESTAMPTZ,
    user_metadata TEXT NOT NULL,
    source_config TEXT NOT NULL,
    items TEXT NOT NULL
);
CREATE INDEX ix_ingestion_runs_base ON ingestion_runs (knowledge_base_id, started_at);
CREATE INDEX ix_ingestion_runs_status ON ingestion_runs (status);
