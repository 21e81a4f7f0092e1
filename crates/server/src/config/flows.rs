//! What flows may do.

use super::section::section;
use super::value::words;
use std::path::PathBuf;

words! {
    /// Which tweaks of a request are honoured.
    pub enum TweaksPolicy {
        /// All but those that reach code.
        Permissive = "permissive",
        /// Only fields that the flow exposes.
        Declared = "declared",
        /// None.
        Off = "off",
    }
}

section! {
    /// What flows may do.
    pub struct Flows {
        /// Folder of flow files (`*.json`) that are stored at start for the superuser. A flow that is known by its
        /// id or endpoint name is changed, any other is made in the default project.
        load_flows_path: Option<PathBuf> = "LANGFLOW_LOAD_FLOWS_PATH", None;
        /// A flow file replaces the stored flow of the same name.
        load_flows_overwrite_on_name_match: bool = "LANGFLOW_LOAD_FLOWS_OVERWRITE_ON_NAME_MATCH", false;
        /// Offer starter flows.
        create_starter_projects: bool = "LANGFLOW_CREATE_STARTER_PROJECTS", true;
        /// Name of the project that a new user gets.
        default_folder_name: String = "DEFAULT_FOLDER_NAME", "Starter Project".into();
        /// Which tweaks of a request are honoured: permissive, declared or off.
        tweaks_policy: TweaksPolicy = "LANGFLOW_TWEAKS_POLICY", TweaksPolicy::Permissive;
        /// Remove values of secret fields when a flow is saved.
        remove_api_keys: bool = "LANGFLOW_REMOVE_API_KEYS", false;
        /// Flows may hold components whose code is not the server's own. They need the Python worker to run.
        allow_custom_components: bool = "LANGFLOW_ALLOW_CUSTOM_COMPONENTS", true;
        /// File components reach only the user's own files, and SQL components open no SQLite files.
        restrict_local_file_access: bool = "LANGFLOW_RESTRICT_LOCAL_FILE_ACCESS", true;
        /// SQL components may run statements that change something, not only those that read.
        sql_writes: bool = "LANGFLOW_SQL_WRITES", false;
        /// Import listed environment variables as global variables.
        store_environment_variables: bool = "LANGFLOW_STORE_ENVIRONMENT_VARIABLES", true;
        /// Names to import besides the built-in list.
        variables_to_get_from_environment: Vec<String> = "LANGFLOW_VARIABLES_TO_GET_FROM_ENVIRONMENT", Vec::new();
        /// A field whose global variable is missing may take the environment variable of the same name.
        fallback_to_env_var: bool = "LANGFLOW_FALLBACK_TO_ENV_VAR", true;
    }
}
