//! HTML pages: their text, their links, their Markdown.
//!
//! Pages come from strangers. A page may open elements without end; parsers take quadratic time over such a page
//! and converters recurse into it, so that it is only stripped of its tags ([`is_tame`]).

use htmd::{HtmlToMarkdown, Node};
use markup5ever_rcdom::NodeData;
use std::rc::Rc;

/// Pages whose elements may be nested deeper than this are not parsed.
const DEPTH: usize = 400;

/// What a page says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    pub title: String,
    /// Of the meta element.
    pub description: String,
    /// Of the `html` element.
    pub language: String,
    /// Targets of links as they stand, in order.
    pub links: Vec<String>,
    /// All text, a block a line.
    pub text: String,
}

/// A result on DuckDuckGo's page without scripts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    pub title: String,
    pub link: String,
    pub snippet: String,
}

/// Elements that begin a line.
const BLOCKS: [&str; 38] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "br",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "legend",
    "li",
    "main",
    "nav",
    "ol",
    "option",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "td",
    "title",
    "tr",
    "ul",
];
/// Elements that have no end, or end by themselves where the next one begins: they do not nest.
const UNNESTED: [&str; 27] = [
    "area", "base", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta", "option",
    "p", "param", "path", "rect", "source", "tbody", "td", "th", "thead", "tr", "track", "use", "wbr",
];
/// Elements whose text is not for people.
const SILENT: [&str; 5] = ["script", "style", "template", "noscript", "svg"];

enum Step<'a> {
    Enter(&'a str, &'a Node),
    Text(String),
    Leave(&'a str, &'a Node),
}

