//! Results that outlive a run, for frozen nodes (engine.md 2.10).

use super::Built;
use moka::sync::Cache;
use std::sync::Arc;
use uuid::Uuid;

/// What a result takes besides its values.
const EACH: u64 = 512;

/// Last results by flow and node. The reference forgets the flow in the key and so mixes flows that share
/// node ids; here the key has it.
pub struct FrozenResults {
    cache: Cache<(Uuid, Box<str>), Arc<Built>>,
}

impl FrozenResults {
    /// Keeps at most `bytes` of results, the least used go first.
    pub fn new(bytes: u64) -> Self {
        let weigher = |_: &(Uuid, Box<str>), built: &Arc<Built>| {
            u32::try_from(EACH + built.bytes()).unwrap_or(u32::MAX)
        };
        Self { cache: Cache::builder().max_capacity(bytes).weigher(weigher).build() }
    }

    pub(super) fn get(&self, flow_id: Uuid, node_id: &str) -> Option<Arc<Built>> {
        self.cache.get(&(flow_id, node_id.into()))
    }

    pub(super) fn put(&self, flow_id: Uuid, node_id: &str, built: Arc<Built>) {
        self.cache.insert((flow_id, node_id.into()), built);
    }
}

impl std::fmt::Debug for FrozenResults {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FrozenResults").field("entries", &self.cache.entry_count()).finish()
    }
}
