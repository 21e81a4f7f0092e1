#!/usr/bin/env python3
"""Runs the same flows on a Langflow server and on this one, and compares what both answer.

    compare.py --theirs http://127.0.0.1:7900 --ours http://127.0.0.1:7860 \
        --user admin --password … [--model http://127.0.0.1:8390/v1] [name …]

Either server may be asked alone: `--theirs … --record answers.json` keeps what it answered, and
`--replay answers.json --ours …` compares with that.

The flows are made from the node definitions of the Langflow server, so each server is given what it would
find in a file that Langflow saved. Compared are the answer of /run, the events of /run?stream=true and those
of /build; ids, times and durations are left out. Needs nothing but Python 3. `--model` is an OpenAI-compatible
server that both can reach (crates/testkit has one: `fake-model`); without it flows with models are skipped. Agents
find it by OPENAI_BASE_URL of both servers. In a container Langflow replaces `localhost` and `127.0.0.1` there by the
container's host: there let it listen on another address of the machine (`fake-model --host 127.0.0.2`), and name that.
"""

import argparse
import json
import re
import sys
import time
import urllib.error
import urllib.request
import uuid

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
TIME = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?( UTC|Z|\+00:00)?")
# Lists whose order changes from process to process in Langflow, which keeps them in sets.
UNORDERED = {"to_run", "inactivated_vertices", "next_vertices_ids", "top_level_vertices"}
# What differs on purpose, or where it does not matter: path, and why.
KNOWN = [
    (r"contents/\d+/(field|reason)$", "an error names the field it is about"),
    (r"(error|detail|errorMessage|(data/)?data/text)$|^build/\d+/data/build_data/params$", "the sentence of an error is our own"),
    (r"/data/data/properties/state$", "the copy of a growing message inside `data` says `complete` from the start"),
    (r"^(stream|build)/\d+/data/data/content_blocks(/|$)", "the copy of a message inside `data` holds its content blocks from the start"),
    (r"^(stream|build)/\d+/data/content_blocks/\d+/contents/\d+/(header/title|output)$",
     "how far a tool has come, as told on the way: Langflow tells it later, from run to run differently"),
    (r"^build/.*/content_blocks/\d+/(contents/\d+/)?(type|id|duration|header|contents)$",
     "content blocks have the same keys in every way of running"),
    (r"content_blocks/\d+/contents/\d+/output/id$", "every answer of a tool has an id, also that of a second call at the same time"),
    (r"output_meta/vertex_type$", "a node in tool mode keeps its type"),
    (r"outputs/data_output/message$", "data is shown as an object, not as a list of the attributes of a Python object"),
    (r"/logs(/|$)", "log lines are our own"),
    (r"model_output", "a model is not shown as an object with all its settings"),
    (r"component_as_tool", "names, texts and schemas of tools are shown as the model gets them, without Python's objects"),
    (r"results/message/content_blocks", "the result of a build keeps no second copy of an answer's text"),
    (r"results/text/data$|/params$", "order of keys, and the text of `params`"),
]
# The same in single flows.
KNOWN_IN = {
    "message history": (r"", "the message that was just sent is part of the history in every way of running, as in a build of Langflow"),
    "batch run": (r"usage/", "usage counts the calls of all rows, not the last one alone"),
    "model by an edge": (r"properties/source/source$", "an answer names its model also where that came over an edge"),
}
# What may differ without anybody noticing.
IGNORED = {"timedelta", "duration", "build_duration", "traceback", "stackTrace", "timestamp", "repr", "icon"}


class Server:
    def __init__(self, url, user, password):
        self.url = url.rstrip("/")
        body = f"username={user}&password={password}".encode()
        self.token = self.call("POST", "/api/v1/login", raw=body, kind="application/x-www-form-urlencoded")[1]["access_token"]
        made = self.call("POST", "/api/v1/api_key/", {"name": "compare"})[1]
        self.key = made["api_key"]
        self.flows = []

    def call(self, method, path, body=None, raw=None, kind="application/json", key=False, text=False):
        data = raw if raw is not None else (None if body is None else json.dumps(body).encode())
        request = urllib.request.Request(self.url + path, data=data, method=method)
        request.add_header("Content-Type", kind)
        if key:
            request.add_header("x-api-key", self.key)
        elif getattr(self, "token", None):
            request.add_header("Authorization", f"Bearer {self.token}")
        try:
            with urllib.request.urlopen(request, timeout=120) as reply:
                status, content = reply.status, reply.read().decode()
        except urllib.error.HTTPError as error:
            status, content = error.code, error.read().decode()
        except TimeoutError:
            status, content = 0, "null"
        if text:
            return status, content
        try:
            return status, json.loads(content)
        except ValueError:
            return status, content

    def put(self, name, graph):
        status, flow = self.call("POST", "/api/v1/flows/", {"name": f"compare {name} {uuid.uuid4()}", "data": graph})
        assert status == 201, flow
        self.flows.append(flow["id"])
        return flow["id"]

    def upload(self, name, content):
        """The path of a file that a Read File node finds."""
        edge = uuid.uuid4().hex
        body = (f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
                f"Content-Type: application/octet-stream\r\n\r\n").encode() + content + f"\r\n--{edge}--\r\n".encode()
        status, stored = self.call("POST", "/api/v2/files/", raw=body, kind=f"multipart/form-data; boundary={edge}")
        assert status == 201, stored
        return stored["path"]

    def fill(self, graph):
        """The graph with the files that its nodes name by `file:name`."""
        for node in graph["nodes"]:
            for field in node["data"]["node"]["template"].values():
                wanted = field.get("value") if isinstance(field, dict) else None
                if isinstance(wanted, str) and wanted.startswith("file:"):
                    name = wanted.removeprefix("file:")
                    field["value"] = [name]
                    field["file_path"] = [self.upload(name, FILES[name])]
        return graph

    def clean(self):
        for flow in self.flows:
            self.call("DELETE", f"/api/v1/flows/{flow}")


