"""Tools."""

from lfx._surface.tools import BaseTool, BaseToolkit, StructuredTool, Tool, ToolException, tool  # noqa: F401
