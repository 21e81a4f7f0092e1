from langflow.custom import Component
from langflow.io import StrInput, Output


class PlainStr(Component):
    display_name = "Plain Text"
    inputs = [StrInput(name="text", display_name="Text", value="x")]
    outputs = [Output(name="out", display_name="Out", method="give"), Output(name="flag", display_name="Flag", method="flag"), Output(name="number", display_name="Number", method="number")]

    def give(self) -> str:
        return self.text * 3

    def flag(self) -> bool:
        return bool(self.text)

    def number(self) -> int:
        return len(self.text)