FILES = {
    "notes.txt": "Ants march.\nBees fly.".encode(),
    "rows.csv": b"name,legs\nant,6\nspider,8\n",
    "data.json": b'{"name": "ant", "legs": [6]}',
}

# What a node looks like once the editor has switched its tool mode on.
TOOL = {"tool_mode": True, "outputs": [{
    "allows_loop": False, "cache": True, "display_name": "Toolset", "group_outputs": False, "hidden": None,
    "method": "to_toolkit", "name": "component_as_tool", "options": None, "required_inputs": None, "selected": "Tool",
    "tool_mode": True, "types": ["Tool"], "value": "__UNDEFINED__"}]}


class Graph:
    """A flow in a few lines: nodes `Id Kind {fields}`, edges `A.output > B.field`."""

    def __init__(self, catalogue, nodes, edges):
        self.kinds = {}
        for group in catalogue.values():
            self.kinds.update(group)
        self.nodes = [self.node(*n) for n in nodes]
        self.edges = [self.edge(e) for e in edges]

    def node(self, node_id, kind, fields=None, extra=None):
        definition = json.loads(json.dumps(self.kinds[kind]))
        for name, value in (fields or {}).items():
            field = definition["template"].setdefault(
                name,
                {"name": name, "type": "str", "value": "", "show": True, "input_types": ["Message"], "required": False,
                 "list": False, "advanced": False, "dynamic": False, "display_name": name, "load_from_db": False},
            )
            field["value"] = value
            if field.get("load_from_db"):
                field["load_from_db"] = False
        definition.update(extra or {})
        return {"id": node_id, "type": "genericNode", "position": {"x": 0, "y": 0},
                "data": {"id": node_id, "type": kind, "node": definition}}

    def find(self, node_id):
        return next(n for n in self.nodes if n["id"] == node_id)

    def edge(self, text):
        loop = "=>" in text
        source, target = [part.strip().rsplit(".", 1) for part in text.split("=>" if loop else ">")]
        a, b = self.find(source[0]), self.find(target[0])
        outputs = {o["name"]: o for o in a["data"]["node"]["outputs"]}
        left = {"dataType": a["data"]["type"], "id": source[0], "name": source[1],
                "output_types": outputs[source[1]]["types"]}
        if loop:
            out = {o["name"]: o for o in b["data"]["node"]["outputs"]}[target[1]]
            right = {"dataType": b["data"]["type"], "id": target[0], "name": target[1], "output_types": out["types"] + (out.get("loop_types") or [])}
        else:
            field = b["data"]["node"]["template"][target[1]]
            right = {"fieldName": target[1], "id": target[0], "inputTypes": field.get("input_types"), "type": field["type"]}
        code = lambda h: json.dumps(h, sort_keys=True, separators=(",", ":")).replace('"', "œ")
        return {"id": f"xy-edge__{source[0]}{code(left)}-{target[0]}{code(right)}", "source": source[0], "target": target[0],
                "sourceHandle": code(left), "targetHandle": code(right), "data": {"sourceHandle": left, "targetHandle": right}}

    def json(self):
        return {"nodes": self.nodes, "edges": self.edges, "viewport": {"x": 0, "y": 0, "zoom": 1}}


