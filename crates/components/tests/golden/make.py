"""Writes golden cases of splitters and converters: what Langflow's own components answer to inputs of ours.

    <python of a Langflow 1.13 installation> crates/components/tests/golden/make.py

Cases in which the server differs on purpose are left out here.
"""

import asyncio
import copy
import importlib
import json
import pathlib

from lfx.schema.data import Data
from lfx.schema.dataframe import DataFrame
from lfx.schema.message import Message

HERE = pathlib.Path(__file__).parent


def value(given):
    """An input as the engine hands it over."""
    if isinstance(given, dict) and len(given) == 1:
        (tag, body), = given.items()
        if tag == "$data":
            return Data(data=copy.deepcopy(body))
        if tag == "$message":
            return Message(text=body if isinstance(body, str) else body["text"])
        if tag == "$table":
            return DataFrame(body)
        if tag == "$list":
            return [value(item) for item in body]
    return given


def plain(result):
    """An output as examples write it."""
    if isinstance(result, Message):
        return result.text
    if isinstance(result, DataFrame):
        return json.loads(result.to_json(orient="records"))
    if isinstance(result, Data):
        return result.data
    if isinstance(result, list):
        return [plain(item) for item in result]
    return result


def case(module, class_name, key, output, method, inputs):
    component = getattr(importlib.import_module(module), class_name)
    made = {"component": key, "inputs": inputs, "output": output}
    try:
        instance = component(**{name: value(given) for name, given in inputs.items()})
        result = getattr(instance, method)()
        if asyncio.iscoroutine(result):
            result = asyncio.run(result)
        made["gives"] = json.loads(json.dumps(plain(result)))
    except Exception as error:  # noqa: BLE001
        made["fails"] = f"{type(error).__name__}: {error}"
    return made


TEXTS = [
    "",
    "one",
    "one two three four five six seven eight nine ten",
    "First paragraph, with words.\n\nSecond one.\nIt has two lines.\n\n\nThird, after more room.   \n",
    "aaaa bbbb\ncccc dddd eeee ffff\n\ngggg\thhhh",
    "Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich. 日本語のテキスト。もっと文字。",
    "a" * 50,
    "x,y,z,,w,  ,v",
]
PROGRAMS = {
    "python": "import a\n\nclass A:\n    def f(self):\n        return 1\n\n\tdef g(self): pass\n\ndef h():\n    return [1, 2, 3]\n",
    "rust": "use std::io;\n\nfn main() {\n    let x = 1;\n    if x > 0 {\n        loop { break; }\n    }\n}\n\nconst A: u8 = 1;\n",
    "js": "const a = 1;\nlet b = 2;\nfunction f(x) {\n  if (x) { return 1; }\n}\nclass C { m() {} }\n",
    "ts": "interface I { a: string }\nenum E { A, B }\ntype T = I;\nfunction f(): void {}\n",
    "go": "package m\n\nfunc main() {\n\tx := 1\n}\n\ntype T struct{}\nvar y = 2\n",
    "java": "public class A {\n  private int x;\n  public void f() {\n    if (x > 1) { return; }\n  }\n}\n",
    "cpp": "#include <a>\nclass A {};\nint main() {\n  for (;;) {}\n  return 0;\n}\n",
    "c": "int f(void);\nvoid g() {\n  while (1) {}\n}\n",
    "markdown": "# Title\n\nText here.\n\n## Part\n\n- a\n- b\n\n```\ncode\n```\n\n***\n\n### Deep\nMore words in this one.\n",
    "latex": "\\section{One}\nText $x$ here.\n\\subsection{Two}\n\\begin{itemize}\n\\item a\n\\end{itemize}\nMore text to read.\n",
    "html": "<html><body><h1>T</h1><div><p>One</p><p>Two words</p></div><ul><li>a</li><li>b</li></ul></body></html>",
    "rst": "Title\n=====\n\nText.\n\nPart\n----\n\nMore text to read here.\n",
    "ruby": "class A\n  def f\n    if true\n      1\n    end\n  end\nend\ndef g\nend\n",
    "php": "<?php\nfunction f() {\n  foreach ($a as $b) {}\n}\nclass C {}\n",
    "kotlin": "class A {\n  val x = 1\n}\nfun f() {\n  when (x) {}\n}\n",
    "scala": "object A {\n  def f = 1\n}\nclass B\nval x = 2\n",
    "swift": "struct A {}\nfunc f() {\n  if true {}\n}\nenum E {}\n",
    "proto": "syntax = \"proto3\";\nmessage A {\n  int32 x = 1;\n}\nservice S {}\n",
    "sol": "pragma solidity ^0.8;\ncontract C {\n  uint x;\n}\nlibrary L {}\n",
    "csharp": "using A;\nclass B {\n}\npublic interface I {}\nenum E {}\n",
    "cobol": "IDENTIFICATION DIVISION.\nPROGRAM-ID. A.\nPROCEDURE DIVISION.\nDISPLAY 'x'.\nSTOP RUN.\n",
    "lua": "local x = 1\nfunction f()\n  while true do end\nend\n",
    "haskell": "module M where\nimport A\ndata T = A | B\nmain = do\n  print 1\n",
    "elixir": "defmodule A do\n  def f, do: 1\n  defp g, do: 2\nend\n",
    "powershell": "function A {\n  param($x)\n  if ($x) {}\n}\nforeach ($a in $b) {}\n",
    "visualbasic6": "Public Sub A()\n  If x Then\n  End If\nEnd Sub\nPrivate Function B()\nEnd Function\n",
    "r": "library(a)\nf <- function(x) {\n  if (x) 1\n}\nsetClass(\"A\")\n",
}


