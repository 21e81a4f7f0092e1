import csv
import os
import tempfile
from pathlib import Path

from langflow.custom import Component
from langflow.io import MultilineInput, Output
from langflow.schema.dataframe import DataFrame


class WorkFile(Component):
    display_name = "Work File"
    inputs = [MultilineInput(name="text", display_name="CSV")]
    outputs = [Output(name="table", display_name="Table", method="read")]

    def read(self) -> DataFrame:
        with tempfile.NamedTemporaryFile("w", suffix=".csv", delete=False) as file:
            file.write(self.text)
        try:
            with Path(file.name).open() as again:
                return DataFrame(list(csv.DictReader(again)))
        finally:
            os.unlink(file.name)
