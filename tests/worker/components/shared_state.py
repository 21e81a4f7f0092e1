from langflow.custom import Component
from langflow.io import IntInput, Output
from langflow.schema import Data


class SharedState(Component):
    display_name = "Shared State"
    inputs = [IntInput(name="base", display_name="Base", value=1)]
    outputs = [
        Output(name="one", display_name="One", method="one"),
        Output(name="two", display_name="Two", method="two"),
    ]

    def _pre_run_setup(self):
        self._calls = self.base

    def one(self) -> Data:
        self._calls += 1
        return Data(data={"calls": self._calls})

    def two(self) -> Data:
        self._calls += 10
        return Data(data={"calls": self._calls})
