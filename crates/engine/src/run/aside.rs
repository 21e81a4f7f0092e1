//! Nodes with much to work on, off the threads that serve requests.
//!
//! Sorting a table or searching a long text takes a processor for as long as it takes. On a thread of the runtime that
//! would hold up everybody whose requests wait for the same thread.

use langflow_core::{Fault, FaultKind};
use tokio::runtime::Handle;
use tokio::sync::{Semaphore, oneshot};
use tracing::Instrument as _;

/// Bytes of a node's input from which on it goes aside.
pub(super) const LARGE: usize = 256 << 10;
/// Nodes that may be aside at once, in all runs. The others wait.
static PLACES: Semaphore = Semaphore::const_new(16);

tokio::task_local! {
    /// Set on a thread of its own. The nodes in a loop's body and in a flow that a node runs stay there: a place that
    /// waits for another place could wait for ever.
    static IS_ASIDE: ();
}

/// Runs `work` on a thread of its own, if it is not on one already. Dropping the future ends the work where it next waits.
pub(super) async fn run<T: Send + 'static>(
    work: impl Future<Output = Result<T, Fault>> + Send + 'static,
) -> Result<T, Fault> {
    if IS_ASIDE.try_with(|()| ()).is_ok() {
        return work.await;
    }
    let cancelled = || Fault::new(FaultKind::Cancelled, "The run was cancelled");
    let place = PLACES.acquire().await.map_err(|_| cancelled())?;
    let (wanted, unwanted) = oneshot::channel::<()>();
    let (runtime, span) = (Handle::current(), tracing::Span::current());
    let thread = tokio::task::spawn_blocking(move || {
        let _place = place;
        let until_unwanted = async {
            tokio::select! {
                result = IS_ASIDE.scope((), work) => result,
                _ = unwanted => Err(cancelled()),
            }
        };
        runtime.block_on(until_unwanted.instrument(span))
    });
    let result = thread.await;
    drop(wanted);
    match result {
        Ok(result) => result,
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        Err(_) => Err(cancelled()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::Duration;

    /// One thread: what blocks it blocks everything.
    #[tokio::test]
    async fn others_go_on_while_work_keeps_a_processor() {
        let done = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&done);
        let work = run(async move {
            std::thread::sleep(Duration::from_millis(200));
            done.store(true, Ordering::Release);
            Ok(7)
        });
        let other = async {
            tokio::time::sleep(Duration::from_millis(1)).await;
            seen.load(Ordering::Acquire)
        };
        let (result, was_done) = tokio::join!(work, other);
        assert_eq!(result.unwrap(), 7);
        assert!(!was_done);
    }

    #[tokio::test]
    async fn more_work_within_work_than_there_are_places() {
        let within = || run(async { run(async { Ok(1) }).await });
        let all = futures::future::join_all((0..64).map(|_| within()));
        let done = tokio::time::timeout(Duration::from_secs(20), all).await.unwrap();
        assert!(done.into_iter().all(|one| one.unwrap() == 1));
    }

    #[tokio::test]
    async fn work_that_nobody_waits_for_ends() {
        // Dropped with the work that holds it.
        let (held, dropped) = oneshot::channel::<()>();
        let work = run(async move {
            let _held = held;
            std::future::pending::<Result<(), Fault>>().await
        });
        assert!(tokio::time::timeout(Duration::from_millis(20), work).await.is_err());
        assert!(tokio::time::timeout(Duration::from_secs(10), dropped).await.unwrap().is_err());
    }
}
