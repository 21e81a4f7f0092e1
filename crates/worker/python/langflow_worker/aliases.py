"""Module names that people import and that stand for something else here.

`langflow.x` is `lfx.x`, and the many modules of `lfx` that hold one class each are views of a few.
"""

import importlib
import importlib.abc
import importlib.machinery
import sys
import types

INPUTS = ("inputs", "output")
VALUES = ("values", "frame")
BASES = ("component", "bases")

# Module of `lfx` → modules of `lfx._surface` whose public names it offers.
VIEWS = {
    "io": (*INPUTS,),
    "io.schema": ("tools",),
    "inputs": INPUTS,
    "inputs.inputs": INPUTS,
    "inputs.input_mixin": INPUTS,
    "template": (*INPUTS, "helpers"),
    "template.field": INPUTS,
    "template.field.base": INPUTS,
    "template.field.prompt": INPUTS,
    "template.utils": ("helpers",),
    "schema": VALUES,
    "schema.data": VALUES,
    "schema.message": VALUES,
    "schema.dataframe": VALUES,
    "schema.dotdict": VALUES,
    "schema.properties": VALUES,
    "schema.content_block": VALUES,
    "schema.content_types": VALUES,
    "schema.schema": VALUES,
    "schema.image": VALUES,
    "schema.table": ("table_schema",),
    "schema.token_usage": ("helpers",),
    "schema.artifact": ("helpers",),
    "schema.log": ("helpers",),
    "field_typing": ("typing_names", "tools"),
    "field_typing.constants": ("typing_names", "tools"),
    "field_typing.range_spec": INPUTS,
    "custom": BASES,
    "custom.custom_component": BASES,
    "custom.custom_component.component": BASES,
    "custom.custom_component.custom_component": BASES,
    "custom.custom_component.component_with_cache": BASES,
    "custom.utils": ("helpers",),
    "base": (),
    "base.io": BASES,
    "base.io.chat": BASES,
    "base.io.text": BASES,
    "base.langchain_utilities": BASES,
    "base.langchain_utilities.model": BASES,
    "base.models": BASES,
    "base.models.model": BASES,
    "base.tools": BASES,
    "base.tools.component_tool": BASES,
    "base.data": (*BASES, "helpers"),
    "base.data.base_file": BASES,
    "base.data.utils": ("helpers",),
    "base.vectorstores": BASES,
    "base.vectorstores.model": BASES,
    "base.prompts": ("helpers",),
    "base.prompts.api_utils": ("helpers",),
    "base.prompts.utils": ("helpers",),
    "base.textsplitters": BASES,
    "helpers": ("helpers",),
    "helpers.data": ("helpers",),
    "logging": ("log",),
    "logging.logger": ("log",),
    "log": ("log",),
    "log.logger": ("log",),
    "services": ("services",),
    "services.deps": ("services",),
    "utils": ("helpers",),
    "utils.util": ("helpers",),
    "utils.constants": ("constants",),
    "utils.async_helpers": ("helpers",),
    "utils.component_utils": ("helpers",),
    "memory": ("services",),
    "type_extraction": ("helpers",),
    "interface": (),
    "interface.utils": ("helpers",),
    "graph": ("services",),
    "graph.graph": ("services",),
    "graph.graph.base": ("services",),
    "graph.schema": ("services",),
}
# Names of langflow that lie elsewhere in lfx.
MOVED = {
    "langflow.custom.custom_component.base_component": "lfx.custom.custom_component.component",
    "langflow.schema.schema": "lfx.schema.schema",
    "langflow.base.io.model": "lfx.base.io.chat",
    "langflow.interface.custom.custom_component": "lfx.custom.custom_component.component",
}


class Views(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path=None, target=None):
        if not name.startswith("lfx."):
            return None
        short = name[4:]
        if short not in VIEWS:
            return None
        return importlib.machinery.ModuleSpec(name, self, origin=f"<{name}>", is_package=True)

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        for part in VIEWS[module.__name__[4:]]:
            source = importlib.import_module(f"lfx._surface.{part}")
            for key, value in vars(source).items():
                if not key.startswith("_") and not isinstance(value, types.ModuleType):
                    module.__dict__.setdefault(key, value)


class Same(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """`langflow[.x]` is `lfx[.x]`, the very same module."""

    def find_spec(self, name, path=None, target=None):
        if name != "langflow" and not name.startswith("langflow."):
            return None
        real = MOVED.get(name, "lfx" + name[len("langflow"):])
        try:
            importlib.import_module(real)
        except ModuleNotFoundError as error:
            if error.name and real.startswith(error.name):
                return None
            raise
        spec = importlib.machinery.ModuleSpec(name, self, origin=f"<{name}>", is_package=True)
        spec.loader_state = real
        return spec

    def create_module(self, spec):
        proxy = types.ModuleType(spec.name)
        proxy.__dict__.update(
            {k: v for k, v in vars(sys.modules[spec.loader_state]).items() if not k.startswith("__")}
        )
        real = sys.modules[spec.loader_state]
        proxy.__getattr__ = lambda key: getattr(real, key)
        return proxy

    def exec_module(self, module):
        pass


def install(own_lfx, absent):
    if own_lfx:
        sys.meta_path.append(Views())
    try:
        import langflow  # noqa: F401
    except ImportError:
        sys.meta_path.append(Same())