def flows(catalogue, model):
    chat_in, chat_out = ("ChatInput-aaaaa", "ChatInput"), ("ChatOutput-zzzzz", "ChatOutput")
    pattern = lambda text, more=None: ("Prompt-ppppp", "Prompt Template", {"template": text, **(more or {})},
                                       {"custom_fields": {"template": list((more or {}).keys())}})
    router = lambda more=None: ("ConditionalRouter-rrrrr", "ConditionalRouter",
                                {"match_text": "yes", "operator": "contains", "case_sensitive": False, **(more or {})})
    all_flows = {
        "echo": ([chat_in, chat_out], ["ChatInput-aaaaa.message > ChatOutput-zzzzz.input_value"]),
        "prompt": ([chat_in, pattern("Hi {q}, from {who}", {"q": "", "who": "Bob"}), chat_out],
                   ["ChatInput-aaaaa.message > Prompt-ppppp.q", "Prompt-ppppp.prompt > ChatOutput-zzzzz.input_value"]),
        "prompt without its variable": ([chat_in, pattern("Hi {q} {missing}", {"q": ""}), chat_out],
                   ["ChatInput-aaaaa.message > Prompt-ppppp.q", "Prompt-ppppp.prompt > ChatOutput-zzzzz.input_value"]),
        "prompt with two variables": ([chat_in, ("TextInput-bbbbb", "TextInput", {"input_value": "side"}),
                pattern("{a}\n\n\n{b}", {"a": "", "b": ""}), chat_out],
            ["ChatInput-aaaaa.message > Prompt-ppppp.a", "TextInput-bbbbb.text > Prompt-ppppp.b",
             "Prompt-ppppp.prompt > ChatOutput-zzzzz.input_value"]),
        "read file": ([chat_in, ("File-fffff", "File", {"path": "file:notes.txt"}), pattern("{q}: {f}", {"q": "", "f": ""}), chat_out],
            ["ChatInput-aaaaa.message > Prompt-ppppp.q", "File-fffff.message > Prompt-ppppp.f",
             "Prompt-ppppp.prompt > ChatOutput-zzzzz.input_value"]),
        "read file, no chat input": ([("File-fffff", "File", {"path": "file:notes.txt"}), chat_out],
            ["File-fffff.message > ChatOutput-zzzzz.input_value"]),
        "read a file that is not there": ([("File-fffff", "File", {}), chat_out], ["File-fffff.message > ChatOutput-zzzzz.input_value"]),
        "message history": ([chat_in, ("Memory-mmmmm", "Memory", {"n_messages": 2}), pattern("{h}|{q}", {"h": "", "q": ""}), chat_out],
            ["Memory-mmmmm.messages_text > Prompt-ppppp.h", "ChatInput-aaaaa.message > Prompt-ppppp.q",
             "Prompt-ppppp.prompt > ChatOutput-zzzzz.input_value"]),
        "branches in branches": ([chat_in, router(), ("ConditionalRouter-sssss", "ConditionalRouter",
                {"match_text": "please", "operator": "contains", "case_sensitive": False}),
                ("ChatOutput-ttttt", "ChatOutput"), ("ChatOutput-uuuuu", "ChatOutput"), ("ChatOutput-fffff", "ChatOutput")],
            ["ChatInput-aaaaa.message > ConditionalRouter-rrrrr.input_text",
             "ConditionalRouter-rrrrr.true_result > ConditionalRouter-sssss.input_text",
             "ConditionalRouter-rrrrr.false_result > ChatOutput-fffff.input_value",
             "ConditionalRouter-sssss.true_result > ChatOutput-ttttt.input_value",
             "ConditionalRouter-sssss.false_result > ChatOutput-uuuuu.input_value"]),
        "notify and listen": ([chat_in, ("Notify-nnnnn", "Notify", {"context_key": "k"}), ("Listen-lllll", "Listen", {"context_key": "k"}),
                ("MessagetoData-mmmmm", "MessagetoData"), chat_out],
            ["ChatInput-aaaaa.message > MessagetoData-mmmmm.message", "MessagetoData-mmmmm.data > Notify-nnnnn.input_value",
             "Listen-lllll.data > ChatOutput-zzzzz.input_value"]),
        "JSON operations": ([chat_in, ("MessagetoData-mmmmm", "MessagetoData"),
                ("DataOperations-ooooo", "DataOperations", {"operations": [{"name": "Select Keys", "icon": "x"}], "select_keys_input": ["text"]}), chat_out],
            ["ChatInput-aaaaa.message > MessagetoData-mmmmm.message", "MessagetoData-mmmmm.data > DataOperations-ooooo.data",
             "DataOperations-ooooo.data_output > ChatOutput-zzzzz.input_value"]),
        "text input": ([("TextInput-aaaaa", "TextInput", {"input_value": "stored"}), ("TextOutput-zzzzz", "TextOutput")],
                       ["TextInput-aaaaa.text > TextOutput-zzzzz.input_value"]),
        "if-else": ([chat_in, router({"true_case_message": "", "false_case_message": ""}),
                     ("ChatOutput-ttttt", "ChatOutput"), ("ChatOutput-fffff", "ChatOutput")],
                    ["ChatInput-aaaaa.message > ConditionalRouter-rrrrr.input_text",
                     "ConditionalRouter-rrrrr.true_result > ChatOutput-ttttt.input_value",
                     "ConditionalRouter-rrrrr.false_result > ChatOutput-fffff.input_value"]),
        "if-else joins": ([chat_in, router(), pattern("{t}|{f}", {"t": "dt", "f": "df"}), chat_out],
                    ["ChatInput-aaaaa.message > ConditionalRouter-rrrrr.input_text",
                     "ConditionalRouter-rrrrr.true_result > Prompt-ppppp.t",
                     "ConditionalRouter-rrrrr.false_result > Prompt-ppppp.f",
                     "Prompt-ppppp.prompt > ChatOutput-zzzzz.input_value"]),
        "two sources": ([chat_in, ("TextInput-bbbbb", "TextInput", {"input_value": "side"}), 
                         ("CombineText-ccccc", "CombineText", {"delimiter": "+"}), chat_out],
                        ["ChatInput-aaaaa.message > CombineText-ccccc.text1", "TextInput-bbbbb.text > CombineText-ccccc.text2",
                         "CombineText-ccccc.combined_text > ChatOutput-zzzzz.input_value"]),
        "island": ([chat_in, ("TextInput-bbbbb", "TextInput", {"input_value": "alone"}), chat_out],
                   ["ChatInput-aaaaa.message > ChatOutput-zzzzz.input_value"]),
        "pass": ([chat_in, ("Pass-ppppp", "Pass"), chat_out],
                 ["ChatInput-aaaaa.message > Pass-ppppp.input_message", "Pass-ppppp.output_message > ChatOutput-zzzzz.input_value"]),
        "type convert": ([chat_in, ("TypeConverterComponent-ttttt", "TypeConverterComponent", {"output_type": "Message"}), chat_out],
                 ["ChatInput-aaaaa.message > TypeConverterComponent-ttttt.input_data",
                  "TypeConverterComponent-ttttt.message_output > ChatOutput-zzzzz.input_value"]),
        "split": ([chat_in, ("SplitText-sssss", "SplitText", {"separator": " ", "chunk_size": 5, "chunk_overlap": 0}), chat_out],
                  ["ChatInput-aaaaa.message > SplitText-sssss.data_inputs", "SplitText-sssss.dataframe > ChatOutput-zzzzz.input_value"]),
        "parser": ([chat_in, ("ParserComponent-ppppp", "ParserComponent", {"pattern": "Got {text}"}), 
                    ("MessagetoData-mmmmm", "MessagetoData"), chat_out],
                   ["ChatInput-aaaaa.message > MessagetoData-mmmmm.message", "MessagetoData-mmmmm.data > ParserComponent-ppppp.input_data",
                    "ParserComponent-ppppp.parsed_text > ChatOutput-zzzzz.input_value"]),
        "parser fails": ([chat_in, ("ParserComponent-ppppp", "ParserComponent", {"pattern": "Got {zz}"}), 
                    ("SplitText-sssss", "SplitText", {"separator": " ", "chunk_size": 50}), chat_out],
                   ["ChatInput-aaaaa.message > SplitText-sssss.data_inputs", "SplitText-sssss.dataframe > ParserComponent-ppppp.input_data",
                    "ParserComponent-ppppp.parsed_text > ChatOutput-zzzzz.input_value"]),
        "loop": ([chat_in, ("SplitText-sssss", "SplitText", {"separator": " ", "chunk_size": 4, "chunk_overlap": 0}),
                  ("LoopComponent-lllll", "LoopComponent"),
                  ("ParserComponent-ppppp", "ParserComponent", {"pattern": "<{text}>"}), chat_out],
                 ["ChatInput-aaaaa.message > SplitText-sssss.data_inputs", "SplitText-sssss.dataframe > LoopComponent-lllll.data",
                  "LoopComponent-lllll.item > ParserComponent-ppppp.input_data",
                  "ParserComponent-ppppp.parsed_text => LoopComponent-lllll.item",
                  "LoopComponent-lllll.done > ChatOutput-zzzzz.input_value"]),
    }
    table = [("SplitText-sssss", "SplitText", {"separator": " ", "chunk_size": 4, "chunk_overlap": 0})]
    operations = lambda name, more: ("DataFrameOperations-ooooo", "DataFrameOperations",
                                     {"operation": [{"name": name, "icon": "x"}], **more})
    for name, operation in {
        "table: head": operations("Head", {"num_rows": 2}),
        "table: filter": operations("Filter", {"column_name": "text", "filter_value": "t", "filter_operator": "contains"}),
        "table: no such column": operations("Sort", {"column_name": "nope"}),
    }.items():
        all_flows[name] = ([chat_in, *table, operation, chat_out],
            ["ChatInput-aaaaa.message > SplitText-sssss.data_inputs", "SplitText-sssss.dataframe > DataFrameOperations-ooooo.df",
             "DataFrameOperations-ooooo.output > ChatOutput-zzzzz.input_value"])
    all_flows["convert to a table"] = ([chat_in, ("TypeConverterComponent-ttttt", "TypeConverterComponent", {"output_type": "JSON"}), chat_out],
        ["ChatInput-aaaaa.message > TypeConverterComponent-ttttt.input_data",
         "TypeConverterComponent-ttttt.message_output > ChatOutput-zzzzz.input_value"])
    all_flows["two outputs"] = ([chat_in, ("ChatOutput-yyyyy", "ChatOutput", {"sender_name": "One"}), ("ChatOutput-zzzzz", "ChatOutput", {"sender_name": "Two"})],
        ["ChatInput-aaaaa.message > ChatOutput-yyyyy.input_value", "ChatInput-aaaaa.message > ChatOutput-zzzzz.input_value"])
    all_flows["recursive splitter"] = ([chat_in, ("MessagetoData-mmmmm", "MessagetoData"),
        ("RecursiveCharacterTextSplitter-rrrrr", "RecursiveCharacterTextSplitter", {"chunk_size": 5, "chunk_overlap": 0}), chat_out],
        ["ChatInput-aaaaa.message > MessagetoData-mmmmm.message",
         "MessagetoData-mmmmm.data > RecursiveCharacterTextSplitter-rrrrr.data_input",
         "RecursiveCharacterTextSplitter-rrrrr.data > ChatOutput-zzzzz.input_value"])
    if model:
        # The provider's address comes from OPENAI_BASE_URL of each server, where a component has no field for it.
        chosen = [{"name": "gpt-4o-mini", "provider": "OpenAI", "icon": "OpenAI", "category": "OpenAI", "metadata": {
            "api_key_param": "api_key", "context_length": 128000, "model_class": "ChatOpenAI", "model_name_param": "model",
            "max_tokens_field_name": "max_tokens"}}]
        agent = lambda more=None, name="Agent-ggggg": (name, "Agent", {
            "model": chosen, "api_key": "sk-test", "add_current_date_tool": False, "add_calculator_tool": False,
            "system_prompt": "Be brief.", **(more or {})})
        calculator = ("CalculatorComponent-ccccc", "CalculatorComponent", {}, TOOL)
        all_flows["agent"] = ([chat_in, agent(), chat_out],
            ["ChatInput-aaaaa.message > Agent-ggggg.input_value", "Agent-ggggg.response > ChatOutput-zzzzz.input_value"])
        all_flows["agent with a tool"] = ([chat_in, agent(), calculator, chat_out],
            ["ChatInput-aaaaa.message > Agent-ggggg.input_value", "CalculatorComponent-ccccc.component_as_tool > Agent-ggggg.tools",
             "Agent-ggggg.response > ChatOutput-zzzzz.input_value"])
        all_flows["two agents"] = ([chat_in, agent(), agent({"system_prompt": "Shorten."}, "Agent-hhhhh"), chat_out],
            ["ChatInput-aaaaa.message > Agent-ggggg.input_value", "Agent-ggggg.response > Agent-hhhhh.input_value",
             "Agent-hhhhh.response > ChatOutput-zzzzz.input_value"])
        all_flows["language model"] = ([chat_in, ("LanguageModelComponent-mmmmm", "LanguageModelComponent", {"model": chosen, "api_key": "sk-test"}), chat_out],
            ["ChatInput-aaaaa.message > LanguageModelComponent-mmmmm.input_value",
             "LanguageModelComponent-mmmmm.text_output > ChatOutput-zzzzz.input_value"])
        all_flows["batch run"] = ([chat_in, *table, ("BatchRunComponent-bbbbb", "BatchRunComponent", {"model": chosen, "api_key": "sk-test", "column_name": "text"}), chat_out],
            ["ChatInput-aaaaa.message > SplitText-sssss.data_inputs", "SplitText-sssss.dataframe > BatchRunComponent-bbbbb.df",
             "BatchRunComponent-bbbbb.batch_results > ChatOutput-zzzzz.input_value"])
        llm = lambda more=None: ("OpenAIModel-mmmmm", "ext:openai:OpenAIModelComponent@official",
                                 {"openai_api_base": model, "api_key": "sk-test", "model_name": "gpt-4o-mini", **(more or {})})
        all_flows["model"] = ([chat_in, llm(), chat_out],
            ["ChatInput-aaaaa.message > OpenAIModel-mmmmm.input_value", "OpenAIModel-mmmmm.text_output > ChatOutput-zzzzz.input_value"])
        all_flows["prompted model"] = ([chat_in, pattern("Answer to {who}: {q}", {"q": "", "who": "Bob"}), llm(), chat_out],
            ["ChatInput-aaaaa.message > Prompt-ppppp.q", "Prompt-ppppp.prompt > OpenAIModel-mmmmm.input_value",
             "OpenAIModel-mmmmm.text_output > ChatOutput-zzzzz.input_value"])
        all_flows["model before parser"] = ([chat_in, llm(), ("TypeConverterComponent-ttttt", "TypeConverterComponent", {"output_type": "Message"}), chat_out],
            ["ChatInput-aaaaa.message > OpenAIModel-mmmmm.input_value", "OpenAIModel-mmmmm.text_output > TypeConverterComponent-ttttt.input_data",
             "TypeConverterComponent-ttttt.message_output > ChatOutput-zzzzz.input_value"])
        all_flows["streamed model"] = ([chat_in, llm({"stream": True}), chat_out],
            ["ChatInput-aaaaa.message > OpenAIModel-mmmmm.input_value", "OpenAIModel-mmmmm.text_output > ChatOutput-zzzzz.input_value"])
        all_flows["two models"] = ([chat_in, llm(), pattern("Shorten: {t}", {"t": ""}), ("OpenAIModel-nnnnn", *llm()[1:]), chat_out],
            ["ChatInput-aaaaa.message > OpenAIModel-mmmmm.input_value", "OpenAIModel-mmmmm.text_output > Prompt-ppppp.t",
             "Prompt-ppppp.prompt > OpenAIModel-nnnnn.input_value", "OpenAIModel-nnnnn.text_output > ChatOutput-zzzzz.input_value"])
        all_flows["model by an edge"] = ([chat_in, llm(), agent({"model": None}), chat_out],
            ["OpenAIModel-mmmmm.model_output > Agent-ggggg.model", "ChatInput-aaaaa.message > Agent-ggggg.input_value",
             "Agent-ggggg.response > ChatOutput-zzzzz.input_value"])
        all_flows["agent with two tools"] = ([chat_in, agent(), calculator, ("URLComponent-uuuuu", "URLComponent", {}, TOOL), chat_out],
            ["ChatInput-aaaaa.message > Agent-ggggg.input_value", "CalculatorComponent-ccccc.component_as_tool > Agent-ggggg.tools",
             "URLComponent-uuuuu.component_as_tool > Agent-ggggg.tools", "Agent-ggggg.response > ChatOutput-zzzzz.input_value"])
        all_flows["agent in a branch"] = ([chat_in, router(), agent(), ("ChatOutput-ttttt", "ChatOutput"), ("ChatOutput-fffff", "ChatOutput")],
            ["ChatInput-aaaaa.message > ConditionalRouter-rrrrr.input_text", "ConditionalRouter-rrrrr.true_result > Agent-ggggg.input_value",
             "Agent-ggggg.response > ChatOutput-ttttt.input_value", "ConditionalRouter-rrrrr.false_result > ChatOutput-fffff.input_value"])
        all_flows["model in a loop"] = ([chat_in, *table, ("LoopComponent-lllll", "LoopComponent"),
                ("ParserComponent-ppppp", "ParserComponent", {"pattern": "<{text}>"}), llm(), chat_out],
            ["ChatInput-aaaaa.message > SplitText-sssss.data_inputs", "SplitText-sssss.dataframe > LoopComponent-lllll.data",
             "LoopComponent-lllll.item > ParserComponent-ppppp.input_data", "ParserComponent-ppppp.parsed_text > OpenAIModel-mmmmm.input_value",
             "OpenAIModel-mmmmm.text_output => LoopComponent-lllll.item", "LoopComponent-lllll.done > ChatOutput-zzzzz.input_value"])
        all_flows["dead model"] = ([chat_in, llm({"openai_api_base": "http://127.0.0.1:9/v1", "max_retries": 0}), chat_out],
            ["ChatInput-aaaaa.message > OpenAIModel-mmmmm.input_value", "OpenAIModel-mmmmm.text_output > ChatOutput-zzzzz.input_value"])
    return {name: Graph(catalogue, nodes, edges).json() for name, (nodes, edges) in all_flows.items()}


