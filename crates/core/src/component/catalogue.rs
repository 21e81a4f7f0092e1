//! The list of all components, by type key.

use super::custom::CustomCode;
use super::spec::{ComponentSpec, RefreshCx, RefreshRequest, SpecPatch};
use super::{Outputs, Params};
use crate::capability::Tool;
use crate::run::Cx;
use crate::value::{Json, JsonMap};
use crate::{Fault, Value, async_trait};
use std::borrow::Cow;
use std::collections::HashMap;
use std::marker::PhantomData;
use std::sync::{Arc, LazyLock, OnceLock};

/// A component as the engine drives it.
#[async_trait]
pub trait Definition: Send + Sync {
    fn spec(&self) -> &ComponentSpec;

    /// The source this component runs, where a node brought it along.
    fn code(&self) -> Option<&str> {
        None
    }

    /// The declared name of the output that a stored one means.
    fn output(&self, name: &str, method: Option<&str>, types: &[&str]) -> Option<Cow<'static, str>> {
        self.spec().resolve_output(name, method, types).map(|output| Cow::Borrowed(output.name))
    }

    /// Reads the parameters of a node.
    fn parse(&self, params: Params) -> Result<Box<dyn Instance>, Vec<Fault>>;
    /// See [`Outputs::refresh`].
    async fn refresh(&self, request: &RefreshRequest, cx: &RefreshCx) -> Result<SpecPatch, Fault>;
}

/// A component with its parameters.
#[async_trait]
pub trait Instance: Send + Sync {
    /// Computes the output with this declared name.
    async fn run_output(&self, name: &str, cx: &Cx) -> Result<Value, Fault>;
    /// See [`Outputs::toolset`].
    async fn toolset(&self, cx: &Cx) -> Option<Result<Vec<Arc<dyn Tool>>, Fault>>;
}

/// One line of the list of components.
pub struct Entry<C> {
    /// Declared when it is first asked for: a server at rest needs none.
    spec: LazyLock<ComponentSpec>,
    kind: PhantomData<fn() -> C>,
}

impl<C: Outputs> Entry<C> {
    /// The entry of `C`, to put into the list.
    pub fn of() -> Arc<dyn Definition> {
        Arc::new(Self { spec: LazyLock::new(declared::<C>), kind: PhantomData })
    }
}

fn declared<C: Outputs>() -> ComponentSpec {
    let mut spec = C::declare();
    spec.outputs = C::output_specs();
    spec
}

#[async_trait]
impl<C: Outputs> Definition for Entry<C> {
    fn spec(&self) -> &ComponentSpec {
        &self.spec
    }

    fn output(&self, name: &str, method: Option<&str>, types: &[&str]) -> Option<Cow<'static, str>> {
        if C::has_output(name) {
            return Some(Cow::Owned(name.to_owned()));
        }
        self.spec.resolve_output(name, method, types).map(|output| Cow::Borrowed(output.name))
    }

    fn parse(&self, params: Params) -> Result<Box<dyn Instance>, Vec<Fault>> {
        Ok(Box::new(Node(C::parse(params, &self.spec)?)))
    }

    async fn refresh(&self, request: &RefreshRequest, cx: &RefreshCx) -> Result<SpecPatch, Fault> {
        C::refresh(request, cx).await
    }
}

struct Node<C>(C);

#[async_trait]
impl<C: Outputs> Instance for Node<C> {
    async fn run_output(&self, name: &str, cx: &Cx) -> Result<Value, Fault> {
        self.0.run_output(name, cx).await
    }

    async fn toolset(&self, cx: &Cx) -> Option<Result<Vec<Arc<dyn Tool>>, Fault>> {
        self.0.toolset(cx).await
    }
}

/// All components.
#[derive(Clone, Default)]
pub struct Catalogue {
    entries: Vec<Arc<dyn Definition>>,
    by_key: OnceLock<HashMap<String, usize>>,
    custom: Option<Arc<dyn CustomCode>>,
}

impl Catalogue {
    /// A catalogue of these entries. A key that is taken twice belongs to the first.
    pub fn new(entries: Vec<Arc<dyn Definition>>) -> Self {
        Self { entries, by_key: OnceLock::new(), custom: None }
    }

    /// The same with an answer for nodes that bring their own code.
    #[must_use]
    pub fn with_custom(mut self, custom: Arc<dyn CustomCode>) -> Self {
        self.custom = Some(custom);
        self
    }

    /// Who runs people's own code, if anybody does.
    pub fn custom(&self) -> Option<&Arc<dyn CustomCode>> {
        self.custom.as_ref()
    }

    pub fn entries(&self) -> &[Arc<dyn Definition>] {
        &self.entries
    }

    /// The component of a type key: its id, an alias, its class name, or the class inside an extension
    /// key `ext:<bundle>:<Class>@…` (engine.md 1.11).
    pub fn get(&self, key: &str) -> Option<&Arc<dyn Definition>> {
        let key = key
            .strip_prefix("ext:")
            .and_then(|rest| rest.split_once(':'))
            .map_or(key, |(_, class)| class.split('@').next().unwrap_or(class));
        self.by_key().get(key).and_then(|i| self.entries.get(*i))
    }

    fn by_key(&self) -> &HashMap<String, usize> {
        self.by_key.get_or_init(|| {
            let mut by_key = HashMap::new();
            // Ids first, so that an alias never hides a component of that name.
            for (i, entry) in self.entries.iter().enumerate() {
                by_key.entry(entry.spec().id.to_owned()).or_insert(i);
            }
            for (i, entry) in self.entries.iter().enumerate() {
                let spec = entry.spec();
                for key in spec.aliases.iter().chain([&spec.class]) {
                    if !key.is_empty() {
                        by_key.entry((*key).to_owned()).or_insert(i);
                    }
                }
            }
            by_key
        })
    }

    /// The `/api/v1/all` document: category → type key → entry.
    pub fn to_json(&self, code_hash: impl Fn(&str) -> String) -> Json {
        let mut all = JsonMap::new();
        for entry in &self.entries {
            let spec = entry.spec();
            let category = all.entry(spec.category).or_insert_with(|| Json::Object(JsonMap::new()));
            if let Json::Object(category) = category {
                category.insert(spec.id.into(), spec.to_catalogue(&code_hash));
            }
        }
        Json::Object(all)
    }
}
