"""The loop of a worker: a call, its result, the next."""

import os
import signal
import sys
import time
import traceback

from langflow_worker import output, wire

PROTOCOL = 1
MAX_TRACEBACK = 20_000


def versions(own_lfx):
    lfx = None
    if not own_lfx:
        try:
            from importlib.metadata import version

            lfx = version("lfx")
        except Exception:  # noqa: BLE001
            lfx = "unknown"
    return {"protocol": PROTOCOL, "python": "%d.%d.%d" % sys.version_info[:3], "lfx": lfx}


def run(first, own_lfx, absent):
    # An interrupt ends a worker as it ends any program; asyncio would put in a handler of its own with each call.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    # The frames move to descriptors of their own: what people print goes elsewhere.
    source, sink = os.dup(0), os.dup(1)
    null = os.open("/dev/null", os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    os.close(null)
    sys.stdin = open(os.devnull)
    sys.stdout, sys.stderr = output.Captured("stdout"), output.Captured("stderr")
    link = wire.Current.wire = wire.Wire(source, sink, first["max_frame"])
    from langflow_worker import calls, network

    network.install(bool(first.get("network")), absent)
    calls.prepare(own_lfx)
    link.write({"hello": versions(own_lfx)})
    while True:
        frame = link.read()
        link.write(answer(calls, frame))


def answer(calls, frame):
    # What the call before printed and nobody took belongs to nobody.
    sys.stdout.take()
    sys.stderr.take()
    try:
        method = calls.METHODS.get(frame.get("call"))
        if method is None:
            raise ValueError("no such call")
        result = {"result": method(**frame.get("params", {}))}
        size = len(wire.encode(result))
        if size > wire.Current.wire.max_frame - 200:
            raise ValueError(f"the result is too large: {size} bytes")
    except BaseException as error:  # noqa: BLE001
        result = {"error": failure(error)}
    result["cpu"] = time.process_time()
    return result


def failure(error):
    try:
        message = str(error)
    except Exception:  # noqa: BLE001
        message = ""
    trace = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    return {
        "kind": type(error).__name__,
        "message": message[:MAX_TRACEBACK],
        "traceback": trace[-MAX_TRACEBACK:],
    }
