from langflow.custom import Component
from langflow.io import MultilineInput, BoolInput, Output
from langflow.schema import Data


class SplitLines(Component):
    display_name = "Split Lines"
    inputs = [
        MultilineInput(name="text", display_name="Text"),
        BoolInput(name="skip_empty", display_name="Skip empty", value=True),
    ]
    outputs = [Output(name="lines", display_name="Lines", method="split")]

    def split(self) -> list[Data]:
        lines = self.text.splitlines()
        if self.skip_empty:
            lines = [line for line in lines if line.strip()]
        return [Data(text=line, number=at) for at, line in enumerate(lines, 1)]
