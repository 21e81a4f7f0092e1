from langflow.custom import Component
from langflow.io import MultilineInput, MessageTextInput, Output
from langflow.schema.message import Message


class PromptVars(Component):
    display_name = "Prompt"
    inputs = [
        MultilineInput(name="template", display_name="Template", value="Dear {name}, {body}"),
        MessageTextInput(name="name", display_name="Name"),
        MessageTextInput(name="body", display_name="Body"),
    ]
    outputs = [Output(name="prompt", display_name="Prompt", method="build_prompt")]

    async def build_prompt(self) -> Message:
        message = await Message.from_template_and_variables(self.template, name=self.name, body=self.body)
        return Message(text=message.text)
