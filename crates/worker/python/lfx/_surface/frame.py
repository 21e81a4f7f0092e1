"""`DataFrame` (newer name `Table`): pandas' where it is installed, else a small table of our own."""

from lfx._surface.values import JSON, Message

try:
    import pandas as pd
except ImportError:
    pd = None


def _rows(data):
    """Rows as dictionaries from what people hand over."""
    if data is None:
        return [], []
    if isinstance(data, SmallTable):
        return [dict(row) for row in data._records], list(data._columns)
    if isinstance(data, dict):
        columns = list(data)
        values = {k: list(v) if isinstance(v, (list, tuple)) else [v] for k, v in data.items()}
        longest = max((len(v) for v in values.values()), default=0)
        if any(len(v) not in (1, longest) for v in values.values()):
            raise ValueError("All arrays must be of the same length")
        rows = [{k: (v[i] if len(v) == longest else v[0]) for k, v in values.items()} for i in range(longest)]
        return rows, columns
    items = list(data)
    if items and all(isinstance(x, JSON) for x in items):
        items = [x.data for x in items]
    elif not all(isinstance(x, dict) for x in items):
        raise ValueError("List items must be either all Data objects or all dictionaries")
    columns = list(dict.fromkeys(key for row in items for key in row))
    return [{c: row.get(c) for c in columns} for row in items], columns


class SmallColumn:
    """One column."""

    def __init__(self, values, name=None):
        self.values, self.name = list(values), name

    def __iter__(self):
        return iter(self.values)

    def __len__(self):
        return len(self.values)

    def __getitem__(self, at):
        return self.values[at]

    @property
    def iloc(self):
        return self.values

    def tolist(self):
        return list(self.values)

    to_list = tolist

    def _each(self, test):
        return SmallColumn([test(v) for v in self.values], self.name)

    def __eq__(self, other):
        return self._each(lambda v: v == other)

    def __ne__(self, other):
        return self._each(lambda v: v != other)

    def __gt__(self, other):
        return self._each(lambda v: v is not None and v > other)

    def __lt__(self, other):
        return self._each(lambda v: v is not None and v < other)

    def __ge__(self, other):
        return self._each(lambda v: v is not None and v >= other)

    def __le__(self, other):
        return self._each(lambda v: v is not None and v <= other)

    __hash__ = None

    def apply(self, function):
        return self._each(function)

    map = apply

    def astype(self, kind):
        return self._each(kind)

    def _numbers(self):
        return [v for v in self.values if v is not None]

    def sum(self):
        return sum(self._numbers())

    def mean(self):
        numbers = self._numbers()
        return sum(numbers) / len(numbers) if numbers else float("nan")

    def min(self):
        return min(self._numbers())

    def max(self):
        return max(self._numbers())

    def unique(self):
        return list(dict.fromkeys(self.values))

    def nunique(self):
        return len({v for v in self.values if v is not None})

    def isin(self, values):
        return self._each(lambda v: v in values)

    def isna(self):
        return self._each(lambda v: v is None)

    isnull = isna

    def any(self):
        return any(self.values)

    def all(self):
        return all(self.values)


class _Iloc:
    def __init__(self, table):
        self.table = table

    def __getitem__(self, at):
        rows = self.table._records[at]
        if isinstance(rows, list):
            return self.table._like(rows)
        return SmallRow(rows)


class SmallRow(dict):
    """A row: a dictionary with attributes."""

    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None

    def to_dict(self):
        return dict(self)

    @property
    def index(self):
        return list(self)


