"""The same under the name of the first version."""

from pydantic import *  # noqa: F401, F403
from pydantic import BaseModel, Field, SecretStr  # noqa: F401
