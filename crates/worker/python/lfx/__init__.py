"""The names that custom components import from `lfx`, where the package itself is not installed.

Written for langflow-rs: the surface is that of the package, the code is not.
"""

__version__ = "0.0.0+langflow-rs"