class SmallTable:
    """What components use of a table: rows, columns, selection, a few operations."""

    def __init__(self, data=None, text_key="text", default_value="", columns=None, **_options):
        self._records, self._columns = _rows(data)
        if columns is not None:
            self._columns = list(columns)
            self._records = [{c: row.get(c) for c in self._columns} for row in self._records]
        self.text_key, self.default_value = text_key, default_value

    def _like(self, rows, columns=None):
        new = type(self)(None, text_key=self.text_key, default_value=self.default_value)
        new._columns = list(self._columns if columns is None else columns)
        new._records = [{c: row.get(c) for c in new._columns} for row in rows]
        return new

    @property
    def columns(self):
        return list(self._columns)

    @columns.setter
    def columns(self, names):
        names = list(names)
        self._records = [dict(zip(names, row.values())) for row in self._records]
        self._columns = names

    @property
    def shape(self):
        return (len(self._records), len(self._columns))

    @property
    def empty(self):
        return not self._records or not self._columns

    @property
    def index(self):
        return range(len(self._records))

    @property
    def iloc(self):
        return _Iloc(self)

    loc = iloc

    @property
    def values(self):
        return [list(row.values()) for row in self._records]

    def __len__(self):
        return len(self._records)

    def __bool__(self):
        return not self.empty

    def __iter__(self):
        return iter(self._columns)

    def __contains__(self, column):
        return column in self._columns

    def __getattr__(self, name):
        if not name.startswith("_") and name in self.__dict__.get("_columns", ()):
            return self[name]
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")

    def __getitem__(self, key):
        if isinstance(key, SmallColumn) or (isinstance(key, list) and key and all(isinstance(k, bool) for k in key)):
            return self._like([row for row, keep in zip(self._records, key) if keep])
        if isinstance(key, list):
            missing = [k for k in key if k not in self._columns]
            if missing:
                raise KeyError(f"{missing} not in index")
            return self._like(self._records, key)
        if isinstance(key, slice):
            return self._like(self._records[key])
        if key not in self._columns:
            raise KeyError(key)
        return SmallColumn([row[key] for row in self._records], key)

    def __setitem__(self, key, value):
        values = list(value) if isinstance(value, (list, tuple, SmallColumn, range)) else [value] * len(self._records)
        if not self._columns and not self._records:
            self._records = [{} for _ in values]
        if len(values) != len(self._records):
            raise ValueError(f"Length of values ({len(values)}) does not match length of index ({len(self._records)})")
        if key not in self._columns:
            self._columns.append(key)
        for row, item in zip(self._records, values):
            row[key] = item

    def __eq__(self, other):
        return isinstance(other, SmallTable) and self._records == other._records

    __hash__ = None

    def iterrows(self):
        return ((at, SmallRow(row)) for at, row in enumerate(self._records))

    def itertuples(self, index=True, name="Pandas"):
        return (tuple([at, *row.values()] if index else row.values()) for at, row in enumerate(self._records))

    def items(self):
        return ((c, self[c]) for c in self._columns)

    def to_dict(self, orient="dict"):
        if orient == "records":
            return [dict(row) for row in self._records]
        if orient == "list":
            return {c: [row[c] for row in self._records] for c in self._columns}
        return {c: {at: row[c] for at, row in enumerate(self._records)} for c in self._columns}

    def to_json(self, orient="columns", **_options):
        import json

        return json.dumps(self.to_dict("records" if orient == "records" else "dict"), default=str)

    def to_csv(self, path=None, index=True, sep=",", **_options):
        import csv
        import io

        out = io.StringIO()
        writer = csv.writer(out, delimiter=sep, lineterminator="\n")
        writer.writerow(([""] if index else []) + self._columns)
        for at, row in enumerate(self._records):
            cells = ["" if v is None else v for v in row.values()]
            writer.writerow(([at] if index else []) + cells)
        if path is None:
            return out.getvalue()
        with open(path, "w", encoding="utf-8") as file:
            file.write(out.getvalue())
        return None

    def copy(self, deep=True):
        return self._like([dict(row) for row in self._records])

    def head(self, count=5):
        return self._like(self._records[:count])

    def tail(self, count=5):
        return self._like(self._records[-count:] if count else [])

    def rename(self, columns=None, **_options):
        columns = columns or {}
        rows = [{columns.get(k, k): v for k, v in row.items()} for row in self._records]
        return self._like(rows, [columns.get(c, c) for c in self._columns])

    def drop(self, labels=None, axis=0, columns=None, **_options):
        gone = columns if columns is not None else labels if axis == 1 else []
        gone = [gone] if isinstance(gone, str) else list(gone)
        return self._like(self._records, [c for c in self._columns if c not in gone])

    def sort_values(self, by, ascending=True, **_options):
        keys = [by] if isinstance(by, str) else list(by)
        rows = sorted(self._records, key=lambda row: [(row[k] is None, row[k]) for k in keys], reverse=not ascending)
        return self._like(rows)

    def drop_duplicates(self, subset=None, **_options):
        keys = [subset] if isinstance(subset, str) else list(subset or self._columns)
        seen, rows = set(), []
        for row in self._records:
            mark = repr([row[k] for k in keys])
            if mark not in seen:
                seen.add(mark)
                rows.append(row)
        return self._like(rows)

    def dropna(self, how="any", **_options):
        test = any if how == "any" else all
        return self._like([row for row in self._records if not test(v is None for v in row.values())])

    def fillna(self, value, **_options):
        return self._like([{k: value if v is None else v for k, v in row.items()} for row in self._records])

    def reset_index(self, drop=True, **_options):
        return self.copy()

    def apply(self, function, axis=0, **_options):
        if axis == 1:
            return SmallColumn([function(SmallRow(row)) for row in self._records])
        return {c: function(self[c]) for c in self._columns}

    def to_string(self, index=True, **_options):
        return str(self)

    def __str__(self):
        rows = [[str(at), *map(str, row.values())] for at, row in enumerate(self._records)]
        rows.insert(0, ["", *map(str, self._columns)])
        widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
        return "\n".join("  ".join(cell.rjust(width) for cell, width in zip(row, widths)) for row in rows)

    __repr__ = __str__


