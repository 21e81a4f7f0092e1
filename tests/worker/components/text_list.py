from langflow.custom import Component
from langflow.io import MessageTextInput, Output
from langflow.schema.message import Message


class TextList(Component):
    display_name = "Text List"
    inputs = [MessageTextInput(name="texts", display_name="Texts", is_list=True), MessageTextInput(name="sep", display_name="Sep", value="-")]
    outputs = [Output(name="joined", display_name="Joined", method="join")]

    def join(self) -> Message:
        return Message(text=self.sep.join(self.texts))
