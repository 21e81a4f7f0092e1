import asyncio

from lfx.custom.custom_component.component import Component
from lfx.io import MessageTextInput, Output
from lfx.schema.message import Message


class AsyncReverse(Component):
    display_name = "Async Reverse"
    inputs = [MessageTextInput(name="text", display_name="Text")]
    outputs = [Output(name="reversed", display_name="Reversed", method="reverse")]

    async def reverse(self) -> Message:
        parts = await asyncio.gather(*(self._one(word) for word in self.text.split()))
        return Message(text=" ".join(parts))

    async def _one(self, word):
        await asyncio.sleep(0)
        return word[::-1]
