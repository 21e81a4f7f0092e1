//! Outbound drivers.
//!
//! * [`http`]: the one door through which every outbound call leaves: SSRF gate, proxy, TLS, retry.
//! * [`chat`]: chat models: five wire formats and the vendors that speak them.
//! * [`aws`], [`google`]: accounts of these clouds, and files kept there.
//! * [`cassandra`]: vectors and histories of chats in Cassandra.
//! * [`embed`]: embedding models of the same vendors.
//! * [`mcp`]: servers of tools that speak MCP.
//! * [`media`]: files as models take them.
//! * [`models`]: the providers of models: what they need and offer, and whether a key is good.
//! * [`mongo`]: vectors in MongoDB.
//! * [`redis`]: vectors and histories of chats in Redis.
//! * [`vector`]: vector stores.
//!
//! Everything above takes an `Arc<dyn Egress>`, so that it can be driven against a fake.

pub mod aws;
pub mod cassandra;
pub mod chat;
pub mod embed;
pub mod google;
pub mod google_drive;
pub mod http;
mod ibm;
mod langchain;
pub mod mcp;
pub mod media;
pub mod models;
pub mod mongo;
pub mod redis;
mod tokens;
pub mod vector;
