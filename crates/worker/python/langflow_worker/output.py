"""What people's code prints: kept for its node, up to a bound."""

import io

MAX_CHARS = 1 << 20


class Captured(io.TextIOBase):
    """A text stream whose text is taken after each call. Beyond the bound it swallows."""

    def __init__(self, name):
        self.name = name
        self.parts, self.size = [], 0

    def writable(self):
        return True

    @property
    def encoding(self):
        return "utf-8"

    def isatty(self):
        return False

    def fileno(self):
        raise io.UnsupportedOperation("fileno")

    def write(self, text):
        room = MAX_CHARS - self.size
        if room > 0:
            piece = text[:room]
            self.parts.append(piece)
            self.size += len(piece)
        return len(text)

    def flush(self):
        pass

    def take(self):
        text = "".join(self.parts)
        self.parts, self.size = [], 0
        return text
