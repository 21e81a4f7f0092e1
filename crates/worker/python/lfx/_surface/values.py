"""Values that travel between components: `Data` (newer name `JSON`), `Message`, and their parts."""

import copy
import json
import uuid
from collections.abc import Mapping
from datetime import datetime, timezone
from decimal import Decimal


class dotdict(dict):  # noqa: N801
    """A dictionary whose keys are attributes too."""

    def __getattr__(self, name):
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        if name not in self:
            raise AttributeError(f"'dotdict' object has no attribute '{name}'")
        value = self[name]
        if isinstance(value, dict) and not isinstance(value, dotdict):
            value = dotdict(value)
            self[name] = value
        return value

    def __setattr__(self, name, value):
        self[name] = dotdict(value) if type(value) is dict else value

    def __delattr__(self, name):
        try:
            del self[name]
        except KeyError:
            raise AttributeError(f"'dotdict' object has no attribute '{name}'") from None

    def __missing__(self, key):
        return dotdict()


def plain(value):
    """A value as JSON can hold it."""
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(v) for v in value]
    if isinstance(value, datetime):
        return value.replace(tzinfo=timezone.utc).strftime("%Y-%m-%d %H:%M:%S %Z")
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    for method in ("model_dump", "to_dict", "dict"):
        dump = getattr(value, method, None)
        if callable(dump) and not isinstance(value, type):
            try:
                return plain(dump())
            except TypeError:
                continue
    if hasattr(value, "item") and callable(value.item):
        try:
            return plain(value.item())
        except (TypeError, ValueError):
            pass
    return str(value)


def _serialise(value):
    if isinstance(value, (datetime, Decimal, bytes)):
        return plain(value)
    if isinstance(value, uuid.UUID):
        return str(value)
    if hasattr(value, "model_dump"):
        return value.model_dump()
    raise TypeError(f"Type {type(value)} not serializable")


class JSON:
    """An object whose `text_key` counts as its text."""

    model_fields = {"text_key": None, "data": None, "default_value": None}
    _slots = frozenset({"text_key", "data"})

    def __init__(self, data=None, text_key="text", default_value="", **more):
        if data is None:
            data = {}
        if not isinstance(data, dict):
            raise ValueError("Data must be a dictionary")
        for key, value in more.items():
            data.setdefault(key, value)
        object.__setattr__(self, "data", data)
        object.__setattr__(self, "text_key", text_key)
        object.__setattr__(self, "default_value", default_value)

    def get_text(self):
        return self.data.get(self.text_key, self.default_value)

    def set_text(self, text):
        new = "" if text is None else str(text)
        self.data[self.text_key] = new
        return new

    def __getattr__(self, key):
        if key.startswith("_"):
            raise AttributeError(f"'{type(self).__name__}' object has no attribute '{key}'")
        try:
            return self.__dict__["data"][key]
        except KeyError:
            raise AttributeError(f"'{type(self).__name__}' object has no attribute '{key}'") from None

    def __setattr__(self, key, value):
        for klass in type(self).__mro__:
            found = klass.__dict__.get(key)
            if isinstance(found, property) and found.fset is not None:
                found.fset(self, value)
                return
            if found is not None:
                break
        if key in self._slots or key.startswith("_"):
            object.__setattr__(self, key, value)
        elif key in type(self).model_fields:
            self.data[key] = value
            object.__setattr__(self, key, value)
        else:
            self.data[key] = value

    def __delattr__(self, key):
        if key in self._slots or key.startswith("_"):
            object.__delattr__(self, key)
        else:
            del self.data[key]

    def __getitem__(self, key):
        return self.data[key]

    def __setitem__(self, key, value):
        self.data[key] = value

    def __contains__(self, key):
        return key in self.data

    def __iter__(self):
        yield "text_key", self.text_key
        yield "data", self.data
        yield "default_value", self.default_value

    def __add__(self, other):
        combined = self.data.copy()
        for key, value in other.data.items():
            if key in combined:
                try:
                    combined[key] = combined[key] + value
                except TypeError:
                    combined[key] = value
            else:
                combined[key] = value
        return JSON(data=combined)

    def __eq__(self, other):
        return isinstance(other, JSON) and self.data == other.data

    def __hash__(self):
        return hash(repr(self))

    def __str__(self):
        try:
            data = {k: v.to_json() if hasattr(v, "to_json") else v for k, v in self.data.items()}
            return json.dumps(data, indent=4, default=_serialise)
        except (TypeError, ValueError):
            return str(self.data)

    def __repr__(self):
        return f"JSON(text_key={self.text_key!r}, data={self.data!r}, default_value={self.default_value!r})"

    def __dir__(self):
        return [*super().__dir__(), *self.data]

    def __deepcopy__(self, memo):
        return JSON(copy.deepcopy(self.data, memo), text_key=self.text_key, default_value=self.default_value)

    def model_copy(self, *, update=None, deep=False):
        new = copy.copy(self)
        object.__setattr__(new, "data", copy.deepcopy(self.data) if deep else {**self.data})
        for key, value in (update or {}).items():
            setattr(new, key, value)
        return new

    copy = model_copy

    def model_dump(self, **_options):
        return {"text_key": self.text_key, "data": self.data, "default_value": self.default_value}

    dict = model_dump

    def model_dump_json(self, **_options):
        return json.dumps(plain(self.data))

    json = model_dump_json

    @classmethod
    def model_validate(cls, value):
        return value if isinstance(value, cls) else cls(**value)

    def to_json(self):
        return self.model_dump_json()

    def to_message(self):
        if self.text_key in self.data:
            return Message(text=self.get_text())
        return Message(text=str(self.data))

    def to_dataframe(self):
        from lfx._surface.frame import DataFrame

        values = list(self.data.values())
        if len(values) == 1 and isinstance(values[0], list) and all(isinstance(i, Mapping) for i in values[0]):
            return DataFrame(data=values[0])
        return DataFrame(data=[self])

    def to_lc_document(self):
        from lfx._surface.tools import Document

        data = {**self.data}
        text = data.pop(self.text_key, self.default_value)
        return Document(page_content=text if isinstance(text, str) else str(text), metadata=data)

    @classmethod
    def from_document(cls, document):
        data = document.metadata
        data["text"] = document.page_content
        return cls(data=data, text_key="text")

    def filter_data(self, filter_str):
        from lfx._surface.helpers import apply_json_filter

        return apply_json_filter(self.data, filter_str)


