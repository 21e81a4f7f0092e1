"""A logger that takes everything and keeps little: lines go to the log of the running component."""

from langflow_worker import wire


def _text(message, args, kwargs):
    text = str(message)
    try:
        if args and "%" in text:
            return text % args
        if args or kwargs:
            return text.format(*args, **{k: v for k, v in kwargs.items() if k != "exc_info"})
    except (TypeError, ValueError, KeyError, IndexError):
        pass
    return text


class Logger:
    def _log(self, level, message, args, kwargs):
        if level in ("debug", "trace"):
            return
        wire.tell("log", name=level.capitalize(), message=_text(message, args, kwargs)[:10_000])

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        if name in ("opt", "bind", "patch", "contextualize"):
            return lambda *_args, **_kwargs: self
        if name in ("add", "remove", "configure", "level", "setLevel", "addHandler"):
            return lambda *_args, **_kwargs: None
        is_async = name.startswith("a") and name[1:] in ("debug", "info", "warning", "error", "exception", "critical")
        level = name[1:] if is_async else name

        if is_async:

            async def write(message="", *args, **kwargs):
                self._log(level, message, args, kwargs)
        else:

            def write(message="", *args, **kwargs):
                self._log(level, message, args, kwargs)

        return write


logger = Logger()


def configure(*_args, **_kwargs):
    """Nothing to configure."""


def get_logger(*_args, **_kwargs):
    return logger
