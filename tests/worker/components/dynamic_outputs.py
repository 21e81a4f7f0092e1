from langflow.custom import Component
from langflow.io import BoolInput, MessageTextInput, Output
from langflow.schema.message import Message


class DynamicOutputs(Component):
    display_name = "Dynamic Outputs"
    inputs = [
        BoolInput(name="both", display_name="Both", value=False, real_time_refresh=True),
        MessageTextInput(name="text", display_name="Text"),
    ]
    outputs = [Output(name="first", display_name="First", method="first")]

    def update_outputs(self, frontend_node, field_name, field_value):
        if field_name == "both" and field_value:
            frontend_node["outputs"] = [
                Output(name="first", display_name="First", method="first"),
                Output(name="second", display_name="Second", method="second"),
            ]
        return frontend_node

    def first(self) -> Message:
        return Message(text="1:" + self.text)

    def second(self) -> Message:
        return Message(text="2:" + self.text)
