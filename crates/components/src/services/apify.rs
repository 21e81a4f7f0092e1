//! Apify Actors.

use super::remote::{ANSWER_BYTES, ask, objects, parts, query_tool, text_at};
use langflow_core::prelude::*;
use langflow_providers::http::Call;
use serde_json::json;
use std::time::Duration;

const API: &str = "https://api.apify.com/v2";
/// Between two questions whether an actor is done.
const PAUSE: Duration = Duration::from_secs(3);
/// An actor may run this long.
const RUN: Duration = Duration::from_mins(10);
/// Most items that are read.
const MOST: &str = "10000";

/// Runs an actor of Apify and reads what it found.
#[derive(Component)]
#[component(
    id = "ApifyActors",
    class = "ApifyActorsComponent",
    aliases = ["ApifyActorsComponent"],
    title = "Apify Actors",
    icon = "Apify",
    category = "apify",
    documentation = "https://docs.langflow.org/integrations-apify",
    examples = EXAMPLES
)]
pub struct ApifyActorsComponent {
    /// The token of Apify.
    #[input(title = "Apify Token", required)]
    apify_token: Secret,
    /// The actor, like `apify/website-content-crawler`.
    #[input(title = "Actor", kind = Str, required, default = "apify/website-content-crawler")]
    actor_id: String,
    /// What the actor is given: a JSON object.
    #[input(
        title = "Run input", kind = Multiline, required,
        default = "{\"startUrls\":[{\"url\":\"https://docs.apify.com/academy/web-scraping-for-beginners\"}],\"maxCrawlDepth\":0}"
    )]
    run_input: String,
    /// The keys that are kept, with commas between them; without any, all.
    #[input(title = "Output fields", kind = Multiline)]
    dataset_fields: String,
    /// Give nested keys as `outer.inner`.
    #[input(title = "Flatten output")]
    flatten_dataset: bool,
}

#[outputs]
impl ApifyActorsComponent {
    /// What the actor found, one data each.
    #[output(name = "output", title = "Output", method = "run_model")]
    async fn output(&self, cx: &Cx) -> Result<Vec<Data>, Fault> {
        let input: Json = serde_json::from_str(&self.run_input).map_err(|why| {
            Fault::invalid(format!("the run input is no JSON: {why}")).at_field("run_input")
        })?;
        Ok(self.actor()?.run(&input, cx).await?.into_iter().map(Data::new).collect())
    }

    /// The actor as a tool: its input as JSON.
    #[output(name = "tool", title = "Tool", method = "build_tool")]
    async fn tool(&self, cx: &Cx) -> Result<Vec<Arc<dyn Tool>>, Fault> {
        let (actor, cx) = (self.actor()?, cx.clone());
        let name = format!("apify_actor_{}", actor.id.replace(|c: char| !c.is_ascii_alphanumeric(), "_"));
        let description =
            format!("Runs the Apify actor {}. The query is its input, a JSON object.", actor.id);
        Ok(query_tool(&name, &description, move |query| {
            let (actor, cx) = (actor.clone(), cx.clone());
            async move {
                let input: Json = serde_json::from_str(&query)
                    .map_err(|why| Fault::invalid(format!("the input is no JSON object: {why}")))?;
                Ok(Json::Array(actor.run(&input, &cx).await?.into_iter().map(Json::Object).collect()))
            }
        }))
    }
}

impl ApifyActorsComponent {
    fn actor(&self) -> Result<Actor, Fault> {
        let id = self.actor_id.trim().replace('/', "~");
        if id.is_empty()
            || !id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '~'))
        {
            return Err(Fault::invalid("that is no name of an actor").at_field("actor_id"));
        }
        Ok(Actor {
            id,
            token: self.apify_token.clone(),
            fields: parts(&self.dataset_fields).into_iter().map(str::to_owned).collect(),
            flatten: self.flatten_dataset,
        })
    }
}

#[derive(Clone)]
struct Actor {
    id: String,
    token: Secret,
    fields: Vec<String>,
    flatten: bool,
}

impl Actor {
    async fn run(&self, input: &Json, cx: &Cx) -> Result<Vec<JsonMap>, Fault> {
        let call = Call::post(format!("{API}/acts/{}/runs", self.id)).bearer(&self.token).json(input);
        let started = ask(call, "Apify", cx).await?;
        let id = text_at(&started, "/data/id").to_owned();
        let egress = cx.egress();
        let poll = async {
            loop {
                let call = Call::get(format!("{API}/actor-runs/{id}")).bearer(&self.token);
                let state = call.send_json(&*egress, "Apify", ANSWER_BYTES).await?;
                match text_at(&state, "/data/status") {
                    "SUCCEEDED" => return Ok(text_at(&state, "/data/defaultDatasetId").to_owned()),
                    "READY" | "RUNNING" => tokio::time::sleep(PAUSE).await,
                    other => return Err(Fault::invalid(format!("the actor ended with the status {other}"))),
                }
            }
        };
        let dataset = tokio::time::timeout(RUN, poll)
            .await
            .map_err(|_| Fault::new(FaultKind::Timeout, "the actor was not done within 10 minutes"))??;
        let call = Call::get(format!("{API}/datasets/{dataset}/items"))
            .query(&[("format", "json"), ("clean", "true"), ("limit", MOST)])
            .bearer(&self.token);
        let items = ask(call, "Apify", cx).await?;
        Ok(objects(&json!({"items": items}), "/items").into_iter().map(|item| self.shape(item)).collect())
    }

    /// The kept keys, flat where that is asked for.
    fn shape(&self, item: JsonMap) -> JsonMap {
        let mut kept = JsonMap::new();
        if self.fields.is_empty() {
            kept = item;
        } else {
            for field in &self.fields {
                let pointer = format!("/{}", field.replace('.', "/"));
                let value = Json::Object(item.clone()).pointer(&pointer).cloned();
                kept.insert(field.clone(), value.unwrap_or_default());
            }
        }
        if !self.flatten {
            return kept;
        }
        let mut flat = JsonMap::new();
        flatten("", &Json::Object(kept), &mut flat, 0);
        flat
    }
}

/// Deepest nesting that is made flat.
const MAX_DEPTH: usize = 32;

fn flatten(prefix: &str, value: &Json, into: &mut JsonMap, depth: usize) {
    match value {
        Json::Object(map) if depth < MAX_DEPTH => {
            for (key, value) in map {
                let key = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
                flatten(&key, value, into, depth + 1);
            }
        }
        other => {
            into.insert(prefix.to_owned(), other.clone());
        }
    }
}

examples! {
    "As a tool": {"apify_token": "k"} => tool: ["apify_actor_apify_website_content_crawler"];
    "No such name": {"apify_token": "k", "actor_id": "a b"} => fails "actor";
    "No JSON": {"apify_token": "k", "run_input": "{"} => fails "JSON";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_keys_become_flat() {
        let actor = Actor {
            id: "a".into(),
            token: Secret::default(),
            fields: vec!["m.t".into(), "x".into()],
            flatten: true,
        };
        let item = crate::services::remote::row(json!({"m": {"t": {"u": 1}}, "y": 2}));
        assert_eq!(json!(actor.shape(item)), json!({"m.t.u": 1, "x": null}));
    }
}
