"""The MCP server and client of a built binary against the official Python SDK (`pip install mcp`).

    python tests/clients/mcp_sdk.py target/debug/langflow

Starts the binary with a data folder of its own, makes flows over the API and speaks to them with the SDK's client over
both transports: list, call, a tool that fails, an unknown tool, progress, a call that is cancelled, resources, refused
keys. Then a server written with the SDK is called by the binary: its tools are counted and called by a flow.
Exits with 0 if everything is as it should be; what is not is printed.
"""

import asyncio
import base64
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

from mcp import ClientSession
from mcp.client.sse import sse_client
from mcp.client.streamable_http import streamablehttp_client
from mcp.shared.exceptions import McpError

USER, PASSWORD = "admin", "admin-pass-1"
WRONG: list[str] = []

SERVER = '''
import sys
from mcp.server.fastmcp import FastMCP
server = FastMCP("shelf", host="127.0.0.1", port=int(sys.argv[2]))

@server.tool()
def add(a: int, b: int) -> str:
    """Adds two numbers."""
    return f"sum {a + b}"

@server.tool()
def fail() -> str:
    """Fails."""
    raise ValueError("out of paper")

server.run(transport=sys.argv[1])
'''


def check(name, good, shown=None):
    print(("ok      " if good else "WRONG   ") + name + ("" if good else f": {shown!r}"))
    if not good:
        WRONG.append(name)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """The binary under test."""

    def __init__(self, program):
        self.folder = tempfile.TemporaryDirectory(prefix="langflow-mcp-")
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        environment = {
            "PATH": os.environ.get("PATH", ""),
            "HOME": self.folder.name,
            "LANGFLOW_CONFIG_DIR": self.folder.name,
            "LANGFLOW_AUTO_LOGIN": "false",
            "LANGFLOW_SUPERUSER": USER,
            "LANGFLOW_SUPERUSER_PASSWORD": PASSWORD,
            "LANGFLOW_MCP_STDIO_ENABLED": "true",
            "LANGFLOW_MCP_SERVER_TIMEOUT": "20",
            # The SDK's server stands on this machine.
            "LANGFLOW_SSRF_PROTECTION_ENABLED": "false",
        }
        command = [program, "run", "--host", "127.0.0.1", "--port", str(self.port), "--backend-only"]
        self.process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(self.url + "/health")
        form = f"username={USER}&password={PASSWORD}".encode()
        token = self.ask("POST", "/api/v1/login", form, {})["access_token"]
        made = self.ask("POST", "/api/v1/api_key/", {"name": "sdk"}, {"Authorization": f"Bearer {token}"})
        self.key = made["api_key"]

    def ask(self, method, path, body=None, headers=None):
        headers = {"x-api-key": getattr(self, "key", "")} if headers is None else dict(headers)
        if isinstance(body, (dict, list)):
            body, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
        request = urllib.request.Request(self.url + path, data=body, method=method, headers=headers)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read() or b"null")

    def status(self, method, path, body=None, headers=None):
        try:
            self.ask(method, path, body, headers)
            return 200
        except urllib.error.HTTPError as error:
            return error.code

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)
        self.folder.cleanup()


def wait_for(url):
    for _ in range(300):
        try:
            urllib.request.urlopen(url, timeout=1)
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"{url} does not answer")


def node(catalogue, kind, name, **values):
    entry = next(group[kind] for group in catalogue.values() if isinstance(group, dict) and kind in group)
    entry = json.loads(json.dumps(entry))
    for field, value in values.items():
        entry["template"][field]["value"] = value
    return {"id": f"{kind}-{name}", "type": "genericNode", "position": {"x": 0, "y": 0},
            "data": {"id": f"{kind}-{name}", "type": kind, "node": entry}}


def edge(source, output, target, field):
    def out():
        outputs = source["data"]["node"]["outputs"]
        types = next(o["types"] for o in outputs if o["name"] == output)
        return {"dataType": source["data"]["type"], "id": source["id"], "name": output, "output_types": types}

    known = target["data"]["node"]["template"][field]
    into = {"fieldName": field, "id": target["id"], "inputTypes": known.get("input_types"), "type": known["type"]}
    text = lambda handle: json.dumps(handle, separators=(",", ":")).replace('"', "œ")
    return {"id": f"{source['id']}-{target['id']}", "source": source["id"], "target": target["id"],
            "sourceHandle": text(out()), "targetHandle": text(into),
            "data": {"sourceHandle": out(), "targetHandle": into}}


def make_flow(server, name, nodes, edges):
    body = {"name": name, "description": f"{name} it", "data": {"nodes": nodes, "edges": edges, "viewport": {}}}
    return server.ask("POST", "/api/v1/flows/", body)


