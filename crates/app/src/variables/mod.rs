//! Global variables: named values of a user that fields of flows may stand for.
//!
//! A Credential is encrypted where it is stored and never comes back; a Generic one is plain text.

pub mod defaults;
pub mod environment;
mod internal;
pub mod overrides;
mod run;

pub use environment::import_from_environment;
pub(crate) use internal::{find_internal, put_internal};
pub use overrides::Overrides;
pub use run::RunVariables;

use crate::audit::Entry;
use crate::client::Client;
use crate::crypto::keyring::is_token;
use crate::models::check_variable;
use crate::{App, AppError, AppResult, ErrorKind, Principal};
use langflow_core::Secret;
use langflow_store::variables as rows;
use langflow_store::{RawJson, StoreError, Unique, versions};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use uuid::Uuid;

pub use langflow_store::variables::{Variable, VariableKind};

const LONGEST_NAME: usize = 255;
const LONGEST_VALUE_BYTES: usize = 1024 * 1024;
const NAME_TAKEN: &str = "Variable name already exists";
/// Variables of one user.
const MOST_VARIABLES: usize = 10_000;

/// What a variable is made with.
#[derive(Clone, Debug)]
pub struct NewVariable {
    pub name: String,
    pub value: Secret,
    pub kind: VariableKind,
    pub default_fields: Vec<String>,
    pub category: Option<String>,
}

/// Changes to a variable; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct VariableChange {
    pub name: Option<String>,
    pub value: Option<Secret>,
    pub kind: Option<VariableKind>,
    pub default_fields: Option<Vec<String>>,
    pub category: Option<Option<String>>,
}

/// A variable as its owner may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownVariable {
    pub id: Uuid,
    pub name: String,
    pub kind: VariableKind,
    /// Of a Generic variable; a Credential's never comes back.
    pub value: Option<String>,
    pub has_value: bool,
    pub default_fields: Vec<String>,
    pub category: Option<String>,
}

/// Makes a variable of the caller. A name that is there already is refused, not overwritten.
pub async fn create_variable(
    app: &App,
    principal: &Principal,
    client: &Client,
    new: NewVariable,
) -> AppResult<ShownVariable> {
    match (new.name.is_empty(), new.value.is_empty()) {
        (true, true) => return Err(AppError::bad_request("Variable name and value cannot be empty")),
        (true, false) => return Err(AppError::bad_request("Variable name cannot be empty")),
        (false, true) => return Err(AppError::bad_request("Variable value cannot be empty")),
        (false, false) => {}
    }
    check_name(&new.name)?;
    check_value(&new.name, new.kind, &new.value)?;
    if rows::list(&app.store, principal.user_id).await?.len() >= MOST_VARIABLES {
        return Err(AppError::bad_request(format!("A user has at most {MOST_VARIABLES} variables")));
    }
    if rows::find_by_name(&app.store, principal.user_id, &new.name).await?.is_some() {
        return Err(AppError::bad_request(NAME_TAKEN));
    }
    check_variable(app, principal.user_id, &new.name, &new.value).await?;
    let row = row(app, principal.user_id, new)?;
    let shown = show(app, &row);
    let entry = Entry::new(row.created_at, "create.variable", "variable", row.id)
        .by(principal, client)
        .with(json!({"name": row.name}));
    app.store
        .write(move |tx| {
            Box::pin(async move {
                rows::insert(tx, &row).await?;
                entry.append(tx).await
            })
        })
        .await
        .map_err(name_taken)?;
    app.runs.forget_variables(principal.user_id);
    Ok(shown)
}

fn check_name(name: &str) -> AppResult<()> {
    if name.chars().any(char::is_control) || name.chars().count() > LONGEST_NAME {
        return Err(AppError::bad_request(format!(
            "A variable name has at most {LONGEST_NAME} characters, none of them a control character"
        )));
    }
    Ok(())
}

fn check_value(name: &str, kind: VariableKind, value: &Secret) -> AppResult<()> {
    if value.expose().len() > LONGEST_VALUE_BYTES || value.expose().contains('\0') {
        return Err(AppError::bad_request(format!(
            "A variable has at most {LONGEST_VALUE_BYTES} bytes, none of them null"
        )));
    }
    if kind == VariableKind::Generic && is_token(value.expose()) {
        return Err(AppError::bad_request(format!(
            "Generic variable '{name}' cannot start with 'gAAAAA' as this is reserved for encrypted values. Please \
             use a different value."
        )));
    }
    Ok(())
}

fn name_taken(error: StoreError) -> AppError {
    if error.taken() == Some(Unique::VariableName) {
        return AppError::bad_request(NAME_TAKEN);
    }
    error.into()
}

fn row(app: &App, user_id: Uuid, new: NewVariable) -> AppResult<Variable> {
    let now = app.clock.now();
    Ok(Variable {
        id: app.ids.random(),
        user_id,
        name: new.name,
        kind: new.kind,
        value: seal(app, new.kind, &new.value)?,
        default_fields: RawJson::from(json!(new.default_fields)),
        category: new.category,
        is_environment_managed: false,
        created_at: now,
        updated_at: now,
    })
}

/// The stored text of a value.
pub(crate) fn seal(app: &App, kind: VariableKind, value: &Secret) -> AppResult<String> {
    match kind {
        VariableKind::Generic => Ok(value.expose().to_owned()),
        VariableKind::Credential => app.secrets.encrypt(value, &*app.clock),
    }
}

