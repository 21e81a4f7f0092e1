"""The `mcp` SDK, as a client of our MCP server and as a server that our flows call.

As a client: streamable HTTP with `initialize` (2025-11-25) and without (2026-07-28), and the SSE pair; for one project
and for all flows. Each lists tools, calls them, sees a tool that fails, one that is not there, progress, a call that
is given up; then resources and refused keys. As a server: over streamable HTTP, SSE and as a program.
"""

import asyncio
import base64
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.parse

import httpx2
from mcp import Client
from mcp.client.sse import sse_client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError

from harness import call, component, edge, free_port, wait_for

URL, KEY, PROJECT = os.environ["LANGFLOW_URL"], os.environ["LANGFLOW_API_KEY"], os.environ["PROJECT"]
HEADERS = {"x-api-key": KEY}

SERVER = '''
import sys
from mcp.server.mcpserver import MCPServer

server = MCPServer("shelf")

@server.tool()
def add(a: int, b: int) -> str:
    """Adds two numbers."""
    return f"sum {a + b}"

@server.tool()
def fail() -> str:
    """Fails."""
    raise ValueError("out of paper")

transport, port = sys.argv[1:]
if transport == "stdio":
    server.run()
else:
    server.run(transport, host="127.0.0.1", port=int(port))
'''


def ask(method, path, body=None):
    return call(method, URL + path, body, **HEADERS)


def check(name, good, shown=None):
    if not good:
        raise AssertionError(f"{name}: {shown!r}")


def make_flow(name, nodes, edges):
    body = {"name": name, "description": f"{name} it", "mcp_enabled": True, "data": {"nodes": nodes, "edges": edges}}
    return ask("POST", "/api/v1/flows/", body)


def make_flows():
    """`broken` and `slow` ask the address that the message names: what is none fails, where nobody answers takes long."""
    catalogue = ask("GET", "/api/v1/all")
    made = []
    for name in ("Broken", "Slow"):
        chat, out = component(catalogue, "ChatInput", "a"), component(catalogue, "ChatOutput", "b")
        request = component(catalogue, "APIRequest", "c", timeout=60)
        edges = [
            edge(chat["id"], "message", ["Message"], request["id"], "url_input", ["Message"], "str"),
            edge(request["id"], "data", ["Data"], out["id"], "input_value", ["Data", "DataFrame", "Message"], "other"),
        ]
        made.append(make_flow(name, [chat, request, out], edges))
    return made


@contextlib.asynccontextmanager
async def streamable(path, mode, headers=HEADERS):
    async with httpx2.AsyncClient(headers=headers, timeout=60) as http:
        async with Client(streamable_http_client(f"{URL}/api/v1/mcp{path}", http_client=http), mode=mode) as client:
            yield client


@contextlib.asynccontextmanager
async def sse(path):
    async with Client(sse_client(f"{URL}/api/v1/mcp{path}", headers=HEADERS), mode="legacy") as client:
        yield client


async def use(client, where, revision, slow_url):
    """All that a client may want of a server of ours."""
    check(f"{where}: revision", client.protocol_version == revision, client.protocol_version)
    check(f"{where}: name", client.server_info.name.startswith("langflow-mcp"), client.server_info)
    tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    check(f"{where}: tools", {"echo", "broken", "slow"} <= set(tools), sorted(tools))
    check(f"{where}: schema", "input_value" in tools["echo"].input_schema["properties"], tools["echo"].input_schema)
    said = await client.call_tool("echo", {"input_value": "hello from the SDK"})
    check(f"{where}: call", said.content[0].text == "hello from the SDK" and not said.is_error, said)
    none = await client.call_tool("nope", {})
    check(f"{where}: unknown tool", none.is_error and "nope" in none.content[0].text, none)
    broken = await client.call_tool("broken", {"input_value": "no address"})
    check(f"{where}: failing tool", broken.is_error and "Error Executing" in broken.content[0].text, broken)
    seen = []

    async def told(progress, total, message):
        seen.append(progress)

    await client.call_tool("echo", {"input_value": "x"}, progress_callback=told)
    check(f"{where}: progress", len(seen) > 0 and seen == sorted(seen), seen)
    started = time.monotonic()
    try:
        async with asyncio.timeout(2):
            await client.call_tool("slow", {"input_value": slow_url})
        check(f"{where}: a slow tool is waited for", False)
    except TimeoutError:
        check(f"{where}: a call can be given up", time.monotonic() - started < 10)
    said = await client.call_tool("echo", {"input_value": "still here"})
    check(f"{where}: the session goes on", said.content[0].text == "still here", said)
    check(f"{where}: prompts", (await client.list_prompts()).prompts == [])


async def read_resources(client, flow):
    # Other clients of this run leave files with the same flow, so the one uploaded here is looked for by its name.
    listed = [r for r in (await client.list_resources()).resources if r.name.endswith("_notes.txt")]
    check("resources: listed", len(listed) == 1, listed)
    check("resources: described", listed[0].description == "File in flow: echo", listed)
    read = await client.read_resource(str(listed[0].uri))
    check("resources: read", base64.b64decode(read.contents[0].blob) == b"some notes", read)
    try:
        await client.read_resource(f"{URL}/api/v1/files/download/00000000-0000-4000-8000-000000000000/x.txt")
        check("resources: foreign ones are refused", False)
    except MCPError as error:
        check("resources: foreign ones are refused", error.code in (-32002, -32602), error)


