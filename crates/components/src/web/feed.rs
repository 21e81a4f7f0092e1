//! RSS and Atom.

use super::html::inline_text;
use super::xml::{self, Element};

/// An entry of a feed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    pub title: String,
    pub link: String,
    pub published: String,
    /// Without markup.
    pub summary: String,
}

/// The entries of an RSS or Atom document, in order.
pub fn parse(text: &str) -> Result<Vec<Entry>, String> {
    let root = xml::parse(text)?;
    let channel = root.child("channel").unwrap_or(&root);
    let items = channel.all("item").chain(root.all("item")).chain(root.all("entry"));
    let mut entries: Vec<Entry> = items.map(entry).collect();
    if channel.name == "channel" && entries.is_empty() && root.name != "rss" {
        return Err("it is no feed".into());
    }
    if !matches!(root.name.as_str(), "rss" | "RDF" | "feed") && entries.is_empty() {
        return Err(format!("it is no feed but '{}'", root.name));
    }
    entries.dedup();
    Ok(entries)
}

fn entry(item: &Element) -> Entry {
    let first = |names: &[&str]| {
        names
            .iter()
            .map(|name| item.text_of(name))
            .find(|text| !text.is_empty())
            .unwrap_or_default()
            .to_owned()
    };
    let link = item
        .all("link")
        .find_map(|link| {
            let alternate = matches!(link.attribute("rel"), None | Some("alternate"));
            link.attribute("href").filter(|_| alternate)
        })
        .map_or_else(|| first(&["link", "guid", "id"]), str::to_owned);
    Entry {
        title: inline_text(&first(&["title"])),
        link,
        published: first(&["pubDate", "published", "updated", "date"]),
        summary: inline_text(&first(&["description", "summary", "content", "encoded"])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_kinds() {
        let expect = |published: &str| {
            vec![Entry {
                title: "T & t".into(),
                link: "https://a.example/1".into(),
                published: published.into(),
                summary: "Some words".into(),
            }]
        };
        let rss = "<rss><channel><title>C</title><item><title>T &amp;amp; t</title><link>https://a.example/1</link>\
                   <pubDate>Tue, 24 Nov 2026</pubDate><description>&lt;p&gt;Some &lt;b&gt;words&lt;/b&gt;&lt;/p&gt;\
                   </description></item></channel></rss>";
        assert_eq!(parse(rss).unwrap(), expect("Tue, 24 Nov 2026"));
        let atom = "<feed><entry><title>T &amp; t</title><link rel='self' href='x'/><link href='https://a.example/1'/>\
                    <updated>2026-11-24</updated><summary>Some words</summary></entry></feed>";
        assert_eq!(parse(atom).unwrap(), expect("2026-11-24"));
        assert!(parse("<html><body/></html>").is_err());
        assert_eq!(parse("<rss><channel/></rss>").unwrap(), []);
    }
}
