"""Names that people compare with."""

MESSAGE_SENDER_AI = "Machine"
MESSAGE_SENDER_USER = "User"
MESSAGE_SENDER_NAME_AI = "AI"
MESSAGE_SENDER_NAME_USER = "User"
DEFAULT_PYTHON_FUNCTION = 'def python_function(text: str) -> str:\n    return text\n'
DIRECT_TYPES = ["str", "bool", "dict", "int", "float", "Any", "prompt", "mustache", "code", "NestedDict", "table", "slider", "tab", "sortableList", "auth", "connect", "query", "tools", "model"]
