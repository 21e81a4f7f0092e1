from langflow.custom import Component
from langflow.io import MessageTextInput, Output
from langflow.schema.message import Message


class MessageFields(Component):
    display_name = "Message Fields"
    inputs = [MessageTextInput(name="text", display_name="Text")]
    outputs = [Output(name="out", display_name="Out", method="make")]

    def make(self) -> Message:
        message = Message(text=self.text, sender="Machine", sender_name="Bot", session_id="s-1", context_id="c-1")
        message.properties.icon = "bot"
        message.category = "info"
        message.data["mood"] = "good"
        return message
