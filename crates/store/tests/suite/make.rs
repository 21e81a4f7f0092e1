//! Rows to begin with.

use chrono::{DateTime, TimeDelta, Utc};
use futures::future::BoxFuture;
use langflow_store::flows::{self, AccessType, Flow, FlowType};
use langflow_store::keys::ApiKey;
use langflow_store::messages::StoredMessage;
use langflow_store::projects::{self, Project};
use langflow_store::runs::{Run, RunStatus};
use langflow_store::sessions::{Session, SessionOrigin};
use langflow_store::transactions::Transaction;
use langflow_store::users::{self, User};
use langflow_store::variables::{Variable, VariableKind};
use langflow_store::vertex_builds::VertexBuild;
use langflow_store::{RawJson, Result, Store, StoreError, Tx, Unique};
use uuid::Uuid;

/// Second `n` of the tests' day, with microseconds that must survive.
pub fn at(n: i64) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2026-11-24T10:00:00.000123Z").unwrap().to_utc() + TimeDelta::seconds(n)
}

#[expect(clippy::disallowed_methods, reason = "rows that nobody else has")]
pub fn id() -> Uuid {
    Uuid::new_v4()
}

/// The id of a row of second `n`: such ids are ordered by time, as those of the product.
fn id_of(n: i64) -> Uuid {
    let moment = at(n);
    let seconds = u64::try_from(moment.timestamp()).unwrap();
    let random = id().into_bytes();
    let mut tail = [0; 10];
    tail.copy_from_slice(&random[..10]);
    uuid::Builder::from_unix_timestamp_millis(seconds * 1000, &tail).into_uuid()
}

pub fn raw(text: &str) -> RawJson {
    RawJson::parse(text.to_owned()).unwrap()
}

/// A write that must succeed.
pub async fn write<T, F>(store: &Store, work: F) -> T
where
    F: for<'t> FnOnce(&'t Tx) -> BoxFuture<'t, Result<T>> + Send + 'static,
    T: Send + 'static,
{
    store.write(work).await.unwrap()
}

/// What a refused write says is taken.
pub fn taken<T: std::fmt::Debug>(result: Result<T, StoreError>) -> Unique {
    let error = result.unwrap_err();
    error.taken().unwrap_or_else(|| panic!("{error}"))
}

pub fn a_user(name: &str) -> User {
    User {
        id: id(),
        username: name.to_owned(),
        password_hash: "hash".to_owned(),
        profile_image: None,
        store_api_key: None,
        is_active: true,
        is_superuser: false,
        optins: None,
        created_at: at(0),
        updated_at: at(0),
        last_login_at: None,
        retired_at: None,
    }
}

/// A stored user.
pub async fn user(store: &Store, name: &str) -> User {
    let user = a_user(name);
    let copy = user.clone();
    write(store, move |tx| Box::pin(async move { users::insert(tx, &copy).await })).await;
    user
}

pub fn a_session(user: &User, refresh_hash: &str) -> Session {
    Session {
        id: id(),
        user_id: user.id,
        origin: SessionOrigin::Login,
        refresh_hash: refresh_hash.to_owned(),
        previous_refresh_hash: None,
        rotated_at: None,
        created_at: at(0),
        expires_at: at(600),
        last_seen_at: at(0),
        user_agent: Some("test".to_owned()),
        ip: Some("127.0.0.1".to_owned()),
    }
}

pub fn a_key(user: &User, hash: &str) -> ApiKey {
    ApiKey {
        id: id(),
        user_id: user.id,
        name: Some("key".to_owned()),
        key_hash: hash.to_owned(),
        prefix: "sk-12345".to_owned(),
        last4: "wxyz".to_owned(),
        is_active: true,
        created_at: at(0),
        expires_at: None,
        last_used_at: None,
        total_uses: 0,
        scopes: None,
        limit_per_minute: None,
        limit_per_day: None,
        rolled_from: None,
    }
}

