//! Where the server listens and what it serves.

use super::section::section;
use std::path::PathBuf;

section! {
    /// Where the server listens and what it serves.
    pub struct Listen {
        /// Address to listen on. Automatic login on any address but the machine's own must be asked for by
        /// writing `LANGFLOW_AUTO_LOGIN=true`.
        host: String = "LANGFLOW_HOST", "127.0.0.1".into();
        /// Port to listen on. If it is taken, the next free one is used and said at start.
        port: u16 = "LANGFLOW_PORT", 7860;
        /// Certificate chain in PEM form. Together with the key it turns TLS on.
        ssl_cert_file: Option<PathBuf> = "LANGFLOW_SSL_CERT_FILE", None;
        /// Private key in PEM form.
        ssl_key_file: Option<PathBuf> = "LANGFLOW_SSL_KEY_FILE", None;
        /// Path under which a proxy that strips it serves us, as `/lf`.
        root_path: String = "LANGFLOW_ROOT_PATH", String::new();
        /// Serve no editor: unknown paths answer 404 in JSON.
        backend_only: bool = "LANGFLOW_BACKEND_ONLY", false;
        /// Folder with a built editor to serve instead of the one in the program.
        frontend_path: Option<PathBuf> = "LANGFLOW_FRONTEND_PATH", None;
        /// Open the editor in a browser after start.
        open_browser: bool = "LANGFLOW_OPEN_BROWSER", false;
        /// Largest request body in MB; a larger one answers 413.
        max_file_size_upload_mb: u64 = "LANGFLOW_MAX_FILE_SIZE_UPLOAD", 1024;
        /// Seconds that running requests get to end after SIGINT or SIGTERM. Not in Langflow.
        shutdown_timeout_seconds: u64 = "LANGFLOW_SHUTDOWN_TIMEOUT", 30;
    }
}
