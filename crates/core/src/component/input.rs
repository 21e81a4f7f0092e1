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
    ActionPicker,
    Duration,
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
            Self::ActionPicker => "ActionPickerInput",
            Self::Duration => "DurationInput",
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
            Self::ActionPicker => "actionPicker",
            Self::Duration => "duration",
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

    /// Text that may come over an edge.
    fn is_text(self) -> bool {
        matches!(
            self,
            Self::MessageText | Self::Multiline | Self::MultilineSecret | Self::Message | Self::Query
        )
    }

    fn always_has_handles(self) -> bool {
        self.is_text() || matches!(self, Self::Secret | Self::Handle | Self::Table | Self::Model)
    }

    fn has_list_flag(self) -> bool {
        !matches!(
            self,
            Self::Dropdown
                | Self::Secret
                | Self::Mcp
                | Self::Tab
                | Self::Table
                | Self::SortableList
                | Self::Slider
                | Self::Duration
        )
    }

    /// `trace_as_input` of the reference.
    fn is_traced_input(self) -> bool {
        self.is_text()
            || matches!(
                self,
                Self::Data
                    | Self::DataFrame
                    | Self::Dict
                    | Self::NestedDict
                    | Self::Code
                    | Self::Prompt
                    | Self::MustachePrompt
                    | Self::Model
            )
    }

    /// `track_in_telemetry` of the reference: kinds whose values are not personal.
    fn is_counted(self) -> bool {
        matches!(self, Self::Bool | Self::Int | Self::Float | Self::Dropdown | Self::Tab)
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
    /// The editor changes the field by itself (it is shown only with certain settings of others).
    pub dynamic: bool,
    pub options: Vec<String>,
    /// Options are suggestions; other text is allowed.
    pub combobox: bool,
    pub placeholder: &'static str,
    pub range: Option<Range>,
    pub file_types: Vec<&'static str>,
    /// Further keys of the widget, as they stand in the catalogue; null takes a key away.
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
            dynamic: false,
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
        match self.kind {
            InputKind::Int => json!(0),
            InputKind::Bool => json!(false),
            InputKind::Multiselect | InputKind::ActionPicker | InputKind::Tools | InputKind::Table => {
                json!([])
            }
            InputKind::Dict | InputKind::NestedDict | InputKind::Mcp => json!({}),
            _ => json!(""),
        }
    }

    /// The entry of the catalogue template (contract-flows 6.4). Which keys a kind has follows the
    /// reference, because its editor and stored flows expect them.
    pub fn to_template(&self) -> Json {
        use InputKind as K;
        let kind = self.kind;
        let mut m = JsonMap::new();
        m.insert("_input_type".into(), json!(kind.class()));
        m.insert("advanced".into(), json!(self.advanced));
        m.insert("api_editable".into(), json!(false));
        m.insert("display_name".into(), json!(self.title));
        m.insert("dynamic".into(), json!(self.dynamic));
        m.insert("info".into(), json!(self.info));
        m.insert("name".into(), json!(self.name));
        m.insert("override_skip".into(), json!(false));
        m.insert("placeholder".into(), json!(self.placeholder));
        m.insert("required".into(), json!(self.required));
        m.insert("show".into(), json!(self.show));
        m.insert("title_case".into(), json!(false));
        m.insert("track_in_telemetry".into(), json!(kind.is_counted()));
        m.insert("type".into(), json!(kind.wire()));
        m.insert("value".into(), self.default_value());
        let handles = self.handle_types();
        if !handles.is_empty() || kind.always_has_handles() {
            m.insert("input_types".into(), json!(handles));
        }
        if !matches!(kind, K::Handle | K::Secret | K::Mcp) {
            m.insert("tool_mode".into(), json!(self.tool_mode));
        }
        if !matches!(
            kind,
            K::Code | K::Dict | K::Model | K::Prompt | K::MustachePrompt | K::Secret | K::Slider
        ) {
            m.insert("trace_as_metadata".into(), json!(true));
        }
        if kind.is_traced_input() {
            m.insert("trace_as_input".into(), json!(true));
        }
        if kind.has_list_flag() {
            m.insert("list".into(), json!(self.list));
        }
        if kind.has_list_flag() || kind == K::Table {
            m.insert("list_add_label".into(), json!("Add More"));
        }
        if matches!(kind, K::Str | K::Secret) || (kind.is_text() && kind != K::Multiselect) {
            m.insert("load_from_db".into(), json!(self.load_from_db));
        }
        self.widget_keys(&mut m);
        if self.real_time_refresh {
            m.insert("real_time_refresh".into(), json!(true));
        }
        if self.refresh_button {
            m.insert("refresh_button".into(), json!(true));
        }
        for (key, value) in &self.extra {
            if value.is_null() {
                m.shift_remove(key);
            } else {
                m.insert(key.clone(), value.clone());
            }
        }
        Json::Object(m)
    }

    /// Keys that only the widget of one kind reads.
    fn widget_keys(&self, m: &mut JsonMap) {
        use InputKind as K;
        let mut set = |key: &str, value: Json| {
            m.insert(key.to_owned(), value);
        };
        match self.kind {
            K::Multiline | K::MultilineSecret => {
                set("multiline", json!(true));
                set("password", json!(self.kind == K::MultilineSecret));
                if self.kind == K::Multiline {
                    set("ai_enabled", json!(false));
                    set("copy_field", json!(false));
                }
            }
            K::Secret => set("password", json!(true)),
            K::Dropdown => {
                set("options", json!(self.options));
                set("options_metadata", json!([]));
                set("combobox", json!(self.combobox));
                set("dialog_inputs", json!({}));
                set("external_options", json!({}));
                set("toggle", json!(false));
            }
            K::Multiselect | K::ActionPicker => {
                set("options", json!(self.options));
                set("combobox", json!(self.combobox));
                set("toggle", json!(false));
            }
            K::Tab | K::Duration => set("options", json!(self.options)),
            K::SortableList => {
                set("options", json!(self.options));
                set("limit", Json::Null);
                set("search_category", json!([]));
            }
            K::Slider => {
                for (key, value) in [
                    ("max_label", json!("")),
                    ("max_label_icon", json!("")),
                    ("min_label", json!("")),
                    ("min_label_icon", json!("")),
                    ("slider_buttons", json!(false)),
                    ("slider_buttons_options", json!([])),
                    ("slider_color", json!("default")),
                    ("slider_input", json!(false)),
                    ("value_inverted", json!(false)),
                ] {
                    set(key, value);
                }
            }
            K::Table => {
                set("is_list", json!(true));
                set("table_icon", json!("Table"));
                set("table_schema", json!([]));
                set("trigger_icon", json!("Table"));
                set("trigger_text", json!("Open table"));
            }
            K::File => {
                set("fileTypes", json!(self.file_types));
                set("file_path", json!(""));
                set("temp_file", json!(false));
            }
            K::Model => {
                set("model_type", json!("language"));
                set("external_options", external_models());
            }
            _ => {}
        }
        if let Some(range) = self.range {
            let step_type = if self.kind == K::Int { "int" } else { "float" };
            set(
                "range_spec",
                json!({"step_type": step_type, "min": range.min, "max": range.max, "step": range.step}),
            );
        }
    }
}

/// The entry "connect other models" of a model picker: it opens a handle on the field.
fn external_models() -> Json {
    json!({"fields": {"data": {"node": {
        "name": "connect_other_models",
        "display_name": "Connect other models",
        "icon": "CornerDownLeft",
    }}}})
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
