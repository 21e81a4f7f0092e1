"""Inputs: what a field is, its default, and how a given value is read.

Every class takes any keyword; what is not known here is kept and shown in the template.
"""

import copy

from lfx._surface.values import JSON, Message, plain

# Fields of a template that every input has, in the order people see them.
_COMMON = {
    "required": False,
    "placeholder": "",
    "show": True,
    "name": "",
    "value": "",
    "display_name": None,
    "advanced": False,
    "api_editable": False,
    "dynamic": False,
    "info": "",
    "title_case": False,
    "override_skip": False,
    "track_in_telemetry": False,
}
_LIST = {"list": False, "list_add_label": "Add More"}
_META = {"trace_as_metadata": True}
_TRACE = {"trace_as_input": True}
_TOOL = {"tool_mode": False}
_DB = {"load_from_db": False}
_TEXT = {**_TOOL, **_TRACE, **_META, **_DB, **_LIST, "input_types": ["Message"]}
# Keywords under other names in a template.
_RENAMED = {"is_list": "list", "field_type": "type", "file_types": "fileTypes"}


class RangeSpec:
    """Bounds of a number."""

    def __init__(self, step_type="float", min=-1.0, max=1.0, step=0.1, **_more):  # noqa: A002
        self.step_type, self.min, self.max, self.step = step_type, min, max, step

    def model_dump(self, **_options):
        return {"step_type": self.step_type, "min": float(self.min), "max": float(self.max), "step": float(self.step)}

    @classmethod
    def set_step_type(cls, step_type, range_spec):
        range_spec.step_type = step_type
        return range_spec


class BaseInputMixin:
    kind = "str"
    extra = {}

    def __init__(self, **given):
        own = {**_COMMON, **copy.deepcopy(self.extra)}
        self.__dict__["fields"] = own
        self.__dict__["given"] = set()
        for key, value in given.items():
            self._put(key, value)
        if own.get("display_name") is None:
            own["display_name"] = own["name"]
        if "value" in given:
            own["value"] = self.check(given["value"]) if given["value"] is not None else given["value"]

    def _put(self, key, value):
        key = _RENAMED.get(key, key)
        self.given.add(key)
        self.fields[key] = value

    @property
    def field_type(self):
        return self.fields.get("type", self.kind)

    @property
    def is_list(self):
        return bool(self.fields.get("list", False) or self.fields.get("is_list", False))

    def __getattr__(self, key):
        if key.startswith("__"):
            raise AttributeError(key)
        fields = self.__dict__.get("fields", {})
        key = _RENAMED.get(key, key)
        if key in fields:
            return fields[key]
        if key in ("password", "tool_mode", "load_from_db", "real_time_refresh"):
            return False
        if key in ("input_types", "options", "range_spec", "table_schema"):
            return None
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{key}'")

    def __setattr__(self, key, value):
        if key == "value":
            value = self.check(value)
        self._put(key, value)

    def check(self, value):
        """Reads a value given to the field."""
        return value

    def copy_of(self):
        new = object.__new__(type(self))
        new.__dict__["fields"] = {k: copy.copy(v) if k != "value" else v for k, v in self.fields.items()}
        new.__dict__["given"] = set(self.given)
        return new

    def __deepcopy__(self, memo):
        return self.copy_of()

    def model_copy(self, **_options):
        return self.copy_of()

    def to_dict(self):
        dump = {k: plain(v) for k, v in self.fields.items() if v is not None}
        dump.setdefault("value", "")
        dump["type"] = self.field_type
        dump["_input_type"] = type(self).__name__
        return dump

    def model_dump(self, **_options):
        return self.to_dict()

    def get(self, key, default=None):
        return self.fields.get(key, default)

    def __repr__(self):
        return f"{type(self).__name__}(name={self.fields.get('name')!r})"


def _fail(name, value, wanted):
    raise ValueError(f"Invalid value type {type(value)} for input {name}. Expected {wanted}.")


def _each(value, read):
    return [read(v) for v in value] if isinstance(value, list) else read(value)


