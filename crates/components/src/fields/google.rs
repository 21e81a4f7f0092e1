//! A service account of Google Cloud.

use langflow_core::prelude::*;
use langflow_providers::google::ServiceAccount;

/// Largest file of a service account.
const FILE_BYTES: usize = 256 * 1024;
/// Variables that may hold the JSON of an account.
const VARIABLES: [&str; 2] = ["GOOGLE_SERVICE_ACCOUNT", "GOOGLE_APPLICATION_CREDENTIALS_JSON"];

/// The JSON of a service account: out of the file that the node has, else out of the user's variable.
///
/// # Errors
/// There is none, or it is none.
pub async fn service_account(file: &Json, cx: &Cx) -> Result<Secret, Fault> {
    let path = match file {
        Json::String(path) => path.as_str(),
        Json::Array(paths) => paths.first().and_then(Json::as_str).unwrap_or_default(),
        _ => "",
    };
    if !path.trim().is_empty() {
        let bytes =
            cx.files().read(path.trim(), FILE_BYTES).await.map_err(|fault| fault.at_field("credentials"))?;
        let text = String::from_utf8(bytes.to_vec()).map_err(|_| {
            Fault::invalid("the file of the service account is no text").at_field("credentials")
        })?;
        ServiceAccount::read(&text).map_err(|fault| fault.at_field("credentials"))?;
        return Ok(Secret::new(text));
    }
    for name in VARIABLES {
        if let Some(found) = cx.variables().get(name).await?
            && !found.value.is_empty()
        {
            return Ok(found.value);
        }
    }
    Err(Fault::missing(format!(
        "upload the JSON of a service account, or store it as the variable {}",
        VARIABLES[0]
    ))
    .at_field("credentials"))
}

/// Where models of a project run: `https://<location>-aiplatform.googleapis.com/…/publishers/google`.
///
/// # Errors
/// The project is not known, or a part cannot be part of an address.
pub fn vertex_address(credentials: &Secret, project: &str, location: &str) -> Result<String, Fault> {
    let project = match project.trim() {
        "" => ServiceAccount::read(credentials.expose()).map(|account| account.project).unwrap_or_default(),
        own => own.to_owned(),
    };
    if project.is_empty() {
        return Err(Fault::missing("say which project of Google Cloud it is").at_field("project"));
    }
    let location = if location.trim().is_empty() { "us-central1" } else { location.trim() };
    for (part, field) in [(project.as_str(), "project"), (location, "location")] {
        if !part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':' | '.')) {
            return Err(Fault::invalid(format!("'{part}' is not a {field} of Google Cloud")).at_field(field));
        }
    }
    let host = match location {
        "global" => "aiplatform.googleapis.com".to_owned(),
        region => format!("{region}-aiplatform.googleapis.com"),
    };
    Ok(format!("https://{host}/v1/projects/{project}/locations/{location}/publishers/google"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_projects() {
        let none = Secret::default();
        assert_eq!(
            vertex_address(&none, "p-1", "").unwrap(),
            "https://us-central1-aiplatform.googleapis.com/v1/projects/p-1/locations/us-central1/publishers/google"
        );
        assert!(
            vertex_address(&none, "p", "global").unwrap().starts_with("https://aiplatform.googleapis.com/")
        );
        let account = Secret::new(r#"{"client_email": "a", "private_key": "k", "project_id": "own"}"#);
        assert!(vertex_address(&account, "", "").unwrap().contains("/projects/own/"));
        for (project, location) in [("", ""), ("a/b", ""), ("p", "x.evil.example/")] {
            assert!(vertex_address(&none, project, location).is_err(), "{project} {location}");
        }
    }
}
