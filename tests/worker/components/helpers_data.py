from langflow.custom import Component
from langflow.helpers.data import data_to_text
from langflow.io import DataInput, MultilineInput, Output
from langflow.schema.message import Message


class HelpersData(Component):
    display_name = "Data Text"
    inputs = [
        DataInput(name="items", display_name="Items", is_list=True),
        MultilineInput(name="template", display_name="Template", value="{name}={value}"),
    ]
    outputs = [Output(name="text", display_name="Text", method="render")]

    def render(self) -> Message:
        return Message(text=data_to_text(self.template, self.items, sep="; "))
