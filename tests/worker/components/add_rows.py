from langflow.custom import Component
from langflow.io import DataFrameInput, Output
from langflow.schema import Data
from langflow.schema.dataframe import DataFrame


class AddRows(Component):
    display_name = "Add Rows"
    inputs = [DataFrameInput(name="table", display_name="Table")]
    outputs = [Output(name="longer", display_name="Longer", method="longer"), Output(name="wider", display_name="Wider", method="wider")]

    def longer(self) -> DataFrame:
        return self.table.add_row({"a": 3}).add_rows([Data(data={"a": 4})])

    def wider(self) -> DataFrame:
        frame = self.table.copy()
        frame["double"] = frame["a"].apply(lambda value: value * 2)
        return DataFrame(frame.rename(columns={"a": "single"}).to_dict("records"))
