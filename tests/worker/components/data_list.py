from langflow.custom import Component
from langflow.io import DataInput, StrInput, Output
from langflow.schema import Data
from langflow.schema.message import Message


class DataPick(Component):
    display_name = "Data Pick"
    inputs = [
        DataInput(name="items", display_name="Items", is_list=True),
        StrInput(name="key", display_name="Key", value="name"),
    ]
    outputs = [
        Output(name="values", display_name="Values", method="values"),
        Output(name="texts", display_name="Texts", method="texts"),
    ]

    def values(self) -> Data:
        return Data(data={"values": [item.data.get(self.key) for item in self.items]})

    def texts(self) -> Message:
        return Message(text="|".join(str(item.get_text()) for item in self.items))