class StrInput(BaseInputMixin):
    extra = {**_TOOL, **_META, **_DB, **_LIST}


class MessageTextInput(StrInput):
    extra = _TEXT

    def check(self, value):
        return _each(value, self._text)

    def _text(self, value):
        if value is None or isinstance(value, str):
            return value
        if isinstance(value, Message):
            return value.text
        if isinstance(value, JSON):
            if value.text_key in value.data:
                return value.data[value.text_key]
            keys = ", ".join(value.data)
            raise ValueError(
                f"The input to '{self.name}' must contain the key '{value.text_key}'."
                f"You can set `text_key` to one of the following keys: {keys} or set the value using another Component."
            )
        if isinstance(value, dict) and "text" in value:
            return value["text"]
        if hasattr(value, "__anext__") or hasattr(value, "__next__"):
            return value
        if isinstance(value, (int, float, bool)):
            return str(value)
        return _fail(self.name, value, "Message or str")


class MultilineInput(MessageTextInput):
    extra = {**_TEXT, "multiline": True, "ai_enabled": False, "copy_field": False, "password": False}


class QueryInput(MessageTextInput):
    kind = "query"
    extra = _TEXT


class MultilineSecretInput(MessageTextInput):
    extra = {**_TEXT, "multiline": True, "password": True}


class MessageInput(StrInput):
    extra = _TEXT

    def check(self, value):
        return _each(value, self._message)

    def _message(self, value):
        if isinstance(value, dict):
            return Message(**value)
        if isinstance(value, str):
            return Message(text=value) if value else value
        return value


class SecretStrInput(BaseInputMixin):
    extra = {"load_from_db": True, "input_types": [], "password": True}

    def check(self, value):
        return value.text if isinstance(value, Message) else value


class IntInput(BaseInputMixin):
    kind = "int"
    extra = {**_TOOL, **_META, **_LIST, "track_in_telemetry": True, "value": 0}

    def check(self, value):
        return _each(value, self._number)

    def _number(self, value):
        if value and not isinstance(value, (int, float)):
            _fail(self.name, value, "int")
        return int(value) if isinstance(value, float) else value


class FloatInput(BaseInputMixin):
    kind = "float"
    extra = {**_TOOL, **_META, **_LIST, "track_in_telemetry": True}

    def check(self, value):
        return _each(value, self._number)

    def _number(self, value):
        if value and not isinstance(value, (int, float)):
            _fail(self.name, value, "float")
        return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


class BoolInput(BaseInputMixin):
    kind = "bool"
    extra = {**_TOOL, **_META, **_LIST, "track_in_telemetry": True, "value": False}


class DropdownInput(BaseInputMixin):
    extra = {
        **_TOOL, **_META, "options": [], "options_metadata": [], "combobox": False, "dialog_inputs": {},
        "external_options": {}, "toggle": False, "track_in_telemetry": True,
    }

    def check(self, value):
        return value.text if isinstance(value, Message) else value


class MultiselectInput(BaseInputMixin):
    extra = {**_TOOL, **_META, "options": [], "combobox": False, "toggle": False, **_LIST, "list": True}


class TabInput(BaseInputMixin):
    kind = "tab"
    extra = {**_TOOL, **_META, "options": [], "track_in_telemetry": True}


class SortableListInput(BaseInputMixin):
    kind = "sortableList"
    extra = {**_TOOL, **_META, "search_category": [], "options": []}


class SliderInput(BaseInputMixin):
    kind = "slider"
    extra = {
        **_TOOL, "min_label": "", "max_label": "", "min_label_icon": "", "max_label_icon": "", "slider_buttons": False,
        "slider_buttons_options": [], "slider_input": False, "value_inverted": False, "slider_color": "default",
    }


class DictInput(BaseInputMixin):
    kind = "dict"
    extra = {**_TOOL, **_TRACE, **_LIST, "value": {}}


class NestedDictInput(BaseInputMixin):
    kind = "NestedDict"
    extra = {**_TOOL, **_TRACE, **_META, **_LIST, "value": {}}


