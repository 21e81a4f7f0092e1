//! The editor's files are embedded from `web/dist`. Where they were not built (no Node at hand), an empty folder
//! stands in, so that the server builds all the same.

use std::path::Path;

fn main() {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/dist");
    if let Err(error) = std::fs::create_dir_all(&dist) {
        println!("cargo::warning=cannot make {}: {error}", dist.display());
    }
    println!("cargo::rerun-if-changed=../../web/dist");
}
