from langflow.custom import Component
from langflow.io import MessageTextInput, Output
from langflow.schema.message import Message


class Router(Component):
    display_name = "Router"
    inputs = [MessageTextInput(name="text", display_name="Text"), MessageTextInput(name="word", display_name="Word", value="yes")]
    outputs = [
        Output(name="hit", display_name="Hit", method="hit", group_outputs=True),
        Output(name="miss", display_name="Miss", method="miss", group_outputs=True),
    ]

    def hit(self) -> Message:
        if self.word in self.text:
            return Message(text=self.text)
        self.stop("hit")
        return Message(text="")

    def miss(self) -> Message:
        if self.word not in self.text:
            return Message(text=self.text)
        self.stop("miss")
        return Message(text="")
