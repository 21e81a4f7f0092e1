"""Names for annotations."""

from typing import Any, Callable, Dict, List, Optional, TypeVar, Union  # noqa: F401, UP035

from lfx._surface.frame import DataFrame, Table  # noqa: F401
from lfx._surface.inputs import RangeSpec  # noqa: F401
from lfx._surface.values import JSON, Data, Message  # noqa: F401


class Text(str):
    """A text."""


def _name(name):
    return type(name, (), {"__doc__": f"The type name {name}."})


LanguageModel = _name("LanguageModel")
BaseLanguageModel = _name("BaseLanguageModel")
BaseChatModel = _name("BaseChatModel")
BaseLLM = _name("BaseLLM")
Embeddings = _name("Embeddings")
VectorStore = _name("VectorStore")
Retriever = _name("Retriever")
BaseRetriever = _name("BaseRetriever")
BaseMemory = _name("BaseMemory")
BaseChatMemory = _name("BaseChatMemory")
BaseChatMessageHistory = _name("BaseChatMessageHistory")
Memory = _name("Memory")
Chain = _name("Chain")
AgentExecutor = _name("AgentExecutor")
Prompt = _name("Prompt")
BasePromptTemplate = _name("BasePromptTemplate")
ChatPromptTemplate = _name("ChatPromptTemplate")
PromptTemplate = _name("PromptTemplate")
BaseOutputParser = _name("BaseOutputParser")
OutputParser = _name("OutputParser")
BaseLoader = _name("BaseLoader")
TextSplitter = _name("TextSplitter")
BaseDocumentCompressor = _name("BaseDocumentCompressor")
Code = _name("Code")
File = _name("File")
NestedDict = dict
Object = object
