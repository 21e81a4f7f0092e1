"""Columns of table fields."""

from lfx._surface.values import Model, plain


class EditMode:
    MODAL, POPOVER, INLINE = "modal", "popover", "inline"


class FormatterType:
    date, text, number, json, boolean = "date", "text", "number", "json", "boolean"


_FORMATTERS = {"str": "text", "string": "text", "int": "number", "integer": "number", "float": "number", "bool": "boolean", "dict": "json"}


class Column(Model):
    fields = {
        "name": "", "display_name": "", "options": None, "sortable": True, "filterable": True, "formatter": None,
        "type": None, "description": None, "default": None, "disable_edit": False, "edit_mode": "popover",
        "hidden": False,
    }

    def __init__(self, **values):
        super().__init__(**values)
        self.display_name = self.display_name or self.name
        if self.formatter is None:
            self.formatter = _FORMATTERS.get(self.type, self.type or "text")


class TableSchema(Model):
    fields = {"columns": []}


class TableOptions(Model):
    pass


def schema_dump(schema):
    columns = schema.columns if isinstance(schema, TableSchema) else schema.get("columns", []) if isinstance(schema, dict) else schema
    made = [c if isinstance(c, Column) else Column(**c) for c in columns]
    return {"columns": [{k: v for k, v in plain(c).items() if v is not None} for c in made]}
