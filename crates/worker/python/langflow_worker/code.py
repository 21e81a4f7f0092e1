"""From a source to the class of its component."""

import ast
import hashlib
import importlib
import linecache
import sys
import types
from collections import OrderedDict

MAX_MODULES = 64
# Names by which flows call the class of one source.
MAX_NAMES = 16
_modules = OrderedDict()
_prelude = {}

# Names that sources use without importing them.
PRELUDE = (
    ("typing", ("Any", "Callable", "Dict", "List", "Optional", "Union", "Tuple")),
    ("lfx.io", ("BoolInput", "CodeInput", "DataFrameInput", "DataInput", "DictInput", "DropdownInput", "FileInput",
                "FloatInput", "HandleInput", "IntInput", "JSONInput", "LinkInput", "McpInput", "MessageInput",
                "MessageTextInput", "ModelInput", "MultilineInput", "MultilineSecretInput", "MultiselectInput",
                "NestedDictInput", "Output", "PromptInput", "QueryInput", "SecretStrInput", "SliderInput", "StrInput",
                "TabInput", "TableInput", "ToolsInput")),
    ("lfx.schema.data", ("Data", "JSON")),
    ("lfx.schema.message", ("Message",)),
    ("lfx.schema.dataframe", ("DataFrame", "Table")),
    ("lfx.field_typing", ("Text", "LanguageModel", "Embeddings", "VectorStore", "Tool", "BaseChatMemory", "Retriever",
                          "Document", "BaseLanguageModel", "Prompt", "NestedDict", "Code", "Object")),
)


class BadCode(Exception):
    """The source is not a component; the text says why."""


def prelude():
    if not _prelude:
        for module, names in PRELUDE:
            try:
                loaded = importlib.import_module(module)
            except ImportError:
                continue
            for name in names:
                if hasattr(loaded, name):
                    _prelude[name] = getattr(loaded, name)
    return dict(_prelude)


def parse(source):
    try:
        return ast.parse(source)
    except SyntaxError as error:
        raise BadCode(f"Invalid Python code: {error}") from error


def is_component(value):
    from lfx.custom.custom_component.custom_component import CustomComponent

    return isinstance(value, type) and issubclass(value, CustomComponent)


def load(source, class_name=None):
    """The component class of a source; the module is executed, and its class chosen, once."""
    key = hashlib.sha256(source.encode()).hexdigest()
    entry = _modules.get(key)
    if entry is None:
        entry = _modules[key] = (_execute(source, key), {})
        while len(_modules) > MAX_MODULES:
            _, (old, _) = _modules.popitem(last=False)
            sys.modules.pop(old.__name__, None)
            linecache.cache.pop(old.__file__, None)
    else:
        _modules.move_to_end(key)
    module, chosen = entry
    if class_name not in chosen:
        if len(chosen) >= MAX_NAMES:
            chosen.clear()
        chosen[class_name] = _choose(module, source, class_name)
    return chosen[class_name]


def _choose(module, source, class_name):
    own = [v for v in vars(module).values() if is_component(v) and v.__module__ == module.__name__]
    if class_name:
        for candidate in own:
            if candidate.__name__ == class_name:
                return candidate
    if not own:
        raise BadCode(f"No Component subclass found in the code string. Code snippet: {source[:100]}")
    # As Langflow chooses: the first class that names a component as its base.
    by_name = {candidate.__name__: candidate for candidate in own}
    for node in parse(source).body:
        if isinstance(node, ast.ClassDef) and node.name in by_name:
            bases = [getattr(base, "id", getattr(base, "attr", "")) for base in node.bases]
            if any("Component" in base or base.startswith("LC") for base in bases):
                return by_name[node.name]
    return own[0]


def _execute(source, key):
    tree = parse(source)
    if not any(isinstance(node, ast.ClassDef) for node in tree.body):
        raise BadCode(f"No Component subclass found in the code string. Code snippet: {source[:100]}")
    name = f"custom_{key[:16]}"
    filename = f"<component {key[:12]}>"
    module = types.ModuleType(name)
    module.__dict__.update(prelude())
    module.__file__ = filename
    linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)
    sys.modules[name] = module
    try:
        exec(compile(source, filename, "exec"), module.__dict__)
    except BaseException:
        sys.modules.pop(name, None)
        linecache.cache.pop(filename, None)
        raise
    return module


def imports(source):
    """What is wrong with the imports of a source; nothing of it is executed but the imports themselves."""
    errors = []
    for node in ast.walk(parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module]
        else:
            continue
        for name in names:
            try:
                importlib.import_module(name)
            except Exception as error:  # noqa: BLE001
                errors.append(str(error))
    return errors
