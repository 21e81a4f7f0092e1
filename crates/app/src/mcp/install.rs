//! Setting up MCP clients on the machine of the server: their settings file gets an entry for a project.

use super::access::{ProjectDoor, project_rule};
use super::names::server_name;
use crate::client::Client as Caller;
use crate::keys::{NewKey, create_key};
use crate::{App, AppError, AppResult, Principal};
use langflow_core::{Json, JsonMap};
use serde_json::json;
use std::path::{Path, PathBuf};
use tokio::fs;
use uuid::Uuid;

/// The largest settings file that is changed.
const MAX_FILE_BYTES: u64 = 1 << 20;

/// A program that can be set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum McpClient {
    Cursor,
    Windsurf,
    Claude,
}

impl McpClient {
    pub const ALL: [Self; 3] = [Self::Cursor, Self::Windsurf, Self::Claude];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cursor => "cursor",
            Self::Windsurf => "windsurf",
            Self::Claude => "claude",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Cursor => "Cursor",
            Self::Windsurf => "Windsurf",
            Self::Claude => "Claude",
        }
    }

    fn file(self, home: &Path) -> PathBuf {
        let at = |parts: &[&str]| parts.iter().fold(home.to_owned(), |path, part| path.join(part));
        match self {
            Self::Cursor => at(&[".cursor", "mcp.json"]),
            Self::Windsurf => at(&[".codeium", "windsurf", "mcp_config.json"]),
            Self::Claude if cfg!(target_os = "macos") => {
                at(&["Library", "Application Support", "Claude", "claude_desktop_config.json"])
            }
            Self::Claude if cfg!(windows) => {
                at(&["AppData", "Roaming", "Claude", "claude_desktop_config.json"])
            }
            Self::Claude => at(&[".config", "Claude", "claude_desktop_config.json"]),
        }
    }

    /// The entry under `mcpServers`, in the words of the client.
    fn entry(self, url: &str, is_sse: bool, key: Option<&str>) -> Json {
        let headers = key.map(|key| json!({"x-api-key": key}));
        let mut entry = match self {
            Self::Cursor => json!({ "url": url }),
            Self::Windsurf => json!({ "serverUrl": url }),
            // Only starts programs: a bridge speaks to the server for it.
            Self::Claude => {
                let mut args = vec!["mcp-proxy".to_owned()];
                if !is_sse {
                    args.extend(["--transport".to_owned(), "streamablehttp".to_owned()]);
                }
                if let Some(key) = key {
                    args.extend(["--headers".to_owned(), "x-api-key".to_owned(), key.to_owned()]);
                }
                args.push(url.to_owned());
                return json!({"command": "uvx", "args": args});
            }
        };
        if let (Some(map), Some(headers)) = (entry.as_object_mut(), headers) {
            map.insert("headers".into(), headers);
        }
        entry
    }
}

/// Whether a client is on this machine, and whether it knows the project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InstallState {
    pub client: McpClient,
    pub installed: bool,
    pub available: bool,
}

/// The state of every client, for a project of the caller.
pub async fn list_installed(app: &App, who: &Principal, project: Uuid) -> AppResult<Vec<InstallState>> {
    crate::projects::find_project(app, who, project).await?;
    let mut states = Vec::new();
    for client in McpClient::ALL {
        let Some(home) = &app.settings.mcp.home else {
            states.push(InstallState { client, installed: false, available: false });
            continue;
        };
        let file = client.file(home);
        let available = is_available(&file).await;
        let known = if available { read(&file).await.unwrap_or_default() } else { JsonMap::new() };
        let installed =
            known.get("mcpServers").is_some_and(|servers| servers.to_string().contains(&project.to_string()));
        states.push(InstallState { client, installed, available });
    }
    Ok(states)
}

/// Writes the entry of a project into the settings of a client; the name of the entry. Where the project asks for
/// a key, one is made that may only run flows.
///
/// # Errors
/// 400 when the client is not on this machine, or its settings are no JSON object.
pub async fn install(
    app: &App,
    who: &Principal,
    caller: &Caller,
    project: Uuid,
    client: McpClient,
    url: &str,
    is_sse: bool,
) -> AppResult<String> {
    let found = crate::projects::find_project(app, who, project).await?;
    let title = client.title();
    let missing = || {
        let text = format!("{title} is not installed on this system. Please install {title} first.");
        AppError::bad_request(text)
    };
    let file = client.file(app.settings.mcp.home.as_ref().ok_or_else(missing)?);
    if !is_available(&file).await {
        return Err(missing());
    }
    let unreadable = || AppError::bad_request(format!("The settings file of {title} is not a JSON object"));
    let mut settings = read(&file).await.ok_or_else(unreadable)?;
    let servers = settings.entry("mcpServers").or_insert_with(|| json!({}));
    let servers = servers.as_object_mut().ok_or_else(unreadable)?;
    let wants_key = project_rule(app, project).await?.is_some_and(|rule| rule.door == ProjectDoor::Key);
    let key = if wants_key {
        let new = NewKey {
            name: Some(format!("MCP Project {} - {}", found.name, client.as_str())),
            scopes: Some(vec!["flows:run".into()]),
            ..NewKey::default()
        };
        Some(create_key(app, who, caller, new).await?.key)
    } else {
        None
    };
    let name = server_name(&found.name);
    servers.insert(name.clone(), client.entry(url, is_sse, key.as_ref().map(langflow_core::Secret::expose)));
    write(&file, &Json::Object(settings)).await?;
    Ok(name)
}

async fn is_available(file: &Path) -> bool {
    let Some(folder) = file.parent() else { return false };
    fs::metadata(folder).await.is_ok_and(|data| data.is_dir())
}

/// The settings; none yet: empty ones. `None`: not a JSON object, or too large.
async fn read(file: &Path) -> Option<JsonMap> {
    match fs::metadata(file).await {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Some(JsonMap::new()),
        Ok(data) if data.is_file() && data.len() <= MAX_FILE_BYTES => {}
        _ => return None,
    }
    let text = fs::read_to_string(file).await.ok()?;
    if text.trim().is_empty() {
        return Some(JsonMap::new());
    }
    serde_json::from_str(&text).ok()
}

/// Replaces the file whole: a crash leaves the old one.
async fn write(file: &Path, settings: &Json) -> AppResult<()> {
    let text = serde_json::to_string_pretty(settings).map_err(AppError::internal)?;
    let mut aside = file.as_os_str().to_owned();
    aside.push(".langflow-new");
    fs::write(&aside, text).await.map_err(AppError::internal)?;
    fs::rename(&aside, file).await.map_err(AppError::internal)
}
