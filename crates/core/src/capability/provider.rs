//! Providers of models: what they offer, what they need, and whether a credential is good.

use super::{ChatModel, Embedder};
use crate::{Fault, Secret, async_trait};
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::Arc;

/// What a model is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ModelKind {
    /// Answers: chat models.
    Language,
    /// Makes vectors.
    Embedding,
}

/// A model that a provider offers.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts, each a flag on the wire")]
pub struct OfferedModel {
    /// As the provider knows it.
    pub name: String,
    pub kind: ModelKind,
    /// Takes tools.
    pub tools: bool,
    /// Thinks before it answers.
    pub reasoning: bool,
    /// Searches the web by itself.
    pub search: bool,
    pub preview: bool,
    /// On for whoever sets the provider up and chooses nothing.
    pub is_default: bool,
    pub deprecated: bool,
    /// Cannot be used through this server.
    pub not_supported: bool,
}

impl OfferedModel {
    /// A model of which only the name and the kind are known.
    pub fn named(name: impl Into<String>, kind: ModelKind) -> Self {
        Self {
            name: name.into(),
            kind,
            tools: kind == ModelKind::Language,
            reasoning: false,
            search: false,
            preview: false,
            is_default: false,
            deprecated: false,
            not_supported: false,
        }
    }
}

/// A global variable that a provider reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProviderVariable {
    /// Name in the settings of providers.
    pub title: &'static str,
    /// Name of the variable.
    pub key: &'static str,
    pub description: &'static str,
    pub required: bool,
    pub is_secret: bool,
    /// Values to choose from; others may be entered too.
    pub options: &'static [&'static str],
    /// Parameter of the Langflow client class that it fills. Clients read it.
    pub parameter: &'static str,
    /// Field of a model component that it stands for.
    pub field: &'static str,
    /// Sent as this header.
    pub header: &'static str,
    /// Added to a base URL that ends without it.
    pub suffix: &'static str,
}

/// A provider of models.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderInfo {
    /// Stable id, as `openai`.
    pub id: &'static str,
    /// Name, as `OpenAI`: what flows store.
    pub name: &'static str,
    pub icon: &'static str,
    /// Icon of its models.
    pub model_icon: &'static str,
    /// Where its manual is.
    pub docs_url: &'static str,
    /// Class and parameters of the Langflow client for it. Clients read them.
    pub client_class: &'static str,
    pub model_parameter: &'static str,
    pub max_tokens_parameter: &'static str,
    /// Address that no variable changes, where the wire shows it.
    pub base_url: &'static str,
    pub embedding_class: &'static str,
    pub variables: Vec<ProviderVariable>,
    /// Models known without asking.
    pub models: Vec<OfferedModel>,
    /// Is asked for its models, once it is set up.
    pub is_live: bool,
    /// Is asked only at an address of the user's own.
    pub is_live_elsewhere: bool,
    /// Its default models are suggestions: nothing is on before it is turned on.
    pub needs_explicit_choice: bool,
    /// Appears in lists of models although none is known without asking.
    pub is_listed: bool,
}

impl ProviderInfo {
    /// The variable whose change is checked with the provider: the first one that must be there.
    pub fn main_variable(&self) -> Option<&ProviderVariable> {
        self.variables.iter().find(|variable| variable.required)
    }

    /// All variables that must be there are.
    pub fn is_configured(&self, values: &ProviderValues) -> bool {
        let mut required = self.variables.iter().filter(|variable| variable.required);
        required.all(|variable| values.get(variable.key).is_some_and(|value| !value.is_empty()))
    }
}

/// Values of the variables of a provider, by their names.
pub type ProviderValues = BTreeMap<String, Secret>;

/// All providers of models that this program knows.
#[async_trait]
pub trait ModelProviders: Debug + Send + Sync {
    /// In the order in which pickers show them.
    fn list(&self) -> &[ProviderInfo];

    /// The provider of this name.
    fn find(&self, name: &str) -> Option<&ProviderInfo> {
        self.list().iter().find(|provider| provider.name == name)
    }

    /// Asks the provider whether it accepts these values.
    ///
    /// # Errors
    /// `Unauthorised` when it refuses the key, `Invalid` when the address is not that of such a server, and
    /// what else can go wrong on the way.
    async fn check(&self, provider: &str, values: &ProviderValues) -> Result<(), Fault>;

    /// The models that the provider offers now; answers are remembered for some minutes.
    async fn discover(&self, provider: &str, values: &ProviderValues) -> Result<Arc<[OfferedModel]>, Fault>;

    /// A chat model with the vendor's own settings. Nothing is called yet.
    fn chat(&self, provider: &str, model: &str, values: &ProviderValues)
    -> Result<Arc<dyn ChatModel>, Fault>;

    /// An embedding model. Nothing is called yet.
    fn embedder(
        &self,
        provider: &str,
        model: &str,
        values: &ProviderValues,
    ) -> Result<Arc<dyn Embedder>, Fault>;
}
