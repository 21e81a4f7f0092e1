//! When and how the server stops.

use axum_server::Handle;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Waits for SIGINT or SIGTERM, then takes no new connections and gives running requests `grace` to end.
/// A second signal ends at once.
pub async fn stop_on_signal(handle: Handle<SocketAddr>, grace: Duration) {
    let (Ok(mut interrupt), Ok(mut terminate)) =
        (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        tracing::error!("signals cannot be received; stop the server by force");
        return;
    };
    either(&mut interrupt, &mut terminate).await;
    tracing::info!(connections = handle.connection_count(), grace_seconds = grace.as_secs(), "stopping");
    handle.graceful_shutdown(Some(grace));
    either(&mut interrupt, &mut terminate).await;
    tracing::warn!("stopping at once");
    handle.shutdown();
}

async fn either(one: &mut Signal, other: &mut Signal) {
    tokio::select! {
        _ = one.recv() => {}
        _ = other.recv() => {}
    }
}
