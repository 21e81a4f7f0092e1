"""Frames, and what the worker asks the server for while a call is under way."""

import json
import math
import os
import threading


class Refused(Exception):
    """The server said no."""


class Wire:
    def __init__(self, source, sink, max_frame):
        self.source, self.sink, self.max_frame = source, sink, max_frame
        self.lock = threading.RLock()

    def read(self):
        size = int.from_bytes(self._exactly(4), "big")
        return json.loads(self._exactly(size))

    def _exactly(self, count):
        parts = []
        while count:
            part = os.read(self.source, min(count, 1 << 20))
            if not part:
                os._exit(0)
            parts.append(part)
            count -= len(part)
        return b"".join(parts)

    def write(self, frame):
        body = encode(frame)
        if len(body) > self.max_frame:
            raise ValueError(f"the result is larger than {self.max_frame} bytes")
        view = memoryview(len(body).to_bytes(4, "big") + body)
        with self.lock:
            while view:
                view = view[os.write(self.sink, view):]

    def ask(self, what, **params):
        """A question to the server; waits for the answer."""
        with self.lock:
            self.write({"host": what, "params": params, "wants": True})
            answer = self.read()
        if "error" in answer:
            raise Refused(answer["error"])
        return answer.get("value")

    def tell(self, what, **params):
        """News for the server."""
        self.write({"host": what, "params": params, "wants": False})


def encode(frame):
    try:
        text = json.dumps(frame, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except ValueError:
        text = json.dumps(finite(frame), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode("utf-8", "replace")


def finite(value):
    """Numbers that JSON cannot write become null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {k: finite(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite(v) for v in value]
    return value


class Current:
    """The wire of this process; `None` before it serves."""

    wire = None


def ask(what, **params):
    if Current.wire is None:
        raise Refused("there is no server")
    return Current.wire.ask(what, **params)


def tell(what, **params):
    if Current.wire is not None:
        Current.wire.tell(what, **params)
