"""Makes an OpenAPI document of what is known about GitLab's REST API, so that one judge serves both hosts.

GitLab's own description is generated, and wrong in places. What was collected of it (`operations.json` and `entities.json`
in the specifications' folder) is put together with `gitlab_more.toml`: operations that the collection lacks, entities that
it names and does not describe, and corrections, each with its reason.

Entities have neither "required" nor "nullable" there. Here every field may be null, and all of them must be there on the
newest version but for those that only come under conditions; an older version lacks some, and so nothing is required of it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from tests.contract.openapi import JSON, Customs, Judge
from tests.contract.specs import SHARED, OpenApi, give_up

FOLDER = SHARED / "specs" / "gitlab"
API = "/api/v4"

_PAGING = {
    "@pages": "page:integer per_page:integer",
    "@keyset": "page:integer per_page:integer pagination:string order_by:string sort:string page_token:string cursor:string",
}
_PLAIN = {"integer", "string", "boolean", "number"}
_TEXT = {"text", "bytes"}
_ANY = "https://docs.gitlab.com/api/rest/troubleshooting/#status-codes"

CUSTOMS = Customs(
    any_time={
        301: "https://docs.gitlab.com/api/rest/#redirects",
        304: _ANY,
        **dict.fromkeys((400, 401, 403, 404, 429, 500, 502, 503), _ANY),
        405: "https://docs.gitlab.com/api/rest/#redirects",  # a write to a project that has moved
    },
    with_slashes=frozenset(),  # GitLab wants slashes encoded
    error={
        "anyOf": [
            {
                "type": "object",
                "properties": {"message": {"anyOf": [{"type": "string"}, {"type": "array"}, {"type": "object"}]}},
                "required": ["message"],
            },
            {
                "type": "object",
                "properties": {word: {"type": "string"} for word in ("error", "error_description", "scope")},
                "required": ["error"],
            },
        ]
    },
    plain=frozenset({301, 429}),
)


def judge(*, newest: bool = True) -> Judge:
    """Judge by all that is known. `newest`: every field of an answer must be there, and no other."""
    return Judge(document(newest=newest), closed_answers=newest, customs=CUSTOMS)


@cache
def document(*, newest: bool = True) -> OpenApi:
    """The whole document."""
    paths: dict[str, dict[str, msgspec.Raw]] = {}
    for operation in operations():
        template, method = operation["path"].removeprefix(API), operation["method"].lower()
        paths.setdefault(template, {})[method] = msgspec.Raw(msgspec.json.encode(_operation(operation)))
    schemas = {name: msgspec.Raw(msgspec.json.encode(_entity(name, newest))) for name in entities()}
    return OpenApi(paths=paths, components={"schemas": schemas})


@cache
def more() -> dict[str, Any]:
    """What this project knows beside the collected facts."""
    return tomllib.loads(Path(__file__).with_name("gitlab_more.toml").read_text("utf-8"))


@cache
def operations() -> tuple[dict[str, Any], ...]:
    """All operations, in the form of `operations.json`."""
    known = {f"{each['method']} {each['path'].removeprefix(API)}": each for each in _read("operations.json")}
    for each in known.values():
        if each.get("paginated_undeclared"):
            each["parameters"] = [*each["parameters"], *_parameters("@pages")]
    for each in more()["operations"]:
        if each["call"] in known:
            raise LookupError(f"{each['call']} is in the collected facts already")
        known[each["call"]] = _restated(each)
    for each in more()["corrections"]:
        known[each["call"]] = {**known[each["call"]], **_corrected(known[each["call"]], each)}
    return tuple(known.values())


@cache
def entities() -> dict[str, dict[str, Any]]:
    """All entities: their fields, whether these are all (`open`), and which of them are there under conditions only."""
    found: dict[str, dict[str, Any]] = {}
    for name, entity in _read("entities.json").items():
        sometimes = more()["conditional"].get(name, "").split()
        found[name] = {"fields": {**entity["fields"], **_retyped(name)}, "sometimes": frozenset(sometimes)}
    for name, entity in more()["entities"].items():
        if name in found:
            raise LookupError(f"{name} is in the collected facts already")
        found[name] = _less(found[entity["like"]], entity["without"]) if "like" in entity else _described(entity)
    return found


def _retyped(name: str) -> dict[str, str]:
    named = ((each["field"].partition("."), each["kind"]) for each in more()["retyped"])
    return {field: kind for (entity, _, field), kind in named if entity == name}


def _described(entity: dict[str, Any]) -> dict[str, Any]:
    pairs = [word.partition(":")[::2] for word in entity["fields"].split()]
    return {
        "fields": {field: kind.removesuffix("?") for field, kind in pairs},
        "sometimes": frozenset(field for field, kind in pairs if kind.endswith("?")),
        "open": entity.get("open", False),
    }


def _less(entity: dict[str, Any], without: str) -> dict[str, Any]:
    left_out = set(without.split())
    return {**entity, "fields": {field: kind for field, kind in entity["fields"].items() if field not in left_out}}


def _read(name: str) -> Any:
    path = FOLDER / name
    if not path.is_file():
        give_up(f"what was collected about GitLab's REST API ({name})", path)
    return msgspec.json.decode(path.read_bytes())


# Operations, in the form of `operations.json` ----------------------------------------------------------------------------


def _restated(each: dict[str, Any]) -> dict[str, Any]:
    method, _, path = each["call"].partition(" ")
    names = re.findall(r"\{(\w+)\}", path)
    in_path = [{"name": name, "in": "path", "type": "string", "required": True} for name in names]
    return {
        "method": method,
        "path": f"{API}{path}",
        "parameters": [*in_path, *_parameters(each.get("query", ""))],
        "request_body": list(_words(each["body"])) if "body" in each else None,
        "success": [{"POST": 201, "DELETE": 204}.get(method, 200)],
        "errors": [400, 409] if method == "POST" else [],
        "response": each.get("answer"),
        "source": each["page"],
    }


def _corrected(known: dict[str, Any], each: dict[str, Any]) -> dict[str, Any]:
    right: dict[str, Any] = {word: each[word] for word in ("success", "errors", "response") if word in each}
    if "query" in each:
        right["parameters"] = [*known["parameters"], *_parameters(each["query"])]
    if "body" in each:
        right["request_body"] = list(_words(each["body"]))
    return right


def _parameters(text: str) -> Iterator[dict[str, Any]]:
    for paging, meant in _PAGING.items():
        text = text.replace(paging, meant)
    yield from ({"in": "query", **word} for word in _words(text))


def _words(text: str) -> Iterator[dict[str, Any]]:
    for word in text.split():
        name, _, kind = word.partition(":")
        yield {"name": name, "type": kind.removesuffix("!"), "required": kind.endswith("!")}


# ... and as OpenAPI 3.0 has them ----------------------------------------------------------------------------------------


def _operation(operation: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {
        "parameters": [parameter for each in operation["parameters"] for parameter in _as_parameters(each)],
        "responses": dict(_responses(operation)),
    }
    if operation.get("request_body") is not None:
        schema = _object(operation["request_body"])
        made["requestBody"] = {"required": bool(schema["required"]), "content": {JSON: {"schema": schema}}}
    return made


def _as_parameters(each: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A parameter; one that takes several values may be written as one text with commas, or with brackets and repeated."""
    schema = _schema({**each, "type": each["type"].replace("array", "string")} if "array" in each["type"] else each)
    yield {"name": each["name"], "in": each["in"], "required": each["required"], "schema": schema}
    if "array" in each["type"]:
        yield {"name": f"{each['name']}[]", "in": each["in"], "schema": {"type": "string"}}


