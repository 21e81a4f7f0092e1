import hashlib

from langflow.custom import Component
from langflow.io import SecretStrInput, Output
from langflow.schema.message import Message


class SecretField(Component):
    display_name = "Secret Field"
    inputs = [SecretStrInput(name="api_key", display_name="Key")]
    outputs = [Output(name="digest", display_name="Digest", method="digest")]

    def digest(self) -> Message:
        return Message(text=hashlib.sha256(self.api_key.encode()).hexdigest())