pub fn a_variable(user: &User, name: &str, value: &str) -> Variable {
    Variable {
        id: id(),
        user_id: user.id,
        name: name.to_owned(),
        kind: VariableKind::Credential,
        value: value.to_owned(),
        default_fields: raw("[]"),
        category: None,
        is_environment_managed: false,
        created_at: at(0),
        updated_at: at(0),
    }
}

pub fn a_project(user: &User, name: &str) -> Project {
    Project {
        id: id(),
        user_id: Some(user.id),
        parent_id: None,
        name: name.to_owned(),
        description: None,
        auth_settings: None,
        is_default: false,
        created_at: at(0),
        updated_at: at(0),
    }
}

/// A stored project.
pub async fn project(store: &Store, user: &User, name: &str) -> Project {
    let project = a_project(user, name);
    let copy = project.clone();
    write(store, move |tx| Box::pin(async move { projects::insert(tx, &copy).await })).await;
    project
}

pub fn a_flow(user: &User, name: &str) -> Flow {
    Flow {
        id: id(),
        user_id: Some(user.id),
        project_id: None,
        name: name.to_owned(),
        description: None,
        icon: None,
        icon_bg_color: None,
        gradient: None,
        is_component: false,
        webhook: false,
        endpoint_name: None,
        tags: None,
        locked: None,
        mcp_enabled: None,
        action_name: None,
        action_description: None,
        access_type: AccessType::Private,
        flow_type: FlowType::Workflow,
        a2a_enabled: false,
        a2a_card_overrides: None,
        fs_path: None,
        name_key: None,
        version_token: None,
        last_modified_by: None,
        created_at: at(0),
        updated_at: at(0),
        data: Some(raw(r#"{"nodes":[],"edges":[]}"#)),
    }
}

/// A stored flow.
pub async fn flow(store: &Store, flow: Flow) -> Flow {
    let copy = flow.clone();
    write(store, move |tx| Box::pin(async move { flows::insert(tx, &copy).await })).await;
    flow
}

pub fn a_message(user: &User, flow: Uuid, session: &str, second: i64, text: &str) -> StoredMessage {
    StoredMessage {
        id: id(),
        user_id: Some(user.id),
        flow_id: Some(flow),
        run_id: None,
        session_id: session.to_owned(),
        context_id: None,
        timestamp: at(second),
        sender: "User".to_owned(),
        sender_name: "User".to_owned(),
        text: text.to_owned(),
        files: raw("[]"),
        error: false,
        edit: false,
        is_output: false,
        category: "message".to_owned(),
        duration: None,
        properties: raw("{}"),
        content_blocks: raw("[]"),
        session_metadata: None,
    }
}

pub fn a_run(user: &User, flow: Uuid, boot: Uuid) -> Run {
    Run {
        id: id(),
        user_id: Some(user.id),
        flow_id: flow,
        session_id: "session".to_owned(),
        kind: "run".to_owned(),
        status: RunStatus::InProgress,
        boot_id: boot,
        api_key_id: None,
        created_at: at(0),
        started_at: Some(at(0)),
        finished_at: None,
        input_tokens: 0,
        output_tokens: 0,
        total_tokens: 0,
        error: None,
        input: None,
        result: None,
        idempotency_key: None,
    }
}

pub fn a_transaction(user: &User, flow: Uuid, second: i64) -> Transaction {
    Transaction {
        id: id_of(second),
        user_id: Some(user.id),
        flow_id: flow,
        run_id: None,
        session_id: Some("session".to_owned()),
        timestamp: at(second),
        vertex_id: format!("Node-{second}"),
        target_id: None,
        status: "success".to_owned(),
        error: None,
        inputs: Some(raw(r#"{"a": 1.10}"#)),
        outputs: None,
        display_name: Some("Node".to_owned()),
        duration_ms: Some(7),
        usage: None,
    }
}

pub fn a_build(user: &User, flow: Uuid, vertex: &str, second: i64) -> VertexBuild {
    VertexBuild {
        id: id_of(second),
        user_id: Some(user.id),
        flow_id: flow,
        run_id: None,
        vertex_id: vertex.to_owned(),
        timestamp: at(second),
        valid: true,
        params: Some("params".to_owned()),
        data: Some(raw("{}")),
        artifacts: None,
    }
}
