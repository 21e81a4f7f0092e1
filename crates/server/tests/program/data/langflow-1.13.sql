-- Tables of Langflow 1.13.0 as its migrations make them on SQLite, with the rows of an account as that server
-- wrote them. Secret key: the file secret_key beside it.
CREATE TABLE user (
    id CHAR(32) NOT NULL, 
    username VARCHAR NOT NULL, 
    password VARCHAR NOT NULL, 
    profile_image VARCHAR, 
    is_active BOOLEAN NOT NULL, 
    is_superuser BOOLEAN NOT NULL, 
    create_at DATETIME NOT NULL, 
    updated_at DATETIME NOT NULL, 
    last_login_at DATETIME, 
    retired_at DATETIME, 
    store_api_key VARCHAR, 
    optins JSON, 
    PRIMARY KEY (id), 
    UNIQUE (id)
);
CREATE TABLE "apikey" (
    name VARCHAR, 
    last_used_at DATETIME, 
    total_uses INTEGER NOT NULL, 
    is_active BOOLEAN NOT NULL, 
    expires_at DATETIME, 
    id CHAR(32) NOT NULL, 
    created_at DATETIME DEFAULT (CURRENT_TIMESTAMP) NOT NULL, 
    api_key VARCHAR NOT NULL, 
    api_key_hash VARCHAR, 
    user_id CHAR(32) NOT NULL, 
    PRIMARY KEY (id), 
    FOREIGN KEY(user_id) REFERENCES user (id), 
    UNIQUE (id)
);
CREATE TABLE variable (
    name VARCHAR NOT NULL, 
    value VARCHAR NOT NULL, 
    type VARCHAR, 
    id CHAR(32) NOT NULL, 
    created_at DATETIME DEFAULT CURRENT_TIMESTAMP, 
    updated_at DATETIME, 
    is_environment_managed BOOLEAN, 
    default_fields JSON, 
    user_id CHAR(32) NOT NULL, 
    PRIMARY KEY (id), 
    FOREIGN KEY(user_id) REFERENCES user (id)
);
CREATE TABLE folder (
    name VARCHAR NOT NULL, 
    description TEXT, 
    auth_settings JSON, 
    id CHAR(32) NOT NULL, 
    parent_id CHAR(32), 
    user_id CHAR(32), 
    workspace_id CHAR(32), 
    is_personal BOOLEAN DEFAULT 0 NOT NULL, 
    PRIMARY KEY (id), 
    CONSTRAINT unique_folder_name UNIQUE (user_id, name), 
    FOREIGN KEY(parent_id) REFERENCES folder (id), 
    FOREIGN KEY(user_id) REFERENCES user (id)
);
CREATE TABLE "flow" (
    name VARCHAR NOT NULL, 
    description TEXT, 
    icon_bg_color VARCHAR, 
    gradient VARCHAR, 
    is_component BOOLEAN, 
    updated_at DATETIME, 
    webhook BOOLEAN, 
    endpoint_name VARCHAR, 
    data JSON, 
    mcp_enabled BOOLEAN, 
    action_name VARCHAR, 
    action_description TEXT, 
    access_type VARCHAR(7) DEFAULT 'PRIVATE' NOT NULL, 
    flow_type VARCHAR(8) DEFAULT 'workflow' NOT NULL, 
    a2a_enabled BOOLEAN DEFAULT 0, 
    a2a_card_overrides JSON, 
    id CHAR(32) NOT NULL, 
    user_id CHAR(32), 
    icon VARCHAR, 
    tags JSON, 
    locked BOOLEAN, 
    folder_id CHAR(32), 
    workspace_id CHAR(32), 
    fs_path VARCHAR, 
    version_token CHAR(32), 
    last_modified_by CHAR(32), 
    PRIMARY KEY (id), 
    CONSTRAINT fk_flow_user_id_user FOREIGN KEY(user_id) REFERENCES user (id), 
    CONSTRAINT unique_flow_endpoint_name UNIQUE (user_id, endpoint_name), 
    CONSTRAINT unique_flow_name UNIQUE (user_id, name), 
    FOREIGN KEY(folder_id) REFERENCES folder (id), 
    UNIQUE (id)
);
CREATE TABLE "message" (
    timestamp DATETIME NOT NULL, 
    sender VARCHAR NOT NULL, 
    sender_name VARCHAR NOT NULL, 
    session_id VARCHAR NOT NULL, 
    text TEXT, 
    id CHAR(32) NOT NULL, 
    flow_id CHAR(32), 
    files JSON, 
    error BOOLEAN DEFAULT 0 NOT NULL, 
    edit BOOLEAN DEFAULT 0 NOT NULL, 
    properties JSON, 
    category TEXT, 
    content_blocks JSON, 
    context_id VARCHAR, 
    session_metadata JSON, 
    run_id CHAR(32), 
    is_output BOOLEAN DEFAULT false NOT NULL, user_id CHAR(32), 
    CONSTRAINT pk_message PRIMARY KEY (id)
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
    PRIMARY KEY (id), 
    CONSTRAINT file_name_user_id_key UNIQUE (name, user_id), 
    CONSTRAINT fk_file_user_id_user FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE CASCADE, 
    FOREIGN KEY(user_id) REFERENCES user (id)
);
CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL, 
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
CREATE TABLE mcp_server (
    id CHAR(32) NOT NULL, 
    user_id CHAR(32) NOT NULL, 
    name VARCHAR NOT NULL, 
    transport VARCHAR, 
    config JSON, 
    enabled BOOLEAN NOT NULL, 
    version INTEGER NOT NULL, 
    created_at DATETIME NOT NULL, 
    updated_at DATETIME NOT NULL, 
    PRIMARY KEY (id), 
    UNIQUE (user_id, name)
);
CREATE TABLE flow_version (
    id CHAR(32) NOT NULL, 
    flow_id CHAR(32) NOT NULL, 
    user_id CHAR(32), 
    data JSON, 
    version_number INTEGER NOT NULL, 
    description VARCHAR(500), 
    retained BOOLEAN DEFAULT 0 NOT NULL, 
    retained_reason VARCHAR(255), 
    created_at DATETIME NOT NULL, 
    PRIMARY KEY (id), 
    UNIQUE (flow_id, version_number)
);
CREATE TABLE "transaction" (
    timestamp DATETIME NOT NULL, 
    vertex_id VARCHAR NOT NULL, 
    target_id VARCHAR, 
    inputs JSON, 
    outputs JSON, 
    status VARCHAR NOT NULL, 
    error VARCHAR, 
    flow_id CHAR(32) NOT NULL, 
    id CHAR(32) NOT NULL, 
    user_id CHAR(32), 
    session_id VARCHAR, 
    PRIMARY KEY (id)
);
CREATE TABLE vertex_build (
    timestamp DATETIME NOT NULL, 
    id VARCHAR NOT NULL, 
    data JSON, 
    artifacts JSON, 
    params TEXT, 
    valid BOOLEAN NOT NULL, 
    flow_id CHAR(32) NOT NULL, 
    build_id CHAR(32) NOT NULL, 
    job_id CHAR(32), 
    PRIMARY KEY (build_id)
);
CREATE TABLE trace (
    name VARCHAR NOT NULL, 
    status VARCHAR(5) NOT NULL, 
    start_time DATETIME NOT NULL, 
    end_time DATETIME, 
    total_latency_ms INTEGER NOT NULL, 
    total_tokens INTEGER NOT NULL, 
    flow_id CHAR(32) NOT NULL, 
    session_id VARCHAR, 
    id CHAR(32) NOT NULL, 
    PRIMARY KEY (id)
);
INSERT INTO "user" ("id", "username", "password", "profile_image", "is_active", "is_superuser", "create_at", "updated_at", "last_login_at", "retired_at", "store_api_key", "optins") VALUES ('f07c74f00e49430d9327d43325efc59b', 'admin', '$2b$12$N/GtOzXJ9JSCHl.T9r9kr.vy8FcnqhqO2ZkaVHf9KjZ6w9kRPQjeW', NULL, 1, 1, '2026-11-24 17:53:22.468783', '2026-11-24 18:10:53.734778', '2026-11-24 18:10:53.721349', NULL, NULL, '{"github_starred": false, "dialog_dismissed": false, "discord_clicked": false}');
INSERT INTO "user" ("id", "username", "password", "profile_image", "is_active", "is_superuser", "create_at", "updated_at", "last_login_at", "retired_at", "store_api_key", "optins") VALUES ('0750605cd37e401eae89fc66fc53c81b', 'import-alice', '$2b$12$5daTD6TLG/5nDUcWsS5YquzXrfh2kZY7NBUyynfed3aUx2xwndjeG', NULL, 1, 0, '2026-11-24 18:10:53.892326', '2026-11-24 18:10:56.045487', '2026-11-24 18:10:56.022874', NULL, NULL, '{"github_starred": false, "dialog_dismissed": false, "discord_clicked": false}');
INSERT INTO "apikey" ("name", "last_used_at", "total_uses", "is_active", "expires_at", "id", "created_at", "api_key", "api_key_hash", "user_id") VALUES ('client', '2026-11-24 18:11:11.133827', 3, 1, NULL, '781d49a5502344cfb91a99a2fc3e9fae', '2026-11-24 18:10:56.369311', 'gAAAAABrBdMwQjEGrD8N-Jg46VqsZBJ0ZIjhB8cNkHczG7oy4JEleJyNc41JTlLSU3vlCf8K0Xen8Ie2fVNCU3QU7BWg4zReyFXx9RHryTNB-_2xS-SXUU-peNN0nyJOQCWyTx6vZkMC', 'd5678c89ff388b7edc369433b4f6cbdd4d42520b4994b423b939fbe2f009187e', '0750605cd37e401eae89fc66fc53c81b');
INSERT INTO "variable" ("name", "value", "type", "id", "created_at", "updated_at", "is_environment_managed", "default_fields", "user_id") VALUES ('OPENAI_API_KEY', 'gAAAAABrBdMwnYzo0xBB82pPK7lXdl5jhczK_YDW0FQgsTZKKDYwzr70yNVhD0lJt4iHbvWTEdIdDbh4KX9EuNKh5XB6_mTR5w==', 'Credential', '94df81b3cd224333b5825178931ffcb2', '2026-11-24 18:10:56.083761', '2026-11-24 18:10:56.083761', 1, '[]', '0750605cd37e401eae89fc66fc53c81b');
INSERT INTO "variable" ("name", "value", "type", "id", "created_at", "updated_at", "is_environment_managed", "default_fields", "user_id") VALUES ('FLOW_ID', 'gAAAAABrBdMwqkuMqpZtsRmEdxQz1RIMEG4vtMuTTRSJyJjPVQd5MzymIC8APg6zu5hxSVrKYtlio0aJRFI9lr0gvgNG84OStA==', 'Credential', '315ead9c771b48949eb5e772399fbb4e', '2026-11-24 18:10:56.135673', NULL, 0, '[]', '0750605cd37e401eae89fc66fc53c81b');
INSERT INTO "variable" ("name", "value", "type", "id", "created_at", "updated_at", "is_environment_managed", "default_fields", "user_id") VALUES ('COMPONENT_ID', 'gAAAAABrBdMwQlU15H6mbnwWQXsPX7xvLWPnwq57fy6q6ujFW0I-AbhBFErP1CxtAnheeZXF9CBVqDjO_P9lG1ZvlQ7HQ4X-3A==', 'Credential', '7b2a70ed8de846a2a86f585f6d4e21cb', '2026-11-24 18:10:56.137763', NULL, 0, '[]', '0750605cd37e401eae89fc66fc53c81b');
INSERT INTO "variable" ("name", "value", "type", "id", "created_at", "updated_at", "is_environment_managed", "default_fields", "user_id") VALUES ('FIELD_NAME', 'gAAAAABrBdMwt49FtZ-3ZTvOki7wSJVoHdtaLV1r1jmePmSl5VJIb_wJk2wK6c5gFDpXTQkgp1V6zTheEz7YcTuiR1SCEW5OmA==', 'Credential', 'a58a0613051447b39cc1b5735c0def11', '2026-11-24 18:10:56.173889', NULL, 0, '[]', '0750605cd37e401eae89fc66fc53c81b');
INSERT INTO "variable" ("name", "value", "type", "id", "created_at", "updated_at", "is_environment_managed", "default_fields", "user_id") VALUES ('ASTRA_TOKEN', 'gAAAAABrBdMwnUcuVJ40v6xktjN6QodSbugoOnZd3AjAOBV4FKFon7spYAd6UiORUevCJn_5wU7yi36lJOe_fcjS_cykRfcRyQ==', 'Credential', '946e3cb5def94cd482944f6e9c85f24f', '2026-11-24 18:10:56.197902', NULL, 0, '[]', '0750605cd37e401eae89fc66fc53c81b');
INSERT INTO "variable" ("name", "value", "type", "id", "created_at", "updated_at", "is_environment_managed", "default_fields", "user_id") VALUES ('MY_SECRET', 'gAAAAABrBdMwrpJl9GoFU0R-Ykc5zyfGJSV6IegmyU_koqnu2vWBRqaZDI84OUucnhqoSt2PU5J1KQ_7eiG8GfNwvL3lVDhtYg==', 'Credential', 'a7ebe2c665d74659bc13e25e142a164c', '2026-11-24 18:10:56.511461', NULL, 0, '["X"]', '0750605cd37e401eae89fc66fc53c81b');
INSERT INTO "variable" ("name", "value", "type", "id", "created_at", "updated_at", "is_environment_managed", "default_fields", "user_id") VALUES ('MY_TEXT', 'plain', 'Generic', '35c0cce57d8840e48e31ff08c2cf88c3', '2026-11-24 18:10:56.598491', NULL, 0, '[]', '0750605cd37e401eae89fc66fc53c81b');
INSERT INTO "folder" ("name", "description", "auth_settings", "id", "parent_id", "user_id", "workspace_id", "is_personal") VALUES ('Starter Project', 'Manage your own flows. Download and upload projects.', 'null', '04a6e0f65e424aa9a9fc4d0154738a40', NULL, '0750605cd37e401eae89fc66fc53c81b', NULL, 1);
INSERT INTO "folder" ("name", "description", "auth_settings", "id", "parent_id", "user_id", "workspace_id", "is_personal") VALUES ('Starter Projects', 'Starter projects to help you get started in Langflow.', '{"auth_type": "apikey"}', '2d8aaf7edbdb464389bee47e322efa52', NULL, NULL, NULL, 0);
INSERT INTO "flow" ("name", "description", "icon_bg_color", "gradient", "is_component", "updated_at", "webhook", "endpoint_name", "data", "mcp_enabled", "action_name", "action_description", "access_type", "flow_type", "a2a_enabled", "a2a_card_overrides", "id", "user_id", "icon", "tags", "locked", "folder_id", "workspace_id", "fs_path", "version_token", "last_modified_by") VALUES ('Echo of Alice', NULL, NULL, NULL, 0, '2026-11-24 18:11:11.060343', 0, 'alice-echo', '{"nodes": [], "edges": [], "viewport": {"x": 0, "y": 0, "zoom": 1.0}}', 0, NULL, NULL, 'PRIVATE', 'workflow', 0, 'null', 'ed9971bbb810431ab5fbbe5ae674646d', '0750605cd37e401eae89fc66fc53c81b', NULL, 'null', 0, '04a6e0f65e424aa9a9fc4d0154738a40', NULL, NULL, 'daebee00bab0406a9c1015adb1158084', '0750605cd37e401eae89fc66fc53c81b');
INSERT INTO "message" ("timestamp", "sender", "sender_name", "session_id", "text", "id", "flow_id", "files", "error", "edit", "properties", "category", "content_blocks", "context_id", "session_metadata", "run_id", "is_output", "user_id") VALUES ('2026-11-24 18:11:14.751019', 'User', 'User', 's1', 'good morning', '8ba5d665c2ac4b7cbbd9b55795504d79', 'ed9971bbb810431ab5fbbe5ae674646d', '[]', 0, 0, '{"text_color": null, "background_color": null, "edited": false, "source": {"id": null, "display_name": null, "source": null}, "icon": null, "allow_markdown": false, "positive_feedback": null, "state": "complete", "targets": [], "usage": null, "build_duration": null}', 'message', '[]', '', '{"graph_run_id": "b5f0cad3-cd53-4081-9a6f-c7130b966b85"}', 'b5f0cad3cd5340819a6fc7130b966b85', 0, '0750605cd37e401eae89fc66fc53c81b');
INSERT INTO "message" ("timestamp", "sender", "sender_name", "session_id", "text", "id", "flow_id", "files", "error", "edit", "properties", "category", "content_blocks", "context_id", "session_metadata", "run_id", "is_output", "user_id") VALUES ('2026-11-24 18:11:14.812376', 'Machine', 'AI', 's1', 'good morning', '895c329353a248da8edbfb5e7e8b0589', 'ed9971bbb810431ab5fbbe5ae674646d', '[]', 0, 0, '{"text_color": null, "background_color": null, "edited": false, "source": {"id": "ChatInput-aaaaa", "display_name": "Chat Input", "source": "Chat Input"}, "icon": null, "allow_markdown": false, "positive_feedback": null, "state": "complete", "targets": [], "usage": null, "build_duration": null}', 'message', '[]', '', '{"graph_run_id": "b5f0cad3-cd53-4081-9a6f-c7130b966b85"}', 'b5f0cad3cd5340819a6fc7130b966b85', 0, '0750605cd37e401eae89fc66fc53c81b');
INSERT INTO "file" ("id", "user_id", "name", "path", "size", "provider", "created_at", "updated_at") VALUES ('f3bb9fe9e23c411cb4f41ced94a50fc4', '0750605cd37e401eae89fc66fc53c81b', 'note', '0750605c-d37e-401e-ae89-fc66fc53c81b/note.txt', 11, NULL, '2026-11-24 18:10:56.802512', '2026-11-24 18:10:56.802528');
INSERT INTO "mcp_server" ("id", "user_id", "name", "transport", "config", "enabled", "version", "created_at", "updated_at") VALUES ('11c1bb9e4b1f4c0e8a4a3f6f0a4b0001', '0750605cd37e401eae89fc66fc53c81b', 'tools', 'streamable-http', '{"url": "https://tools.example/mcp", "headers": {"Authorization": "gAAAAABrDEzHBRUkA1JWcvGaNGnrgTlStr7uB6ZWvI1iGxKyBBiBdc9e8oAyHufGzbTHndKpJwrrsBp8zVN8Kq5ia0CO5V5pC7AIIVnRGXljVVTMCrkBZ4s="}}', 1, 1, '2026-11-24 18:10:57.000000', '2026-11-24 18:10:57.000000');
INSERT INTO "mcp_server" ("id", "user_id", "name", "transport", "config", "enabled", "version", "created_at", "updated_at") VALUES ('11c1bb9e4b1f4c0e8a4a3f6f0a4b0002', '0750605cd37e401eae89fc66fc53c81b', 'resting', 'streamable-http', '{"url": "https://resting.example/mcp"}', 0, 1, '2026-11-24 18:10:57.000000', '2026-11-24 18:10:57.000000');
INSERT INTO "flow_version" ("id", "flow_id", "user_id", "data", "version_number", "description", "retained", "retained_reason", "created_at") VALUES ('22c1bb9e4b1f4c0e8a4a3f6f0a4b0001', 'ed9971bbb810431ab5fbbe5ae674646d', '0750605cd37e401eae89fc66fc53c81b', '{"nodes": [], "edges": [], "viewport": {"x": 0, "y": 0, "zoom": 1}}', 1, 'before the change', 0, NULL, '2026-11-24 18:10:58.000000');
INSERT INTO "transaction" ("timestamp", "vertex_id", "target_id", "inputs", "outputs", "status", "error", "flow_id", "id", "user_id", "session_id") VALUES ('2026-11-24 18:11:14.760000', 'ChatInput-aaaaa', 'ChatOutput-bbbbb', '{"input_value": "good morning"}', '{"message": {"text": "good morning"}}', 'success', NULL, 'ed9971bbb810431ab5fbbe5ae674646d', '33c1bb9e4b1f4c0e8a4a3f6f0a4b0001', '0750605cd37e401eae89fc66fc53c81b', 's1');
INSERT INTO "transaction" ("timestamp", "vertex_id", "target_id", "inputs", "outputs", "status", "error", "flow_id", "id", "user_id", "session_id") VALUES ('2026-11-24 18:11:14.770000', 'Gone-ccccc', NULL, '{}', '{}', 'success', NULL, 'ffffffffb810431ab5fbbe5ae674646d', '33c1bb9e4b1f4c0e8a4a3f6f0a4b0002', '0750605cd37e401eae89fc66fc53c81b', NULL);
INSERT INTO "vertex_build" ("timestamp", "id", "data", "artifacts", "params", "valid", "flow_id", "build_id", "job_id") VALUES ('2026-11-24 18:11:14.760000', 'ChatInput-aaaaa', '{"results": {}, "outputs": {}}', '{}', 'good morning', 1, 'ed9971bbb810431ab5fbbe5ae674646d', '44c1bb9e4b1f4c0e8a4a3f6f0a4b0001', NULL);
INSERT INTO "trace" ("name", "status", "start_time", "end_time", "total_latency_ms", "total_tokens", "flow_id", "session_id", "id") VALUES ('Echo of Alice - ed9971bbb810431ab5fbbe5ae674646d', 'ERROR', '2026-11-24 18:11:14.700000', '2026-11-24 18:11:14.900000', 200, 12, 'ed9971bbb810431ab5fbbe5ae674646d', 's1', '55c1bb9e4b1f4c0e8a4a3f6f0a4b0001');
INSERT INTO "alembic_version" ("version_num") VALUES ('e5a7c9b1d3f2');