Data = JSON
Record = JSON


class Model:
    """A record with declared fields that takes any others."""

    fields = {}

    def __init__(self, **values):
        for name, default in self.fields.items():
            setattr(self, name, values.pop(name, copy.deepcopy(default)))
        for name, value in values.items():
            setattr(self, name, value)

    def model_dump(self, **_options):
        return {k: plain(v) for k, v in vars(self).items()}

    dict = model_dump

    def model_copy(self, *, update=None, deep=False):
        new = copy.deepcopy(self) if deep else copy.copy(self)
        for key, value in (update or {}).items():
            setattr(new, key, value)
        return new

    def __eq__(self, other):
        return type(self) is type(other) and vars(self) == vars(other)

    def __repr__(self):
        inside = ", ".join(f"{k}={v!r}" for k, v in vars(self).items())
        return f"{type(self).__name__}({inside})"

    def __getitem__(self, key):
        return getattr(self, key)


class Source(Model):
    fields = {"id": None, "display_name": None, "source": None}


class Properties(Model):
    fields = {
        "text_color": None,
        "background_color": None,
        "edited": False,
        "source": Source(),
        "icon": None,
        "allow_markdown": False,
        "positive_feedback": None,
        "state": "complete",
        "targets": [],
        "usage": None,
        "build_duration": None,
    }

    def __init__(self, **values):
        source = values.get("source")
        if isinstance(source, str):
            values["source"] = Source(id=source, display_name=source, source=source)
        elif isinstance(source, Mapping):
            values["source"] = Source(**source)
        super().__init__(**values)


class ContentBlock(Model):
    fields = {"title": "", "contents": [], "allow_markdown": True, "media_url": None}


class BaseContent(Model):
    fields = {"type": "", "duration": None, "header": {}}


class TextContent(BaseContent):
    fields = {"type": "text", "duration": None, "header": {}, "text": ""}


class CodeContent(BaseContent):
    fields = {"type": "code", "duration": None, "header": {}, "code": "", "language": "", "title": None}


class JSONContent(BaseContent):
    fields = {"type": "json", "duration": None, "header": {}, "data": {}}


class ErrorContent(BaseContent):
    fields = {"type": "error", "duration": None, "header": {}, "reason": None, "traceback": None}


class MediaContent(BaseContent):
    fields = {"type": "media", "duration": None, "header": {}, "urls": [], "caption": None}


class ToolContent(BaseContent):
    fields = {"type": "tool_use", "duration": None, "header": {}, "name": None, "tool_input": {}, "output": None, "error": None}


class Image(Model):
    fields = {"path": None, "url": None}


def _now():
    return datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M:%S.%f %Z")


def _is_stream(value):
    return not isinstance(value, (str, bytes)) and (hasattr(value, "__anext__") or hasattr(value, "__next__"))


