from langflow.custom import Component
from langflow.io import MessageTextInput, Output
from langflow.schema.message import Message


class Polite:
    greeting = "Dear"

    def greet(self, name):
        return f"{self.greeting} {name}"


class Letter(Polite, Component):
    display_name = "Letter"
    name = "Letter"
    greeting = "Hello"
    inputs = [MessageTextInput(name="name_of", display_name="Name", value="Bob")]
    outputs = [Output(name="letter", display_name="Letter", method="letter")]

    def letter(self) -> Message:
        return Message(text=self.greet(self.name_of))
