//! One order for events and log lines.

use langflow_core::async_trait;
use langflow_core::run::{Events, RunEvent, RunScope};
use parking_lot::Mutex;
use std::collections::VecDeque;
use std::sync::Arc;

/// Log lines are written without waiting, so they queue here and leave before the next event. Their number
/// is bounded by the run's budget of log lines.
pub(crate) struct Ordered {
    inner: Arc<dyn Events>,
    waiting: Mutex<VecDeque<RunEvent>>,
}

impl Ordered {
    pub(super) fn queue(&self, event: RunEvent) {
        self.waiting.lock().push_back(event);
    }

    pub(super) async fn flush(&self) {
        loop {
            let next = self.waiting.lock().pop_front();
            let Some(event) = next else { return };
            self.inner.emit(event).await;
        }
    }
}

#[async_trait]
impl Events for Ordered {
    async fn emit(&self, event: RunEvent) {
        self.flush().await;
        self.inner.emit(event).await;
    }
}

/// Puts the queue before the listener of a scope, if there is one.
pub(super) fn ordered(scope: &mut RunScope) -> Option<Arc<Ordered>> {
    let inner = scope.events.take()?;
    let ordered = Arc::new(Ordered { inner, waiting: Mutex::default() });
    scope.events = Some(Arc::clone(&ordered) as Arc<dyn Events>);
    Some(ordered)
}