async def be_client(slow_url):
    scopes = {"all flows": "", "a project": f"/project/{PROJECT}"}
    for scope, path in scopes.items():
        for revision, mode in (("2025-11-25", "legacy"), ("2026-07-28", "auto")):
            async with streamable(path + "/streamable", mode) as client:
                await use(client, f"{scope}, streamable, {revision}", revision, slow_url)
        async with sse(path + "/sse") as client:
            await use(client, f"{scope}, sse", "2025-11-25", slow_url)
    upload_notes(os.environ["FLOW_ECHO"])
    for mode in ("legacy", "auto"):
        async with streamable(scopes["a project"] + "/streamable", mode) as client:
            await read_resources(client, os.environ["FLOW_ECHO"])
    for name, given in (("no key", {}), ("a wrong key", {"x-api-key": "sk-wrong"})):
        path = scopes["a project"] + "/streamable"
        refused = httpx2.post(f"{URL}/api/v1/mcp{path}", headers=given, json={})
        check(f"{name} is refused", refused.status_code == 401, refused)
        try:
            async with asyncio.timeout(10), streamable(path, "auto", given):
                check(f"{name} opens nothing", False)
        except BaseExceptionGroup as group:
            check(f"{name}: the SDK understands", group.subgroup(MCPError) is not None, group)


def upload_notes(flow):
    boundary = "b0undary"
    form = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="notes.txt"\r\n'
        f"Content-Type: text/plain\r\n\r\nsome notes\r\n--{boundary}--\r\n"
    )
    kind = f"multipart/form-data; boundary={boundary}"
    call("POST", f"{URL}/api/v1/files/upload/{flow}", form.encode(), **HEADERS, **{"content-type": kind})


def be_server():
    """Our flows call a server that was written with the SDK."""
    with tempfile.NamedTemporaryFile("w", suffix=".py", delete=False) as file:
        file.write(SERVER)
    ports = {"streamable-http": free_port(), "sse": free_port()}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    running = {
        port: subprocess.Popen([sys.executable, file.name, transport, str(port)], **quiet)
        for transport, port in ports.items()
    }
    try:
        for port, process in running.items():
            wait_for(f"http://127.0.0.1:{port}/", process)
        configs = {
            "over http": {"url": f"http://127.0.0.1:{ports['streamable-http']}/mcp"},
            "over sse": {"url": f"http://127.0.0.1:{ports['sse']}/sse"},
            "as program": {
                "command": "python3",
                "args": [file.name, "stdio", "0"],
                "env": {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
            },
            "nobody": {"url": "http://127.0.0.1:1/mcp"},
        }
        for name, config in configs.items():
            ask("POST", "/api/v2/mcp/servers/" + urllib.parse.quote(name), config)
        counts = {server["name"]: server for server in ask("GET", "/api/v2/mcp/servers?action_count=true")}
        check("a server that is not there says so", "error" in counts["nobody"], counts["nobody"])
        modes = {name: counts[name]["mode"] for name in configs if name != "nobody"}
        check("modes", list(modes.values()) == ["streamable_http", "sse", "stdio"], counts)
        catalogue = ask("GET", "/api/v1/all")
        for name in modes:
            check(f"{name}: tools are counted", counts[name]["toolsCount"] == 2, counts[name])
            call_from_flow(catalogue, name)
    finally:
        for process in running.values():
            process.terminate()
            process.wait(10)
        os.unlink(file.name)


def call_from_flow(catalogue, name):
    tool = component(catalogue, "MCPTools", "a", mcp_server={"name": name, "config": {}}, tool="add")
    template = tool["data"]["node"]["template"]
    change = {"code": template["code"]["value"], "field": "tool", "field_value": "add", "template": template}
    tool["data"]["node"] = ask("POST", "/api/v1/custom_component/update", change)
    template = tool["data"]["node"]["template"]
    check(f"{name}: arguments are fields", template.get("a", {}).get("type") == "int", list(template))
    template["a"]["value"], template["b"]["value"] = 2, 40
    out = component(catalogue, "ChatOutput", "b")
    into = edge(tool["id"], "response", ["DataFrame"], out["id"], "input_value", ["Data", "DataFrame"], "other")
    flow = make_flow(f"Tool {name}", [tool, out], [into])
    ran = ask("POST", f"/api/v1/run/{flow['id']}", {"output_type": "chat"})
    check(f"{name}: a flow calls the tool", "sum 42" in json.dumps(ran), ran)


async def say_nothing(_reader, _writer):
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.sleep(3600)


async def main():
    silent = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    await asyncio.to_thread(make_flows)
    await be_client(f"http://127.0.0.1:{silent.sockets[0].getsockname()[1]}/")
    silent.close()
    await asyncio.to_thread(be_server)


asyncio.run(main())
