from langflow.custom import Component
from langflow.io import MultiselectInput, TabInput, SliderInput, Output
from langflow.field_typing.range_spec import RangeSpec
from langflow.schema import Data


class MultiselectTab(Component):
    display_name = "Choices"
    inputs = [
        MultiselectInput(name="many", display_name="Many", options=["a", "b", "c"], value=["a"]),
        TabInput(name="tab", display_name="Tab", options=["One", "Two"], value="One"),
        SliderInput(name="level", display_name="Level", value=0.5, range_spec=RangeSpec(min=0, max=1, step=0.1)),
    ]
    outputs = [Output(name="data", display_name="Data", method="show")]

    def show(self) -> Data:
        return Data(data={"many": self.many, "tab": self.tab, "level": self.level})
