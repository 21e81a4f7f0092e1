"""A source as the catalogue entry of its component, and its changes in the editor."""

import asyncio
import hashlib
import inspect

from langflow_worker import code, convert

TOOLSET = "component_as_tool"


def describe(source, class_name=None, user_id=None):
    """`{"node", "kind"}` of a component's source."""
    try:
        kind = code.load(source, class_name)
    except code.BadCode as error:
        raise code.BadCode(f"Error building Component: {error}") from error
    except Exception as error:  # noqa: BLE001
        raise code.BadCode(f"Error building Component: Error creating class. {type(error).__name__}({error!s}).") from error
    node = build(kind, source, user_id)
    return {"node": node, "kind": kind.__name__}


def is_own(kind):
    return any(c.__module__.startswith("lfx._surface") for c in kind.__mro__)


def build(kind, source, user_id=None):
    component = kind(_code=source, _user_id=user_id)
    if hasattr(component, "_outputs_map"):
        return build_inputs(component, source)
    return build_old(component, source) if is_own(kind) else build_real(kind, source, user_id)


def build_real(kind, source, user_id):
    from lfx.custom.custom_component.component import Component
    from lfx.custom.utils import build_custom_component_template

    made = Component(_code=source)
    node, _ = build_custom_component_template(made, user_id=user_id, class_name=kind.__name__)
    return convert.plain(node)


def frame(component, source, template, outputs, order):
    bases = []
    for output in outputs:
        for name in output["types"]:
            if name not in bases:
                bases.append(name)
    name = getattr(component, "display_name", None) or type(component).__name__
    node = {
        "template": template,
        "description": getattr(component, "description", None) or "",
        "icon": getattr(component, "icon", None),
        "base_classes": bases,
        "display_name": name,
        "documentation": getattr(component, "documentation", None) or "",
        "minimized": bool(getattr(component, "minimized", False)),
        "custom_fields": {},
        "output_types": [],
        "pinned": False,
        "conditional_paths": [],
        "frozen": False,
        "outputs": outputs,
        "field_order": order,
        "beta": bool(getattr(component, "beta", False)),
        "legacy": bool(getattr(component, "legacy", False)),
        "edited": True,
        "metadata": {
            "module": f"custom_components.{name.lower().replace(' ', '_')}",
            "code_hash": hashlib.sha256(source.encode()).hexdigest()[:12],
            "component_class_name": type(component).__name__,
            "dependencies": dependencies(source),
        },
        "tool_mode": False,
    }
    if getattr(component, "priority", None) is not None:
        node["priority"] = component.priority
    return {k: v for k, v in node.items() if v is not None}


def dependencies(source):
    import ast
    import sys

    found = []
    for node in ast.walk(ast.parse(source)):
        names = []
        if isinstance(node, ast.Import):
            names = [a.name for a in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module]
        for name in (n.split(".")[0] for n in names):
            if name not in sys.stdlib_module_names and name not in found:
                found.append(name)
    return {"total_dependencies": len(found), "dependencies": [{"name": n, "version": None} for n in found]}


def code_field(source):
    return {
        "type": "code", "required": True, "placeholder": "", "list": False, "show": True, "multiline": True,
        "value": source, "fileTypes": [], "file_path": "", "password": False, "name": "code", "advanced": True,
        "api_editable": False, "dynamic": True, "info": "", "load_from_db": False, "title_case": False,
    }


def build_inputs(component, source):
    template = {"_type": "Component", "code": code_field(source)}
    for field in component.inputs:
        template[field.name] = convert.plain(field.to_dict())
    outputs = [output_entry(o) for o in component._outputs_map.values()]
    for output in outputs:
        if not output["types"] and output.get("method"):
            raise code.BadCode(
                f"Error building Component: the method {output['method']} of output {output['name']} has no return type"
            )
    return frame(component, source, template, outputs, [f.name for f in component.inputs])


def output_entry(output):
    entry = convert.plain(output.to_dict())
    entry["types"] = [convert_name(t) for t in entry["types"]]
    entry["selected"] = entry["types"][0] if entry["types"] else None
    return entry


def convert_name(name):
    """Handles carry the newer names."""
    return {"Data": "JSON", "DataFrame": "Table"}.get(name, name)


_ANNOTATED = {"str": "str", "int": "int", "float": "float", "bool": "bool", "dict": "dict", "list": "str"}


