//! Test helpers: servers that stand in for the outside world.

pub mod fake_model;
