from langflow.custom import Component
from langflow.io import DataFrameInput, Output
from langflow.schema import Data
from langflow.schema.message import Message


class TableRows(Component):
    display_name = "Table Rows"
    inputs = [DataFrameInput(name="table", display_name="Table")]
    outputs = [
        Output(name="data", display_name="Data", method="as_data"),
        Output(name="first", display_name="First", method="first"),
        Output(name="joined", display_name="Joined", method="joined"),
    ]

    def as_data(self) -> list[Data]:
        return self.table.to_data_list()

    def first(self) -> Data:
        return Data(data={"name": self.table.iloc[0]["name"]})

    def joined(self) -> Message:
        return Message(text=", ".join(f"{at}:{row['name']}" for at, row in self.table.iterrows()))
