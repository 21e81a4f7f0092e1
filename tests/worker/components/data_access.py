from langflow.custom import Component
from langflow.io import DataInput, Output
from langflow.schema import Data
from langflow.schema.message import Message


class DataAccess(Component):
    display_name = "Data Access"
    inputs = [DataInput(name="data", display_name="Data")]
    outputs = [Output(name="out", display_name="Out", method="look"), Output(name="text", display_name="Text", method="as_text")]

    def look(self) -> Data:
        data = self.data
        data.extra = "added"
        copy = Data(**{"a": 1, "text": "t"})
        return Data(
            data={
                "name": data.name,
                "has": "name" in data,
                "none": getattr(data, "nothing", "default"),
                "text": data.get_text(),
                "equal": Data(data={"a": 1}) == Data(data={"a": 1}),
                "copy": copy.data,
                "extra": data.data["extra"],
            }
        )

    def as_text(self) -> Message:
        return Message(text=str(Data(data={"b": [1], "c": None})))
