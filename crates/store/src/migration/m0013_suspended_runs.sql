-- Runs that wait for a human: what is asked, and what the run is continued from.
CREATE TABLE suspended_runs (
    run_id UUID PRIMARY KEY NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    user_id UUID NOT NULL,
    -- which answer it takes
    request_id TEXT NOT NULL,
    request TEXT NOT NULL,
    -- the message that shows the question
    message_id UUID,
    -- encrypted
    state TEXT NOT NULL,
    suspended_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX ix_suspended_runs_user ON suspended_runs (user_id);
CREATE INDEX ix_suspended_runs_age ON suspended_runs (suspended_at);
