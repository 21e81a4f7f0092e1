from langflow.custom import Component
from langflow.io import DataInput, Output
from langflow.schema import Data
from langflow.schema.dataframe import DataFrame
from langflow.schema.message import Message


class Conversions(Component):
    display_name = "Conversions"
    inputs = [DataInput(name="data", display_name="Data")]
    outputs = [
        Output(name="table", display_name="Table", method="table"),
        Output(name="message", display_name="Message", method="message"),
        Output(name="back", display_name="Back", method="back"),
    ]

    def table(self) -> DataFrame:
        return self.data.to_dataframe()

    def message(self) -> Message:
        return self.data.to_message()

    def back(self) -> Data:
        return DataFrame([{"a": 1}, {"a": 2}]).to_data()