class TableInput(BaseInputMixin):
    kind = "table"
    extra = {
        **_TOOL, **_META, "is_list": True, "list_add_label": "Add More", "trigger_text": "Open table",
        "trigger_icon": "Table", "table_icon": "Table", "input_types": ["DataFrame", "Table"],
    }

    def check(self, value):
        if hasattr(value, "to_dict") and hasattr(value, "columns"):
            return value.to_dict(orient="records")
        if isinstance(value, dict):
            return [value]
        return value

    def to_dict(self):
        dump = super().to_dict()
        schema = self.fields.get("table_schema")
        if schema is not None:
            from lfx._surface.table_schema import schema_dump

            dump["table_schema"] = schema_dump(schema)
        return dump


class FileInput(BaseInputMixin):
    kind = "file"
    extra = {**_TOOL, **_META, "file_path": "", "fileTypes": [], "temp_file": False, **_LIST}


class CodeInput(BaseInputMixin):
    kind = "code"
    extra = {**_TOOL, **_TRACE, **_LIST}


class PromptInput(BaseInputMixin):
    kind = "prompt"
    extra = {**_TOOL, **_TRACE, **_LIST}


class MustachePromptInput(BaseInputMixin):
    kind = "mustache"
    extra = {**_TOOL, **_TRACE, **_LIST}


class LinkInput(BaseInputMixin):
    kind = "link"


class AuthInput(BaseInputMixin):
    kind = "auth"
    extra = {**_META, "auth_tooltip": "", "show": False}


class ConnectionInput(BaseInputMixin):
    kind = "connect"
    extra = {**_TOOL, **_META, "search_category": [], "options": []}


class ConnectionRefInput(BaseInputMixin):
    kind = "connection_ref"


class DataDisplayInput(BaseInputMixin):
    kind = "data_display"
    extra = {"button_text": "View", "button_icon": "Eye"}


class ActionPickerInput(BaseInputMixin):
    kind = "actionPicker"
    extra = {**_TOOL, **_META, "options": [], "combobox": True, "toggle": False, **_LIST, "list": True}


class DurationInput(BaseInputMixin):
    kind = "duration"
    extra = {**_TOOL, **_META, "value": {"value": 0, "unit": "Days"}, "options": ["Minutes", "Hours", "Days"]}


class McpInput(BaseInputMixin):
    kind = "mcp"
    extra = {**_META, "value": {}}


class ModelInput(BaseInputMixin):
    kind = "model"
    extra = {
        **_TOOL, **_TRACE, **_LIST, "model_type": "language", "placeholder": "Setup Provider",
        "input_types": ["LanguageModel"], "refresh_button": True,
        "external_options": {"fields": {"data": {"node": {
            "name": "connect_other_models", "display_name": "Connect other models", "icon": "CornerDownLeft",
        }}}},
    }


class ToolsInput(BaseInputMixin):
    kind = "tools"
    extra = {**_TOOL, **_META, "is_list": True, "list_add_label": "Add More", "value": [], "real_time_refresh": True}


class HandleInput(BaseInputMixin):
    kind = "other"
    extra = {**_META, **_LIST, "input_types": []}


class JSONInput(HandleInput):
    extra = {**_TOOL, **_META, **_LIST, **_TRACE, "input_types": ["Data", "JSON"]}


DataInput = JSONInput


class DataFrameInput(HandleInput):
    extra = {**_TOOL, **_META, **_LIST, **_TRACE, "input_types": ["DataFrame", "Table"]}


class DBProviderInput(BaseInputMixin):
    kind = "knowledge_backend"
    extra = {**_TOOL, **_TRACE, "value": {}, "input_types": []}


class Input(BaseInputMixin):
    """The oldest form: an input whose kind is a keyword."""

    extra = {"multiline": False, "fileTypes": [], "file_path": "", "load_from_db": False, "list": False}


class DefaultPromptField(Input):
    extra = {**Input.extra, "advanced": False, "multiline": True, "input_types": ["Message"]}


InputTypes = BaseInputMixin
FieldTypes = str
