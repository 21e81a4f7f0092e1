//! What the components that put texts in order share.

use langflow_core::prelude::*;
use serde_json::json;

/// Texts of one call.
const MOST_TEXTS: usize = 1_000;

/// What is put in order.
#[derive(Inputs)]
pub struct RerankFields {
    /// What the texts are compared with.
    #[input(title = "Search Query", kind = Multiline, tool_mode)]
    pub search_query: String,
    /// The texts, as a search gave them.
    #[input(title = "Search Results", kind = Data)]
    pub search_results: Many<Data>,
    /// How many of them to give.
    #[input(title = "Top N", advanced, default = 3)]
    pub top_n: usize,
}

impl RerankFields {
    /// The texts; `None` where there is nothing to compare.
    pub fn texts(&self) -> Result<Option<Vec<String>>, Fault> {
        if self.search_results.0.len() > MOST_TEXTS {
            return Err(Fault::invalid(format!("more than {MOST_TEXTS} texts")).at_field("search_results"));
        }
        let has_work = !self.search_query.trim().is_empty() && !self.search_results.0.is_empty();
        Ok(has_work.then(|| self.search_results.0.iter().map(Data::text).collect()))
    }

    /// The texts in the order of these places, each with its score.
    pub fn ordered(&self, ranks: impl IntoIterator<Item = (Option<u64>, Option<f64>)>) -> Vec<Data> {
        ranks
            .into_iter()
            .take(self.top_n.max(1))
            .filter_map(|(place, score)| {
                let mut data = self.search_results.0.get(usize::try_from(place?).ok()?)?.clone();
                data.data.insert("relevance_score".into(), json!(score));
                Some(data)
            })
            .collect()
    }
}
