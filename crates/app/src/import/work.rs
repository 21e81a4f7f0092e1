//! Projects, flows and messages.

use super::{BATCH, FLOW_BATCH, Import};
use crate::AppResult;
use crate::crypto::keyring::is_token;
use crate::flows::names;
use langflow_store::RawJson;
use langflow_store::flows::{self, AccessType, Flow, FlowType};
use langflow_store::langflow::ForeignRow;
use langflow_store::messages::{self, StoredMessage};
use langflow_store::projects::{self, Project};
use serde_json::{Value, json};
use std::collections::HashMap;
use uuid::Uuid;

/// The project without an owner in which Langflow keeps the examples it ships.
const EXAMPLES: &str = "Starter Projects";
/// What Langflow has called a user's first project.
const FIRST_PROJECTS: [&str; 3] = ["Starter Project", "My Collection", "My Projects"];
/// Members of a project's MCP settings that are encrypted.
const SEALED: [&str; 2] = ["oauth_client_secret", "api_key"];

/// Names and endpoint names of an owner's flows, here and in the import.
#[derive(Default)]
struct Taken {
    names: Vec<String>,
    endpoints: Vec<String>,
}

impl Import<'_> {
    pub(super) async fn projects(&mut self) -> AppResult<()> {
        self.report.projects.found = self.source.database.count("folder").await?;
        let mut after = None;
        let mut first: HashMap<Uuid, bool> = HashMap::new();
        loop {
            let rows = self.page("folder", &mut after, BATCH).await?;
            if rows.is_empty() {
                return Ok(());
            }
            for row in rows {
                self.take_project(&row, &mut first).await?;
            }
        }
    }

    async fn take_project(&mut self, row: &ForeignRow, first: &mut HashMap<Uuid, bool>) -> AppResult<()> {
        let Some(id) = row.uuid("id") else { return Ok(()) };
        let name = row.string("name");
        let owner = match row.uuid("user_id") {
            Some(theirs) => self.users.get(&theirs).copied(),
            None if name == EXAMPLES => {
                self.shelves.insert(id);
                None
            }
            None => self.superuser,
        };
        let Some(owner) = owner else {
            self.report.projects.left_out += 1;
            return Ok(());
        };
        let store = &self.app.store;
        if let Some(known) = projects::find(store, owner, id).await? {
            self.projects.insert(id, known.id);
            self.report.projects.present += 1;
            return Ok(());
        }
        if let Some(known) = projects::find_by_name(store, owner, &name).await? {
            self.report
                .note(format!("What is in the project {name:?} goes to the project of that name here."));
            self.projects.insert(id, known.id);
            self.report.projects.present += 1;
            return Ok(());
        }
        let is_first = row.flag("is_personal").unwrap_or(false) || FIRST_PROJECTS.contains(&name.as_str());
        let has_first = match first.get(&owner) {
            Some(known) => *known,
            None => projects::find_default(store, owner).await?.is_some(),
        };
        first.insert(owner, has_first || is_first);
        let now = self.app.clock.now();
        let project = Project {
            id,
            user_id: Some(owner),
            parent_id: None,
            auth_settings: row
                .json("auth_settings")
                .map(|settings| self.resealed(&name, &settings))
                .transpose()?,
            name,
            description: row.text("description").map(str::to_owned),
            is_default: is_first && !has_first,
            created_at: now,
            updated_at: now,
        };
        self.projects.insert(id, id);
        self.report.projects.taken += 1;
        if self.applies {
            store.write(move |tx| Box::pin(async move { projects::insert(tx, &project).await })).await?;
        }
        Ok(())
    }

    /// A project's settings with their secrets under this server's key.
    fn resealed(&mut self, project: &str, settings: &RawJson) -> AppResult<RawJson> {
        let mut settings = settings.to_value();
        for member in SEALED {
            let Some(value) = settings.get_mut(member) else { continue };
            let Some(stored) = value.as_str().filter(|text| is_token(text)).map(str::to_owned) else {
                continue;
            };
            match self.reseal(&stored)? {
                Some(sealed) => *value = Value::from(sealed),
                None => {
                    *value = Value::Null;
                    self.report.note(format!(
                        "{member} of the project {project:?} is left out: it is encrypted with a secret key that \
                         is not known."
                    ));
                }
            }
        }
        Ok(RawJson::from(settings))
    }

    pub(super) async fn flows(&mut self) -> AppResult<()> {
        self.report.flows.found = self.source.database.count("flow").await?;
        let mut after = None;
        let mut taken: HashMap<Uuid, Taken> = HashMap::new();
        loop {
            let rows = self.page("flow", &mut after, FLOW_BATCH).await?;
            if rows.is_empty() {
                return Ok(());
            }
            let mut new = Vec::new();
            for row in rows {
                let Some(mut flow) = self.flow(&row) else {
                    self.report.flows.left_out += 1;
                    continue;
                };
                let owner = flow.user_id.unwrap_or_default();
                if flows::find_ref(&self.app.store, owner, flows::FlowKey::Id(flow.id)).await?.is_some() {
                    self.flows.insert(flow.id, owner);
                    self.report.flows.present += 1;
                    continue;
                }
                if !flows::taken_ids(&self.app.store, &[flow.id]).await?.is_empty() {
                    self.report.note(format!(
                        "The flow {:?} is left out: its id is somebody else's here.",
                        flow.name
                    ));
                    self.report.flows.left_out += 1;
                    continue;
                }
                let known = match taken.entry(owner) {
                    std::collections::hash_map::Entry::Occupied(entry) => entry.into_mut(),
                    std::collections::hash_map::Entry::Vacant(entry) => entry.insert(Taken {
                        names: flows::names_starting_with(&self.app.store, owner, "").await?,
                        endpoints: flows::endpoints_starting_with(&self.app.store, owner, "").await?,
                    }),
                };
                for change in known.make_room(&mut flow) {
                    self.report.note(change);
                }
                self.flows.insert(flow.id, owner);
                new.push(flow);
            }
            self.report.flows.taken += new.len() as u64;
            if self.applies {
                self.app
                    .store
                    .write(move |tx| Box::pin(async move { flows::insert_many(tx, &new).await }))
                    .await?;
            }
        }
    }

    /// `None`: an example of Langflow's, or a flow whose owner is not there.
    fn flow(&self, row: &ForeignRow) -> Option<Flow> {
        let folder = row.uuid("folder_id");
        if folder.is_some_and(|folder| self.shelves.contains(&folder)) {
            return None;
        }
        let owner = match row.uuid("user_id") {
            Some(theirs) => *self.users.get(&theirs)?,
            // Langflow gives flows without an owner to the superuser, too.
            None => self.superuser?,
        };
        let text = |column: &str| row.text(column).map(str::to_owned);
        let updated_at = row.time("updated_at").unwrap_or_else(|| self.app.clock.now());
        Some(Flow {
            id: row.uuid("id")?,
            user_id: Some(owner),
            project_id: folder.and_then(|folder| self.projects.get(&folder).copied()),
            name: row.string("name"),
            description: text("description"),
            icon: text("icon"),
            icon_bg_color: text("icon_bg_color"),
            gradient: text("gradient"),
            is_component: row.flag("is_component").unwrap_or(false),
            webhook: row.flag("webhook").unwrap_or(false),
            endpoint_name: text("endpoint_name").filter(|name| !name.is_empty()),
            tags: row.json("tags"),
            locked: row.flag("locked"),
            mcp_enabled: row.flag("mcp_enabled"),
            action_name: text("action_name"),
            action_description: text("action_description"),
            access_type: match row.text("access_type") {
                Some(text) if text.eq_ignore_ascii_case("public") => AccessType::Public,
                _ => AccessType::Private,
            },
            flow_type: match row.text("flow_type") {
                Some(text) if text.eq_ignore_ascii_case("agent") => FlowType::Agent,
                _ => FlowType::Workflow,
            },
            a2a_enabled: row.flag("a2a_enabled").unwrap_or(false),
            a2a_card_overrides: row.json("a2a_card_overrides"),
            // A path on the disk of another server.
            fs_path: None,
            name_key: None,
            version_token: Some(row.uuid("version_token").unwrap_or_else(|| self.app.ids.random())),
            last_modified_by: row.uuid("last_modified_by").and_then(|id| self.users.get(&id).copied()),
            created_at: updated_at,
            updated_at,
            data: row.json("data"),
        })
    }

    pub(super) async fn messages(&mut self) -> AppResult<()> {
        self.report.messages.found = self.source.database.count("message").await?;
        let mut after = None;
        loop {
            let rows = self.page("message", &mut after, BATCH).await?;
            if rows.is_empty() {
                return Ok(());
            }
            let mut new = Vec::new();
            for row in rows {
                let Some((owner, message)) = self.message(&row) else {
                    self.report.messages.left_out += 1;
                    continue;
                };
                if messages::find(&self.app.store, owner, message.id).await?.is_some() {
                    self.report.messages.present += 1;
                } else {
                    new.push(message);
                }
            }
            self.report.messages.taken += new.len() as u64;
            if self.applies {
                self.app
                    .store
                    .write(move |tx| Box::pin(async move { messages::save(tx, &new).await }))
                    .await?;
            }
        }
    }

    /// `None`: nobody's, because its flow is gone or was an example.
    fn message(&self, row: &ForeignRow) -> Option<(Uuid, StoredMessage)> {
        let flow_id = row.uuid("flow_id");
        let of_flow = flow_id.and_then(|flow| self.flows.get(&flow).copied());
        let owner = of_flow.or_else(|| self.users.get(&row.uuid("user_id")?).copied())?;
        let list = |column: &str| row.json(column).unwrap_or_else(|| RawJson::from(json!([])));
        let message = StoredMessage {
            id: row.uuid("id")?,
            user_id: Some(owner),
            flow_id,
            run_id: row.uuid("run_id"),
            session_id: row.string("session_id"),
            context_id: row.text("context_id").filter(|context| !context.is_empty()).map(str::to_owned),
            timestamp: row.time("timestamp").unwrap_or_else(|| self.app.clock.now()),
            sender: row.string("sender"),
            sender_name: row.string("sender_name"),
            text: row.string("text").replace('\0', "\u{fffd}"),
            files: list("files"),
            error: row.flag("error").unwrap_or(false),
            edit: row.flag("edit").unwrap_or(false),
            is_output: row.flag("is_output").unwrap_or(false),
            category: row.text("category").unwrap_or("message").to_owned(),
            duration: None,
            properties: row.json("properties").unwrap_or_else(|| RawJson::from(json!({}))),
            content_blocks: list("content_blocks"),
            session_metadata: row.json("session_metadata"),
        };
        Some((owner, message))
    }
}

impl Taken {
    /// Gives a flow names that are free, and says what was changed.
    fn make_room(&mut self, flow: &mut Flow) -> Vec<String> {
        let mut changes = Vec::new();
        let name = names::free_name(&flow.name, &self.names);
        if name != flow.name {
            changes.push(format!("The flow {:?} is now {name:?}: the name is taken.", flow.name));
            flow.name.clone_from(&name);
        }
        self.names.push(name);
        if let Some(wanted) = flow.endpoint_name.clone() {
            let endpoint = names::free_endpoint(&wanted, &self.endpoints);
            if endpoint != wanted {
                changes.push(format!(
                    "The endpoint {wanted:?} of the flow {:?} is now {endpoint:?}: the name is taken.",
                    flow.name
                ));
            }
            self.endpoints.push(endpoint.clone());
            flow.endpoint_name = Some(endpoint);
        }
        changes
    }
}
