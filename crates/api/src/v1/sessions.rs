//! Sessions: one's own, and anybody's for superusers. Not in Langflow.

use super::times;
use crate::AppState;
use crate::access::Access;
use crate::error::ApiResult;
use crate::extract::path::PathId;
use crate::extract::query::Query;
use crate::extract::{Caller, client};
use crate::routes::Routes;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use langflow_app::Credential;
use langflow_app::sessions::{self, Session, SessionOrigin};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;
use uuid::Uuid;

pub fn routes() -> Routes {
    Routes::new()
        .add(Access::Session, routes!(list_sessions, end_sessions))
        .add(Access::Session, routes!(end_session))
}

/// A session as clients see it.
#[derive(Serialize, ToSchema)]
struct SessionRead {
    id: Uuid,
    user_id: Uuid,
    origin: Origin,
    created_at: String,
    last_seen_at: String,
    expires_at: String,
    user_agent: Option<String>,
    address: Option<String>,
    /// Whether this request came with it.
    is_current: bool,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Origin {
    Login,
    AutoLogin,
}

#[derive(Serialize, ToSchema)]
struct EndedSessions {
    ended: u64,
}

/// Sessions of the caller, or of `user_id` for a superuser.
#[utoipa::path(get, path = "/api/v1/sessions/", tag = "sessions",
    params(("user_id" = Option<Uuid>, Query, description = "Whose; the caller's when left out")),
    responses((status = 200, body = [SessionRead], description = "Sessions, the latest first")))]
async fn list_sessions(
    State(app): State<AppState>,
    caller: Caller,
    mut query: Query,
) -> ApiResult<Json<Vec<SessionRead>>> {
    let owner = query.uuid("user_id");
    query.finish()?;
    let sessions = sessions::list_sessions(&app, &caller.0, owner).await?;
    let current = match caller.0.credential {
        Credential::Session { session_id } => Some(session_id),
        _ => None,
    };
    Ok(Json(sessions.into_iter().map(|session| shown(session, current)).collect()))
}

/// End all sessions of the caller but this one, or all of `user_id` for a superuser.
#[utoipa::path(delete, path = "/api/v1/sessions/", tag = "sessions",
    params(("user_id" = Option<Uuid>, Query, description = "Whose; the caller's when left out")),
    responses((status = 200, body = EndedSessions, description = "How many were ended")))]
async fn end_sessions(
    State(app): State<AppState>,
    caller: Caller,
    client: client::From,
    mut query: Query,
) -> ApiResult<Json<EndedSessions>> {
    let owner = query.uuid("user_id");
    query.finish()?;
    let ended = sessions::end_other_sessions(&app, &caller.0, &client.0, owner).await?;
    Ok(Json(EndedSessions { ended }))
}

/// End one session.
#[utoipa::path(delete, path = "/api/v1/sessions/{session_id}", tag = "sessions",
    params(("session_id" = Uuid, Path), ("user_id" = Option<Uuid>, Query)),
    responses((status = 204, description = "Ended"), (status = 404, description = "Not there")))]
async fn end_session(
    State(app): State<AppState>,
    caller: Caller,
    client: client::From,
    id: PathId,
    mut query: Query,
) -> ApiResult<StatusCode> {
    let owner = query.uuid("user_id");
    query.finish()?;
    sessions::end_session(&app, &caller.0, &client.0, owner, id.0).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn shown(session: Session, current: Option<Uuid>) -> SessionRead {
    SessionRead {
        is_current: Some(session.id) == current,
        id: session.id,
        user_id: session.user_id,
        origin: match session.origin {
            SessionOrigin::Login => Origin::Login,
            SessionOrigin::AutoLogin => Origin::AutoLogin,
        },
        created_at: times::seconds(session.created_at),
        last_seen_at: times::seconds(session.last_seen_at),
        expires_at: times::seconds(session.expires_at),
        user_agent: session.user_agent,
        address: session.ip,
    }
}
