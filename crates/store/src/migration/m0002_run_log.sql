-- Old events are found by their age.
CREATE INDEX ix_run_events_created ON run_events (created_at);

-- What a caller names a background run, so that the same request sent twice starts one run.
ALTER TABLE runs ADD COLUMN idempotency_key TEXT;
CREATE UNIQUE INDEX ux_runs_idempotency ON runs (user_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
