//! Model lists remembered for some minutes, so that opening an editor does not call every provider.

use super::ask::Ask;
use langflow_core::Fault;
use langflow_core::capability::OfferedModel;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// Lists kept at once.
const MOST: usize = 256;
const GOOD_FOR: Duration = Duration::from_mins(5);
/// A provider that fails is asked again after this.
const BAD_FOR: Duration = Duration::from_secs(20);

type Offer = Result<Arc<[OfferedModel]>, Fault>;

/// What providers answered, by a digest of provider, address and key.
#[derive(Debug, Default)]
pub(super) struct Cache {
    seed: RandomState,
    known: Mutex<HashMap<u64, (Instant, Offer)>>,
}

impl Cache {
    pub async fn get(&self, ask: &Ask<'_>) -> Offer {
        let key = self.seed.hash_one((
            ask.target.profile.name,
            &ask.target.base_url,
            ask.target.key.expose(),
            ask.values.iter().map(|(name, value)| (name, value.expose())).collect::<Vec<_>>(),
        ));
        let now = Instant::now();
        if let Some((until, offer)) = self.known.lock().get(&key)
            && *until > now
        {
            return offer.clone();
        }
        let offer = ask.offered().await.map(Arc::from);
        let until = Instant::now() + if offer.is_ok() { GOOD_FOR } else { BAD_FOR };
        let mut known = self.known.lock();
        if known.len() >= MOST {
            known.retain(|_, (until, _)| *until > now);
        }
        if known.len() < MOST {
            known.insert(key, (until, offer.clone()));
        }
        offer
    }
}
