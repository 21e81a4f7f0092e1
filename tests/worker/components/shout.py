from lfx.custom.custom_component.component import Component
from lfx.io import MessageTextInput, Output
from lfx.schema.message import Message


class Shout(Component):
    display_name = "Shout"
    description = "Upper case."
    icon = "megaphone"
    name = "Shout"
    inputs = [MessageTextInput(name="text", display_name="Text", value="hi")]
    outputs = [Output(name="loud", display_name="Loud", method="loud")]

    def loud(self) -> Message:
        self.status = "shouted"
        return Message(text=self.text.upper() + "!")
