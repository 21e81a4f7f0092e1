//! Which way a flow goes on.

mod pass;

use langflow_core::component::{Definition, Entry};
use std::sync::Arc;

pub fn entries() -> Vec<Arc<dyn Definition>> {
    vec![Entry::<pass::PassMessageComponent>::of()]
}
