"""Values on the wire: `{"k": kind, "v": …}`, so that a dictionary of people's never means something else."""

import dataclasses

from langflow_worker import wire

MESSAGE_FIELDS = (
    "sender", "sender_name", "session_id", "context_id", "files", "timestamp", "flow_id", "run_id", "error", "edit",
    "properties", "category", "content_blocks", "duration", "session_metadata",
)


def classes():
    from lfx.schema.data import Data
    from lfx.schema.dataframe import DataFrame
    from lfx.schema.message import Message

    return Data, Message, DataFrame


def is_table(value):
    return hasattr(value, "columns") and callable(getattr(value, "to_dict", None)) and hasattr(value, "iloc")


def plain(value, depth=0):
    """A value as JSON can hold it."""
    if value is None or isinstance(value, (str, bool, int, float)):
        return str(value) if type(value) not in (str, bool, int, float) and isinstance(value, str) else value
    if depth > 60:
        return str(value)
    if isinstance(value, dict):
        return {str(k): plain(v, depth + 1) for k, v in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(v, depth + 1) for v in value]
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    if is_table(value):
        return [plain(row, depth + 1) for row in value.to_dict(orient="records")]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return plain(dataclasses.asdict(value), depth + 1)
    if hasattr(value, "get_secret_value"):
        return "**********"
    for method in ("model_dump", "dict", "to_dict"):
        dump = getattr(value, method, None)
        if callable(dump) and not isinstance(value, type):
            try:
                return plain(dump(), depth + 1)
            except TypeError:
                continue
    if callable(getattr(value, "item", None)):
        try:
            return plain(value.item(), depth + 1)
        except (TypeError, ValueError):
            pass
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return str(value)


def shown(value):
    """A value for a log line."""
    data, message, _ = classes()
    if isinstance(value, message):
        return value.get_text()
    if isinstance(value, data):
        return plain(value.data)
    return plain(value)


def encode(value):
    """A value for the server."""
    data, message, _ = classes()
    if value is None:
        return {"k": "null"}
    if isinstance(value, message):
        return {"k": "message", "v": encode_message(value)}
    if isinstance(value, data):
        return {"k": "data", "v": {"data": plain(value.data), "text_key": value.text_key, "default_value": plain(value.default_value)}}
    if is_table(value):
        rows = value.to_dict(orient="records")
        return {"k": "table", "v": {"columns": [str(c) for c in value.columns], "rows": plain(rows)}}
    if isinstance(value, (list, tuple)):
        if any(isinstance(v, data) or is_table(v) for v in value):
            return {"k": "list", "v": [encode(v) for v in value]}
        if value and all(is_tool(v) for v in value):
            return {"k": "tools", "v": [tool_schema(v) for v in value]}
        return {"k": "json", "v": plain(value)}
    if is_tool(value):
        return {"k": "tools", "v": [tool_schema(value)]}
    if hasattr(value, "page_content"):
        return encode(data.from_document(value))
    return {"k": "json", "v": plain(value)}


def encode_message(message):
    fields = {name: plain(getattr(message, name, None)) for name in MESSAGE_FIELDS}
    known = {*MESSAGE_FIELDS, "text", "id"}
    fields["text"] = message.data.get(message.text_key) or ""
    fields["id"] = plain(message.data.get("id"))
    fields["extra"] = {k: plain(v) for k, v in message.data.items() if k not in known}
    return fields


def decode(item):
    """A value from the server."""
    data, message, frame = classes()
    kind, value = item["k"], item.get("v")
    if kind == "null":
        return None
    if kind in ("json", "secret"):
        return value
    if kind == "message":
        extra = value.pop("extra", None) or {}
        identity = value.pop("id", None)
        if identity:
            extra["id"] = identity
        return message(**{k: v for k, v in value.items() if v is not None}, **extra)
    if kind == "data":
        return data(data=value["data"], text_key=value["text_key"], default_value=value["default_value"])
    if kind == "table":
        rows = [dict(zip(value["columns"], row)) for row in value["rows"]]
        return frame(rows) if rows else frame(columns=value["columns"])
    if kind == "list":
        return [decode(v) for v in value]
    if kind == "model":
        from langflow_worker.models import RemoteModel

        return RemoteModel(value["handle"], value.get("model", ""))
    if kind == "embedder":
        from langflow_worker.models import RemoteEmbeddings

        return RemoteEmbeddings(value["handle"])
    if kind == "tools":
        from langflow_worker.models import remote_tool

        return [remote_tool(v) for v in value]
    raise ValueError(f"a value of kind {kind} does not reach custom components")


# Tools


def is_tool(value):
    return hasattr(value, "name") and hasattr(value, "description") and (hasattr(value, "invoke") or hasattr(value, "_run"))


def tool_schema(tool):
    schema = None
    get_schema = getattr(tool, "schema", None)
    given = getattr(tool, "args_schema", None)
    if isinstance(given, dict):
        schema = given
    elif given is not None and hasattr(given, "model_json_schema"):
        schema = given.model_json_schema()
    elif given is not None and hasattr(given, "schema"):
        schema = given.schema()
    elif callable(get_schema) and hasattr(tool, "func"):
        schema = get_schema()
    if schema is None:
        schema = {"type": "object", "properties": plain(getattr(tool, "args", {}) or {})}
    tags = list(getattr(tool, "tags", None) or [tool.name])
    return {
        "name": str(tool.name), "description": str(tool.description or ""), "parameters": plain(schema), "tags": plain(tags),
        "metadata": plain(getattr(tool, "metadata", None) or {}),
    }


# Messages that leave for the chat


def stream_of(message):
    return message.__dict__.get("_stream") or message.__dict__.get("_text_stream")


async def pieces(stream):
    if hasattr(stream, "__anext__") or hasattr(stream, "__aiter__"):
        async for piece in stream:
            yield piece
    else:
        for piece in stream:
            yield piece


def text_of(piece):
    return piece if isinstance(piece, str) else str(getattr(piece, "content", piece))


async def collect(message, live):
    """Reads a message's stream to its end; listeners see it grow where the run streams."""
    stream = stream_of(message)
    if stream is None:
        return message
    message.text = ""
    if live:
        begun = wire.ask("begin_message", message=encode_message(message))
        message.data["id"] = begun
    parts = []
    async for piece in pieces(stream):
        text = text_of(piece)
        parts.append(text)
        if live:
            wire.tell("token", id=message.data["id"], chunk=text)
    message.text = "".join(parts)
    return message


async def send(message, id_=None):
    if id_:
        message.data["id"] = str(id_)
    await collect(message, live=True)
    message.data["id"] = wire.ask("send_message", message=encode_message(message))
    return message
