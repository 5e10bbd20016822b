"""Checks a value against a JSON schema: the keywords that explain.schema.json uses, and no others."""

import re

TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}
SAID = {"$schema", "title", "description", "$defs"}


def is_type(value, name):
    if name == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    if name == "number":
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return isinstance(value, TYPES[name])


def check_object(value, schema, root, at):
    wrong = ["%s: %s is missing" % (at, name) for name in schema.get("required", []) if name not in value]
    for name, member in value.items():
        if name in schema.get("properties", {}):
            wrong += check(member, schema["properties"][name], root, at + "." + name)
        elif schema.get("additionalProperties") is False:
            wrong.append("%s: %s is not documented" % (at, name))
    return wrong


def check(value, schema, root=None, at="document"):
    """A list of what is wrong; empty: nothing."""
    root = root or schema
    unknown = set(schema) - SAID - {"$ref", "type", "enum", "minimum", "pattern", "items", "properties", "required",
                                    "additionalProperties"}
    if unknown:
        raise ValueError("the schema has keywords that are not checked: %s" % unknown)
    if "$ref" in schema:
        return check(value, root["$defs"][schema["$ref"].split("/")[-1]], root, at)
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if not any(is_type(value, t) for t in types):
        return ["%s: %r is no %s" % (at, value, " or ".join(types))]
    wrong = []
    if "enum" in schema and value not in schema["enum"]:
        wrong.append("%s: %r is none of %s" % (at, value, schema["enum"]))
    if "minimum" in schema and value is not None and value < schema["minimum"]:
        wrong.append("%s: %r is too small" % (at, value))
    if "pattern" in schema and not re.search(schema["pattern"], value):
        wrong.append("%s: %r does not match %s" % (at, value, schema["pattern"]))
    if isinstance(value, list):
        for i, item in enumerate(value):
            wrong += check(item, schema["items"], root, "%s[%d]" % (at, i))
    if isinstance(value, dict):
        wrong += check_object(value, schema, root, at)
    return wrong
