//! REST, version 1 (and the health checks at the root).

pub mod absent;
pub mod api_key;
pub mod approved_code;
pub mod audits;
pub mod build;
pub mod build_public;
pub mod build_vertices;
pub mod catalogue;
pub mod config;
pub mod files;
pub mod flows;
pub mod folders;
pub mod health;
pub mod login;
pub mod logs;
pub mod models;
pub mod monitor;
pub mod permissions;
pub mod projects;
pub mod responses;
pub mod runs;
pub mod sessions;
pub mod times;
pub mod users;
pub mod variables;
pub mod webhook;
