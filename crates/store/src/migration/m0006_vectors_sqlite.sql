-- The vector stands last: a search by words never walks its overflow pages.
CREATE TABLE vector_chunks (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    collection_id UUID NOT NULL REFERENCES vector_collections (id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    content TEXT NOT NULL,
    metadata TEXT NOT NULL,
    characters BIGINT NOT NULL,
    words BIGINT NOT NULL,
    -- little-endian 32-bit floats, scaled to length 1
    embedding BLOB NOT NULL
);
CREATE UNIQUE INDEX ux_vector_chunks_id ON vector_chunks (collection_id, id);
CREATE INDEX ix_vector_chunks_collection ON vector_chunks (collection_id, seq);

CREATE VIRTUAL TABLE vector_words USING fts5 (content, content = 'vector_chunks', content_rowid = 'seq');
CREATE TRIGGER vector_chunks_added AFTER INSERT ON vector_chunks BEGIN
    INSERT INTO vector_words (rowid, content) VALUES (new.seq, new.content);
END;
CREATE TRIGGER vector_chunks_gone AFTER DELETE ON vector_chunks BEGIN
    INSERT INTO vector_words (vector_words, rowid, content) VALUES ('delete', old.seq, old.content);
END;
