//! Declared inputs and their form in the catalogue.

use crate::value::{Json, JsonMap};
use serde_json::json;

/// What a field is: the widget in the editor and how its value is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum InputKind {
    Str,
    MessageText,
    Multiline,
    Secret,
    MultilineSecret,
    Message,
    Query,
    Prompt,
    MustachePrompt,
    Code,
    Int,
    Float,
    Bool,
    Dropdown,
    Multiselect,
    Tab,
    SortableList,
    Slider,
    Dict,
    NestedDict,
    Table,
    File,
    Handle,
    Data,
    DataFrame,
    Model,
    Tools,
    Mcp,
}

impl InputKind {
    /// Name of the input class of the reference, `_input_type`.
    pub fn class(self) -> &'static str {
        match self {
            Self::Str => "StrInput",
            Self::MessageText => "MessageTextInput",
            Self::Multiline => "MultilineInput",
            Self::Secret => "SecretStrInput",
            Self::MultilineSecret => "MultilineSecretInput",
            Self::Message => "MessageInput",
            Self::Query => "QueryInput",
            Self::Prompt => "PromptInput",
            Self::MustachePrompt => "MustachePromptInput",
            Self::Code => "CodeInput",
            Self::Int => "IntInput",
            Self::Float => "FloatInput",
            Self::Bool => "BoolInput",
            Self::Dropdown => "DropdownInput",
            Self::Multiselect => "MultiselectInput",
            Self::Tab => "TabInput",
            Self::SortableList => "SortableListInput",
            Self::Slider => "SliderInput",
            Self::Dict => "DictInput",
            Self::NestedDict => "NestedDictInput",
            Self::Table => "TableInput",
            Self::File => "FileInput",
            Self::Handle => "HandleInput",
            Self::Data => "JSONInput",
            Self::DataFrame => "DataFrameInput",
            Self::Model => "ModelInput",
            Self::Tools => "ToolsInput",
            Self::Mcp => "McpInput",
        }
    }

    /// The wire `type` of the field.
    pub fn wire(self) -> &'static str {
        match self {
            Self::Str
            | Self::MessageText
            | Self::Multiline
            | Self::Secret
            | Self::MultilineSecret
            | Self::Message
            | Self::Dropdown
            | Self::Multiselect => "str",
            Self::Query => "query",
            Self::Prompt => "prompt",
            Self::MustachePrompt => "mustache",
            Self::Code => "code",
            Self::Int => "int",
            Self::Float => "float",
            Self::Bool => "bool",
            Self::Tab => "tab",
            Self::SortableList => "sortableList",
            Self::Slider => "slider",
            Self::Dict => "dict",
            Self::NestedDict => "NestedDict",
            Self::Table => "table",
            Self::File => "file",
            Self::Handle | Self::Data | Self::DataFrame => "other",
            Self::Model => "model",
            Self::Tools => "tools",
            Self::Mcp => "mcp",
        }
    }

    /// Handle types where the declaration names none.
    fn default_handles(self) -> &'static [&'static str] {
        match self {
            Self::MessageText | Self::Multiline | Self::MultilineSecret | Self::Message | Self::Query => {
                &["Message"]
            }
            Self::Data => &["Data", "JSON"],
            Self::DataFrame | Self::Table => &["DataFrame", "Table"],
            Self::Model => &["LanguageModel"],
            _ => &[],
        }
    }

    /// Only an edge supplies the value.
    pub fn is_edge_only(self) -> bool {
        self.wire() == "other"
    }
}

/// Bounds of a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    pub min: f64,
    pub max: f64,
    pub step: f64,
}

/// One declared input.
#[derive(Clone, Debug)]
pub struct InputSpec {
    pub name: &'static str,
    pub title: &'static str,
    pub info: &'static str,
    pub kind: InputKind,
    pub required: bool,
    pub advanced: bool,
    pub show: bool,
    /// Takes many values; several edges may end here.
    pub list: bool,
    /// Default value.
    pub value: Json,
    /// Types of edges that may end here; `None` for the kind's own.
    pub handles: Option<Vec<&'static str>>,
    /// The value names a global variable.
    pub load_from_db: bool,
    /// The field becomes an argument when the component is a tool.
    pub tool_mode: bool,
    /// The editor asks for the other fields anew when this one changes.
    pub real_time_refresh: bool,
    pub refresh_button: bool,
    pub options: Vec<String>,
    /// Options are suggestions; other text is allowed.
    pub combobox: bool,
    pub placeholder: &'static str,
    pub range: Option<Range>,
    pub file_types: Vec<&'static str>,
    /// Further keys of the widget, as they stand in the catalogue.
    pub extra: JsonMap,
}

