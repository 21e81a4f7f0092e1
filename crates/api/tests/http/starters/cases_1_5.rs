//! The flows that Langflow 1.5.1 ships.

use super::cases::{Case, DOT, FileOf, PLAIN};

const TAVILY: &str = r#"call fetch_content_dataframe {"query": "ants"}"#;
const CALCULATE: &str = r#"call evaluate_expression {"expression": "2*3"}"#;
const TABLE: &str = r#"{"objects": [{"COMPANY": "Ants Ltd", "REVENUE": "10", "GROSS_PROFIT": "9", "EBITDA": "8", "NET_INCOME": "6"}]}"#;

/// Flows that do not run, and why.
pub const NOT_YET: &[(&str, &str)] = &[(
    "Nvidia Remix",
    "its node RTX Remix Documentation is Python of its own, which needs the Python worker, and reads a website",
)];

pub const ALL: &[Case] = &[
    Case { flow: "Basic Prompt Chaining", input: Some("ants"), says: &["Echo: "], ..PLAIN },
    Case { flow: "Basic Prompting", input: Some("ants"), says: &["Echo: ants"], ..PLAIN },
    Case {
        flow: "Blog Writer",
        fields: r#"{"URLComponent-DFXG5": {"urls": ["https://a.example/"]}}"#,
        says: &["Six legs"],
        ..PLAIN
    },
    Case {
        flow: "Custom Component Generator",
        input: Some("ants"),
        fields: r#"{"LanguageModelComponent-muTzI": {"provider": "OpenAI", "model_name": "gpt-4o-mini",
            "api_key": "k"}}"#,
        says: &["Echo: ", "ants", "class Component: pass", "class Agent: pass"],
        ..PLAIN
    },
    Case {
        flow: "Document Q&A",
        input: Some("ants"),
        file: Some(FileOf::Node("File-b2gOG", "notes.txt", b"Ants march in rows")),
        says: &["Echo: ants"],
        asks: &["Ants march in rows"],
        ..PLAIN
    },
    Case {
        flow: "Financial Report Parser",
        input: Some(TABLE),
        says: &["EBITDA: 8 ", "Net Income: 6 ", "GROSS_PROFIT: 9"],
        ..PLAIN
    },
    Case {
        flow: "Hybrid Search RAG",
        input: Some("ants"),
        fields: r#"{"AstraDB-7gXip": {"database_name": "mine", "collection_name": "docs", "token": "AstraCS:t"}}"#,
        says: &["red ants"],
        // Its node for the words of the search is connected to nothing: there is only the vector to search by.
        asks: &["$vectorize"],
        ..PLAIN
    },
    Case {
        flow: "Image Sentiment Analysis",
        input: Some("What is it?"),
        file: Some(FileOf::Chat("ChatInput-MmdjK", "dot.png", DOT)),
        says: &[],
        asks: &["image_url", "data:image/png;base64,"],
        ..PLAIN
    },
    Case {
        flow: "Instagram Copywriter",
        input: Some(TAVILY),
        fields: r#"{"TavilySearchComponent-PIGVO": {"api_key": "tvly-k"}}"#,
        // Its agent leads to no output: the post is built on its own.
        says: &[],
        asks: &["api.tavily.com", "All about ants"],
        ..PLAIN
    },
    Case {
        flow: "Invoice Summarizer",
        input: Some("call run {}"),
        fields: r#"{"needle-3GWxP": {"needle_api_key": "k", "collection_id": "clt_1", "query": "ants"}}"#,
        says: &["One ant: 3 EUR"],
        asks: &["search.needle.app"],
        ..PLAIN
    },
    Case {
        flow: "Market Research",
        input: Some(
            r#"{"objects": [{"domain": "a.example", "linkedinUrl": "u", "cheapestPlan": "1", "hasFreeTrial": true,
            "hasEnterprisePlan": false, "hasAPI": true, "market": "B2B", "pricingTiers": "p", "KeyFeatures": "k",
            "targetIndustries": "t"}]}"#,
        ),
        fields: r#"{"TavilySearchComponent-6v78l": {"api_key": "tvly-k"}}"#,
        says: &["a.example", "B2B"],
        ..PLAIN
    },
    Case {
        flow: "Meeting Summary",
        input: Some("What was decided?"),
        fields: r#"{"AssemblyAITranscriptionJobCreator-Nu1dV": {"audio_file_url": "https://a.example/a.mp3"}}"#,
        says: &["What was decided?"],
        // The chat does not lead to the transcript, which is built on its own.
        asks: &["/v2/transcript", "We decided to buy ants."],
        ..PLAIN
    },
    Case { flow: "Memory Chatbot", input: Some("ants"), says: &["Echo: ants"], ..PLAIN },
    Case {
        flow: "News Aggregator",
        input: Some(r#"call build_output {"prompt": "legs", "url": "https://a.example/"}"#),
        fields: r#"{"AgentQL-tQP4B": {"api_key": "k"}}"#,
        says: &["six legs"],
        asks: &["api.agentql.com"],
        ..PLAIN
    },
    Case {
        flow: "Pokédex Agent",
        input: Some(r#"call make_api_request {"url_input": "https://pokeapi.co/api/v2/pokemon/durant"}"#),
        says: &["an ant of iron"],
        asks: &["pokeapi.co"],
        ..PLAIN
    },
    Case {
        flow: "Portfolio Website Code Generator",
        file: Some(FileOf::Node(
            "File-dfMwA",
            "cv.txt",
            b"{\"objects\": [{\"name\": \"Ada, keeper of ants\"}]}",
        )),
        fields: r#"{"LanguageModelComponent-HrqxT": {"provider": "OpenAI", "model_name": "gpt-4o-mini", "api_key": "k"},
            "LanguageModelComponent-QdlJs": {"provider": "OpenAI", "model_name": "gpt-4o-mini", "api_key": "k"}}"#,
        says: &["Echo: "],
        ..PLAIN
    },
    Case {
        flow: "Price Deal Finder",
        input: Some(TAVILY),
        fields: r#"{"TavilySearchComponent-nWDnP": {"api_key": "tvly-k"}, "AgentQL-qCiM5": {"api_key": "k"}}"#,
        says: &["All about ants"],
        ..PLAIN
    },
    Case {
        flow: "Research Agent",
        // The first model says the plan again, after a word of its own: the call stands on a line of the plan.
        input: Some("find\ncall fetch_content_dataframe {\"query\": \"ants\"}"),
        fields: r#"{"TavilySearchComponent-bJRoU": {"api_key": "tvly-k"}}"#,
        says: &["All about ants"],
        asks: &["api.tavily.com"],
        ..PLAIN
    },
    Case {
        flow: "Research Translation Loop",
        input: Some("ants"),
        says: &["On ants", "On bees"],
        asks: &["search_query=all%3Aants"],
        ..PLAIN
    },
    Case { flow: "SEO Keyword Generator", says: &["Echo: "], ..PLAIN },
    Case { flow: "SaaS Pricing", input: Some(CALCULATE), says: &["Echo: "], ..PLAIN },
    Case {
        flow: "Search agent",
        input: Some(r#"call search {"user_prompt": "ants"}"#),
        says: &["found six legs"],
        asks: &["api.scrapegraphai.com"],
        ..PLAIN
    },
    Case {
        flow: "Sequential Tasks Agents",
        input: Some("ants"),
        fields: r#"{"TavilySearchComponent-DTUmi": {"api_key": "tvly-k"}}"#,
        says: &["Echo: "],
        ..PLAIN
    },
    Case { flow: "Simple Agent", input: Some(CALCULATE), says: &["6"], ..PLAIN },
    Case {
        flow: "Social Media Agent",
        input: Some(r#"call apify_actor_apify_google_search_scraper {"query": "{}"}"#),
        fields: r#"{"ApifyActors-8WoKJ": {"apify_token": "k"}, "ApifyActors-Zrjnz": {"apify_token": "k"}}"#,
        says: &["an item of the actor"],
        asks: &["api.apify.com"],
        ..PLAIN
    },
    Case {
        flow: "Text Sentiment Analysis",
        file: Some(FileOf::Node("File-oAEuF", "letter.txt", b"I love ants")),
        says: &["Echo: I love ants"],
        ..PLAIN
    },
    Case {
        flow: "Travel Planning Agents",
        input: Some(r#"call fetch_content {"urls": ["https://a.example/"]}"#),
        fields: r#"{"SearchComponent-mY1Fv": {"api_key": "k"}}"#,
        says: &["Echo: "],
        ..PLAIN
    },
    Case { flow: "Twitter Thread Generator", input: Some("ants"), says: &["Echo: ", "ants"], ..PLAIN },
    Case {
        flow: "Vector Store RAG",
        input: Some("ants"),
        fields: r#"{"AstraDB-JsRrT": {"database_name": "mine", "collection_name": "docs", "token": "AstraCS:t"},
            "AstraDB-W6NB4": {"database_name": "mine", "collection_name": "docs", "token": "AstraCS:t"}}"#,
        file: Some(FileOf::Node("File-vusZ2", "stock.txt", b"red ants\nblue ants")),
        says: &["red ants"],
        asks: &["insertMany"],
    },
    Case {
        flow: "Youtube Analysis",
        input: Some("https://www.youtube.com/watch?v=dQw4w9WgXcQ"),
        says: &["nice ants"],
        asks: &["googleapis.com/youtube"],
        ..PLAIN
    },
];
