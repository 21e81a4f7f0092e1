from collections import Counter
from dataclasses import dataclass

from langflow.custom import Component
from langflow.io import MultilineInput, IntInput, Output
from langflow.schema.dataframe import DataFrame


@dataclass
class Entry:
    word: str
    count: int


class Ranking(Component):
    display_name = "Ranking"
    inputs = [MultilineInput(name="text", display_name="Text"), IntInput(name="top", display_name="Top", value=2)]
    outputs = [Output(name="table", display_name="Table", method="rank")]

    def rank(self) -> DataFrame:
        entries = [Entry(word, count) for word, count in Counter(self.text.lower().split()).most_common(self.top)]
        return DataFrame([{"word": e.word, "count": e.count} for e in entries])
