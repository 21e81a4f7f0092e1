"""Small functions that components import."""

import asyncio
import json
import re
import string

from lfx._surface.frame import DataFrame, is_table
from lfx._surface.values import JSON, Data, Message, Model, dotdict, plain  # noqa: F401


def data_to_text(template, data, sep="\n"):
    items = data if isinstance(data, list) else [data]
    lines = []
    for item in items:
        values = item.data if isinstance(item, JSON) else item if isinstance(item, dict) else {"text": str(item)}
        lines.append(template.format(**{"data": values, "text": str(item), **values}))
    return sep.join(lines)


def data_to_text_list(template, data):
    items = data if isinstance(data, list) else [data]
    lines, kept = [], []
    for item in items:
        item = item if isinstance(item, JSON) else JSON(data={"text": str(item)})
        lines.append(template.format(**_Missing({"data": item.data, **item.data})) if template else item.get_text())
        kept.append(item)
    return lines, kept


class _Missing(dict):
    def __missing__(self, key):
        return ""


def messages_to_text(template, messages):
    items = messages if isinstance(messages, list) else [messages]
    return "\n".join(template.format(data=m.data, **{**m.data, "text": m.text, "sender": m.sender, "sender_name": m.sender_name}) for m in items)


def docs_to_data(documents):
    return [JSON.from_document(document) for document in documents]


def clean_string(text):
    text = re.sub(r"^\s*$", "", text, flags=re.MULTILINE)
    return re.sub(r"\n{3,}", "\n\n", text)


def safe_convert(data, *, clean_data=False):
    if isinstance(data, str):
        return clean_string(data) if clean_data else data
    if isinstance(data, Message):
        return data.get_text()
    if isinstance(data, JSON):
        return clean_string(json.dumps(plain(data.data))) if clean_data else json.dumps(plain(data.data))
    if is_table(data):
        return DataFrame(data).to_message().text
    return clean_string(str(data)) if clean_data else str(data)


def unescape_string(text):
    return text.replace("\\n", "\n")


def render_template(template, variables, template_format="f-string"):
    texts = {}
    for name, value in (variables or {}).items():
        if isinstance(value, Message):
            value = value.text
        elif isinstance(value, JSON):
            value = value.get_text() if value.text_key in value.data else str(value.data)
        texts[name] = value
    if template_format == "mustache":
        return re.sub(r"{{{?\s*([\w.]+)\s*}?}}", lambda m: str(texts.get(m.group(1), "")), template)
    return string.Formatter().vformat(template, (), texts)


def extract_input_variables_from_prompt(template):
    return list(dict.fromkeys(name for _, name, _, _ in string.Formatter().parse(template) if name))


def validate_prompt(template, *_args, **_kwargs):
    return extract_input_variables_from_prompt(template)


def process_prompt_template(template, name, custom_fields, frontend_node_template, **_options):
    """Fields of a template follow the variables of a prompt."""
    from lfx._surface.inputs import DefaultPromptField

    variables = extract_input_variables_from_prompt(template)
    old = (custom_fields or {}).get(name, [])
    for gone in (v for v in old if v not in variables):
        frontend_node_template.pop(gone, None)
    for variable in variables:
        if variable not in frontend_node_template:
            frontend_node_template[variable] = DefaultPromptField(name=variable, display_name=variable).to_dict()
    if custom_fields is not None:
        custom_fields[name] = variables
    return variables


def update_template_values(new_template, previous_template):
    for name, field in (previous_template or {}).items():
        if name in new_template and isinstance(field, dict) and isinstance(new_template[name], dict) and name != "code":
            for key in ("value", "load_from_db", "advanced", "show"):
                if key in field:
                    new_template[name][key] = field[key]


def update_frontend_node_with_template_values(frontend_node, raw_frontend_node):
    update_template_values(frontend_node.get("template", {}), (raw_frontend_node or {}).get("template", {}))
    return frontend_node


def set_multiple_field_advanced(build_config, fields, value=True):
    return set_fields(build_config, fields, "advanced", value)


def set_fields(build_config, fields, key, value):
    for name in fields:
        if name in build_config:
            build_config[name][key] = value
    return build_config


def set_field_display(build_config, field, value=None):
    if field in build_config:
        build_config[field]["show"] = value
    return build_config


def set_field_advanced(build_config, field, value=None):
    if field in build_config:
        build_config[field]["advanced"] = value
    return build_config


def set_current_fields(build_config, action_fields, selected_action=None, default_fields=(), func=set_field_display, default_value=None):
    shown = set(action_fields.get(selected_action, ())) | set(default_fields or ())
    for fields in action_fields.values():
        for name in fields:
            func(build_config, name, (name in shown) != bool(default_value))
    return build_config


def apply_json_filter(data, filter_str):
    value = data
    for part in re.findall(r"[\w]+|\[\d+\]", filter_str):
        value = value[int(part[1:-1])] if part.startswith("[") else value[part]
    return JSON(data=value if isinstance(value, dict) else {"value": value})


def run_until_complete(coroutine):
    return asyncio.run(coroutine)


def build_config_to_dict(config):
    return {**config}


class Usage(Model):
    fields = {"input_tokens": None, "output_tokens": None, "total_tokens": None}


def extract_usage_from_message(message):
    given = getattr(message, "usage_metadata", None)
    return Usage(**given) if isinstance(given, dict) else None


def accumulate_usage(total, usage):
    if total is None:
        return usage
    if usage is None:
        return total
    return Usage(**{k: (getattr(total, k) or 0) + (getattr(usage, k) or 0) for k in Usage.fields})


class Log(Model):
    fields = {"name": "", "message": "", "type": "text"}


class ArtifactType:
    TEXT, DATA, OBJECT, ARRAY, STREAM, UNKNOWN, MESSAGE = "text", "data", "object", "array", "stream", "unknown", "message"


LoggableType = object
