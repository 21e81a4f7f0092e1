import base64
import zlib

from langflow.custom import Component
from langflow.io import MessageTextInput, BoolInput, Output
from langflow.schema.message import Message


class Base64Zip(Component):
    display_name = "Pack"
    inputs = [MessageTextInput(name="text", display_name="Text"), BoolInput(name="unpack", display_name="Unpack", value=False)]
    outputs = [Output(name="out", display_name="Out", method="go")]

    def go(self) -> Message:
        if self.unpack:
            return Message(text=zlib.decompress(base64.b64decode(self.text)).decode())
        return Message(text=base64.b64encode(zlib.compress(self.text.encode(), 0)).decode())
