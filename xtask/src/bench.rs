//! `cargo xtask bench`.
use anyhow::{Result, bail};
pub fn bench(_options: &[&str]) -> Result<()> {
    bail!("not yet")
}