class Message(JSON):
    """A message of a chat. Its text may be a stream until it is sent."""

    model_fields = {
        "text_key": None,
        "data": None,
        "default_value": None,
        **dict.fromkeys(
            (
                "sender", "sender_name", "files", "session_id", "context_id", "run_id", "timestamp", "flow_id",
                "error", "edit", "properties", "category", "content_blocks", "duration", "session_metadata",
            )
        ),
    }

    def __init__(self, text=None, data=None, text_key="text", default_value="", **more):
        super().__init__(data={**data} if data else {}, text_key=text_key, default_value=default_value)
        given = {**self.data, **more}
        if text is None:
            text = given.pop("text", "")
        given.pop("text", None)
        properties = given.pop("properties", None)
        if isinstance(properties, str):
            properties = json.loads(properties)
        if isinstance(properties, Mapping):
            properties = Properties(**properties)
        fields = {
            "sender": None, "sender_name": None, "files": [], "session_id": "", "context_id": "", "run_id": None,
            "timestamp": None, "flow_id": None, "error": False, "edit": False, "category": "message",
            "content_blocks": [], "duration": None, "session_metadata": None,
        }
        for name, default in fields.items():
            value = given.pop(name, None)
            value = default if value is None else value
            if name == "timestamp":
                value = value or _now()
            if name == "flow_id" and isinstance(value, uuid.UUID):
                value = str(value)
            object.__setattr__(self, name, value)
        object.__setattr__(self, "properties", properties or Properties())
        self.data.update(given)
        for name in more:
            if name in fields:
                self.data[name] = getattr(self, name)
        self.data.setdefault("timestamp", self.timestamp)
        self.text = text

    @property
    def text(self):
        stream = self.__dict__.get("_stream")
        if stream is not None:
            return stream
        return self.data.get(self.text_key, "") or ""

    @text.setter
    def text(self, value):
        if _is_stream(value):
            self.__dict__["_stream"] = value
            self.data[self.text_key] = ""
            return
        self.__dict__.pop("_stream", None)
        self.data[self.text_key] = "" if value is None else value if isinstance(value, str) else str(value)

    @property
    def text_stream(self):
        return self.__dict__.get("_stream")

    def get_text(self):
        return self.text

    def set_text(self, text):
        self.text = text
        return self.text

    def set_flow_id(self, flow_id):
        self.flow_id = flow_id

    def get_id(self):
        return self.data.get("id")

    def has_id(self):
        return self.get_id() is not None

    def require_id(self):
        if self.get_id() is None:
            raise ValueError("Message does not have an ID. Messages only have an ID after being stored.")
        return self.get_id()

    def __deepcopy__(self, memo):
        return self.model_copy(deep=True)

    def __repr__(self):
        return f"Message(text={self.data.get('text')!r}, sender={self.sender!r}, sender_name={self.sender_name!r})"

    def model_dump(self, **_options):
        dump = {"text_key": self.text_key, "data": self.data, "default_value": self.default_value}
        for name in type(self).model_fields:
            if name not in dump:
                dump[name] = plain(getattr(self, name))
        dump["text"] = self.data.get(self.text_key, "")
        return dump

    dict = model_dump

    def to_data(self):
        return JSON(data=self.data)

    def to_dataframe(self):
        from lfx._surface.frame import DataFrame

        return DataFrame(data=[self])

    def to_message(self):
        return self

    def to_lc_message(self, *_args, **_kwargs):
        from lfx._surface.tools import AIMessage, HumanMessage

        return (HumanMessage if self.sender == "User" or not self.sender else AIMessage)(content=self.get_text())

    @classmethod
    def from_lc_message(cls, message):
        is_human = getattr(message, "type", "") == "human"
        return cls(text=message.content, sender="User" if is_human else "Machine", sender_name="User" if is_human else "AI")

    @classmethod
    def from_data(cls, data):
        names = ("sender", "sender_name", "files", "session_id", "context_id", "run_id", "timestamp", "flow_id", "error", "edit", "session_metadata")
        known = {name: getattr(data, name) for name in names if hasattr(data, name)}
        return cls(text=data.get_text(), **known)

    def format_text(self, template_format="f-string"):
        from lfx._surface.helpers import render_template

        self.text = render_template(self.template, self.variables, template_format)
        return self.text

    @classmethod
    def from_template(cls, template, template_format="f-string", **variables):
        message = cls(template=template, variables=variables)
        message.format_text(template_format=template_format)
        return message

    @classmethod
    async def from_template_and_variables(cls, template, template_format="f-string", **variables):
        return cls.from_template(template, template_format=template_format, **variables)

    @classmethod
    async def create(cls, **values):
        return cls(**values)


class ErrorMessage(Message):
    def __init__(self, exception=None, session_id=None, **more):
        super().__init__(text=str(exception), session_id=session_id or "", error=True, category="error", **more)


class MessageResponse(Message):
    pass
