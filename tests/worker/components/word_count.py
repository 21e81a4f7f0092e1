from langflow.custom import Component
from langflow.io import MessageInput, Output
from langflow.schema import Data


class WordCount(Component):
    display_name = "Word Count"
    inputs = [MessageInput(name="message", display_name="Message")]
    outputs = [Output(name="counts", display_name="Counts", method="count")]

    def count(self) -> Data:
        words = self.message.text.split()
        return Data(data={"words": len(words), "characters": len(self.message.text), "sender": self.message.sender})
