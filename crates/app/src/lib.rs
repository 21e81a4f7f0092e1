//! Use cases of langflow-rs and the policy they obey.
//!
//! A surface (REST, MCP, command line) turns a request into a call here and the answer into its own form;
//! no rule lives in a surface. Every use case takes the [`App`] and, where somebody acts, the
//! [`Principal`] who does.

pub mod accounts;
pub mod audit;
pub mod catalogue;
pub mod client;
pub mod crypto;
pub mod ctx;
pub mod custom;
pub mod error;
pub mod files;
pub mod flows;
pub mod identify;
pub mod import;
pub mod keys;
pub mod knowledge;
pub mod log_lines;
pub mod login;
pub mod mcp;
pub mod mcp_servers;
pub mod memories;
pub mod messages;
pub mod models;
pub mod passwords;
pub mod permissions;
pub mod policy;
pub mod principal;
pub mod projects;
pub mod runs;
pub mod sessions;
pub mod settings;
pub mod templates;
pub mod tokens;
pub mod users;
pub mod variables;
pub mod vectors;

pub use client::Client;
pub use ctx::{App, Outside};
pub use error::{AppError, AppResult, ErrorKind};
pub use principal::{Credential, Principal};
