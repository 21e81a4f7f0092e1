//! Folders.

use super::section::section;
use std::path::PathBuf;

section! {
    /// Folders.
    pub struct Paths {
        /// Folder for everything the server keeps: database, secret key, uploaded files. It is made if
        /// missing; the default is `langflow` in the data folder of the platform.
        config_dir: Option<PathBuf> = "LANGFLOW_CONFIG_DIR", None;
    }
}
