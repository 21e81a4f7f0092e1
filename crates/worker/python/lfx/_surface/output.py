"""Outputs."""

from lfx._surface.values import plain

UNDEFINED = "__UNDEFINED__"


class Output:
    """A declared output: the method that computes it and what an edge may carry from it."""

    def __init__(self, **given):
        self.types, self.name, self.method = [], None, None
        self.display_name, self.selected, self.hidden, self.required_inputs = None, None, None, None
        self.value, self.cache, self.allows_loop, self.loop_types = UNDEFINED, True, False, None
        self.group_outputs, self.options, self.tool_mode, self.info = False, None, True, None
        for key, value in given.items():
            setattr(self, key, value)
        self.types = list(self.types or [])
        if self.selected is None and self.types:
            self.selected = self.types[0]
        if self.display_name is None:
            self.display_name = self.name

    def add_types(self, types):
        for name in types:
            if name not in self.types:
                self.types.append(name)
        if self.selected is None and self.types:
            self.selected = self.types[0]

    def apply_options(self, result):
        return result

    def to_dict(self):
        dump = {k: plain(v) for k, v in vars(self).items()}
        dump["value"] = UNDEFINED
        return {k: v for k, v in dump.items() if v is not None}

    model_dump = to_dict

    def model_copy(self, **_options):
        return Output(**{**vars(self), "types": list(self.types)})

    def __repr__(self):
        return f"Output(name={self.name!r}, method={self.method!r})"
