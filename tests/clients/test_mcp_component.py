"""The node MCP Tools against a server written with the `mcp` package, over its three transports.

A flow calls one tool, whose arguments are fields of the node; an agent calls tools; a tool that fails, one that is
not there, one that takes too long and a server that is gone are errors that name the node.
"""

import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error

from harness import call, edge, free_port

SERVER = '''
import asyncio, sys
kind, port = sys.argv[1], int(sys.argv[2])
try:
    from mcp.server.fastmcp import FastMCP
    server, more = FastMCP("shelf", host="127.0.0.1", port=port), {}
except ImportError:
    from mcp.server.mcpserver import MCPServer
    server, more = MCPServer("shelf"), {} if kind == "stdio" else {"host": "127.0.0.1", "port": port}

@server.tool()
def add(a: int, b: int) -> str:
    """Adds two numbers."""
    return f"sum {a + b}"

@server.tool()
def fail() -> str:
    """Fails."""
    raise ValueError("out of paper")

@server.tool()
async def sleep() -> str:
    """Takes long."""
    await asyncio.sleep(30)
    return "awake"

server.run(transport=kind, **more)
'''

URL = os.environ["LANGFLOW_URL"]
KEY = {"x-api-key": os.environ["LANGFLOW_API_KEY"]}
WRONG = []


def check(name, good, shown):
    if not good:
        WRONG.append(name)
        print(f"WRONG {name}: {str(shown)[:1500]}")


def ask(method, path, body=None):
    """Status and answer."""
    try:
        return 200, call(method, URL + path, body, **KEY)
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read() or b"null")


class Flow:
    def __init__(self, catalogue):
        self.components = {name: node for group in catalogue.values() for name, node in group.items()}
        self.nodes, self.edges = {}, []

    def node(self, id, **fields):
        kind = id.split("-")[0]
        node = json.loads(json.dumps(self.components[kind]))
        for name, value in fields.items():
            node["template"][name]["value"] = value
            node["template"][name]["load_from_db"] = False
        self.nodes[id] = node
        return self

    def update(self, id, field, value, tool_mode=False):
        """What the editor asks for when a field has changed."""
        node = self.nodes[id]
        request = {"code": node["template"]["code"]["value"], "field": field, "field_value": value,
                   "template": node["template"], "tool_mode": tool_mode}
        status, answer = ask("POST", "/api/v1/custom_component/update", request)
        assert status == 200, answer
        self.nodes[id] = {**node, "template": answer["template"], "outputs": answer.get("outputs") or node["outputs"],
                          "tool_mode": tool_mode}
        return self

    def edge(self, source, output, target, field):
        types = next(o["types"] for o in self.nodes[source]["outputs"] if o["name"] == output)
        known = self.nodes[target]["template"][field]
        self.edges.append(edge(source, output, types, target, field, known.get("input_types"), known["type"]))
        return self

    def run(self, text):
        nodes = [{"id": id, "type": "genericNode", "position": {"x": 0, "y": 0},
                  "data": {"id": id, "type": id.split("-")[0], "node": node}} for id, node in self.nodes.items()]
        status, flow = ask("POST", "/api/v1/flows/", {"name": "mcp", "data": {"nodes": nodes, "edges": self.edges}})
        assert "id" in flow, flow
        return ask("POST", f"/api/v1/run/{flow['id']}", {"input_value": text, "session_id": flow["id"]})


def through_a_tool(catalogue, server, tool, **arguments):
    flow = Flow(catalogue).node("MCPTools-m", mcp_server=server, tool=tool, tool_execution_timeout=2)
    flow.update("MCPTools-m", "tool", tool)
    for name, value in arguments.items():
        flow.nodes["MCPTools-m"]["template"][name]["value"] = value
    return flow.node("ChatOutput-o").edge("MCPTools-m", "response", "ChatOutput-o", "input_value").run("go")


def through_an_agent(catalogue, server, text):
    model = [{"name": "gpt-4o-mini", "provider": "OpenAI", "icon": "OpenAI", "category": "OpenAI", "metadata": {}}]
    flow = Flow(catalogue).node("ChatInput-i").node("ChatOutput-o")
    flow.node("Agent-a", model=model, api_key="sk-of-tests").node("MCPTools-m", mcp_server=server)
    flow.update("MCPTools-m", "tool_mode", True, tool_mode=True)
    flow.edge("ChatInput-i", "message", "Agent-a", "input_value")
    flow.edge("MCPTools-m", "component_as_tool", "Agent-a", "tools")
    return flow.edge("Agent-a", "response", "ChatOutput-o", "input_value").run(text)


def check_server(catalogue, how, server):
    status, answer = through_a_tool(catalogue, server, "add", a=2, b=40)
    check(f"{how}: a flow calls a tool", status == 200 and "sum 42" in json.dumps(answer), answer)
    # Version 2 of the package does not tell clients why a tool failed.
    for tool, says in (("fail", "fail"), ("sleep", "did not answer within 2 seconds")):
        status, answer = through_a_tool(catalogue, server, tool)
        good = status == 500 and "MCP Tools" in answer["detail"] and says in answer["detail"]
        check(f"{how}: {tool} is an error of the node", good, answer)
    status, answer = through_an_agent(catalogue, server, 'call add {"a": 2, "b": 3}\ncall add {"a": 4, "b": 5}')
    said = json.dumps(answer)
    check(f"{how}: an agent calls tools", status == 200 and "sum 5" in said and "sum 9" in said, answer)
    status, answer = through_an_agent(catalogue, server, "call fail {}")
    check(f"{how}: an agent is told of a failure", status == 200 and "Error executing tool fail" in json.dumps(answer), answer)


def main():
    status, catalogue = ask("GET", "/api/v1/all")
    with tempfile.TemporaryDirectory() as folder:
        program = pathlib.Path(folder) / "shelf.py"
        program.write_text(SERVER)
        running = {}
        try:
            for kind in ("streamable-http", "sse"):
                port = free_port()
                command = [sys.executable, str(program), kind, str(port)]
                running[kind] = (port, subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
            configs = {
                "http": {"url": f"http://127.0.0.1:{running['streamable-http'][0]}/mcp"},
                "sse": {"url": f"http://127.0.0.1:{running['sse'][0]}/sse"},
                "stdio": {"command": "python3", "args": [str(program), "stdio", "0"],
                          "env": {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}},
            }
            for port, process in running.values():
                wait_for_port(port, process)
            for how, config in configs.items():
                check_server(catalogue, how, {"name": how, "config": config})
            flow = Flow(catalogue).node("MCPTools-m", mcp_server={"name": "gone", "config": {"url": "http://127.0.0.1:1/mcp"}}, tool="add")
            flow.nodes["MCPTools-m"]["template"]["tool"]["show"] = True
            status, answer = flow.node("ChatOutput-o").edge("MCPTools-m", "response", "ChatOutput-o", "input_value").run("go")
            check("a server that is gone", status == 500 and "MCP Tools" in answer["detail"], answer)
        finally:
            for _, process in running.values():
                # One of its tools may still sleep.
                process.kill()
                process.wait(timeout=10)
    sys.exit(1 if WRONG else 0)


def wait_for_port(port, process):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, "the MCP server ended"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    sys.exit(f"port {port} does not answer")


if __name__ == "__main__":
    main()
