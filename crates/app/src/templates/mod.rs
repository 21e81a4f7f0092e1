//! Flows to start from.
//!
//! A template is a declaration (`flows/*.json`): nodes by a name of their own with the values that differ from the
//! catalogue's, edges, a note, and what it needs before it runs. The graph is made from the catalogue of this
//! server, so that it never falls behind the components.
//!
//! To add one: write the file, add its line to [`FLOWS`]. `crates/api/tests/http/templates.rs` runs each.

mod build;
mod declare;

pub use declare::{Need, NeedKind};

use crate::{App, AppError, AppResult};
use langflow_core::Json;
use std::sync::Arc;
use uuid::Uuid;

/// A template with its graph.
#[derive(Clone, Debug)]
pub struct Template {
    /// The same on every server.
    pub id: Uuid,
    /// Name of the declaration: the template's name for programs.
    pub key: &'static str,
    pub name: String,
    pub description: String,
    pub icon: String,
    pub tags: Vec<String>,
    /// What a user has to give before it runs.
    pub needs: Vec<Need>,
    pub graph: Json,
}

macro_rules! flow {
    ($key:literal) => {
        ($key, include_str!(concat!("flows/", $key, ".json")))
    };
}

/// All declarations, in the order of the gallery.
const FLOWS: [(&str, &str); 24] = [
    flow!("basic_prompting"),
    flow!("simple_agent"),
    flow!("vector_store_rag"),
    flow!("memory_chatbot"),
    flow!("document_q_a"),
    flow!("blog_writer"),
    flow!("twitter_thread_generator"),
    flow!("content_aggregator"),
    flow!("market_research"),
    flow!("travel_planning_agents"),
    flow!("price_deal_finder"),
    flow!("instagram_copywriter"),
    flow!("deep_research_agent"),
    flow!("portfolio_website_code_generator"),
    flow!("saas_pricing"),
    flow!("image_sentiment_analysis"),
    flow!("text_sentiment_analysis"),
    flow!("social_media_agent"),
    flow!("sequential_tasks_agents"),
    flow!("multi_agent_flow"),
    flow!("seo_keyword_generator"),
    flow!("meeting_summary"),
    flow!("financial_report_parser"),
    flow!("research_translation_loop"),
];

/// All templates; none where the operator offers none (`LANGFLOW_CREATE_STARTER_PROJECTS`). The first caller has them
/// made, and the work goes on when that caller goes.
///
/// # Errors
/// A declaration does not fit the catalogue: our mistake.
pub async fn list_templates(app: &Arc<App>) -> AppResult<&[Template]> {
    if !app.settings.flows.create_starter_projects {
        return Ok(&[]);
    }
    if app.templates.get().is_none() {
        let (made, runtime) = (Arc::clone(app), tokio::runtime::Handle::current());
        // Graphs of many nodes are work for the processor, not for the threads that answer.
        let work = move || runtime.block_on(async { make_all(&made).await.map(|_| ()) });
        tokio::task::spawn_blocking(work).await.map_err(AppError::internal)??;
    }
    make_all(app).await
}

/// Callers at the same time wait for the one that is making them.
async fn make_all(app: &Arc<App>) -> AppResult<&[Template]> {
    let made = app.templates.get_or_try_init(|| async {
        let mut templates = Vec::with_capacity(FLOWS.len());
        for (key, text) in FLOWS {
            templates.push(build::build(app, key, text).await?);
        }
        Ok(templates)
    });
    made.await.map(Vec::as_slice)
}
