"""The first code of a worker: makes the modules of the first frame importable and serves calls.

It runs as `exec` of a string, before anything can be imported, with `FIRST` being the first frame.
"""

import importlib.abc
import importlib.machinery
import importlib.util
import linecache
import sys


class Modules(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports modules from texts."""

    def __init__(self, modules):
        self.modules = modules

    def find_spec(self, name, path=None, target=None):
        found = self.modules.get(name)
        if found is None:
            return None
        spec = importlib.machinery.ModuleSpec(name, self, origin=f"<{name}>", is_package=found[1])
        return spec

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        name = module.__name__
        source = self.modules[name][0]
        filename = f"<{name}>"
        linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)
        module.__file__ = filename
        exec(compile(source, filename, "exec"), module.__dict__)


def installed(name):
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):
        return False


def start(first):
    own = {k: v for k, v in first["modules"].items() if k.split(".")[0] == "langflow_worker"}
    shims = {k: v for k, v in first["modules"].items() if k not in own}
    sys.meta_path.append(Modules(own))
    # A name that the environment has keeps its meaning; ours fills the gaps.
    roots = {k.split(".")[0] for k in shims}
    absent = {root for root in roots if not installed(root)}
    if "lfx" not in absent:
        absent = set()
    sys.meta_path.append(Modules({k: v for k, v in shims.items() if k.split(".")[0] in absent}))
    from langflow_worker import aliases, serve

    aliases.install(own_lfx="lfx" in absent, absent=absent)
    serve.run(first, own_lfx="lfx" in absent, absent=absent)


start(FIRST)  # noqa: F821