def in_one_order(contents):
    """Calls of tools at the same time stand in Langflow as they happen to end."""
    calls = sorted((c for c in contents if c.get("type") == "tool_use"), key=lambda c: json.dumps(c.get("tool_input"), sort_keys=True))
    calls = iter(calls)
    return [next(calls) if c.get("type") == "tool_use" else c for c in contents]


def normal(value, flow):
    if isinstance(value, dict):
        out = {}
        for key, inner in value.items():
            if key in IGNORED:
                inner = "…"
            elif key in UNORDERED and isinstance(inner, list):
                inner = sorted(inner)
            elif key == "contents" and isinstance(inner, list):
                inner = in_one_order(inner)
            out[key] = normal(inner, flow)
        return out
    if isinstance(value, list):
        return [normal(item, flow) for item in value]
    if isinstance(value, str):
        return TIME.sub("<time>", UUID.sub("<id>", value.replace(flow, "<flow>")))
    return value


def differences(a, b, at=""):
    if isinstance(a, dict) and isinstance(b, dict):
        found = []
        if list(a) != list(b):
            extra, lack = [k for k in b if k not in a], [k for k in a if k not in b]
            # The order of keys means nothing.
            found += [f"{at}/{key}: only ours" for key in extra] + [f"{at}/{key}: only theirs" for key in lack]
        for key in a:
            if key in b:
                found += differences(a[key], b[key], f"{at}/{key}")
        return found
    if isinstance(a, list) and isinstance(b, list):
        found = [] if len(a) == len(b) else [f"{at}: {len(b)} items instead of {len(a)}"]
        for i, (x, y) in enumerate(zip(a, b)):
            found += differences(x, y, f"{at}/{i}")
        return found
    return [] if a == b else [f"{at}: {json.dumps(b, ensure_ascii=False)[:120]} instead of {json.dumps(a, ensure_ascii=False)[:120]}"]


