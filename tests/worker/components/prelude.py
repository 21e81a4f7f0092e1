from langflow.custom import Component


class Prelude(Component):
    display_name = "Prelude"
    inputs = [MessageTextInput(name="text", display_name="Text"), BoolInput(name="on", display_name="On", value=True)]
    outputs = [Output(name="data", display_name="Data", method="make")]

    def make(self) -> Data:
        values: Optional[List[str]] = [self.text] if self.on else None
        return Data(data={"values": values})
