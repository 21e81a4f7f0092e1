//! Firecrawl Extract API.

use super::firecrawl_work::{addresses, run_job};
use super::remote::row;
use langflow_core::prelude::*;
use serde_json::json;

/// Reads structured data from pages with Firecrawl.
#[derive(Component)]
#[component(
    id = "FirecrawlExtractApi",
    class = "FirecrawlExtractApi",
    title = "Firecrawl Extract API",
    icon = "Firecrawl",
    category = "firecrawl",
    documentation = "https://docs.firecrawl.dev/api-reference/endpoint/extract",
    examples = EXAMPLES
)]
pub struct FirecrawlExtractApi {
    /// The key of Firecrawl.
    #[input(title = "Firecrawl API Key", required)]
    api_key: Secret,
    /// The pages, with commas between them or a line each; `/*` at the end stands for a whole site.
    #[input(title = "URLs", kind = Multiline, required, tool_mode)]
    urls: String,
    /// What to read, in words.
    #[input(title = "Prompt", kind = Multiline, required, tool_mode)]
    prompt: String,
    /// The JSON schema of the answer.
    #[input(title = "Schema", kind = Data)]
    schema: Option<Data>,
    /// Let the service search the web for what the pages lack.
    #[input(title = "Enable Web Search")]
    enable_web_search: bool,
}

#[outputs]
impl FirecrawlExtractApi {
    /// What was read.
    #[output(name = "data", title = "JSON", method = "extract")]
    async fn data(&self, cx: &Cx) -> Result<Data, Fault> {
        let mut body = row(json!({
            "urls": addresses(&self.urls)?, "prompt": self.prompt, "enableWebSearch": self.enable_web_search,
        }));
        if let Some(schema) = &self.schema {
            body.insert("schema".into(), Json::Object(schema.data.clone()));
        }
        let done = run_job(&self.api_key, "extract", body, cx).await?;
        Ok(Data::from_json(done.get("data").cloned().unwrap_or(done)))
    }
}

examples! {
    "No address": {"api_key": "k", "urls": "", "prompt": "p"} => fails "URL";
}