def why(flow, line):
    """Why a difference is known; nothing if it is not."""
    path = line.split(": ")[0]
    known = [KNOWN_IN[flow]] if flow in KNOWN_IN else []
    return next((reason for pattern, reason in known + KNOWN if re.search(pattern, path)), None)


def events(text):
    frames = [json.loads(line) for line in text.split("\n") if line.strip()]
    return [f for f in frames if f and f["event"] != "log"]


def settled(frames):
    """The events in an order that does not depend on chance. Langflow tells of tools that start and end, and of the
    message that grows meanwhile, from different threads; and of nodes that wait for nothing as they happen to end."""
    out, together = [], []

    def kind(frame):
        if frame["event"] in ("build_start", "build_end") and frame["data"]:
            return "tools"
        return frame["event"] if frame["event"] in ("add_message", "end_vertex") else None

    def flush():
        ends = json.loads(json.dumps([f for f in together if kind(f) == "end_vertex"]))
        # What follows is told by the one that ended last.
        for key in ("next_vertices_ids", "top_level_vertices"):
            told = [f["data"]["build_data"] for f in ends if key in f["data"]["build_data"]]
            after = sorted({name for build in told for name in build[key] or []})
            for build in told:
                build[key] = after
        out.extend(f for f in together if kind(f) == "tools")
        out.extend(f for f in together if kind(f) == "add_message")
        out.extend(sorted(ends, key=lambda f: f["data"]["build_data"]["id"]))
        together.clear()

    for frame in frames or []:
        # A message is told before the node that said it ends: the two are never exchanged.
        if kind(frame) is None or (together and (kind(frame) == "end_vertex") != (kind(together[0]) == "end_vertex")):
            flush()
        (together if kind(frame) else out).append(frame)
    flush()
    return out