def make_flows(server, slow_port):
    """`echo` answers, `broken` fails, `slow` waits for a server that says nothing."""
    catalogue = server.ask("GET", "/api/v1/all")
    chat, out = node(catalogue, "ChatInput", "a"), node(catalogue, "ChatOutput", "b")
    echo = make_flow(server, "Echo", [chat, out], [edge(chat, "message", out, "input_value")])
    flows = [echo]
    for name, url in (("Broken", "http://127.0.0.1:1/"), ("Slow", f"http://127.0.0.1:{slow_port}/")):
        call = node(catalogue, "APIRequest", "c", url_input=url, timeout=60)
        into = node(catalogue, "ChatOutput", "b")
        chat = node(catalogue, "ChatInput", "a")
        call["data"]["node"]["template"]["url_input"]["value"] = url
        flows.append(make_flow(server, name, [chat, call, into], [edge(call, "data", into, "input_value")]))
        # The request waits for the message, so that it is part of the run.
        update = flows[-1]["data"]
        update["edges"].append(edge(chat, "message", call, "url_input"))
        if name == "Broken" or name == "Slow":
            server.ask("PATCH", f"/api/v1/flows/{flows[-1]['id']}", {"data": update})
    project = echo["folder_id"]
    settings = [{"id": flow["id"], "mcp_enabled": True, "action_name": flow["name"].lower(),
                 "action_description": f"Runs {flow['name']}"} for flow in flows]
    body = {"settings": settings, "auth_settings": {"auth_type": "apikey"}}
    server.ask("PATCH", f"/api/v1/mcp/project/{project}", body)
    return project, echo["id"]


async def speak(session, where, slow_url):
    """All that a client may want of a server of ours."""
    begun = await session.initialize()
    check(f"{where}: initialize", begun.serverInfo.name.startswith("langflow-mcp"), begun)
    tools = {tool.name: tool for tool in (await session.list_tools()).tools}
    check(f"{where}: tools", {"echo", "broken", "slow"} <= set(tools), sorted(tools))
    check(f"{where}: schema", "input_value" in tools["echo"].inputSchema["properties"], tools["echo"].inputSchema)
    said = await session.call_tool("echo", {"input_value": "hello from the SDK"})
    check(f"{where}: call", said.content[0].text == "hello from the SDK" and not said.isError, said)
    none = await session.call_tool("nope", {})
    check(f"{where}: unknown tool", none.isError and "nope" in none.content[0].text, none)
    broken = await session.call_tool("broken", {"input_value": "http://127.0.0.1:1/"})
    check(f"{where}: failing tool", broken.isError and "Error Executing" in broken.content[0].text, broken)
    seen = []

    async def told(progress, total, message):
        seen.append(progress)

    await session.call_tool("echo", {"input_value": "x"}, progress_callback=told)
    check(f"{where}: progress", len(seen) > 0 and seen == sorted(seen), seen)
    started = time.monotonic()
    try:
        async with asyncio.timeout(2):
            await session.call_tool("slow", {"input_value": slow_url})
        check(f"{where}: a slow tool is waited for", False)
    except TimeoutError:
        check(f"{where}: a call can be given up", time.monotonic() - started < 10)
    said = await session.call_tool("echo", {"input_value": "still here"})
    check(f"{where}: the session goes on", said.content[0].text == "still here", said)
    await session.send_ping()
    check(f"{where}: prompts", (await session.list_prompts()).prompts == [])


async def resources(session, flow):
    await session.initialize()
    listed = (await session.list_resources()).resources
    check("resources: listed", len(listed) == 1 and listed[0].description == "File in flow: Echo", listed)
    read = await session.read_resource(listed[0].uri)
    check("resources: read", base64.b64decode(read.contents[0].blob) == b"some notes", read)
    try:
        await session.read_resource("http://h/api/v1/files/download/00000000-0000-4000-8000-000000000000/x.txt")
        check("resources: foreign ones are refused", False)
    except McpError as error:
        check("resources: foreign ones are refused", error.error.code == -32002, error.error)


