//! Test helpers: servers that stand in for the outside world, and a component alone.

#[cfg(feature = "app")]
pub mod caller;
#[cfg(feature = "app")]
pub mod fake_bucket;
pub mod fake_cassandra;
pub mod fake_model;
pub mod fake_mongo;
pub mod fake_redis;
pub mod listen;
pub mod mood;
pub mod pages;
pub mod solo;
#[cfg(feature = "app")]
pub mod test_app;
