from datetime import date, timedelta

from langflow.custom import Component
from langflow.io import IntInput, StrInput, Output
from langflow.schema.message import Message


class DateMath(Component):
    display_name = "Date Math"
    inputs = [StrInput(name="first_day", display_name="First day", value="2024-02-28"), IntInput(name="days", display_name="Days", value=2)]
    outputs = [Output(name="result", display_name="Result", method="shift")]

    def shift(self) -> Message:
        return Message(text=(date.fromisoformat(self.first_day) + timedelta(days=self.days)).isoformat())
