from langflow.custom import Component
from langflow.io import DropdownInput, MessageTextInput, Output
from langflow.schema.message import Message


class DropdownMode(Component):
    display_name = "Mode"
    inputs = [
        DropdownInput(name="mode", display_name="Mode", options=["upper", "lower", "title"], value="title", real_time_refresh=True),
        MessageTextInput(name="text", display_name="Text"),
        MessageTextInput(name="suffix", display_name="Suffix", show=False),
    ]
    outputs = [Output(name="out", display_name="Out", method="convert")]

    def update_build_config(self, build_config, field_value, field_name=None):
        if field_name == "mode":
            build_config["suffix"]["show"] = field_value == "upper"
        return build_config

    def convert(self) -> Message:
        return Message(text=getattr(self.text, self.mode)())
