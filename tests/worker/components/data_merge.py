from langflow.custom import Component
from langflow.io import DataInput, Output
from langflow.schema import Data


class DataMerge(Component):
    display_name = "Data Merge"
    inputs = [
        DataInput(name="left", display_name="Left"),
        DataInput(name="right", display_name="Right"),
    ]
    outputs = [Output(name="merged", display_name="Merged", method="merge")]

    def merge(self) -> Data:
        return self.left + self.right
