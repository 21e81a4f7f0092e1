//! Servers in memory on a port of their own.

use std::io;
use std::net::SocketAddr;
use tokio::net::{TcpListener, TcpStream};

/// Serves every connection to a free port of this machine until the test ends.
///
/// # Errors
/// No port is free.
pub async fn listen<S, F>(serve: S) -> io::Result<SocketAddr>
where
    S: Fn(TcpStream) -> F + Send + 'static,
    F: Future<Output = io::Result<()>> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream));
        }
    });
    Ok(address)
}
