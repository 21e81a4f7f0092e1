//! The thread on which the server talks with workers. It stands back behind those that serve requests.
//!
//! How much there is to read, decode and answer is up to people's code. On the threads that serve requests each piece of
//! it would hold up whoever waits for the same thread.

use langflow_core::{Fault, FaultKind};
use std::io;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::JoinSet;
use tracing::Instrument as _;

/// What its threads add to their niceness.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 10;

/// Puts the calling thread behind the others of the server.
pub fn stand_back() {
    // On Linux the niceness is the thread's own. Where it may not be changed, the thread competes as any other.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::nice(NICENESS);
}

/// A runtime of one thread.
pub struct Side {
    handle: Handle,
    /// Taken as this is dropped.
    runtime: Option<Runtime>,
}

impl Side {
    /// # Errors
    /// No thread can be had.
    pub fn new() -> io::Result<Self> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("python-talk")
            .on_thread_start(stand_back)
            .enable_all()
            .build()?;
        Ok(Self { handle: runtime.handle().clone(), runtime: Some(runtime) })
    }

    pub fn handle(&self) -> &Handle {
        &self.handle
    }

    /// Does `work` there. Dropping the future ends the work where it next waits.
    ///
    /// # Errors
    /// The thread is gone.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, Fault> {
        let mut one = JoinSet::new();
        one.spawn_on(work.in_current_span(), &self.handle);
        match one.join_next().await {
            Some(Ok(done)) => Ok(done),
            Some(Err(error)) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            _ => Err(Fault::new(FaultKind::Unavailable, "the Python workers are shut down")),
        }
    }
}

impl Drop for Side {
    fn drop(&mut self) {
        // Waiting for its thread is not for a thread that serves requests.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use tokio::sync::oneshot;

    #[tokio::test]
    async fn work_is_done_on_a_thread_that_stands_back() {
        let side = Side::new().unwrap();
        let name = side.run(async { std::thread::current().name().map(str::to_owned) }).await.unwrap();
        assert_eq!(name.as_deref(), Some("python-talk"));
        #[cfg(target_os = "linux")]
        {
            let niceness = || rustix::process::nice(0).unwrap();
            let there = side.run(async move { niceness() }).await.unwrap();
            assert_eq!(there, (niceness() + NICENESS).min(19));
        }
    }

    #[tokio::test]
    async fn work_that_nobody_waits_for_ends() {
        let side = Side::new().unwrap();
        // Dropped with the work that holds it.
        let (held, dropped) = oneshot::channel::<()>();
        let work = side.run(async move {
            let _held = held;
            std::future::pending::<()>().await;
        });
        assert!(tokio::time::timeout(Duration::from_millis(20), work).await.is_err());
        assert!(tokio::time::timeout(Duration::from_secs(10), dropped).await.unwrap().is_err());
    }
}
