from langflow.custom import Component
from langflow.io import DataFrameInput, IntInput, Output
from langflow.schema.dataframe import DataFrame
from langflow.schema.message import Message


class TableFilter(Component):
    display_name = "Table Filter"
    inputs = [
        DataFrameInput(name="table", display_name="Table"),
        IntInput(name="least", display_name="Least", value=10),
    ]
    outputs = [
        Output(name="kept", display_name="Kept", method="keep"),
        Output(name="summary", display_name="Summary", method="summarise"),
    ]

    def keep(self) -> DataFrame:
        frame = self.table
        return DataFrame(frame[frame["price"] >= self.least].to_dict("records"))

    def summarise(self) -> Message:
        frame = self.table
        return Message(text=f"{len(frame)} rows, columns {', '.join(frame.columns)}, sum {int(frame['price'].sum())}")
