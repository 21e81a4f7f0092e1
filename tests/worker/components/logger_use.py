from loguru import logger

from langflow.custom import Component
from langflow.io import MessageTextInput, Output
from langflow.logging import logger as own
from langflow.schema.message import Message


class LoggerUse(Component):
    display_name = "Logger"
    inputs = [MessageTextInput(name="text", display_name="Text")]
    outputs = [Output(name="out", display_name="Out", method="go")]

    def go(self) -> Message:
        logger.debug("debug {}", self.text)
        own.info(f"info {self.text}")
        self.log({"seen": self.text}, name="seen")
        return Message(text=self.text)
