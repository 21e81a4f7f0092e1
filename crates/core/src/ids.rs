//! Identifiers as a parameter.

use uuid::Uuid;

/// Where identifiers come from. Tests count them up.
pub trait Ids: Send + Sync {
    /// A random id (version 4): one tells nothing of another.
    fn random(&self) -> Uuid;
    /// A time-ordered id (version 7), for rows that come up often: new ones lie side by side in an index, where
    /// random ones would each touch a page of their own.
    fn ordered(&self) -> Uuid;
}

/// Ids from the random source of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemIds;

impl Ids for SystemIds {
    #[expect(clippy::disallowed_methods, reason = "the one place that makes random ids")]
    fn random(&self) -> Uuid {
        Uuid::new_v4()
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that makes ordered ids")]
    fn ordered(&self) -> Uuid {
        Uuid::now_v7()
    }
}
