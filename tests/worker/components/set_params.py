from langflow.custom import Component
from langflow.io import IntInput, MessageTextInput, Output
from langflow.schema import Data


class SetParams(Component):
    display_name = "Attributes"
    inputs = [MessageTextInput(name="text", display_name="Text"), IntInput(name="n", display_name="N", value=1)]
    outputs = [Output(name="data", display_name="Data", method="make")]

    def make(self) -> Data:
        self.note = "set"
        return Data(
            data={
                "attributes": sorted(self._attributes),
                "given": self._attributes.get("text"),
                "note": self.note,
                "output": self.get_output_by_method(self.make).name,
                "inputs": list(self._inputs),
            }
        )
