import json

from langflow.custom import Component
from langflow.io import MultilineInput, Output
from langflow.schema import Data


class JsonParse(Component):
    display_name = "JSON Parse"
    inputs = [MultilineInput(name="text", display_name="Text")]
    outputs = [Output(name="data", display_name="Data", method="parse")]

    def parse(self) -> Data:
        try:
            value = json.loads(self.text)
        except json.JSONDecodeError as error:
            return Data(data={"error": str(error)})
        return Data(data=value if isinstance(value, dict) else {"value": value})