async def as_server(server):
    slow = await asyncio.start_server(lambda reader, writer: asyncio.sleep(3600), "127.0.0.1", 0)
    slow_port = slow.sockets[0].getsockname()[1]
    project, flow = await asyncio.to_thread(make_flows, server, slow_port)
    headers = {"x-api-key": server.key}
    slow_url = f"http://127.0.0.1:{slow_port}/"
    base = f"{server.url}/api/v1/mcp"
    for where, path in (("project, streamable", f"/project/{project}/streamable"), ("all flows, streamable", "/streamable")):
        async with streamablehttp_client(base + path, headers=headers) as (read, write, _):
            async with ClientSession(read, write) as session:
                await speak(session, where, slow_url)
    for where, path in (("project, sse", f"/project/{project}/sse"), ("all flows, sse", "/sse")):
        async with sse_client(base + path, headers=headers) as (read, write):
            async with ClientSession(read, write) as session:
                await speak(session, where, slow_url)
    boundary = "b0undary"
    form = (f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="notes.txt"\r\n'
            f"Content-Type: text/plain\r\n\r\nsome notes\r\n--{boundary}--\r\n").encode()
    upload = {"x-api-key": server.key, "Content-Type": f"multipart/form-data; boundary={boundary}"}
    await asyncio.to_thread(server.ask, "POST", f"/api/v1/files/upload/{flow}", form, upload)
    async with streamablehttp_client(f"{base}/project/{project}/streamable", headers=headers) as (read, write, _):
        async with ClientSession(read, write) as session:
            await resources(session, flow)
    for name, given in (("no key", {}), ("a wrong key", {"x-api-key": "sk-wrong"})):
        try:
            async with streamablehttp_client(f"{base}/project/{project}/streamable", headers=given) as (read, write, _):
                async with ClientSession(read, write) as session:
                    async with asyncio.timeout(5):
                        await session.initialize()
            check(f"{name} is refused", False)
        except BaseException as error:  # noqa: BLE001 - the SDK raises groups of several kinds
            check(f"{name} is refused", "401" in repr_of(error) or isinstance(error, TimeoutError), repr_of(error))
    slow.close()


def repr_of(error):
    inner = getattr(error, "exceptions", [])
    return repr(error) + "".join(repr_of(each) for each in inner)


def as_client(server):
    """The binary calls a server that was written with the SDK."""
    with tempfile.NamedTemporaryFile("w", suffix=".py", delete=False) as file:
        file.write(SERVER)
    ports = {"streamable-http": free_port(), "sse": free_port()}
    running = [subprocess.Popen([sys.executable, file.name, transport, str(port)],
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for transport, port in ports.items()]
    try:
        for port in ports.values():
            wait_for(f"http://127.0.0.1:{port}/")
        configs = {
            "over http": {"url": f"http://127.0.0.1:{ports['streamable-http']}/mcp"},
            "over sse": {"url": f"http://127.0.0.1:{ports['sse']}/sse"},
            "as program": {"command": "python3", "args": [file.name, "stdio", "0"],
                           "env": {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}},
            "nobody": {"url": "http://127.0.0.1:1/mcp"},
        }
        for name, config in configs.items():
            server.ask("POST", "/api/v2/mcp/servers/" + name.replace(" ", "%20"), config)
        counts = {s["name"]: s for s in server.ask("GET", "/api/v2/mcp/servers?action_count=true")}
        for name in ("over http", "over sse", "as program"):
            check(f"client, {name}: tools are counted", counts[name]["toolsCount"] == 2, counts[name])
        check("client: a server that is not there says so", "error" in counts["nobody"], counts["nobody"])
        check("client: modes", [counts[n]["mode"] for n in ("over http", "over sse", "as program")]
              == ["streamable_http", "sse", "stdio"], counts)
        catalogue = server.ask("GET", "/api/v1/all")
        for name in ("over http", "over sse", "as program"):
            tool = node(catalogue, "MCPTools", "a", mcp_server={"name": name, "config": {}}, tool="add")
            request = {"code": tool["data"]["node"]["template"]["code"]["value"], "field": "tool", "field_value": "add",
                       "template": tool["data"]["node"]["template"], "tool_mode": False}
            tool["data"]["node"] = server.ask("POST", "/api/v1/custom_component/update", request)
            template = tool["data"]["node"]["template"]
            check(f"client, {name}: arguments are fields", template.get("a", {}).get("type") == "int", list(template))
            template["a"]["value"], template["b"]["value"] = 2, 40
            out = node(catalogue, "ChatOutput", "b")
            flow = make_flow(server, f"Tool {name}", [tool, out], [edge(tool, "response", out, "input_value")])
            ran = server.ask("POST", f"/api/v1/run/{flow['id']}", {"output_type": "chat"})
            check(f"client, {name}: a flow calls the tool", "sum 42" in json.dumps(ran), ran)
    finally:
        for process in running:
            process.terminate()
            process.wait(10)
        os.unlink(file.name)


def main():
    server = Server(sys.argv[1])
    try:
        asyncio.run(as_server(server))
        as_client(server)
    finally:
        server.stop()
    print(f"{len(WRONG)} wrong")
    return 1 if WRONG else 0


if __name__ == "__main__":
    sys.exit(main())
