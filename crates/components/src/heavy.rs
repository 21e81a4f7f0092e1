//! Work that keeps a processor busy, off the threads that serve requests.
//!
//! Two threads and a bounded queue: documents that take long to read wait for each other, nothing else
//! waits for them. A panic in a parser of foreign formats is a fault of that document.

use futures::channel::oneshot;
use langflow_core::{Fault, FaultKind};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

/// Threads that do such work.
const THREADS: usize = 2;
/// Stack of such a thread. Programs and documents that nest deeply need it; only what is used takes memory.
pub const STACK_BYTES: usize = 128 << 20;
/// Jobs that may wait.
const QUEUE: usize = 64;

type Job = Box<dyn FnOnce() + Send>;

static JOBS: LazyLock<SyncSender<Job>> = LazyLock::new(|| {
    let (sender, receiver) = sync_channel::<Job>(QUEUE);
    let receiver = Arc::new(Mutex::new(receiver));
    for number in 0..THREADS {
        let receiver = Arc::clone(&receiver);
        let thread = std::thread::Builder::new().name(format!("documents-{number}")).stack_size(STACK_BYTES);
        // Without threads the queue fills, and callers are told that the server is busy.
        let _ = thread.spawn(move || {
            loop {
                let job = receiver.lock().unwrap_or_else(PoisonError::into_inner).recv();
                match job {
                    Ok(job) => {
                        // What panics drops its answer, and the caller learns of it.
                        let _ = catch_unwind(AssertUnwindSafe(job));
                    }
                    Err(_) => return,
                }
            }
        });
    }
    sender
});

/// Runs `work` on one of the threads. Dropping the future does not stop work that has begun.
pub async fn run<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Fault> + Send + 'static,
) -> Result<T, Fault> {
    let (answer, result) = oneshot::channel();
    let job: Job = Box::new(move || {
        let _ = answer.send(work());
    });
    match JOBS.try_send(job) {
        Ok(()) => {
            result.await.unwrap_or_else(|_| Err(Fault::invalid("the document cannot be read: it is broken")))
        }
        Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => {
            Err(Fault::new(FaultKind::Unavailable, "too many documents are being read; try again"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_a_fault_and_the_threads_go_on() {
        for _ in 0..8 {
            let fault = run(|| -> Result<(), Fault> { panic!("broken") }).await.unwrap_err();
            assert!(fault.message().contains("broken"));
        }
        assert_eq!(run(|| Ok(7)).await.unwrap(), 7);
    }
}