def _object(properties: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {each["name"]: _schema(each) for each in properties},
        "required": [each["name"] for each in properties if each["required"]],
    }


def _schema(each: dict[str, Any]) -> dict[str, Any]:
    """The schema of a parameter or of a part of a body. Where a list of texts is wanted, one text with commas will do."""
    if "properties" in each:
        return _object(each["properties"])
    kinds = re.sub(r"\[.*?\]", "", each["type"]).split("|")
    if each["type"] == "array[string]":
        kinds.append("string")
    if len(kinds) > 1:
        return {"anyOf": [{"type": kind} if kind != "array" else {"type": kind, "items": {}} for kind in kinds]}
    schema: dict[str, Any] = {"type": kinds[0]}
    if kinds[0] == "array":
        inner = re.search(r"\[(.*)\]", each["type"])
        schema["items"] = _kind(inner[1]) if inner else {}
    for word, meant in (("enum", "enum"), ("format", "format"), ("max_length", "maxLength"), ("max_items", "maxItems")):
        if word in each:
            schema[meant] = each[word]
    return schema


def _responses(operation: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for status in operation["success"]:
        answer = None if status == 204 else operation.get("response")
        paged: dict[str, Any] = {"headers": {"Link": {}}} if (answer or "").startswith("[") else {}
        if answer is None:
            yield str(status), {}
        elif answer in _TEXT:
            yield str(status), {"content": {"*/*": {}}}
        else:
            yield str(status), {**paged, "content": {JSON: {"schema": _kind(answer)}}}
    yield from ((str(status), {}) for status in operation["errors"])


# Entities ---------------------------------------------------------------------------------------------------------------


def _entity(name: str, newest: bool) -> dict[str, Any]:
    entity = entities()[name]
    fields = entity["fields"]
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {field: _nullable(_kind(kind)) for field, kind in fields.items()},
        "required": sorted(fields.keys() - entity["sometimes"]) if newest else [],
    }
    return {**schema, "additionalProperties": True} if entity.get("open") else schema


def _kind(kind: str) -> dict[str, Any]:
    """The schema of a field's type: `integer`, `date-time`, `[Note]`, `Note`, `{can_merge:boolean}`, `A|B`."""
    if "|" in kind and not kind.startswith(("{", "[")):
        return {"anyOf": [_kind(each) for each in kind.split("|")]}
    if kind.startswith("["):
        return {"type": "array", "items": _kind(kind[1:-1])}
    if kind.startswith("{"):
        inner = (word.partition(":")[::2] for word in kind[1:-1].split(","))
        return {"type": "object", "properties": {name: _kind(inside) if inside else {} for name, inside in inner}}
    if kind == "date-time":
        return {"type": "string", "format": "date-time"}
    if kind == "object":
        return {"type": "object", "additionalProperties": True}
    return {"type": kind} if kind in _PLAIN else {"$ref": f"#/components/schemas/{kind}"}


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    return {"oneOf": [schema], "nullable": True} if "$ref" in schema else {**schema, "nullable": True}
