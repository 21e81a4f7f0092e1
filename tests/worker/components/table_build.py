from langflow.custom import Component
from langflow.io import IntInput, Output
from langflow.schema.dataframe import DataFrame


class TableBuild(Component):
    display_name = "Table"
    inputs = [IntInput(name="rows", display_name="Rows", value=3)]
    outputs = [Output(name="table", display_name="Table", method="build_table")]

    def build_table(self) -> DataFrame:
        return DataFrame([{"n": n, "square": n * n, "name": f"row {n}"} for n in range(self.rows)])
