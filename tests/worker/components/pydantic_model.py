from pydantic import BaseModel, Field

from langflow.custom import Component
from langflow.io import StrInput, Output
from langflow.schema import Data


class Person(BaseModel):
    name: str
    age: int = Field(default=7, ge=0)
    tags: list[str] = []


class PydanticModel(Component):
    display_name = "Record"
    inputs = [StrInput(name="who", display_name="Name", value="Zed")]
    outputs = [Output(name="data", display_name="Data", method="make")]

    def make(self) -> Data:
        person = Person(name=self.who, tags=["x"])
        try:
            Person(age="no")
            problem = False
        except ValueError:
            problem = True
        return Data(data={"person": person.model_dump(), "problem": problem})
