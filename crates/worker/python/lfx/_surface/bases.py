"""Bases for kinds of components, as far as they make sense without LangChain."""

from lfx._surface.component import Component
from lfx._surface.frame import DataFrame
from lfx._surface.inputs import BoolInput, FileInput, MessageInput, MultilineInput
from lfx._surface.output import Output
from lfx._surface.values import JSON, Message


class TextComponent(Component):
    """Adds nothing but a name."""

    display_name = "Text Component"


class ChatComponent(Component):
    """A component that talks."""

    display_name = "Chat Component"


class LCToolComponent(Component):
    """A component that is a tool: `run_model` computes, `build_tool` offers it."""

    _base_inputs = []
    outputs = [
        Output(name="api_run_model", display_name="Data", method="run_model"),
        Output(name="api_build_tool", display_name="Tool", method="build_tool"),
    ]

    def run_model(self):
        raise NotImplementedError

    def build_tool(self):
        raise NotImplementedError


class LCModelComponent(Component):
    """A language model: `build_model` makes an object with `invoke`."""

    _base_inputs = [
        MessageInput(name="input_value", display_name="Input"),
        MultilineInput(name="system_message", display_name="System Message", advanced=False),
        BoolInput(name="stream", display_name="Stream", advanced=True),
    ]
    outputs = [
        Output(display_name="Model Response", name="text_output", method="text_response"),
        Output(display_name="Language Model", name="model_output", method="build_model"),
    ]

    @classmethod
    def get_base_inputs(cls):
        return list(cls._base_inputs)

    def build_model(self):
        raise NotImplementedError

    async def text_response(self) -> Message:
        from lfx._surface.tools import HumanMessage, SystemMessage

        text = self.input_value.text if isinstance(self.input_value, Message) else str(self.input_value or "")
        turns = [SystemMessage(content=self.system_message)] if self.system_message else []
        answer = self.build_model().invoke([*turns, HumanMessage(content=text)])
        text = getattr(answer, "content", answer)
        self.status = text
        return Message(text=text)


class LCEmbeddingsModel(Component):
    outputs = [Output(display_name="Embeddings", name="embeddings", method="build_embeddings")]


class LCVectorStoreComponent(Component):
    outputs = [
        Output(display_name="Search Results", name="search_results", method="search_documents"),
        Output(display_name="DataFrame", name="dataframe", method="as_dataframe"),
    ]

    def search_documents(self) -> list[JSON]:
        raise NotImplementedError

    def as_dataframe(self) -> DataFrame:
        return DataFrame(self.search_documents())


def check_cached_vector_store(function):
    return function


class LCAgentComponent(Component):
    outputs = [Output(display_name="Response", name="response", method="message_response")]


class LCTextSplitterComponent(Component):
    outputs = [Output(display_name="Data", name="data", method="transform_data")]


class BaseFileComponent(Component):
    """Reads files: `process_files` turns them into data."""

    VALID_EXTENSIONS = []
    SUPPORTED_BUNDLE_EXTENSIONS = []
    _base_inputs = [FileInput(name="path", display_name="Files", fileTypes=VALID_EXTENSIONS, is_list=True)]
    outputs = [Output(display_name="Raw Content", name="message", method="load_files_message")]


def get_model_name(model, *_args, **_kwargs):
    return getattr(model, "model_name", None) or getattr(model, "model", "")
