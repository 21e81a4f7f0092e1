//! Reading what the web sends: pages, feeds, other XML.

pub mod feed;
pub mod fetch;
pub mod html;
pub mod xml;