def splitters():
    base = "lfx.components.langchain_utilities."
    for text in TEXTS:
        data = {"$data": {"text": text, "page": 1}}
        for size, overlap in [(10, 0), (10, 3), (25, 10), (1000, 200)]:
            for separator in ["", " ", "\\n", ","]:
                inputs = {"data_input": data, "chunk_size": size, "chunk_overlap": overlap, "separator": separator}
                yield case(base + "character", "CharacterTextSplitterComponent", "CharacterTextSplitter", "data",
                           "transform_data", inputs)
            for separators in [[], ["\\n\\n", " "], [",", ""]]:
                inputs = {"data_input": data, "chunk_size": size, "chunk_overlap": overlap, "separators": separators}
                yield case(base + "recursive_character", "RecursiveCharacterTextSplitterComponent",
                           "RecursiveCharacterTextSplitter", "data", "transform_data", inputs)
    for language, program in PROGRAMS.items():
        for size, overlap in [(15, 0), (30, 10), (60, 0)]:
            inputs = {"data_input": {"$data": {"text": program}}, "chunk_size": size, "chunk_overlap": overlap,
                      "code_language": language}
            yield case(base + "language_recursive", "LanguageRecursiveTextSplitterComponent",
                       "LanguageRecursiveTextSplitter", "data", "transform_data", inputs)
    several = {"$list": [{"$data": {"text": "a b c", "n": 1}}, {"$data": {"text": "d e f", "n": 2}}]}
    for sizes in [(3, 0), (3, 1), (0, 0), (2, 5)]:
        yield case(base + "recursive_character", "RecursiveCharacterTextSplitterComponent",
                   "RecursiveCharacterTextSplitter", "data", "transform_data",
                   {"data_input": several, "chunk_size": sizes[0], "chunk_overlap": sizes[1]})


