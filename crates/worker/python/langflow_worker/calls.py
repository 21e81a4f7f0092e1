"""What the server may call."""

import ast
import asyncio
import inspect
import sys

from langflow_worker import code, convert, describe, files, wire

OWN = True
# The instance of the node that runs now: its outputs share it.
_open = {"key": None, "component": None}


def prepare(own_lfx):
    """Loads what every call needs, before anybody waits for it."""
    global OWN
    OWN = own_lfx
    code.prelude()
    convert.classes()
    if not own_lfx:
        from langflow_worker import real

        real.prepare()


def instance(source, class_name, context, values=(), outputs=(), key=None, fresh=False):
    if key is not None and not fresh and _open["key"] == key:
        return _open["component"]
    if key is not None and _open["key"] != key:
        _open["key"] = _open["component"] = None
        files.forget()
    kind = code.load(source, class_name)
    component = kind(_code=source, _id=context.get("node_id") or kind.__name__, _user_id=context.get("user_id"))
    component._context = context
    if not OWN:
        from langflow_worker import real

        real.adopt(component, context)
    read = {name: convert.decode(value) for name, value in dict(values).items()}
    for name in context.get("file_fields") or ():
        if read.get(name):
            paths = read[name]
            read[name] = [files.local(p) for p in paths] if isinstance(paths, list) else files.local(paths)
    if hasattr(component, "set_attributes"):
        if read:
            component.set_attributes(read)
        else:
            component.set_attributes({})
        stored = [o for o in outputs if o.get("name") not in getattr(component, "_outputs_map", {})]
        stored = [o for o in stored if o.get("name") != "component_as_tool" and o.get("method")]
        if stored and hasattr(component, "_set_outputs"):
            component._set_outputs(stored) if OWN else component._set_outputs([*[o.model_dump() for o in component.outputs], *stored])
    else:
        component._attributes = read
    if hasattr(component, "_pre_run_setup"):
        component._pre_run_setup()
    if key is not None:
        _open.update(key=key, component=component)
    return component


async def compute(component, output, method, values):
    if not hasattr(component, "_outputs_map"):
        return await old_style(component, values)
    known = component._outputs_map
    found = known.get(output)
    if found is None and method:
        found = next((o for o in known.values() if o.method == method), None)
    if found is None:
        raise ValueError(f"The component has no output '{output}'")
    if hasattr(component, "_output_result"):
        return await component._output_result(found)
    component._current_output = found.name
    return await component._get_output_result(found)


async def old_style(component, values):
    """`build` with the fields as arguments."""
    arguments = {name: convert.decode(value) for name, value in dict(values).items()}
    takes = inspect.signature(component.build).parameters
    if not any(p.kind is p.VAR_KEYWORD for p in takes.values()):
        arguments = {k: v for k, v in arguments.items() if k in takes}
    for name, field in dict(component.build_config() or {}).items():
        if name in takes and name not in arguments and isinstance(field, dict) and "value" in field:
            arguments[name] = field["value"]
    result = component.build(**arguments)
    return await result if inspect.isawaitable(result) else result


async def _run(source, class_name, values, output, method, outputs, context, key):
    component = instance(source, class_name, context, values, outputs, key)
    component._context = context
    component.status = None
    result = await compute(component, output, method, values)
    data, message, _ = convert.classes()
    if isinstance(result, message) and convert.stream_of(result) is not None:
        await convert.collect(result, live=bool(context.get("streams")))
        if context.get("streams"):
            result.data["id"] = wire.ask("send_message", message=convert.encode_message(result))
    status = component.status
    return {
        "value": convert.encode(result),
        "status": None if status is None or status == "" else convert.encode(status),
    }


def run(source, class_name=None, values=(), output="", method=None, outputs=(), context=None, key=None):
    """Computes one output of a node."""
    done = asyncio.run(_run(source, class_name, values, output, method, outputs, context or {}, key))
    done["printed"] = sys.stdout.take() + sys.stderr.take()
    return done


async def _tools(component, output=None):
    if output:
        found = await compute(component, output, None, ())
    elif hasattr(component, "to_toolkit"):
        found = component._get_tools()
        found = await found if inspect.isawaitable(found) else found
    else:
        found = []
    return found if isinstance(found, (list, tuple)) else [found]


def tools(source, class_name=None, values=(), outputs=(), context=None, output=None):
    """The tools a node offers: its own, or those an output gives."""
    component = instance(source, class_name, context or {}, values, outputs)
    return [convert.tool_schema(t) for t in asyncio.run(_tools(component, output))]


async def _tool(component, name, arguments, output):
    for tool in await _tools(component, output):
        if tool.name == name:
            result = await tool.ainvoke(arguments) if hasattr(tool, "ainvoke") else tool.invoke(arguments)
            data, message, _ = convert.classes()
            if isinstance(result, message):
                result = (await convert.collect(result, live=False)).get_text()
            elif isinstance(result, data):
                result = result.data
            shown = convert.plain(result)
            return {"text": result if isinstance(result, str) else _text(shown), "artifact": shown}
    raise ValueError(f"there is no tool '{name}'")


def _text(value):
    import json

    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def tool(source, name, arguments, class_name=None, values=(), outputs=(), context=None, output=None):
    """Calls a tool of a node."""
    component = instance(source, class_name, context or {}, values, outputs)
    return asyncio.run(_tool(component, name, arguments, output))


def imports(source):
    return code.imports(source)


# Code that is no component


def python(source, modules=""):
    """Runs a script; what it prints is the answer."""
    import importlib

    scope = {"__name__": "__main__", "__builtins__": __builtins__}
    names = modules if isinstance(modules, list) else str(modules or "").split(",")
    try:
        for name in filter(None, (n.strip() for n in names)):
            scope[name.split(".")[0]] = importlib.import_module(name.split(".")[0])
            importlib.import_module(name)
    except ImportError as error:
        return {"error": "ImportError", "message": str(error)}
    try:
        exec(compile(source, "<python>", "exec"), scope)
    except ImportError as error:
        return {"error": "ImportError", "message": str(error)}
    except SyntaxError as error:
        return {"error": "SyntaxError", "message": str(error)}
    except SystemExit:
        pass
    except Exception as error:  # noqa: BLE001
        return {"error": type(error).__name__, "message": repr(error)}
    finally:
        sys.stderr.take()
    return {"output": sys.stdout.take()}


def function(source, arguments=()):
    """Calls the function that a source defines."""
    tree = code.parse(source)
    names = [n.name for n in tree.body if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))]
    if not names:
        raise code.BadCode("The code defines no function")
    scope = {**code.prelude(), "__name__": "function"}
    exec(compile(tree, "<function>", "exec"), scope)
    result = scope[names[-1]](**dict(arguments))
    if inspect.isawaitable(result):
        result = asyncio.run(_wait(result))
    return convert.encode(result)


def function_schema(source, name=None):
    """Name, description and parameters of the function a source defines."""
    from lfx.io.schema import schema_of_function

    tree = code.parse(source)
    names = [n.name for n in tree.body if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))]
    if not names:
        raise code.BadCode("The code defines no function")
    scope = {**code.prelude(), "__name__": "function"}
    exec(compile(tree, "<function>", "exec"), scope)
    found = scope[name if name in names else names[-1]]
    return {"name": found.__name__, "description": inspect.getdoc(found) or "", "parameters": schema_of_function(found)}


async def _wait(awaitable):
    return await awaitable


METHODS = {
    "run": run,
    "tools": tools,
    "tool": tool,
    "describe": describe.describe,
    "update": describe.update,
    "imports": imports,
    "python": python,
    "function": function,
    "function_schema": function_schema,
}
