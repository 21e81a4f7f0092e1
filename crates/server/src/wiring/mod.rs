//! Puts the rooms together: settings become the structs the other rooms ask for.

mod app;
mod egress;
mod files;
mod store;
mod workers;

use crate::config::{Algorithm, Config};
use anyhow::{Context as _, Result};
use langflow_app::crypto::secret_key;
use langflow_app::crypto::signing::{self, RsaDigest};
use langflow_app::{App, Outside};
use langflow_core::clock::SystemClock;
use langflow_core::component::Catalogue;
use langflow_core::ids::SystemIds;
use langflow_core::run::Egress;
use langflow_providers::http::Door;
use langflow_providers::mcp::{McpClient, McpLimits};
use langflow_providers::models::Providers;
use langflow_worker::CustomComponents;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

pub use app::auth as auth_settings;
pub use store::shown as database_shown;

/// Builds the application the settings describe.
///
/// # Errors
/// The data folder, the secret key or the database cannot be used.
pub async fn application(config: &Config) -> Result<App> {
    let data_dir = config.data_dir()?;
    make_folder(&data_dir)?;
    let settings = app::settings(config, &data_dir);
    let (ring, _) =
        secret_key::load(&data_dir, &settings.auth.secret_key, &settings.auth.previous_secret_keys)?;
    let ring = match digest(config.auth.algorithm) {
        Some(digest) => {
            let (private, public) = (&config.auth.private_key, config.auth.public_key.as_deref());
            ring.with_token_keys(signing::load(&data_dir, digest, private, public)?)
        }
        None => ring,
    };
    let store = store::open(config, &data_dir).await?;
    let egress: Arc<dyn Egress> =
        Arc::new(Door::new(egress::config(config)).context("outbound HTTP cannot be set up")?);
    let limits = McpLimits {
        answer: Duration::from_secs(config.mcp.server_timeout_seconds.max(1)),
        call: Duration::try_from_secs_f64(config.mcp.tool_execution_timeout_seconds.max(1.0))
            .unwrap_or(Duration::from_mins(3)),
        programs: config.mcp.stdio_enabled,
    };
    let mcp_client = McpClient::new(Arc::clone(&egress), limits, &config.environment);
    let outside = Outside {
        clock: Arc::new(SystemClock),
        ids: Arc::new(SystemIds),
        documents: langflow_components::documents(),
        shared_files: files::shared(config)?,
        providers: Arc::new(Providers::new(Arc::clone(&egress))),
        egress,
        mcp_client: Arc::new(mcp_client),
        secrets: Arc::new(ring),
    };
    let workers = workers::pool(config)?;
    let mut entries = langflow_components::catalogue().entries().to_vec();
    entries.extend(langflow_worker::entries(workers.clone()));
    let mut catalogue = Catalogue::new(entries);
    if let Some(workers) = workers {
        catalogue = catalogue.with_custom(Arc::new(CustomComponents::new(workers)));
    }
    Ok(App::new(settings, store, catalogue, outside))
}

/// How RSA keys sign tokens; `None`: the secret key does.
fn digest(algorithm: Algorithm) -> Option<RsaDigest> {
    match algorithm {
        Algorithm::Hs256 => None,
        Algorithm::Rs256 => Some(RsaDigest::Sha256),
        Algorithm::Rs512 => Some(RsaDigest::Sha512),
    }
}

fn make_folder(path: &Path) -> Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    // The folder holds the database and the secret key.
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).with_context(|| format!("LANGFLOW_CONFIG_DIR: cannot make {}", path.display()))
}