# `/run` of Langflow does not come to an end here.
ONLY_BUILT = {"notify and listen"}


def ask(server, name, flow, text):
    answer = {}
    if name not in ONLY_BUILT:
        body = {"input_value": text, "session_id": "compare"}
        status, plain = server.call("POST", f"/api/v1/run/{flow}", body, key=True)
        answer = {"run": {"status": status, "body": plain}}
        _, stream = server.call("POST", f"/api/v1/run/{flow}?stream=true", body, key=True, text=True)
        answer["stream"] = events(stream)
    _, build = server.call("POST", f"/api/v1/build/{flow}/flow?event_delivery=direct",
                           {"inputs": {"input_value": text, "session": "compare"}}, text=True)
    answer["build"] = events(build)
    return answer


def overhead(servers, graph, model, runs=20):
    """Milliseconds that an agent adds to each round of a model that answers at once: three tool calls, one answer."""
    root = model.removesuffix("/v1")
    call = {"tool_calls": [{"name": "evaluate_expression", "arguments": {"expression": "2*3"}}]}

    def post(url, body):
        request = urllib.request.Request(url, data=json.dumps(body).encode(), method="POST")
        request.add_header("Content-Type", "application/json")
        return urllib.request.urlopen(request, timeout=60).read()

    asked = time.time()
    for _ in range(4 * runs):
        post(model + "/chat/completions", {"model": "m", "messages": [{"role": "user", "content": "x"}]})
    alone = (time.time() - asked) / (4 * runs)
    print(f"{'agent, 3 tool rounds':<24}{'ms per run':>12}{'ms per round, model taken off':>32}")
    print(f"{'the model alone':<24}{'':>12}{alone * 1000:>32.2f}")
    for name, server in zip(("theirs", "ours"), servers):
        flow = server.put("overhead", graph)
        seconds = []
        for _ in range(runs + 2):
            post(root + "/_script", [call, call, call, {"text": "done"}])
            started = time.time()
            status, body = server.call("POST", f"/api/v1/run/{flow}", {"input_value": "x", "session_id": str(uuid.uuid4())}, key=True)
            assert status == 200 and "done" in json.dumps(body), body
            seconds.append(time.time() - started)
        mean = sorted(seconds[2:])[runs // 2]
        print(f"{name:<24}{mean * 1000:>12.1f}{(mean / 4 - alone) * 1000:>32.2f}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--theirs")
    parser.add_argument("--ours")
    parser.add_argument("--record", help="keep what the Langflow server answers in this file")
    parser.add_argument("--replay", help="compare with what a file holds, instead of a Langflow server")
    parser.add_argument("--user", default="admin")
    parser.add_argument("--password", required=True)
    parser.add_argument("--model")
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--overhead", action="store_true", help="time an agent instead of comparing")
    parser.add_argument("names", nargs="*")
    args = parser.parse_args()
    theirs, ours = (Server(url, args.user, args.password) if url else None for url in (args.theirs, args.ours))
    catalogue = theirs.call("GET", "/api/v1/all")[1] if theirs else None
    sums = "call evaluate_expression {\"expression\": \"2*3\"}"
    inputs = {"if-else": ["yes please", "no"], "if-else joins": ["yes", "no"], "loop": ["one two three"],
              "model in a loop": ["one two three"], "branches in branches": ["yes please", "yes", "no"],
              "agent in a branch": ["yes", "no"], "message history": ["one", "two"],
              "table: head": ["one two three"], "table: filter": ["one two three"], "table: no such column": ["one two"],
              "agent with a tool": ["hello", sums, "call evaluate_expression {\"expression\": \"2/0\"}",
                                    sums + "\n" + sums.replace("2*3", "4+5")],
              "agent with two tools": [sums, sums + "\n" + sums.replace("2*3", "1+1")],
              "batch run": ["one two three"]}
    if args.overhead:
        try:
            overhead((theirs, ours), flows(catalogue, args.model)["agent with a tool"], args.model)
        finally:
            for server in (theirs, ours):
                server.clean()
        return
    known = json.load(open(args.replay)) if args.replay else {}
    bad, excuses = 0, set()
    print(f"{'flow':<30}{'input':<26}{'run':>6}{'stream':>8}{'build':>7}   seconds theirs / ours")
    try:
        graphs = known.get("graphs") or flows(catalogue, args.model)
        answers = known.get("answers") or {}
        for name, graph in graphs.items():
            if args.names and name not in args.names:
                continue
            ids = [server and server.put(name, server.fill(json.loads(json.dumps(graph)))) for server in (theirs, ours)]
            for text in inputs.get(name, ["hello"]):
                # A recording may be older than the list of what is left out.
                pair = [normal(answers.get(f"{name}: {text}"), "no flow"), None]
                for at, (server, flow) in enumerate(zip((theirs, ours), ids)):
                    if server:
                        started = time.time()
                        pair[at] = {"seconds": 0, **normal(ask(server, name, flow, text), flow)}
                        pair[at]["seconds"] = time.time() - started
                answers[f"{name}: {text}"] = pair[0]
                if not all(pair):
                    continue
                row, details = {}, []
                for way in ("run", "stream", "build"):
                    told = [a.get(way) if way == "run" else settled(a.get(way)) for a in pair]
                    all_found = differences(*told, way)
                    found = [line for line in all_found if not why(name, line)]
                    excuses.update(filter(None, (why(name, line) for line in all_found)))
                    row[way] = ("same" if not all_found else str(len(found)) if found else "known") if way in pair[1] else "-"
                    details += found
                    if way in pair[1] and way != "run":
                        order = [[f["event"] for f in frames] for frames in told]
                        if order[0] != order[1]:
                            details.append(f"{way}: events {order[1]} instead of {order[0]}")
                bad += bool(details)
                print(f"{name:<30}{' '.join(text.split())[:24]:<26}{row['run']:>6}{row['stream']:>8}{row['build']:>7}"
                      f"   {pair[0]['seconds']:.2f} / {pair[1]['seconds']:.2f}")
                for line in details if args.verbose else []:
                    print("    " + line)
        for excuse in sorted(excuses):
            print(f"known: {excuse}")
        if args.record:
            json.dump({"graphs": graphs, "answers": answers}, open(args.record, "w"))
    finally:
        for server in filter(None, (theirs, ours)):
            server.clean()
    sys.exit(1 if bad else 0)


main()
