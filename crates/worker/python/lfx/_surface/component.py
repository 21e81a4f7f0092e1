"""Components: how people declare them, and what an instance can do while it runs."""

import asyncio
import copy
import inspect
import typing

from langflow_worker import wire
from lfx._surface.output import UNDEFINED, Output
from lfx._surface.values import JSON, Message

# Methods whose names say nothing: a tool of a single output is named for its class instead.
_GENERIC = ("output", "process", "build_output", "run", "execute", "main", "handler", "build_result")


def type_names(annotation):
    """Names of the types an output may carry, from its annotation."""
    if annotation is None or annotation is inspect.Signature.empty:
        return []
    if isinstance(annotation, str):
        names = [part.strip().split("[")[0] for part in annotation.split("|")]
        return ["Text" if n == "str" else n for n in names if n and n != "None"]
    origin = typing.get_origin(annotation)
    if origin is None:
        if annotation is type(None):
            return []
        if annotation is str:
            return ["Text"]
        return [getattr(annotation, "__name__", type(annotation).__name__)]
    arguments = [a for a in typing.get_args(annotation) if a is not type(None)]
    if origin in (list, tuple, set):
        names = [name for a in arguments for name in type_names(a)]
        return names or ["list"]
    if origin is typing.Union or str(origin) == "<class 'types.UnionType'>":
        return list(dict.fromkeys(name for a in arguments for name in type_names(a)))
    return [getattr(origin, "__name__", str(origin))]


class GraphView:
    """What a component sees of its run."""

    def __init__(self, context):
        self.session_id = context.get("session_id") or ""
        self.flow_id = context.get("flow_id")
        self.flow_name = context.get("flow_name")
        self.run_id = context.get("run_id")
        self.user_id = context.get("user_id")
        self.vertices = []

    @property
    def context(self):
        return Context()

    def get_vertex_neighbors(self, _vertex):
        return {}


class Context(dict):
    """The context of the run, kept by the server."""

    def get(self, key, default=None):
        try:
            return self[key]
        except KeyError:
            return default

    def __getitem__(self, key):
        from langflow_worker.convert import decode

        found = wire.ask("ctx_get", key=str(key))
        if found is None:
            raise KeyError(key)
        return decode(found)

    def __setitem__(self, key, value):
        from langflow_worker.convert import encode

        wire.ask("ctx_put", key=str(key), value=encode(value))

    def __contains__(self, key):
        return wire.ask("ctx_get", key=str(key)) is not None

    def update(self, other=(), **more):
        for key, value in {**dict(other), **more}.items():
            self[key] = value


