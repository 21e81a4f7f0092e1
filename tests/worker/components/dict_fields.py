from langflow.custom import Component
from langflow.io import DictInput, NestedDictInput, Output
from langflow.schema import Data


class DictFields(Component):
    display_name = "Dict Fields"
    inputs = [DictInput(name="pairs", display_name="Pairs"), NestedDictInput(name="nested", display_name="Nested")]
    outputs = [Output(name="data", display_name="Data", method="combine")]

    def combine(self) -> Data:
        return Data(data={"pairs": self.pairs, "nested": self.nested, "keys": sorted({**self.pairs, **self.nested})})
