//! Small XML documents as a tree.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Deeper documents are refused.
const DEPTH: usize = 64;

/// An element: local name, attributes, text and children.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Element {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    /// Text directly inside, trimmed.
    pub text: String,
    pub children: Vec<Element>,
}

impl Element {
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The first child of this name.
    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// All children of this name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// Text of the first child of this name; empty where there is none.
    pub fn text_of(&self, name: &str) -> &str {
        self.child(name).map_or("", |child| child.text.as_str())
    }
}

/// Reads a document. Entities beyond the five of XML stay as they stand: nothing is fetched or expanded.
pub fn parse(xml: &str) -> Result<Element, String> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = true;
    let mut open: Vec<Element> = vec![Element::default()];
    loop {
        match reader.read_event().map_err(|e| e.to_string())? {
            Event::Start(start) => {
                if open.len() > DEPTH {
                    return Err("the document is nested too deeply".into());
                }
                open.push(element(&start)?);
            }
            Event::Empty(start) => {
                let element = element(&start)?;
                append(&mut open, element);
            }
            Event::End(_) => {
                if let Some(mut element) = open.pop() {
                    element.text = element.text.trim().to_owned();
                    append(&mut open, element);
                }
            }
            Event::Text(text) => push(&mut open, &text),
            Event::CData(text) => push(&mut open, &text),
            Event::GeneralRef(entity) => {
                let name: &str = &entity;
                let resolved =
                    quick_xml::escape::unescape(&format!("&{name};")).map(std::borrow::Cow::into_owned);
                push(&mut open, &resolved.unwrap_or_else(|_| format!("&{name};")));
            }
            Event::Eof => break,
            _ => {}
        }
    }
    if open.len() != 1 {
        return Err("the document breaks off".into());
    }
    open.pop().and_then(|root| root.children.into_iter().next()).ok_or_else(|| "the document is empty".into())
}

fn append(open: &mut [Element], element: Element) {
    if let Some(parent) = open.last_mut() {
        parent.children.push(element);
    }
}

fn push(open: &mut [Element], text: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
}

fn element(start: &BytesStart<'_>) -> Result<Element, String> {
    let mut element = Element { name: start.local_name().as_ref().to_owned(), ..Element::default() };
    for attribute in start.attributes().flatten() {
        let raw = attribute.value.to_string();
        let value =
            quick_xml::escape::unescape(&raw).map_or_else(|_| raw.clone(), std::borrow::Cow::into_owned);
        element.attributes.push((attribute.key.local_name().as_ref().to_owned(), value));
    }
    Ok(element)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_becomes_a_tree() {
        let root = parse(
            "<?xml version='1.0'?><feed xmlns:a='u'><a:entry id='1 &amp; 2'>t &lt;b&gt; <![CDATA[<i>&amp;]]></a:entry>\
             <x/>&nbsp;</feed>",
        )
        .unwrap();
        assert_eq!(root.name, "feed");
        let entry = root.child("entry").unwrap();
        assert_eq!(entry.attribute("id"), Some("1 & 2"));
        assert_eq!(entry.text, "t <b> <i>&amp;");
        assert!(root.child("x").is_some());
        assert_eq!(root.text, "&nbsp;");
    }

    #[test]
    fn bad_documents_are_refused() {
        for xml in ["", "plain", "<a>", "<a></b>", "<a><b></a></b>", &"<a>".repeat(1000)] {
            assert!(parse(xml).is_err(), "{xml}");
        }
    }
}
