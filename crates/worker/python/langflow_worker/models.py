"""Models, embeddings and tools of the flow, as objects that call back to the server."""

from langflow_worker import wire


class Answer:
    """What a model said."""

    type = "ai"

    def __init__(self, content, usage=None):
        self.content, self.usage_metadata = content, usage
        self.response_metadata, self.additional_kwargs, self.tool_calls = {}, {}, []

    def __str__(self):
        return self.content

    @property
    def text(self):
        return self.content


_ROLES = {"human": "user", "ai": "assistant", "system": "system", "user": "user", "assistant": "assistant"}


def turns(given):
    """Turns from what people hand to a model: text, messages, pairs."""
    items = given if isinstance(given, (list, tuple)) and not (len(given) == 2 and isinstance(given[0], str) and given[0] in _ROLES) else [given]
    out = []
    for item in items:
        if isinstance(item, str):
            out.append(["user", item])
        elif isinstance(item, (list, tuple)):
            out.append([_ROLES.get(item[0], "user"), str(item[1])])
        elif isinstance(item, dict):
            out.append([_ROLES.get(item.get("role"), "user"), str(item.get("content", ""))])
        elif hasattr(item, "content"):
            out.append([_ROLES.get(getattr(item, "type", "human"), "user"), str(item.content)])
        elif hasattr(item, "get_text"):
            out.append(["user", str(item.get_text())])
        elif hasattr(item, "to_messages"):
            out.extend(turns(item.to_messages()))
        else:
            out.append(["user", str(item)])
    return out


class RemoteModel:
    """A chat model that an edge brought."""

    def __init__(self, handle, model):
        self._handle, self.model_name, self.model = handle, model, model

    def invoke(self, given, *_args, **_options):
        answer = wire.ask("chat", handle=self._handle, turns=turns(given))
        return Answer(answer["text"], answer.get("usage"))

    async def ainvoke(self, given, *args, **options):
        return self.invoke(given)

    def stream(self, given, *_args, **_options):
        yield self.invoke(given)

    async def astream(self, given, *_args, **_options):
        yield self.invoke(given)

    def predict(self, text, **_options):
        return self.invoke(text).content

    def batch(self, many, *_args, **_options):
        return [self.invoke(given) for given in many]

    async def abatch(self, many, *_args, **_options):
        return self.batch(many)

    def __call__(self, given, **_options):
        return self.invoke(given)

    def with_config(self, *_args, **_options):
        return self

    bind = with_config

    def bind_tools(self, *_args, **_options):
        raise NotImplementedError("a model from an edge takes no tools inside a custom component")

    def with_structured_output(self, *_args, **_options):
        raise NotImplementedError("a model from an edge gives text inside a custom component")


class RemoteEmbeddings:
    """An embedder that an edge brought."""

    def __init__(self, handle):
        self._handle = handle

    def embed_documents(self, texts):
        return wire.ask("embed", handle=self._handle, texts=[str(t) for t in texts])

    def embed_query(self, text):
        return self.embed_documents([text])[0]

    async def aembed_documents(self, texts):
        return self.embed_documents(texts)

    async def aembed_query(self, text):
        return self.embed_query(text)


def remote_tool(schema):
    """A tool that an edge brought."""
    try:
        from langchain_core.tools import StructuredTool
    except ImportError:
        from lfx._surface.tools import StructuredTool

    def call(**arguments):
        return wire.ask("tool", handle=schema["handle"], arguments=arguments)

    return StructuredTool(name=schema["name"], description=schema["description"], func=call, args_schema=schema["parameters"])
