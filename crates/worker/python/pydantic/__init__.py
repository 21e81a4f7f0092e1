"""The part of pydantic that components use for records and schemas, where it is not installed."""

import copy
import json
import typing

_KINDS = {str: "string", int: "integer", float: "number", bool: "boolean", list: "array", dict: "object"}


class ValidationError(ValueError):
    """A value does not fit its field."""


class PydanticUndefinedType:
    def __repr__(self):
        return "PydanticUndefined"


_REQUIRED = PydanticUndefinedType()


class FieldInfo:
    def __init__(self, default=_REQUIRED, default_factory=None, description=None, title=None, alias=None, **more):
        self.default, self.default_factory = (_REQUIRED if default is ... else default), default_factory
        self.description, self.title, self.alias, self.extra = description, title, alias, more
        self.annotation = None

    def is_required(self):
        return self.default is _REQUIRED and self.default_factory is None

    def make(self):
        return self.default_factory() if self.default_factory else copy.deepcopy(self.default)


def Field(default=_REQUIRED, **options):  # noqa: N802
    return FieldInfo(default, **options)


def ConfigDict(**options):  # noqa: N802
    return options


def _same(*_args, **_options):
    return lambda function: function


field_validator = model_validator = validator = root_validator = field_serializer = model_serializer = _same


def PrivateAttr(default=None, default_factory=None):  # noqa: N802
    return default_factory() if default_factory else default


def _fits(name, annotation, value):
    origin = typing.get_origin(annotation)
    if annotation is typing.Any or annotation is None:
        return value
    if origin is typing.Union or str(origin) == "<class 'types.UnionType'>":
        kinds = typing.get_args(annotation)
        if value is None and type(None) in kinds:
            return None
        for kind in kinds:
            try:
                return _fits(name, kind, value)
            except ValidationError:
                continue
        raise ValidationError(f"{name}: no type of {annotation} fits {value!r}")
    if origin is typing.Literal:
        if value not in typing.get_args(annotation):
            raise ValidationError(f"{name}: {value!r} is not one of {typing.get_args(annotation)}")
        return value
    if origin in (list, set, tuple) and isinstance(value, (list, set, tuple)):
        inner = typing.get_args(annotation)
        return origin(_fits(name, inner[0], v) for v in value) if inner else origin(value)
    if isinstance(annotation, type):
        if issubclass(annotation, BaseModel) and isinstance(value, dict):
            return annotation(**value)
        if annotation is float and isinstance(value, int) and not isinstance(value, bool):
            return float(value)
        if annotation in (int, float) and isinstance(value, str):
            try:
                return annotation(value)
            except ValueError:
                raise ValidationError(f"{name}: {value!r} is not a number") from None
        if annotation in _KINDS and not isinstance(value, annotation):
            raise ValidationError(f"{name}: {value!r} is not of type {annotation.__name__}")
    return value


class BaseModel:
    model_config = {}
    model_fields = {}

    def __init_subclass__(cls, **options):
        super().__init_subclass__(**options)
        fields = dict(getattr(cls, "model_fields", {}))
        try:
            hints = typing.get_type_hints(cls)
        except Exception:  # noqa: BLE001
            hints = dict(cls.__dict__.get("__annotations__", {}))
        for name in cls.__dict__.get("__annotations__", {}):
            if name.startswith("_") or name in ("model_config", "model_fields"):
                continue
            given = cls.__dict__.get(name, _REQUIRED)
            info = given if isinstance(given, FieldInfo) else FieldInfo(given)
            info.annotation = hints.get(name, typing.Any)
            fields[name] = info
        cls.model_fields = fields

    def __init__(self, **values):
        missing = []
        for name, info in type(self).model_fields.items():
            key = info.alias if info.alias in values else name
            if key in values:
                setattr(self, name, _fits(name, info.annotation, values.pop(key)))
            elif info.is_required():
                missing.append(name)
            else:
                setattr(self, name, info.make())
        if missing:
            raise ValidationError(f"{type(self).__name__}: field required: {', '.join(missing)}")
        if (self.model_config or {}).get("extra") == "allow":
            for name, value in values.items():
                setattr(self, name, value)

    @classmethod
    def model_validate(cls, value):
        return value if isinstance(value, cls) else cls(**value)

    parse_obj = model_validate

    @classmethod
    def model_validate_json(cls, text):
        return cls(**json.loads(text))

    def model_dump(self, exclude_none=False, **_options):
        def plain(value):
            if isinstance(value, BaseModel):
                return value.model_dump(exclude_none=exclude_none)
            if isinstance(value, (list, tuple)):
                return [plain(v) for v in value]
            if isinstance(value, dict):
                return {k: plain(v) for k, v in value.items()}
            return value

        return {k: plain(v) for k, v in vars(self).items() if not (exclude_none and v is None)}

    dict = model_dump

    def model_dump_json(self, indent=None, **_options):
        return json.dumps(self.model_dump(), indent=indent, default=str)

    json = model_dump_json

    def model_copy(self, *, update=None, deep=False):
        new = copy.deepcopy(self) if deep else copy.copy(self)
        for key, value in (update or {}).items():
            setattr(new, key, value)
        return new

    @classmethod
    def model_json_schema(cls, **_options):
        properties, required = {}, []
        for name, info in cls.model_fields.items():
            entry = {"title": info.title or name.replace("_", " ").title(), **_schema(info.annotation)}
            if info.description:
                entry["description"] = info.description
            if info.is_required():
                required.append(name)
            elif info.default_factory is None:
                entry["default"] = info.default
            properties[name] = entry
        schema = {"title": cls.__name__, "type": "object", "properties": properties}
        if required:
            schema["required"] = required
        return schema

    schema = model_json_schema

    def __eq__(self, other):
        return type(self) is type(other) and vars(self) == vars(other)

    def __repr__(self):
        return f"{type(self).__name__}({', '.join(f'{k}={v!r}' for k, v in vars(self).items())})"

    __str__ = __repr__


def _schema(annotation):
    origin = typing.get_origin(annotation)
    inner = [a for a in typing.get_args(annotation) if a is not type(None)]
    if origin in (list, set, tuple):
        return {"type": "array", "items": _schema(inner[0]) if inner else {}}
    if origin is dict:
        return {"type": "object"}
    if origin is typing.Literal:
        return {"enum": inner, "type": _KINDS.get(type(inner[0]), "string")}
    if inner:
        return _schema(inner[0])
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation.model_json_schema()
    return {"type": _KINDS[annotation]} if annotation in _KINDS else {}


def create_model(name, **fields):
    annotations = {k: v[0] for k, v in fields.items()}
    return type(name, (BaseModel,), {"__annotations__": annotations, **{k: v[1] for k, v in fields.items()}})


class SecretStr:
    def __init__(self, value):
        self._value = value

    def get_secret_value(self):
        return self._value

    def __str__(self):
        return "**********"

    def __repr__(self):
        return "SecretStr('**********')"