fn show(app: &App, row: &Variable) -> ShownVariable {
    let value = app.secrets.reveal(&row.value).ok();
    let has_value = value.as_ref().is_some_and(|value| !value.is_empty());
    let is_generic = row.kind == VariableKind::Generic;
    ShownVariable {
        id: row.id,
        name: row.name.clone(),
        kind: row.kind,
        value: value.filter(|_| is_generic).map(|value| value.expose().to_owned()),
        has_value,
        default_fields: row.default_fields.read().unwrap_or_default(),
        category: row.category.clone(),
    }
}

/// The caller's variables, by name. Names of the form `__x__` are the server's own and Generic ones without a
/// value are placeholders: neither is listed.
pub async fn list_variables(app: &App, principal: &Principal) -> AppResult<Vec<ShownVariable>> {
    let rows = rows::list(&app.store, principal.user_id).await?;
    let mut shown: Vec<ShownVariable> = rows.iter().map(|row| show(app, row)).collect();
    shown.retain(|variable| {
        let is_internal =
            variable.name.len() > 4 && variable.name.starts_with("__") && variable.name.ends_with("__");
        !is_internal && (variable.kind == VariableKind::Credential || variable.has_value)
    });
    Ok(shown)
}

/// Changes a variable of the caller.
///
/// # Errors
/// 404: there is none, or a Credential would become Generic without a new value.
pub async fn change_variable(
    app: &App,
    principal: &Principal,
    client: &Client,
    id: Uuid,
    change: VariableChange,
) -> AppResult<ShownVariable> {
    let owner = principal.user_id;
    let old = rows::find(&app.store, owner, id).await?.ok_or_else(not_found)?;
    if let Some(name) = &change.name {
        if name.is_empty() {
            return Err(AppError::bad_request("Variable name cannot be empty"));
        }
        check_name(name)?;
    }
    let kind = change.kind.unwrap_or(old.kind);
    let value = change.value.filter(|value| !value.is_empty());
    if kind == VariableKind::Generic && old.kind == VariableKind::Credential && value.is_none() {
        return Err(not_found());
    }
    let sealed = match &value {
        Some(value) => {
            let name = change.name.as_deref().unwrap_or(&old.name);
            check_value(name, kind, value)?;
            check_variable(app, owner, name, value).await?;
            Some(seal(app, kind, value)?)
        }
        // What becomes a Credential is encrypted even if its value stays.
        None if kind != old.kind => Some(seal(app, kind, &app.secrets.reveal(&old.value)?)?),
        None => None,
    };
    let now = app.clock.now();
    let entry = Entry::new(now, "change.variable", "variable", id)
        .by(principal, client)
        .with(json!({"name": old.name, "new_name": change.name, "value": value.is_some()}));
    let row = app
        .store
        .write_or(move |tx| {
            Box::pin(async move {
                let mut row = rows::lock(tx, owner, id).await?.ok_or_else(not_found)?;
                row.kind = kind;
                if let Some(name) = change.name {
                    row.name = name;
                }
                if let Some(sealed) = sealed {
                    row.value = sealed;
                }
                if let Some(fields) = change.default_fields {
                    row.default_fields = RawJson::from(json!(fields));
                }
                if let Some(category) = change.category {
                    row.category = category;
                }
                row.is_environment_managed = false;
                row.updated_at = now;
                rows::save(tx, &row).await.map_err(name_taken)?;
                entry.append(tx).await?;
                Ok::<_, AppError>(row)
            })
        })
        .await?;
    app.runs.forget_variables(owner);
    Ok(show(app, &row))
}

fn not_found() -> AppError {
    AppError::not_found("Variable not found")
}

/// Deletes a variable of the caller.
pub async fn delete_variable(app: &App, principal: &Principal, client: &Client, id: Uuid) -> AppResult<()> {
    let owner = principal.user_id;
    let entry = Entry::new(app.clock.now(), "delete.variable", "variable", id).by(principal, client);
    app.store
        .write_or(move |tx| {
            Box::pin(async move {
                if !rows::delete(tx, owner, id).await? {
                    return Err(not_found());
                }
                entry.append(tx).await?;
                Ok(())
            })
        })
        .await?;
    app.runs.forget_variables(owner);
    Ok(())
}

/// The names of the caller's variables that fields of these flow versions stand for, sorted.
pub async fn detect_variables(app: &App, principal: &Principal, versions: &[Uuid]) -> AppResult<Vec<String>> {
    let owner = principal.user_id;
    let mut named = BTreeSet::new();
    for id in versions {
        let version = versions::find_of_any_flow(&app.store, owner, *id)
            .await?
            .ok_or_else(|| AppError::new(ErrorKind::NotFound, format!("Flow version {id} not found")))?;
        if let Some(data) = &version.data {
            collect_names(&data.to_value(), &mut named);
        }
    }
    let wanted: Vec<String> = named.into_iter().collect();
    let known = rows::find_by_names(&app.store, owner, &wanted).await?;
    let known: BTreeSet<&str> = known.iter().map(|row| row.name.as_str()).collect();
    Ok(wanted.into_iter().filter(|name| known.contains(name.as_str())).collect())
}

/// Values of all `load_from_db` fields of a graph.
fn collect_names(value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            let loads = map.get("load_from_db").and_then(Value::as_bool).unwrap_or_default();
            if let Some(name) = map.get("value").and_then(Value::as_str)
                && loads
                && !name.is_empty()
            {
                into.insert(name.to_owned());
            }
            map.values().for_each(|inner| collect_names(inner, into));
        }
        Value::Array(items) => items.iter().for_each(|inner| collect_names(inner, into)),
        _ => {}
    }
}
