"""Files of the user, fetched into the work folder when a component wants them."""

import base64
import os
import tempfile

from langflow_worker import wire

# Storage path → where it was fetched to. Only these are ever removed: the worker cleans what it made, nothing else.
_fetched = {}


def local(path):
    """The path of a stored file in the work folder. A path that is there already stays."""
    text = str(path)
    if text in _fetched:
        return _fetched[text]
    if text.startswith("/") and os.path.exists(text):
        return text
    content = base64.b64decode(wire.ask("file", path=text))
    folder = tempfile.mkdtemp(prefix="file-")
    target = os.path.join(folder, os.path.basename(text) or "file")
    with open(target, "wb") as file:
        file.write(content)
    _fetched[text] = target
    return target


def forget():
    """Removes what was fetched: nothing of a node stays for the next."""
    for target in _fetched.values():
        try:
            os.unlink(target)
            os.rmdir(os.path.dirname(target))
        except OSError:
            pass
    _fetched.clear()
