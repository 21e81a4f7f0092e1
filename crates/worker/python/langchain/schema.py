"""Documents and turns under their older names."""

from lfx._surface.tools import AIMessage, BaseMessage, Document, HumanMessage, SystemMessage  # noqa: F401