def build_old(component, source):
    """`build_config` and the annotations of `build` say what the fields are."""
    from lfx.custom.custom_component.component import type_names
    from lfx.inputs.inputs import Input

    config = dict(component.build_config() or {})
    template = {"_type": "CustomComponent", "code": code_field(source)}
    signature = inspect.signature(component.build)
    for name, parameter in signature.parameters.items():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        given = dict(config.get(name) or {})
        names = type_names(parameter.annotation)
        kind = given.pop("field_type", None) or _ANNOTATED.get(names[0].lower() if names else "str", "other")
        if names and names[0] == "Text":
            kind = given.get("field_type") or "str"
        field = Input(name=name, type=kind, required=parameter.default is parameter.empty, **{k: v for k, v in given.items() if k != "name"})
        entry = field.to_dict()
        entry["type"] = kind
        if kind == "other":
            entry["input_types"] = given.get("input_types") or names
        if "value" not in given and parameter.default is not parameter.empty:
            entry["value"] = convert.plain(parameter.default)
        template[name] = entry
    types = [convert_name(t) for t in type_names(signature.return_annotation)]
    outputs = [
        {
            "types": [t], "selected": t, "name": t.lower(), "display_name": t, "method": "build", "value": "__UNDEFINED__",
            "cache": True, "allows_loop": False, "group_outputs": False, "tool_mode": True,
        }
        for t in types
    ]
    return frame(component, source, template, outputs, list(component.field_order or []))


# Changes


def update(source, template, field, value=None, class_name=None, tool_mode=None, outputs=(), metadata=None, user_id=None):
    """The node after a field was changed."""
    kind = code.load(source, class_name)
    component = kind(_code=source, _user_id=user_id)
    node = build(kind, source, user_id)
    fields = dict(template)
    if isinstance(fields.get(field), dict):
        fields[field]["value"] = value
    changed = asyncio.run(change(component, fields, field, value))
    changed.setdefault("_type", node["template"].get("_type", "Component"))
    node["template"] = convert.plain(changed)
    if outputs:
        node["outputs"] = list(outputs)
    elif tool_mode is False and field == "tool_mode":
        pass
    node["tool_mode"] = bool(tool_mode)
    if metadata:
        node["metadata"] = metadata
    result = component.update_outputs(node, field, value) if hasattr(component, "update_outputs") else node
    if inspect.isawaitable(result):
        result = asyncio.run(_wait(result))
    node = convert.plain(result or node)
    node["tool_mode"] = bool(tool_mode)
    if tool_mode:
        node["outputs"] = [toolset()]
        rows = asyncio.run(tool_rows(component, changed))
        node["template"].setdefault("tools_metadata", tools_field(rows))
    else:
        node["template"].pop("tools_metadata", None)
    return node


async def _wait(awaitable):
    return await awaitable


async def change(component, fields, field, value):
    from lfx.schema.dotdict import dotdict

    config = dotdict({k: v for k, v in fields.items()})
    result = component.update_build_config(config, value, field) if field in config or _overrides(component) else config
    if inspect.isawaitable(result):
        result = await result
    return dict(result if result is not None else config)


def _overrides(component):
    method = getattr(type(component), "update_build_config", None)
    return method is not None and not method.__module__.startswith("lfx.")


def toolset():
    return {
        "types": ["Tool"], "selected": "Tool", "name": TOOLSET, "hidden": None, "display_name": "Toolset",
        "method": "to_toolkit", "value": "__UNDEFINED__", "cache": True, "required_inputs": None,
        "allows_loop": False, "loop_types": None, "group_outputs": False, "options": None, "tool_mode": True,
    }


async def tool_rows(component, fields):
    if not hasattr(component, "_get_tools"):
        return []
    values = {n: f["value"] for n, f in fields.items() if isinstance(f, dict) and n in component._inputs and f.get("value") not in (None, "")}
    try:
        component.set_attributes(values)
    except ValueError:
        component.set_attributes({})
    found = component._get_tools()
    found = await found if inspect.isawaitable(found) else found
    rows = []
    for schema in map(convert.tool_schema, found):
        rows.append({
            "name": schema["name"], "description": schema["description"], "tags": schema["tags"], "status": True,
            "approval_actions": [], "display_name": schema["name"], "display_description": schema["description"],
            "readonly": False, "args": schema["parameters"].get("properties", {}),
        })
    return rows


def tools_field(rows):
    from lfx.inputs.inputs import ToolsInput

    made = ToolsInput(
        name="tools_metadata", display_name="Actions", value=rows,
        info="Names and descriptions of the actions, as an agent sees them.",
    )
    return convert.plain(made.to_dict())
