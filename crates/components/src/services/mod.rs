//! Remote services: search, pages, transcripts, notes, figures.

mod agentql;
mod apify;
mod assemblyai_lemur;
mod assemblyai_list;
mod assemblyai_poll;
mod assemblyai_start;
mod assemblyai_subtitles;
mod assemblyai_work;
mod bing;
mod cohere_rerank;
mod duckduckgo;
mod exa;
mod firecrawl_crawl;
mod firecrawl_extract;
mod firecrawl_map;
mod firecrawl_scrape;
mod firecrawl_work;
mod google_search;
mod google_search_tool;
mod google_serper;
mod google_serper_tool;
mod needle;
mod notion_add_content;
mod notion_database_properties;
mod notion_list_pages;
mod notion_page_content;
mod notion_page_creator;
mod notion_page_update;
mod notion_search;
mod notion_user_list;
mod notion_work;
mod nvidia_rerank;
mod remote;
mod rerank_work;
mod scrapegraph_markdownify;
mod scrapegraph_search;
mod scrapegraph_smart_scraper;
mod search_api;
mod search_api_tool;
mod searxng;
mod serp;
mod serp_tool;
mod tavily_extract;
mod tavily_search;
mod wikidata;
mod wikidata_tool;
mod wikipedia;
mod wikipedia_tool;
mod wolfram_alpha;
mod yahoo_finance;
mod yahoo_finance_tool;
mod yahoo_finance_work;
mod youtube_comments;
mod youtube_search;
mod youtube_transcripts;
mod youtube_trending;
mod youtube_video_details;
mod youtube_work;

use langflow_core::component::{Definition, Entry};
use std::sync::Arc;

pub fn entries() -> Vec<Arc<dyn Definition>> {
    vec![
        Entry::<cohere_rerank::CohereRerank>::of(),
        Entry::<nvidia_rerank::NvidiaRerank>::of(),
        Entry::<tavily_search::TavilySearchComponent>::of(),
        Entry::<tavily_extract::TavilyExtractComponent>::of(),
        Entry::<search_api::SearchComponent>::of(),
        Entry::<serp::SerpComponent>::of(),
        Entry::<google_serper::GoogleSerperApiCore>::of(),
        Entry::<google_search::GoogleSearchApiCore>::of(),
        Entry::<bing::BingSearchApiComponent>::of(),
        Entry::<duckduckgo::DuckDuckGoSearchComponent>::of(),
        Entry::<exa::ExaSearchToolkit>::of(),
        Entry::<firecrawl_scrape::FirecrawlScrapeApi>::of(),
        Entry::<firecrawl_crawl::FirecrawlCrawlApi>::of(),
        Entry::<firecrawl_map::FirecrawlMapApi>::of(),
        Entry::<firecrawl_extract::FirecrawlExtractApi>::of(),
        Entry::<wikipedia::WikipediaComponent>::of(),
        Entry::<wikidata::WikidataComponent>::of(),
        Entry::<youtube_transcripts::YouTubeTranscriptsComponent>::of(),
        Entry::<youtube_comments::YouTubeCommentsComponent>::of(),
        Entry::<youtube_search::YouTubeSearchComponent>::of(),
        Entry::<youtube_video_details::YouTubeVideoDetailsComponent>::of(),
        Entry::<youtube_trending::YouTubeTrendingComponent>::of(),
        Entry::<wolfram_alpha::WolframAlphaApiComponent>::of(),
        Entry::<searxng::SearXngToolComponent>::of(),
        Entry::<yahoo_finance::YfinanceComponent>::of(),
        Entry::<agentql::AgentQl>::of(),
        Entry::<apify::ApifyActorsComponent>::of(),
        Entry::<scrapegraph_smart_scraper::ScrapeGraphSmartScraperApi>::of(),
        Entry::<scrapegraph_markdownify::ScrapeGraphMarkdownifyApi>::of(),
        Entry::<scrapegraph_search::ScrapeGraphSearchApi>::of(),
        Entry::<needle::NeedleComponent>::of(),
        Entry::<notion_search::NotionSearch>::of(),
        Entry::<notion_user_list::NotionUserList>::of(),
        Entry::<notion_list_pages::NotionListPages>::of(),
        Entry::<notion_database_properties::NotionDatabaseProperties>::of(),
        Entry::<notion_page_creator::NotionPageCreator>::of(),
        Entry::<notion_page_update::NotionPageUpdate>::of(),
        Entry::<notion_page_content::NotionPageContent>::of(),
        Entry::<notion_add_content::AddContentToPage>::of(),
        Entry::<assemblyai_start::AssemblyAiTranscriptionJobCreator>::of(),
        Entry::<assemblyai_poll::AssemblyAiTranscriptionJobPoller>::of(),
        Entry::<assemblyai_subtitles::AssemblyAiGetSubtitles>::of(),
        Entry::<assemblyai_list::AssemblyAiListTranscripts>::of(),
        Entry::<assemblyai_lemur::AssemblyAiLemur>::of(),
        Entry::<google_search_tool::GoogleSearchApiComponent>::of(),
        Entry::<google_serper_tool::GoogleSerperApiComponent>::of(),
        Entry::<search_api_tool::SearchApiComponent>::of(),
        Entry::<serp_tool::SerpApiComponent>::of(),
        Entry::<wikidata_tool::WikidataApiComponent>::of(),
        Entry::<wikipedia_tool::WikipediaApiComponent>::of(),
        Entry::<yahoo_finance_tool::YfinanceToolComponent>::of(),
    ]
}
