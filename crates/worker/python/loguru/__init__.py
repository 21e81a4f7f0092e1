"""A stand-in for loguru, where it is not installed."""

from lfx._surface.log import logger  # noqa: F401
