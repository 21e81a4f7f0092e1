from langflow.custom import Component
from langflow.io import MessageTextInput, Output
from langflow.schema.message import Message


class Raises(Component):
    display_name = "Raises"
    inputs = [MessageTextInput(name="text", display_name="Text")]
    outputs = [Output(name="out", display_name="Out", method="go"), Output(name="key", display_name="Key", method="key")]

    def go(self) -> Message:
        raise ValueError("boom: " + self.text)

    def key(self) -> Message:
        return Message(text={}["missing"])
