"""Writes expected.json: what the components of this folder give on Langflow's own package.

Run it with an interpreter in whose environment `lfx` is installed: `python reference.py`. The components are run by
the package's own loader and builder, not by anything of this repository.
"""

import asyncio
import inspect
import json
import math
import pathlib

from lfx.custom.eval import eval_custom_component_code
from lfx.schema.data import Data
from lfx.schema.dataframe import DataFrame
from lfx.schema.message import Message

HERE = pathlib.Path(__file__).parent


def decode(item):
    kind, value = item["k"], item.get("v")
    if kind == "message":
        return Message(**value)
    if kind == "data":
        return Data(**value)
    if kind == "table":
        return DataFrame([dict(zip(value["columns"], row)) for row in value["rows"]])
    if kind == "list":
        return [decode(v) for v in value]
    return value


async def text_of(message):
    stream = message.text_stream
    if stream is None:
        return message.text
    if hasattr(stream, "__anext__"):
        return "".join([piece async for piece in stream])
    return "".join(stream)


async def shown(value):
    if isinstance(value, Message):
        return {
            "type": "Message", "text": await text_of(value), "sender": value.sender, "sender_name": value.sender_name,
            "session_id": value.session_id, "category": value.category,
        }
    if isinstance(value, Data):
        return {"type": "Data", "data": json.loads(json.dumps(value.data, default=str))}
    if hasattr(value, "to_dict") and hasattr(value, "columns"):
        return {"type": "Table", "columns": list(value.columns), "rows": finite(value.to_dict(orient="records"))}
    if isinstance(value, list) and any(isinstance(v, Data) for v in value):
        return {"type": "List", "items": [await shown(v) for v in value]}
    return {"type": "JSON", "value": value}


def finite(value):
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {k: finite(v) for k, v in value.items()}
    if isinstance(value, list):
        return [finite(v) for v in value]
    return value.item() if hasattr(value, "item") else value


async def run(path):
    source = path.read_text()
    given = json.loads(path.with_suffix(".json").read_text())
    kind = eval_custom_component_code(source)
    if not hasattr(kind(_code=source), "outputs"):
        values = {k: decode(v) for k, v in given["values"].items()}
        result = kind(_code=source).build(**values)
        result = await result if inspect.isawaitable(result) else result
        return {given["outputs"][0]: await shown(result)}
    component = kind(_code=source, _id=path.stem)
    component.set_attributes({k: decode(v) for k, v in given["values"].items()})
    component._pre_run_setup()
    results = {}
    for output in component.outputs:
        if given["outputs"] and output.name not in given["outputs"]:
            continue
        try:
            results[output.name] = await shown(await component._get_output_result(component._outputs_map[output.name]))
        except Exception as error:  # noqa: BLE001
            results[output.name] = {"type": "error", "text": str(error)}
    return results


def main():
    expected = {}
    for path in sorted((HERE / "components").glob("*.py")):
        try:
            expected[path.stem] = asyncio.run(run(path))
        except Exception as error:  # noqa: BLE001
            expected[path.stem] = {"": {"type": "error", "text": f"{type(error).__name__}: {error}"}}
            print(path.stem, type(error).__name__, str(error)[:300])
    (HERE / "expected.json").write_text(json.dumps(expected, indent=1, ensure_ascii=False) + "\n")
    print(len(expected))


if __name__ == "__main__":
    main()
