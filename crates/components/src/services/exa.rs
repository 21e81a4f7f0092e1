//! Exa Search.

use super::remote::{ask, text_at};
use langflow_core::capability::{ToolOutput, ToolSchema};
use langflow_core::prelude::*;
use langflow_providers::http::Call;
use serde_json::json;

const API: &str = "https://api.exa.ai";

/// Tools of Exa: search, read pages, find similar pages.
#[derive(Component)]
#[component(
    id = "ExaSearch",
    class = "ExaSearchToolkit",
    aliases = ["ExaSearchToolkit", "MetaphorToolkit"],
    title = "Exa Search",
    icon = "ExaSearch",
    category = "exa",
    documentation = "https://docs.exa.ai",
    examples = EXAMPLES
)]
pub struct ExaSearchToolkit {
    /// The key of Exa.
    #[input(title = "Exa Search API Key", required)]
    metaphor_api_key: Secret,
    /// Let Exa put the query better.
    #[input(title = "Use Autoprompt", default = true)]
    use_autoprompt: bool,
    /// How many results of a search.
    #[input(title = "Search Number of Results", default = 5)]
    search_num_results: u64,
    /// How many similar pages.
    #[input(title = "Similar Number of Results", default = 5)]
    similar_num_results: u64,
}

#[outputs]
impl ExaSearchToolkit {
    /// The three tools.
    #[output(name = "tools", title = "Tools", method = "build_toolkit")]
    async fn tools(&self, cx: &Cx) -> Result<Vec<Arc<dyn Tool>>, Fault> {
        let tool = |kind: Kind| -> Arc<dyn Tool> {
            Arc::new(ExaTool {
                schema: kind.schema(),
                kind,
                key: self.metaphor_api_key.clone(),
                autoprompt: self.use_autoprompt,
                count: if kind == Kind::Similar { self.similar_num_results } else { self.search_num_results },
                cx: cx.clone(),
            })
        };
        Ok(vec![tool(Kind::Search), tool(Kind::Contents), tool(Kind::Similar)])
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Search,
    Contents,
    Similar,
}

impl Kind {
    fn schema(self) -> ToolSchema {
        let (name, description, argument, meaning) = match self {
            Self::Search => ("search", "Searches the web.", "query", "What to search for."),
            Self::Contents => {
                ("get_contents", "Reads pages by the ids that a search gave.", "ids", "The ids.")
            }
            Self::Similar => ("find_similar", "Finds pages that are like a page.", "url", "The page."),
        };
        let kind = if self == Self::Contents {
            json!({"type": "array", "items": {"type": "string"}, "description": meaning})
        } else {
            json!({"type": "string", "description": meaning})
        };
        ToolSchema {
            name: name.into(),
            description: description.into(),
            parameters: json!({"type": "object", "properties": {argument: kind}, "required": [argument]}),
        }
    }
}

struct ExaTool {
    schema: ToolSchema,
    kind: Kind,
    key: Secret,
    autoprompt: bool,
    count: u64,
    cx: Cx,
}

impl std::fmt::Debug for ExaTool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ExaTool").field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl ExaTool {
    fn body(&self, arguments: &Json) -> (&'static str, Json) {
        match self.kind {
            Kind::Search => (
                "search",
                json!({"query": text_at(arguments, "/query"), "useAutoprompt": self.autoprompt, "numResults": self.count}),
            ),
            Kind::Contents => ("contents", json!({"ids": arguments.get("ids"), "text": true})),
            Kind::Similar => {
                ("findSimilar", json!({"url": text_at(arguments, "/url"), "numResults": self.count}))
            }
        }
    }
}

#[async_trait]
impl Tool for ExaTool {
    fn schema(&self) -> &ToolSchema {
        &self.schema
    }

    async fn call(&self, arguments: Json) -> Result<ToolOutput, Fault> {
        let (path, body) = self.body(&arguments);
        let call = Call::post(format!("{API}/{path}"))
            .secret_header("x-api-key", self.key.expose().trim())
            .json(&body);
        let found = ask(call, "Exa", &self.cx).await?;
        let found = found.get("results").cloned().unwrap_or(found);
        Ok(ToolOutput { text: found.to_string(), artifact: Some(found), is_error: false })
    }
}

examples! {
    "Three tools": {"metaphor_api_key": "k"} => tools: ["search", "get_contents", "find_similar"];
    "No key": {} => fails "API Key";
}
