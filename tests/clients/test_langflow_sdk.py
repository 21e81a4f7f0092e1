"""`langflow-sdk`: flows, runs, projects.

Two of its calls do not fit Langflow's API: `stream` asks for a stream in the body of `/run`, where it is taken in
the query only, and `list_flows` without `get_all` cannot read the page that it gets.
"""

import os

from langflow_sdk import Client
from langflow_sdk.exceptions import LangflowError
from langflow_sdk.models import FlowCreate, FlowUpdate

with Client(os.environ["LANGFLOW_URL"], api_key=os.environ["LANGFLOW_API_KEY"]) as client:
    echo = client.get_flow(os.environ["FLOW_ECHO"])
    assert echo.name == "echo", echo
    assert any(flow.id == echo.id for flow in client.list_flows(get_all=True))

    made = client.create_flow(FlowCreate(name="of the SDK", data=echo.data))
    changed = client.update_flow(made.id, FlowUpdate(description="changed"))
    assert changed.description == "changed", changed
    _, is_new = client.upsert_flow(made.id, FlowCreate(name="of the SDK", data=echo.data))
    assert not is_new

    answer = client.run(os.environ["FLOW_ECHO"], "hello")
    assert answer.first_text_output() == "hello", answer

    projects = client.list_projects()
    project = client.get_project(os.environ["PROJECT"])
    assert any(known.id == project.id for known in projects)
    archive = client.download_project(project.id)
    assert any(name.endswith("echo.json") for name in archive), list(archive)

    client.delete_flow(made.id)
    try:
        client.get_flow(made.id)
    except LangflowError:
        pass
    else:
        raise AssertionError("a deleted flow is still there")
