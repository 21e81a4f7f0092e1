//! Runs the HTTP service until it is told to stop.

mod banner;
mod browser;
mod listener;
mod memory;
mod metrics;
mod shutdown;

use crate::config::Config;
use crate::wiring;
use anyhow::{Context as _, Result};
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use langflow_app::{App, accounts, custom, flows, knowledge, memories, runs};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Longest wait for the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);

/// Serves until SIGINT or SIGTERM, then lets running requests end.
///
/// # Errors
/// What keeps the server from starting, told so that an operator can mend it.
pub async fn serve(config: Config) -> Result<()> {
    let listener = listener::bind(&config.listen)?;
    let tls = tls(&config).await?;
    let app = Arc::new(wiring::application(&config).await?);
    let metrics = metrics::start(&config.metrics).await?;
    accounts::bootstrap(&app).await?;
    load_flows(&app).await?;
    runs::close_left_over(&app).await?;
    knowledge::close_left_over(&app).await?;
    memories::close_left_over(&app).await?;
    start_workers(&app, &config).await;
    let stop = CancellationToken::new();
    let house = tokio::spawn(accounts::housekeeping::keep_house(Arc::clone(&app), stop.clone()));
    let router = langflow_api::router(Arc::clone(&app));
    let service = router.into_make_service_with_connect_info::<SocketAddr>();

    let handle = Handle::new();
    let stopping = tokio::spawn(shutdown::stop_on_signal(
        handle.clone(),
        Duration::from_secs(config.listen.shutdown_timeout_seconds),
    ));
    let memory = tokio::spawn(memory::give_back());
    banner::print(&config, &listener, metrics);
    if config.listen.open_browser && !config.listen.backend_only {
        browser::open(&banner::url(&config, &listener));
    }
    let socket = listener.socket;
    let served = if let Some(tls) = tls {
        let mut server = axum_server::from_tcp_rustls(socket, tls)?.handle(handle);
        server.http_builder().http1().header_read_timeout(Some(HEAD_TIMEOUT));
        server.serve(service).await
    } else {
        let mut server = axum_server::from_tcp(socket)?.handle(handle);
        server.http_builder().http1().header_read_timeout(Some(HEAD_TIMEOUT));
        server.serve(service).await
    };
    stopping.abort();
    memory.abort();
    // What was counted in memory is written before the store goes.
    runs::finish_all(&app).await;
    stop.cancel();
    let kept = house.await;
    let closed = app.store.close().await;
    served.context("the server stopped")?;
    kept.context("housekeeping stopped early")?;
    closed.context("the database was not closed in order")?;
    tracing::info!("stopped");
    Ok(())
}

/// Stores the flows of `LANGFLOW_LOAD_FLOWS_PATH`, and says what it did.
async fn load_flows(app: &App) -> Result<()> {
    let loaded = flows::load_folder(app).await?;
    for problem in &loaded.problems {
        tracing::warn!("a file of LANGFLOW_LOAD_FLOWS_PATH was left out: {problem}");
    }
    if loaded.stored > 0 {
        tracing::info!(flows = loaded.stored, "stored {} flows of LANGFLOW_LOAD_FLOWS_PATH", loaded.stored);
    }
    Ok(())
}

/// Starts the first Python worker. One that cannot start is told and keeps nobody from serving: only nodes with
/// code of their own fail then, each with the reason.
async fn start_workers(app: &App, config: &Config) {
    let Some(custom) = app.catalogue.custom() else {
        if !config.python.components_path.is_empty() {
            tracing::warn!(
                "LANGFLOW_COMPONENTS_PATH is without effect while LANGFLOW_CUSTOM_COMPONENTS is off"
            );
        }
        return;
    };
    match custom.prepare().await {
        Ok(versions) => tracing::info!(%versions, "custom Python components run in worker processes"),
        Err(fault) => {
            tracing::error!(error = %fault, "custom Python components cannot run");
            return;
        }
    }
    let count = custom::load_folders(app, &config.python.components_path).await;
    if !config.python.components_path.is_empty() {
        tracing::info!(count, "components of LANGFLOW_COMPONENTS_PATH");
    }
}

async fn tls(config: &Config) -> Result<Option<RustlsConfig>> {
    let (Some(cert), Some(key)) = (&config.listen.ssl_cert_file, &config.listen.ssl_key_file) else {
        return Ok(None);
    };
    let tls = RustlsConfig::from_pem_file(cert, key)
        .await
        .with_context(|| format!("cannot use {} with {}", cert.display(), key.display()))?;
    Ok(Some(tls))
}
