"""Starts the program and the fake model, and runs every test of this folder against them."""

import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).parent
PATIENCE_SECONDS = 120
PATIENCE_OF_A_TEST_SECONDS = 900 + int(os.environ.get("LANGFLOW_FUZZ_SECONDS") or 0)
PASSWORD = "a-password-of-tests-1"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def call(method, url, body=None, **headers):
    data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
    if not isinstance(body, bytes | None):
        headers["content-type"] = "application/json"
    request = urllib.request.Request(url, data=data, method=method, headers=headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read() or b"null")


def wait_for(url, process):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            sys.exit(f"the program ended with status {process.returncode}")
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    sys.exit(f"{url} does not answer")


def handle(text):
    """A handle as flows store it: JSON with œ for quotes."""
    return json.dumps(text, separators=(",", ":")).replace('"', "œ")


def edge(source, output, types, target, field, inputs, kind):
    source_handle = {"dataType": source.split("-")[0], "id": source, "name": output, "output_types": types}
    target_handle = {"fieldName": field, "id": target, "inputTypes": inputs, "type": kind}
    return {
        "id": f"{source}-{target}",
        "source": source,
        "target": target,
        "sourceHandle": handle(source_handle),
        "targetHandle": handle(target_handle),
        "data": {"sourceHandle": source_handle, "targetHandle": target_handle},
    }


def component(catalogue, kind, name, **fields):
    """A node of the catalogue as the editor stores it, with values of fields."""
    definition = next(group[kind] for group in catalogue.values() if kind in group)
    definition = json.loads(json.dumps(definition))
    for field, value in fields.items():
        definition["template"][field]["value"] = value
        definition["template"][field]["load_from_db"] = False
    return {
        "id": f"{kind}-{name}",
        "type": "genericNode",
        "position": {"x": 0, "y": 0},
        "data": {"id": f"{kind}-{name}", "type": kind, "node": definition},
    }


def graph(catalogue, middle=None, **fields):
    """Chat Input → Chat Output, with a component between them."""
    nodes = [component(catalogue, "ChatInput", "aaaaa"), component(catalogue, "ChatOutput", "bbbbb")]
    if middle:
        nodes.insert(1, component(catalogue, middle, "ccccc", **fields))
    outputs = ["message", "text_output"]
    edges = [
        edge(source["id"], output, ["Message"], target["id"], "input_value", ["Message"], "str")
        for source, target, output in zip(nodes, nodes[1:], outputs)
    ]
    return {"nodes": nodes, "edges": edges}


def prepare(url, model_url):
    """Signs in, makes a key and flows, and gives what tests want to know."""
    form = f"username=admin&password={PASSWORD}".encode()
    form_type = "application/x-www-form-urlencoded"
    token = call("POST", f"{url}/api/v1/login", form, **{"content-type": form_type})["access_token"]
    bearer = {"authorization": f"Bearer {token}"}
    key = call("POST", f"{url}/api/v1/api_key/", {"name": "clients"}, **bearer)["api_key"]
    catalogue = call("GET", f"{url}/api/v1/all", **bearer)
    flows = {
        "echo": graph(catalogue),
        "model": graph(
            catalogue,
            "ext:openai:OpenAIModelComponent@official",
            model_name="gpt-4o-mini",
            api_key="sk-of-tests",
            openai_api_base=model_url,
        ),
    }
    made = {}
    for name, data in flows.items():
        body = {"name": name, "endpoint_name": name, "data": data, "mcp_enabled": True}
        made[name] = call("POST", f"{url}/api/v1/flows/", body, **bearer)
    return {
        "LANGFLOW_URL": url,
        "LANGFLOW_API_KEY": key,
        "LANGFLOW_TOKEN": token,
        "FLOW_ECHO": made["echo"]["id"],
        "FLOW_MODEL": made["model"]["id"],
        "PROJECT": made["echo"]["folder_id"],
    }


def main():
    modules = pathlib.Path(sys.argv[1])
    wanted = sys.argv[2:]
    tests = sorted([*HERE.glob("test_*.py"), *HERE.glob("test_*.mjs")])
    tests = [test for test in tests if not wanted or any(word in test.name for word in wanted)]
    processes = []
    failed = []
    with tempfile.TemporaryDirectory(prefix="langflow-clients-") as folder:
        try:
            model_port, port = free_port(), free_port()
            model = subprocess.Popen(
                [os.environ["FAKE_MODEL_BIN"], "--port", str(model_port)], stdout=subprocess.DEVNULL
            )
            processes.append(model)
            environment = {
                "HOME": folder,
                "LANGFLOW_CONFIG_DIR": f"{folder}/data",
                "LANGFLOW_AUTO_LOGIN": "false",
                "LANGFLOW_SUPERUSER": "admin",
                "LANGFLOW_SUPERUSER_PASSWORD": PASSWORD,
                "LANGFLOW_SSRF_ALLOWED_HOSTS": "127.0.0.1",
                "LANGFLOW_RATE_LIMIT_ENABLED": "false",
                # Without lines to give, the log answers 501.
                "LANGFLOW_LOG_RETRIEVER_BUFFER_SIZE": "100",
                # Servers of the `mcp` SDK are started as programs too.
                "LANGFLOW_MCP_STDIO_ENABLED": "true",
                "PATH": os.environ["PATH"],
                "OPENAI_BASE_URL": f"http://127.0.0.1:{model_port}/v1",
                "OPENAI_API_KEY": "sk-of-tests",
            }
            program = [os.environ["LANGFLOW_BIN"], "run", "--port", str(port), "--backend-only", "--log-level", "warning"]
            server = subprocess.Popen(program, env=environment, cwd=folder, stdout=subprocess.DEVNULL)
            processes.append(server)
            url = f"http://127.0.0.1:{port}"
            wait_for(f"{url}/health", server)
            known = prepare(url, f"http://127.0.0.1:{model_port}/v1") | {"LANGFLOW_FOLDER": folder}
            for test in tests:
                if test.suffix == ".mjs":
                    copy = modules / test.name
                    copy.write_bytes(test.read_bytes())
                    command = ["node", str(copy)]
                else:
                    command = [sys.executable, str(test)]
                began = time.monotonic()
                ended = subprocess.run(command, env={**os.environ, **known}, timeout=PATIENCE_OF_A_TEST_SECONDS)
                seconds = time.monotonic() - began
                print(f"{'ok' if ended.returncode == 0 else 'FAILED'}  {test.name}  {seconds:.1f} s", flush=True)
                if ended.returncode != 0:
                    failed.append(test.name)
            if server.poll() is not None:
                failed.append("the program itself")
        finally:
            for process in reversed(processes):
                process.terminate()
                process.wait(timeout=30)
    print(f"{len(tests) - len(failed)} of {len(tests)} client tests passed", flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
