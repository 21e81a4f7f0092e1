import re

from langflow.custom import Component
from langflow.io import MessageTextInput, Output
from langflow.schema import Data


class RegexExtract(Component):
    display_name = "Regex Extract"
    inputs = [
        MessageTextInput(name="text", display_name="Text"),
        MessageTextInput(name="pattern", display_name="Pattern", value=r"\d+"),
    ]
    outputs = [Output(name="found", display_name="Found", method="find")]

    def find(self) -> list[Data]:
        found = [Data(data={"match": match}) for match in re.findall(self.pattern, self.text)]
        self.status = found
        return found
