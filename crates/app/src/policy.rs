//! What a key with scopes may do.
//!
//! A key without scopes has the rights of its user. A key with scopes may do what they name and nothing
//! else: a route that no scope covers is closed to it. The table below is the whole policy; surfaces ask it
//! for every request, before any use case runs.

use crate::{App, AppError, AppResult, Credential, Principal};
use langflow_store::RawJson;
use langflow_store::flows::{self, FlowKey};
use langflow_store::keys::ApiKey;
use uuid::Uuid;

/// A right that a key may be limited to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    FlowsRead,
    FlowsWrite,
    FlowsRun,
    Files,
    Variables,
    Monitor,
    Admin,
}

impl Scope {
    pub const ALL: [Self; 7] = [
        Self::FlowsRead,
        Self::FlowsWrite,
        Self::FlowsRun,
        Self::Files,
        Self::Variables,
        Self::Monitor,
        Self::Admin,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::FlowsRead => "flows:read",
            Self::FlowsWrite => "flows:write",
            Self::FlowsRun => "flows:run",
            Self::Files => "files",
            Self::Variables => "variables",
            Self::Monitor => "monitor",
            Self::Admin => "admin",
        }
    }
}

/// Whether a text names a scope: one of [`Scope::ALL`], or `run:<flow id>`.
pub fn is_scope(text: &str) -> bool {
    Scope::ALL.iter().any(|scope| scope.as_str() == text)
        || text.strip_prefix("run:").is_some_and(|id| Uuid::try_parse(id).is_ok())
}

/// The scopes of a stored key.
pub(crate) fn scopes_of(key: &ApiKey) -> AppResult<Option<Vec<String>>> {
    key.scopes.as_ref().map(RawJson::read).transpose().map_err(AppError::internal)
}

/// What a path is about: the first segments after `/api/v1` or `/api/v2`, and the scopes it wants for reading
/// and for all else.
const ROUTES: [(&str, Need, Need); 22] = [
    ("run", Need::Run, Need::Run),
    ("build", Need::Run, Need::Run),
    ("webhook", Need::Run, Need::Run),
    ("responses", Need::Run, Need::Run),
    ("workflows", Need::Run, Need::Run),
    ("mcp", Need::Run, Need::Run),
    ("process", Need::Run, Need::Run),
    ("predict", Need::Run, Need::Run),
    ("flows", Need::One(Scope::FlowsRead), Need::One(Scope::FlowsWrite)),
    ("projects", Need::One(Scope::FlowsRead), Need::One(Scope::FlowsWrite)),
    ("folders", Need::One(Scope::FlowsRead), Need::One(Scope::FlowsWrite)),
    ("starter-projects", Need::One(Scope::FlowsRead), Need::One(Scope::FlowsWrite)),
    ("all", Need::One(Scope::FlowsRead), Need::One(Scope::FlowsWrite)),
    ("custom_component", Need::One(Scope::FlowsWrite), Need::One(Scope::FlowsWrite)),
    ("validate", Need::One(Scope::FlowsWrite), Need::One(Scope::FlowsWrite)),
    ("files", Need::One(Scope::Files), Need::One(Scope::Files)),
    ("upload", Need::One(Scope::Files), Need::One(Scope::Files)),
    ("variables", Need::One(Scope::Variables), Need::One(Scope::Variables)),
    ("monitor", Need::One(Scope::Monitor), Need::One(Scope::Monitor)),
    ("version", Need::Nothing, Need::Nothing),
    ("config", Need::Nothing, Need::Nothing),
    ("session", Need::Nothing, Need::Nothing),
];

/// Where the body names the flow.
const FLOW_IN_BODY: [&str; 2] = ["/api/v1/responses", "/api/v2/workflows"];

/// What a route asks of a key with scopes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Need {
    Nothing,
    One(Scope),
    /// `flows:run`, or `run:<id>` of the flow the path names.
    Run,
}

/// Routes that want something else than their neighbours.
fn special_need(method: &str, rest: &str) -> Option<Need> {
    let segments: Vec<&str> = rest.split('/').collect();
    match segments.as_slice() {
        // Servers that flows call, with their secrets and programs.
        ["mcp", "servers", ..] => Some(Need::One(Scope::Admin)),
        // What the server of a project asks of strangers, and which flows it has.
        ["mcp", "project", _] if method == "PATCH" => Some(Need::One(Scope::FlowsWrite)),
        ["mcp", "project", _, "install"] => Some(Need::One(Scope::FlowsWrite)),
        // Code that runs for everybody.
        ["custom_component", "approved", ..] => Some(Need::One(Scope::Admin)),
        _ => None,
    }
}