class _Langflow:
    """What Langflow adds to a table."""

    def to_data_list(self):
        return [JSON(data=row) for row in self.to_dict(orient="records")]

    def add_row(self, data):
        return self.add_rows([data])

    def add_rows(self, data):
        rows = [item.data if isinstance(item, JSON) else item for item in data]
        return type(self)([*self.to_dict(orient="records"), *rows])

    def to_data(self):
        return JSON(data={"results": self.to_dict(orient="records")})

    def to_lc_documents(self):
        return [item.to_lc_document() for item in self.to_data_list()]

    def smart_column_order(self):
        return self

    def to_message(self):
        rows = self.to_dict(orient="records")
        head = "| " + " | ".join(map(str, self.columns)) + " |"
        line = "|" + "|".join(":---" for _ in self.columns) + "|"
        body = ["| " + " | ".join("" if v is None else str(v) for v in row.values()) + " |" for row in rows]
        return Message(text="\n".join([head, line, *body]))


if pd is None:

    class Table(_Langflow, SmallTable):
        pass

else:

    class Table(_Langflow, pd.DataFrame):
        _metadata = ["_text_key", "_default_value"]

        def __init__(self, data=None, text_key="text", default_value="", **options):
            if isinstance(data, list):
                if data and all(isinstance(x, JSON) for x in data):
                    data = [x.data for x in data]
                elif not all(isinstance(x, dict) for x in data):
                    raise ValueError("List items must be either all Data objects or all dictionaries")
            super().__init__(data, **options)
            object.__setattr__(self, "_text_key", text_key)
            object.__setattr__(self, "_default_value", default_value)

        @property
        def text_key(self):
            return self._text_key

        @property
        def _constructor(self):
            return Table

        def __bool__(self):
            return not self.empty

        def to_message(self):
            return _Langflow.to_message(self)


DataFrame = Table


def is_table(value):
    return isinstance(value, SmallTable) or (pd is not None and isinstance(value, pd.DataFrame))
