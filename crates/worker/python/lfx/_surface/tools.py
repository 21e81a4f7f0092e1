"""Tools, documents and chat turns: what components use of LangChain where it is not installed."""

import asyncio
import inspect

from lfx._surface.values import Model

_KINDS = {str: "string", int: "integer", float: "number", bool: "boolean", list: "array", dict: "object"}


class ToolException(Exception):
    """A tool failed; the text goes to the model."""


def _kind(annotation):
    import typing

    origin = typing.get_origin(annotation)
    if origin is not None:
        inner = [a for a in typing.get_args(annotation) if a is not type(None)]
        if origin in (list, tuple, set):
            return {"type": "array", "items": _kind(inner[0]) if inner else {"type": "string"}}
        if origin is dict:
            return {"type": "object"}
        return _kind(inner[0]) if inner else {"type": "string"}
    return {"type": _KINDS.get(annotation, "string")}


def schema_of_function(function):
    """JSON Schema of a function's parameters."""
    import typing

    try:
        hints = typing.get_type_hints(function)
    except Exception:  # noqa: BLE001
        hints = {}
    properties, required = {}, []
    for name, parameter in inspect.signature(function).parameters.items():
        if name in ("self", "cls") or parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        properties[name] = {"title": name.replace("_", " ").title(), **_kind(hints.get(name, str))}
        if parameter.default is parameter.empty:
            required.append(name)
        elif parameter.default is None or isinstance(parameter.default, (str, int, float, bool)):
            properties[name]["default"] = parameter.default
    schema = {"type": "object", "properties": properties}
    if required:
        schema["required"] = required
    return schema


class BaseTool:
    """A named function that an agent may call."""

    name = ""
    description = ""
    args_schema = None
    return_direct = False

    def __init__(self, name=None, description=None, func=None, coroutine=None, args_schema=None, tags=None,
                 metadata=None, return_direct=False, **more):
        self.name = name or type(self).name or getattr(func or coroutine, "__name__", "tool")
        self.description = description or type(self).description or inspect.getdoc(func or coroutine) or ""
        self.func, self.coroutine = func, coroutine
        self.args_schema = args_schema if args_schema is not None else type(self).args_schema
        self.tags, self.metadata, self.return_direct = tags or [], metadata or {}, return_direct
        for key, value in more.items():
            setattr(self, key, value)

    @classmethod
    def from_function(cls, func=None, name=None, description=None, coroutine=None, args_schema=None, **more):
        return cls(name=name, description=description, func=func, coroutine=coroutine, args_schema=args_schema, **more)

    def schema(self):
        if isinstance(self.args_schema, dict):
            return self.args_schema
        for method in ("model_json_schema", "schema"):
            if self.args_schema is not None and hasattr(self.args_schema, method):
                return getattr(self.args_schema, method)()
        function = self.func or self.coroutine or getattr(self, "_run", None)
        return schema_of_function(function)

    @property
    def args(self):
        return self.schema().get("properties", {})

    def run(self, arguments=None, **_options):
        return self.invoke(arguments)

    def invoke(self, arguments=None, *_rest, **_options):
        result = self._call(arguments)
        return asyncio.run(result) if inspect.isawaitable(result) else result

    async def ainvoke(self, arguments=None, *_rest, **_options):
        result = self._call(arguments, prefer_async=True)
        return await result if inspect.isawaitable(result) else result

    arun = ainvoke

    def _call(self, arguments, prefer_async=False):
        function = (self.coroutine or self.func) if prefer_async else (self.func or self.coroutine)
        function = function or getattr(self, "_run", None)
        if isinstance(arguments, dict):
            return function(**arguments)
        return function() if arguments is None else function(arguments)

    def __call__(self, arguments):
        return self.invoke(arguments)


class Tool(BaseTool):
    def __init__(self, name=None, func=None, description=None, **more):
        super().__init__(name=name, func=func, description=description, **more)


class StructuredTool(BaseTool):
    pass


def tool(*given, **options):
    """Makes a tool of a function, with or without arguments."""

    def make(function):
        name = given[0] if given and isinstance(given[0], str) else function.__name__
        key = "coroutine" if inspect.iscoroutinefunction(function) else "func"
        return StructuredTool(name=name, description=inspect.getdoc(function) or "", args_schema=options.get("args_schema"), **{key: function})

    if given and callable(given[0]):
        return make(given[0])
    return make


class BaseToolkit(Model):
    def get_tools(self):
        return []


class Document(Model):
    fields = {"page_content": "", "metadata": {}}


class BaseMessage(Model):
    fields = {"content": "", "additional_kwargs": {}, "response_metadata": {}, "tool_calls": []}
    type = "base"

    def __init__(self, content="", **more):
        super().__init__(content=content, **more)


class HumanMessage(BaseMessage):
    type = "human"


class AIMessage(BaseMessage):
    type = "ai"


class SystemMessage(BaseMessage):
    type = "system"


class ToolMessage(BaseMessage):
    type = "tool"


def create_input_schema(inputs, **_options):
    """JSON Schema of input fields."""
    return schema_of_inputs(inputs)


def schema_of_inputs(inputs):
    properties, required = {}, []
    for field in inputs:
        kind = {"int": "integer", "float": "number", "slider": "number", "bool": "boolean", "dict": "object",
                "NestedDict": "object", "table": "object"}.get(field.field_type, "string")
        entry = {} if field.required else {"default": field.value}
        entry["description"] = field.info
        options = field.options if field.field_type in ("str", "tab") else None
        inner = {"type": kind}
        if options and len(options) <= 50:
            inner["enum"] = list(options)
        if field.is_list:
            entry.update({"type": "array", "items": inner})
        else:
            entry.update(inner)
        properties[field.name] = entry
        if field.required:
            required.append(field.name)
    schema = {"properties": properties, "type": "object"}
    if required:
        schema["required"] = required
    return schema
