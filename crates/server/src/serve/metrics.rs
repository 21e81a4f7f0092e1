//! `/metrics` for Prometheus, on a port of its own: it answers without a credential, so it must not stand
//! beside the API.

use crate::config::Metrics;
use anyhow::{Context as _, Result};
use axum::Router;
use axum::http::header;
use axum::routing::get;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;

/// Port of Langflow where none is given.
const DEFAULT_PORT: u16 = 9090;
/// Seconds; requests and runs take from a millisecond to minutes.
const BUCKETS: &[f64] =
    &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0];
/// How often old samples are folded into the buckets.
const UPKEEP: Duration = Duration::from_secs(5);

/// Collects numbers and serves them if the settings want it; gives the address.
///
/// # Errors
/// The port is taken: the collector would look at something else.
pub async fn start(metrics: &Metrics) -> Result<Option<SocketAddr>> {
    if !metrics.prometheus_enabled && metrics.prometheus_port.is_none() {
        return Ok(None);
    }
    let port = metrics.prometheus_port.unwrap_or(DEFAULT_PORT);
    let listener = TcpListener::bind((metrics.prometheus_host.as_str(), port)).await.with_context(|| {
        format!("LANGFLOW_PROMETHEUS_PORT: cannot listen on {}, port {port}", metrics.prometheus_host)
    })?;
    let address = listener.local_addr()?;
    let handle = recorder()?;
    let router = router(handle.clone());
    tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, router).await {
            tracing::error!(%error, "/metrics is no longer served");
        }
    });
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval(UPKEEP);
        loop {
            ticks.tick().await;
            handle.run_upkeep();
        }
    });
    Ok(Some(address))
}

fn recorder() -> Result<PrometheusHandle> {
    PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".into()), BUCKETS)
        .and_then(PrometheusBuilder::install_recorder)
        .context("metrics cannot be collected")
}

fn router(handle: PrometheusHandle) -> Router {
    let text = move || {
        let handle = handle.clone();
        async move { ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], handle.render()) }
    };
    Router::new().route("/metrics", get(text))
}
