from typing import Any

from langflow.custom import Component
from langflow.io import StrInput, Output


class RawDict(Component):
    display_name = "Raw Dict"
    inputs = [StrInput(name="text", display_name="Text", value="k")]
    outputs = [Output(name="out", display_name="Out", method="give"), Output(name="items", display_name="Items", method="items")]

    def give(self) -> dict[str, Any]:
        return {self.text: {"nested": [1, 2, {"deep": None}]}}

    def items(self) -> list[str]:
        return [self.text, self.text.upper()]
