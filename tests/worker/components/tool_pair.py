from langchain_core.tools import StructuredTool

from langflow.base.langchain_utilities.model import LCToolComponent
from langflow.field_typing import Tool
from langflow.io import IntInput
from langflow.schema import Data
from pydantic import BaseModel, Field


class PowerTool(LCToolComponent):
    display_name = "Power Tool"
    description = "Raises a number to a power."
    name = "PowerTool"
    inputs = [IntInput(name="exponent", display_name="Exponent", value=2)]

    class Arguments(BaseModel):
        number: int = Field(..., description="The number.")

    def run_model(self) -> list[Data]:
        return [Data(data={"power": 3**self.exponent})]

    def build_tool(self) -> Tool:
        return StructuredTool.from_function(
            name="power", description="Raises to a power.", func=self._power, args_schema=self.Arguments
        )

    def _power(self, number: int) -> str:
        return str(number**self.exponent)
