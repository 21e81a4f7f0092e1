from langflow.custom import CustomComponent
from langflow.schema import Data


class OldStyle(CustomComponent):
    display_name = "Old Style"
    description = "Declares its fields in build_config."

    def build_config(self):
        return {
            "text": {"display_name": "Text", "info": "Some text."},
            "times": {"display_name": "Times", "value": 2, "advanced": True},
        }

    def build(self, text: str, times: int = 2) -> Data:
        self.status = text
        return Data(data={"text": text * times})