/// Walks a tree in document order without recursion; `visit` may skip what is below an element.
fn walk(root: &Rc<Node>, mut visit: impl FnMut(Step<'_>) -> bool) {
    let mut stack = vec![(Rc::clone(root), false)];
    while let Some((node, left)) = stack.pop() {
        let name = match &node.data {
            NodeData::Text { contents } => {
                visit(Step::Text(contents.borrow().to_string()));
                continue;
            }
            NodeData::Element { name, .. } => &*name.local,
            NodeData::Document => "",
            _ => continue,
        };
        if left {
            visit(Step::Leave(name, &node));
            continue;
        }
        let goes_on = visit(Step::Enter(name, &node));
        stack.push((Rc::clone(&node), true));
        if goes_on {
            stack.extend(node.children.borrow().iter().rev().map(|child| (Rc::clone(child), false)));
        }
    }
}

fn attribute(node: &Node, name: &str) -> Option<String> {
    let NodeData::Element { attrs, .. } = &node.data else { return None };
    attrs.borrow().iter().find(|attr| &*attr.name.local == name).map(|attr| attr.value.to_string())
}

fn has_class(node: &Node, class: &str) -> bool {
    attribute(node, "class").is_some_and(|classes| classes.split_whitespace().any(|c| c == class))
}

/// Whether the page can be parsed in good time and walked in a bounded stack.
fn is_tame(html: &str) -> bool {
    let (mut depth, mut rest) = (0_usize, html);
    while let Some(at) = rest.find('<') {
        rest = rest.get(at + 1..).unwrap_or_default();
        if rest.starts_with('/') {
            depth = depth.saturating_sub(1);
            continue;
        }
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let name = rest.get(..end).unwrap_or_default().to_ascii_lowercase();
        if name.starts_with(|c: char| c.is_ascii_alphabetic()) && !UNNESTED.contains(&name.as_str()) {
            depth += 1;
            if depth > DEPTH {
                return false;
            }
        }
    }
    true
}

/// The text of a page that is not tame: everything outside of `<` and `>`.
fn stripped(html: &str) -> String {
    let mut text = String::new();
    for piece in html.split('<') {
        let said = piece.split_once('>').map_or(piece, |(_, said)| said);
        text.push_str(said);
    }
    tidy(&text)
}

fn parse(html: &str) -> Option<Rc<Node>> {
    if !is_tame(html) {
        return None;
    }
    // Reading from memory does not fail.
    HtmlToMarkdown::new().html_to_tree(html).ok()
}

/// Reads a page.
pub fn read_page(html: &str) -> Page {
    let mut page = Page::default();
    let Some(root) = parse(html) else {
        page.text = stripped(html);
        return page;
    };
    let mut in_title = false;
    walk(&root, |step| {
        match step {
            Step::Enter(name, node) => {
                if SILENT.contains(&name) {
                    return false;
                }
                match name {
                    "html" => page.language = attribute(node, "lang").unwrap_or_default(),
                    "title" => in_title = page.title.is_empty(),
                    "a" => page.links.extend(attribute(node, "href")),
                    "meta"
                        if attribute(node, "name").is_some_and(|n| n.eq_ignore_ascii_case("description")) =>
                    {
                        page.description = attribute(node, "content").unwrap_or_default();
                    }
                    _ => {}
                }
                new_line(name, &mut page.text);
            }
            Step::Text(text) => {
                if in_title {
                    page.title.push_str(&text);
                }
                page.text.push_str(&text);
            }
            Step::Leave(name, _) => {
                in_title &= name != "title";
                new_line(name, &mut page.text);
            }
        }
        true
    });
    page.title = page.title.split_whitespace().collect::<Vec<_>>().join(" ");
    page.text = tidy(&page.text);
    page
}

fn new_line(name: &str, text: &mut String) {
    if BLOCKS.contains(&name) && !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
}

/// The page in Markdown.
pub fn to_markdown(html: &str) -> String {
    let Some(root) = parse(html) else { return stripped(html) };
    tidy(&HtmlToMarkdown::builder().skip_tags(SILENT.to_vec()).build().tree_to_markdown(&root))
}

/// The text of a piece of HTML in one line.
pub fn inline_text(html: &str) -> String {
    read_page(html).text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Results on DuckDuckGo's page.
pub fn search_results(html: &str) -> Vec<Found> {
    let mut found = Vec::new();
    let Some(root) = parse(html) else { return found };
    let mut current = Found::default();
    let mut part: Option<&'static str> = None;
    walk(&root, |step| {
        match step {
            Step::Enter(_, node) => {
                if has_class(node, "result__a") {
                    if !current.link.is_empty() {
                        found.push(std::mem::take(&mut current));
                    }
                    current.link = target(&attribute(node, "href").unwrap_or_default());
                    part = Some("title");
                } else if has_class(node, "result__snippet") {
                    part = Some("snippet");
                }
            }
            Step::Text(text) => match part {
                Some("title") => current.title.push_str(&text),
                Some(_) => current.snippet.push_str(&text),
                None => {}
            },
            Step::Leave(_, node) => {
                if has_class(node, "result__a") || has_class(node, "result__snippet") {
                    part = None;
                }
            }
        }
        true
    });
    if !current.link.is_empty() {
        found.push(current);
    }
    let trim = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    found.into_iter().map(|f| Found { title: trim(f.title), snippet: trim(f.snippet), ..f }).collect()
}

/// The page behind a link that goes through the search engine's counter.
fn target(href: &str) -> String {
    let absolute = if href.starts_with("//") { format!("https:{href}") } else { href.to_owned() };
    url::Url::parse(&absolute)
        .ok()
        .and_then(|url| url.query_pairs().find(|(key, _)| key == "uddg").map(|(_, value)| value.into_owned()))
        .unwrap_or(absolute)
}

/// Lines without trailing space, no more than one empty line in a row.
pub fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut empty = 0;
    for line in text.lines().map(str::trim_end) {
        if line.trim().is_empty() {
            empty += 1;
            continue;
        }
        if !out.is_empty() {
            out.push_str(if empty > 0 { "\n\n" } else { "\n" });
        }
        empty = 0;
        out.push_str(line);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<!doctype html><html lang="en"><head><title> A  page </title>
        <meta name="Description" content="About it"><style>p{}</style><script>var a = "<p>no</p>";</script></head>
        <body><h1>Head</h1><p>One <b>two</b>.</p><p>Three<br>four</p><ul><li><a href="/x?a=1&amp;b">x</a></li></ul>
        <a href="https://other.example/">y</a><noscript>off</noscript></body></html>"#;

    #[test]
    fn a_page_is_read() {
        let page = read_page(PAGE);
        assert_eq!(page.title, "A page");
        assert_eq!(page.description, "About it");
        assert_eq!(page.language, "en");
        assert_eq!(page.links, ["/x?a=1&b", "https://other.example/"]);
        let words: Vec<&str> = page.text.split_whitespace().collect();
        assert_eq!(words.join(" "), "A page Head One two. Three four x y");
        assert!(page.text.contains("One two.\nThree\nfour"), "{}", page.text);
    }

    #[test]
    fn markdown() {
        let markdown = to_markdown(PAGE);
        assert!(markdown.contains("# Head"), "{markdown}");
        assert!(markdown.contains("One **two**."), "{markdown}");
        assert!(markdown.contains("[y](https://other.example/)"), "{markdown}");
        assert!(!markdown.contains("var a"), "{markdown}");
    }

    #[test]
    fn a_very_deep_page_harms_nobody() {
        let deep = format!("{}deep", "<div>".repeat(100_000));
        assert_eq!(read_page(&deep).text, "deep");
        assert_eq!(to_markdown(&deep), "deep");
    }

    #[test]
    fn search_results_are_found() {
        let html = r#"<div class="result results_links"><h2><a class="result__a"
            href="//duckduckgo.com/l/?uddg=https%3A%2F%2Fa.example%2Fp%3Fq%3D1&rut=x">A <b>title</b></a></h2>
            <a class="result__snippet" href="x">Some <b>words</b></a></div>
            <div class="result"><a class="result__a" href="https://b.example/">B</a></div>"#;
        assert_eq!(
            search_results(html),
            [
                Found {
                    title: "A title".into(),
                    link: "https://a.example/p?q=1".into(),
                    snippet: "Some words".into()
                },
                Found { title: "B".into(), link: "https://b.example/".into(), snippet: String::new() },
            ]
        );
    }
}