fn need_of<'p>(method: &str, path: &'p str) -> (Need, &'p str) {
    let rest = ["/api/v1/", "/api/v2/", "/api/"].iter().find_map(|prefix| path.strip_prefix(prefix));
    let Some(rest) = rest else { return (Need::One(Scope::Admin), "") };
    if rest.trim_end_matches('/') == "users/whoami" {
        return (Need::Nothing, "");
    }
    if let Some(need) = special_need(method, rest.trim_end_matches('/')) {
        return (need, "");
    }
    let (head, tail) = rest.split_once('/').unwrap_or((rest, ""));
    let known = ROUTES.iter().find(|(name, ..)| *name == head);
    let need = known
        .map_or(Need::One(Scope::Admin), |(_, read, write)| if is_reading(method) { *read } else { *write });
    (need, tail)
}

fn is_reading(method: &str) -> bool {
    matches!(method, "GET" | "HEAD")
}

/// Refuses a request that the scopes of the caller's key do not cover. `method` and `path` are the request's.
///
/// A `run:<flow id>` scope holds for the flow's endpoint name too: the flow that has the name now is meant, and
/// the use case compares its id once more when it has found it.
pub async fn allow(app: &App, principal: &Principal, method: &str, path: &str) -> AppResult<()> {
    let refused = match check_scopes(principal, method, path) {
        Ok(()) => return Ok(()),
        Err(refused) => refused,
    };
    let Credential::ApiKey { scopes: Some(scopes), .. } = &principal.credential else { return Err(refused) };
    let Some(name) = flow_name(method, path) else { return Err(refused) };
    let named = flows::find_ref_recent(&app.store, principal.user_id, FlowKey::Endpoint(name)).await?;
    let is_named = named.is_some_and(|flow| may_run(scopes, &flow.id.to_string()));
    if is_named { Ok(()) } else { Err(refused) }
}

/// The endpoint name in a path that runs a flow.
fn flow_name<'p>(method: &str, path: &'p str) -> Option<&'p str> {
    let (Need::Run, tail) = need_of(method, path) else { return None };
    let mut segments = tail.split('/').filter(|segment| !segment.is_empty());
    match segments.next()? {
        "advanced" | "session" => segments.next(),
        name => Some(name),
    }
}

fn check_scopes(principal: &Principal, method: &str, path: &str) -> AppResult<()> {
    let Credential::ApiKey { scopes: Some(scopes), .. } = &principal.credential else { return Ok(()) };
    let (need, tail) = need_of(method, path);
    let has = |scope: Scope| scopes.iter().any(|text| text == scope.as_str());
    let allowed = match need {
        Need::Nothing => true,
        Need::One(scope) => has(scope),
        // The flow stands in the body: the use case that reads it compares.
        Need::Run
            if !is_reading(method)
                && scopes.iter().any(|text| text.starts_with("run:"))
                && FLOW_IN_BODY.contains(&path.trim_end_matches('/')) =>
        {
            true
        }
        Need::Run => has(Scope::FlowsRun) || may_run(scopes, tail),
    };
    if allowed {
        return Ok(());
    }
    let wanted = match need {
        Need::One(scope) => scope.as_str(),
        _ => Scope::FlowsRun.as_str(),
    };
    Err(lacks(wanted))
}

/// Refuses a graph that the caller brings along, where his key may only run what is stored: such a graph can do
/// whatever the flows of its user can.
///
/// # Errors
/// 403 for a key with scopes, but without `flows:write`.
pub(crate) fn allow_own_graph(principal: &Principal) -> AppResult<()> {
    let Credential::ApiKey { scopes: Some(scopes), .. } = &principal.credential else { return Ok(()) };
    if scopes.iter().any(|scope| scope == Scope::FlowsWrite.as_str()) {
        return Ok(());
    }
    Err(lacks(Scope::FlowsWrite.as_str()))
}

fn lacks(scope: &str) -> AppError {
    AppError::forbidden(format!("This API key lacks the scope {scope}")).with_code("scope_missing")
}

