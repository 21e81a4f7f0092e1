ALTER TABLE transactions ADD COLUMN display_name TEXT;
ALTER TABLE transactions ADD COLUMN duration_ms BIGINT;
ALTER TABLE transactions ADD COLUMN usage TEXT;
