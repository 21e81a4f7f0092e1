//! Small helpers, often used as tools.

mod current_date;

use langflow_core::component::{Definition, Entry};
use std::sync::Arc;

pub fn entries() -> Vec<Arc<dyn Definition>> {
    vec![Entry::<current_date::CurrentDateComponent>::of()]
}
