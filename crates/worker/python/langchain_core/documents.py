"""Documents."""

from lfx._surface.tools import Document  # noqa: F401
