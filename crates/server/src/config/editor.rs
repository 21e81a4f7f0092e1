//! Hints for the editor.

use super::section::section;
use super::value::words;

words! {
    /// How the editor receives the events of a run.
    pub enum EventDelivery {
        Streaming = "streaming",
        Polling = "polling",
        Direct = "direct",
    }
}

section! {
    /// Hints for the editor.
    pub struct Editor {
        /// How run events reach the editor: streaming, polling or direct.
        event_delivery: EventDelivery = "LANGFLOW_EVENT_DELIVERY", EventDelivery::Streaming;
        /// Save while editing.
        auto_saving: bool = "LANGFLOW_AUTO_SAVING", true;
        /// Milliseconds between such saves.
        auto_saving_interval_ms: u64 = "LANGFLOW_AUTO_SAVING_INTERVAL", 5000;
        /// Failed health checks before the editor shows that the server is away.
        health_check_max_retries: u32 = "LANGFLOW_HEALTH_CHECK_MAX_RETRIES", 5;
        /// Milliseconds between looks at webhook runs; 0 for the editor's own.
        webhook_polling_interval_ms: u64 = "LANGFLOW_WEBHOOK_POLLING_INTERVAL", 0;
        /// Seconds the editor waits for an answer; 0 for no limit.
        frontend_timeout_seconds: u64 = "LANGFLOW_FRONTEND_TIMEOUT", 0;
        /// Hide the progress of first steps.
        hide_getting_started_progress: bool = "LANGFLOW_HIDE_GETTING_STARTED_PROGRESS", false;
        /// Hide the button that signs out.
        hide_logout_button: bool = "LANGFLOW_HIDE_LOGOUT_BUTTON", false;
        /// Hide the button that makes a project.
        hide_new_project_button: bool = "LANGFLOW_HIDE_NEW_PROJECT_BUTTON", false;
        /// Hide the button that makes a flow.
        hide_new_flow_button: bool = "LANGFLOW_HIDE_NEW_FLOW_BUTTON", false;
        /// Hide starter flows.
        hide_starter_projects: bool = "LANGFLOW_HIDE_STARTER_PROJECTS", false;
        /// The editor runs inside another page.
        embedded_mode: bool = "LANGFLOW_EMBEDDED_MODE", false;
    }
}
