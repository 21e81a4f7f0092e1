//! The providers of models: what they need, whether a key is good, which models they offer.

mod ask;
mod cache;
mod known;
mod table;

pub use table::WATSONX_ENDPOINTS;

use crate::chat::{self, ChatSettings, Profile, Target, Wire, profile};
use crate::embed::{self, EmbedSettings};
use ask::Ask;
use cache::Cache;
use langflow_core::capability::{
    ChatModel, Embedder, ModelProviders, OfferedModel, ProviderInfo, ProviderValues,
};
use langflow_core::run::Egress;
use langflow_core::{Fault, Json, Secret, async_trait};
use std::sync::Arc;

/// The value of this name moves a vendor that has no variable for its address.
pub const BASE_URL: &str = "BASE_URL";

/// The providers behind one HTTP door.
#[derive(Debug)]
pub struct Providers {
    list: Vec<ProviderInfo>,
    offers: Cache,
    egress: Arc<dyn Egress>,
}

impl Providers {
    pub fn new(egress: Arc<dyn Egress>) -> Self {
        Self { list: table::providers(), offers: Cache::default(), egress }
    }

    fn target(&self, provider: &str, model: &str, values: &ProviderValues) -> Result<Target, Fault> {
        let profile = profile(provider).ok_or_else(|| unknown(provider))?;
        let mut target = target(profile, model, values);
        let headers = self.find(provider).map(|info| info.variables.as_slice()).unwrap_or_default();
        for variable in headers.iter().filter(|variable| !variable.header.is_empty()) {
            if let Some(value) = values.get(variable.key).filter(|value| !value.is_empty()) {
                target.headers.push((variable.header.to_owned(), value.clone()));
            }
        }
        Ok(target)
    }
}

fn unknown(provider: &str) -> Fault {
    Fault::unsupported(format!("there is no provider '{provider}'")).at_field("provider")
}

/// The address and the key that the values give for a profile.
fn target(profile: &'static Profile, model: &str, values: &ProviderValues) -> Target {
    let value = |name: &str| values.get(name).cloned().unwrap_or_default();
    let base_url = value(profile.base_url_variable.unwrap_or(BASE_URL));
    let key: Secret = value(profile.key_variable);
    let mut target = Target::new(profile, model, key).at(base_url.expose());
    if profile.wire == Wire::Watsonx {
        let project = value("WATSONX_PROJECT_ID");
        target.fields.insert("project_id".into(), Json::String(project.expose().to_owned()));
    }
    target
}

#[async_trait]
impl ModelProviders for Providers {
    fn list(&self) -> &[ProviderInfo] {
        &self.list
    }

    async fn check(&self, provider: &str, values: &ProviderValues) -> Result<(), Fault> {
        let target = self.target(provider, "", values)?;
        Ask { target: &target, values, egress: &*self.egress }.check().await
    }

    async fn discover(&self, provider: &str, values: &ProviderValues) -> Result<Arc<[OfferedModel]>, Fault> {
        let target = self.target(provider, "", values)?;
        let ask = Ask { target: &target, values, egress: &*self.egress };
        self.offers.get(&ask).await
    }

    fn chat(
        &self,
        provider: &str,
        model: &str,
        values: &ProviderValues,
    ) -> Result<Arc<dyn ChatModel>, Fault> {
        let target = self.target(provider, model, values)?;
        chat::connect(target, ChatSettings::default(), Arc::clone(&self.egress))
    }

    fn embedder(
        &self,
        provider: &str,
        model: &str,
        values: &ProviderValues,
    ) -> Result<Arc<dyn Embedder>, Fault> {
        let target = self.target(provider, model, values)?;
        embed::connect(target, EmbedSettings::default(), Arc::clone(&self.egress))
    }
}
