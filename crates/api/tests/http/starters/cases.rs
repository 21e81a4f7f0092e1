//! What each shipped flow is asked, and what it must say.

/// A flow and its run. A model of the fake server says its input back, or calls the tools that the input names.
pub struct Case {
    /// Name of its file.
    pub flow: &'static str,
    /// What is sent to the Chat Input; nothing for flows without one.
    pub input: Option<&'static str>,
    /// What a user fills in: values by node and field.
    pub fields: &'static str,
    pub file: Option<FileOf>,
    /// Parts of the answer.
    pub says: &'static [&'static str],
    /// Parts of what models and services must have been asked.
    pub asks: &'static [&'static str],
}

/// A file that a user puts into a node: node, name, content.
#[derive(Clone, Copy)]
pub enum FileOf {
    /// Into a Read File.
    Node(&'static str, &'static str, &'static [u8]),
    /// Attached to a Chat Input.
    Chat(&'static str, &'static str, &'static [u8]),
}

/// A flow with only an input and an answer.
pub const PLAIN: Case = Case { flow: "", input: None, fields: "{}", file: None, says: &[], asks: &[] };

/// A picture of one dot.
pub const DOT: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\x9cc\xf8\xff\xff?\0\x05\xfe\x02\xfe\xa75\x81\x84\0\0\0\0IEND\xaeB`\x82";

const SEARCH: &str = r#"call perform_search {"query": "ants"}"#;
const FETCH: &str = r#"call fetch_content {"urls": ["https://a.example/"]}"#;

/// Flows that do not run, and why.
pub const NOT_YET: &[(&str, &str)] = &[];

pub const ALL: &[Case] = &[
    Case { flow: "Basic Prompting", input: Some("ants"), says: &["Echo: ants"], ..PLAIN },
    Case { flow: "Blog Writer", input: Some("https://a.example/"), says: &["Echo: "], asks: &["https://a.example/"], ..PLAIN },
    Case {
        flow: "Content Aggregator",
        input: Some("ants"),
        says: &["## Ants march", "Echo: Many of them", "https://n.example/a"],
        asks: &["news.google.com"],
        ..PLAIN
    },
    Case {
        flow: "Custom Component Generator",
        input: Some(FETCH),
        says: &["Tool said: ", "Six legs"],
        ..PLAIN
    },
    Case { flow: "Deep Research Agent", input: Some("ants"), says: &["Echo: "], asks: &["perform_search"], ..PLAIN },
    Case {
        flow: "Document Q&A",
        input: Some("ants"),
        fields: r#"{"KnowledgeRetrieve-docqa": {"knowledge_base": "animals"}}"#,
        says: &["Ants march in rows"],
        ..PLAIN
    },
    Case {
        flow: "Financial Report Parser",
        file: Some(FileOf::Node("File-NGW2N", "report.txt",
            br#"{"COMPANY": "Ants Ltd", "REVENUE": "10", "GROSS_PROFIT": "9", "EBITDA": "8", "EBIT": "7", "NET_INCOME": "6", "NET_MARGIN": "5"}"#)),
        says: &["Ants Ltd", "| Revenue | 10 |", "| Net Margin | 5 |"],
        ..PLAIN
    },
    Case {
        flow: "Hybrid Search RAG",
        input: Some("ants"),
        fields: r#"{"AstraDB-hsri": {"database_name": "mine", "collection_name": "docs", "token": "AstraCS:t"},
            "AstraDB-AkDya": {"database_name": "mine", "collection_name": "docs", "token": "AstraCS:t"}}"#,
        file: Some(FileOf::Node("File-hsri", "stock.txt", b"red ants\nblue ants")),
        says: &["red ants"],
        asks: &["findAndRerank", "insertMany", "$lexical"],
    },
    Case {
        flow: "Image Sentiment Analysis",
        input: Some("What is it?"),
        file: Some(FileOf::Chat("ChatInput-7S2Wg", "dot.png", DOT)),
        says: &["Echo: What is it?"],
        asks: &["image_url", "data:image/png;base64,"],
        ..PLAIN
    },
    Case { flow: "Instagram Copywriter", input: Some(SEARCH), says: &["All about ants"], asks: &["duckduckgo"], ..PLAIN },
    Case {
        flow: "Knowledge Retrieval",
        input: Some("ants"),
        fields: r#"{"Knowledge-Y8gm2": {"knowledge_base": "animals"}}"#,
        says: &["Ants march in rows"],
        ..PLAIN
    },
    Case {
        flow: "Market Research",
        input: Some(r#"{"objects": [{"domain": "a.example", "linkedinUrl": "u", "cheapestPlan": "1", "hasFreeTrial": true,
            "hasEnterprisePlan": false, "hasAPI": true, "market": "B2B", "pricingTiers": "p", "KeyFeatures": "k",
            "targetIndustries": "t"}]}"#),
        says: &["**Domain:** a.example", "**Market:** B2B"],
        ..PLAIN
    },
    Case {
        flow: "Meeting Summary",
        input: Some("What was decided?"),
        fields: r#"{"AAITranscriber-ms": {"api_key": "k"}}"#,
        says: &["We decided to buy ants.", "What was decided?"],
        ..PLAIN
    },
    Case { flow: "Memory Chatbot", input: Some("ants"), says: &["Echo: ants"], asks: &["retrieve_memory"], ..PLAIN },
    Case { flow: "Multi Agent Flow", input: Some("ants"), says: &["Echo: Echo: Echo: ants"], ..PLAIN },
    Case {
        flow: "Portfolio Website Code Generator",
        file: Some(FileOf::Node("File-wvfA7", "cv.txt", b"Ada, keeper of ants")),
        says: &["Ada, keeper of ants"],
        ..PLAIN
    },
    Case {
        flow: "Price Deal Finder",
        input: Some(r#"Compare {"store": "A", "price": "1", "link": "l"}"#),
        says: &["store"],
        ..PLAIN
    },
    Case {
        flow: "Research Translation Loop",
        input: Some("ants"),
        says: &["Title: On ants", "Title: On bees", "They fly"],
        asks: &["search_query=all%3Aants"],
        ..PLAIN
    },
    Case { flow: "SEO Keyword Generator", says: &["Echo: "], ..PLAIN },
    Case {
        flow: "SaaS Pricing",
        input: Some(
            r#"call run_sql_query {"query": "WITH plans(name, price) AS (VALUES ('Free', 0), ('Pro', 20)) SELECT max(price) AS dearest FROM plans"}"#,
        ),
        fields: r#"{"SQLComponent-NMSUa": {"database_url": "sqlite://"}}"#,
        says: &["dearest", "20"],
        ..PLAIN
    },
    Case { flow: "Sequential Tasks Agents", input: Some("ants"), says: &["Echo: "], ..PLAIN },
    Case { flow: "Simple Agent", input: Some(FETCH), says: &["Six legs"], ..PLAIN },
    Case { flow: "Social Media Agent", input: Some(SEARCH), says: &["All about ants"], ..PLAIN },
    Case {
        flow: "Text Sentiment Analysis",
        file: Some(FileOf::Node("File-a3YoT", "letter.txt", b"I love ants")),
        says: &["Echo: I love ants"],
        ..PLAIN
    },
    Case {
        flow: "Travel Planning Agents",
        input: Some(SEARCH),
        says: &["Echo: Echo: Tool said: ", "All about ants"],
        ..PLAIN
    },
    Case { flow: "Twitter Thread Generator", input: Some("ants"), says: &["Echo: ants"], ..PLAIN },
    Case {
        flow: "Vector Store RAG",
        input: Some("ants"),
        fields: r#"{"Knowledge-vLJOb": {"knowledge_base": "animals"}}"#,
        says: &["Ants march in rows"],
        ..PLAIN
    },
];
