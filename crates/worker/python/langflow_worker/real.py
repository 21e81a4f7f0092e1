"""Components of the real `lfx`, whose world is this worker instead of a Langflow server."""

from langflow_worker import convert, wire

_patched = False


def prepare():
    import lfx.custom.custom_component.component as module

    patch(module.Component)


def patch(kind):
    """What reaches for a database or an event stream asks the server instead."""
    global _patched
    if _patched:
        return
    _patched = True

    async def send_message(self, message, id_=None, *, skip_db_update=False):
        if not getattr(self, "_context", {}).get("sends", True):
            return message
        sent = await convert.send(message, id_)
        self.status = sent.text
        return sent

    async def send_error(self, exception, session_id=None, trace_name=None, source=None):
        return None

    async def get_variable(self, name, field="", session=None):
        return wire.ask("variable", name=name, field=field)

    def log(self, message, name=None):
        wire.tell("log", name=name or f"Log {len(self._logs) + 1}", message=convert.shown(message))

    def stop(self, output_name=None):
        for name in [output_name] if output_name else [o.name for o in self.outputs]:
            wire.tell("stop", output=name)

    def local(self, path):
        from langflow_worker.files import local as fetch

        return fetch(path)

    def connected(self):
        return bool(getattr(self, "_context", {}).get("feeds_chat_output"))

    for name, function in {
        "send_message": send_message,
        "send_error": send_error,
        "get_variable": get_variable,
        "get_variables": get_variable,
        "log": log,
        "stop": stop,
        "start": lambda self, output_name=None: None,
        "get_full_path": local,
        "resolve_path": local,
        "is_connected_to_chat_output": connected,
    }.items():
        setattr(kind, name, function)


def adopt(component, context):
    """Session, flow and user of the run."""
    for name in ("session_id", "flow_id", "flow_name", "run_id"):
        try:
            setattr(component, f"_{name}", context.get(name))
        except (AttributeError, ValueError):
            continue