def converters():
    base = "lfx.components.processing."
    people = {"$list": [{"$data": {"name": "Ann", "age": 31}}, {"$data": {"name": "Bo", "tags": ["a", "b"]}}]}
    ann = {"$data": {"name": "Ann", "text": "hello", "n": 1.5, "inner": {"k": None}}}
    for template in ["{name}", "{name}: {age}", "{text}", "{data}", "{{x}} {name!r}", "{name:>6}|"]:
        for data in [people, ann, {"$data": {"error": "bad"}}, {"$data": {"data": {"name": "in"}}}]:
            for output, method in [("text", "parse_data"), ("data_list", "parse_data_as_list")]:
                yield case(base + "parse_data", "ParseDataComponent", "ParseData", output, method,
                           {"data": data if "$list" in data else {"$list": [data]}, "template": template, "sep": "; "})
    table = {"$table": [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]}
    for template in ["{a}-{b}", "{b!r}", "{a:03d}", "{c}", ""]:
        yield case(base + "parse_dataframe", "ParseDataFrameComponent", "ParseDataFrame", "text", "parse_data",
                   {"df": table, "template": template, "sep": "|"})
    for texts in [[], ["a"], ["a", "", "c"]]:
        yield case(base + "create_list", "CreateListComponent", "CreateList", "list", "create_list", {"texts": texts})
        yield case(base + "create_list", "CreateListComponent", "CreateList", "dataframe", "as_dataframe", {"texts": texts})
    for data in [people, {"$list": [ann]}, {"$list": []}]:
        yield case(base + "data_to_dataframe", "DataToDataFrameComponent", "DataToDataFrame", "dataframe",
                   "build_dataframe", {"data_list": data})
    for data, key in [(ann, "name"), (ann, "zzz"), (people, "age"), (people, "zzz"), (ann, "inner")]:
        yield case(base + "extract_key", "ExtractDataKeyComponent", "ExtractaKey", "extracted_data", "extract_key",
                   {"data_input": data, "key": key})
    for keys in [[], ["name"], ["name", "zzz"], ["inner", "n"]]:
        yield case(base + "filter_data", "FilterDataComponent", "FilterData", "filtered_data", "filter_data",
                   {"data": ann, "filter_criteria": keys})
    for index in [0, 1, 2, -1]:
        yield case(base + "select_data", "SelectDataComponent", "SelectData", "selected_data", "select_data",
                   {"data_list": people, "data_index": index})
    mixed = [people,
             {"$list": [{"$data": {"t": "a", "n": 1}}, {"$data": {"t": "b", "n": 2}}, {"$data": {"t": "c", "m": [1]}}]},
             {"$list": [{"$data": {"x": ["p"]}}, {"$data": {"x": "q"}}]}, {"$list": [ann]}]
    for operation in ["Concatenate", "Append", "Merge", "Join"]:
        for data in mixed:
            yield case(base + "merge_data", "MergeDataComponent", "MergeDataComponent", "combined_data", "combine_data",
                       {"data_inputs": data, "operation": operation})
    for metadata, remove, text in [({"c": 3}, [], ""), ({"name": "Z"}, ["age"], "x"), ({" ": 1}, [" name "], "")]:
        for output, method in [("data", "process_output"), ("dataframe", "as_dataframe")]:
            yield case(base + "alter_metadata", "AlterMetadataComponent", "AlterMetadata", output, method,
                       {"input_value": people, "metadata": metadata, "remove_fields": remove, "text_in": text})
    for text, pattern in [("a1 b22", r"\d+"), ("a1 b22", r"([a-z])\d"), ("a=1 b=2", r"(\w)=(\d)"), ("x", r"\d"), ("", "a")]:
        yield case(base + "regex", "RegexExtractorComponent", "RegexExtractorComponent", "data", "extract_matches",
                   {"input_text": text, "pattern": pattern})
    for text in ['{"a": 1}', "x {'a': 'b'} y", "{a: 1, b: [1, 2,]}", '{"a": True, "b": None}', '{"a": "b" "c": 1}',
                 '{"a": {"b": [1, {"c": 2}]}}', "nothing", '{"a": "line\\nbreak"}', '{"a": 1.50, "b": -3e2}', "{}"]:
        yield case(base + "json_cleaner", "JSONCleaner", "JSONCleaner", "output", "clean_json", {"json_str": text})
    for text, query in [('{"a": [1, 2]}', ".a"), ('{"a": [1, 2]}', ".a[]"), ("[{'a': 1}]", ".[0]"), ('{"a": "x"}', ".a")]:
        yield case(base + "parse_json_data", "ParseJSONDataComponent", "ParseJSONData", "filtered_data", "filter_data",
                   {"input_value": {"$message": text}, "query": query})


for name, cases in [("splitters", splitters()), ("converters", converters())]:
    all_cases = list(cases)
    (HERE / f"{name}.json").write_text(json.dumps(all_cases, indent=1, ensure_ascii=False) + "\n")
    print(name, len(all_cases))
