#!/usr/bin/env python3
"""The pace of plain runs while people's Python misbehaves, over HTTP on the real program.

    pace.py path/to/langflow [--seconds 30] [--rounds 4] [--rate 50]

Starts the program, and asks for runs of Chat Input -> Chat Output at a steady rate, by turns: in calm; beside as many
more of the same runs; beside flows with harmless code, some quick and some that compute for two seconds; while the
attempts of attempts.json to get out or not to end are made through the API, one after the other, without a pause; and
beside its floods, which ask the server for as much as it does for them. Prints the median and the 99th percentile of each
turn, of all together, and the middle one of the turns' percentiles, which one hiccup of the machine does not move. Ends
with 1 when an attempt was not refused. Needs nothing but Python 3.

Runs wait for the disk: TMPDIR=/dev/shm leaves that out.

Who measures goes before the server, and who attacks has a process of its own behind it: they stand for callers on other
machines, and what is measured is the server, not how these share its processors. Going first needs the right to.
"""

import argparse
import http.client
import itertools
import json
import multiprocessing
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time

ATTEMPTS = json.loads((pathlib.Path(__file__).parent / "attempts.json").read_text())
COMPONENT = """from langflow.custom import Component
from langflow.io import MessageTextInput, Output

class Probe(Component):
    display_name = "Probe"
    inputs = [MessageTextInput(name="text", display_name="Text")]
    outputs = [Output(name="out", display_name="Out", method="go")]

    def go(self) -> str:
"""


class Server:
    def __init__(self, program):
        self.folder = tempfile.TemporaryDirectory()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        settings = {
            "LANGFLOW_CONFIG_DIR": self.folder.name,
            "LANGFLOW_CUSTOM_COMPONENTS": "users",
            "LANGFLOW_PYTHON_TIMEOUT": "3",
            "LANGFLOW_LOG_LEVEL": "critical",
            "LANGFLOW_AUTO_LOGIN": "true",
        }
        command = [program, "run", "--port", str(self.port), "--backend-only=true"]
        self.process = subprocess.Popen(command, env={**os.environ, **settings}, stdout=subprocess.DEVNULL)
        self.headers = {"content-type": "application/json"}
        for _ in range(300):
            try:
                self.call("GET", "/health")
                break
            except OSError:
                time.sleep(0.1)
        token = self.call("GET", "/api/v1/auto_login")[1]["access_token"]
        self.headers["authorization"] = f"Bearer {token}"
        self.headers["x-api-key"] = self.call("POST", "/api/v1/api_key/", {"name": "pace"})[1]["api_key"]
        groups = self.call("GET", "/api/v1/all")[1]
        self.types = {key: entry for group in groups.values() for key, entry in group.items()}

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)

    def call(self, method, path, body=None, connection=None):
        connection = connection or self.connect()
        connection.request(method, path, None if body is None else json.dumps(body), self.headers)
        answer = connection.getresponse()
        text = answer.read()
        return answer.status, json.loads(text) if text else None

    def flow(self, name, code=None):
        nodes = [node("ChatInput-a", "ChatInput", self.types["ChatInput"])]
        nodes.append(node("ChatOutput-z", "ChatOutput", self.types["ChatOutput"]))
        if code is None:
            edges = [edge(nodes[0], "message", nodes[1], "input_value")]
        else:
            status, made = self.call("POST", "/api/v1/custom_component", {"code": code})
            assert status == 200, made
            nodes.append(node("Probe-b", made["type"], made["data"]))
            edges = [edge(nodes[0], "message", nodes[2], "text"), edge(nodes[2], "out", nodes[1], "input_value")]
        status, made = self.call("POST", "/api/v1/flows/", {"name": name, "data": {"nodes": nodes, "edges": edges}})
        assert status == 201, made
        return made["id"]

    def run(self, flow, connection=None):
        body = {"input_value": "good morning", "input_type": "chat", "output_type": "chat"}
        return self.call("POST", f"/api/v1/run/{flow}?stream=false", body, connection)

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.folder.cleanup()


def node(node_id, kind, definition):
    return {
        "id": node_id, "type": "genericNode", "position": {"x": 0, "y": 0},
        "data": {"id": node_id, "type": kind, "node": definition},
    }


def edge(source, output, target, field):
    outputs = {item["name"]: item for item in source["data"]["node"]["outputs"]}
    into = target["data"]["node"]["template"][field]
    source_handle = {
        "dataType": source["data"]["type"], "id": source["id"], "name": output,
        "output_types": outputs[output]["types"],
    }
    target_handle = {
        "fieldName": field, "id": target["id"], "inputTypes": into["input_types"], "type": into["type"],
    }
    data = {"sourceHandle": source_handle, "targetHandle": target_handle}
    handles = {key: json.dumps(value).replace('"', "œ") for key, value in data.items()}
    return {"id": f"{source['id']}-{target['id']}", "source": source["id"], "target": target["id"], "data": data, **handles}


