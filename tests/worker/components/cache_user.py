from langflow.custom import Component
from langflow.io import MessageTextInput, Output
from langflow.schema.message import Message

SEEN = {}


class CacheUser(Component):
    display_name = "Module State"
    inputs = [MessageTextInput(name="text", display_name="Text")]
    outputs = [Output(name="out", display_name="Out", method="look")]

    def look(self) -> Message:
        known = self.text in SEEN
        SEEN[self.text] = True
        return Message(text=f"{self.text} {'again' if known else 'first'}")