/// Whether a `run:<id>` scope names the first id of the path.
fn may_run(scopes: &[String], path: &str) -> bool {
    let in_path: Vec<Uuid> = path.split('/').filter_map(|segment| Uuid::try_parse(segment).ok()).collect();
    scopes
        .iter()
        .filter_map(|scope| Uuid::try_parse(scope.strip_prefix("run:")?).ok())
        .any(|id| in_path.first() == Some(&id))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn principal(scopes: Option<&[&str]>) -> Principal {
        let scopes = scopes.map(|list| list.iter().map(|&s| s.to_owned()).collect());
        Principal {
            user_id: Uuid::nil(),
            username: String::new(),
            is_superuser: false,
            credential: Credential::ApiKey { key_id: Uuid::nil(), scopes, runs_per_day: None },
        }
    }

    #[test]
    fn scopes_open_what_they_name_and_nothing_else() {
        let id = "11111111-2222-4333-8444-555555555555";
        let mine = format!("run:{id}");
        let mine = mine.as_str();
        for (scopes, method, path, ok) in [
            (None, "POST", "/api/v1/users/", true),
            (Some(&[][..]), "GET", "/api/v1/flows/", false),
            (Some(&[]), "GET", "/api/v1/users/whoami", true),
            (Some(&["flows:read"]), "GET", "/api/v1/flows/", true),
            (Some(&["flows:read"]), "POST", "/api/v1/flows/", false),
            (Some(&["flows:read"]), "POST", "/api/v1/run/x", false),
            (Some(&["flows:write"]), "POST", "/api/v1/projects/", true),
            (Some(&["flows:run"]), "POST", "/api/v1/run/anything", true),
            (Some(&[mine]), "POST", &format!("/api/v1/run/{id}"), true),
            (Some(&[mine]), "POST", &format!("/api/v1/run/advanced/{id}"), true),
            (Some(&[mine]), "POST", &format!("/api/v1/run/{}", Uuid::nil()), false),
            (Some(&[mine]), "POST", &format!("/api/v1/run/{}/{id}", Uuid::nil()), false),
            (Some(&[mine]), "POST", "/api/v1/run/a-name", false),
            (Some(&[mine]), "POST", "/api/v2/workflows", true),
            (Some(&[mine]), "GET", "/api/v2/workflows", false),
            (Some(&[mine]), "POST", "/api/v1/mcp/", false),
            (Some(&["files"]), "POST", "/api/v2/files/", true),
            (Some(&["files"]), "POST", "/api/v1/api_key/", false),
            (Some(&["admin"]), "POST", "/api/v1/api_key/", true),
            (Some(&["flows:run"]), "POST", "/api/v1/mcp/streamable", true),
            (Some(&["flows:run"]), "POST", &format!("/api/v1/mcp/project/{id}/streamable"), true),
            (Some(&["flows:run"]), "GET", &format!("/api/v1/mcp/project/{id}"), true),
            (Some(&["flows:run"]), "POST", &format!("/api/v1/mcp/project/{id}"), true),
            (Some(&["flows:run"]), "PATCH", &format!("/api/v1/mcp/project/{id}"), false),
            (Some(&["flows:run"]), "POST", &format!("/api/v1/mcp/project/{id}/install/"), false),
            (Some(&["flows:write"]), "PATCH", &format!("/api/v1/mcp/project/{id}"), true),
            (Some(&["flows:run", "flows:write"]), "POST", "/api/v2/mcp/servers/x", false),
            (Some(&["flows:run"]), "GET", "/api/v2/mcp/servers", false),
            (Some(&["admin"]), "POST", "/api/v2/mcp/servers/x", true),
            (Some(&["flows:write"]), "POST", "/api/v1/custom_component", true),
            (Some(&["flows:write"]), "POST", "/api/v1/custom_component/approved", false),
            (Some(&["flows:write"]), "POST", "/api/v1/custom_component/approved/abc", false),
            (Some(&["files"]), "GET", "/logs", false),
            (Some(&["admin"]), "GET", "/logs", true),
        ] {
            let result = check_scopes(&principal(scopes), method, path);
            assert_eq!(result.is_ok(), ok, "{scopes:?} {path}");
        }
    }

    #[test]
    fn flows_are_named_in_paths_that_run_them() {
        for (path, name) in [
            ("/api/v1/run/echo", Some("echo")),
            ("/api/v1/run/advanced/echo", Some("echo")),
            ("/api/v1/run/session/echo", Some("echo")),
            ("/api/v1/webhook/echo", Some("echo")),
            ("/api/v1/run/", None),
            ("/api/v1/flows/echo", None),
            ("/logs", None),
        ] {
            assert_eq!(flow_name("POST", path), name, "{path}");
        }
    }

    #[test]
    fn names_of_scopes() {
        for (text, ok) in [
            ("flows:run", true),
            ("run:11111111-2222-4333-8444-555555555555", true),
            ("run:", false),
            ("run:name", false),
            ("flows", false),
            ("", false),
        ] {
            assert_eq!(is_scope(text), ok, "{text}");
        }
    }
}