impl InputSpec {
    /// An input with the defaults of plain text.
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            title: name,
            info: "",
            kind: InputKind::MessageText,
            required: false,
            advanced: false,
            show: true,
            list: false,
            value: Json::Null,
            handles: None,
            load_from_db: false,
            tool_mode: false,
            real_time_refresh: false,
            refresh_button: false,
            options: Vec::new(),
            combobox: false,
            placeholder: "",
            range: None,
            file_types: Vec::new(),
            extra: JsonMap::new(),
        }
    }

    /// Types of edges that may end here.
    pub fn handle_types(&self) -> Vec<&'static str> {
        self.handles.clone().unwrap_or_else(|| self.kind.default_handles().to_vec())
    }

    /// Merges further widget keys, given as an object.
    pub fn merge_extra(&mut self, extra: Json) {
        if let Json::Object(map) = extra {
            self.extra.extend(map);
        }
    }

    /// The value a field has when the flow says nothing.
    pub fn default_value(&self) -> Json {
        if !self.value.is_null() {
            return self.value.clone();
        }
        if self.list && !matches!(self.kind, InputKind::File) {
            return json!([]);
        }
        match self.kind {
            InputKind::Int => json!(0),
            InputKind::Bool => json!(false),
            InputKind::Multiselect | InputKind::SortableList | InputKind::Tools | InputKind::Table => {
                json!([])
            }
            InputKind::Dict | InputKind::NestedDict | InputKind::Mcp => json!({}),
            _ => json!(""),
        }
    }

    /// The entry of the catalogue template (contract-flows 6.4).
    pub fn to_template(&self) -> Json {
        use InputKind as K;
        let mut m = JsonMap::new();
        m.insert("_input_type".into(), json!(self.kind.class()));
        m.insert("advanced".into(), json!(self.advanced));
        m.insert("api_editable".into(), json!(false));
        m.insert("display_name".into(), json!(self.title));
        m.insert("dynamic".into(), json!(false));
        m.insert("info".into(), json!(self.info));
        let handles = self.handle_types();
        if !handles.is_empty() || matches!(self.kind, K::Handle | K::Multiline | K::Secret) {
            m.insert("input_types".into(), json!(handles));
        }
        m.insert("list".into(), json!(self.list));
        m.insert("list_add_label".into(), json!("Add More"));
        m.insert("name".into(), json!(self.name));
        m.insert("override_skip".into(), json!(false));
        m.insert("placeholder".into(), json!(self.placeholder));
        m.insert("required".into(), json!(self.required));
        m.insert("show".into(), json!(self.show));
        m.insert("title_case".into(), json!(false));
        m.insert("tool_mode".into(), json!(self.tool_mode));
        m.insert("trace_as_metadata".into(), json!(true));
        m.insert(
            "track_in_telemetry".into(),
            json!(matches!(self.kind, K::Bool | K::Int | K::Float | K::Dropdown | K::Tab | K::Slider)),
        );
        m.insert("type".into(), json!(self.kind.wire()));
        m.insert("value".into(), self.default_value());
        if matches!(
            self.kind,
            K::Str | K::MessageText | K::Multiline | K::Secret | K::MultilineSecret | K::Message | K::Query
        ) {
            m.insert("load_from_db".into(), json!(self.load_from_db));
        }
        if matches!(self.kind, K::MessageText | K::Multiline | K::Message | K::Query) {
            m.insert("trace_as_input".into(), json!(true));
        }
        if matches!(self.kind, K::Multiline | K::MultilineSecret) {
            m.insert("multiline".into(), json!(true));
            m.insert("ai_enabled".into(), json!(false));
            m.insert("copy_field".into(), json!(false));
            m.insert("password".into(), json!(self.kind == K::MultilineSecret));
        }
        if self.kind == K::Secret {
            m.insert("password".into(), json!(true));
        }
        if matches!(self.kind, K::Dropdown | K::Multiselect | K::Tab | K::SortableList) {
            m.insert("options".into(), json!(self.options));
        }
        if self.kind == K::Dropdown {
            m.insert("options_metadata".into(), json!([]));
            m.insert("dialog_inputs".into(), json!({}));
            m.insert("external_options".into(), json!({}));
            m.insert("toggle".into(), json!(false));
        }
        if matches!(self.kind, K::Dropdown | K::Multiselect) {
            m.insert("combobox".into(), json!(self.combobox));
        }
        if let Some(range) = self.range {
            let step_type = if self.kind == K::Int { "int" } else { "float" };
            m.insert(
                "range_spec".into(),
                json!({"step_type": step_type, "min": range.min, "max": range.max, "step": range.step}),
            );
        }
        if self.kind == K::File {
            m.insert("fileTypes".into(), json!(self.file_types));
            m.insert("file_path".into(), json!(""));
            m.insert("temp_file".into(), json!(false));
        }
        if self.kind == K::Model {
            m.insert("model_type".into(), json!("language"));
        }
        if self.real_time_refresh {
            m.insert("real_time_refresh".into(), json!(true));
        }
        if self.refresh_button {
            m.insert("refresh_button".into(), json!(true));
        }
        for (key, value) in &self.extra {
            m.insert(key.clone(), value.clone());
        }
        Json::Object(m)
    }
}

/// What may stand as `default = …` in a declaration.
pub trait ToDefault {
    fn to_default(self) -> Json;
}

macro_rules! to_default {
    ($($t:ty),*) => {$(
        impl ToDefault for $t {
            fn to_default(self) -> Json { json!(self) }
        }
    )*};
}
to_default!(bool, i32, i64, u32, u64, f64, &str, String, Json, Vec<&str>);
