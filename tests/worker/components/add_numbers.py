from lfx.custom import Component
from lfx.io import FloatInput, IntInput, Output
from lfx.schema import Data


class AddNumbers(Component):
    display_name = "Add"
    inputs = [IntInput(name="a", display_name="A", value=2), FloatInput(name="b", display_name="B", value=0.5)]
    outputs = [
        Output(name="total", display_name="Total", method="total"),
        Output(name="product", display_name="Product", method="product"),
    ]

    def total(self) -> Data:
        return Data(data={"total": self.a + self.b})

    def product(self) -> Data:
        return Data(data={"product": self.a * self.b})
