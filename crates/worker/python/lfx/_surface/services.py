"""Parts of the server that components name. Most are not within reach of a worker, and say so."""

from contextlib import asynccontextmanager

from langflow_worker import wire


def _absent(what):
    raise RuntimeError(f"{what} is not within reach of custom components here")


class _Settings:
    def __getattr__(self, name):
        return None


class _SettingsService:
    settings = _Settings()
    auth_settings = _Settings()


def get_settings_service():
    return _SettingsService()


def get_storage_service():
    return None


def get_tracing_service():
    return None


def get_variable_service():
    return None


@asynccontextmanager
async def session_scope():
    _absent("The database")
    yield


def get_session(*_args, **_kwargs):
    _absent("The database")


def get_db_service():
    _absent("The database")


def _messages(**filters):
    from langflow_worker.convert import decode

    return [decode(item) for item in wire.ask("history", **filters)]


def get_messages(sender=None, sender_name=None, session_id=None, context_id=None, flow_id=None, limit=None, order="DESC", **_more):
    found = _messages(sender=sender, sender_name=sender_name, session_id=session_id and str(session_id), context_id=context_id, limit=limit or 100)
    return found if str(order).upper().startswith("ASC") else found[::-1]


async def aget_messages(**filters):
    return get_messages(**filters)


def store_message(message, flow_id=None, **_more):
    from langflow_worker.convert import encode_message

    message.data["id"] = wire.ask("send_message", message=encode_message(message))
    return [message]


async def astore_message(message, flow_id=None, **_more):
    return store_message(message)


class Graph:
    """A name for annotations."""