class CustomComponent:
    """The base of all components; on its own the old style: `build_config` and `build`."""

    display_name = None
    description = None
    documentation = ""
    icon = None
    name = None
    priority = None
    trace_type = None
    is_input = None
    is_output = None
    beta = False
    legacy = False
    minimized = False
    tool_mode = False
    add_tool_output = False
    replacement = None
    field_order = None
    field_config = {}
    frozen = False
    status = None
    repr_value = ""
    function_entrypoint_name = "build"
    _code_class_base_inheritance = "CustomComponent"

    def __init__(self, **given):
        self._attributes = {}
        self._parameters = {}
        self._context = {}
        self._code = given.pop("_code", None)
        self._id = given.pop("_id", type(self).__name__)
        self._user_id = given.pop("_user_id", None)
        self._session_id = given.pop("_session_id", "")
        self._vertex = None
        self._event_manager = None
        self._logs = []
        self._stopped = []
        for key in [k for k in given if k.startswith("_")]:
            setattr(self, key, given.pop(key))
        self._given = given

    # Old style

    def build_config(self):
        return self.field_config

    def build(self, *args, **kwargs):
        raise NotImplementedError

    def update_build_config(self, build_config, field_value, field_name=None):
        build_config[field_name]["value"] = field_value
        return build_config

    # What a run gives

    @property
    def graph(self):
        return GraphView(self._context)

    @property
    def session_id(self):
        return self._context.get("session_id") or self._session_id

    @property
    def user_id(self):
        return self._context.get("user_id") or self._user_id

    @property
    def flow_id(self):
        return self._context.get("flow_id")

    @property
    def flow_name(self):
        return self._context.get("flow_name")

    @property
    def run_id(self):
        return self._context.get("run_id")

    @property
    def id(self):
        return self._id

    def get_id(self):
        return self._id

    @property
    def ctx(self):
        return Context()

    def add_to_ctx(self, key, value, *, overwrite=False):
        context = Context()
        if not overwrite and key in context:
            raise ValueError(f"Key {key} already exists in context. Set overwrite=True to overwrite.")
        context[key] = value

    def update_ctx(self, values):
        Context().update(values)

    def log(self, message, name=None):
        from langflow_worker.convert import shown

        name = name or f"Log {len(self._logs) + 1}"
        self._logs.append((name, message))
        wire.tell("log", name=name, message=shown(message))

    def stop(self, output_name=None):
        names = [output_name] if output_name else [o.name for o in getattr(self, "outputs", [])]
        for name in names:
            wire.tell("stop", output=name)

    def start(self, output_name=None):
        """A branch runs unless it is stopped."""

    def append_state(self, name, value):
        Context()[name] = value

    update_state = append_state

    def get_state(self, name):
        return Context().get(name)

    async def get_variable(self, name, field="", session=None):
        return wire.ask("variable", name=name, field=field)

    get_variables = get_variable
    variables = get_variable

    async def list_key_names(self):
        return []

    def get_full_path(self, path):
        from langflow_worker.files import local

        return local(path)

    def resolve_path(self, path):
        return self.get_full_path(path)

    def to_data(self, data, keys=None, *, silent_errors=False):
        items = data if isinstance(data, list) else [data]
        out = []
        for item in items:
            values = dict(item) if isinstance(item, dict) else {"text": item if isinstance(item, str) else str(item)}
            if keys:
                values = {k: values[k] for k in keys if k in values or not silent_errors}
            out.append(JSON(data=values))
        return out

    def create_references_from_data(self, data, *, include_data=False):
        if not data:
            return ""
        lines = "".join(f"- Text: {d.get_text()}" + (f" Data: {d.data}" if include_data else "") + "\n" for d in data)
        return "---\n" + lines

    def get_langchain_callbacks(self):
        return []

    def set_event_manager(self, event_manager=None):
        self._event_manager = event_manager

    @property
    def tracing_service(self):
        return None

    @property
    def trace_name(self):
        return f"{self.display_name} ({self._id})"

    def is_connected_to_chat_output(self):
        return bool(self._context.get("feeds_chat_output"))

    def is_connected_to_chat_input(self):
        return bool(self._context.get("fed_by_chat_input"))

    async def send_message(self, message, id_=None, *, skip_db_update=False):
        if self._context and not self._context.get("sends", True):
            return message
        from langflow_worker.convert import send

        sent = await send(message, id_)
        self.status = sent.text
        return sent

    def custom_repr(self):
        return self.repr_value or str(self.status)