def measure(server, flow, seconds, rate):
    """Milliseconds of each run, from the moment it was due: a late answer makes the next ones late too."""
    connection, took = server.connect(), []
    began = time.perf_counter()
    for turn in range(int(seconds * rate)):
        due = began + turn / rate
        time.sleep(max(0, due - time.perf_counter()))
        status, answer = server.run(flow, connection)
        assert status == 200, answer
        took.append((time.perf_counter() - due) * 1000)
    return sorted(took)


def percentile(took):
    return took[len(took) * 99 // 100]


def beside(server, flows, pause, over, told):
    """Runs flows one after the other until it is over, then tells what came of each."""
    os.nice(10)
    connection, answers = server.connect(), []
    for name, flow in itertools.cycle(flows):
        if over.is_set():
            break
        status, answer = server.run(flow, connection)
        answers.append((name, status, json.dumps(answer)[:300]))
        time.sleep(pause)
    told.send(answers)


class Company:
    """Others who run flows while `measure` does."""

    def __init__(self, server, flows, pause):
        self.over, (self.answers, told) = multiprocessing.Event(), multiprocessing.Pipe(duplex=False)
        arguments = (server, flows, pause, self.over, told)
        self.process = multiprocessing.Process(target=beside, args=arguments, daemon=True) if flows else None

    def __enter__(self):
        if self.process:
            self.process.start()
        return self

    def end(self):
        """Names of what ran, statuses and answers."""
        if not self.process:
            return []
        self.over.set()
        answers = self.answers.recv()
        self.process.join()
        return answers

    def __exit__(self, *_):
        if self.process and self.process.is_alive():
            self.process.kill()


HARMLESS = [
    ("quick", "time.sleep(0.1)"),
    ("long", "until = time.monotonic() + 2\nwhile time.monotonic() < until: sum(range(1000))"),
]


def body(code):
    return COMPONENT + "".join(f"        {line}\n" for line in code.splitlines())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--rate", type=float, default=50)
    args = parser.parse_args()
    multiprocessing.set_start_method("fork")
    server = Server(args.program)
    try:
        turns, outcomes, escaped = compare(server, args)
    finally:
        server.stop()
    for which, all_took in turns.items():
        took = sorted(sum(all_took, []))
        middle = sorted(percentile(turn) for turn in all_took)[len(all_took) // 2]
        print(f"all {which}: {len(took)} runs, median {took[len(took) // 2]:.1f} ms, p99 {percentile(took):.1f} ms, "
              f"middle of the turns' p99 {middle:.1f} ms")
    attempts = {name for group in ATTEMPTS.values() for name, _ in group}
    print(f"{len(outcomes & attempts)} of {len(attempts)} attempts were made, {len(escaped)} not refused")
    for name, answer in escaped:
        print(name, answer)
    sys.exit(1 if escaped or outcomes != attempts else 0)


def compare(server, args):
    """Milliseconds of the runs of each turn by what ran beside, the names of all attempts, and those not refused."""
    plain = server.flow("plain")
    hostile, floods = (
        [(name, server.flow(name, body(f"{code}\nreturn 'ESCAPED'"))) for name, code in attempts]
        for attempts in (ATTEMPTS["refused"] + ATTEMPTS["endless"], ATTEMPTS["floods"])
    )
    quick, long = (server.flow(name, body(f"import time\n{code}\nreturn 'done'")) for name, code in HARMLESS)
    harmless = [("quick", quick)] * len(ATTEMPTS["refused"]) + [("long", long)] * len(ATTEMPTS["endless"])
    company = {
        "calm": ([], 0),
        "more of the same": ([("plain", plain)], 0.2),
        "harmless code": (harmless, 0),
        "under attack": (hostile, 0),
        "floods": (floods, 0),
    }
    try:
        os.setpriority(os.PRIO_PROCESS, 0, -10)
    except PermissionError:
        print("this user may not go first: what is measured has the waits of the one who measures in it")
    turns, outcomes, escaped = {which: [] for which in company}, set(), []
    measure(server, plain, 3, args.rate)
    for turn in range(args.rounds):
        for which, (flows, pause) in company.items():
            with Company(server, flows, pause) as others:
                took = measure(server, plain, args.seconds, args.rate)
                answers = others.end()
            turns[which].append(took)
            # The next turn goes on where this one ended: each gets its turn.
            done = len(answers) % max(1, len(flows))
            flows[:] = flows[done:] + flows[:done]
            if which in ("under attack", "floods"):
                outcomes.update(name for name, _, _ in answers)
                escaped += [(name, answer) for name, status, answer in answers if status == 200]
            else:
                assert all(status == 200 for _, status, _ in answers), answers
            median, rate = took[len(took) // 2], len(answers) / args.seconds
            print(f"{turn + 1} {which:16} {len(took)} runs, median {median:.1f} ms, p99 {percentile(took):.1f} ms, "
                  f"{rate:.1f} others a second", flush=True)
    return turns, outcomes, escaped


if __name__ == "__main__":
    main()
