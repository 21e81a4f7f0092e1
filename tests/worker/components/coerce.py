from langflow.custom import Component
from langflow.io import FloatInput, HandleInput, IntInput, MessageInput, MessageTextInput, Output
from langflow.schema import Data


class Coerce(Component):
    display_name = "Coerce"
    inputs = [
        MessageTextInput(name="text", display_name="Text"),
        MessageInput(name="message", display_name="Message"),
        IntInput(name="whole", display_name="Whole"),
        FloatInput(name="part", display_name="Part"),
        HandleInput(name="handle", display_name="Handle", input_types=["Data"]),
    ]
    outputs = [Output(name="data", display_name="Data", method="make")]

    def make(self) -> Data:
        return Data(
            data={
                "text": [type(self.text).__name__, self.text],
                "message": [type(self.message).__name__, self.message.text],
                "whole": [type(self.whole).__name__, self.whole],
                "part": [type(self.part).__name__, self.part],
                "handle": self.handle is None,
            }
        )
