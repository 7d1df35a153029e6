"""Turns the schemas of OpenAPI 3.0 into JSON Schema 2020-12, and closes them: a key that no schema names is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


COMPONENT = "#/components/schemas/"

#: The words of OpenAPI 3.0 that mean the same in JSON Schema and need no translation.
_KEPT = frozenset(
    [
        "type",
        "enum",
        "format",
        "pattern",
        "required",
        "minLength",
        "maxLength",
        "minItems",
        "maxItems",
        "uniqueItems",
        "minimum",
        "maximum",
        "multipleOf",
        "minProperties",
        "maxProperties",
        "additionalProperties",
    ]
)


def json_schema(schema: dict[str, Any], component: Callable[[str], dict[str, Any]], *, closed: bool) -> dict[str, Any]:
    """Translate a schema together with the components that it refers to, near and far; `component` gives one by name."""
    found: dict[str, dict[str, Any]] = {}
    wanted = list(_references(schema))
    while wanted:
        name = wanted.pop()
        if name not in found:
            found[name] = component(name)
            wanted.extend(_references(found[name]))
    definitions = {name: _translated(component, closed=closed) for name, component in found.items()}
    parts = {f"{name}+part": _translated(component, closed=closed, part=True) for name, component in found.items()}
    return {**_translated(schema, closed=closed), "$defs": definitions | parts}


def _translated(schema: dict[str, Any], *, closed: bool, part: bool = False) -> dict[str, Any]:
    """Translate one schema. A `part` of a composite stays open, because only the whole knows all the keys."""
    if "$ref" in schema:
        return {"$ref": f"#/$defs/{schema['$ref'].removeprefix(COMPONENT)}{'+part' if part else ''}"}
    result = {word: value for word, value in schema.items() if word in _KEPT}
    for word in ("items", "additionalProperties"):
        if isinstance(schema.get(word), dict):
            result[word] = _translated(schema[word], closed=closed)
    if "properties" in schema:
        result["properties"] = {key: _translated(value, closed=closed) for key, value in schema["properties"].items()}
    if "allOf" in schema:
        result["allOf"] = [_translated(member, closed=closed, part=True) for member in schema["allOf"]]
    for word in {"oneOf", "anyOf"} & schema.keys():
        inner = part or "properties" in schema
        result["anyOf"] = [_translated(member, closed=closed, part=inner) for member in schema[word]]
    if closed and not part and ("allOf" in schema or ("properties" in schema and "additionalProperties" not in schema)):
        result["unevaluatedProperties"] = False
    return _nullable(result) if schema.get("nullable") else result


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    if "type" not in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    result = {**schema, "type": [schema["type"], "null"]}
    if "enum" in schema:
        result["enum"] = [*schema["enum"], None]
    return result


def _references(schema: Any) -> Iterator[str]:
    """Name the components that a schema refers to, in all its depth."""
    if isinstance(schema, dict):
        target = schema.get("$ref")
        if isinstance(target, str):
            yield target.removeprefix(COMPONENT)
        else:
            for value in schema.values():
                yield from _references(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _references(value)
