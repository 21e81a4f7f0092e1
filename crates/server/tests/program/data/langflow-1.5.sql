-- Tables of Langflow 1.5.1 on SQLite: keys in clear text, Generic variables encrypted, columns of later releases absent.
CREATE TABLE user (
    id CHAR(32) NOT NULL PRIMARY KEY,
    username VARCHAR NOT NULL,
    password VARCHAR NOT NULL,
    profile_image VARCHAR,
    is_active BOOLEAN NOT NULL,
    is_superuser BOOLEAN NOT NULL,
    create_at DATETIME NOT NULL,
    updated_at DATETIME NOT NULL,
    last_login_at DATETIME,
    store_api_key VARCHAR,
    optins JSON
);
CREATE TABLE apikey (
    name VARCHAR,
    last_used_at DATETIME,
    total_uses INTEGER NOT NULL,
    is_active BOOLEAN NOT NULL,
    id CHAR(32) NOT NULL PRIMARY KEY,
    created_at DATETIME DEFAULT (CURRENT_TIMESTAMP) NOT NULL,
    user_id CHAR(32) NOT NULL,
    api_key VARCHAR NOT NULL
);
CREATE TABLE variable (
    name VARCHAR NOT NULL,
    value VARCHAR NOT NULL,
    type VARCHAR,
    default_fields JSON,
    id CHAR(32) NOT NULL PRIMARY KEY,
    created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
    updated_at DATETIME,
    user_id CHAR(32) NOT NULL
);
CREATE TABLE folder (
    name VARCHAR NOT NULL,
    description TEXT,
    id CHAR(32) NOT NULL PRIMARY KEY,
    parent_id CHAR(32),
    user_id CHAR(32)
);
CREATE TABLE flow (
    name VARCHAR NOT NULL,
    description TEXT,
    icon VARCHAR,
    icon_bg_color VARCHAR,
    gradient VARCHAR,
    is_component BOOLEAN,
    updated_at DATETIME,
    webhook BOOLEAN,
    endpoint_name VARCHAR,
    data JSON,
    access_type VARCHAR(7) DEFAULT 'PRIVATE' NOT NULL,
    mcp_enabled BOOLEAN,
    id CHAR(32) NOT NULL PRIMARY KEY,
    user_id CHAR(32),
    tags JSON,
    locked BOOLEAN,
    folder_id CHAR(32),
    fs_path VARCHAR
);
CREATE TABLE message (
    timestamp DATETIME NOT NULL,
    sender VARCHAR NOT NULL,
    sender_name VARCHAR NOT NULL,
    session_id VARCHAR NOT NULL,
    text TEXT,
    files JSON,
    error BOOLEAN DEFAULT 0 NOT NULL,
    edit BOOLEAN DEFAULT 0 NOT NULL,
    properties JSON,
    category TEXT,
    content_blocks JSON,
    id CHAR(32) NOT NULL PRIMARY KEY,
    flow_id CHAR(32)
);
CREATE TABLE "file" (
    id CHAR(32) NOT NULL, 
    user_id CHAR(32) NOT NULL, 
    name VARCHAR NOT NULL, 
    path VARCHAR NOT NULL, 
    size INTEGER NOT NULL, 
    provider VARCHAR, 
    created_at DATETIME NOT NULL, 
    updated_at DATETIME NOT NULL, 
    PRIMARY KEY (id)
);
INSERT INTO user VALUES ('11111111111111111111111111111111', 'carol', '$2b$12$N/GtOzXJ9JSCHl.T9r9kr.vy8FcnqhqO2ZkaVHf9KjZ6w9kRPQjeW', NULL, 1, 1, '2025-07-01 10:00:00.000000', '2025-07-01 10:00:00.000000', NULL, '', 'null');
INSERT INTO user VALUES ('22222222222222222222222222222222', 'CAROL', 'x', NULL, 1, 0, '2025-07-01 10:00:00.000000', '2025-07-01 10:00:00.000000', NULL, NULL, NULL);
INSERT INTO apikey VALUES ('old', NULL, 3, 1, '33333333333333333333333333333333', '2025-07-01 10:00:00', '11111111111111111111111111111111', 'sk-VK5O5xI3lcJo8k6tKyUGYhueTqBRpNGhns2HdJ6P7Ko');
INSERT INTO variable VALUES ('GENERIC', 'gAAAAABrBdMwrpJl9GoFU0R-Ykc5zyfGJSV6IegmyU_koqnu2vWBRqaZDI84OUucnhqoSt2PU5J1KQ_7eiG8GfNwvL3lVDhtYg==', 'Generic', NULL, '44444444444444444444444444444444', '2025-07-01 10:00:00', NULL, '11111111111111111111111111111111');
INSERT INTO variable VALUES ('GENERIC', 'gAAAAABrBdMwrpJl9GoFU0R-Ykc5zyfGJSV6IegmyU_koqnu2vWBRqaZDI84OUucnhqoSt2PU5J1KQ_7eiG8GfNwvL3lVDhtYg==', 'Generic', NULL, '55555555555555555555555555555555', '2025-07-01 10:00:00', NULL, '11111111111111111111111111111111');
INSERT INTO variable VALUES ('LOST', 'gAAAAABlU_EAAAECAwQFBgcICQoLDA0OD3O1zj_uIVmcHpIeOfCPJKEEuqq67JB2daz8z70h3jhN_Cu5WyOCJtfEBEzUw7bGIA==', 'Credential', '[]', '66666666666666666666666666666666', NULL, NULL, '11111111111111111111111111111111');
INSERT INTO folder VALUES ('Starter Projects', 'examples', '77777777777777777777777777777777', NULL, NULL);
INSERT INTO folder VALUES ('Starter Project', NULL, '88888888888888888888888888888888', NULL, '11111111111111111111111111111111');
INSERT INTO flow VALUES ('Example', NULL, NULL, NULL, NULL, 0, '2025-07-01 10:00:00', 0, NULL, '{}', 'PRIVATE', 0, '99999999999999999999999999999999', NULL, NULL, 0, '77777777777777777777777777777777', NULL);
INSERT INTO flow VALUES ('Public', NULL, NULL, NULL, NULL, 0, '2025-07-01 10:00:00', 1, 'public', '{"nodes": [], "edges": []}', 'PUBLIC', 1, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', '11111111111111111111111111111111', '["t"]', 0, '88888888888888888888888888888888', '/etc/passwd');
INSERT INTO flow VALUES ('Orphan', NULL, NULL, NULL, NULL, 0, NULL, 0, NULL, NULL, 'PRIVATE', NULL, 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', NULL, NULL, NULL, NULL, NULL);
INSERT INTO message VALUES ('2025-07-01 10:00:00.000000', 'User', 'User', 's', NULL, NULL, 0, 0, NULL, NULL, NULL, 'cccccccccccccccccccccccccccccccc', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa');
INSERT INTO message VALUES ('2025-07-01 10:00:00.000000', 'User', 'User', 's', 'lost', '[]', 0, 0, '{}', 'message', '[]', 'dddddddddddddddddddddddddddddddd', 'eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee');
INSERT INTO "file" VALUES ('abababababababababababababababab', '11111111111111111111111111111111', '_mcp_servers', '11111111-1111-1111-1111-111111111111/_mcp_servers.json', 60, NULL, '2025-07-01 10:00:00', '2025-07-01 10:00:00');
