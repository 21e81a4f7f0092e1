from langflow.custom import Component
from langflow.io import MessageTextInput, Output
from langflow.schema.message import Message


class MessageStream(Component):
    display_name = "Message Stream"
    inputs = [MessageTextInput(name="text", display_name="Text")]
    outputs = [Output(name="out", display_name="Out", method="make"), Output(name="sync", display_name="Sync", method="make_sync")]

    async def _pieces(self):
        for word in self.text.split():
            yield word + " "

    def make(self) -> Message:
        return Message(text=self._pieces(), sender="Machine", sender_name="AI")

    def make_sync(self) -> Message:
        return Message(text=iter(list(self.text)))
