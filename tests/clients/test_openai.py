"""The `openai` SDK on /api/v1/responses."""

import os

from openai import OpenAI

client = OpenAI(
    base_url=f"{os.environ['LANGFLOW_URL']}/api/v1",
    api_key="unused",
    default_headers={"x-api-key": os.environ["LANGFLOW_API_KEY"]},
    max_retries=0,
)

first = client.responses.create(model="echo", input="hello")
assert first.status == "completed", first
assert first.output_text == "hello", first

second = client.responses.create(model=os.environ["FLOW_ECHO"], input="again", previous_response_id=first.id)
assert second.id == first.id and second.output_text == "again", second

messages = client.responses.create(model="echo", input=[{"role": "user", "content": "as a list"}])
assert messages.output_text == "as a list", messages

answer = client.responses.create(model="model", input="say something").output_text
assert answer, "the model's answer"

pieces, finished = [], []
for event in client.responses.create(model="model", input="say something", stream=True):
    delta = getattr(event, "delta", None)
    if isinstance(delta, dict) and delta.get("content"):
        pieces.append(delta["content"])
    elif not isinstance(delta, dict) and getattr(delta, "content", None):
        pieces.append(delta.content)
    finished.append(getattr(event, "type", None))
assert "".join(pieces).strip() == answer.strip(), (pieces, answer)
assert "response.completed" in finished, finished

failed = client.responses.create(model="nosuch", input="x")
assert failed.error.code == "flow_not_found", failed
