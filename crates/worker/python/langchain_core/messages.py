"""Turns of a chat."""

from lfx._surface.tools import AIMessage, BaseMessage, HumanMessage, SystemMessage, ToolMessage  # noqa: F401