class Component(CustomComponent):
    """A component with declared inputs and outputs."""

    inputs = []
    outputs = []
    selected_output = None
    _code_class_base_inheritance = "Component"

    def __init__(self, **given):
        super().__init__(**{k: v for k, v in given.items() if k.startswith("_")})
        values = {k: v for k, v in given.items() if not k.startswith("_")}
        self.inputs = [i.model_copy() for i in (type(self).inputs or [])]
        self.outputs = [o.model_copy() for o in (type(self).outputs or [])]
        self._inputs = {}
        self._outputs_map = {}
        self._results = {}
        self._artifacts = {}
        self.map_inputs(self.inputs)
        for output in self.outputs:
            self._outputs_map[output.name] = output
        shadowed = [name for name in self._inputs if inspect.isfunction(getattr(type(self), name, None))]
        if shadowed:
            raise ValueError(
                f"{type(self).__name__} has input(s) {', '.join(map(repr, shadowed))} named after a method of the "
                "component: give the input another name."
            )
        shared = set(self._inputs) & set(self._outputs_map)
        if shared:
            raise ValueError(f"Inputs and outputs have overlapping names: {shared}")
        self._set_output_types()
        self._parameters = values
        if values:
            self.set_attributes(values)

    def map_inputs(self, inputs):
        for field in inputs:
            if field.name is None:
                raise ValueError("Input name cannot be None.")
            self._inputs[field.name] = field

    def _set_output_types(self):
        for output in self._outputs_map.values():
            if output.types or not output.method:
                continue
            output.add_types(self._get_method_return_type(output.method))

    def _get_method_return_type(self, name):
        method = getattr(type(self), name, None) or getattr(self, name, None)
        if method is None:
            raise AttributeError(f"Attribute {name} not found in {type(self).__name__}")
        try:
            annotation = typing.get_type_hints(method).get("return")
        except Exception:  # noqa: BLE001
            annotation = getattr(method, "__annotations__", {}).get("return")
        return type_names(annotation)

    def set_attributes(self, params):
        """Reads values into the fields; what is not given has the declared default."""
        attributes = {}
        for key, value in params.items():
            field = self._inputs.get(key)
            if field is not None:
                field.value = value
                value = field.value
            attributes[key] = value
        for key, field in self._inputs.items():
            if key not in attributes and key not in self._attributes:
                attributes[key] = field.value if "value" in field.given else field.value or None
        self._attributes.update(attributes)

    def set(self, **values):
        self.set_attributes(values)
        self._parameters.update(values)
        return self

    def __getattr__(self, name):
        own = self.__dict__
        if "_attributes" in own and name in own["_attributes"]:
            return own["_attributes"][name]
        if "_inputs" in own and name in own["_inputs"]:
            return own["_inputs"][name].value
        if "_outputs_map" in own and name in own["_outputs_map"]:
            return own["_outputs_map"][name]
        raise AttributeError(f"Attribute {name} not found in {type(self).__name__}")

    def __setattr__(self, name, value):
        if not name.startswith("_") and name in self.__dict__.get("_attributes", ()):
            self._attributes[name] = value
        object.__setattr__(self, name, value)

    def __deepcopy__(self, memo):
        new = type(self)(_code=self._code, _id=self._id, _user_id=self._user_id)
        new._context = self._context
        new.set_attributes(dict(self._attributes))
        return new

    def get_output(self, name):
        return self._outputs_map[name]

    def get_input(self, name):
        return self._inputs[name]

    def get_output_by_method(self, method):
        for output in self._outputs_map.values():
            if output.method == method.__name__:
                return output
        raise ValueError(f"Method {method.__name__} is not an output of {type(self).__name__}")

    def set_output_value(self, name, value):
        self._outputs_map[name].value = value

    def get_input_display_name(self, name):
        field = self._inputs.get(name)
        return field.display_name if field else name

    def _pre_run_setup(self):
        """Runs once, before the first output."""

    def _set_outputs(self, outputs):
        """Outputs that the node has beside those of the class."""
        for stored in outputs:
            name = stored.get("name")
            if name and name not in self._outputs_map and name != "component_as_tool":
                output = Output(**stored)
                self.outputs.append(output)
                self._outputs_map[name] = output

    def update_outputs(self, frontend_node, field_name, field_value):
        return frontend_node

    def update_frontend_node(self, new_frontend_node, current_frontend_node):
        from lfx._surface.helpers import update_frontend_node_with_template_values

        return update_frontend_node_with_template_values(new_frontend_node, current_frontend_node)

    async def _output_result(self, output):
        if output.cache and output.value is not UNDEFINED and output.value != UNDEFINED:
            return output.value
        if output.method is None:
            raise ValueError(f'Output "{output.name}" does not have a method defined.')
        method = getattr(self, output.method)
        result = method()
        if inspect.isawaitable(result):
            result = await result
        if isinstance(result, Message) and result.flow_id is None and self._context.get("flow_id"):
            result.set_flow_id(self._context["flow_id"])
        output.value = output.apply_options(result)
        return output.value

    async def run(self):
        self._pre_run_setup()
        return {name: await self._output_result(o) for name, o in self._outputs_map.items()}

    def __call__(self, **values):
        self.set(**values)
        return asyncio.run(self.run())

    # Tools

    def _tool_outputs(self):
        return [o for o in self.outputs if o.tool_mode and "Tool" not in o.types and o.method]

    async def _get_tools(self):
        return self._default_tools()

    def _default_tools(self):
        from lfx._surface.tools import StructuredTool, schema_of_inputs

        outputs = self._tool_outputs()
        marked = [i for i in self.inputs if i.tool_mode]
        fields = marked or [i for i in self.inputs if i.field_type not in ("other", "tools") and not i.password]
        tools = []
        for output in outputs:
            name = output.method
            if len(outputs) == 1 and name in _GENERIC:
                name = _snake(type(self).__name__)
            tools.append(
                StructuredTool(
                    name=name,
                    description=output.info or self.description or "",
                    coroutine=self._tool_function(output),
                    args_schema=schema_of_inputs(fields),
                    tags=[name],
                )
            )
        return tools

    def _tool_function(self, output):
        async def call(**arguments):
            instance = copy.deepcopy(self)
            instance.set(**arguments)
            return await instance._output_result(instance._outputs_map[output.name])

        return call

    async def to_toolkit(self):
        tools = self._get_tools()
        return await tools if inspect.isawaitable(tools) else tools


class ComponentWithCache(Component):
    """A component that keeps things between runs."""

    _cache = {}

    @property
    def _shared_component_cache(self):
        return self

    def get(self, key):
        return self._cache.get((type(self).__name__, key), CACHE_MISS)

    def set_cached(self, key, value):
        self._cache[(type(self).__name__, key)] = value


class _CacheMiss:
    def __repr__(self):
        return "<CACHE_MISS>"

    def __bool__(self):
        return False


CACHE_MISS = _CacheMiss()


def _snake(name):
    out = ""
    for at, letter in enumerate(name):
        if letter.isupper() and at and name[at - 1].islower():
            out += "_"
        out += letter.lower()
    return out


def is_component(value):
    return isinstance(value, type) and issubclass(value, CustomComponent)
