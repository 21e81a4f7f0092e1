from langflow.custom import Component
from langflow.io import TableInput, Output
from langflow.schema import Data


class TableField(Component):
    display_name = "Table Field"
    inputs = [
        TableInput(
            name="rows",
            display_name="Rows",
            table_schema=[
                {"name": "key", "display_name": "Key", "type": "str"},
                {"name": "amount", "display_name": "Amount", "type": "int"},
            ],
            value=[{"key": "a", "amount": 1}],
        )
    ]
    outputs = [Output(name="data", display_name="Data", method="total")]

    def total(self) -> Data:
        return Data(data={"total": sum(int(row["amount"]) for row in self.rows), "rows": self.rows})
